"""The driver of the parse table: shifts, reduces, and goes on after a mistake."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Protocol

from safar.dsl.grammar import Table, load
from safar.dsl.tokens import Token

Reduced = Callable[[Any, list[Any], int, int], Any]
"""What becomes of the parts of a rule: given are the values' maker, the parts, and the start and end of them all."""

Rules = list[tuple[str, int, Reduced | None]]
"""Name, number of parts and callback of each rule of the table."""


_STATES = 20
"""States on the stack for each level of blocks or of an expression, at most."""

WORDS = frozenset(("NAME", "COLONED", "CALLED"))
BRACKETS = frozenset("(){}[]")


@functools.cache
def table() -> Table:
    return load()


class LimitError(Exception):
    """A limit is exceeded so far that reading stops; `limit` is the field of `Limits`."""

    def __init__(self, token: Token, message: str, limit: str) -> None:
        super().__init__(message)
        self.token = token
        self.message = message
        self.limit = limit


class Mender(Protocol):
    """Says what is wrong at a token and how to go on."""

    def mend(self, parser: Parser) -> bool:
        """Record a finding and change `tokens`, `at` and the stack so that parsing can go on, or give False."""
        ...


class Opened:
    """A block that is open: its `{`, the height of the stack in it, and where the statement around it begins."""

    __slots__ = ("begin", "height", "token")

    def __init__(self, height: int, token: int, begin: int) -> None:
        self.height = height
        self.token = token
        self.begin = begin


class Parser:
    """One reading of a list of tokens.

    `surplus` is how many more `{` than `}` the tokens have, once that was asked.

    `at` is the token at hand, `begin` the first token of the statement at hand, `brackets` the parentheses
    and brackets open in it.
    """

    def __init__(self, tokens: list[Token], rules: Rules, maker: Any, mender: Mender) -> None:
        made = table()
        self.tokens = tokens
        self.actions = made.actions
        self.gotos = made.gotos
        self.rules = rules
        self.maker = maker
        self.mender = mender
        self.final = 0
        self.states: list[int] = []
        self.values: list[Any] = []
        self.starts: list[int] = []
        self.at = 0
        self.begin = 0
        self.brackets: list[int] = []
        self.blocks: list[Opened] = []
        self.closed = -1
        self.surplus: int | None = None
        """How many more `{` than `}` there are, once it was asked."""
        self.most = _STATES * (maker.limits.depth + maker.limits.expression_depth)

    def run(self, start: str) -> Any:
        """The value of the start symbol, or None where there is no going on."""
        made = table()
        self.final = made.ends[start]
        self.states, self.values, self.starts = [made.starts[start]], [], []
        self.blocks = [Opened(1 if start == "file" else 0, -1, 0)]
        while not self._go():
            if not self.mender.mend(self):
                return None
        return self.values[-1]

    def _go(self) -> bool:
        """Shift and reduce up to the end (True), or to a token that cannot stand where it does."""
        actions, gotos, rules, maker, final = self.actions, self.gotos, self.rules, self.maker, self.final
        tokens, states, values, starts, action = self.tokens, self.states, self.values, self.starts, self.action
        at = self.at
        base = self.blocks[-1].height + 1
        most = self.most
        token = tokens[at]
        kind = token[0]
        while True:
            row = actions[states[-1]]
            step = row.get(kind) if kind not in WORDS else action(row, token)
            if step is None:
                self.at = at
                return False
            if step >= 0:
                if len(states) <= base:
                    self.begin = at
                elif len(states) > most:
                    raise LimitError(token, "an expression here is nested too deep", "expression_depth")
                states.append(step)
                values.append(token)
                starts.append(token[1])
                if kind in BRACKETS:
                    self.at = at
                    self._bracket(kind)
                    base = self.blocks[-1].height + 1
                at += 1
                token = tokens[at]
                kind = token[0]
                while kind == "END" and self.brackets and token[3] == "\n":
                    at += 1
                    token = tokens[at]
                    kind = token[0]
                continue
            name, size, call = rules[~step]
            if size == 1:
                states.pop()
                if call is not None:
                    values[-1] = call(maker, values[-1:], starts[-1], tokens[at - 1][2])
            elif size:
                del states[-size:]
                if call is not None:
                    items = values[-size:]
                    del values[-size:], starts[1 - size :]
                    values.append(call(maker, items, starts[-1], tokens[at - 1][2]))
            else:
                values.append(None if call is None else call(maker, [], token[1], token[1]))
                starts.append(token[1])
            states.append(gotos[states[-1]][name])
            if kind == "$END" and states[-1] == final:
                self.at = at
                return True

    @staticmethod
    def action(row: dict[str, int], token: Token) -> int | None:
        """What a row of the table says of a token: a word is a keyword where one can stand, and else a name.

        One with `(` right behind it (CALLED) is a name where one can stand, and else a keyword.
        """
        kind, word = token[0], token[3]
        if kind == "CALLED":
            return row["NAME"] if "NAME" in row else row.get(word)
        if kind == "COLONED" and "COLONED" in row:
            return row["COLONED"]
        if kind in WORDS:
            return row[word] if word in row else row.get("NAME")
        return row.get(kind)

    def _bracket(self, kind: str) -> None:
        if kind in "([":
            self.brackets.append(self.at)
            if len(self.brackets) > self.maker.limits.expression_depth:
                raise LimitError(self.tokens[self.at], "parentheses are nested too deep", "expression_depth")
        elif kind in ")]":
            self.brackets.pop()
        elif kind == "{":
            self.brackets.clear()
            self.blocks.append(Opened(len(self.states), self.at, self.begin))
            if len(self.blocks) > self.maker.limits.depth + 1:
                raise LimitError(self.tokens[self.at], "blocks are nested too deep", "depth")
        else:
            self.closed = self.at
            self.begin = self.blocks.pop().begin

    # --- for mending

    def settle(self) -> None:
        """Take a statement whose line has ended into its block; the table does so only before what can follow."""
        steps = set(self.actions[self.states[-1]].values())
        last = self.values[-1] if self.values else ("{",)
        if len(steps) != 1 or not isinstance(last, tuple) or not last or last[0] not in ("END", "{"):
            return
        step = steps.pop()
        name, size, call = self.rules[~step] if step < 0 else ("", 0, None)
        if call is None or size > len(self.values):
            return
        here = self.tokens[self.at][1]
        items = self.values[len(self.values) - size :]
        start = self.starts[len(self.starts) - size] if size else here
        for stack in (self.states, self.values, self.starts):
            del stack[len(stack) - size :]
        self.values.append(call(self.maker, items, start, here))
        self.starts.append(start)
        self.states.append(self.gotos[self.states[-1]][name])

    def follow(self, states: list[int] | None, token: Token) -> list[int] | None:
        """The states after a token, given those before; None where it cannot stand there."""
        if states is None:
            return None
        states = list(states)
        while (action := self.action(self.actions[states[-1]], token)) is not None:
            if action >= 0:
                return [*states, action]
            name, size, _ = self.rules[~action]
            if size:
                del states[-size:]
            states.append(self.gotos[states[-1]][name])
            if token[0] == "$END" and states[-1] == self.final:
                return states
        return None

    def keyword(self, states: list[int], word: str) -> bool:
        """Whether a word would be a keyword after these states."""
        return word in self.actions[states[-1]]

    def accepts(self, kind: str, text: str = "") -> bool:
        """Whether a token could stand here."""
        return self.follow(self.states, (kind, 0, 0, text or kind)) is not None

    def drop(self, height: int) -> None:
        """Back to a height of the stack."""
        del self.states[height:]
        del self.values[height - 1 :]
        del self.starts[height - 1 :]
        self.brackets.clear()
