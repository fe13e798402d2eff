"""The one layout of a `.journey` text, made from its tokens and the gaps between them.

One statement a line, two spaces for each block, at most one blank line.  A block stands on one line if it was
written so and fits; line breaks inside a statement stay where they are.
"""

from __future__ import annotations

import sys

import msgspec

from safar.dsl.gaps import NONE, Gap, read_gap
from safar.dsl.spacing import space, written
from safar.dsl.tokens import Token, tokens_of
from safar.engine.source import display_width

WIDTH = 120
INDENT = "  "
_WAYS = ["wait", "up", "to"]
_ORDER = "# safar:"


class Piece(msgspec.Struct):
    """A token, with the space before it if it stays on the line."""

    text: str
    space: str
    gap: Gap


class Block(msgspec.Struct):
    """`end` is the gap before the `}`."""

    statements: list[Statement]
    end: Gap


class Statement(msgspec.Struct):
    """`gap` is what stands before it."""

    gap: Gap
    parts: list[Piece | Block]

    @property
    def words(self) -> list[str]:
        return [part.text for part in self.parts[:3] if isinstance(part, Piece)]


def layout(text: str) -> str:
    """The text laid out; it must be free of mistakes.

    >>> layout("event  a{x:text;y:money}# why")
    'event a { x: text; y: money }  # why\\n'
    """
    reader = _Reader(text)
    statements, end = reader.statements(ways=False)
    lines = _Lines()
    lines.block(statements, end, 0)
    while lines.done and not lines.done[0]:
        del lines.done[0]
    return "".join(line + "\n" for line in lines.done)


class _Reader:
    """Statements, blocks and gaps out of tokens."""

    def __init__(self, text: str) -> None:
        tokens = tokens_of(text)
        self.ends = {one[1] for one in tokens if one[0] == "END"}
        self.tokens = [one for one in tokens if one[0] != "END"]
        self.after_end = _after_end(tokens)
        self.text = text
        self.at = 0

    def gap(self) -> Gap:
        before = self.tokens[self.at - 1][2] if self.at else 0
        here = self.tokens[self.at]
        if not self.at:
            return _of_start(self.text[: here[1]])
        return read_gap(self.text[before : here[1]])

    def statements(self, *, ways: bool) -> tuple[list[Statement], Gap]:
        """Those of a block up to its `}`, which is passed, and the gap before that."""
        found: list[Statement] = []
        while self.tokens[self.at][0] not in ("}", "$END"):
            found.append(self.statement(ways=ways))
        end = self.gap()
        self.at += 1
        return found, end

    def statement(self, *, ways: bool) -> Statement:
        made = Statement(self.gap(), [])
        while True:
            token = self.tokens[self.at]
            if token[0] == "{":
                self.at += 1
                statements, end = self.statements(ways=made.words == _WAYS)
                made.parts.append(Block(statements, end))
            else:
                made.parts.append(self.piece(made))
            if self.ends_here(made, ways=ways):
                return made

    def piece(self, made: Statement) -> Piece:
        token = self.tokens[self.at]
        gap = self.gap() if made.parts else NONE
        blank = ""
        if made.parts:
            earlier = self.tokens[self.at - 2] if len(made.parts) > 1 else None
            blank = space(earlier, self.tokens[self.at - 1], token)
        self.at += 1
        return Piece(written(token), blank, gap)

    def ends_here(self, made: Statement, *, ways: bool) -> bool:
        token = self.tokens[self.at]
        if token[0] in ("}", "$END") or self.at in self.after_end:
            return True
        return ways and token[3] == "otherwise" and isinstance(made.parts[-1], Block)


def _after_end(tokens: list[Token]) -> set[int]:
    """The numbers, not counting ENDs, of the tokens that stand behind one outside of parentheses."""
    found: set[int] = set()
    number, depth = 0, 0
    for kind, _, _, _ in tokens:
        if kind == "END":
            if not depth:
                found.add(number)
            continue
        depth += (kind in ("(", "[")) - (kind in (")", "]"))
        number += 1
    return found


def _of_start(text: str) -> Gap:
    """The gap at the beginning of a file, in which all comments have lines of their own."""
    return read_gap("\n" + text)


class _Lines:
    """Lines as they come to be; the last one may still grow."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def block(self, statements: list[Statement], end: Gap, depth: int) -> None:
        for number, statement in enumerate(statements):
            gap = statement.gap
            self.trailing(gap)
            if "otherwise" in statement.words[:1] and gap.marks:
                self.done[-1] += gap.marks[0]
            self.own(gap, depth, first=number == 0)
            if gap.blank and (number or gap.own):
                self.done.append("")
            following = statements[number + 1].gap if number + 1 < len(statements) else end
            self.statement(statement, depth, following.trailing)
        self.trailing(end)
        self.own(end, depth, first=not statements)

    def trailing(self, gap: Gap) -> None:
        if gap.trailing:
            self.done[-1] += f"  {gap.trailing}"

    def own(self, gap: Gap, depth: int, *, first: bool) -> None:
        for comment in gap.own:
            if comment.blank and not first:
                self.done.append("")
            first = False
            self.done.append(INDENT * depth + comment.text)

    def statement(self, statement: Statement, depth: int, trailing: str) -> None:
        """Blocks stay on the line if they were written so and fit, or a comment for Safar speaks of the line."""
        self.done.append(INDENT * depth)
        width = sys.maxsize if trailing.startswith(_ORDER) else WIDTH
        previous: Piece | Block | None = None
        for part in statement.parts:
            if isinstance(part, Block):
                self.open(part, depth, width)
            else:
                self.piece(part, depth, previous)
            previous = part

    def piece(self, part: Piece, depth: int, previous: Piece | Block | None) -> None:
        gap = part.gap
        behind_block = isinstance(previous, Block)
        if not gap.comments and (behind_block or not gap.breaks):
            self.done[-1] += part.space + part.text
            return
        self.trailing(gap)
        inner = depth if behind_block else depth + 2
        for comment in gap.own:
            self.done.append(INDENT * inner + comment.text)
        self.done.append(INDENT * (depth if part.text in (")", "]") else inner) + part.text)

    def open(self, block: Block, depth: int, width: int) -> None:
        flat = _flat_block(block)
        if flat is not None and (not block.statements or display_width(f"{self.done[-1]} {flat}") <= width):
            self.done[-1] += " " + flat
            return
        self.done[-1] += " {"
        self.block(block.statements, block.end, depth + 1)
        self.done.append(INDENT * depth + "}")


def _flat(statement: Statement) -> str | None:
    """A statement on one line, or None where it has a line break or a comment in it."""
    out: list[str] = []
    for part in statement.parts:
        if isinstance(part, Block):
            inner = _flat_block(part)
            if inner is None:
                return None
            out.append(" " + inner)
        elif part.gap.breaks:
            return None
        else:
            out.append(part.space + part.text)
    return "".join(out)


def _flat_block(block: Block) -> str | None:
    if not block.statements:
        return None if block.end.comments else "{ }"
    if block.end.breaks:
        return None
    out = ""
    for number, statement in enumerate(block.statements):
        flat = _flat(statement)
        if flat is None or statement.gap.breaks:
            return None
        separator = statement.gap.marks[:1] if number else ""
        out += f"{separator} {flat}"
    return f"{{{out} }}"
