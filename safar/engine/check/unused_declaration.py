"""What is declared and never used, over all files that were read."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from safar.engine.check.subject import Subject
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.model import Declared, Vocabulary
from safar.engine.names import fold

RULE = Rule("unused-declaration", "SF114", Severity.WARNING)

_WHAT = {
    "attributes": "attribute",
    "events": "event",
    "channels": "channel",
    "actions": "action",
    "conditions": "condition",
    "teams": "team",
    "tags": "tag",
    "feeds": "feed",
    "occasions": "occasion",
    "touchpoints": "touchpoint",
}
"""What somebody has to name for it to count.  Limits and personas act by being there."""


def find(_subject: Subject) -> Iterator[Diagnostic]:
    """Nothing: one file does not know what others use.  `unused` is asked by who has read them all."""
    return iter(())


def unused(
    vocabulary: Vocabulary, used: Collection[tuple[str, int, int]], paths: Collection[str]
) -> Iterator[Diagnostic]:
    """The declarations standing in the files `paths` whose `name_span.key` is not among the `used`."""
    for field, what in _WHAT.items():
        declared: dict[str, Declared] = getattr(vocabulary, field)
        for one in declared.values():
            span = one.name_span
            if span.source.path in paths and span.key not in used and not _acts(field, one):
                yield RULE.at(
                    span,
                    f"the {what} `{one.name}` is never used",
                    label="declared here only",
                    help="use it, or take it out",
                )


def _acts(field: str, one: Declared) -> bool:
    """`customer.timezone` says when the customer's day begins, without being named."""
    return field == "attributes" and fold(one.name) == "timezone"
