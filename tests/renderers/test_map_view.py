"""What a map shows of a journey: boxes, arrows and their words."""

from __future__ import annotations

from safar.dsl.read import read_text
from safar.engine.program import lower
from safar.renderers.labels import clean
from safar.renderers.picture import Picture
from safar.renderers.view import view

HEAD = """
customer { renewal: date?; orders: integer = 0; member: yes_no = no }
event order_placed "Ordered" { total: money }; event opened "Opened"; event clicked "Clicked"; event called "Called"
channel email "Email" { outbound }; channel shop "Shop" { inbound }
team crm "CRM"; team support "Support"; action coupon "Coupon" { code: text }
occasion nowruz "Nowruz" { 2027-03-21 }
persona hunter "Bargain hunter" { share 100% }
condition is_member "A member" = customer.member
"""


def shown(steps: str, *, head: str = "enter on order_placed", language: str = "") -> Picture:
    text = f"{HEAD}\njourney j {{\n{head}\n{steps}\n}}"
    reading = read_text(text)
    assert [f.message for f in reading.findings if f.severity.value == "error"] == []
    return view(lower(reading.project, reading.project.journeys["j"]), language)


def boxes(picture: Picture) -> dict[str, list[str]]:
    return {clean(box.title): [clean(line) for line in box.details] for box in picture.boxes}


def arrows(picture: Picture) -> set[tuple[str, str, str, str]]:
    title = [clean(box.title) for box in picture.boxes]
    return {(title[one.start], clean(one.label), title[one.end], one.kind) for one in picture.arrows}


def test_entries() -> None:
    head = """
      enter on order_placed per total if customer.orders > 1
      enter each year on customer.renewal at 10:30
      enter each monday
      enter each nowruz at 08:00
      enter on 2027-03-21 at 09:00 if is_member
      reenter always
      hold out 12.5%
    """
    assert boxes(shown("stage s { wait 1d }", head=head))["Start"] == [
        "Ordered (per total) if customer.orders > 1",
        "Each year on renewal, 10:30",
        "Each Monday, 09:00",
        "Each Nowruz, 08:00",
        "On 2027-03-21, 09:00 if A member",
        "Again every time",
        "12.5% held out as a control group",
    ]


def test_waits() -> None:
    picture = shown("""stage s {
        wait 36h
        wait until 18:00
        wait until friday at 10:00
        wait until 3d before customer.renewal at 07:00 otherwise { exit gone }
        wait until 2d after order_placed
        wait until nowruz
        wait for opened or clicked if customer.orders > 2 up to 90m { exit met }
    }""")
    assert list(boxes(picture))[1:8] == [
        "Wait 36 hours",
        "Wait until 18:00",
        "Wait until Friday, 10:00",
        "Wait until 3 days before customer.renewal, 07:00",
        "Wait until 2 days after Ordered",
        "Wait until Nowruz, 09:00",
        "Wait up to 90 minutes",
    ]
    assert {
        ("Wait until 3 days before customer.renewal, 07:00", "past or unknown", "End: gone", "time"),
        ("Wait up to 90 minutes", "Opened or Clicked if customer.orders > 2", "End: met", "plain"),
        ("Wait up to 90 minutes", "no answer after 90 minutes", "End: completed", "time"),
    } <= arrows(picture)


def test_a_loop_has_its_count_its_rhythm_its_way_back_and_its_end() -> None:
    picture = shown('stage s { repeat up to 3 times every 7d until clicked { wait 1d }; do coupon(code = "A") }')
    assert boxes(picture)["Repeat up to 3 times"] == ["every 7 days"]
    assert {
        ("Repeat up to 3 times", "each round", "Wait 1 day", "plain"),
        ("Wait 1 day", "", "Repeat up to 3 times", "back"),
        ("Repeat up to 3 times", "after 3 rounds", 'Coupon (code = "A")', "plain"),
        ("Repeat up to 3 times", "as soon as Clicked", 'Coupon (code = "A")', "interrupt"),
    } <= arrows(picture)


def test_jumps_are_arrows_and_no_boxes() -> None:
    picture = shown("""
        stage early { touchpoint hello "Hello" { at shop }; wait 1d; if customer.member { go to late } }
        stage late { wait 2d; go to hello }
    """)
    assert {
        ("customer.member?", "yes or no", "Wait 2 days", "plain"),
        ("Wait 2 days", "", "Hello", "back"),
    } <= arrows(picture)
    assert boxes(picture)["Hello"] == ["At: Shop"]


def test_interrupts_stand_once_where_they_belong() -> None:
    picture = shown(
        """
        stage early { on called if customer.orders == 0 go to late; wait 1d; wait 2d; exit done }
        stage late { on called task support "Call"; wait 3d }
        """,
        head="enter on order_placed\non clicked exit gone",
    )
    interrupts = [box for box in picture.boxes if box.family == "interrupt"]
    assert [(clean(box.title), box.stage) for box in interrupts] == [
        ("At any time", -1),
        ("At any time in this stage", 0),
        ("At any time in this stage", 1),
    ]
    assert [clean(line) for line in interrupts[2].details] == ["Called", "Then: Task for Support: Call"]
    led = [one for one in arrows(picture) if one[3] == "interrupt"]
    assert sorted(led) == [
        ("At any time", "", "End: gone", "interrupt"),
        ("At any time in this stage", "", "Wait 3 days", "interrupt"),
    ]


def test_one_box_for_an_outcome_with_its_reasons() -> None:
    picture = shown(
        'stage s { if is_member { exit lost "Too dear" } otherwise { wait 1d }; '
        'if customer.member { exit lost "Late" } }'
    )
    assert boxes(picture)["End: lost"] == ["Too dear", "Late"]
    assert boxes(picture)["A member?"] == []


def test_a_contact() -> None:
    picture = shown("""stage s {
        touchpoint hello "Hello" {
          send email { subject "x" }
          transactional
          do coupon(code = "A")
          feeling +3 "Glad" for hunter
          feeling 0
          owner crm
        }
    }""")
    assert boxes(picture)["Hello"] == [
        "By: Email · transactional",
        'Does: Coupon (code = "A")',
        "Feeling +3: Glad (Bargain hunter)",
        "Feeling 0",
        "Owner: CRM",
    ]


def test_arms() -> None:
    picture = shown(
        'stage s { split t "Which?" { 12.5% a "First" { exit first_way }; 87.5% plan_b { exit other_way } } }'
    )
    assert {
        ("Which?", "12.5% · First", "End: first way", "plain"),
        ("Which?", "87.5% · plan b", "End: other way", "plain"),
    } <= arrows(picture)


def test_the_language_is_that_of_the_titles_or_as_asked() -> None:
    persian = shown('stage s "آگاهی" { wait 2d }')
    assert persian.rtl
    assert "۲ روز صبر" in boxes(persian)
    assert not shown("stage s { wait 2d }").rtl
    assert "۲ روز صبر" in boxes(shown("stage s { wait 2d }", language="fa"))


def test_odd_journeys() -> None:
    assert len(shown("stage s { }").boxes) == 2
    around = shown("stage early { go to late }\nstage late { go to early }")
    assert [box.family for box in around.boxes] == ["start"]
    assert around.arrows == ()
    unreached = shown("stage s { exit gone; wait 1d }")
    assert ("Wait 1 day", "", "End: completed", "plain") not in arrows(unreached)
