"""Going on after a mistake: mend it if it is clear what was meant, else leave out the statement's rest."""

from __future__ import annotations

import functools
from collections.abc import Callable

from safar.dsl.brackets import (
    reopened,
    surplus_of,
    unclosed_before_otherwise,
    unclosed_block,
    unclosed_parenthesis,
    unopened,
)
from safar.dsl.parser import LimitError, Parser
from safar.dsl.slips import BOUNDS, Situation, Slip
from safar.dsl.values import Values
from safar.engine.diagnostic import Edit, Fix, Related

_STAND_INS: tuple[tuple[str, str], ...] = (
    ("unknown", "unknown"),
    ("DURATION", "1d"),
    ("PERCENT", "1%"),
    ("INTEGER", "1"),
    ("MONEY", "1 EUR"),
    ("STRING", '""'),
    ("TIME", "09:00"),
    ("skip", "skip"),
)
"""What can stand for a value that is missing, so that its statement is kept."""

_TOLD_OF_ONE = 2
"""Findings that one statement gives at most: what is found after them probably follows from them."""


@functools.cache
def _known() -> tuple[Callable[[Situation], Slip | None], ...]:
    """What is asked of a mistake, in order; loaded at the first one, since most files have none."""
    from safar.dsl.syntax_errors import KNOWN

    return (unclosed_parenthesis, unopened, unclosed_before_otherwise, unclosed_block, *KNOWN)


class Recovery:
    """Mends one reading, of a `whole` file or of a piece; `base` is the offset of `text` in the file."""

    def __init__(self, values: Values, text: str, base: int = 0, *, whole: bool = False) -> None:
        self.values = values
        self.text = text
        self.base = base
        self.whole = whole
        self.seen: dict[int, int] = {}
        self.told: dict[int, int] = {}

    def mend(self, parser: Parser) -> bool:
        parser.settle()
        here = Situation(parser, self.text, self.base)
        if len(self.values.findings) >= self.values.limits.mistakes:
            raise LimitError(here.token, "too many mistakes; reading stops here", "mistakes")
        if reopened(here):
            return True
        slip = next(found for known in _known() if (found := known(here)) is not None)
        begin = here.tokens[here.begin][1]
        self.values.mended.add(begin)
        tries = self.seen[here.start] = self.seen.get(here.start, 0) + 1
        patch = slip.patch is not None and tries < 4
        told = self.told.get(begin, 0)
        if told == 0 or (told < _TOLD_OF_ONE and patch and tries == 1):
            self._tell(slip)
        self.told[begin] = told + 1
        return (patch and self._patch(here, slip)) or self._skip(here)

    def _tell(self, slip: Slip) -> None:
        place = self.values.place
        span = place(slip.start, slip.end)
        related = (Related(slip.seen[2], place(slip.seen[0], slip.seen[1])),) if slip.seen else ()
        fix = Fix((Edit(span, slip.written),), safe=slip.certain) if slip.written is not None else None
        self.values.findings.append(
            slip.rule.at(span, slip.message, label=slip.label, help=slip.help, related=related, fix=fix)
        )

    def _patch(self, here: Situation, slip: Slip) -> bool:
        """Put what was meant in place of what stands there."""
        assert slip.patch is not None
        parser = here.parser
        if slip.first >= here.at:
            if not here.accepts_all(slip.patch):
                return False
        elif here.begin <= parser.closed or slip.first < here.begin:
            return False
        if parser.surplus is not None:
            parser.surplus += surplus_of(slip.patch) - surplus_of(here.tokens[slip.first : slip.last])
        here.tokens[slip.first : slip.last] = slip.patch
        if slip.first < here.at:
            parser.drop(here.keep)
            parser.at = here.begin
        return True

    def _skip(self, here: Situation) -> bool:
        """Leave out tokens up to the end of the line or the `{` that begins the statement's block.

        What stands before them is kept if it is a statement as it is, or with something in place of
        what is missing; else the whole statement goes, with its block.
        """
        last = here.at
        parted = here.at > here.begin and here.new_line(here.at)
        while not parted and here.tokens[last][0] not in BOUNDS:
            last += 1
            parted = here.tokens[last][0] not in BOUNDS and here.new_line(last)
        where = here.tokens[last][1]
        bound = ("END", where, where, "\n") if parted else here.tokens[last]
        closers = tuple(
            (")" if here.tokens[n][0] == "(" else "]", where, where, "") for n in here.parser.brackets[::-1]
        )
        stands = [*_STAND_INS, ("NAME", f"unnamed_{where}")] if bound[0] == "{" else _STAND_INS
        for stand in ((), *(((kind, where, where, text),) for kind, text in stands)):
            kept = (*stand, *closers)
            if not here.fresh and (kept or last > here.at or parted) and here.accepts_all((*kept, bound)):
                here.tokens[here.at : last] = [*kept, bound] if parted else kept
                return True
        return self._drop(here, last, parted)

    def _drop(self, here: Situation, last: int, parted: bool) -> bool:
        if not self.whole:
            return False
        here.parser.drop(here.keep)
        tokens = here.tokens
        depth = 0
        while not parted and not (depth == 0 and tokens[last][0] in ("END", "}")) and tokens[last][0] != "$END":
            depth += (tokens[last][0] == "{") - (tokens[last][0] == "}")
            last += 1
        stray = tokens[last][0] == "}" and len(here.parser.blocks) == 1
        if not parted and (stray or tokens[last][0] == "END"):
            last += 1
        here.parser.at = last
        return True
