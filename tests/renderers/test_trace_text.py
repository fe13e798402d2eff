"""A customer's story as people read it: the reasons are true, whoever he is, and tell no secret."""

from __future__ import annotations

from typing import Any

import pytest

from safar.dsl.read import read_text
from safar.engine.diagnostic import Severity
from safar.engine.program import lower
from safar.engine.simulate.plain import live
from safar.engine.simulate.world import Customer, Occurrence, World
from safar.renderers.trace_text import trace_text

NOON = 1_798_804_800
"""2027-01-01 12:00 UTC, a Friday."""

TEXT = """
customer { name: text? private; ok: yes_no = yes; points: integer = 0; visits: integer = 0 private }
event came { who: text? private; page: text? }
event called
channel letter {
  outbound
  only if customer.ok
  quiet from 22:00 to 08:00 then wait up to 1d
  at most 1 per 7d then skip
}
action gift { to_: text? private; code: text }
journey j {
  enter on came if customer.points < 3 and came.who != "Bob"
  reenter after 2d
  hold out HELD
  horizon 30d
  stage s {
    do gift(to_ = customer.name, code = "A")
    touchpoint hello { send letter { text "Hello" } }
    if customer.visits > 1 { exit often }
    wait for called up to 1d
    touchpoint again { send letter { text "Hello" } }
    exit over "Nothing more to say"
  }
}
"""


def told(hours: dict[int, str], *, held: str = "0%", **attributes: Any) -> str:
    reading = read_text(TEXT.replace("HELD", held))
    assert not [d.message for d in reading.findings if d.severity is Severity.ERROR]
    project = reading.project
    happened = tuple(
        Occurrence(
            at=NOON + hour * 3_600, event=event, payload={"who": "SECRET", "page": "home"} if event == "came" else {}
        )
        for hour, event in hours.items()
    )
    world = World(programs=(lower(project, project.journeys["j"]),), start=NOON)
    text = trace_text(project, live(world, Customer(key="c1", attributes=attributes, occurrences=happened)))
    assert "SECRET" not in text and "97531" not in text
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


CASES: dict[str, tuple[dict[int, str], dict[str, Any], list[str]]] = {
    "who is not eligible": (
        {0: "came"},
        {"points": 3},
        [
            "does not enter: not eligible",
            'because on came if customer.points < 3 and came.who != "Bob" (customer.points = 3',
        ],
    ),
    "who is inside": ({0: "came", 5: "came"}, {}, ["does not enter: inside already", "because the customer is inside"]),
    "who comes again too soon": (
        {0: "came", 25: "came"},
        {},
        ["does not enter: too soon after the last entry", "because entered 2027-01-01 12:00 UTC, again after 2d"],
    ),
    "who is held out": (
        {0: "came"},
        {"held": "100%"},
        ["entry held out", "; hold out 100%", "j, entry 1: held out, followed for 30d, 2027-01-31 12:00 UTC"],
    ),
    "whose consent is lacking": (
        {0: "came"},
        {"ok": False},
        ["hello not sent (consent)", "because letter: only if customer.ok (customer.ok = no)"],
    ),
    "whose message is over the limit": (
        {0: "came"},
        {},
        ["hello delivered", "again not sent (limit)", "because letter: 1 in the last 7d, at most 1"],
    ),
    "whose message waits for the morning": (
        {11: "came"},
        {},
        [
            "hello held (quiet)",
            "because letter: quiet from 22:00 to 08:00, it is 23:00; until 2027-01-02 08:00 UTC",
            "because letter: every check passed, held since 2027-01-01 23:00 UTC",
        ],
    ),
    "what is waited for, and why it goes on": (
        {0: "came", 3: "called"},
        {},
        ["s/wait_for waits\nfor called, until 2027-01-02 12:00 UTC", "s/wait_for goes on\nbecause called"],
    ),
    "why it ends": ({0: "came"}, {}, ["exits over", "because Nothing more to say", "j, entry 1: exit over after 1d"]),
    "private values decide unseen": (
        {0: "came"},
        {"visits": 97531, "name": "SECRET"},
        [
            "s/if yes\nbecause customer.visits > 1 (customer.visits = (private))",
            'does gift (to_ = (private), code = "A")',
            'came (who = (private), page = "home")',
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_reasons(name: str) -> None:
    hours, attributes, expected = CASES[name]
    text = told(hours, **attributes)
    for words in expected:
        assert words in text, text
