"""Reading on behind a mistake: the broken part is covered, place for place, and the file is read again."""

from __future__ import annotations

import re

import msgspec

from safar.dsl.limits import Limits
from safar.dsl.reading_rules import UNREADABLE_CHARACTER
from safar.dsl.yaml_errors import Mistake, explain, finding
from safar.dsl.yaml_events import UNPRINTABLE, read_events
from safar.dsl.yaml_nodes import DAMAGED, YamlNode
from safar.engine.diagnostic import Diagnostic
from safar.engine.source import Source, Span

_BYTE_ORDER_MARK = "\ufeff"
_KEY = re.compile(r"(?P<before>[ ]*(?:-[ ]+)*)(?P<key>[^\s\"'\[{}\],#&*!|>%@`-][^:#]*:[ ]+)(?=\S)")
_MOST_ROUNDS = 50
_MOST_CHARACTERS = 4_000_000
"""Read in all rounds together, so that a large file full of mistakes does not take long."""
_MOST_LINES = 20


class Nodes(msgspec.Struct, frozen=True):
    root: YamlNode | None
    findings: tuple[Diagnostic, ...]
    anchored: tuple[Span, ...] = ()
    """Parts with an anchor: what else is wrong in them is told when that is gone."""


def read_nodes(source: Source, limits: Limits) -> Nodes:
    """The nodes of a file and what is wrong with its YAML; each broken part is one finding."""
    text, found = _covered(source)
    tries: dict[int, int] = {}
    budget = _MOST_CHARACTERS
    for _ in range(_MOST_ROUNDS):
        budget -= len(text)
        events = read_events(source, text, limits)
        if events.stopped:
            return Nodes(None, events.findings)
        if events.broken is None:
            break
        mistake = explain(text, events.broken)
        line = text.rfind("\n", 0, mistake.line_of) + 1
        if line not in tries:
            found.append(finding(source, mistake))
        again = text
        while again == text and tries.get(line, 0) < 3:
            again = _cover(text, mistake, tries.get(line, 0))
            tries[line] = tries.get(line, 0) + 1
        if again == text or budget < len(text):
            break
        text = again
    return Nodes(events.root, (*found, *events.findings), events.anchored)


def _covered(source: Source) -> tuple[str, list[Diagnostic]]:
    """The text with unreadable characters covered, and a finding for each line that has some."""
    if _BYTE_ORDER_MARK not in source.text and UNPRINTABLE.search(source.text) is None:
        return source.text, []
    unreadable = re.compile(f"{UNPRINTABLE.pattern}|{_BYTE_ORDER_MARK}")
    found: list[Diagnostic] = []
    line = -1
    for match in unreadable.finditer(source.text):
        number = source.position(match.start())[0]
        if number == line:
            continue
        line = number
        code = ord(match.group())
        name = "a byte order mark" if code == 0xFEFF else f"the character U+{code:04X}"
        message = f"{name} cannot stand in a file"
        found.append(UNREADABLE_CHARACTER.at(Span(source, *match.span()), message, help="delete it"))
        if len(found) == _MOST_LINES:
            break
    return unreadable.sub(DAMAGED, source.text), found


def _cover(text: str, mistake: Mistake, tries: int) -> str:
    """Cover the value on the broken line and what is indented below it.

    If that was not enough, or there is no key: the whole line, with something in its place so that what is around
    it is not empty now; if that does not fit there either, nothing in its place.
    """
    start = text.rfind("\n", 0, mistake.line_of) + 1
    end = _line_end(text, start)
    match = _KEY.match(text, start, end) if tries == 0 and not mistake.item else None
    if match is not None:
        value, column = match.end(), match.end("before") - start
        kept = text[:value] + DAMAGED * (end - value) + text[end:]
        return _blank(kept, end, _below(kept, end, column))
    line = text[start:end]
    first = len(line) - len(line.lstrip(" \t"))
    below = _blank(text, start, _below(text, end, first))
    is_item = mistake.item or line.lstrip(" \t").startswith("- ")
    instead = f"- {DAMAGED}" if is_item else f"{DAMAGED}: {DAMAGED}"
    if tries > 1 or line.startswith("%") or first + len(instead) > len(line.rstrip()):
        return below
    return below[: start + first] + instead + below[start + first + len(instead) :]


def _below(text: str, end: int, column: int) -> int:
    """The end of the lines behind `end` that are indented more than `column`, or empty."""
    at = end
    while at < len(text):
        after = _line_end(text, at + 1)
        line = text[at + 1 : after]
        if line.strip() and len(line) - len(line.lstrip(" ")) <= column:
            break
        at = after
    return at


def _blank(text: str, start: int, end: int) -> str:
    """The stretch as spaces, its line ends kept."""
    return text[:start] + re.sub(r"[^\r\n]", " ", text[start:end]) + text[end:]


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)
