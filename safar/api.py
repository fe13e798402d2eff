"""The verbs of the command line as functions.  They return values, print nothing, and read no environment.

Mistakes in journeys are values (`Report`), or a `JourneyError` where a journey was to be run; wrong arguments raise
`SelectionError`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, overload

import msgspec

if TYPE_CHECKING:
    from safar.checking import Checked
    from safar.engine.diagnostic import Diagnostic
    from safar.pages import Page
    from safar.templates import Plan

Where = str | Path


class Report(msgspec.Struct, frozen=True):
    """What `check` found, project by project."""

    projects: tuple[Checked, ...]

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        return tuple(finding for part in self.projects for finding in part.findings)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(finding for part in self.projects for finding in part.errors)

    @property
    def files(self) -> int:
        return sum(part.files for part in self.projects)

    @property
    def suppressed(self) -> int:
        return sum(part.suppressed for part in self.projects)


def check(
    *paths: Where, project: Where | None = None, select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> Report:
    """Everything that is wrong in files and folders; without paths, in the project's journey folders.

    Raises `SelectionError` where there is nothing to check or a rule of that name does not exist.
    """
    from safar.checking import Choice, check_home, gather

    choice = Choice(select=tuple(select), ignore=tuple(ignore))
    root = None if project is None else Path(project)
    chosen = gather([Path(path) for path in paths], root)
    return Report(tuple(check_home(home, files, choice) for home, files in chosen))


@overload
def draw(
    journey: Where, *, kind: Literal["svg", "dot"] = ..., project: Where | None = ..., engine: str = ...
) -> str: ...
@overload
def draw(journey: Where, *, kind: Literal["png"], project: Where | None = ..., engine: str = ...) -> bytes: ...
@overload
def draw(journey: Where, *, kind: str, project: Where | None = ..., engine: str = ...) -> str | bytes: ...


def draw(journey: Where, *, kind: str = "svg", project: Where | None = None, engine: str = "") -> str | bytes:
    """The map of a journey (`FILE`, `FILE:name` or `name`) as svg or dot text or as png bytes.

    `engine` is `embedded`, `system` (a `dot` on the machine), or empty for the first that works.
    The same journey gives the same bytes on every machine.
    Raises `SelectionError` for a wrong journey or kind, `JourneyError` for one with errors, and `DrawingError`.
    """
    from safar.engine.program import lower
    from safar.renderers import map as maps
    from safar.running import choose

    chosen = choose(journey, None if project is None else Path(project))
    return maps.draw(lower(chosen.project, chosen.project.journeys[chosen.name]), kind=kind, engine=engine)


def explain(rule: str) -> Page:
    """The page of a rule, by name or code; raises `LookupError` with the nearest name."""
    from safar import pages

    page = pages.find(rule)
    if page is None:
        near = pages.suggestion(rule)
        raise LookupError(f"no rule `{rule}`" + (f"; did you mean `{near}`?" if near else "; `safar rules` lists them"))
    return page


def rules() -> tuple[Page, ...]:
    """The pages of all rules, by code."""
    from safar import pages

    return pages.rules()


def templates() -> tuple[str, ...]:
    """What `init` can begin with."""
    from safar.templates import names

    return names()


def init(folder: Where, *, template: str | None = None, language: Literal["en", "fa"] = "en") -> Plan:
    """Write a new project into a folder and tell what was written; raises `ValueError` where a file is in the way."""
    from safar.templates import start

    return start(Path(folder), template, language)
