"""Why a verdict is as it is, in words: what was looked at, by which argument, and what was assumed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from safar.engine import spelling
from safar.engine.program import Program
from safar.engine.promises import (
    Apart,
    AtMost,
    Claim,
    Deed,
    Ends,
    Follows,
    Never,
    NotBefore,
    NotInStage,
    OffHours,
    OnlyIf,
    Reachable,
)
from safar.engine.prove.marks import delivered
from safar.engine.prove.verdict import Method, Outcome

if TYPE_CHECKING:
    from safar.engine.prove.prove import Answer

_MOST_NAMED = 6


def argument(claim: Claim, programs: Sequence[Program], answer: Answer) -> tuple[str, ...]:
    """Sentences, the most telling first."""
    return (*_subject(claim, programs), *_method(answer, programs), *_assumed(claim, answer))


def _subject(claim: Claim, programs: Sequence[Program]) -> Iterator[str]:
    """What the rule speaks of, and where that is."""
    for deed in deeds(claim):
        if deed.kind in ("event", "entry", "action"):
            continue
        nodes = [program.places[number].node for program in programs for number in sorted(delivered(deed, program))]
        names = list(dict.fromkeys(nodes))
        shown = ", ".join(f"`{name}`" for name in names[:_MOST_NAMED]) + (", ..." if len(names) > _MOST_NAMED else "")
        if names:
            yield f"`{_called(deed)}` is at {_counted(len(names), 'place')}: {shown}"
        else:
            yield f"`{_called(deed)}` is nowhere in {_journeys(programs)}"
    yield _asked(claim)


def _called(deed: Deed) -> str:
    if deed.kind == "messages":
        return "any messages" if deed.every else "messages"
    return deed.name or deed.kind


def _counted(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}s"


def _journeys(programs: Sequence[Program]) -> str:
    return f"`{programs[0].journey.name}`" if len(programs) == 1 else f"{len(programs)} journeys"


def _asked(claim: Claim) -> str:  # noqa: PLR0911 - one for each form
    """What would break it."""
    match claim:
        case OnlyIf(condition=condition):
            said = " ".join(condition.span.text.split())
            return f"broken by anybody for whom `{said}` is not true at the instant of delivery"
        case NotInStage(stage=stage):
            return f"broken by one while the run is in stage `{stage}`"
        case OffHours(start=start, end=end):
            hours = f"{spelling.time_of_day(start)} to {spelling.time_of_day(end)}"
            return f"broken by one from {hours}, by the customer's clock"
        case NotBefore(other=other):
            return f"broken by one in a run that has not met `{_called(other)}`"
        case Apart(within=within):
            apart = "on one date" if within is None else f"less than {spelling.duration(within)} apart"
            return f"broken by two of them {apart}"
        case Never():
            return "broken by anybody to whom it happens"
        case Follows(within=within):
            return f"broken by a run that leaves, or waits longer than {spelling.duration(within)}, before it comes"
        case AtMost(count=count):
            return f"broken by {count + 1} that count together"
        case Ends(within=within):
            return f"broken by a run that is inside for more than {spelling.duration(within)}"
        case Reachable(name=name):
            return f"broken by a persona of whom nobody comes to `{name}`"
    return ""


def _method(answer: Answer, programs: Sequence[Program]) -> Iterator[str]:
    where = _journeys(programs)
    steps = sum(len(program.places) for program in programs)
    match answer.outcome, answer.method:
        case Outcome.PROVED, Method.LIMITS:
            yield "the limits of the channels allow no more, whatever the journeys do"
        case Outcome.PROVED, Method.REPLAY:
            yield "for each persona a customer was found and replayed by the plain interpreter"
        case Outcome.PROVED, Method.BOXES:
            yield f"all ways through {where} ({steps} steps) were followed for every combination of what they ask"
        case Outcome.PROVED, Method.SOLVER:
            yield f"z3 finds no way through {where} that breaks it"
        case Outcome.PROVED, _:
            yield (
                f"all ways through {where} ({steps} steps) were followed by everybody who may come to a step, and "
                "nobody breaks it"
            )
        case Outcome.REFUTED, Method.REPLAY:
            yield "a customer was found, and the plain interpreter replayed him: the timeline is what it says"
        case Outcome.REFUTED, _:
            yield f"all ways through {where} were followed, and none leads a {answer.persona or 'customer'} there"
        case _:
            yield answer.reason


def _assumed(claim: Claim, answer: Answer) -> Iterator[str]:
    if answer.outcome is not Outcome.PROVED or answer.method is Method.REPLAY:
        return
    yield (
        "for any event at any instant, any answer after a delivery, any arm; attributes that are neither fixed nor "
        "growing may change whenever time passes, a consent too"
    )
    if isinstance(claim, Follows):
        yield "a limit that may skip the message counts as skipping it"


def deeds(claim: Claim) -> tuple[Deed, ...]:
    """What a rule speaks of."""
    match claim:
        case Follows(cause=cause, effect=effect):
            return cause, effect
        case Apart(deed=deed, other=other) | NotBefore(deed=deed, other=other):
            return deed, other
        case Never(deed=deed) | AtMost(deed=deed):
            return (deed,)
    return ()
