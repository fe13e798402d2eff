"""What counts as a part of a journey, and which stories pass it."""

from __future__ import annotations

from safar.dsl.read import read_text
from safar.engine.claims.telling import Teller
from safar.engine.program import lower
from safar.engine.test.coverage import Coverage, Passed, coverage

JOURNEY = """
customer { vip: yes_no = no; day: date? }
event came
event paid
event called
team crm
journey cart {
  enter on came
  on called task crm "Call back"
  on paid exit won
  stage one {
    repeat up to 2 times every 1d until called as asking { touchpoint ask { } }
    wait until customer.day otherwise { touchpoint late { } }
    if customer.vip as vip { touchpoint gift { } }
  }
  stage two {
    on called exit won
    split arms {
      30% a { wait up to 1d as both { for called { }; for paid if customer.vip { touchpoint never } otherwise { } } }
      70% b { exit won }
    }
  }
}
touchpoint never { }
"""


def covered(*bodies: str) -> Coverage:
    scenarios = "".join(
        f'scenario "{n}" for cart {{ start 2027-01-05 on came\n{body} }}\n' for n, body in enumerate(bodies)
    )
    project = read_text(JOURNEY + scenarios).project
    program = lower(project, project.journeys["cart"])
    passed = Passed("cart")
    for scenario in project.scenarios:
        passed.add(Teller(program).tell(scenario).story)
    return coverage(program, passed)


def missed(*bodies: str) -> set[tuple[str, str, str]]:
    return {(part.kind, part.name, part.way) for part in covered(*bodies).parts if not part.covered}


def test_nothing_is_covered_without_scenarios() -> None:
    found = covered()
    assert found.count()[0] == 0
    assert found.percent == 0
    kinds = {kind: found.count(kind)[1] for kind in ("branch", "arm", "interrupt")}
    assert kinds == {"branch": 2, "arm": 2, "interrupt": 4}


def test_one_story() -> None:
    left = missed("take arms.b")
    assert ("arm", "arms", "30% a") in left
    assert ("arm", "arms", "70% b") not in left
    assert ("branch", "vip", "yes") in left
    assert ("branch", "vip", "no") not in left
    assert ("wait", "one/wait_until", "past or unknown") not in left
    assert ("wait", "one/wait_until", "in time") in left
    assert ("step", "late", "") not in left
    assert {one for one in left if one[0] == "interrupt"} == {
        ("interrupt", "cart", "on called"),
        ("interrupt", "cart", "on paid"),
        ("interrupt", "asking", "until called"),
        ("interrupt", "two", "on called"),
    }


def test_interrupts_are_told_apart_by_their_scope() -> None:
    left = missed("take arms.a\nat +1h called")
    assert ("interrupt", "asking", "until called") not in left
    assert ("interrupt", "cart", "on called") not in left  # the task
    assert ("interrupt", "two", "on called") in left
    assert ("interrupt", "two", "on called") not in missed("take arms.a\nat +25h called")


def test_more_scenarios_cover_more() -> None:
    bodies = ["take arms.b", "take arms.a\nat +1h paid", "customer { vip = yes; day = 2027-02-01 }\ntake arms.a"]
    sizes = [covered(*bodies[:n]).count()[0] for n in range(4)]
    assert sizes == sorted(set(sizes))
    assert covered(*bodies).count() == covered(*reversed(bodies)).count()
