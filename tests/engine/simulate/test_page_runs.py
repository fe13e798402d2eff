"""Entries, goals, answers, priorities and several journeys on one timeline: worked by hand from the page."""

from __future__ import annotations

from typing import Any

import pytest

SEND = 'touchpoint {0} {{ send letter {{ text "x" }}; {1} }}'


def letter(name: str, more: str = "") -> str:
    return SEND.format(name, more)


Row = tuple[str, list[str], str, list[str]]

RUNS: dict[str, Row] = {
    "inside is asked before too soon, eligible before both": (
        "journey j { enter on came if customer.points == 0; reenter after 10d\n stage s { wait 3d } }",
        ["0h came", "1d came", "2d set points=1", "3d came", "4d set points=0", "5d came", "10d came"],
        "not_eligible inside too_soon held_out entered",
        [
            "0d 00:00 entry entered",
            "1d 00:00 entry inside",
            "3d 00:00 entry not_eligible",
            "5d 00:00 entry too_soon",
            "10d 00:00 entry entered",
        ],
    ),
    "an exit at the very instant of the next entry comes after it: the customer is inside": (
        "journey j { enter on came; reenter always\n stage s { wait 3d } }",
        ["0h came", "3d came"],
        "inside entered exit",
        ["0d 00:00 entry entered", "3d 00:00 entry inside", "3d 00:00 exit:completed exit completed"],
    ),
    "eligible by the second line though the first is not": (
        "journey j { enter on came if customer.points > 5; enter on came; enter on called\n stage s { wait 1d } }",
        ["0h came", "2d called"],
        "entered not_eligible too_soon",
        ["0d 00:00 entry entered", "2d 00:00 entry too_soon"],
    ),
    "the event is counted before the entry condition is asked": (
        "journey j { enter on order if customer.orders == 2\n stage s { } }",
        ["0h order", "1d order", "2d order"],
        "entered not_eligible too_soon",
        ["0d 00:00 entry not_eligible", "1d 00:00 entry entered", "2d 00:00 entry not_eligible"],
    ),
    "one event ends a run and begins the next": (
        "journey j { enter on came; reenter always; on came exit again\n stage s { wait 9d } }",
        ["0h came", "2d came"],
        "entered exit",
        ["0d 00:00 entry entered", "2d 00:00 exit:again exit again", "2d 00:00 entry entered",
         "11d 00:00 exit:completed exit completed"],
    ),
    "unfinished at the horizon; a goal a second later is none": (
        "journey j { enter on came; horizon 5d; goal bought { on order }\n stage s { wait 9d } }",
        ["0h came", "5d order", "5d 1s order"],
        "goal unfinished exit",
        ["5d 00:00 s/wait goal bought", "5d 00:00 s/wait unfinished"],
    ),
    "a goal within its window, counted once; its value each time": (
        "journey j { enter on came; goal bought { on order within 2d; value order.total }\n stage s { } }",
        ["0h came", "1d order total=10", "2d order total=20", "2d 1s order total=30"],
        "goal",
        ["1d 00:00 goal bought", "2d 00:00 goal bought"],
    ),
    "the entry event reaches no goal, nor does an event before": (
        "journey j { enter on order; goal bought { on order }\n stage s { wait 1d } }",
        ["0h order total=10"],
        "goal",
        [],
    ),
    "a goal by a delivery, by an action, by an exit of its name": (
        f"""journey j {{ enter on came
          goal met {{ on x }}
          goal given {{ on coupon }}
          goal left
          stage s {{ wait 1h; {letter("x", 'do coupon(code = "A")')}; wait 1h; exit left }} }}""",
        ["0h came"],
        "goal",
        ["0d 01:00 x goal met", "0d 01:00 x goal given", "0d 02:00 exit:left goal left"],
    ),
    "a goal by an answer, also to the second place of its touchpoint": (
        f"""journey j {{ enter on came; goal read {{ on opened(x) }}
          stage s {{ {letter("x")}; wait 5d; touchpoint x as later; wait 5d }} }}""",
        ["0h came", "1d clicked(x)", "6d opened(later)", "7d opened(x)"],
        "goal",
        ["6d 00:00 s/wait-2 goal read"],
    ),
    "an answer withdrawn: the latest visit alone counts": (
        f"""journey j {{ enter on came
          stage s {{ {letter("x", "responds { opened 100% after 2d }")}; wait 1d; touchpoint x as later; wait 5d
            if opened(x) {{ exit read }} }} }}""",
        [],
        "event exit",
        # the answer to the first visit (due on day 2) does not come, the second one (day 3) does
        ["0d 00:00 came", "3d 00:00 opened(x)", "6d 00:00 exit:read exit read"],
    ),
    "an answer that has come counts until the touchpoint is met again": (
        f"""journey j {{ enter on came
          stage s {{ {letter("x", "responds { opened 100% if customer.points == 0 }")}; wait 1d
            if opened(x) {{ set customer.points = 1 }}
            touchpoint x as later; wait 1d; if opened(x) {{ exit read }} otherwise {{ exit unread }} }} }}""",
        [],
        "event exit",
        ["0d 00:00 came", "0d 00:00 opened(x)", "2d 00:00 exit:unread exit unread"],
    ),
    "of a suppressed message nothing happens, and it withdraws": (
        """journey j { enter on came
          stage s { touchpoint x { send strict { text "x" }; do coupon(code = "A"); cost 1 EUR per message
            responds { opened 100% after 2d } }; wait 1d; touchpoint x as later; wait 9d } }""",
        [],
        "event delivered suppressed done",
        ["0d 00:00 came", "0d 00:00 x delivered strict", "0d 00:00 x done coupon", "1d 00:00 later suppressed limit"],
    ),
    "a held message has its answers, actions and goal at the delivery": (
        """journey j { enter on came; goal met { on x }
          stage s { wait 23h; touchpoint x { send night { text "x" }; do coupon(code = "A")
            responds { opened 100% after 1h { clicked 100% after 30m } } } } }""",
        [],
        "held delivered done goal event exit",
        ["0d 00:00 came", "0d 23:00 x held quiet", "1d 08:00 x delivered night", "1d 08:00 x goal met",
         "1d 08:00 x done coupon", "1d 08:00 exit:completed exit completed", "1d 09:00 opened(x)",
         "1d 09:30 clicked(x)"],
    ),
    "chances are asked at the delivery, behind the touchpoint's own lines": (
        f"""event tagged {{ then set customer.points = 9 }}
          journey j {{ enter on came
          stage s {{ {letter("x", "responds { opened 100% if customer.points == 0, 0% otherwise after 1h "
          "{ clicked 100% if customer.points == 0 after 1h } }")}; set customer.points = 5; wait 1d }} }}""",
        [],
        "event",
        ["0d 00:00 came", "0d 01:00 opened(x)", "0d 02:00 clicked(x)"],
    ),
    "answers of one instant: earlier delivery, then line, outer before inner": (
        f"""journey j {{ enter on came
          stage s {{ {letter("x", "responds { opened 100% after 2h { called 100% }; clicked 100% after 2h }")}; wait 1h
            {letter("y", "responds { order 100% after 1h }")}; wait 1d }} }}""",
        [],
        "event",
        ["0d 00:00 came", "0d 02:00 opened(x)", "0d 02:00 called(x)", "0d 02:00 clicked(x)", "0d 02:00 order(y)"],
    ),
    "at one instant: the file, then the ends of waits, then the horizon": (
        ("journey j { enter on came; horizon 3d\n stage s { wait 3d; exit done_ } }\n"
        "journey k { enter on came; horizon 3d; on order exit bought\n stage s { wait 3d; exit done_ } }"),
        ["0h came", "3d order"],
        "event exit unfinished",
        ["0d 00:00 came", "3d 00:00 order", "3d 00:00 exit:bought exit bought", "3d 00:00 exit:done_ exit done_"],
    ),
    "a limit over several channels and journeys; transactional fills nothing": (
        f"""limit pressure {{ at most 3 per 7d then skip }}
          journey j {{ enter on came\n stage s {{ {letter("a")}; {letter("b", "transactional")}; wait 1d
            {letter("c")} }} }}
          journey k {{ enter on came\n stage s {{ wait 12h; touchpoint d {{ send email {{ text "x" }} }}; wait 1d
            touchpoint e {{ send email {{ text "x" }} }}; touchpoint f {{ at site }}; wait 6d
            touchpoint g {{ send email {{ text "x" }} }} }} }}""",
        ["0h came"],
        "delivered suppressed",
        ["0d 00:00 a delivered letter", "0d 00:00 b delivered letter", "0d 12:00 d delivered email",
         "1d 00:00 c delivered letter", "1d 12:00 e suppressed limit", "1d 12:00 f delivered site",
         "7d 12:00 g delivered email"],
    ),
    "high goes first and fills the limit": (
        """limit pressure { channels letter, email; at most 1 per 7d then skip }
          journey j { enter on came\n stage s { touchpoint a { send letter { text "x" }; priority low } } }
          journey k { enter on came\n stage s { touchpoint b { send letter { text "x" } } } }
          journey m { enter on came\n stage s { touchpoint c { send email { text "x" }; priority high } } }""",
        ["0h came"],
        "delivered suppressed",
        ["0d 00:00 c delivered email", "0d 00:00 b suppressed limit", "0d 00:00 a suppressed limit"],
    ),
    "at equal priority the earlier entry": (
        """limit pressure { at most 1 per 7d then skip }
          journey k { enter on called\n stage s { wait 1d; touchpoint b { send letter { text "x" } } } }
          journey j { enter on came\n stage s { wait 2d; touchpoint a { send letter { text "x" } } } }""",
        ["0h came", "1d called"],
        "delivered suppressed",
        ["2d 00:00 a delivered letter", "2d 00:00 b suppressed limit"],
    ),
    "a consent withdrawn by one journey stops the other at once": (
        """journey j { enter on came\n stage s { wait 1d; set customer.email_ok = no } }
          journey k { enter on called\n stage s { wait 1d; touchpoint b { send email { text "x" } } } }""",
        ["0h came", "0h called"],
        "delivered suppressed",
        ["1d 00:00 b delivered email"],
    ),
    "without a send ahead a run goes behind one that has one": (
        """journey j { enter on came\n stage s { wait 1d; wait 1d; touchpoint a { send email { text "x" } } } }
          journey k { enter on came\n stage s { wait 1d; touchpoint b { send email { text "x" } }; wait 2d } }""",
        ["0h came"],
        "delivered woken",
        ["1d 00:00 s/wait woken time", "1d 00:00 b delivered email", "1d 00:00 s/wait woken time",
         "2d 00:00 s/wait-2 woken time", "2d 00:00 a delivered email", "3d 00:00 s/wait-2 woken time"],
    ),
    "start: the present run rests first; conditions are not asked, re-entry is": (
        f"""journey j {{ enter on came; reenter always\n stage s {{ start k; {letter("a")}; wait 1d; {letter("b")} }} }}
          journey k {{ enter on called if customer.points > 5; reenter after 3d\n stage s {{ {letter("c")} }} }}""",
        ["0h came", "2d came", "4d came"],
        "delivered entered too_soon not_eligible",
        ["0d 00:00 entry entered", "0d 00:00 entry entered", "0d 00:00 a delivered letter",
         "0d 00:00 c delivered letter", "1d 00:00 b delivered letter",
         "2d 00:00 entry entered", "2d 00:00 entry too_soon", "2d 00:00 a delivered letter",
         "3d 00:00 b delivered letter",
         "4d 00:00 entry entered", "4d 00:00 entry entered", "4d 00:00 a delivered letter",
         "4d 00:00 c delivered letter", "5d 00:00 b delivered letter"],
    ),
    "per: re-entry and inside by the value; other events count in all": (
        """journey j { enter on order per id; reenter after 5d; on called exit rang
          stage s { wait for order up to 9d { exit again } } }""",
        ["0h order id=A", "1d order id=B", "2d order id=A", "3d order id=A", "4d called", "5d order id=A"],
        "entered inside too_soon exit",
        ["0d 00:00 entry entered", "1d 00:00 entry entered", "2d 00:00 exit:again exit again",
         "2d 00:00 entry too_soon", "3d 00:00 entry too_soon", "4d 00:00 exit:rang exit rang",
         "5d 00:00 entry entered", "14d 00:00 exit:completed exit completed"],
    ),
    "growing keeps the greater, unknown leaves what may not be unknown": (
        """journey j { enter on came\n stage s { set customer.orders = 3; set customer.orders = 1
          set customer.points = customer.maybe; set customer.maybe = customer.points
          if customer.orders == 3 and customer.points == 0 and customer.maybe == 0 { exit right } } }""",
        ["0h came"],
        "exit",
        ["0d 00:00 exit:right exit right"],
    ),
    "holds reserve nothing: who goes first at the release has the room": (
        """journey j { enter on came\n stage s { wait 1h; touchpoint a { send capped { text "x" } }; wait 5d
            touchpoint b { send capped { text "x" } } } }
          journey k { enter on came
            stage s { wait 122h; touchpoint c { send capped { text "x" }; priority high } } }""",
        ["0h came"],
        "held delivered suppressed",
        ["0d 01:00 a delivered capped", "5d 01:00 b held limit", "5d 02:00 c held limit", "7d 01:00 c delivered capped",
         "7d 01:00 b held limit", "8d 01:00 b suppressed held"],
    ),
    "held at the horizon: unfinished, and never sent": (
        'journey j { enter on came; horizon 1d\n stage s { wait 23h; touchpoint x { send night { text "x" } } } }',
        ["0h came"],
        "held delivered suppressed unfinished",
        ["0d 23:00 x held quiet", "1d 00:00 x unfinished"],
    ),
    "before the entry at that instant is before, after it is after": (
        ("journey j { enter on came; on order exit bought\n stage s { wait 1d } }\n"
        "journey k { enter on called; on order exit bought\n stage s { wait 1d } }"),
        ["0h came", "0h order", "0h called"],
        "exit",
        ["0d 00:00 exit:bought exit bought", "1d 00:00 exit:completed exit completed"],
    ),
    "under per a run sees its own deliveries and answers": (
        """touchpoint x { send letter { text "x" } }
          journey j { enter on order per id
            stage s { touchpoint x; wait for opened(x) up to 1d { exit read }
              if count(x) == 1 { exit own } otherwise { exit others_too } } }
          journey k { enter on came\n stage s { wait 3d; if count(x) == 2 { exit both } } }""",
        ["0h came", "0h order id=A", "1h order id=B", "2h opened(x)"],
        "delivered exit",
        ["0d 00:00 x delivered letter", "0d 01:00 x delivered letter", "0d 02:00 exit:read exit read",
         "1d 00:00 exit:own exit own", "3d 00:00 exit:both exit both"],
    ),
    "a wait for a delivery or an action of another journey": (
        """touchpoint x { send letter { text "x" } }
          journey j { enter on came\n stage s { wait for coupon up to 5d { exit seen } } }
          journey k { enter on came\n stage s { wait for count(x) >= 1 up to 5d { exit seen } } }
          journey m { enter on came\n stage s { wait 1d; touchpoint x; do coupon(code = "A"); wait 1d } }""",
        ["0h came"],
        "delivered done exit",
        ["1d 00:00 x delivered letter", "1d 00:00 s/do done coupon", "1d 00:00 exit:seen exit seen",
         "1d 00:00 exit:seen exit seen", "2d 00:00 exit:completed exit completed"],
    ),
    "interrupts that start and do, each time, in file order": (
        """journey j { enter on came; on order start k; on order do coupon(code = "A")\n stage s { wait 5d } }
          journey k { enter on called; reenter always\n stage s { wait 1d } }""",
        ["0h came", "1d order", "1d 12h order", "3d order"],
        "entered inside done",
        ["0d 00:00 entry entered", "1d 00:00 j/on order done k", "1d 00:00 entry entered",
         "1d 00:00 j/on order done coupon", "1d 12:00 j/on order done k", "1d 12:00 entry inside",
         "1d 12:00 j/on order done coupon", "3d 00:00 j/on order done k", "3d 00:00 entry entered",
         "3d 00:00 j/on order done coupon"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RUNS)
def test_runs(tell: Any, happen_line: Any, name: str) -> None:
    text, lines, kinds, expected = RUNS[name]
    told = tell(text, [happen_line(line) for line in lines] or None)
    assert told.of(*kinds.split()) == expected
