"""A message that comes too soon after others for a limit, whatever the customer does."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from safar.engine import spelling
from safar.engine.check.same_instant import pairs
from safar.engine.check.some_ways import Allowed, some_ways
from safar.engine.check.spacing import Counted, Past, Spacing
from safar.engine.check.subject import Subject, name_or_line
from safar.engine.check.timeline import Timeline
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.model import Cap, Channel, Step
from safar.engine.program import Edge, Program
from safar.engine.prove.sending import caps

RULE = Rule("message-over-limit", "SF411", Severity.WARNING)

Rounds = tuple[int, ...]
"""A round of each loop around a place."""


class Late(NamedTuple):
    """The rounds in which a message is dropped, and the number of all in which it comes."""

    late: list[Rounds]
    rounds: int

    @property
    def is_always(self) -> bool:
        return len(self.late) == self.rounds


_MOST = 40
"""The messages of a limit that is followed: nobody means one with more for a single customer."""


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.clear:
        found = dropped(subject, program)
        # Of rounds at the same instant another rule speaks.
        near = {second for _, second in pairs(subject, program)} if found else set()
        for number, several in found.items():
            step, channel = program.places[number].step, subject.markets(program, number)
            for cap, late in several:
                if step is not None and channel is not None and (late.is_always or number not in near):
                    yield _finding(step, cap, channel, late)


def dropped(subject: Subject, program: Program) -> dict[int, list[tuple[Cap, Late]]]:
    """The messages that limits drop, by the number of the place."""
    return _dropped_in(subject)[program.journey.name]


@functools.lru_cache(maxsize=1)
def _dropped_in(subject: Subject) -> dict[str, dict[int, list[tuple[Cap, Late]]]]:
    return {program.journey.name: _found(subject, program) for program in subject.whole}


def _found(subject: Subject, program: Program) -> dict[int, list[tuple[Cap, Late]]]:
    sent = {number: channel for number in sorted(program.passed()) if (channel := subject.markets(program, number))}
    limits = [(cap, channels) for cap, channels in _limits(subject) if 0 < cap.count <= _MOST]
    found: dict[int, list[tuple[Cap, Late]]] = {}
    asked = [
        (cap, [number for number, channel in sent.items() if channel.name in channels]) for cap, channels in limits
    ]
    asked = [(cap, counted) for cap, counted in asked if len(counted) > cap.count or (counted and _goes_round(program))]
    if not asked:
        return found
    timeline, some = Timeline(program), some_ways(subject, program, sent)
    for cap, counted in asked:
        for number, late in _late(subject, timeline, cap, {one: sent[one] for one in counted}, some).items():
            found.setdefault(number, []).append((cap, late))
    return found


def _goes_round(program: Program) -> bool:
    """Whether a run may come to a place more than once; otherwise a limit lets through as many as there are places."""
    ways = ((place, edge) for place in program.passed() for edge in (*program.ways(place), *program.interrupts(place)))
    return any(edge.end <= place for place, edge in ways)


def _limits(subject: Subject) -> Iterator[tuple[Cap, frozenset[str]]]:
    """Every limit with the channels that count in it."""
    channels = subject.vocabulary.channels
    for channel in channels.values():
        yield from ((cap, frozenset({channel.name})) for cap in channel.caps)
    for limit in subject.vocabulary.limits.values():
        if subject.sound(limit):
            yield from ((cap, frozenset(limit.channels or channels)) for cap in limit.caps)


def _late(
    subject: Subject, timeline: Timeline, cap: Cap, sent: dict[int, Channel], some: dict[Allowed, frozenset[int]]
) -> dict[int, Late]:
    """The messages that the limit drops: on all ways, or on all that those take who come to them."""
    counted = _counted(subject, timeline.program, cap, sent)
    found = dict(_dropped(timeline, counted, frozenset(sent)))
    for allowed, places in some.items():
        left = places & sent.keys() - found.keys()
        if left:
            found |= _dropped(timeline, msgspec.structs.replace(counted, allowed=allowed), left)
    return found


def _dropped(timeline: Timeline, counted: Counted, places: frozenset[int]) -> Iterator[tuple[int, Late]]:
    spacing = Spacing(timeline, counted)
    rounds: dict[int, list[Rounds]] = {}
    late: dict[int, list[Rounds]] = {}
    for at, past in spacing.past.items():
        place, around = timeline.spots[at]
        if place in places:
            rounds.setdefault(place, []).append(around)
            if spacing.refuses(place, past):
                late.setdefault(place, []).append(around)
    yield from ((number, Late(sorted(late[number]), len(rounds[number]))) for number in sorted(late))


def _counted(subject: Subject, program: Program, cap: Cap, sent: dict[int, Channel]) -> Counted:
    week, starts = subject.week(program), subject.project.settings.week_starts
    unit, may_wait = cap.calendar or "day", cap.refusal.up_to if cap.refusal.wait else 0
    held = {number: _held_before(program, channel, cap) for number, channel in sent.items()}
    crossed: dict[int, bool] = {}

    def crosses(edge: Edge) -> bool:
        if id(edge) not in crossed:
            crossed[id(edge)] = week.crosses(edge, unit, starts)
        return crossed[id(edge)]

    def drops(place: int, past: Past) -> bool:
        if cap.window is None:
            return not held[place] and (not cap.refusal.wait or week.left(place, unit, starts) > may_wait)
        return past.sure[-1] + max(held[place], may_wait) < cap.window

    return Counted(cap=cap, places=sent, crosses=crosses, drops=drops)


def _held_before(program: Program, channel: Channel, cap: Cap) -> int:
    """The longest that limits which are asked earlier may hold a message."""
    asked = caps(program.project, channel)
    earlier = asked[: next(number for number, one in enumerate(asked) if one is cap)]
    return max((one.refusal.up_to for one in earlier if one.refusal.wait), default=0)


def _finding(step: Step, cap: Cap, channel: Channel, late: Late) -> Diagnostic:
    return RULE.at(
        name_or_line(step),
        _message(cap, channel, *late),
        label=_label(cap, late.is_always),
        help="wait longer before it, or take out a message",
        related=(Related("the limit", cap.span),),
    )


def _message(cap: Cap, channel: Channel, late: Sequence[Rounds], rounds: int) -> str:
    if len(late) < rounds:
        return f"{_when(late, rounds)} this message comes too soon"
    others = "another goes out" if cap.count == 1 else f"{cap.count} others go out"
    if cap.window is None:
        return f"before this message {others} on the same calendar {cap.calendar}, on every way"
    over = f" over `{channel.name}`" if channel.caps and any(one is cap for one in channel.caps) else ""
    return f"before this message {others}{over} within {spelling.duration(cap.window)}, on every way"


def _when(late: Sequence[Rounds], rounds: int) -> str:
    """The rounds of a loop in which it is so."""
    numbers = [one[-1] for one in late]
    if any(len(one) > 1 for one in late):
        return f"in {len(late)} of {rounds} rounds"
    if numbers == list(range(numbers[0], rounds + 1)):
        return f"from round {numbers[0]} on"
    if numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"in round {numbers[0]}" if len(numbers) == 1 else f"in rounds {numbers[0]} to {numbers[-1]}"
    return f"in {len(late)} of {rounds} rounds"


def _label(cap: Cap, always: bool) -> str:
    often = "always " if always else ""
    if cap.refusal.wait:
        return f"{often}held too long by the limit, and dropped"
    return f"{often}skipped by the limit"
