"""What is wrong with a journey that can be read: one rule per file, its page beside it.  The folder is the registry.

A rule file has `RULE` and `find(subject)`, which yields findings; they share `elapsed.py`, `subject.py`,
`truth.py` and `witness.py`.
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

__all__ = ["check", "off", "rules"]

_SHARED = {"elapsed", "subject", "truth", "witness"}


@functools.cache
def _files() -> tuple[ModuleType, ...]:
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name not in _SHARED)
    return tuple(importlib.import_module(f"{__name__}.{name}") for name in names)


def rules() -> tuple[Rule, ...]:
    """All rules of this folder, by code."""
    return tuple(sorted((file.RULE for file in _files()), key=lambda rule: rule.code))


@functools.cache
def off() -> frozenset[str]:
    """The names of the rules that count only where they are selected."""
    return frozenset(rule.name for rule in rules() if not rule.default)


def check(project: Project, errors: Iterable[Diagnostic] = (), *, every: bool = False) -> tuple[Diagnostic, ...]:
    """All findings on what a file says, in the order of the text, each once.

    `errors` are the findings of reading the file: where a statement of a journey was lost, rules that
    look at the ways through the whole journey keep quiet about it.  Rules that are `off` are
    asked only if `every` rule is.
    """
    subject = Subject(project, tuple(errors))
    found: dict[tuple[str, str, int, int], Diagnostic] = {}
    for file in _files():
        if not (every or file.RULE.default):
            continue
        for finding in file.find(subject):
            found.setdefault((finding.rule, *finding.span.key), finding)
    return tuple(sorted(found.values(), key=lambda finding: (*finding.span.key, finding.code)))
