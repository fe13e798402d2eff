"""The page of a preview: the map and what was found beside each other, in pieces that are renewed one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from safar.engine.diagnostic import Diagnostic, Severity
from safar.engine.model import Journey
from safar.engine.program import Program
from safar.renderers.captions import caption
from safar.renderers.flow.located import located
from safar.renderers.html.flow import framed
from safar.renderers.html.markup import Markup, joined, phrase, tag
from safar.renderers.html.numbers import Numbers
from safar.renderers.html.page import page
from safar.renderers.html.tables import excerpt, finding
from safar.renderers.labels import apart, clean
from safar.renderers.phrases import pretty
from safar.renderers.terminal import visible
from safar.renderers.view import view

MOST = 100
"""Findings that are shown."""


def whole(title: str, language: str, parts: Mapping[str, str]) -> str:
    """The page as it begins; `parts` are its head, map and findings."""
    places = (
        tag("header", Markup(parts["head"]), id="head"),
        tag("main", Markup(parts["map"]), id="map"),
        tag("aside", Markup(parts["findings"]), id="findings", tabindex=0, aria_label=caption(language, "findings")),
        tag("p", caption(language, "ended"), id="ended", role="alert", hidden=""),
    )
    return page(title, language, *places, kind="preview", live=True)


def head(title: str, language: str, journeys: Sequence[tuple[str, str, bool]], form: str) -> Markup:
    """The title and what else can be shown.  `journeys` are names, titles and which is shown."""

    def link(text: str, address: str, *, here: bool) -> Markup:
        return tag("a", text, href=address, aria_current="page" if here else None)

    shown = next((name for name, _, here in journeys if here), "")
    others = [link(phrase(said), f"?journey={name}&as={form}", here=here) for name, said, here in journeys]
    forms = [
        link(caption(language, f"{one} form"), f"?journey={shown}&as={one}", here=one == form)
        for one in ("flow", "map")
    ]
    groups = [tag("span", *links) for links in (others if len(others) > 1 else (), forms) if links]
    return joined(tag("h1", phrase(title)), tag("nav", *groups, aria_label=caption(language, "forms")))


def titled(journey: Journey) -> str:
    return apart(journey.title or pretty(journey.name))


def window_title(title: str, found: Sequence[Diagnostic]) -> str:
    """What the window is called: with the number of errors before it."""
    errors = sum(one.severity is Severity.ERROR for one in found)
    return f"({errors}) {clean(title)}" if errors else clean(title)


def mapped(svg: str, language: str) -> Markup:
    return framed(svg, language, wheel="plain")


def empty(text: str) -> Markup:
    """In place of a map."""
    return tag("p", visible(text), class_="empty")


class Told(msgspec.Struct, frozen=True):
    """What is told beside the map: of which file, what was found (None: it was not read), what else is to be said."""

    path: str
    found: Sequence[Diagnostic] | None
    notes: tuple[str, ...] = ()


def findings(told: Told, program: Program | None, language: str) -> Markup:
    """How many there are, what else is to be said, and each, the worst first; with `program` also where on its flow."""
    numbers, order = Numbers(language), tuple(Severity)
    found = sorted(told.found or (), key=lambda one: order.index(one.severity))
    boxes = places(program, found) if program is not None else {}
    items = [
        tag("li", finding(one, numbers), excerpt(one), _link(boxes.get(id(one)), language), class_=one.severity.value)
        for one in found[:MOST]
    ]
    more = tag("p", caption(language, "further", count=numbers.count(len(found) - MOST)), class_="faint")
    return joined(
        tag("h2", tag("bdi", visible(told.path))),
        tag("p", summary(found, numbers), class_=_worst(found), role="status") if told.found is not None else "",
        *(tag("p", visible(note), class_="note") for note in told.notes),
        tag("ol", *items) if items else "",
        more if len(found) > MOST else "",
    )


def summary(found: Sequence[Diagnostic], numbers: Numbers) -> str:
    """How many errors, warnings and notes."""
    counts = [(one.value, sum(item.severity is one for item in found)) for one in Severity]
    said = [
        caption(numbers.language, f"one {word}")
        if count == 1
        else caption(numbers.language, f"{word}s", count=numbers.count(count))
        for word, count in counts
        if count
    ]
    return numbers.say("comma").join(said) or numbers.say("well")


def _worst(found: Sequence[Diagnostic]) -> str:
    present = {one.severity for one in found}
    return next((f"count {one.value}" for one in Severity if one in present), "count good")


def _link(box: str | None, language: str) -> Markup:
    return tag("a", caption(language, "show"), href=f"#{box}", class_="show") if box else Markup()


def places(program: Program, found: Sequence[Diagnostic]) -> dict[int, str]:
    """The id of the box of the flow map in which a finding is, by the finding's `id`."""
    picture = view(program)
    return {
        id(one): f"{picture.key}-n{number}" for number, some in located(program, picture, found).items() for one in some
    }
