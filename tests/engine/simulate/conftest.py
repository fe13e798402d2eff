"""Small journeys in the language itself, and what happens in them as short lines."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from safar.dsl.read import read_text
from safar.engine.diagnostic import Severity
from safar.engine.expression import Value
from safar.engine.model import Settings
from safar.engine.program import Program, lower
from safar.engine.simulate.happening import Happening, Story, What
from safar.engine.simulate.plain import live
from safar.engine.simulate.world import Customer, Occurrence, World

START = int(datetime.datetime(2027, 1, 4, tzinfo=datetime.UTC).timestamp())
"""A Monday, midnight UTC."""

VOCABULARY = """
customer {
  name: text? private
  email_ok: yes_no = yes
  orders: integer = 0 growing
  spent: money = 0 EUR growing
  points: integer = 0
  maybe: integer?
  tier: one of bronze, silver, gold = bronze
  renewal: date?
  birthday: date? fixed
  timezone: text? fixed
  secret: text? private
  tags: list of text
}
event came { shop: text? }
event order { id: text?; total: money? ; then set customer.orders = customer.orders + 1 }
event opened { where_: text? }
event clicked
event called
channel email { outbound; only if customer.email_ok }
channel letter { outbound }
channel capped { outbound; at most 1 per 7d then wait up to 3d }
channel strict { outbound; at most 1 per 7d then skip }
channel daily { outbound; at most 1 per calendar day then wait }
channel weekly { outbound; at most 1 per calendar week then wait up to 7d }
channel night { outbound; quiet from 22:00 to 08:00 then wait up to 1d }
channel silent { outbound; quiet from 22:00 to 08:00 then skip }
channel open_days { outbound; closed feast then wait up to 3d }
channel site { inbound }
occasion feast { 2027-01-05; 2027-01-06 }
action coupon { code: text }
team crm
"""

_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}


def seconds(text: str) -> int:
    """`1d 2h` in seconds."""
    return sum(int(part[:-1]) * _UNITS[part[-1]] for part in text.split())


def at(when: str | int, event: str | None, to: str | None = None, /, **payload: Value) -> Occurrence:
    """An occurrence so long after the start; without event the named attributes change."""
    instant = START + (seconds(when) if isinstance(when, str) else when)
    if event is None:
        return Occurrence(at=instant, changes=payload)
    return Occurrence(at=instant, event=event, touchpoint=to, payload=payload)


def short(one: Happening, start: int = START) -> str:
    """`1d 02:00 step what detail`; an event by its name, with what it answers."""
    days, rest = divmod(one.at - start, 86_400)
    clock = f"{rest // 3600:02}:{rest // 60 % 60:02}" + (f":{rest % 60:02}" if rest % 60 else "")
    if one.what is What.EVENT:
        words = [one.event or "", f"({one.touchpoint})" if one.touchpoint else ""]
        return f"{days}d {clock} {''.join(words)}"
    detail = "" if one.what in (What.WAITING, What.ENTERED) else one.detail
    return " ".join(f"{days}d {clock} {one.step} {one.what.value} {detail}".split())


class Told:
    """A story, to be asked."""

    def __init__(self, story: Story) -> None:
        self.story = story

    @property
    def lines(self) -> list[str]:
        return [short(one) for one in self.story.happenings]

    def of(self, *kinds: str) -> list[str]:
        """The lines of these kinds of happenings."""
        return [short(one) for one in self.story.happenings if one.what.value in kinds]

    def why(self, kind: str) -> list[str]:
        return [one.why for one in self.story.happenings if one.what.value == kind]

    @property
    def outcomes(self) -> list[str]:
        return [run.outcome for run in self.story.runs]


def programs_of(text: str, settings: Settings) -> tuple[Program, ...]:
    reading = read_text(VOCABULARY + text, settings=settings)
    errors = [f"{d.message}: {d.span.text}" for d in reading.findings if d.severity is Severity.ERROR]
    assert not errors, errors
    return tuple(lower(reading.project, journey) for journey in reading.project.journeys.values())


def happened(line: str) -> Occurrence:
    """An occurrence as `1d 2h order(x) total=50 id=A` (total: in euros), or `1d set points=1`."""
    words = line.split()
    times = [word for word in words if word[:-1].lstrip("-").isdigit() and word[-1] in _UNITS]
    event, _, to = words[len(times)].partition("(")
    payload: dict[str, Value] = {}
    for word in words[len(times) + 1 :]:
        name, _, given = word.partition("=")
        payload[name] = int(given) * (10_000 if name == "total" else 1) if given.isdigit() else given
    return at(" ".join(times), None if event == "set" else event, to.rstrip(")") or None, **payload)


Tell = Callable[..., Told]


@pytest.fixture
def tell() -> Tell:
    """Read journeys (or, given a body alone, one journey `j` entered on `came`) and live one customer."""

    def run(
        text: str,
        occurrences: Sequence[Occurrence] | None = (at("0h", "came"),),
        *,
        attributes: dict[str, Value] | None = None,
        settings: Settings | None = None,
        key: str = "1",
        persona: str | None = None,
        **world: Any,
    ) -> Told:
        whole = text if "journey " in text else f"journey j {{ enter on came\n stage s {{\n{text}\n}} }}"
        programs = programs_of(whole, settings or Settings())
        customer = Customer(
            key=key,
            persona=persona,
            attributes=attributes or {},
            occurrences=None if occurrences is None else tuple(occurrences),
        )
        return Told(live(World(**{"programs": programs, "start": START, **world}), customer))

    return run


@pytest.fixture
def happen() -> Callable[..., Occurrence]:
    return at


@pytest.fixture
def happen_line() -> Callable[[str], Occurrence]:
    return happened


@pytest.fixture
def make_world() -> Callable[..., World]:
    """A world of the journeys in a text."""

    def make(text: str, **world: Any) -> World:
        programs = programs_of(text, world.pop("settings", Settings()))
        return World(**{"programs": programs, "start": START, **world})

    return make
