"""What is wrong with a journey that can be read: one rule per file, its page beside it.  The folder is the registry.

A rule file has `RULE` and `find(subject)`, which yields findings; they share `chains.py`, `elapsed.py`, `reasons.py`,
`same_instant.py`, `some_ways.py`, `someone.py`, `spacing.py`, `subject.py`, `timeline.py`, `truth.py`, `week.py`,
`witness.py` and `wonders.py`.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Iterable
from types import ModuleType

from safar.engine.check.subject import Subject
from safar.engine.diagnostic import Diagnostic, Rule
from safar.engine.model import Project

__all__ = ["OFF", "check", "rules"]

_SHARED = {
    "chains",
    "elapsed",
    "reasons",
    "same_instant",
    "some_ways",
    "someone",
    "spacing",
    "subject",
    "timeline",
    "truth",
    "week",
    "witness",
    "wonders",
}
OFF = frozenset(
    """
    channel-without-cost consent-by-default crowded-branch crowded-day crowded-journey empty-message
    goal-by-entry goal-without-target low-without-opportunity measure-without-owner measure-without-target
    message-after-goal message-at-entry missing-feeling missing-goal missing-otherwise missing-quiet-hours
    missing-title narrow-goal nested-split overlapping-branches pain-without-evidence pain-without-opportunity
    small-sample stage-without-touchpoint touchpoint-without-owner trailing-wait unanswered-message unknown-as-no
    unmeasured-split unmentioned-persona unnamed-step wordy-title
    """.split()  # noqa: SIM905 - read as a list of names, not of marks
)
"""The rules that count only where they are selected: named here too, so that nobody loads them to learn that."""


@functools.cache
def _files(every: bool) -> tuple[ModuleType, ...]:
    """The rules' files in the order of their names; those that are off only if `every` one is asked for."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name not in _SHARED)
    wanted = [name for name in names if every or name.replace("_", "-") not in OFF]
    return tuple(importlib.import_module(f"{__name__}.{name}") for name in wanted)


def rules() -> tuple[Rule, ...]:
    """All rules of this folder, by code."""
    return tuple(sorted((file.RULE for file in _files(True)), key=lambda rule: rule.code))


def check(project: Project, errors: Iterable[Diagnostic] = (), *, every: bool = False) -> tuple[Diagnostic, ...]:
    """All findings on what a file says, in the order of the text, each once.

    `errors` are the findings of reading the file: where a statement of a journey was lost, rules that
    look at the ways through the whole journey keep quiet about it.  Rules that are `off` are
    asked only if `every` rule is.
    """
    subject = Subject(project, tuple(errors))
    found: dict[tuple[str, str, int, int], Diagnostic] = {}
    for file in _files(every):
        for finding in file.find(subject):
            found.setdefault((finding.rule, *finding.span.key), finding)
    return tuple(sorted(found.values(), key=lambda finding: (*finding.span.key, finding.code)))
