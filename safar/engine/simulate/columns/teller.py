"""What the recorders of a plan share: the names of places, and how conditions are put into words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from safar.engine.expression import Base, Value
from safar.engine.model import Field
from safar.engine.simulate import phrases
from safar.engine.simulate.columns.column import UNKNOWN, Column
from safar.engine.simulate.columns.expressions import Expr, in_columns
from safar.engine.simulate.columns.look import Look, Payload
from safar.engine.simulate.columns.notes import Part
from safar.engine.simulate.words import Because, is_private

if TYPE_CHECKING:
    from safar.engine.simulate.columns.plan import Plan
    from safar.engine.simulate.track import EventReady


def part(expression: Expr, look: Look) -> Part:
    return Part(expression(look), expression.node.type.base)


class Teller:
    """Without `words` no reasons are kept."""

    def __init__(self, plan: Plan, *, words: bool) -> None:
        self.plan = plan
        self.words = words
        self.places = plan.program.places
        self.nodes = [place.node for place in self.places]
        ways = [plan.program.ways(number) for number in range(len(self.nodes))]
        self.hoped = [phrases.hoped(way.label for way in all if way.kind == "pattern") for all in ways]
        track = plan.track
        ready = [one for goals in (*track.goals.values(), *track.exits.values()) for one in goals]
        self.goals = {one.name: one.why for one in ready}
        events = plan.project.vocabulary.events.values()
        self._fields: dict[tuple[str, str], Field] = {
            (event.name, field.name): field for event in events for field in event.fields
        }
        self._reasons: dict[Expr, tuple[Because, list[Expr]]] = {}
        self._hidden: dict[Expr, bool] = {}

    # --- conditions

    def because(self, condition: Expr | None, look: Look) -> list[Part]:
        """Whether a condition is known, and the values that decide it."""
        if condition is None or not self.words:
            return []
        if condition not in self._reasons:
            because = Because(condition.node, self.plan.project)
            self._reasons[condition] = because, [in_columns(one, self.plan.codes) for one in because.leaves]
        leaves = self._reasons[condition][1]
        return [Part(Column(condition(look).known), Base.YES_NO), *(part(leaf, look) for leaf in leaves)]

    def say(self, condition: Expr | None, values: Sequence[Value]) -> str:
        """These in words."""
        if condition is None or not values:
            return ""
        return self._reasons[condition][0].say(values[1:], known=values[0] is True)

    # --- payloads

    def hides(self, key: str, action: str, value: Expr) -> bool:
        """Whether an argument of an action is not to be seen."""
        if value not in self._hidden:
            declared = self.plan.project.vocabulary.actions.get(action)
            private = {field.name for field in declared.fields if field.private} if declared else set()
            self._hidden[value] = key in private or is_private(value.node, self.plan.project)
        return self._hidden[value]

    def payload(self, event: EventReady, names: Sequence[str], values: Payload) -> dict[str, Part]:
        """The fields of an event as they are written down."""
        shown = {name: Part(values.get(name, UNKNOWN), self._fields[event.name, name].type.base) for name in names}
        return {**shown, **dict.fromkeys(event.private, Part(None))}
