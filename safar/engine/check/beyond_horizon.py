"""A wait whose time is up after the journey's horizon, for everybody."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine import spelling
from safar.engine.check.elapsed import soonest
from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule
from safar.engine.moves import After, Wait

RULE = Rule("beyond-horizon", "SF113")


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        horizon = program.journey.horizon
        for number, at in sorted(soonest(program).items()):
            place = program.places[number]
            match place.move:
                case Wait(deadline=After(seconds)) if at + seconds > horizon >= at and horizon > 0:
                    over = spelling.duration(at + seconds)
                    yield RULE.at(
                        first_line(place.span),
                        f"the time of this wait is never up: the horizon of {spelling.duration(horizon)} comes before",
                        label=f"up after {over} at the soonest",
                        help=f"wait less, or set `horizon` to {over} or more",
                    )
