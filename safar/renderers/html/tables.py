"""Tables and other pieces that several parts of a report are made of."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence

from safar.engine.diagnostic import Diagnostic
from safar.renderers.html.markup import Markup, joined, tag
from safar.renderers.html.numbers import Numbers
from safar.renderers.terminal import visible

_BEFORE, _AFTER = 60, 100
"""How many letters of a line are shown before and after the place of a finding."""

Cell = str
"""A text of others, or `Markup`."""


def name(text: str) -> Markup:
    """A name or title of others, in its own direction."""
    return tag("bdi", text)


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]], *, numbers: int = 0, chart: bool = False) -> Markup:
    """Rows below heads; the first cell names the row, so many after it are figures; with `chart` the last is one."""
    body = list(rows)
    if not body:
        return Markup()
    last = len(head) - 1

    def kind(column: int) -> str | None:
        return "number" if 0 < column <= numbers else "chart" if chart and column == last else None

    heads = tag("tr", *(tag("th", text, scope="col", class_=kind(n)) for n, text in enumerate(head)))
    lines = (
        tag(
            "tr",
            tag("th", row[0], scope="row"),
            *(tag("td", one, class_=kind(n), data_head=head[n] or None) for n, one in enumerate(row[1:], 1)),
        )
        for row in body
    )
    return tag("div", tag("table", tag("thead", heads), tag("tbody", *lines)), class_="table", tabindex=0)


def section(anchor: str, title: str, *content: str) -> Markup:
    """A part of the page with its heading; nothing where there is nothing in it."""
    inside = joined(*content)
    return tag("section", tag("h2", title), inside, id=anchor) if inside else inside


def verdict(met: bool | None, numbers: Numbers) -> Markup:
    return tag("span", numbers.verdict(met), class_={True: "good", False: "bad", None: "faint"}[met])


def listed(parts: Sequence[Markup], numbers: Numbers) -> Markup:
    """Parts with commas between them."""
    return Markup(numbers.say("comma").join(parts))


def unsent(one: Mapping[str, Mapping[str, int]], numbers: Numbers) -> str:
    """Why messages were not sent, the reasons that there were."""
    return numbers.say("comma").join(
        f"{numbers.say(why)} {numbers.count(n)}" for why, n in one["suppressed"].items() if n
    )


def excerpt(one: Diagnostic) -> Markup:
    """The line of a finding, with its place marked."""
    source, span = one.span.source, one.span
    number, column = source.position(span.start)
    line, last = source.line(number), source.position(span.end)
    start, end = column - 1, last[1] - 1 if last[0] == number else len(line)
    first = max(0, start - _BEFORE)
    pieces = line[first:start], line[start : min(end, start + _AFTER)], line[end : end + _AFTER]
    if not line.strip():
        return Markup()
    before, marked, after = (Markup(html.escape(visible(piece))) for piece in pieces)
    return tag("pre", before, tag("mark", marked), after, dir="ltr")


def finding(one: Diagnostic, numbers: Numbers) -> Markup:
    """A finding with its rule, place and advice."""
    line = one.span.source.position(one.span.start)[0]
    said = tag("p", tag("strong", numbers.say(one.severity.value)), f" ({one.rule}): ", name(visible(one.message)))
    advice = tag("p", name(visible(one.help))) if one.help else Markup()
    where = tag("p", name(f"{one.span.source.path}:{line}"), class_="faint")
    return tag("div", said, advice, where, class_=f"finding {one.severity.value}")
