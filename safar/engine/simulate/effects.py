"""Effects made ready: what takes no time and leaves the run where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from safar.engine.expression import Expression, Heard, Value
from safar.engine.model import Assign, Do, Project
from safar.engine.moves import DoAction, EffectKind, GiveTask, SetAttribute, StartJourney
from safar.engine.names import fold
from safar.engine.simulate import entries, phrases
from safar.engine.simulate.evaluate import ready
from safar.engine.simulate.happening import What
from safar.engine.simulate.run import Run
from safar.engine.simulate.situation import Payload
from safar.engine.simulate.track import Effect
from safar.engine.simulate.words import PRIVATE, is_private

if TYPE_CHECKING:
    from safar.engine.simulate.life import Life


def effect(kind: EffectKind, project: Project) -> Effect:
    match kind:
        case SetAttribute(assign):
            return _set(assign, project)
        case DoAction(call):
            return action(call, project)
        case GiveTask(team, what):
            return _task(team, what)
        case StartJourney(journey):
            return _start(journey)
        case _:
            assert_never(kind)


def _set(assign: Assign, project: Project) -> Effect:
    attribute, value = project.vocabulary.attributes[assign.attribute], ready(assign.value)

    def do(life: Life, run: Run, node: str, payload: Payload) -> None:
        life.set(attribute, value(life, run, payload), run, node)

    return do


def action(call: Do, project: Project) -> Effect:
    """The action is done: it joins the history, so that a goal, a condition or an interrupt may be about it."""
    name = (Heard.ACTION, fold(call.action))
    declared = project.vocabulary.actions.get(call.action)
    private = {field.name for field in declared.fields if field.private} if declared else set()

    def masked(key: str, node: Expression) -> bool:
        return key in private or is_private(node, project)

    arguments = [(key, ready(node), masked(key, node)) for key, node in call.arguments]

    def do(life: Life, run: Run, node: str, payload: Payload) -> None:
        given: dict[str, Value] = {key: value(life, run, payload) for key, value, _ in arguments}
        record = life.happened(name, run.mark(given))
        shown = {key: PRIVATE if hide else given[key] for key, _, hide in arguments}
        life.note(What.DONE, run, step=node, detail=call.action, payload=shown or None, number=record.number)
        life.reach(record)
        life.announce(record)

    return do


def _task(team: str, what: str) -> Effect:
    def do(life: Life, run: Run, node: str, payload: Payload) -> None:
        life.note(What.DONE, run, step=node, detail=team, why=what)

    return do


def _start(journey: str) -> Effect:
    """Alone, a start is only recorded; with all journeys the customer tries to enter, and acts when this run rests."""

    def do(life: Life, run: Run, node: str, payload: Payload) -> None:
        alone = life.shared.alone
        why = phrases.ALONE if alone and life.words else ""
        life.note(What.DONE, run, step=node, detail=journey, why=why)
        if not alone:
            entries.start(life, journey, run.track.name)

    return do
