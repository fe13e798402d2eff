"""The table of steps, worked by hand from the page."""

from __future__ import annotations

from typing import Any

import pytest

Row = tuple[str, list[str], str, list[str]]
"""A body of a stage (or whole journeys), happenings `1d 2h order(x)`, the kinds looked at, and the lines expected."""

SEND = 'touchpoint {0} {{ send letter {{ text "x" }} }}'
A, B, C, X = (SEND.format(name) for name in "abcx")

STEPS: dict[str, Row] = {
    "what takes no time happens in one instant, in written order": (
        f'{A}; do coupon(code = "C"); set customer.points = 3; task crm "Call"; {B}',
        [],
        "delivered done set exit",
        [
            "0d 00:00 a delivered letter",
            "0d 00:00 s/do done coupon",
            "0d 00:00 s/set set points",
            "0d 00:00 s/task done crm",
            "0d 00:00 b delivered letter",
            "0d 00:00 exit:completed exit completed",
        ],
    ),
    "a time of day is strictly later than now": (
        f"wait until 09:00; {A}; wait until 09:00; {B}",
        [],
        "delivered",
        ["0d 09:00 a delivered letter", "1d 09:00 b delivered letter"],
    ),
    "so is a weekday: Monday at nine to Monday at nine is a week": (
        f"wait until monday at 09:00; {A}; wait until monday at 09:00; {B}; wait until sunday at 23:59; {C}",
        [],
        "delivered",
        ["0d 09:00 a delivered letter", "7d 09:00 b delivered letter", "13d 23:59 c delivered letter"],
    ),
    "an occasion's next date, at nine where no time is given": (
        f"wait until feast; {A}; wait until feast; {B}; wait 1s; wait until feast; {C}",
        [],
        "delivered",
        ["1d 09:00 a delivered letter", "1d 09:00 b delivered letter", "2d 09:00 c delivered letter"],
    ),
    "an event's instant that is past takes otherwise, none too": (
        (
            f"wait for order up to 9d; wait 2d; wait until 1d after order otherwise {{ {A} }}\n"
            f"wait until 1d after called otherwise {{ {B} }}\n wait until 2d after order otherwise {{ exit wrong }}\n"
            f"wait until 3d after order otherwise {{ exit wrong }}\n{C}"
        ),
        ["1d order"],
        "delivered",
        ["3d 00:00 a delivered letter", "3d 00:00 b delivered letter", "4d 00:00 c delivered letter"],
    ),
    "of if, otherwise if, otherwise the first that is true; unknown is false": (
        f"if customer.maybe > 1 {{ {A} }} otherwise if not (customer.maybe > 1) {{ {B} }} otherwise {{ {C} }}\n{X}",
        [],
        "delivered",
        ["0d 00:00 c delivered letter", "0d 00:00 x delivered letter"],
    ),
    "without otherwise the way goes on": (
        f"if customer.points > 1 {{ {A} }}\nwait for order up to 1d {{ {B} }}\n{X}",
        [],
        "delivered",
        ["1d 00:00 x delivered letter"],
    ),
    "into the block of a wait, and on behind it": (
        f"go to inner\nwait for order up to 3d {{ {A}; wait 1h as inner; {B} }} otherwise {{ {C} }}\n{X}",
        [],
        "delivered",
        ["0d 01:00 b delivered letter", "0d 01:00 x delivered letter"],
    ),
    "an event at the very end of a wait beats the time-out, a second later it does not": (
        f"wait for order up to 3d {{ {A} }} otherwise {{ {B} }}\nwait for order up to 3d {{ {C} }} otherwise {{ {X} }}",
        ["3d order", "6d 1s order"],
        "delivered",
        ["3d 00:00 a delivered letter", "6d 00:00 x delivered letter"],
    ),
    "of several ways the first in file order, whatever came first in the history": (
        f"wait up to 3d {{ for customer.points > 0 {{ {A} }}; for order {{ {B} }} otherwise {{ {C} }} }}",
        ["1d order"],
        "delivered",
        ["1d 00:00 b delivered letter"],
    ),
    "a way that holds already takes no time": (
        f"wait up to 3d {{ for order {{ {A} }}; for customer.points == 0 {{ {B} }} otherwise {{ {C} }} }}",
        ["1d order"],
        "delivered",
        ["0d 00:00 b delivered letter"],
    ),
    "rounds begin at start + (k-1) x D, or at once behind a round that took longer": (
        (
            f"wait 1h; repeat up to 4 times every 2d {{ {A}; if customer.points == 1 {{ wait 5d }}\n"
            f" set customer.points = customer.points + 1 }}; {X}"
        ),
        [],
        "delivered",
        [
            "0d 01:00 a delivered letter",
            "2d 01:00 a delivered letter",
            "7d 01:00 a delivered letter",
            "7d 01:00 a delivered letter",
            "7d 01:00 x delivered letter",
        ],
    ),
    "until leaves the loop between two rounds, and in the middle of one": (
        f"repeat up to 5 times every 2d until called {{ {A}; wait 1d; {B} }}; {X}",
        ["2d 12h called"],
        "delivered",
        [
            "0d 00:00 a delivered letter",
            "1d 00:00 b delivered letter",
            "2d 00:00 a delivered letter",
            "2d 12:00 x delivered letter",
        ],
    ),
    "until with a condition that a step of the round makes true": (
        (
            f"repeat up to 5 times every 2d until customer.points == 2 {{ {A}\n"
            f" set customer.points = customer.points + 1 }}; {X}"
        ),
        [],
        "delivered",
        ["0d 00:00 a delivered letter", "2d 00:00 a delivered letter", "2d 00:00 x delivered letter"],
    ),
    "a loop within a loop counts anew in each round": (
        f"repeat up to 2 times every 3d {{ {A}; repeat up to 2 times every 1d {{ {B} }} }}; {X}",
        [],
        "delivered",
        [
            "0d 00:00 a delivered letter",
            "0d 00:00 b delivered letter",
            "1d 00:00 b delivered letter",
            "3d 00:00 a delivered letter",
            "3d 00:00 b delivered letter",
            "4d 00:00 b delivered letter",
            "4d 00:00 x delivered letter",
        ],
    ),
    "a go to back over a wait is a loop of its own": (
        (
            f"{A}; wait 1d as pause; set customer.points = customer.points + 1\n"
            f"if customer.points < 3 {{ go to pause }}\n{X}"
        ),
        [],
        "delivered",
        ["0d 00:00 a delivered letter", "3d 00:00 x delivered letter"],
    ),
    "an exit ends everything": (
        f'{A}; exit gone "Enough"; {B}',
        [],
        "delivered exit",
        ["0d 00:00 a delivered letter", "0d 00:00 exit:gone exit gone"],
    ),
    "an interrupt with a condition, beside one that leaves him where he is": (
        f"""journey j {{ enter on came
          on order if order.total > 50 EUR go to big
          on order task crm "Look at it"
          stage s {{ {A}; wait 9d; {B} }}
          stage big {{ {C} }} }}""",
        ["1d order total=10", "2d order total=60"],
        "delivered done interrupted",
        [
            "0d 00:00 a delivered letter",
            "1d 00:00 j/on order done crm",
            "2d 00:00 j/on order done crm",
            "2d 00:00 s/wait interrupted on order",
            "2d 00:00 c delivered letter",
        ],
    ),
    "a stage's interrupt works only in that stage": (
        """journey j { enter on came
          stage early { on called exit rang; wait 1d }
          stage late { wait 3d } }""",
        ["2d called"],
        "exit interrupted",
        ["4d 00:00 exit:completed exit completed"],
    ),
    "an interrupt by a delivery, once the run rests": (
        f"""journey j {{ enter on came
          on a go to then_
          stage s {{ {A}; {B}; wait 3d; {C} }}
          stage then_ {{ {X} }} }}""",
        [],
        "delivered interrupted",
        [
            "0d 00:00 a delivered letter",
            "0d 00:00 b delivered letter",
            "0d 00:00 s/wait interrupted on a",
            "0d 00:00 x delivered letter",
        ],
    ),
    "the arm of a split is the same in every visit": (
        (
            f"split test {{ 50% coupon_arm {{ {A} }}; 50% control {{ {B} }} }}\nwait 1d\n"
            "set customer.points = customer.points + 1\nif customer.points < 5 { go to test }"
        ),
        [],
        "arm",
        [f"{day}d 00:00 test arm coupon_arm" for day in range(5)],
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_steps(tell: Any, happen_line: Any, name: str) -> None:
    text, lines, kinds, expected = STEPS[name]
    told = tell(text, [happen_line(line) for line in ["0h came", *lines]])
    assert told.of(*kinds.split()) == expected
