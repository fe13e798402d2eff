"""Scenarios run: what was expected, what came, and why."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.claims.judge import Broken, broken
from safar.engine.claims.telling import Teller, Telling
from safar.engine.moves import Draw
from safar.engine.names import fold
from safar.engine.promises import Claim, Scenario, Scripted, TakesPath
from safar.engine.simulate.happening import What
from safar.engine.test.reasons import Reason, why_not
from safar.engine.test.results import Failure, Tested, Verdict

_REFUSED = (What.NOT_ELIGIBLE, What.INSIDE, What.TOO_SOON)


def run_scenario(teller: Teller, scenario: Scenario) -> Tested:
    """Tell a scenario and judge it.  Nothing is drawn: the same scenario always gives the same.

    It fails where an expectation is broken, and where the script does not fit the journey: nobody enters, a split is
    met without a `take`, an answer comes without a delivery, or nothing is expected.
    Raises `LimitExceededError` where the journey runs without end.
    """
    telling = teller.tell(scenario)
    failures = tuple(_failures(teller, scenario, telling))
    verdict = Verdict.FAILED if failures else Verdict.PASSED
    return Tested(test=scenario, project=teller.project, verdict=verdict, failures=failures, story=telling.story)


def _failures(teller: Teller, scenario: Scenario, telling: Telling) -> Iterator[Failure]:
    """Where the story breaks off, the rest of what is expected is not looked at: that is no mistake of its own."""
    if not scenario.expects:
        yield _empty(scenario)
    if not telling.story.runs:
        yield _no_entry(scenario, telling)
    elif telling.untaken:
        yield from (_untaken(teller, scenario, telling, split) for split in telling.untaken)
    else:
        yield from (_unanswered(teller, telling, one.line, one.at) for one in telling.unanswered)
        yield from _broken(teller, scenario, telling)


# --- the script and the journey


def _empty(scenario: Scenario) -> Failure:
    return Failure(
        span=scenario.span,
        message="the scenario expects nothing, so that it tests nothing",
        label="without `expect`",
        help="say what shall come of it, as in `expect exit won by +4d`",
    )


def _untaken(teller: Teller, scenario: Scenario, telling: Telling, split: str) -> Failure:
    moves = (place.move for place in teller.program.places)
    arm = next((move.arms[0].name for move in moves if isinstance(move, Draw) and fold(move.split) == fold(split)), "")
    return Failure(
        span=scenario.span,
        message=f"the customer comes to the split `{split}`, and the scenario does not say which arm is taken",
        label="nothing is drawn in a scenario",
        help=f"add `take {split}.{arm}`",
        about=tuple(one.n for one in telling.story.happenings if one.what is What.ARM and not one.detail),
    )


def _no_entry(scenario: Scenario, telling: Telling) -> Failure:
    assert scenario.start is not None
    refused = [one for one in telling.story.happenings if one.what in _REFUSED]
    notes = tuple(dict.fromkeys(f"not eligible: {one.why}" for one in refused[:3]))
    return Failure(
        span=scenario.start.span,
        message=f"the customer never enters `{scenario.journey}`",
        label="begins here",
        notes=notes,
        help="" if refused else "begin with the event by which the journey is entered, as in `start DATE on EVENT`",
        about=tuple(one.n for one in refused),
    )


def _unanswered(teller: Teller, telling: Telling, line: Scripted, at: int) -> Failure:
    place = line.answers or ""
    delivered = [
        one
        for one in telling.story.happenings
        if one.what is What.DELIVERED and fold(place) in (fold(one.step), fold(one.touchpoint))
    ]
    before = [one for one in delivered if one.at <= at]
    reasons = [] if delivered else list(why_not(teller.program, telling.told, place))
    if before:
        reasons = [Reason("that delivery is not the last visit any more, or its run is not followed any more")]
    elif delivered:
        reasons = [Reason(f"`{place}` is delivered {telling.told.when(delivered[0].at)}")]
    return Failure(
        span=line.span,
        message=f"`{line.event}` answers `{place}`, which is not there to be answered {telling.told.when(at)}",
        label="an answer without a delivery" if not before else "too late for an answer",
        notes=tuple(one.text for one in reasons),
        about=(*(one.n for one in delivered), *(one.about for one in reasons)),
    )


# --- expectations


def _broken(teller: Teller, scenario: Scenario, telling: Telling) -> Iterator[Failure]:
    again = tuple(f"`{line.event}` has a key seen before, and is set aside" for line in telling.again)
    for claim in scenario.expects:
        found = broken(claim, telling.told)
        if found is not None:
            reasons = [one for name in found.wanted for one in why_not(teller.program, telling.told, name)]
            yield Failure(
                span=claim.span,
                message=found.message,
                label=_label(claim, found),
                notes=(*(one.text for one in reasons), *again),
                about=(*found.about, *(one.about for one in reasons)),
            )


def _label(claim: Claim, found: Broken) -> str:
    if isinstance(claim, TakesPath) and found.wanted:
        return f"`{found.wanted[0]}` did not come"
    return "not so"
