"""The arithmetic of limits and quiet hours, and delays against waits."""

from __future__ import annotations

import pytest

from safar.dsl.read import read_text
from safar.engine.check import check


def rules(channel: str, rest: str = "", body: str = "wait 1d") -> list[str]:
    text = "customer { ok: yes_no = no }\nevent e\nevent opened\n"
    text += f"channel c {{ outbound; only if customer.ok; {channel} }}\n"
    reading = read_text(f"{text}{rest}\njourney j {{ enter on e\n stage s {{ {body} }} }}")
    assert not reading.findings, reading.findings
    return [finding.rule for finding in check(reading.project, reading.findings)]


@pytest.mark.parametrize(
    ("caps", "idle"),
    [
        ("at most 3 per 7d then skip; at most 3 per 7d then skip", 1),
        ("at most 3 per 7d then skip; at most 4 per 7d then skip", 1),
        ("at most 1 per 1d then skip; at most 7 per 7d then skip", 1),
        ("at most 1 per 1d then skip; at most 6 per 7d then skip", 0),
        ("at most 2 per 7d then skip; at most 5 per 30d then skip", 0),
        ("at most 5 per 30d then skip; at most 5 per 7d then skip", 1),
        ("at most 1 per calendar day then skip; at most 2 per 7d then skip", 0),
        ("at most 1 per calendar day then skip; at most 1 per 7d then skip", 1),
        ("at most 1 per 7d then skip; at most 3 per calendar week then skip", 1),
        ("at most 1 per calendar day then skip; at most 10 per 7d then skip", 1),
    ],
)
def test_limits_of_one_channel(caps: str, idle: int) -> None:
    assert rules(caps).count("idle-limit") == idle


@pytest.mark.parametrize(("count", "idle"), [(3, 0), (4, 0), (5, 1), (9, 1)])
def test_a_limit_over_channels_against_their_own(count: int, idle: int) -> None:
    other = "channel d { outbound; only if customer.ok; at most 2 per 7d then skip }\n"
    limit = f"limit all_of_them {{ at most {count} per 7d then skip }}"
    assert rules("at most 3 per 7d then skip", other + limit).count("idle-limit") == idle


def test_a_channel_without_a_limit_of_its_own_fills_the_common_one() -> None:
    assert rules("", "limit all_of_them { at most 90 per 7d then skip }") == []


@pytest.mark.parametrize(
    ("quiet", "never"),
    [
        ("quiet from 22:00 to 08:00 then wait", False),
        ("quiet from 00:00 to 23:59 then wait", False),
        ("quiet from 12:00 to 12:00 then wait", True),
        ("quiet from 22:00 to 08:00 then wait; quiet from 08:00 to 22:00 then wait", True),
        ("quiet from 22:00 to 08:00 then wait; quiet from 07:00 to 23:00 then wait", True),
        ("quiet from 22:00 to 08:00 then wait; quiet from 09:00 to 23:00 then wait", False),
    ],
)
def test_quiet_hours(quiet: str, never: bool) -> None:
    assert ("endless-quiet" in rules(quiet)) == never


@pytest.mark.parametrize(
    ("delay", "up_to", "hasty"),
    [
        ("after 3h", "2h", True),
        ("after 3h", "3h", False),
        ("after 1h to 5h", "2h", True),
        ("after 1h to 5h", "3h", False),
        ("after about 10h", "6h", True),
        ("after about 10h", "7h", False),
        ("after about 10h, 90% within 20h", "9h", True),
        ("", "1s", False),
    ],
)
def test_waits_against_the_time_of_answers(delay: str, up_to: str, hasty: bool) -> None:
    touchpoint = f'touchpoint t {{ send c {{ text "x" }}; responds {{ opened 50% {delay} }} }}'
    found = rules("at most 1 per 7d then skip", body=f"{touchpoint}\nwait for opened(t) up to {up_to}")
    assert ("hasty-wait" in found) == hasty


def test_answers_inside_answers_come_after_both_delays() -> None:
    responds = "responds { e 50% after 3h { opened 50% after 3h } }"
    touchpoint = f'touchpoint t {{ send c {{ text "x" }}; {responds} }}'
    assert "hasty-wait" in rules("at most 1 per 7d then skip", body=f"{touchpoint}\nwait for opened(t) up to 5h")
    assert "hasty-wait" not in rules("at most 1 per 7d then skip", body=f"{touchpoint}\nwait for opened(t) up to 6h")
