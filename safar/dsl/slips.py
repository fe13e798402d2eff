"""What a mistake is called and how reading goes on after it: the common shape of `syntax_errors.py`."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from safar.dsl import syntax_rules as rules
from safar.dsl.parser import Parser
from safar.dsl.tokens import Token
from safar.engine.diagnostic import Rule

BOUNDS = ("END", "{", "}", "$END")


class Slip(msgspec.Struct, frozen=True):
    """A mistake between two offsets.

    `patch` are the tokens that were meant in place of `tokens[first:last]`; reading goes on as if they
    stood there.  `written` is the same as text, for the fix; `certain` where nothing else can be meant.  `seen` is
    another place that shows it.
    """

    rule: Rule
    start: int
    end: int
    message: str
    help: str = ""
    label: str = ""
    first: int = 0
    last: int = 0
    patch: tuple[Token, ...] | None = None
    written: str | None = None
    seen: tuple[int, int, str] | None = None
    certain: bool = False


class Situation:
    """The parser at a token that cannot stand there."""

    def __init__(self, parser: Parser, text: str, base: int) -> None:
        self.parser = parser
        self.tokens = parser.tokens
        self.at = parser.at
        self.token = parser.tokens[parser.at]
        self.kind, self.start, self.end, self.word = self.token
        self.text = text
        self.base = base
        self.fresh = len(parser.states) <= self.keep
        """Whether a statement begins here."""
        self.begin = self.at if self.fresh else parser.begin

    @property
    def keep(self) -> int:
        """The height of the stack that holds what is read of the block so far."""
        top = self.parser.blocks[-1].height
        return min(len(self.parser.states), top + 1)

    @property
    def before(self) -> Token | None:
        """The token before, in the same statement."""
        return self.tokens[self.at - 1] if self.at > self.begin else None

    @property
    def after(self) -> Token:
        return self.tokens[min(self.at + 1, len(self.tokens) - 1)]

    def new_line(self, at: int) -> bool:
        """Whether a line end stands between a token and the one before it."""
        start, end = self.tokens[at - 1][2] - self.base, self.tokens[at][1] - self.base
        return at > 0 and (self.tokens[at - 1][0] == "END" or "\n" in self.text[start:end])

    def column(self, offset: int) -> int:
        """How far a place is from the beginning of its line."""
        return offset - self.base - (self.text.rfind("\n", 0, offset - self.base) + 1)

    def on_line(self, kind: str) -> bool:
        """Whether a token of this kind follows in the statement."""
        at = self.at
        while self.tokens[at][0] not in BOUNDS:
            if self.tokens[at][0] == kind:
                return True
            at += 1
        return False

    def touching(self, first: int, last: int) -> bool:
        """Whether nothing stands between the tokens from first to last."""
        return last < len(self.tokens) and all(self.tokens[n][2] == self.tokens[n + 1][1] for n in range(first, last))

    def accepts(self, kind: str, text: str = "") -> bool:
        return self.parser.accepts(kind, text)

    def accepts_all(self, tokens: Sequence[Token]) -> bool:
        """Whether the tokens could stand here, one after the other."""
        states: list[int] | None = self.parser.states
        for token in tokens:
            states = self.parser.follow(states, token)
            if states is None:
                return False
        return True

    def keywords(self) -> list[str]:
        """The words of the language that could stand here."""
        row = self.parser.actions[self.parser.states[-1]]
        return sorted(word for word in row if word.isalpha() and word.islower() and self.accepts("NAME", word))

    def was_name(self, at: int) -> bool:
        """Whether an earlier word of this statement was read as a name."""
        states: list[int] | None = self.parser.states[: self.keep]
        for n in range(self.begin, at):
            token = self.tokens[n]
            if states is not None and not (token[0] == "END" and token[3] == "\n"):
                states = self.parser.follow(states, token)
        if states is None or self.tokens[at][0] not in ("NAME", "CALLED", "COLONED"):
            return False
        word = self.tokens[at][3]
        return self.parser.follow(states, ("NAME", 0, 0, word)) is not None and not self.parser.keyword(states, word)


def clipped(text: str) -> str:
    """A text as short as a sentence can bear."""
    return text if len(text) <= 60 else text[:59] + "…"


def certain(slip: Slip) -> Slip:
    """A slip of which it is sure what was meant: its fix is safe."""
    return msgspec.structs.replace(slip, certain=True)


def instead(here: Situation, meant: Token, message: str) -> Slip:
    """One token stands for another."""
    return replaced(here, here.at, here.at + 1, (meant,), message)


def replaced(here: Situation, first: int, last: int, meant: tuple[Token, ...], message: str) -> Slip:
    """Some tokens stand for others, which are written instead."""
    start, end = here.tokens[first][1], here.tokens[last - 1][2]
    written = " ".join(token[3] for token in meant).replace(" . ", ".")
    help = f"write `{clipped(written)}`" if written else "leave it out"
    return Slip(rules.FOREIGN, start, end, message, help, "", first, last, meant, written)
