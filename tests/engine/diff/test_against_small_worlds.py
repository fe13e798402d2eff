"""Edited journeys of small worlds, with all that can happen in them tried in both versions.

Whoever is said to notice does, and where nobody is said to notice nobody does.
"""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest

from safar.engine.diff.change import Notice
from safar.engine.diff.experience import experience, noticed_in, noticed_of
from safar.engine.diff.matching import match
from safar.engine.diff.renaming import Names
from safar.engine.model import Project
from safar.engine.program import lower
from tests.engine.diff.planted import EDITS, HARMLESS, edit
from tests.engine.prove.small_journeys import Question, question
from tests.engine.prove.small_world import Lived, Script, SmallWorld, Theatre, _Search

SCALE = float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))
JOURNEYS = max(20, int(300 * SCALE))
TRIED = 600


class _Both(_Search):
    """Plays each script in the other version too."""

    def __init__(self, one: Question, new: Project) -> None:
        super().__init__(one, SmallWorld(text=one.text, deeds=2), TRIED)
        self.ends = False
        old = one.project
        self._names = match(old.journeys["j"], new.journeys["j"]).names
        self._other = Theatre(new, "j", ())
        self.different: list[Script] = []

    def _judge(self, lived: Lived) -> None:
        if self.different or self._names.steps:
            return
        other = self._other.play(lived.script)
        if any(not one.detail for one in other.story.happenings if one.what.value == "arm"):
            return
        if noticed_of(lived.story, self._names) != noticed_of(other.story, Names()):
            self.different.append(lived.script)


def test_brute_force_finds_nobody_where_nobody_is_said_to_notice() -> None:
    chance, told = random.Random(5), Counter[tuple[str, str]]()  # noqa: S311 - no secret
    missed: list[tuple[int, str]] = []
    for seed in range(JOURNEYS):
        one = question(seed)
        found = edit(one.text, EDITS, chance)
        if found is None:
            continue
        name, new = found
        programs = [lower(project, project.journeys["j"]) for project in (one.project, new)]
        names = match(programs[0].journey, programs[1].journey).names
        told_of = experience(programs[0], programs[1], names)
        if told_of.notice is Notice.DIFFERS:
            told["differs", "shown"] += 1
            assert told_of.old is not None and told_of.new is not None
            lives = [
                noticed_in(programs[0], told_of.old.scenario, names),
                noticed_in(programs[1], told_of.new.scenario, Names()),
            ]
            assert lives[0] != lives[1], (seed, name)
            continue
        both = _Both(one, new)
        both.run()
        told[told_of.notice.value, "differs" if both.different else "alike"] += 1
        if both.different:
            missed.append((seed, name))
        assert told_of.notice is Notice.NOT_FOUND or not both.different, (seed, name, both.different)
    assert len(missed) <= JOURNEYS // 50, (missed, told)
    assert told["differs", "shown"] > JOURNEYS // 3, told


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_edits_are_proved_to_be_so(name: str) -> None:
    chance = random.Random(7)  # noqa: S311 - no secret
    seen = 0
    for seed in range(JOURNEYS // 3):
        one = question(seed)
        found = edit(one.text, {name: HARMLESS[name]}, chance)
        if found is None:
            continue
        seen += 1
        old, new = (lower(project, project.journeys["j"]) for project in (one.project, found[1]))
        told = experience(old, new, match(old.journey, new.journey).names)
        assert told.notice is Notice.SAME, (seed, told)
    assert seen
