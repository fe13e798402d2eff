"""Which statement each comment of a file speaks of, told by where it stands."""

from __future__ import annotations

import bisect
import sys
from collections.abc import Iterator

import msgspec

from safar.dsl import tree
from safar.dsl.files import is_yaml_path
from safar.dsl.forms import forms
from safar.dsl.gaps import Comment, read_gap, tidy
from safar.engine.source import Source

Container = tree.File | tree.Block
_SKIPPED = " \t\r\n;؛"


class Lead(msgspec.Struct):
    """What stands before a statement: comments, and whether a line is left empty before the statement itself."""

    comments: list[Comment] = []
    blank: bool = False


class Carried(msgspec.Struct):
    """Comments by the `id` of their statement, and those at the end of a block by the `id` of that."""

    leads: dict[int, Lead] = {}
    ends: dict[int, list[Comment]] = {}

    def lead(self, one: tree.Statement) -> Lead:
        return self.leads.setdefault(id(one), Lead())

    def end(self, block: Container) -> list[Comment]:
        return self.ends.get(id(block), [])

    def is_bare(self, block: Container) -> bool:
        """Whether no comment stands in a block, outside of blocks in it."""
        return not self.end(block) and not any(self.lead(one).comments for one in block.statements)


class Placed(msgspec.Struct, frozen=True):
    """A statement where it stands: `level` is the column that its line begins in."""

    one: tree.Statement
    start: int
    end: int
    level: int
    around: tuple[Container, ...]
    """The blocks around it, the innermost last."""


class Spoken(msgspec.Struct, frozen=True):
    """A comment where it stands; `after` is the place of what comes next."""

    text: str
    at: int
    after: int
    alone: bool
    blank: bool


def carry(file: tree.File, gaps: list[tuple[int, int]], *, is_yaml: bool) -> Carried:
    """The comments of a file by what they speak of; `gaps` are the stretches between its tokens."""
    source = file.span.source
    carried = Carried()
    placed = sorted(_placed(file, (file,), source), key=lambda one: one.start)
    for one in placed:
        is_first = one.around[-1].statements[0] is one.one
        carried.lead(one.one).blank = not is_first and _has_blank(source, one, is_yaml=is_yaml)
    tops = [number for number, one in enumerate(placed) if len(one.around) == 1]
    starts = [placed[number].start for number in tops]
    for comment in _spoken(source.text, gaps):
        here = bisect.bisect_right(starts, comment.at)
        near = placed[tops[here - 1] if here else 0 : tops[here + 1] if here + 1 < len(tops) else None]
        _Target(file, near, source, is_yaml=is_yaml).give(comment, carried)
    for one in placed:
        comments = carried.lead(one.one).comments
        if comments and one.around[-1].statements[0] is one.one:
            comments[0] = Comment(comments[0].text, blank=False)
    return carried


def _placed(block: Container, around: tuple[Container, ...], source: Source) -> Iterator[Placed]:
    starts: set[int] = set()
    for one in block.statements:
        values = [value for value in one.values.values() if not isinstance(value, tuple)]
        start = _begin(one, source)
        if start in starts and values:
            start = min(value.span.start for value in values)
            line = source.text.rfind("\n", 0, start) + 1
            start = min(start, _next(source.text, line))
        starts.add(start)
        yield Placed(one, start, max(one.span.end, start), _level(source.text, start), around)
        for value in values:
            if isinstance(value, tree.Block):
                yield from _placed(value, (*around, value), source)


def _begin(one: tree.Statement, source: Source) -> int:
    """The place of the first word: in YAML the span of a line whose parts are a mapping begins with the first part."""
    start, words = one.span.start, forms()[one.form].words
    if forms()[one.form].plural or not words or not is_yaml_path(source.path) or source.text.startswith(words, start):
        return start
    before = source.text.rfind(words, 0, start)
    return before if before >= 0 else start


def _level(text: str, at: int) -> int:
    """The column of a line, or none that a comment has where the statement does not begin it."""
    start = text.rfind("\n", 0, at) + 1
    before = text[start:at]
    return len(before) - len(before.lstrip(" ")) if not before.strip(" -{") else sys.maxsize


def _has_blank(source: Source, one: Placed, *, is_yaml: bool) -> bool:
    """Whether an empty line stands right before a statement, or the keys that it is the first under."""
    line, column = source.position(one.start)
    before = source.line(line)[: column - 1].strip(" \t-{")
    if before and not (is_yaml and before.endswith(":")):
        return False
    number = line - 1
    level = _indentation(source.line(line))
    while is_yaml and number and source.line(number).rstrip().endswith(":"):
        above = _indentation(source.line(number))
        if above >= level:
            break
        number, level = number - 1, above
    return number > 0 and not source.line(number).strip()


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _spoken(text: str, gaps: list[tuple[int, int]]) -> Iterator[Spoken]:
    for start, end in gaps:
        between = text[start:end]
        own = iter(read_gap(between if start else "\n" + between).own)
        at = start
        for number, line in enumerate(between.split("\n")):
            mark = line.find("#")
            if mark >= 0:
                alone = number > 0 or not start
                blank = next(own).blank if alone else False
                yield Spoken(tidy(line[mark:]), at + mark, _next(text, at + len(line)), alone, blank)
            at += len(line) + 1


def _next(text: str, at: int) -> int:
    """The place of what follows, comments and dashes of lists left out."""
    while at < len(text):
        if text[at] == "#":
            at = text.find("\n", at)
            at = len(text) if at < 0 else at
        elif text[at] in _SKIPPED or text.startswith(("- ", "-\n"), at):
            at += 1
        else:
            break
    return at


class _Target:
    """Finds what a comment speaks of, among the statements of the declaration that it is in and of the next one."""

    def __init__(self, file: tree.File, placed: list[Placed], source: Source, *, is_yaml: bool) -> None:
        self.file = file
        self.placed = placed
        self.source = source
        self.is_yaml = is_yaml

    def give(self, comment: Spoken, carried: Carried) -> None:
        found = self.own_line(comment) if comment.alone else self.same_line(comment)
        said = Comment(comment.text, comment.blank)
        if isinstance(found, tree.Statement):
            carried.lead(found).comments.append(said)
        else:
            carried.ends.setdefault(id(found), []).append(said)

    def same_line(self, comment: Spoken) -> tree.Statement | Container:
        """The first statement that is wholly on the line, else the last that begins on it, else what it is in."""
        line = self.source.text.rfind("\n", 0, comment.at) + 1
        before = [one for one in self.placed if one.start < comment.at and one.end >= line]
        begun = [one for one in before if one.start >= line]
        if begun:
            return next((one for one in begun if one.end <= comment.at), begun[-1]).one
        if before and not self.opens(comment.at):
            return before[-1].one
        return self.own_line(comment)

    def own_line(self, comment: Spoken) -> tree.Statement | Container:
        text, after = self.source.text, comment.after
        if self.is_yaml:
            ended = self.ended(comment)
            if ended is not None:
                return ended
        elif after >= len(text) or text[after] == "}":
            return self.around(comment.at)
        inside = [one for one in self.placed if one.start < after and one.end > after]
        following = next((one for one in self.placed if one.start >= after), None)
        if following is None:
            return inside[-1].one if inside else self.around(comment.at)
        is_here = "\n" not in text[after : following.start] or self.opens(after)
        if inside and not (is_here and following.start <= inside[-1].end):
            return inside[-1].one
        return following.one

    def opens(self, at: int) -> bool:
        """Whether the line is a key of YAML with lines of its own under it."""
        line = self.source.line(self.source.position(at)[0])
        return self.is_yaml and line.partition(" #")[0].rstrip().endswith(":")

    def ended(self, comment: Spoken) -> Container | None:
        """The block that a comment of a YAML file stands at the end of: it is indented more than what follows."""
        column = self.source.position(comment.at)[1] - 1
        text = self.source.text
        following = _level(text, comment.after) if comment.after < len(text) else -1
        before = [one for one in self.placed if one.start < comment.at]
        if column <= following or not before:
            return None
        deepest = before[-1].around
        for depth in range(len(deepest) - 1, -1, -1):
            block = deepest[depth]
            level = min(_level(text, one.start) for one in before if one.around[-1] is block)
            if following < level <= column:
                return block
        return None

    def around(self, at: int) -> tree.Statement | Container:
        """The innermost block at a place of a `.journey` file; its statement, where the block is empty."""
        found: Container = self.file
        owner: tree.Statement | None = None
        for one in self.placed:
            for value in one.one.values.values():
                if isinstance(value, tree.Block) and value.span.start < at < value.span.end:
                    found, owner = value, one.one
        return owner if owner is not None and not found.statements else found
