"""A customer worked by hand, happening for happening: clock change, quiet hours, limit, interrupt against time-out."""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from safar.engine.model import Settings

JOURNEY = """
channel mail {
  outbound
  cost 0.002 EUR per message
  only if customer.email_ok
  at most 2 per 7d then skip
  quiet from 22:00 to 08:00 then wait up to 1d
}
channel text_message { outbound; quiet from 21:00 to 09:00 then wait; at most 1 per calendar day then skip }
journey worked {
  enter on came if customer.email_ok
  reenter after 30d
  horizon 30d
  on order exit bought
  goal bought { on order within 14d; value order.total }
  stage waking {
    wait 1h
    touchpoint hello { send mail { text "Hello" } }
    wait for opened(hello) up to 2d { set customer.points = customer.points + 10 } otherwise {
      touchpoint nudge { send text_message { text "Psst" } }
    }
    repeat up to 3 times every 2d until called {
      touchpoint reminder { send mail { text "Still there?" }; do coupon(code = "BACK") }
    }
  }
  stage deciding {
    wait until monday at 02:30
    if customer.points >= 10 and count(came within 30d) == 1 { wait for clicked up to 3d { exit clicked_away } }
    exit lost
  }
}
"""
BERLIN = ZoneInfo("Europe/Berlin")


def instant(text: str) -> int:
    """A Berlin time as an instant."""
    return int(datetime.datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp())


# Clocks go forward on Sunday 28 March 2027, from 02:00 to 03:00.  The customer comes on Friday the 19th.
ENTERED = instant("2027-03-19 21:30:00")
LATER = {
    "opened": instant("2027-03-20 23:15:00"),
    "order": instant("2027-04-01 02:30:00"),
}


def worked(tell: Any, happen: Any, **more: Any) -> list[str]:
    start = happen("0h", "came").at

    def at(moment: int, *rest: Any, **payload: Any) -> Any:
        return happen(moment - start, *rest, **payload)

    told = tell(
        JOURNEY,
        [
            at(ENTERED, "came", shop="Mitte"),
            at(LATER["opened"], "opened", "hello"),
            at(LATER["order"], "order", id="A1", total=1_234_500),
            at(instant("2027-04-02 10:00:00"), "order", id="A2", total=100_000),
            at(instant("2027-04-02 22:30:00"), "order", id="A3", total=100),
            at(instant("2027-04-02 22:30:01"), "order", id="A4", total=100),
            at(instant("2027-04-10 10:00:00"), "came"),
        ],
        settings=Settings(timezone="Europe/Berlin"),
        **more,
    )
    lines = []
    for one in told.story.happenings:
        local = datetime.datetime.fromtimestamp(one.at, BERLIN).strftime("%a %d %H:%M:%S")
        lines.append(" ".join(f"{local} {one.step} {one.what.value} {one.event or ''} {one.detail}".split()))
    return lines


def test_as_worked_by_hand(tell: Any, happen: Any) -> None:
    assert worked(tell, happen) == [
        "Fri 19 21:30:00 event came",
        "Fri 19 21:30:00 entry entered came",
        "Fri 19 21:30:00 waking/wait waiting",
        "Fri 19 22:30:00 waking/wait woken time",
        # Quiet since 22:00: held over midnight to 08:00.
        "Fri 19 22:30:00 hello held quiet",
        "Sat 20 08:00:00 hello delivered mail",
        "Sat 20 08:00:00 waking/wait_for waiting",
        "Sat 20 23:15:00 event opened",
        "Sat 20 23:15:00 waking/wait_for woken opened opened(hello)",
        "Sat 20 23:15:00 waking/set set points",
        # The first round begins at once, at 23:15; its message waits for the morning.
        "Sat 20 23:15:00 reminder held quiet",
        "Sun 21 08:00:00 reminder delivered mail",
        "Sun 21 08:00:00 reminder done coupon",
        # Round 2 begins two days after the loop did; two mails in the last 7 days, so it is skipped before quiet hours
        # are asked.
        "Sun 21 08:00:00 waking/repeat waiting",
        "Mon 22 23:15:00 waking/repeat woken time",
        "Mon 22 23:15:00 reminder suppressed limit",
        "Mon 22 23:15:00 waking/repeat waiting",
        "Wed 24 23:15:00 waking/repeat woken time",
        "Wed 24 23:15:00 reminder suppressed limit",
        # No pause after the last round.  02:30 on Monday the 29th is a day after the clock change.
        "Wed 24 23:15:00 deciding/wait_until waiting",
        "Mon 29 02:30:00 deciding/wait_until woken time",
        "Mon 29 02:30:00 deciding/if branch true",
        "Mon 29 02:30:00 deciding/wait_for waiting",
        # The order comes at the very second at which three days are up: the interrupt wins.
        "Thu 01 02:30:00 event order",
        "Thu 01 02:30:00 set orders",
        "Thu 01 02:30:00 deciding/wait_for goal order bought",
        "Thu 01 02:30:00 deciding/wait_for interrupted order on order",
        "Thu 01 02:30:00 exit:bought exit bought",
        # The goal's 14 days of 24 hours end at 22:30 on Friday the 2nd, summer time.
        "Fri 02 10:00:00 event order",
        "Fri 02 10:00:00 set orders",
        "Fri 02 10:00:00 goal order bought",
        "Fri 02 22:30:00 event order",
        "Fri 02 22:30:00 set orders",
        "Fri 02 22:30:00 goal order bought",
        "Fri 02 22:30:01 event order",
        "Fri 02 22:30:01 set orders",
        "Sat 10 10:00:00 event came",
        "Sat 10 10:00:00 entry too_soon came",
    ]


def test_a_wait_until_a_time_that_the_clock_change_skips_ends_at_the_first_instant_after(
    tell: Any, happen: Any
) -> None:
    began = instant("2027-03-28 01:00:00")
    start = happen("0h", "came").at
    told = tell(
        "wait until 02:30\nexit done", [happen(began - start, "came")], settings=Settings(timezone="Europe/Berlin")
    )
    assert told.story.runs[0].ended == instant("2027-03-28 03:00:00") == began + 3600


@pytest.mark.parametrize("key", ["1", "2", "somebody", "۱۲"])
def test_what_a_file_says_depends_on_no_chance(tell: Any, happen: Any, key: str) -> None:
    assert worked(tell, happen, key=key, seed=99) == worked(tell, happen)
