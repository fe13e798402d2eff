"""What a simulation gave, as one page that needs nothing but itself: for a meeting, a mail, a printer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from safar import __version__
from safar.engine.diagnostic import Diagnostic
from safar.engine.program import Program
from safar.engine.simulate.draw import project_zone
from safar.engine.simulate.results import Json, Result, as_json
from safar.renderers import svg, traffic
from safar.renderers.flow.figures import figured
from safar.renderers.flow.located import located
from safar.renderers.flow.passing import passing
from safar.renderers.html.flow import framed
from safar.renderers.html.links import linked
from safar.renderers.html.markup import Markup, joined, phrase, tag
from safar.renderers.html.numbers import Numbers
from safar.renderers.html.page import page
from safar.renderers.html.sections import Sections, marketing
from safar.renderers.html.steps import Steps
from safar.renderers.html.tables import finding, section, verdict
from safar.renderers.html.tornado import Tornado, TornadoError, drawn
from safar.renderers.picture import Picture
from safar.renderers.placing import placed
from safar.renderers.view import view


class _Part(msgspec.Struct, frozen=True):
    """One journey's part of a report: its sections by anchor and title."""

    title: Markup
    cards: Markup
    sections: tuple[tuple[str, str, Markup], ...]


def report(
    result: Result, findings: Sequence[Diagnostic] = (), *, engine: str = "", tornado: Tornado | None = None
) -> str:
    """The page on a result, in the language of its (first) journey; `findings` stand at the steps they are about.

    Raises `DrawingError` where no engine can lay the map out, `TornadoError` where `tornado` is of another journey.
    """
    figures = as_json(result)
    pictures = [view(program) for program in result.programs]
    numbers = Numbers(pictures[0].words.language)
    parts = [
        _part(result, number, picture, _own(result, figures, program), numbers, findings, engine)
        for number, (program, picture) in enumerate(zip(result.programs, pictures, strict=True))
    ]
    title = numbers.say("report of all") if result.together else numbers.say("report", journey=pictures[0].title)
    body = tag(
        "main",
        tag(
            "header", tag("h1", phrase(title)), tag("p", phrase(_conditions(result, figures, numbers)), class_="faint")
        ),
        _contents(parts, tornado, numbers),
        *(_body(part, several=result.together) for part in parts),
        _totals(result, figures, numbers),
        _sensitivity(result, tornado, numbers),
        tag("footer", numbers.say("made by", version=numbers.written(__version__))),
        class_="report",
    )
    return page(title, numbers.language, body, kind="figures-page")


def _own(result: Result, figures: Json, program: Program) -> Json:
    own: Json = figures["journeys"][program.journey.name] if result.together else figures
    return own


def _conditions(result: Result, figures: Json, numbers: Numbers) -> str:
    start = numbers.instant(result.start, project_zone(result.project))
    said = numbers.say(
        "run", customers=numbers.count(figures["customers"]), start=start, seed=numbers.written(str(figures["seed"]))
    )
    return said + (" · " + numbers.say("rejected", rows=numbers.count(result.rejected)) if result.rejected else "")


def _contents(parts: list[_Part], tornado: Tornado | None, numbers: Numbers) -> Markup:
    several = len(parts) > 1
    links = [
        tag("li", tag("a", *([part.title, ": "] if several else []), title, href=f"#{anchor}"))
        for part in parts
        for anchor, title, content in part.sections
        if content
    ]
    if tornado is not None:
        links.append(tag("li", tag("a", numbers.say("sensitivity"), href="#sensitivity")))
    return tag("nav", tag("ul", *links), aria_label=numbers.say("contents"))


def _body(part: _Part, *, several: bool) -> Markup:
    head = tag("h2", part.title) if several else Markup()
    return joined(head, part.cards, *(section(*one) for one in part.sections))


def _part(  # noqa: PLR0913, PLR0917 - what one journey's part is made of
    result: Result,
    number: int,
    picture: Picture,
    figures: Json,
    numbers: Numbers,
    findings: Sequence[Diagnostic],
    engine: str,
) -> _Part:
    program, prefix = result.programs[number], f"j{number}-"
    own = [one for one in findings if one.span.source.path == program.journey.span.source.path]
    sections = Sections(program, figures, result.counts[program.journey.name].times, numbers)
    drawn = _map(program, picture, figures, numbers, own, prefix, engine)
    elsewhere = _others(program, picture, own)
    said = joined(*(finding(one, numbers) for one in elsewhere))
    kept = (
        ("goals", "goals", sections.goals()),
        ("map", "journey map", drawn),
        ("funnel", "funnel", sections.funnel()),
        ("outcomes", "how it ended", sections.outcomes()),
        ("splits", "splits", sections.splits()),
        ("personas", "personas", sections.personas()),
        ("times", "time to goal", sections.times()),
        ("messages", "messages", sections.messages()),
        ("measures", "measures", sections.measures()),
        ("findings", "findings", said),
    )
    return _Part(
        phrase(picture.title),
        _cards(program, figures, numbers),
        tuple((prefix + anchor, numbers.say(key), content) for anchor, key, content in kept),
    )


def _others(program: Program, picture: Picture, findings: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Findings that belong to no step."""
    told = {id(one) for some in located(program, picture, findings).values() for one in some}
    return [one for one in findings if id(one) not in told]


def _map(  # noqa: PLR0913, PLR0917 - as above
    program: Program,
    picture: Picture,
    figures: Json,
    numbers: Numbers,
    findings: Sequence[Diagnostic],
    prefix: str,
    engine: str,
) -> Markup:
    """The map with its figures, and the panel beside it."""
    told = traffic.of(figures)
    drawn = placed(figured(program, picture, told), engine)
    change = linked(picture, drawn.sized.picture, numbers, prefix)
    frame = framed(svg.write(drawn), numbers.language, prefix=prefix, change=change)
    passed = passing(program, picture, told)
    panel = Steps(program, picture, figures, passed, numbers).panel(findings, prefix)
    hint = tag("p", numbers.say("map told"), class_="faint")
    return joined(hint, tag("div", frame, panel, class_="beside"))


def _cards(program: Program, figures: Json, numbers: Numbers) -> Markup:
    cards = [_card(numbers.say("entered"), numbers.count(figures["entered"]), _attempts(figures, numbers))]
    for goal in program.journey.goals:
        own = figures["goals"][goal.name]
        met = joined(numbers.target(goal.target), " ", verdict(own["met"], numbers)) if goal.target else ""
        cards.append(_card(tag("bdi", goal.label), numbers.share(own["rate"]), met))
    sent = marketing(program, figures)
    cards.append(_card(numbers.say("messages per run"), numbers.each(sent, figures["entered"]), ""))
    cards += _money(figures, numbers)
    return tag("dl", *cards, class_="cards", aria_label=numbers.say("in short"))


def _money(figures: Json, numbers: Numbers) -> Iterator[Markup]:
    for key in ("cost", "revenue"):
        yield _card(numbers.say(key), numbers.money(figures[key]), "")
    both = sorted({*figures["cost"]} & {*figures["revenue"]})
    if both:
        left = {currency: figures["revenue"][currency] - figures["cost"][currency] for currency in both}
        yield _card(numbers.say("margin"), numbers.money(left), "")


def _attempts(figures: Json, numbers: Numbers) -> str:
    return numbers.say("comma").join(
        f"{numbers.say(word)} {numbers.count(n)}" for word, n in figures["attempts"].items() if n
    )


def _card(head: str, figure: str, more: str) -> Markup:
    return tag("div", tag("dt", head), tag("dd", figure), *([tag("dd", more)] if more else []), class_="card")


def _sensitivity(result: Result, tornado: Tornado | None, numbers: Numbers) -> Markup:
    if tornado is None:
        return Markup()
    goals = [goal for program in result.programs for goal in program.journey.goals if goal.name == tornado.goal]
    if not goals:
        raise TornadoError(f"the table of assumptions is about the goal `{tornado.goal}`, which is not in the report")
    return section("sensitivity", numbers.say("sensitivity"), drawn(tornado, goals[0].label, numbers))


def _totals(result: Result, figures: Json, numbers: Numbers) -> Markup:
    """What several journeys gave together."""
    if not result.together:
        return Markup()
    program = result.programs[0]
    own = {**_own(result, figures, program), "channels": figures["channels"]}
    channels = Sections(program, own, {}, numbers).channels(figures, 0)
    money = tag("dl", *_money(figures, numbers), class_="cards")
    return section("all", numbers.say("all messages"), money, channels)
