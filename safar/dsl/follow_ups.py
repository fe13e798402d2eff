"""Findings that only follow from others are left out: one mistake is told once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from safar.dsl import tree
from safar.dsl.limits import Limits
from safar.dsl.syntax_rules import LIMIT
from safar.engine.diagnostic import Diagnostic, Fix, Related
from safar.engine.names import fold
from safar.engine.source import Span

_BOUNDS = "\n;{}"
_LAST = ("missing-clause", "reserved-name", "missing-separator")
_TOLD_ONCE = ("unknown-name", "unknown-ignore")
_MORE_SHOWN = 3
_NAMED = ("unknown-name", "wrong-kind")


def of_writing(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The findings of one file's text, one for each statement; what it lacks comes after what is wrong with it."""
    kept: list[Diagnostic] = []
    for finding in sorted(found, key=lambda one: (one.rule != "yaml-syntax") + (one.rule in _LAST)):
        kept += unlike(kept, (finding,))
    return sorted(kept, key=lambda one: one.span.start)


def bounded(found: tuple[Diagnostic, ...], limits: Limits, *, full: bool) -> tuple[Diagnostic, ...]:
    """The findings of one file in order; of more than are told only the first, as one that says so.

    `full`: there are more, for which the reading did not go on.
    """
    if not full and (len(found) <= limits.mistakes or len(of_writing(found)) <= limits.mistakes):
        return found
    first = found[0]
    message = f"the file has more than {limits.mistakes:,} mistakes; the first: {first.message}"
    notes = (*first.notes, limits.named("mistakes"))
    return (LIMIT.at(first.span, message, label=first.label, help=first.help, notes=notes, related=first.related),)


def of_building(
    written: Sequence[Diagnostic], built: Iterable[Diagnostic], files: Sequence[tree.File]
) -> Iterator[Diagnostic]:
    """What building found, without what follows from mistakes of writing and from names that are declared twice."""
    found = tuple(unlike(written, built))
    kept = {statement.span.key[:2] for file in files for statement in file.statements}
    lost = {fold(word) for word in _lost(written, kept)}
    twice = {fold(finding.span.text) for finding in found if finding.rule == "duplicate-name"}
    again = {finding.span.key for finding in found if finding.rule == "duplicate-name"}
    for finding in found:
        name = fold(finding.span.text) if finding.rule in _NAMED else ""
        is_lost = finding.rule == "unknown-name" and name in lost
        is_unclear = (bool(name) and name in twice) or (finding.rule == "look-alike-name" and finding.span.key in again)
        is_misled = finding.rule == "goal-window-too-long" and any(_lies_in(one, finding.related) for one in written)
        is_part_lost = finding.rule == "shares-not-100" and _parts_lost(files[0], finding.span, written)
        is_emptied = finding.rule == "missing-clause" and _emptied(files[0], finding.span, written)
        if not (is_emptied or is_lost or is_unclear or is_misled or is_part_lost):
            yield finding


def once_each_name(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """A name that nobody declares is one mistake, however often the file says it: it is told once."""
    groups: dict[tuple[str, ...], list[Diagnostic]] = {}
    for number, one in enumerate(found):
        key = (one.rule, one.span.source.path, one.message, one.help) if one.rule in _TOLD_ONCE else (str(number),)
        groups.setdefault(key, []).append(one)
    return [_together(group) for group in groups.values()]


def _together(group: list[Diagnostic]) -> Diagnostic:
    first, *others = sorted(group, key=lambda one: one.span.start)
    if not others:
        return first
    edits = tuple(edit for one in (first, *others) if one.fix is not None for edit in one.fix.edits)
    fix = first.fix and Fix(edits, safe=first.fix.safe)
    more = len(others) - _MORE_SHOWN
    notes = (*first.notes, f"it stands at {more:,} more places") if more > 0 else first.notes
    related = (*first.related, *(Related("and here", one.span) for one in others[:_MORE_SHOWN]))
    return msgspec.structs.replace(first, notes=notes, related=related, fix=fix)


def unlike(first: Sequence[Diagnostic], then: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The later findings without those in a statement that has one of the first findings already."""
    taken: dict[str, list[tuple[int, int]]] = {}
    for finding in first:
        taken.setdefault(finding.span.source.path, []).append(_statement(finding))
    for finding in then:
        start, end = finding.span.start, _end_of_line(finding.span)
        stretches = taken.get(finding.span.source.path, ())
        if not any(start <= last and begin <= end for begin, last in stretches):
            yield finding


def _lies_in(finding: Diagnostic, places: Iterable[Related]) -> bool:
    return any(_covers(place.span, finding.span) for place in places)


def _statement(finding: Diagnostic) -> tuple[int, int]:
    """Where the statement of a finding begins and ends, as far as its line goes.

    What is wrongly indented belongs to the line above it.
    """
    span, text = finding.span, finding.span.source.text
    if finding.rule == "yaml-syntax" and finding.label == "belongs to nothing above it":
        above = text.rfind("\n", 0, span.start)
        return text.rfind("\n", 0, max(above, 0)) + 1, span.end
    begin = max(text.rfind(mark, 0, span.start) for mark in _BOUNDS) + 1
    ends = [at for mark in _BOUNDS if (at := text.find(mark, span.end)) >= 0]
    return begin, min(ends, default=len(text))


def _end_of_line(span: Span) -> int:
    end = span.source.text.find("\n", span.start, span.end)
    return end if end >= 0 else span.end


def _lost(written: Iterable[Diagnostic], kept: set[tuple[str, int]]) -> set[str]:
    """The words on the lines of findings; each line is looked at once, however many there are on it."""
    stretches = {
        (one.span.source.path, *_stretch(one.span, one.span.key[:2] in kept)): one.span.source for one in written
    }
    return {word for (_, begin, end), source in stretches.items() for word in _words(source.text[begin:end])}


def _stretch(span: Span, is_kept: bool) -> tuple[int, int]:
    """The lines of a finding; of a statement that was lost at the left margin also those of its block."""
    text = span.source.text
    begin, end = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)
    while begin == span.start and not is_kept and 0 <= end < len(text) - 1 and text[end + 1] in " \n-":
        end = text.find("\n", end + 1)
    return begin, end if end >= 0 else len(text)


def _words(line: str) -> list[str]:
    return "".join(letter if letter.isalnum() or letter in "_\u200c\u200d" else " " for letter in line).split()


def use_lost(written: Iterable[Diagnostic], file: tree.File) -> bool:
    """Whether a line that takes in another file could not be read."""
    uses = [statement.span for statement in file.statements if statement.form == "use"]
    lines = [
        finding for finding in written if _line(finding.span).startswith("use") or ".journey" in _line(finding.span)
    ]
    return any(not any(_meet(finding.span, use) for use in uses) for finding in lines)


def _meet(one: Span, other: Span) -> bool:
    return one.source.path == other.source.path and one.start <= other.end and other.start <= one.end


def _line(span: Span) -> str:
    text = span.source.text
    end = text.find("\n", span.start)
    return text[text.rfind("\n", 0, span.start) + 1 : end if end >= 0 else len(text)]


def _emptied(file: tree.File, head: Span, written: Sequence[Diagnostic]) -> bool:
    """Whether something in the block of a statement, told by its head, could not be read: that may be what it lacks."""
    wholes = [one.span for one in tree.within(file.statements) if one.head.key == head.key]
    return any(_covers(whole, finding.span) for whole in wholes for finding in written)


def _parts_lost(file: tree.File, span: Span, written: Sequence[Diagnostic]) -> bool:
    """Whether one of the parts that add up, the arms of a split or the personas' shares, could not be read."""
    if any(one.form == "persona" and _covers(one.span, span) for one in file.statements):
        return _line(span).strip().startswith("share") and any(
            _line(finding.span).strip().startswith("share") for finding in written
        )
    splits = [one for one in tree.within(file.statements) if one.form == "split" and _covers(one.span, span)]
    blocks = [
        block.span
        for split in splits
        for arm in _inside(split)
        if (block := arm.values.get("then")) is not None and isinstance(block, tree.Block)
    ]
    return any(
        any(_covers(split.span, finding.span) for split in splits)
        and not any(_covers(block, finding.span) for block in blocks)
        for finding in written
    )


def _inside(statement: tree.Statement) -> Iterator[tree.Statement]:
    for value in statement.values.values():
        if isinstance(value, tree.Block):
            yield from value.statements


def _covers(whole: Span, part: Span) -> bool:
    return whole.source.path == part.source.path and whole.start <= part.start and part.end <= whole.end
