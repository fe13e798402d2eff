"""How customers come: who they are, what their first event brings, and whom the entry lets in."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safar.engine.model import Arrival, Assign, PersonaDeclared, Project
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.simulate import chance
from safar.engine.simulate.draw import defaults
from safar.engine.simulate.exact.amounts import possible
from safar.engine.simulate.exact.crowds import Crowd, Crowds, Known, Origin, Scene, Spread
from safar.engine.simulate.exact.expand import Expander
from safar.engine.simulate.exact.matters import Matters
from safar.engine.simulate.exact.state import Edge, Reward, State


class Entering:
    def __init__(self, expander: Expander, crowds: Crowds, matters: Matters) -> None:
        self._expander, self._crowds, self._matters = expander, crowds, matters
        self._program: Program = expander.program
        self._project: Project = self._program.project

    def edges(self) -> Iterator[Edge]:
        """The ways of all customers to the first place, or past it."""
        for share, persona in self._personas():
            for inner, crowd, origins in self._drawn(persona):
                for met, here, scene in self._met(persona, crowd, origins):
                    yield from self._attempt(share * inner * met, here, scene)

    def _personas(self) -> Iterator[tuple[float, PersonaDeclared | None]]:
        personas = tuple(self._project.vocabulary.personas.values())
        begin = 0
        for persona, end in zip(personas, chance.thresholds(one.share for one in personas), strict=True):
            if end > begin:
                yield (end - begin) / chance.ONE, persona
            begin = end
        if begin < chance.ONE:
            yield 1 - begin / chance.ONE, None

    def _drawn(self, persona: PersonaDeclared | None) -> Iterator[tuple[float, Crowd, dict[str, Origin]]]:
        """The attributes that matter, as the persona draws them, one after the other."""
        wanted = self._matters.attributes
        start: dict[str, Origin] = {k: Known(v) for k, v in defaults(self._project).items() if k in wanted}
        found = [(1.0, Crowd(persona.name if persona is not None else None), start)]
        for draw in persona.draws if persona is not None else ():
            if draw.attribute in wanted:
                may = self._project.vocabulary.attributes[draw.attribute].type.unknown
                found = [
                    (share * inner, *_bound(self._crowds, part, origins, (draw.attribute, value), may=may))
                    for share, crowd, origins in found
                    for inner, part, value in possible(
                        self._crowds, draw.cases, draw.type, crowd, Scene(_sorted(origins))
                    )
                ]
        yield from found

    def _met(
        self, persona: PersonaDeclared | None, crowd: Crowd, origins: dict[str, Origin]
    ) -> Iterator[tuple[float, Crowd, Scene]]:
        """The event that begins the run, with the fields that matter, and its `then set` lines."""
        journey = self._program.journey
        event = next((entry.event for entry in journey.entries if entry.event), "")
        arrival: Arrival | None = journey.arrive
        if persona is not None and persona.arrive is not None:
            arrival = persona.arrive
        found = [(1.0, crowd, dict(origins))]
        for filled in arrival.payload if arrival is not None and event else ():
            found = [
                (share * inner, *_bound(self._crowds, part, known, (f"entry.{filled.field}", value), may=True))
                for share, one, known in found
                for inner, part, value in possible(self._crowds, filled.cases, filled.type, one, Scene(_sorted(known)))
            ]
        for share, one, known in found:
            scene = Scene(_sorted(known))
            for change in self._matters.changes(fold(event)) if event else ():
                scene = msgspec.structs.replace(scene, origins=self._set(scene, change, one))
            yield share, one, scene

    def _set(self, scene: Scene, change: Assign, crowd: Crowd) -> tuple[tuple[str, Origin], ...]:
        """The fields of the event at hand are those of the entry."""
        return tuple(one for one in self._crowds.put(_at_hand(scene), change, crowd) if not one[0].startswith("event."))

    def _attempt(self, share: float, crowd: Crowd, scene: Scene) -> Iterator[Edge]:
        entries = self._program.journey.entries
        todo = [(share, crowd)]
        admitted = [] if entries else todo
        for entry in entries:
            left: list[tuple[float, Crowd]] = []
            for weight, part in todo:
                for inner, one, true in self._crowds.split(part, entry.condition, _at_hand(scene)):
                    (admitted if true else left).append((weight * inner, one))
            todo = left
        for weight, _ in todo if entries else ():
            yield Edge(weight, None, 0.0, (Reward(("attempt", "not_eligible")),))
        for weight, part in admitted:
            yield from self._admitted(weight, part, scene)

    def _admitted(self, share: float, crowd: Crowd, scene: Scene) -> Iterator[Edge]:
        hold_out = self._program.journey.hold_out
        held = chance.threshold(hold_out.share) / chance.ONE if hold_out is not None else 0.0
        if held:
            yield Edge(share * held, None, 0.0, (Reward(("attempt", "held_out")),))
        wanted = tuple(
            (name, origin) for name, origin in scene.origins if "." not in name or name in self._matters.fields
        )
        state = State(place=0, crowd=crowd, origins=wanted)
        rewards = [Reward(("entered",))]
        rewards += [Reward(("persona", crowd.persona))] if crowd.persona is not None else []
        yield self._expander.begin(state, share * (1 - held), tuple(rewards))


def _at_hand(scene: Scene) -> Scene:
    """In the condition of an `enter` line the event's fields are at hand under either name."""
    fields = [(f"event.{name[6:]}", origin) for name, origin in scene.origins if name.startswith("entry.")]
    return msgspec.structs.replace(scene, origins=_sorted(dict((*scene.origins, *fields))))


def _bound(
    crowds: Crowds, crowd: Crowd, origins: dict[str, Origin], drawn: tuple[str, Origin | Spread], *, may: bool
) -> tuple[Crowd, dict[str, Origin]]:
    """A drawn value joins the crowd as a variable; one that may not be unknown stays as it was."""
    name, value = drawn
    if not isinstance(value, tuple):
        if isinstance(value, Known) and value.value is None and not may:
            return crowd, origins
        return crowd, {**origins, name: value}
    crowd, origin = crowds.bind(crowd, name, value)
    return crowd, {**origins, name: origin}


def _sorted(origins: dict[str, Origin]) -> tuple[tuple[str, Origin], ...]:
    return tuple(sorted(origins.items(), key=lambda pair: pair[0]))
