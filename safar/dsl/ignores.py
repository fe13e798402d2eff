"""Comments that silence a finding: `# safar: ignore[rule-name] reason`, on its line or on the line above."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

import msgspec

from safar.engine.diagnostic import Diagnostic, Edit, Fix, Rule, Severity
from safar.engine.names import nearest
from safar.engine.source import Source, Span

UNEXPLAINED = Rule("unexplained-ignore", "SF050")
UNUSED = Rule("unused-ignore", "SF051", Severity.WARNING)
UNKNOWN = Rule("unknown-ignore", "SF052")
UNNAMED = Rule("unnamed-ignore", "SF053")

_MOST = 200
"""Findings about the comments of one file; more would only be the same again."""

_ORDER = "ignore"
_COMMENT = (
    r"(?m)(?:(?<=[\s;{}])|^)#[ \t]*safar:[ \t]*(?P<order>[^\s\[]*)(?:\[(?P<rules>[^\]\n]*)\])?(?P<reason>[^\n#]*)"
)


class Ignore(msgspec.Struct, frozen=True):
    """One comment: the line it speaks of (from 1), each rule with its place, the reason."""

    span: Span
    line: int
    order: str
    rules: tuple[tuple[str, Span], ...]
    reason: str


class Judged(msgspec.Struct, frozen=True):
    """What is left after the comments were heeded, with what is wrong with the comments themselves."""

    findings: tuple[Diagnostic, ...]
    suppressed: int


def silenceable(finding: Diagnostic) -> bool:
    """Whether a finding may be switched off at all.

    Errors of reading (syntax, names, types) may not: a journey that cannot be read has no meaning to go on with.
    """
    return finding.severity is not Severity.ERROR or not finding.code.startswith(("SF0", "SF2"))


def ignores(source: Source) -> tuple[Ignore, ...]:
    """The comments of a file, in order.

    >>> one, = ignores(Source("a.journey", "wait 0s # safar: ignore[no-wait] a demonstration"))
    >>> one.line, [name for name, _ in one.rules], one.reason
    (1, ['no-wait'], 'a demonstration')
    """
    if "safar:" not in source.text:
        return ()
    return tuple(_comments(source))


def _comments(source: Source) -> Iterator[Ignore]:
    import re

    spoken_of = _spoken_of(source)
    for found in re.finditer(_COMMENT, source.text):
        line, column = source.position(found.start())
        before = source.line(line)[: column - 1]
        if before.count('"') % 2:
            continue
        end = found.start() + len(found.group().rstrip())
        yield Ignore(
            span=Span(source, found.start(), end),
            line=line if before.strip() else spoken_of[line],
            order=found["order"],
            rules=tuple(_names(source, found["rules"], found.start("rules"))) if found["rules"] is not None else (),
            reason=found["reason"].strip(),
        )


def _spoken_of(source: Source) -> list[int]:
    """For each line (from 1) the next one that is more than a comment: a comment of its own line speaks of that."""
    lines = source.text.split("\n")
    found = [len(lines)] * (len(lines) + 1)
    for number in range(len(lines) - 1, 0, -1):
        found[number] = found[number + 1] if lines[number].lstrip().startswith("#") else number + 1
    return found


def _names(source: Source, text: str, start: int) -> Iterator[tuple[str, Span]]:
    for part in text.split(","):
        name = part.strip()
        at = start + part.index(name)
        yield name, Span(source, at, at + max(len(name), 1))
        start += len(part) + 1


def judge(
    findings: Sequence[Diagnostic],
    sources: Iterable[Source],
    *,
    known: Callable[[], Collection[str]],
    whole: Collection[str],
) -> Judged:
    """Take out what comments silence, and add what is wrong with the comments.

    `known` gives the names of all rules, `whole` are the paths of the files on which every rule was run: only there
    can a comment be told to silence nothing.
    """
    comments = {source.path: ignores(source) for source in sources}
    by_line: dict[tuple[str, int], list[Ignore]] = {}
    for path, own in comments.items():
        for one in own:
            if one.order == _ORDER:
                by_line.setdefault((path, one.line), []).append(one)
    used: set[tuple[str, int, int]] = set()
    kept = []
    for finding in findings:
        place = _silencer(finding, by_line) if silenceable(finding) else None
        if place is None:
            kept.append(finding)
        else:
            used.add(place.key)
    names = known() if any(comments.values()) else ()
    wrong = [
        finding
        for path, own in comments.items()
        for finding in islice((f for one in own for f in _wrong(one, used, names, path in whole)), _MOST)
    ]
    return Judged((*kept, *wrong), len(findings) - len(kept))


def _silencer(finding: Diagnostic, by_line: Mapping[tuple[str, int], Sequence[Ignore]]) -> Span | None:
    if not by_line:
        return None
    source = finding.span.source
    own = by_line.get((source.path, source.position(finding.span.start)[0]), ())
    return next((place for one in own for name, place in one.rules if name in (finding.rule, finding.code)), None)


def _wrong(one: Ignore, used: set[tuple[str, int, int]], known: Collection[str], whole: bool) -> Iterator[Diagnostic]:
    if one.order != _ORDER or not any(name for name, _ in one.rules):
        said = "names no rule to ignore" if one.order == _ORDER else f"says `{one.order}`, which is no order"
        yield UNNAMED.at(
            one.span,
            f"a comment for Safar {said}",
            label="which rule?",
            help="write `# safar: ignore[rule-name] reason`",
        )
        return
    for name, place in one.rules:
        if name not in known:
            near = nearest(name, known)
            yield UNKNOWN.at(
                place,
                f"no rule `{name}` to ignore",
                label="unknown rule",
                help="" if near else "`safar rules` lists all rules",
                near=near,
            )
        elif whole and place.key not in used:
            yield UNUSED.at(
                place,
                f"`{name}` finds nothing here that could be ignored",
                label="silences nothing",
                help="take the comment away; errors of syntax, names and types cannot be ignored",
                fix=_taken_out(one, place),
            )
    if not one.reason and any(place.key in used for _, place in one.rules):
        yield UNEXPLAINED.at(
            one.span,
            "a finding is ignored without a reason",
            label="why?",
            help="write the reason behind the bracket, for the next reader",
        )


def _taken_out(one: Ignore, place: Span) -> Fix:
    """Without one rule of several, or without the comment; with its line, if nothing else stands on it."""
    text = one.span.source.text
    start, end = place.start, place.end
    number = [span.start for _, span in one.rules].index(start)
    if len(one.rules) > 1:
        start, end = (one.rules[number - 1][1].end, end) if number else (start, one.rules[1][1].start)
        return Fix((Edit(Span(one.span.source, start, end), ""),))
    start, end = one.span.start, one.span.end
    while start and text[start - 1] in " \t":
        start -= 1
    if (not start or text[start - 1] == "\n") and text[end : end + 1] == "\n":
        end += 1
    return Fix((Edit(Span(one.span.source, start, end), ""),))
