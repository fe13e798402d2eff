"""Two versions of the example shop: one as it is, one with edits."""

from __future__ import annotations

import functools
from pathlib import Path

from safar.dsl.read import read_text
from safar.engine.diagnostic import Severity
from safar.engine.diff.change import Notice
from safar.engine.diff.diff import Difference, diff
from safar.engine.diff.experience import noticed_in
from safar.engine.diff.matching import match
from safar.engine.diff.renaming import Names
from safar.engine.model import Project
from safar.engine.program import lower

JOURNEYS = Path(__file__).parents[3] / "journeys" / "dsl"
VOCABULARY = (JOURNEYS / "vocabulary.journey").read_text(encoding="utf-8")

Edit = tuple[str, str]


def text_of(name: str) -> str:
    return (JOURNEYS / f"{name}.journey").read_text(encoding="utf-8")


@functools.lru_cache(maxsize=4)
def project(text: str, vocabulary: str = VOCABULARY, path: str = "a.journey") -> Project:
    """A file beside the vocabulary; it must be free of errors of reading."""
    reading = read_text(text, path, files={"vocabulary.journey": vocabulary})
    errors = [one.message for one in reading.findings if one.severity is Severity.ERROR]
    assert not errors, errors
    return reading.project


def versions(name: str, *edits: Edit) -> tuple[Project, Project]:
    """A journey of the shop, and the same with edits, each of which must fit it or the vocabulary."""
    journey, vocabulary = text_of(name), VOCABULARY
    for old, new in edits:
        assert old in journey or old in vocabulary, old
        journey, vocabulary = journey.replace(old, new), vocabulary.replace(old, new)
    return project(text_of(name)), project(journey, vocabulary)


def between(name: str, *edits: Edit) -> Difference:
    """The difference that edits make."""
    old, new = versions(name, *edits)
    return diff([old], [new])


def check_shown(old: Project, new: Project, difference: Difference) -> int:
    """Every customer who is shown differs when he is led through both versions again; how many there are."""
    shown = 0
    for one in difference.experiences:
        if one.notice is not Notice.DIFFERS:
            continue
        assert one.old is not None and one.new is not None
        was, now = old.journeys[one.old.scenario.journey], new.journeys[one.new.scenario.journey]
        names = match(was, now).names
        lives = [
            noticed_in(lower(old, was), one.old.scenario, names),
            noticed_in(lower(new, now), one.new.scenario, Names()),
        ]
        assert lives[0] != lives[1], one.new.scenario
        shown += 1
    return shown
