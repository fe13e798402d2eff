"""A part of the flow: what is around a step, some stages, stages closed, one persona's way."""

from __future__ import annotations

import pytest

from safar.dsl.read import read_text
from safar.engine.program import Program, lower
from safar.renderers.flow.part import Part, part_of
from safar.renderers.journey_map.cut import CutError
from safar.renderers.labels import clean
from safar.renderers.picture import OUTSIDE, Picture
from safar.renderers.view import view

SHOP = """
customer { orders: integer = 0 }
event visited "Visited"; event opened "Opened"; event bought "Bought"; event called "Called"
channel email "Email" { outbound }; channel shop "Shop" { inbound }; team crm "CRM"; team web "Web"; tag offer
persona planner "Planner" { share 50% }; persona hunter "Hunter" { share 50% }
journey j "J" {
  owner crm
  enter on visited
  on bought exit won
  stage early "Early" {
    on called go to late
    touchpoint hello "Hello" { send email { subject "x" } }
    wait for opened up to 2d { touchpoint more "More" { at shop; owner web } } otherwise { exit lost "Silent" }
    wait 3d as pause
  }
  stage middle "Middle" {
    if persona == planner { touchpoint data "Data" { send email { subject "y" }; tag offer } }
    otherwise { touchpoint code "Code" { at shop; tag offer } }
    repeat up to 3 times every 7d { wait 1d }
    if customer.orders > 2 { go to hello }
  }
  stage late "Late" { wait 4d; task crm "Call" }
}
"""


def program(text: str = SHOP) -> Program:
    reading = read_text(text)
    assert [finding.message for finding in reading.findings if finding.severity.value == "error"] == []
    return lower(reading.project, reading.project.journeys["j"])


def shown(**part: object) -> Picture:
    one = program()
    return part_of(one, view(one), Part(**part))  # type: ignore[arg-type]


def titles(picture: Picture, family: str = "") -> list[str]:
    return [clean(box.title) for box in picture.boxes if family in ("", box.family)]


def ways(picture: Picture) -> set[tuple[str, str, str]]:
    names = [clean(" ".join((box.title, *box.details))) for box in picture.boxes]
    return {(names[one.start], clean(one.label), names[one.end]) for one in picture.arrows}


def test_nothing_asked_for_is_the_whole() -> None:
    whole = view(program())
    assert (shown().boxes, shown().arrows) == (whole.boxes, whole.arrows)


def test_a_closed_stage_is_one_box_with_what_goes_in_and_out() -> None:
    picture = shown(closed="middle")
    assert titles(picture, "stage") == ["Middle"]
    assert "Data" not in titles(picture)
    assert {
        ("Wait 3 days", "", "Middle 6 steps"),
        ("Middle 6 steps", "yes", "Hello By: Email"),
        ("Middle 6 steps", "no", "Wait 4 days"),
    } <= ways(picture)
    assert all(one.start != one.end for one in picture.arrows)


def test_all_stages_closed() -> None:
    picture = shown(closed="all")
    assert titles(picture)[:4] == ["Start", "Early", "Middle", "Late"]
    assert set(titles(picture)[4:]) == {"At any time", "End: won", "End: lost", "End: completed"}
    assert ("Start Visited Once per customer", "", "Early 4 steps") in ways(picture)
    assert ("Early 4 steps", "no answer after 2 days", "End: lost Silent") in ways(picture)


def test_several_ways_between_closed_stages_are_told_by_their_number() -> None:
    picture = shown(closed="early, middle,late")
    told = {(one, other): label for one, label, other in ways(picture)}
    # on through `pause`, and by the interrupt, which stays an arrow of its own
    assert told["Early 4 steps", "Middle 6 steps"] == ""
    assert told["Early 4 steps", "Late 2 steps"] == ""


def test_around_a_step_stubs_say_how_much_is_left_out() -> None:
    picture = shown(focus="pause", depth=1)
    assert set(titles(picture, "contact")) == {"More"}
    assert titles(picture, "stub") == ["2 more steps", "5 more steps", "Late"]
    assert set(titles(picture, "interrupt")) == {"At any time", "At any time in this stage"}
    assert ("2 more steps", "Opened", "More At: Shop Owner: Web") in ways(picture)


def test_around_an_outcome_and_by_any_name_of_a_step() -> None:
    assert titles(shown(focus="lost", depth=1), "wait") == ["Wait up to 2 days"]
    for name in ("hello", "HELLO", "early/wait_for", "exit:lost"):
        assert len(shown(focus=name, depth=0).boxes) > 1


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ("channel:email", {"Hello", "Data"}),
        ("owner:web", {"More"}),
        ("tag:offer", {"Data", "Code"}),
    ],
)
def test_selectors(selector: str, found: set[str]) -> None:
    assert set(titles(shown(focus=selector, depth=0), "contact")) == found


def test_some_stages_with_stubs_for_the_others() -> None:
    picture = shown(stages="middle")
    assert {box.stage for box in picture.boxes} == {1, OUTSIDE}
    assert titles(picture, "stub") == ["Early", "Late"], "what is before and behind the stage is the same"
    assert titles(shown(stages="early..late"), "stub") == []
    assert "Start" in titles(shown(stages="..early"))


def test_one_persona_without_what_is_kept_from_it() -> None:
    picture = shown(persona="planner")
    assert "Data" in titles(picture)
    assert "Code" not in titles(picture)
    assert [arrow for arrow in picture.arrows if arrow.end >= len(picture.boxes)] == []


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"focus": "helo"}, "did you mean `hello`?"),
        ({"focus": "nothing of it"}, "no step `nothing of it`"),
        ({"focus": "channel:fax"}, "no channel `fax`"),
        ({"focus": "colour:red"}, "no step `colour:red`"),
        ({"closed": "erly"}, "did you mean `early`?"),
        ({"stages": "late..early"}, "comes after"),
        ({"persona": "hunters"}, "did you mean `hunter`?"),
    ],
)
def test_what_is_not_there(part: dict[str, str], said: str) -> None:
    with pytest.raises(CutError) as wrong:
        shown(**part)
    assert said in str(wrong.value)
