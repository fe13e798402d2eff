"""Texts that YAML cut in two: at a comma inside braces, or at ` #`."""

from __future__ import annotations

import functools
from collections.abc import Sequence as Several

from safar.dsl.forms import forms
from safar.dsl.reading_rules import TEXT_CUT
from safar.dsl.yaml_nodes import DAMAGED, Entry, Scalar, YamlNode, is_empty
from safar.engine.diagnostic import Diagnostic
from safar.engine.source import Source, Span

_FLAGS = frozenset(("of project",))


def open_brackets(text: str) -> int:
    """How many parentheses stay open at the end; an open quotation mark counts as one.

    >>> open_brackets('issue_coupon(code = "BACK"'), open_brackets("opened(thanks)")
    (1, 0)
    """
    return sum(_opened(text))


def _opened(text: str, before: tuple[int, bool] = (0, False)) -> tuple[int, bool]:
    """How many parentheses are open behind a text, and whether a quotation mark is, given those before it."""
    depth, quoted = before
    for letter in text:
        if letter == '"':
            quoted = not quoted
        elif not quoted and letter in "([":
            depth += 1
        elif not quoted and letter in ")]":
            depth -= 1
    return depth, quoted


def _follows(source: Source, at: int) -> str:
    """The next mark on the line that is no space."""
    text = source.text
    while text[at : at + 1] in (" ", "\t"):
        at += 1
    return text[at : at + 1]


def _is_cut(source: Source, node: YamlNode) -> bool:
    """Whether a comma inside braces ended this text too early."""
    if not isinstance(node, Scalar) or not node.flow or node.style or open_brackets(node.text) <= 0:
        return False
    return _follows(source, node.end) == ","


@functools.cache
def _first_words() -> frozenset[str]:
    """The words with which keys begin."""
    keys = [word for form in forms().values() for c in form.clauses for word in (form.words, c.word, c.key)]
    return frozenset(key.split()[0] for key in keys if key)


_LISTING = ("in", "of")
"""Words behind which several names may stand: `tier in gold, silver`, `one of gold, silver`."""


def _goes_on(source: Source, node: Scalar, following: Several[Entry]) -> bool:
    """Whether what follows in the braces is no key but the rest of a text: `{title: Thanks, dear friend}`."""
    if not (node.flow and node.text and not node.style and following and is_empty(following[0].value)):
        return False
    key = following[0].key
    is_key = _follows(source, key.end) == ":" or key.text in _FLAGS
    is_key = is_key or key.text.split(" ")[0] in _first_words()
    is_name = key.text.replace("\u200c", "").isidentifier()
    is_listing = any(f" {word} " in f" {node.text}" for word in _LISTING)
    return not (is_key or key.style or (is_name and not is_listing))


def cut_at_comma(source: Source, node: Scalar, last: YamlNode) -> Diagnostic:
    span = Span(source, node.start, max(node.end, last.end))
    return TEXT_CUT.at(
        span,
        "YAML ends this text at the comma, because it stands inside braces",
        label="cut in two",
        help="put the whole text into single quotation marks",
    )


def mend_entries(source: Source, entries: Several[Entry]) -> tuple[tuple[Entry, ...], tuple[Diagnostic, ...]]:
    """The entries with each cut text as one damaged value, and a finding for each."""
    kept: list[Entry] = []
    found: list[Diagnostic] = []
    at = 0
    while at < len(entries):
        entry = entries[at]
        at += 1
        if isinstance(entry.value, Scalar) and (
            _is_cut(source, entry.value) or _goes_on(source, entry.value, entries[at : at + 1])
        ):
            last, opened = entry.value, _opened(entry.value.text)
            while at < len(entries) and (
                (is_empty(entries[at].value) and sum(opened) > 0) or _goes_on(source, last, entries[at : at + 1])
            ):
                last = entries[at].key
                opened = _opened(last.text, opened)
                at += 1
            found.append(cut_at_comma(source, entry.value, last))
            entry = Entry(entry.key, Scalar(entry.value.start, last.end, DAMAGED, damaged=True))
        kept.append(entry)
    return tuple(kept), tuple(found)


def mend_items(source: Source, items: Several[YamlNode]) -> tuple[tuple[YamlNode, ...], tuple[Diagnostic, ...]]:
    """As `mend_entries`, for a list in brackets."""
    kept: list[YamlNode] = []
    found: list[Diagnostic] = []
    at = 0
    while at < len(items):
        item = items[at]
        at += 1
        if _is_cut(source, item):
            assert isinstance(item, Scalar)
            last, opened = item, _opened(item.text)
            while at < len(items) and sum(opened) > 0:
                following = items[at]
                if not isinstance(following, Scalar):
                    break
                last, opened, at = following, _opened(following.text, opened), at + 1
            found.append(cut_at_comma(source, item, last))
            item = Scalar(item.start, last.end, DAMAGED, damaged=True)
        kept.append(item)
    return tuple(kept), tuple(found)


def comment_behind(source: Source, node: Scalar) -> Span | None:
    """The comment that ended a plain text, if there is one on its line."""
    if node.style:
        return None
    end = source.text.find("\n", node.end)
    rest = source.text[node.end : end if end >= 0 else len(source.text)].rstrip()
    first = len(rest) - len(rest.lstrip(" \t"))
    if first == 0 or not rest.lstrip(" \t").startswith("#"):
        return None
    return Span(source, node.end + first, node.end + len(rest))


def cut_at_comment(node: Span, comment: Span) -> Diagnostic:
    return TEXT_CUT.at(
        comment,
        "YAML takes what follows ` #` for a comment, and the text ends before it",
        label="not read",
        help=f"put the whole text into quotation marks: '{node.to(comment).text[:60]}'",
    )
