"""Proved rules attacked by chance: customers of any kind, flipped in any rest, any events at any second, any arms.

`SAFAR_TEST_SCALE=1` makes a million tries; everywhere else it is a share.
"""

from __future__ import annotations

import datetime
import os
import random
import re
from collections.abc import Iterator, Sequence

import pytest

from safar.engine.claims.judge import broken
from safar.engine.claims.telling import Teller
from safar.engine.expression import Value
from safar.engine.program import lower
from safar.engine.promises import Claim, Reachable
from safar.engine.prove.prove import prove_claim
from safar.engine.prove.rules import Question as Asked
from safar.engine.prove.rules import Systems, questions, verdict
from safar.engine.prove.search import BUDGET
from safar.engine.prove.verdict import Outcome
from safar.engine.simulate.world import Occurrence
from tests.engine.prove.small_journeys import Question, question
from tests.engine.prove.small_world import DAY, FIXED, HOUR, MONDAY, VALUES, Deed, Script, Theatre
from tests.engine.prove.stage import Part, Stage
from tests.engine.prove.wide_journeys import wide

SCALE = float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))
JOURNEYS = max(10, int(200 * SCALE))
TRIES = max(100, int(5_000 * SCALE**2))
"""Journeys, and customers who are sent through each."""
FILES = max(12, int(250 * SCALE))
FILE_TRIES = max(100, int(4_000 * SCALE**2))
"""Files with nearly all of the language, and customers who are sent through all journeys of each."""
_FIRST_SEED = 50_000
WORK = max(40_000, int(BUDGET * SCALE))
"""Of the prover: some of these rules take all that they may."""
_CLOCKS_CHANGE = (1_806_192_000, 1_824_940_800, 1_805_004_000, 1_806_760_800, 1_791_133_200)
"""Near instants at which some of the zones set their clocks forward or back."""
_ZONES = (None, "Europe/Berlin", "America/New_York", "Asia/Tehran", "Pacific/Auckland", "Australia/Lord_Howe")
_WIDE_VALUES: dict[str, tuple[Value, ...]] = {
    "ok": (True, False),
    "sms_ok": (True, False),
    "orders": (0, 1, 2, 3),
    "spent": (0, 150_000, 300_000, 600_000),
    "tier": ("bronze", "silver", "gold"),
    "stars": (None, 1, 2, 3, 4),
    "renewal": (None, datetime.date(2027, 1, 6), datetime.date(2027, 1, 9), datetime.date(2026, 12, 1)),
}


def proved(asked: Question) -> dict[str, Claim]:
    program = lower(asked.project, asked.project.journeys["j"])
    found = {name: claim for name, claim in asked.claims.items() if not isinstance(claim, Reachable)}
    return {name: one for name, one in found.items() if prove_claim(program, one).outcome is Outcome.PROVED}


class Attacker:
    """Makes up customers; instants are often such that ends of waits fall together."""

    def __init__(self, seed: int, text: str) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._answered = ["", *(f"t{n}" for n in range(1, 1 + text.count("touchpoint t")))]

    def script(self) -> Script:
        chance = self._chance
        start = MONDAY + chance.choice((chance.randrange(14 * 24) * HOUR, chance.randrange(14 * DAY)))
        attributes = {name: chance.choice(values) for name, values in VALUES.items()}
        first = Deed(start, "came", payload=(("stars", chance.choice((None, 1, 5))),))
        arms = {f"x{n}": chance.choice(("left", "right")) for n in range(1, 9)}
        persona = chance.choice(("planner", "hunter"))
        return Script(persona=persona, attributes=attributes, deeds=(first, *self._later(start)), arms=arms)

    def _later(self, last: int) -> Iterator[Deed]:
        """Within an instant no attribute changes: its instant is its own."""
        chance, flipped = self._chance, False
        for _ in range(chance.randrange(7)):
            gap = chance.choice((0, 1, HOUR, 6 * HOUR, 6 * HOUR, 12 * HOUR - 1, 12 * HOUR, chance.randrange(2 * DAY)))
            flips = chance.random() < 0.4
            last += max(gap, int(flips or flipped))
            if flips:
                name = chance.choice(sorted(set(VALUES) - FIXED))
                yield Deed(last, attribute=name, value=chance.choice(VALUES[name]))
            else:
                yield self._event(last)
            flipped = flips

    def _event(self, at: int) -> Deed:
        event = self._chance.choice(("order", "called", "opened", "came"))
        if event == "order":
            return Deed(at, event, payload=(("size", self._chance.choice((None, 1, 2))),))
        return Deed(at, event, answers=self._chance.choice(self._answered) if event == "opened" else "")


@pytest.mark.parametrize("number", range(JOURNEYS))
def test_no_customer_breaks_what_is_proved(number: int) -> None:
    asked = question(_FIRST_SEED + number)
    claims = proved(asked)
    theatre = Theatre(asked.project, "j", claims.values())
    attacker = Attacker(number, asked.text)
    for _ in range(TRIES if claims else 0):
        lived = theatre.play(attacker.script())
        for claim in claims.values():
            found = broken(claim, lived.told)
            assert found is None, f"{claim.span.text}: {found}\n{lived.script}\n{asked.text}"


class WideAttacker:
    """Makes up customers for a file of `wide_journeys`."""

    def __init__(self, seed: int, text: str) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        journeys = text.split("journey j")[1]
        self._answered = ["", *sorted(set(re.findall(r"touchpoint (t\d+) ", text)))]
        self._events = [one for one in ("order", "called", "opened", "came") if re.search(rf"\b{one}\b", journeys)]
        self._flips = [one for one in _WIDE_VALUES if one != "tier" and re.search(rf"customer\.{one}\b|loyal", text)]
        self._splits = sorted(set(re.findall(r"split (x\d+)", text)))
        self._has_zones = "timezone" in text

    def part(self) -> Part:
        chance = self._chance
        start = MONDAY + chance.choice((chance.randrange(14 * 24) * HOUR, chance.randrange(14 * DAY)))
        attributes = {name: chance.choice(values) for name, values in _WIDE_VALUES.items()}
        if self._has_zones:
            attributes["timezone"] = chance.choice(_ZONES)
            if chance.random() < 0.4:
                start = chance.choice(_CLOCKS_CHANGE) + chance.randrange(-48, 24) * HOUR
        arms = {split: chance.choice(("left", "right")) for split in self._splits}
        persona = chance.choice(("planner", "hunter", None))
        return Part(persona=persona, attributes=attributes, deeds=tuple(self._deeds(start)), arms=arms)

    def _deeds(self, last: int) -> Iterator[Occurrence]:
        chance, flipped = self._chance, False
        yield self._event(last, ("came", "came", *self._events))
        for _ in range(chance.randrange(9)):
            gaps = (0, 0, 1, HOUR, 6 * HOUR, 6 * HOUR, 12 * HOUR - 1, 12 * HOUR, 12 * HOUR + 1, DAY)
            flips = bool(self._flips) and chance.random() < 0.4
            last += max(chance.choice((*gaps, chance.randrange(2 * DAY))), int(flips or flipped))
            if flips:
                name = chance.choice(self._flips)
                yield Occurrence(at=last, changes={name: chance.choice(_WIDE_VALUES[name])})
            else:
                yield self._event(last, self._events)
            flipped = flips

    def _event(self, at: int, events: Sequence[str]) -> Occurrence:
        chance = self._chance
        event = chance.choice(events)
        payload: dict[str, Value] = {} if event == "opened" else {"id": chance.choice(("a", "b", "c", None))}
        if event == "order":
            payload |= {"size": chance.choice((None, 1, 2)), "total": chance.choice((None, 40_000, 250_000))}
        if event == "came":
            payload["stars"] = chance.choice((None, 1, 5))
        answers = chance.choice(self._answered) if event == "opened" else ""
        return Occurrence(at=at, event=event, payload=payload, touchpoint=answers or None)


@pytest.mark.parametrize("number", range(FILES))
def test_no_customer_of_several_journeys_breaks_what_is_proved(number: int) -> None:
    """All journeys of a file on one time line: what is proved of one holds beside the other."""
    file = wide(_FIRST_SEED + number)
    programs = [lower(file.project, journey) for journey in file.project.journeys.values()]
    asked = list(questions(programs))
    systems = Systems(asked)
    held = [one for one in asked if is_proved(one, systems)]
    stage, attacker = Stage(programs, held), WideAttacker(number, file.text)
    for _ in range(FILE_TRIES if held else 0):
        part = attacker.part()
        for question_, found, _ in stage.broken(part):
            raise AssertionError(f"{question_.rule.name} of {question_.journey}: {found}\n{part}\n{file.text}")


def is_proved(asked: Asked, systems: Systems) -> bool:
    """Whether a rule is proved; of one that is refuted, the customer breaks it when he is told again."""
    found, claim = verdict(asked, systems, WORK), asked.rule.claim
    if found.counterexample is not None and claim is not None:
        program = next(one for one in asked.programs if one.journey.name == found.at)
        assert broken(claim, Teller(program).tell(found.counterexample.scenario).told) is not None
    return found.outcome is Outcome.PROVED and not isinstance(claim, Reachable)
