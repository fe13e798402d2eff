"""The one layout of a `.journey.yaml` text: edits of the space between its tokens, and of needless quotation marks.

No line is joined or cut and no token is written anew, so nothing can be lost: lines get their indentation (two
spaces for each level, lists inside their key), tokens on one line their distance, empty lines become one at most.
"""

from __future__ import annotations

import msgspec

from safar.dsl.gaps import Gap, read_gap, tidy
from safar.dsl.yaml_events import Mark, marks
from safar.dsl.yaml_quotes import bare

_OPENS = ("FlowMappingStart", "FlowSequenceStart")
_CLOSES = ("FlowMappingEnd", "FlowSequenceEnd")
_BLOCKS = ("BlockMappingStart", "BlockSequenceStart")
_SILENT = (*_BLOCKS, "BlockEnd", "Key", "StreamStart", "StreamEnd")
"""Tokens of which nothing is written."""

STEP = 2


class Level(msgspec.Struct):
    """A mapping or list in blocks, or a bracket: its column as it was, and as it will be.

    `bare` is a list whose dashes stand under the key they belong to.
    """

    kind: str
    old: int
    new: int
    bare: bool = False

    @property
    def value(self) -> int:
        """The column of a value that has a line of its own."""
        return self.new + STEP


class Written(msgspec.Struct, frozen=True):
    """A token with its text, the column that it has at the beginning of a line, and what stands before it."""

    kind: str
    text: str
    column: int
    gap: Gap
    comments: tuple[int, ...]
    """The columns of the comments in the gap that have lines of their own."""


def layout_yaml(text: str) -> str:
    """The text laid out; it must be free of mistakes.

    >>> layout_yaml("teams:\\n    crm:   'Customer care' # we\\n")
    'teams:\\n  crm: Customer care  # we\\n'
    """
    tokens = tokens_of_yaml(text)
    out: list[str] = []
    before = ""
    for token in tokens:
        gap = token.gap
        if gap.trailing:
            out[-1] += f"  {gap.trailing}"
        for comment, column in zip(gap.own, token.comments, strict=True):
            _blank(out, wanted=comment.blank)
            out.append(" " * column + comment.text)
        if token.kind == "StreamEnd":
            break
        if gap.breaks or not out:
            _blank(out, wanted=gap.blank)
            out.append(" " * token.column)
        else:
            out[-1] += _space(before, token.kind)
        first, *more = token.text.split("\n")
        out[-1] += first
        out += more
        before = token.kind
    return "".join(line + "\n" for line in out)


def yaml_comments(text: str) -> list[str]:
    """All comments in order, also those behind `|` and `>`."""
    found: list[str] = []
    for token in tokens_of_yaml(text):
        found += token.gap.comments
        if token.kind == "Scalar" and token.text[0] in "|>":
            _, sign, said = token.text.partition("\n")[0].partition("#")
            found += [sign + said] if sign else []
    return found


def yaml_gaps(text: str) -> list[tuple[int, int]]:
    """Where comments may stand: the stretches between the tokens, and behind `|` and `>`."""
    walk = _Walk(text)
    found: list[tuple[int, int]] = []
    for mark in marks(text):
        end, count = walk.end, len(walk.found)
        walk.take(mark)
        if len(walk.found) > count:
            found.append((end, mark.start))
        if mark.style in ("|", ">"):
            line = text.find("\n", mark.start)
            hash = text.find("#", mark.start, line)
            found += [(hash, line)] if hash >= 0 else []
    return found


def _blank(out: list[str], *, wanted: bool) -> None:
    if wanted and out:
        out.append("")


def _space(before: str, after: str) -> str:
    if before == "Value":
        return " "
    if before in _OPENS or after in (*_CLOSES, "FlowEntry", "Value"):
        return ""
    return " "


def tokens_of_yaml(text: str) -> list[Written]:
    """The tokens that are written, each with its place."""
    walk = _Walk(text)
    for mark in marks(text):
        walk.take(mark)
    return walk.found


class _Walk:
    """Follows the levels of a text token by token."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.levels: list[Level] = []
        self.before = Mark("StreamStart", 0, 0)
        self.was: list[Level] = []
        """The levels at the token before, which comments behind it may belong to."""
        self.end = 0
        self.found: list[Written] = []

    def take(self, mark: Mark) -> None:
        self.enter(mark)
        if mark.kind not in _SILENT or mark.kind == "StreamEnd":
            self.write(mark)
        if mark.kind in _OPENS:
            self.levels.append(Level("flow", 0, self.inside()))
        if mark.kind not in ("StreamStart", *_BLOCKS, "BlockEnd"):
            self.before = mark

    def inside(self) -> int:
        """The column around a bracket's contents."""
        if not self.levels:
            return 0
        top = self.levels[-1]
        return top.value if top.kind != "map" else top.new

    def enter(self, mark: Mark) -> None:
        """Open and close the levels that begin and end before a token."""
        bare = bool(self.levels) and self.levels[-1].bare
        if bare and mark.kind in ("Key", "BlockEnd"):
            self.levels.pop()
        if mark.kind == "BlockEnd" or mark.kind in _CLOSES:
            self.levels.pop()
        elif mark.kind in _BLOCKS:
            kind = "map" if mark.kind == "BlockMappingStart" else "list"
            self.levels.append(Level(kind, self.column(mark.start), self.levels[-1].value if self.levels else 0))
        elif mark.kind == "BlockEntry" and self.levels[-1].kind == "map":
            self.levels.append(Level("list", self.column(mark.start), self.levels[-1].value, bare=True))

    def column(self, at: int) -> int:
        return at - self.text.rfind("\n", 0, at) - 1

    def write(self, mark: Mark) -> None:
        column = self.place(mark)
        between = self.text[self.end : mark.start]
        gap = read_gap(between if self.found else "\n" + between)
        columns = tuple(self.comments(between, column, first=not self.found))
        said = self.said(mark)
        self.found.append(Written(mark.kind, said, column, gap, columns))
        self.was = list(self.levels)

    def place(self, mark: Mark) -> int:
        """The column of a token that is the first of its line."""
        if not self.levels or mark.kind.startswith(("Document", "Directive", "Stream")):
            return 0
        top = self.levels[-1]
        if mark.kind in _CLOSES:
            return self.inside()
        if mark.kind == "BlockEntry" or (self.before.kind == "Key" and top.kind == "map"):
            return top.new
        return top.value

    def comments(self, between: str, after: int, *, first: bool) -> list[int]:
        """The columns of the comments in a gap: that of the line below, or of the level that they end."""
        in_flow = bool(self.was) and self.was[-1].kind == "flow"
        found: list[int] = []
        for number, line in enumerate(between.split("\n")):
            if "#" not in line or (number == 0 and not first):
                continue
            if in_flow:
                found.append(self.was[-1].value)
                continue
            column = line.index("#")
            best = Level("", -1, 0)
            for level in self.was:
                if best.old < level.old <= column:
                    best = level
            found.append(max(after, best.new))
        return found

    def said(self, mark: Mark) -> str:
        """The text of a token as it is written; notes where it ends."""
        self.end = mark.end
        written = self.text[mark.start : mark.end]
        if mark.kind != "Scalar":
            return written
        if mark.style in ("|", ">"):
            return self.block(mark, written)
        value = self.levels[-1].value if self.levels else 0
        if "\n" in written:
            first, *more = written.split("\n")
            return "\n".join((first, *(_indented(line, value) for line in more)))
        flow = bool(self.levels) and self.levels[-1].kind == "flow"
        return bare(written, flow=flow) if mark.style in ("'", '"') else written

    def block(self, mark: Mark, written: str) -> str:
        """A text behind `|` or `>`, moved as a whole."""
        header, *lines = written.split("\n")
        sign, hash, said = header.partition("#")
        digits = "".join(letter for letter in sign if letter.isdigit())
        new = self.levels[-1].new + (int(digits) if digits else STEP) if self.levels else int(digits or 0)
        old = self.outer() + int(digits) if digits else _indentation(lines)
        if lines and not lines[-1]:
            lines.pop()
        if "+" not in sign:
            while lines and not lines[-1].strip(" ") and len(lines[-1]) <= old:
                lines.pop()
        self.end = mark.start + len("\n".join((header, *lines)))
        kept = [" " * new + line[old:] if len(line) > old else "" for line in lines]
        return "\n".join((f"{sign.rstrip()}  {tidy(hash + said)}" if hash else sign.rstrip(), *kept))

    def outer(self) -> int:
        """The column that an indentation given in digits counts from."""
        return next((level.old for level in reversed(self.levels) if not level.bare), 0)


def _indented(line: str, column: int) -> str:
    return " " * column + line.lstrip(" \t") if line.strip() else ""


def _indentation(lines: list[str]) -> int:
    """Of the first line that has letters."""
    return next((len(line) - len(line.lstrip(" ")) for line in lines if line.strip(" ")), 0)
