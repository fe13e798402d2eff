"""Which step is which, and how it is told; in any script, and whatever stands in the files."""

from __future__ import annotations

import pytest

from safar.dsl.read import read_text
from safar.engine.diagnostic import Severity
from safar.engine.diff.change import Notice
from safar.engine.diff.diff import Asking, Difference, diff

WORLD = """\
customer { ok: yes_no = no; member: yes_no = no }
event came
event left
event opened
channel email { outbound; only if customer.ok }
"""
ONE = 'touchpoint note { send email { text "1" } }'
TWO = 'touchpoint gift { send email { text "2" } }'


def between(old: str, new: str, world: str = WORLD) -> Difference:
    projects = []
    for body in (old, new):
        text = body if "journey " in body else f"journey j {{\nenter on came\n{body}\n}}\n"
        reading = read_text(world + text)
        errors = [one.message for one in reading.findings if one.severity is Severity.ERROR]
        assert not errors, errors
        projects.append(reading.project)
    return diff(projects[:1], projects[1:], Asking(pairs=True))


def told(difference: Difference) -> list[tuple[str, str]]:
    return [(one.kind, one.message) for one in difference.changes]


def test_an_if_that_is_taken_out_leaves_its_steps_where_they_are() -> None:
    found = between(
        f"stage s {{ wait 1d; if customer.member {{ {ONE}; wait 1h; {TWO} }}; exit done }}",
        f"stage s {{ wait 1d; {ONE}; wait 1h; {TWO}; exit done }}",
    )
    (weaker,) = found.weakened
    assert weaker.message == (
        "`touchpoint note` was only for customers with `customer.member`, and others may come to it now"
    )
    assert [(one.kind, one.message) for one in found.others] == [
        ("removed", "`if customer.member` in stage `s` is gone")
    ]
    assert found.experiences[0].notice is Notice.DIFFERS


@pytest.mark.parametrize(
    ("old", "new", "effects"),
    [
        ("at most 1 per 3d then skip; at most 2 per 2d then skip", "at most 1 per 3d then skip", ["changed"]),
        ("at most 1 per 3d then skip", "at most 1 per 3d then skip; at most 2 per 2d then skip", ["changed"]),
        ("at most 2 per 2d then skip", "at most 2 per 3d then skip", ["strengthened"]),
        ("at most 2 per 2d then skip", "at most 1 per 1d then skip", ["weakened"]),
        ("at most 1 per calendar day then skip", "at most 1 per 30h then skip", ["strengthened"]),
        ("at most 1 per calendar day then skip", "at most 1 per 24h then skip", ["weakened"]),
        ("at most 1 per 1d then skip", "at most 1 per 1d then wait", ["changed"]),
        ("", "at most 1 per 1d then skip", ["strengthened"]),
        ("at most 1 per 1d then skip; at most 3 per 7d then skip", "", ["weakened", "weakened"]),
    ],
)
def test_caps_are_compared_by_what_they_allow(old: str, new: str, effects: list[str]) -> None:
    journey = f"journey j {{ enter on came\nstage s {{ {ONE}; wait 1d }} }}"
    texts = [WORLD.replace("customer.ok }", f"customer.ok; {caps} }}") + journey for caps in (old, new)]
    found = diff([read_text(texts[0]).project], [read_text(texts[1]).project])
    assert [one.effect.value for one in found.changes] == effects, [one.message for one in found.changes]


def test_a_message_on_a_channel_that_asks_less() -> None:
    world = WORLD + "channel letter { outbound; only if customer.ok or customer.member }\n"
    by_letter = ONE.replace("email", "letter")
    found = between(f"stage s {{ {ONE}; wait 1d }}", f"stage s {{ {by_letter}; wait 1d }}", world)
    (weaker,) = found.weakened
    assert weaker.message.startswith("touchpoint note goes by letter now, not by email; it also lets through")
    assert [one.message for one in found.others] == ["touchpoint note: channel: email -> letter"]
    assert not between(f"stage s {{ {by_letter}; wait 1d }}", f"stage s {{ {ONE}; wait 1d }}", world).weakened


def test_an_if_before_a_wait_guarded_nobody_behind_it() -> None:
    found = between(
        f"stage s {{ if customer.member {{ wait 1d; {ONE} }}; exit done }}",
        f"stage s {{ wait 1d; {ONE}; exit done }}",
    )
    assert not found.weakened


def test_steps_in_another_order() -> None:
    found = between(f"stage s {{ {ONE}; wait 1d; {TWO} }}", f"stage s {{ {TWO}; wait 1d; {ONE} }}")
    assert [kind for kind, _ in told(found)] in (["moved"], ["moved", "moved"])
    assert found.experiences[0].notice is Notice.DIFFERS


def test_a_step_in_another_stage() -> None:
    found = between(
        f"stage s {{ {ONE}; wait 1d }}\nstage t {{ {TWO} }}", f"stage s {{ wait 1d }}\nstage t {{ {ONE}; {TWO} }}"
    )
    assert told(found) == [
        ("moved", "`touchpoint note` stands elsewhere: in stage `t`, and was in stage `s`"),
    ]


def test_a_stage_with_another_name() -> None:
    stage = f"{{ {ONE}; wait 1d; {TWO}; exit done }}"
    found = between(f"stage s {stage}", f"stage beginning {stage}")
    assert told(found) == [("renamed", "stage `s` is called `beginning` now")]
    assert found.experiences[0].notice is Notice.SAME


def test_a_touchpoint_that_says_something_else_is_another_one() -> None:
    found = between(f"stage s {{ {ONE}; wait 1d }}", f"stage s {{ {TWO.replace('email', 'email')}; wait 1d }}")
    kinds = sorted(kind for kind, _ in told(found))
    assert kinds in (["added", "removed"], ["changed", "renamed"])


def test_persian_names_that_only_look_different_are_the_same() -> None:
    world = WORLD.replace("email", "ایمیل").replace("came", "آمد")
    one = 'journey ج {\nenter on آمد\nstage س { touchpoint پيام { send ایمیل { text "سلام" } }; wait 1d } }\n'
    assert not between(one, one.replace("پيام", "پیام"), world)
    found = between(one, one.replace("wait 1d", "wait 2d").replace("پيام", "نامه"), world)
    assert ("changed", "`wait 1d` is now `wait 2d`") in told(found)
    assert found.experiences[0].notice is Notice.DIFFERS


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("journey j { enter on came }", "journey j { enter on came\nstage s { wait 1d } }"),
        ("journey j { stage s { wait 1d } }", "journey j { stage s { wait 2d } }"),
        ("journey j { enter on came\nstage s { } }", "journey j { enter on left\nstage s { } }"),
        ("team a", "team b"),
        ("journey j { enter on came\nstage s { go to s2 }\nstage s2 { exit x } }", "journey j { enter on came }"),
    ],
)
def test_empty_and_odd_journeys(old: str, new: str) -> None:
    for pair in ((old, new), (new, old)):
        difference = diff([read_text(WORLD + pair[0]).project], [read_text(WORLD + pair[1]).project])
        assert difference
        assert all(one.message for one in difference.changes)


def test_a_removed_attribute_and_event_are_no_trouble() -> None:
    old = """customer { a: integer = 0; ok: yes_no = no }
event came { n: integer; then set customer.a = n }
channel email { outbound }
journey j { enter on came if customer.a > 3; stage s { touchpoint t { send email { text "x" } }; wait 1d } }"""
    new = """customer { b: text?; ok: integer = 0 }
event began { n: text? }
event came { n: text? }
channel sms { outbound }
journey j { enter on came if customer.ok > 3; stage s { touchpoint t { send sms { text "x" } }; wait 1d } }"""
    difference = diff([read_text(old).project], [read_text(new).project])
    assert {"attribute `a` is gone", "attribute `b` is new", "event `began` is new"} <= {
        one.message for one in difference.changes
    }


def test_what_a_journey_does_not_name_does_not_matter_to_it() -> None:
    body = f"journey j {{ enter on came\nstage s {{ {ONE}; wait 1d }} }}"
    other = WORLD.replace("member: yes_no = no", "member: yes_no = yes").replace(
        "event left", "event left { n: text? }"
    )
    projects = [read_text(world + body).project for world in (WORLD, other)]
    difference = diff(projects[:1], projects[1:])
    assert len(difference.others) == 2
    assert difference.experiences[0].notice is Notice.SAME
    asked = body.replace("wait 1d", "if customer.member { wait 1d }")
    projects = [read_text(world + asked).project for world in (WORLD, other)]
    assert diff(projects[:1], projects[1:]).experiences[0].notice is Notice.DIFFERS


def test_many_steps_that_are_alike() -> None:
    row = "wait 1h\n" * 400
    found = between(f"stage s {{ {row} }}", f"stage s {{ {row}wait 2h }}")
    assert told(found) == [("added", "`wait 2h` in stage `s` is new")]
