"""A message that comes too soon after others for the limit of its channel, whatever the customer does."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from safar.engine import spelling
from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.model import Cap, Channel, Send, Step
from safar.engine.moves import Count, Deliver
from safar.engine.program import Program

RULE = Rule("message-over-limit", "SF411", Severity.WARNING)

Ages = tuple[int, ...]
"""At most so many seconds ago the last message went out, the one before it ..., on every way to a place."""
_ROUNDS = 200
"""Passes over a program until what still changes counts as without bound."""


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        for channel in subject.vocabulary.channels.values():
            if not any(_sends(program, number, channel) for number in program.passed()):
                continue
            for cap in channel.caps:
                if cap.window is not None and cap.count and not cap.refusal.wait:
                    for number, message in (*_over(program, channel, cap, cap.window), *_loops(program, channel, cap)):
                        step = program.places[number].step
                        if step is not None and subject.sound(step):
                            yield _finding(step, cap, message)


def _over(program: Program, channel: Channel, cap: Cap, window: int) -> Iterator[tuple[int, str]]:
    for number, ages in sorted(_ages(program, channel, cap.count, window).items()):
        if _sends(program, number, channel) and len(ages) == cap.count:
            others = f"before this message {cap.count} others go out over `{channel.name}`"
            yield number, f"{others} within {spelling.duration(window)}, on every way"


def _loops(program: Program, channel: Channel, cap: Cap) -> Iterator[tuple[int, str]]:
    """Loops whose rhythm alone is too fast: they have one message in every round."""
    for number in sorted(program.passed()):
        move = program.places[number].move
        if isinstance(move, Count) and move.every and _sends(program, program.resolve(move.body), channel):
            rounds = min(move.limit, -(-(cap.window or 0) // move.every))
            if rounds > cap.count and _length(program, number, move) <= move.every:
                yield program.resolve(move.body), f"from round {cap.count + 1} on this message comes too soon"


def _length(program: Program, head: int, loop: Count) -> float:
    """At least as long as a round takes by itself: every step in it once."""
    inside = [place.id for place in program.places if any(scope.id == loop.loop for scope in program.around(place.id))]
    edges = [edge for place in inside if place != head for edge in program.ways(place)]
    return sum(float("inf") if edge.high is None else edge.high for edge in edges)


def _sends(program: Program, number: int, channel: Channel) -> bool:
    match program.places[number].move:
        case Deliver(touchpoint=touchpoint) if not touchpoint.transactional:
            return isinstance(touchpoint.contact, Send) and touchpoint.contact.channel == channel.name
        case _:
            return False


def _ages(program: Program, channel: Channel, count: int, window: int) -> dict[int, Ages]:
    """The sure ages at every place, up to `count` of them and only those below the window.

    A message counts as gone out where the limit cannot refuse it, on whatever way: so the least ages of what may have
    gone out are followed too.
    """
    found: dict[int, tuple[Ages, Ages]] = {program.start: ((), ())}
    todo = deque([program.start])
    for _ in range(_ROUNDS * len(program.places)):
        if not todo:
            return {place: sure for place, (sure, _) in found.items()}
        here = todo.popleft()
        sure, maybe = found[here]
        if _sends(program, here, channel):
            sure = sure if len(maybe) == count else (0, *sure)[:count]
            maybe = (0, *maybe)[:count]
        for edge in (*program.ways(here), *program.interrupts(here)):
            known = found.get(edge.end)
            both = _later(sure, edge.high, window), _later(maybe, edge.low, window)
            if known is not None:
                both = tuple(map(max, zip(known[0], both[0], strict=False))), _nearest(known[1], both[1])
            if both != known:
                found[edge.end] = both
                todo.append(edge.end)
    return {}


def _later(ages: Ages, seconds: int | None, window: int) -> Ages:
    return () if seconds is None else tuple(age + seconds for age in ages if age + seconds < window)


def _nearest(one: Ages, other: Ages) -> Ages:
    """The lesser of each two ages; where only one side has so many, its own."""
    return (*map(min, zip(one, other, strict=False)), *max(one, other, key=len)[min(len(one), len(other)) :])


def _finding(step: Step, cap: Cap, message: str) -> Diagnostic:
    return RULE.at(
        name_or_line(step),
        message,
        label="always skipped by the limit",
        help="wait longer before it, or take out a message",
        related=(Related("the limit", cap.span),),
    )
