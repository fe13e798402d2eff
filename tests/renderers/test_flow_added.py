"""What a simulation, a check and one customer's way add to the flow; icons and the legend."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from safar import api
from safar.dsl.read import read_text
from safar.engine.model import Channel
from safar.engine.program import Program, lower
from safar.engine.source import NOWHERE
from safar.errors import SelectionError
from safar.renderers import theme, traffic
from safar.renderers.flow import traces
from safar.renderers.flow.closing import closed
from safar.renderers.flow.figures import figured
from safar.renderers.flow.grouped import grouped
from safar.renderers.flow.way import followed
from safar.renderers.icons import icon_of
from safar.renderers.labels import clean
from safar.renderers.picture import Picture
from safar.renderers.view import view

ROOT = Path(__file__).parents[2]
CART = ROOT / "journeys" / "dsl" / "abandoned_cart.journey"
NAMES = ("abandoned_cart", "birthday", "first_purchase", "five_stages", "loyalty", "omnichannel")


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return []


@pytest.fixture(scope="module")
def cart(lines: list[str]) -> api.Simulation:
    return api.simulate(CART, n=300, traces=lines.append)


def told(picture: Picture) -> dict[str, list[str]]:
    return {clean(box.title): [clean(text) for text in box.figures] for box in picture.boxes}


# --- a simulation


def test_boxes_say_how_many_come_leave_and_stay(cart: api.Simulation, lines: list[str]) -> None:
    program, figures = cart.result.programs[0], cart.figures
    stays = traces.stays("".join(lines).encode(), "abandoned_cart")
    said = told(figured(program, view(program), traffic.of(figures), stays))
    visits, entered = figures["steps"]["deciding/wait_for"]["visits"], figures["entered"]
    lost = figures["outcomes"]["lost"]
    came, left, stay, *weak = said["Wait up to 3 days"]
    assert came == f"{visits} · {100 * visits / entered:.0f}%"
    assert left == f"{visits} leave here (100%): lost: {lost}, won: {visits - lost}"
    assert re.fullmatch(r"\d+ hours here on average", stay)
    assert "Bottleneck: most leave here" in weak
    assert said["Wait 1 hour"][-1] == "60 minutes here on average"
    assert said["End: lost"] == [f"{lost} · {100 * lost / entered:.0f}%"]


@pytest.mark.parametrize("name", NAMES)
def test_counts_stay_true_in_pieces_and_in_closed_stages(name: str) -> None:
    one = api.simulate(CART.with_name(f"{name}.journey"), n=300)
    program = one.result.programs[0]
    whole = figured(program, view(program), traffic.of(one.figures))
    came = sum(arrow.count or 0 for arrow in whole.arrows)
    assert came > 0
    for picture in (grouped(whole), closed(whole, range(len(whole.stages)))):
        ends = {
            title: sum(a.count or 0 for a in picture.arrows if clean(picture.boxes[a.end].title) == title)
            for title in {clean(box.title) for box in picture.boxes if box.family == "end"}
        }
        outcomes = {clean(box.title): box.count for box in whole.boxes if box.family == "end"}
        assert ends == outcomes
    shut = closed(whole, range(len(whole.stages)))
    stages = {stage.title or stage.name: one.figures["stages"][stage.name]["came"] for stage in program.journey.stages}
    for box in shut.boxes:
        if box.family == "stage" and not any(arrow.kind == "back" for arrow in shut.arrows):
            assert box.count == stages[clean(box.title)]


def test_arrows_are_as_wide_as_they_were_used(cart: api.Simulation, tmp_path: Path) -> None:
    result = tmp_path / "result.json"
    result.write_text(json.dumps(cart.figures), encoding="utf-8")
    svg = str(api.draw(CART, traffic=result))
    widths = [float(width) for width in re.findall(r'fill="none" stroke="#[0-9a-f]+" stroke-width="([0-9.]+)"', svg)]
    assert max(widths) == 6
    assert min(widths) >= 0.8
    entry = next(one["count"] for one in cart.figures["edges"] if one["from"] == "entry")
    assert entry == max(one["count"] for one in cart.figures["edges"])
    assert f"{entry:,} · 100%" in svg
    assert "The wider, the more went there" in svg
    figures = cart.figures
    figures["edges"] = [one for one in figures["edges"] if one["to"] != "urgency"]
    result.write_text(json.dumps(figures), encoding="utf-8")
    assert 'stroke-dasharray="1 3"' in str(api.draw(CART, traffic=result))


# --- one customer


def test_the_way_of_a_customer_is_what_the_trace_says(cart: api.Simulation, lines: list[str]) -> None:
    program = cart.result.programs[0]
    data = "".join(lines).encode()
    for customer in [str(number) for number in range(1, 40)]:
        try:
            stops = traces.way(data, "abandoned_cart", customer)
        except traces.WayError:
            continue
        picture = followed(program, view(program), stops, customer)
        passed = {box.node for box in picture.boxes if box.on_way and box.meaning.handler is None}
        assert passed == {stop.step for stop in stops}
        numbers = [int(text.partition(":")[0]) for box in picture.boxes for text in box.figures]
        assert sorted(numbers) == list(range(1, len(passed) + 1))
        into = [picture.boxes[arrow.end].node for arrow in picture.arrows if arrow.on_way]
        assert set(into) == passed - {"entry"}, "some way leads to each step but the first"
        assert clean(picture.details[-1]) == f"The way of customer {customer}"


def test_a_made_up_customer_and_one_of_a_file_of_traces(tmp_path: Path) -> None:
    file = tmp_path / "traces.jsonl"
    with file.open("w", encoding="utf-8") as out:
        api.simulate(CART, n=20, traces=out.write)
    drawn = [str(api.draw(CART, customer=str(number), trace=file)) for number in (1, 2) if _enters(file, number)]
    assert drawn
    assert all(theme.WAY in svg for svg in drawn)
    assert theme.WAY in str(api.draw(CART, customer="1"))


def _enters(file: Path, number: int) -> bool:
    return f'"customer": "{number}", "journey": "abandoned_cart", "entry": 1' in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "customer", "said"),
    [
        ("", "1", "no run of customer `1`"),
        ("customer,at\n1,2\n", "1", "this is no trace"),
        ("{}\n", "1", "this is no trace"),
        ('{"customer": "1"', "1", "this is no trace"),
        (
            '{"customer": "1", "at": "x", "what": "set", "journey": "abandoned_cart", "entry": 1, "step": "s"}\n',
            "1",
            "for an instant",
        ),
    ],
)
def test_traces_that_are_none(content: str, customer: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "traces.jsonl"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SelectionError, match=said):
        api.draw(CART, customer=customer, trace=file)


def test_stays_that_never_ended_do_not_count() -> None:
    def line(customer: int, minute: int, step: str, what: str) -> str:
        at = f"2027-01-01T00:{minute:02}:00Z"
        return json.dumps({"customer": str(customer), "at": at, "journey": "j", "entry": 1, "step": step, "what": what})

    told = [
        line(1, 0, "a", "waiting"),
        line(2, 0, "a", "waiting"),
        line(1, 10, "a", "woken"),
        line(1, 10, "b", "waiting"),
        line(2, 30, "a", "woken"),
        line(2, 30, "exit:x", "exit"),
        line(1, 50, "b", "unfinished"),
    ]
    assert traces.stays("\n".join(told).encode(), "j") == {"a": 1200, "exit:x": 0}


# --- findings

WARNED = """
customer { email_ok: yes_no = no }
event visited; channel email "Email" { outbound; only if customer.email_ok }
journey shop "Shop" { enter on visited
  stage only "Only" {
    touchpoint hello "Hello" { send email { subject "x" } }
    touchpoint again "Again" { send email { subject "x" } }
    wait 2d
  }
}
"""


def test_findings_are_numbered_marks_and_footnotes(tmp_path: Path) -> None:
    file = tmp_path / "shop.journey"
    file.write_text(WARNED, encoding="utf-8")
    plain, svg = str(api.draw(file)), str(api.draw(file, findings=True))
    found = [one for one in api.check(file).findings if one.span.source.path.endswith("shop.journey")]
    assert len(found) >= 2
    for number, one in enumerate(found, 1):
        assert f"{number} warning: " in svg
        assert one.message.split("`")[0] in svg
    assert theme.MARKS["warning"][0] in svg
    assert theme.MARKS["warning"][0] not in plain


# --- icons and the legend


def channel(name: str, title: str = "", *, outbound: bool = True) -> Channel:
    return Channel(span=NOWHERE, name=name, name_span=NOWHERE, title=title, outbound=outbound)


@pytest.mark.parametrize(
    ("name", "title", "icon"),
    [
        ("email", "", "email"),
        ("c1", "E-mail", "email"),
        ("c1", "پیامک", "sms"),
        ("c1", "تماس تلفنی", "call"),
        ("social_ads", "", "ads"),
        ("live_chat", "", "chat"),
        ("direct_mail", "Letters by post", "email"),
        ("post", "", "post"),
        ("app_push", "", "app"),
        ("website", "", "web"),
        ("وبسایت", "", "web"),
        ("shop", "", "shop"),
        ("carrier_pigeon", "", "out"),
    ],
)
def test_channels_have_signs(name: str, title: str, icon: str) -> None:
    assert icon_of(channel(name, title)) == icon


def test_a_channel_that_customers_come_by_has_another_sign() -> None:
    assert icon_of(channel("kiosk", outbound=False)) == "in"


def test_the_legend_tells_what_occurs_and_nothing_else() -> None:
    def program(steps: str) -> Program:
        reading = read_text(f"event e; channel email {{ outbound }}; journey j {{ enter on e; stage s {{ {steps} }} }}")
        return lower(reading.project, reading.project.journeys["j"])

    from safar.renderers.map import draw

    waits = draw(program("wait 1d"), kind="svg")
    assert ">\u200eWait\u200e<" in waits
    for absent in ("Contact", "Condition", "Interrupt", "Pain", "Way back"):
        assert f">\u200e{absent}\u200e<" not in waits
    loops = draw(program("repeat up to 2 times every 7d { wait 1d }"), kind="svg")
    assert ">\u200eWay back\u200e<" in loops
