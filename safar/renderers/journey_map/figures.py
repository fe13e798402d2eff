"""What a simulation says, as the notes of a journey map tell it."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.model import Measure
from safar.engine.program import COMPLETED
from safar.renderers.journey_map.moments import Moment
from safar.renderers.journey_map.sheet import Note
from safar.renderers.labels import apart, left_to_right
from safar.renderers.phrases import pretty
from safar.renderers.traffic import Figure, Traffic
from safar.renderers.words import Words


class Figures:
    """Counts and values in the words of one language; without a simulation there are none."""

    def __init__(self, traffic: Traffic | None, words: Words) -> None:
        self.traffic, self.words = traffic, words

    def came(self, stage: str) -> Iterator[Note]:
        """How many came into a stage, how many of them left there."""
        found = self.traffic.stages.get(stage) if self.traffic is not None else None
        if found is None or self.traffic is None:
            return
        entered = self.traffic.entered
        left = sum(found.left.values())
        ways = sorted(found.left.items(), key=lambda way: -way[1])
        gone = [self._left(outcome, many) for outcome, many in ways if many]
        yield Note(
            self.words.say("come", count=self.words.count(found.came), share=self._share(found.came, entered)),
            (self.words.say("leave", count=self.words.count(left), share=self._share(left, found.came)), *gone),
            bar=min(found.came / entered, 1.0) if entered else 0.0,
        )

    def delivered(self, moment: Moment) -> tuple[str, ...]:
        """How often a touchpoint was met."""
        name = moment.touchpoint.name if moment.touchpoint is not None else ""
        found = self.traffic.touchpoints.get(name) if self.traffic is not None else None
        return (self.words.say("met times", count=self.words.count(found.delivered)),) if found is not None else ()

    def measured(self, measure: Measure, touchpoint: str = "") -> str:
        """What a measure came to, of the journey or of a touchpoint; empty where that is not known."""
        if self.traffic is None:
            return ""
        table = self.traffic.measures
        if touchpoint:
            found = self.traffic.touchpoints.get(touchpoint)
            table = found.measures if found is not None else {}
        figure = table.get(measure.name)
        if figure is None or figure.value is None:
            return ""
        told = self.words.say("simulated", value=self._value(figure, figure.value, measure))
        if figure.met is None:
            return told
        return self.words.say("named", what=told, condition=self.words.say("target met" if figure.met else "missed"))

    def _left(self, outcome: str, many: int) -> str:
        name = self.words.say("completed") if outcome == COMPLETED else apart(pretty(outcome))
        return self.words.say("named", what=name, condition=self.words.count(many))

    def _share(self, part: int, whole: int) -> str:
        return self.words.digits(f"{100 * part / whole:.0f}%" if whole else "0%")

    def _value(self, figure: Figure, value: float, measure: Measure) -> str:
        if figure.unit == "s":
            return self.words.about(round(value))
        if figure.unit:
            return left_to_right(self.words.digits(f"{value:z.2f} {figure.unit}"))
        if measure.target is not None and measure.target.unit == "%":
            return self.words.digits(f"{100 * value:.1f}%")
        return self.words.digits(f"{value:.3g}")
