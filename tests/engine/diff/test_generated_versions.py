"""Journeys made by chance: the other spelling is no other version, every edit is told, every customer shown differs."""

from __future__ import annotations

import os
import random
from collections import Counter

from safar.dsl.convert import convert_text
from safar.dsl.read import read_text
from safar.engine.diff.change import Notice
from safar.engine.diff.diff import diff
from tests.engine.diff.planted import EDITS, edit
from tests.engine.diff.two_versions import check_shown
from tests.generated.journeys import journey

SCALE = float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))
JOURNEYS = max(8, int(100 * SCALE))


def test_the_other_spelling_says_the_same() -> None:
    for seed in range(JOURNEYS):
        text = journey(seed)
        other = convert_text(text, "a.journey", "yaml").text
        difference = diff([read_text(text, "a.journey").project], [read_text(other, "a.journey.yaml").project])
        assert not difference, (seed, [one.message for one in difference.changes])


def test_every_edit_is_told_and_every_customer_differs() -> None:
    chance, seen = random.Random(3), Counter[Notice]()  # noqa: S311 - no secret
    for seed in range(JOURNEYS):
        text = journey(seed)
        found = edit(text, EDITS, chance)
        if found is None:
            continue
        old = read_text(text).project
        difference = diff([old], [found[1]])
        meaningless = (old.vocabulary, old.journeys) == (found[1].vocabulary, found[1].journeys)
        assert bool(difference.changes) != meaningless, (seed, found[0])
        seen.update(one.notice for one in difference.experiences)
        assert check_shown(old, found[1], difference) == sum(
            one.notice is Notice.DIFFERS for one in difference.experiences
        )
    assert seen[Notice.DIFFERS] * 2 > sum(seen.values()), seen
