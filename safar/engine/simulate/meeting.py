"""A touchpoint made ready: arriving, the checks of its channel, the delivery and all that hangs on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safar.engine.expression import Heard
from safar.engine.model import Touchpoint
from safar.engine.names import fold
from safar.engine.simulate import phrases
from safar.engine.simulate.answers import answers
from safar.engine.simulate.channel import Refused
from safar.engine.simulate.effects import action
from safar.engine.simulate.happening import What
from safar.engine.simulate.history import NOTHING
from safar.engine.simulate.making import Making
from safar.engine.simulate.run import Run, State
from safar.engine.simulate.track import Way

if TYPE_CHECKING:
    from safar.engine.simulate.life import Life


class Meeting:
    """One place at which a touchpoint is met."""

    def __init__(self, touchpoint: Touchpoint, making: Making) -> None:
        step = making.name or touchpoint.name
        self._touchpoint = touchpoint
        self._then, self._node = making.way("next"), making.node
        self._name, self._step = fold(touchpoint.name), fold(step)
        self._channel, self._checks, self._counters = making.counters.contact(touchpoint)
        self._actions = [action(call, making.project) for call in touchpoint.actions]
        self._answers = answers(touchpoint, step, making.journey_part)

    def arrive(self, life: Life, run: Run) -> Way | None:
        """A new visit: answers to earlier ones are withdrawn."""
        run.visit += 1
        run.latest[self._name] = run.latest_at[self._step] = run.visit
        run.visited[self._step] = run.visited.get(self._step, 0) + 1
        run.arrived = life.now
        return self.ask(life, run)

    def ask(self, life: Life, run: Run) -> Way | None:
        """All checks, from the first on; the first that refuses decides."""
        for check in self._checks:
            refused = check(life, run, life.sent)
            if refused is not None:
                return self._refuse(life, run, refused)
        self._deliver(life, run)
        return self._then

    def _refuse(self, life: Life, run: Run, refused: Refused) -> Way | None:
        if refused.wait is None:
            self._note(life, run, What.SUPPRESSED, refused.reason, refused.why)
            return self._then
        latest = run.arrived + refused.wait
        if life.now >= latest:
            why = phrases.held_too_long(run.arrived, refused.why, life.zone) if life.words else ""
            self._note(life, run, What.SUPPRESSED, "held", why)
            return self._then
        until = latest if refused.until is None else min(refused.until, latest)
        why = phrases.held(refused.why, until, life.zone) if life.words else ""
        self._note(life, run, What.HELD, refused.reason, why)
        life.rest(run, until, State.HELD)
        return None

    def _deliver(self, life: Life, run: Run) -> None:
        for counter in self._counters:
            life.sent[counter].append(life.now)
        record = life.happened((Heard.TOUCHPOINT, self._name), run.mark(NOTHING))
        run.delivered[self._name] = run.delivered[self._step] = record.number, run.visit, self._name, self._step
        why = self._passed(life, run) if life.words else ""
        self._note(life, run, What.DELIVERED, self._channel, why, record.number)
        life.reach(record)
        life.announce(record)
        for do in self._actions:
            do(life, run, self._node, NOTHING)
        if self._answers is not None and life.draws:
            self._answers(life, run, run.visited[self._step])

    def _passed(self, life: Life, run: Run) -> str:
        if self._touchpoint.transactional:
            return phrases.TRANSACTIONAL
        if not self._checks:
            return ""
        return phrases.passed(self._channel, run.arrived, life.now, life.zone)

    def _note(self, life: Life, run: Run, what: What, detail: str, why: str, number: int = 0) -> None:
        name = self._touchpoint.name
        life.note(what, run, step=self._node, why=why, detail=detail, touchpoint=name, number=number)
