"""A date that comes round each year, compared with today's date, which has another year."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.expression import Attribute, Compare, Expression, Today
from safar.engine.model import Entry
from safar.engine.names import fold

RULE = Rule("date-of-birth-today", "SF316", Severity.WARNING)

_WORDS = ("birthday", "birth_day", "date_of_birth", "birth_date", "birthdate", "anniversary", "تولد", "سالگرد")


def find(subject: Subject) -> Iterator[Diagnostic]:
    yearly = {fold(entry.attribute) for entry in subject.all(Entry) if entry.attribute}
    for compared in subject.all(Compare):
        name = _with_today(compared)
        if name is None or not (fold(name) in yearly or any(fold(word) in fold(name) for word in _WORDS)):
            continue
        yield RULE.at(
            compared.span,
            f"`customer.{name}` has the year in which it was first, so this holds on that one day only",
            label="not each year",
            help=f"a journey of its own begins each year: `enter each year on customer.{name}`",
        )


def _with_today(compared: Compare) -> str | None:
    """The attribute that is said to be, or not to be, today."""
    sides: tuple[Expression, Expression] = (compared.left, compared.right)
    for one, other in (sides, sides[::-1]):
        if compared.op in ("==", "!=") and isinstance(one, Attribute) and isinstance(other, Today):
            return one.name
    return None
