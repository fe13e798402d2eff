"""Curves in one pass are those that exploring finds, for every group of customers."""

from __future__ import annotations

import pytest

from benchmarks.prove import journey, project_of
from safar.engine.program import lower
from safar.engine.prove.system import System
from safar.engine.prove.together.cells import Common
from safar.engine.prove.together.curve import Curve, curve
from safar.engine.prove.together.most import messages
from safar.engine.prove.together.peaks import Asking
from safar.engine.prove.together.straight import Straight

DAY = 86_400


def highest(found: Curve, box: int, days: int) -> int:
    """The most for those in a box."""
    space = found.system.space
    return max((one.count for one in found.within(days * DAY) if space.proper(one.box & box)), default=0)


@pytest.mark.parametrize("seed", range(1, 9))
def test_one_pass_finds_what_exploring_finds(seed: int) -> None:
    project = project_of(journey(30, seed))
    system = System(lower(project, project.journeys["j"]))
    common = Common([system, System(system.program)])
    kept = common.fields(system)
    straight = Straight(system, kept)
    assert straight.leads_on
    for name in ("email", "sms", ""):
        asking = Asking(deed=messages(name), longest=30 * DAY, budget=1_000_000)
        ours, others = curve(system, asking, kept, straight), curve(system, asking, kept)
        assert ours.exact
        assert others.exact
        cells = [[1 << n for n in range(mask.bit_length())] for mask in common.all]
        for number, bits in enumerate(cells):
            for bit in bits:
                cell = (*common.all[:number], bit, *common.all[number + 1 :])
                box = common.box(system, cell)
                for days in (1, 3, 7, 30):
                    assert highest(ours, box, days) == highest(others, box, days), (name, cell, days)


def test_what_leads_back_is_left_to_exploring() -> None:
    project = project_of(journey(10, 1).replace("exit won", "go to s1"))
    system = System(lower(project, project.journeys["j"]))
    assert not Straight(system, 0).leads_on
    again = project_of(journey(10, 1).replace("enter on came", "enter on came\n  reenter always"))
    assert not Straight(System(lower(again, again.journeys["j"])), 0).leads_on
