"""What customers do in answer to a touchpoint, all of it drawn at its delivery."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from safar.engine.model import ChanceCase, Delay, Response, Touchpoint
from safar.engine.names import fold
from safar.engine.simulate import chance
from safar.engine.simulate.draw import Fields, payload
from safar.engine.simulate.evaluate import ready
from safar.engine.simulate.history import NOTHING
from safar.engine.simulate.order import ANSWER
from safar.engine.simulate.run import Run
from safar.engine.simulate.situation import Payload, Reading, Situation

if TYPE_CHECKING:
    from safar.engine.simulate.life import Life


class _Line(msgspec.Struct, frozen=True):
    """`number` is its place among all lines of the touchpoint, outer before inner."""

    number: int
    event: str
    part: int
    chance: tuple[tuple[Reading | None, int], ...]
    delay: Delay
    payload: Fields
    then: tuple[_Line, ...]


class Answer(msgspec.Struct, frozen=True):
    """An answer on its way: it comes if the visit is still the latest and the run still followed."""

    run: Run
    visit: int
    touchpoint: str
    step: str
    event: str
    payload: Payload


def _cases(cases: tuple[ChanceCase, ...]) -> tuple[tuple[Reading | None, int], ...]:
    return tuple(
        (ready(one.condition) if one.condition is not None else None, chance.threshold(one.chance)) for one in cases
    )


def first_true(cases: tuple[tuple[Reading | None, int], ...], now: Situation, run: Run | None) -> int:
    """The threshold of the first case whose condition is true; 0 if there is none."""
    for condition, threshold in cases:
        if condition is None or condition(now, run, NOTHING) is True:
            return threshold
    return 0


def _lines(responses: tuple[Response, ...], first: int) -> tuple[_Line, ...]:
    lines = []
    for one in responses:
        inner = _lines(one.then, first + 1)
        part = chance.name_part(one.key)
        lines.append(_Line(first, fold(one.event), part, _cases(one.chance), one.delay, payload(one.payload), inner))
        first += 1 + _size(inner)
    return tuple(lines)


def _size(lines: tuple[_Line, ...]) -> int:
    return sum(1 + _size(line.then) for line in lines)


Answers = Callable[["Life", Run, int], None]


def answers(touchpoint: Touchpoint, step: str, journey: int) -> Answers | None:
    """Draws all answers to a delivery at a visit; `journey` is the part of its name."""
    if not touchpoint.responds:
        return None
    lines = _lines(touchpoint.responds, 0)
    parts = [chance.together(journey, chance.name_part(step), line.part) for line in lines]
    place = fold(touchpoint.name), fold(step)

    def draw(life: Life, run: Run, visit: int) -> None:
        life.deliveries += 1
        for line, part in zip(lines, parts, strict=True):
            key = chance.mix(life.key, chance.together(part, visit, run.entry))
            _draw(life, run, key, line, place, life.now)

    return draw


def _draw(life: Life, run: Run, key: int, line: _Line, place: tuple[str, str], at: int) -> None:
    """A line and those within it, counted from `at`; one uniform number says whether and when."""
    below = first_true(line.chance, life, run)
    u = chance.uniform(key)
    if u >= below:
        return
    delay = line.delay
    comes = at + (delay.low if delay.kind == "fixed" else chance.delay(delay.kind, delay.low, delay.high, u / below))
    if comes > run.until:
        return
    given = run.carry(line.payload(life, run, key), life.shared.events[line.event].fields)
    answer = Answer(run, run.visit, *place, line.event, given)
    life.schedule(comes, ANSWER, (life.deliveries, line.number), life.answer, answer)
    for inner in line.then:
        _draw(life, run, chance.mix(key, inner.part), inner, place, comes)
