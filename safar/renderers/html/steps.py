"""What is said of each box of the map: its figures, its ways on, its texts, what was found there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safar.engine.diagnostic import Diagnostic
from safar.engine.moves import Deliver
from safar.engine.program import Program
from safar.engine.simulate.results import Json
from safar.renderers.flow.located import located
from safar.renderers.flow.passing import Passed
from safar.renderers.html.markup import Markup, joined, phrase, tag
from safar.renderers.html.numbers import Numbers
from safar.renderers.html.tables import finding, name, table, unsent
from safar.renderers.picture import OUTSIDE, Meaning, Picture
from safar.renderers.texts import direction, spoken


class Steps:
    """The panel beside one map."""

    def __init__(self, program: Program, picture: Picture, figures: Json, traffic: Passed, numbers: Numbers) -> None:
        self._program, self._picture, self._figures = program, picture, figures
        self._traffic, self._numbers = traffic, numbers

    def panel(self, findings: Sequence[Diagnostic], prefix: str) -> Markup:
        """A section for each box, of which the chosen one is shown; on paper all are."""
        at = located(self._program, self._picture, findings)
        parts = (self._step(number, prefix, at.get(number, [])) for number in range(len(self._picture.boxes)))
        hint = tag("p", self._numbers.say("choose"), class_="choose faint")
        return tag("div", hint, *parts, class_="panel")

    def _step(self, number: int, prefix: str, findings: list[Diagnostic]) -> Markup:
        say, box = self._numbers.say, self._picture.boxes[number]
        stage = Markup() if box.stage == OUTSIDE else phrase(self._picture.stages[box.stage].title)
        back = tag("a", say("back to map"), href=f"#{prefix}map")
        found = (finding(one, self._numbers) for one in findings)
        return tag(
            "section",
            tag("h3", phrase(box.title)),
            tag("p", stage, class_="faint") if stage else stage,
            *(tag("p", phrase(text)) for text in box.details),
            self._counts(number),
            *_titled(say("ways on"), self._ways(number)),
            *_titled(say("texts"), self._texts(box.meaning)),
            *_titled(say("findings"), joined(*found)),
            tag("p", back, class_="back"),
            id=f"{prefix}step{number}",
            class_="step",
            tabindex=-1,
        )

    def _counts(self, number: int) -> Markup:
        rows = [(self._numbers.say(key), text) for key, text in self._facts(number)]
        return tag("dl", *(tag("dt", key) + tag("dd", text) for key, text in rows)) if rows else Markup()

    def _facts(self, number: int) -> Iterator[tuple[str, str]]:
        numbers, visits = self._numbers, self._traffic.boxes[number]
        if visits is not None:
            yield "visits", f"{numbers.count(visits)} ({numbers.part(visits, self._figures['entered'])})"
        place = self._picture.boxes[number].meaning.place
        if place is None or not isinstance(place.move, Deliver):
            return
        one = self._figures["touchpoints"][place.move.touchpoint.name]
        yield "delivered", numbers.count(one["delivered"])
        if why := unsent(one, numbers):
            yield "not sent", why
        events = self._program.project.vocabulary.events
        for event, count in one["answers"].items():
            label = events[event].label if event in events else event
            yield "answers", name(label) + f": {numbers.count(count)} ({numbers.part(count, one['delivered'])})"

    def _ways(self, number: int) -> Markup:
        ways = [
            (arrow, count)
            for arrow, count in zip(self._picture.arrows, self._traffic.arrows, strict=True)
            if arrow.start == number
        ]
        whole, numbers = sum(count for _, count in ways), self._numbers
        rows = [
            (
                phrase(f"{arrow.label}: " if arrow.label else "")
                + tag("bdi", phrase(self._picture.boxes[arrow.end].title)),
                numbers.count(count),
                numbers.part(count, whole),
            )
            for arrow, count in ways
        ]
        return table([numbers.say("way"), numbers.say("count"), numbers.say("share")], rows, numbers=2)

    def _texts(self, meaning: Meaning) -> Markup:
        move = meaning.place.move if meaning.place is not None else None
        rows = [row for row in spoken(move.touchpoint) if row[1]] if isinstance(move, Deliver) else []
        rtl = self._picture.rtl
        return joined(
            *(tag("dt", self._numbers.say(key)) + tag("dd", text, dir=direction(text, rtl=rtl)) for key, text in rows)
        )


def _titled(title: str, content: Markup) -> Iterator[Markup]:
    if content:
        yield tag("h4", title)
        yield tag("dl", content) if content.startswith("<dt") else content
