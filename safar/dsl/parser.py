"""The driver of the parse table: shifts, reduces, and goes on after a mistake."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Protocol

from safar.dsl.grammar import Table, load
from safar.dsl.tokens import Token

Reduced = Callable[[list[Any], int, int], Any]
"""What becomes of the parts of a rule; also given are the start and end of what it covers."""


@functools.cache
def table() -> Table:
    return load()


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

    `at` is the token at hand, `begin` the first token of the statement at hand, `brackets` the parentheses
    and brackets open in it.
    """

    def __init__(self, tokens: list[Token], callbacks: Callable[[str], Reduced | None], mender: Mender) -> None:
        made = table()
        self.tokens = tokens
        self.actions = made.actions
        self.gotos = made.gotos
        self.rules = [(name, size, callbacks(call) if call else None) for name, size, call in made.rules]
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

    def run(self, start: str) -> Any:
        """The value of the start symbol, or None where there is no going on."""
        made = table()
        self.final = made.ends[start]
        self.states, self.values, self.starts = [made.starts[start]], [], []
        self.blocks = [Opened(1 if start == "file" else 0, -1, 0)]
        while True:
            token = self.tokens[self.at]
            action = self.action(self.states[-1], token)
            if action is None:
                if token[0] == "END" and self.brackets and token[3] == "\n":
                    self.at += 1
                elif not self.mender.mend(self):
                    return None
            elif action >= 0:
                self._shift(action, token)
            else:
                self._reduce(~action)
                if token[0] == "$END" and self.states[-1] == self.final:
                    return self.values[-1]

    def action(self, state: int, token: Token) -> int | None:
        """What the table says of a token: a word is a keyword where one can stand, and else a name.

        One with `(` right behind it (CALLED) is a name where one can stand, and else a keyword.
        """
        row = self.actions[state]
        kind = token[0]
        if kind == "NAME" or (kind == "COLONED" and "COLONED" not in row):
            word = token[3]
            return row[word] if word in row else row.get("NAME")
        if kind == "CALLED":
            return row["NAME"] if "NAME" in row else row.get(token[3])
        return row.get(kind)

    def _shift(self, state: int, token: Token) -> None:
        kind = token[0]
        if len(self.states) <= self.blocks[-1].height + 1:
            self.begin = self.at
        self.states.append(state)
        self.values.append(token)
        self.starts.append(token[1])
        if kind in "(){}[]":
            self._bracket(kind)
        self.at += 1

    def _bracket(self, kind: str) -> None:
        if kind in "([":
            self.brackets.append(self.at)
        elif kind in ")]":
            self.brackets.pop()
        elif kind == "{":
            self.brackets.clear()
            self.blocks.append(Opened(len(self.states), self.at, self.begin))
        else:
            self.closed = self.at
            self.begin = self.blocks.pop().begin

    def _reduce(self, number: int) -> None:
        name, size, call = self.rules[number]
        if size:
            if call is not None:
                items = self.values[-size:]
                del self.values[-size:]
                del self.starts[1 - size or len(self.starts) :]
                self.values.append(call(items, self.starts[-1], self.tokens[self.at - 1][2]))
            del self.states[-size:]
        else:
            here = self.tokens[self.at][1]
            self.values.append(None if call is None else call([], here, here))
            self.starts.append(here)
        self.states.append(self.gotos[self.states[-1]][name])

    # --- for mending

    def follow(self, states: list[int], token: Token) -> list[int] | None:
        """The states after a token, given those before; None where it cannot stand there."""
        states = list(states)
        while (action := self.action(states[-1], token)) is not None:
            if action >= 0:
                return [*states, action]
            name, size, _ = self.rules[~action]
            if size:
                del states[-size:]
            states.append(self.gotos[states[-1]][name])
            if token[0] == "$END" and states[-1] == self.final:
                return states
        return None

    def accepts(self, kind: str, text: str = "") -> bool:
        """Whether a token could stand here."""
        return self.follow(self.states, (kind, 0, 0, text or kind)) is not None

    def drop(self, height: int) -> None:
        """Back to a height of the stack."""
        del self.states[height:]
        del self.values[height - 1 :]
        del self.starts[height - 1 :]
        self.brackets.clear()
