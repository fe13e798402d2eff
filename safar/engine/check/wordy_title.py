"""A title that no box on the map can hold."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.model import Declared

RULE = Rule("wordy-title", "SF509", Severity.INFO, default=False)

_MOST = 60
"""Letters: two lines of a box."""


def find(subject: Subject) -> Iterator[Diagnostic]:
    for one in subject.all(Declared):
        if len(one.title) > _MOST:
            yield RULE.at(
                name_or_line(one),
                f"the title of `{one.name}` has {len(one.title)} letters",
                label=f"more than {_MOST}",
                help="keep the title short, and say the rest in `doing`, `thinking` or `theme`",
            )
