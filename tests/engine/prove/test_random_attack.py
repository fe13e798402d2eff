"""Proved rules attacked by chance: customers of any kind, flipped in any rest, any events at any second, any arms.

`SAFAR_TEST_SCALE=1` makes a million tries; everywhere else it is a share.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pytest

from safar.engine.claims.judge import broken
from safar.engine.program import lower
from safar.engine.promises import Claim, Reachable
from safar.engine.prove.prove import prove_claim
from safar.engine.prove.verdict import Outcome
from tests.engine.prove.small_journeys import Question, question
from tests.engine.prove.small_world import DAY, FIXED, HOUR, MONDAY, VALUES, Deed, Script, Theatre

SCALE = float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))
JOURNEYS = max(10, int(200 * SCALE))
TRIES = max(100, int(5_000 * SCALE**2))
"""Journeys, and customers who are sent through each."""
_FIRST_SEED = 50_000


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
