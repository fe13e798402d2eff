"""All that the pages of a site tell, whatever the language."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import msgspec

from safar.engine.diagnostic import Diagnostic
from safar.renderers.site.catalogue import Catalogue, Entry

FLOW, JOURNEY_MAP = "flow", "map"
FORMS = (JOURNEY_MAP, FLOW)
"""The pictures of a journey, in the order in which its page shows them."""


class Change(msgspec.Struct, frozen=True):
    """A commit: when, by whom, what was said of it, and the journey files that it touched, by their path."""

    commit: str
    date: datetime.date
    author: str
    subject: str
    paths: tuple[str, ...]


class Changes(msgspec.Struct, frozen=True):
    """The latest first, and those `of` each file by its path.  `whole`: there are no earlier ones."""

    latest: tuple[Change, ...]
    of: Mapping[str, Sequence[Change]]
    whole: bool = True


class Drawing(msgspec.Struct, frozen=True):
    """A picture as HTML to stand in a page, or the reason why there is none."""

    html: str = ""
    why: str = ""


Key = tuple[str, str, str]
"""Of a drawing: the key of its journey, form and language."""


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to tell of a project.  `changes` is None where git knows nothing."""

    title: str
    catalogue: Catalogue
    languages: tuple[str, ...]
    findings: Mapping[str, Sequence[Diagnostic]] = {}
    """By the path of the file."""
    changes: Changes | None = None
    drawings: Mapping[Key, Drawing] = {}

    def found(self, entry: Entry) -> list[Diagnostic]:
        """The findings that stand within an entry."""
        span = entry.span
        return [one for one in self.findings.get(entry.path, ()) if span.start <= one.span.start <= span.end]

    def changed(self, path: str) -> Sequence[Change]:
        """The changes of a file."""
        return () if self.changes is None else self.changes.of.get(path, ())
