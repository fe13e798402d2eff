"""What rules say of messages against what becomes of them, lived through by the plain interpreter.

`SAFAR_TEST_SCALE=1` asks ten times as many journeys.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator, Sequence

import pytest

from safar.dsl.read import read_text
from safar.engine.check import check
from safar.engine.diagnostic import Diagnostic, Severity
from safar.engine.expression import Value
from safar.engine.simulate.happening import Happening, Story, What
from tests.engine.prove.small_world import HOUR, MONDAY, Deed, Script, Theatre

SCALE = float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))
BATCHES = 4
COUNT = max(120, int(1_200 * SCALE)) // BATCHES
SCRIPTS = 30
"""Journeys of a batch, and customers who live through each."""

_CAPS = (
    *("at most 1 per 7d then skip", "at most 2 per 7d then skip", "at most 1 per 2d then skip"),
    *("at most 1 per 7d then wait", "at most 1 per 2d then wait up to 1d", "at most 2 per 4d then wait up to 12h"),
    *("at most 1 per calendar day then skip", "at most 1 per calendar week then skip"),
    *("at most 2 per calendar day then skip", "at most 1 per calendar week then wait"),
)
_QUIET = (
    *("quiet from 22:00 to 08:00 then skip", "quiet from 22:00 to 08:00 then wait"),
    *("quiet from 20:00 to 06:00 then wait up to 2h", "quiet from 12:00 to 15:00 then skip"),
)
_WAITS = ("10m", "6h", "12h", "1d", "30h", "2d", "3d", "5d", "7d")
_CLOCKS = ("09:00", "14:00", "23:00", "05:00", "monday at 10:00", "saturday at 23:30")
_CONDITIONS = ("customer.vip", "not customer.vip", "customer.tier == gold", "customer.ok", "not customer.ok", "order")


class Maker:
    """Journeys of messages, waits and clocks."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._messages = 0

    def _one(self, ways: Sequence[str]) -> str:
        return self._chance.choice(ways)

    def _some(self, ways: Sequence[str], chance: float) -> list[str]:
        return [self._one(ways)] if self._chance.random() < chance else []

    def file(self) -> str:
        consent = ["only if customer.ok"] if self._chance.random() < 0.5 else []
        checks = [*consent, *self._some(_CAPS, 0.7), *self._some(_CAPS, 0.2), *self._some(_QUIET, 0.5)]
        limit = f"limit all {{ {self._one(_CAPS)} }}\n" * (self._chance.random() < 0.3)
        enter = self._one(
            ("on came", "on came", "on came", "each day at 23:00 if customer.ok", "each monday at 09:00 if customer.ok")
        )
        asked = "\n    ".join(line for _ in range(self._chance.randint(2, 7)) for line in self._step(0))
        interrupt = self._some(("on called exit gone", "on called go to later", "on left exit gone"), 0.3)
        return f"""customer {{ ok: yes_no = yes; vip: yes_no = no fixed; tier: one of gold, silver = silver fixed }}
event came
event order
event called
event left {{ then set customer.ok = no }}
channel email {{ outbound; {"; ".join(checks)} }}
channel sms {{ outbound; only if customer.ok }}
{limit}journey j {{
  enter {enter}
  {"; ".join(interrupt)}
  stage asking {{
    {asked}
  }}
  stage later {{
    wait 1d
    {self._message()}
  }}
}}
"""

    def _message(self) -> str:
        self._messages += 1
        channel = self._one(("email", "email", "email", "sms"))
        return f'touchpoint m{self._messages} {{ send {channel} {{ text "{self._messages}" }} }}'

    def _step(self, depth: int) -> Iterator[str]:
        match self._chance.randint(0, 9 if depth < 2 else 6):
            case 0 | 1 | 2:
                yield self._message()
            case 3 | 4:
                yield f"wait {self._one(_WAITS)}"
            case 5 | 6:
                yield f"wait until {self._one(_CLOCKS)}"
            case 7:
                otherwise = f"otherwise {{ {self._body(depth)} }}" * self._chance.randint(0, 1)
                yield f"if {self._one(_CONDITIONS)} {{ {self._body(depth)} }} {otherwise}"
            case 8:
                otherwise = f"otherwise {{ {self._body(depth)} }}" * self._chance.randint(0, 1)
                event = self._one(("order", "left"))
                yield f"wait for {event} up to {self._one(_WAITS)} {{ {self._body(depth)} }} {otherwise}"
            case _:
                every = f"every {self._one(_WAITS)}" if self._chance.random() < 0.5 else ""
                rounds = self._chance.randint(2, 9)
                yield f"repeat up to {rounds} times {every} {{ {self._body(depth)}; wait {self._one(_WAITS)} }}"

    def _body(self, depth: int) -> str:
        return "; ".join(line for _ in range(self._chance.randint(1, 2)) for line in self._step(depth + 1))


def scripts(seed: int, text: str) -> Iterator[Script]:
    """Customers who come at some hour of the week, and do something now and then."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(SCRIPTS):
        start = MONDAY + chance.randrange(7 * 24) * HOUR + chance.choice((0, 600))
        deeds = [Deed(start, "came")]
        for _ in range(chance.choice((0, 0, 1, 2, 3))):
            at = start + chance.randrange(1, 10 * 24) * HOUR // chance.choice((1, 4))
            deeds.append(
                Deed(at, chance.choice(("order", "called", "left")))
                if chance.random() < 0.6
                else Deed(at, attribute="ok", value=chance.random() < 0.5)
            )
        attributes: dict[str, Value] = {
            "ok": chance.random() < 0.8,
            "vip": chance.random() < 0.5,
            "tier": chance.choice(("gold", "silver")),
        }
        yield Script(persona="", attributes=attributes, deeds=tuple(sorted(deeds, key=lambda deed: deed.at)), arms={})


def stories(seed: int) -> tuple[str, list[Diagnostic], list[Story]] | None:
    """A journey, what rules say of it, and what customers lived through; None where it has an error."""
    text = Maker(seed).file()
    reading = read_text(text)
    found = [*reading.findings, *check(reading.project, reading.findings)]
    if any(one.severity is Severity.ERROR for one in found):
        return None
    theatre = Theatre(reading.project, "j", ())
    return text, found, [theatre.play(script).story for script in scripts(seed, text)]


def visits(story: Story, name: str) -> list[Happening]:
    """What became of a message, at each of its visits."""
    what = (What.DELIVERED, What.SUPPRESSED)
    return [one for one in story.happenings if one.touchpoint == name and one.what in what]


def missed(text: str, story: Story, until: int) -> bool:
    """Whether a message was suppressed before for something else than the limit; of several limits each may be one."""
    several = text.count("at most") > 1
    reasons = [one.detail for one in story.happenings if one.what is What.SUPPRESSED and one.n < until]
    return any(several or reason != "limit" for reason in reasons)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_what_is_never_delivered_is_never_delivered(batch: int) -> None:
    told = 0
    for seed in range(batch * COUNT, (batch + 1) * COUNT):
        made = stories(seed)
        if made is None:
            continue
        text, found, lived = made
        for finding in found:
            for story in lived if finding.rule in NEVER else ():
                told += 1
                wrong = NEVER[finding.rule](text, finding, story)
                assert wrong is None, f"seed {seed}: {finding.message}, {finding.label}\n{text}{wrong}\n{story}"
    assert told > COUNT


def _over_limit(text: str, finding: Diagnostic, story: Story) -> Happening | None:
    """A delivery of a message that a limit drops, though all messages before it that no limit dropped went out."""
    name = finding.span.text
    came = visits(story, name)
    if rounds := re.match(r"from round (\d+) on", finding.message):
        came = came[int(rounds[1]) - 1 :]
    elif "always" not in finding.label:
        return None
    return next((one for one in came if one.what is What.DELIVERED and not missed(text, story, one.n)), None)


def _quiet(text: str, finding: Diagnostic, story: Story) -> Happening | None:
    """A delivery in quiet hours; or, if it is said to be never sent, one of those that came by the clock of the
    finding: where that is the only way to the message."""
    if not finding.label.startswith("never sent") or text.count("wait until") + ("each" in text) != 1:
        return None
    if "on came" in text or "on called go" in text:
        return None
    return next((one for one in visits(story, finding.span.text) if one.what is What.DELIVERED), None)


def _never_sent(text: str, finding: Diagnostic, story: Story) -> Happening | None:
    return next((one for one in visits(story, finding.span.text) if one.what is What.DELIVERED), None)


NEVER = {
    "message-over-limit": _over_limit,
    "message-in-quiet-hours": _quiet,
    "refused-message": _never_sent,
}


# --- one mistake, one finding

_SHOP = """customer {{ ok: yes_no = no; vip: yes_no = no fixed }}
event came
event opened
event left {{ then set customer.ok = no }}
channel email {{ outbound; {email} }}
journey j {{ enter on came
  {head}
  stage asking {{ {body} }}
}}
"""
_LIMITED = "only if customer.ok; at most 2 per 7d then skip"


def message(name: str) -> str:
    return f'touchpoint {name} {{ send email {{ text "{name}" }} }}'


@pytest.mark.parametrize(
    ("email", "head", "body", "expected"),
    [
        (_LIMITED, "", f"if customer.vip {{ {message('a')} }}; if not customer.vip {{ {message('b')} }}", []),
        (_LIMITED, "", f"{message('a')}; {message('b')}", ["back-to-back-messages"]),
        (_LIMITED, "", f"repeat up to 9 times {{ {message('a')} }}", ["back-to-back-messages"]),
        (_LIMITED, "", f"repeat up to 2 times every 1d {{ {message('a')} }}; {message('b')}", ["message-over-limit"]),
        (
            "only if customer.ok; at most 1 per 2d then skip",
            "",
            f"{message('a')}; {message('b')}",
            ["message-over-limit"],
        ),
        ("at most 2 per 7d then skip", "", f"if customer.ok {{ {message('a')} }}", ["missing-consent"]),
        ("at most 2 per 7d then skip", "", f"if customer.ok {{ wait 1d; {message('a')} }}", ["stale-consent"]),
        ("at most 2 per 7d then skip", "", f"if customer.vip {{ wait 1d; {message('a')} }}", ["missing-consent"]),
        (_LIMITED, "", f"if customer.ok {{ wait 1d; {message('a')} }}", []),
        (_LIMITED, "", f"wait for left up to 1d {{ {message('a')} }}", ["refused-message"]),
        (_LIMITED, "", f"wait for left up to 1d {{ wait 1d; {message('a')} }}", []),
        (_LIMITED, "on opened(a) go to asking", f"{message('a')}; wait 7d", ["echoing-message"]),
        (_LIMITED, "on opened(a) if count(a) < 3 go to asking", f"{message('a')}; wait 7d", []),
        (_LIMITED, "on left go to asking", f"{message('a')}; wait 7d", []),
    ],
)
def test_one_mistake_is_one_finding(email: str, head: str, body: str, expected: list[str]) -> None:
    reading = read_text(_SHOP.format(email=email, head=head, body=body))
    assert not reading.findings
    assert [finding.rule for finding in check(reading.project, reading.findings)] == expected


def test_a_customer_is_shown() -> None:
    text = _SHOP.format(
        email="at most 2 per 7d then skip", head="", body=f"if customer.ok {{ wait 3d; {message('a')} }}"
    )
    reading = read_text(text)
    (finding,) = check(reading.project, reading.findings)
    told = "for example somebody for whom `customer.ok` is yes enters on `came`; after 3d `customer.ok` becomes no; "
    assert finding.notes == (f"{told}after 3d this message goes out",)


def test_loops_in_loops_are_given_up_soon() -> None:
    loops = "repeat up to 30 times every 1d { " * 5
    body = f"{loops}{message('a')}; wait 1h; {message('b')}; wait 7m {'}' * 5}; {message('c')}"
    reading = read_text(_SHOP.format(email=_LIMITED, head="on opened go to asking", body=body))
    check(reading.project, reading.findings)
