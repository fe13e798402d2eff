"""Answers that are handed to the wait behind their message: the plain interpreter's figures, whatever stands around."""

from __future__ import annotations

import random

import pytest

from safar.dsl.read import read_text
from safar.engine.simulate.columns.engine import Engine
from tests.engine.simulate.columns.test_engines_agree import in_columns, plainly, world_of

AFTER = ("after 0s", "after 6h", "after about 18h", "after 1h to 3d", "after 1d")
UP_TO = ("6h", "1d", "3d", "9d")
HEAD = """
event came
event opened
event ordered
event called
channel email { outbound; cost 0.10 EUR per message }
channel sms { outbound; at most 2 per 4d then %s; cost 0.20 EUR per ordered }
persona keen { share 70%% }
persona cool { share 30%% }
journey j {
  enter on came
  %s
  goal bought { on thanks }
  measure orders = ordered per customer
  measure early = ordered within 5d per customer
  measure sent = cost per customer
  measure took = time from entered to bought
"""


class Writer:
    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._number = 0

    def _one(self, *ways: str) -> str:
        return self._chance.choice(ways)

    def file(self) -> str:
        one = self._one
        horizon = one("horizon 60d", "horizon 12d", "horizon 4d", "horizon 2d")
        head = HEAD % (one("skip", "wait up to 2d"), f"{horizon}; {one('reenter never', 'reenter after 5d')}")
        stages = "\n".join(f"  stage s{n} {{ {self._steps()} }}" for n in range(2))
        last = 'stage farewell { touchpoint thanks { send email { text "Thanks" } }; exit done }'
        return f"{head}{stages}\n  {last}\n}}\n"

    def _steps(self) -> str:
        return "; ".join(self._one(self._asked(), self._rounds(), self._arms()) for _ in range(2))

    def _rounds(self) -> str:
        return f"repeat up to {self._one('2', '4')} times {{ {self._asked()} }}"

    def _arms(self) -> str:
        self._number += 1
        return f"split x{self._number} {{ 40% a {{ {self._asked()} }}; 60% b {{ wait 5h }} }}"

    def _responses(self) -> str:
        one = self._one
        inner = one("", "", f"; called 20% {one(*AFTER)}")
        ordered = f"ordered {one('30%', '55% if persona == keen, 10% otherwise', '100%')} {one(*AFTER)}"
        return one(
            f"opened 70% {one(*AFTER)} {{ {ordered}{inner} }}",
            f"opened 70% {one(*AFTER)} {{ {ordered} }}; called 10% {one(*AFTER)}",
            f"{ordered}; opened 50% {one(*AFTER)}",
        )

    def _asked(self) -> str:
        """A message, and what waits for answers to it."""
        self._number += 1
        one, name = self._one, f"t{self._number}"
        way = one("", " { go to farewell }", " { wait 2h }", " { exit lost }")
        inner = f" {{ wait for ordered({name}) up to {one(*UP_TO)}{way} }}"
        again = f"; wait for {one('ordered', 'opened')}({name}) up to {one(*UP_TO)}{way}"
        wait = f"wait for {one('opened', 'opened', 'ordered')}({name}) up to {one(*UP_TO)}"
        between = one("", "", "", "; wait 3h")
        return (
            f'touchpoint {name} {{ send {one("email", "sms")} {{ text "x" }}; responds {{ {self._responses()} }} }}'
            f"{between}; {wait}{one(inner, inner, way)}{one('', '', again)}"
        )


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_answers_end_waits_as_the_plain_interpreter_has_it(first: int) -> None:
    handed = late = 0
    for seed in range(first, first + 20):
        text = Writer(seed).file()
        world = world_of(read_text(text).project, "j", 60)
        lines = Engine(world, lambda one: None)._plans[0].lines
        handed += sum(line.handed for line in lines)
        late += sum(line.handed and line.late for line in lines)
        found, stepped = in_columns(world, 60, 7 if seed % 3 else None)
        assert (found, stepped) == (plainly(world, 60), 0), text
    assert handed > 20
    assert late > 5
