"""The report of a simulation: its structure, its policy, its figures, and that no text is anything but text."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
import re
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest

import safar
from safar import api, cli
from safar.errors import SelectionError
from safar.renderers import drawing
from safar.renderers.html.markup import phrase, tag, text
from safar.renderers.html.report import report

HERE = Path(__file__).parent
JOURNEYS = HERE.parent.parent / "journeys" / "dsl"
NAMES = ("abandoned_cart", "birthday", "first_purchase", "five_stages", "loyalty", "omnichannel")


def load(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


PAYLOADS: dict[str, str] = load("payloads").PAYLOADS

VOID = {"br", "meta", "link", "img", "input", "hr"}
_ELEMENTS = (
    "html head meta title style body main script header footer nav section h1 h2 h3 h4 p a ul li dl dt dd div span "
    "strong bdi table thead tbody tr th td figure figcaption br button svg g rect path text line polyline desc"
)
_ATTRIBUTES = (
    "class id href lang dir charset content http-equiv name tabindex role title type scope xmlns viewbox direction "
    "x y x1 x2 y1 y2 width height rx d fill stroke stroke-width stroke-opacity stroke-dasharray stroke-linejoin "
    "paint-order font-family font-size font-weight text-anchor transform points preserveaspectratio data-tool "
    "data-head data-wheel aria-label aria-labelledby aria-hidden"
)
ELEMENTS, ATTRIBUTES = frozenset(_ELEMENTS.split()), frozenset(_ATTRIBUTES.split())


class Reader(HTMLParser):
    """Every element with its attributes, whether all are closed in order, and the texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.comments: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute twice in {tag}"
        self.found.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def holds_together(page: str) -> Reader:
    """Well-formed, known elements and attributes only, ids once, links inside, one style and script that its policy
    names.
    """
    read = Reader(page)
    assert read.open == [] and read.comments == []
    assert {name for name, _ in read.found} <= ELEMENTS
    assert {key for _, own in read.found for key in own} <= ATTRIBUTES
    ids = [own["id"] for _, own in read.found if "id" in own]
    assert len(ids) == len(set(ids))
    for name, own in read.found:
        if "href" in own:
            assert name == "a" and own["href"].startswith("#") and own["href"][1:] in ids, own
    policy = next(own["content"] for _, own in read.found if own.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy and "http" not in policy
    for name in ("style", "script"):
        assert sum(found == name for found, _ in read.found) == 1
        inside = page.split(f"<{name}>")[1].split(f"</{name}>")[0]
        known = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{known}'" in policy
    assert not re.search(r"url\((?!data:font)|@import", page.split("</style>")[0])
    return read


def simulation(name: str = "abandoned_cart", n: int = 300) -> api.Simulation:
    return api.simulate(JOURNEYS / f"{name}.journey", n=n)


@pytest.fixture(scope="module")
def cart() -> api.Simulation:
    return simulation()


@pytest.mark.parametrize("name", NAMES)
def test_every_example_has_a_report(name: str) -> None:
    one = simulation(name)
    page = one.report()
    read = holds_together(page)
    language = "fa" if name in ("birthday", "loyalty") else "en"
    root = read.found[0][1]
    assert (root["lang"], root["dir"]) == (language, "rtl" if language == "fa" else "ltr")
    steps = [own for found, own in read.found if own.get("class") == "step"]
    boxes = [own for found, own in read.found if found == "a" and own.get("class", "").startswith("box ")]
    assert len(steps) == len(boxes) > 5
    assert page == one.report()


def test_the_figures_are_those_of_the_simulation(cart: api.Simulation) -> None:
    page, figures = cart.report(), cart.figures
    read = " ".join(" ".join(Reader(page).texts).split())
    assert f"runs begun {figures['entered']:,}" in read
    goal = figures["goals"]["won"]
    assert f"{goal['rate']:.1%} ({goal['low']:.1%} to {goal['high']:.1%})" in read
    assert f"Your cart is waiting {figures['touchpoints']['reminder_sms']['delivered']:,}" in read
    for one in figures["edges"]:
        if one["from"] == "coupon_test":
            assert f"{one['count']:,}" in read
    assert "Reads mail on the phone, on the way home" in read


def test_visits_and_ways_add_up() -> None:
    """What flows into a box through arrows is what visits it, in every example."""
    from safar.renderers import traffic
    from safar.renderers.flow.passing import passing
    from safar.renderers.view import view

    for name in NAMES:
        one = simulation(name)
        program = one.result.programs[0]
        picture = view(program)
        passed = passing(program, picture, traffic.of(one.figures))
        for number, box in enumerate(picture.boxes):
            into = sum(n for arrow, n in zip(picture.arrows, passed.arrows, strict=True) if arrow.end == number)
            if number and box.family != "interrupt":
                assert into == passed.boxes[number], (name, box.title)


def test_a_map_in_pieces_leads_to_every_step(tmp_path: Path) -> None:
    rounds = "".join(f"wait 1d; if customer.orders > {n} {{ exit gone }}\n" for n in range(60))
    file = tmp_path / "large.journey"
    text = f"journey large {{ enter on visited\nstage one_by_one {{ {rounds} }}\nstage finally {{ wait 2d }} }}"
    file.write_text(f"customer {{ orders: integer = 0 }}\nevent visited\n{text}\n", encoding="utf-8")
    read = holds_together(api.simulate(file, n=5).report())
    steps = {own["id"] for found, own in read.found if own.get("class") == "step"}
    linked = {own["href"][1:] for found, own in read.found if found == "a" and own.get("class", "").startswith("box ")}
    assert len(steps) > 120
    assert linked == steps


TWO = """
event visited; event bought
journey one_way "One & two" { enter on visited; arrive 3 per day; stage s { wait 1d } }
journey other_way { enter on bought; stage s { wait 1d } }
"""


def test_several_journeys_on_one_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "safar.toml").write_text('[project]\njourneys = ["."]\n', encoding="utf-8")
    (tmp_path / "two.journey").write_text(TWO, encoding="utf-8")
    file = tmp_path / "all.html"
    run = ["simulate", str(tmp_path), "--all", "-n", "20", "-q", "--html"]
    assert cli.main([*run, str(file)]) == 0
    read = holds_together(file.read_text(encoding="utf-8"))
    assert sum(found == "svg" and "aria-labelledby" in own for found, own in read.found) == 2
    assert not list(tmp_path.glob(".*"))
    assert cli.main([*run, str(tmp_path / "no" / "x.html")]) == 2
    assert "no folder" in capsys.readouterr().err


def swapped(value: Any, old: str, new: str) -> Any:
    """A structure with every text `old` in it replaced."""
    builtins: Callable[..., Any] = msgspec.structs.replace
    if value == old and isinstance(value, str):
        return new
    if isinstance(value, tuple):
        return tuple(swapped(one, old, new) for one in value)
    if isinstance(value, dict):
        return {key: swapped(one, old, new) for key, one in value.items()}
    if isinstance(value, msgspec.Struct):
        fields = {f: swapped(getattr(value, f), old, new) for f in value.__struct_fields__}
        changed = {f: new for f, new in fields.items() if new is not getattr(value, f)}
        return builtins(value, **changed) if changed else value
    return value


HOSTILE = """
event e "EVIL"; event o "EVIL"; channel mail "EVIL" { outbound }; team crm "EVIL"
persona someone "EVIL" { share 100% }
journey j "EVIL" {
  owner crm
  theme "EVIL"
  enter on e
  goal g "EVIL" { on e within 3d; target at least 5% }
  measure m "EVIL" = messages per customer, target at most 3
  on e exit gone "EVIL"
  stage s "EVIL" {
    thinking "EVIL"
    touchpoint t "EVIL" {
      send mail { subject "EVIL"; text "EVIL" }
      doing "EVIL"
      feeling -1 "EVIL"
      pain "EVIL"
      responds { o 50% after 1h }
    }
    wait for o(t) up to 3d { task crm "EVIL" }
    split x "EVIL" { 50% a "EVIL" { }; 50% b { exit other "EVIL" } }
  }
}
"""


@pytest.fixture(scope="module")
def evil() -> Any:
    from safar.dsl.read import read_text
    from safar.engine.simulate import population

    reading = read_text(HOSTILE)
    assert [f.message for f in reading.findings if f.severity.value == "error"] == []
    return population.simulate(reading.project, "j", n=40, seed=1, start=1_800_000_000)


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_nothing_a_text_says_is_more_than_a_text(payload: str, evil: Any) -> None:
    from safar.engine.diagnostic import Diagnostic, Severity

    result = msgspec.structs.replace(
        evil,
        project=swapped(evil.project, "EVIL", payload),
        programs=tuple(swapped(program, "EVIL", payload) for program in evil.programs),
    )
    span = next(place.step.span for place in evil.programs[0].places if place.step is not None)
    found = Diagnostic(rule="x", code="SF1", severity=Severity.WARNING, message=payload, help=payload, span=span)
    clean = Reader(report(evil, [msgspec.structs.replace(found, message="m", help="h")]))
    page = report(result, [found])
    read = holds_together(page)
    for ours, theirs in ((read, clean), (Reader(drawing.draw(result.programs[0], kind="html")), None)):
        names = [name for name, _ in ours.found if name != "rect"]
        assert names.count("script") == names.count("style") == 1
        if theirs is not None:
            tables = [name for name, _ in theirs.found if name in ("td", "th", "tr", "a", "section", "button")]
            assert [n for n in names if n in ("td", "th", "tr", "a", "section", "button")] == tables


def test_one_function_escapes_content_and_attributes() -> None:
    for payload in PAYLOADS.values():
        made = Reader(f"{tag('p', payload, title=payload)}{tag('p', text(payload))}{phrase(payload)}")
        assert [name for name, _ in made.found if name != "bdi"] == ["p", "p"]
        assert made.found[0][1].keys() == {"title"}


def test_findings_stand_at_their_steps(tmp_path: Path) -> None:
    file = tmp_path / "j.journey"
    source = (JOURNEYS / "abandoned_cart.journey").read_text(encoding="utf-8")
    file.write_text(source.replace("      owner crm\n      measure", "      measure"), encoding="utf-8")
    (tmp_path / "vocabulary.journey").write_text((JOURNEYS / "vocabulary.journey").read_text("utf-8"), "utf-8")
    one = api.simulate(file, n=50)
    found = safar.check(file, select=["all"]).findings
    page = report(one.result, found)
    read = holds_together(page)
    assert any(own.get("class", "").startswith("finding") for _, own in read.found)
    inside = re.findall(r'class="step".*?</section>', page)
    assert any('class="finding' in part for part in inside)


def test_a_report_is_small_and_quick(cart: api.Simulation) -> None:
    assert len(cart.report()) < 200_000


ASSUMED = {"kind": "chance", "of": "reminder: opened", "written": "45%", "path": "a.journey", "line": 4}
TABLE = {
    "format_version": 1,
    "goal": "won",
    "rate": 0.2,
    "moved_by": 0.1,
    "assumptions": [
        ASSUMED | {"kind": "delay", "of": "small", "lowered": 0.201, "raised": 0.199},
        ASSUMED | {"of": "great", "lowered": 0.15, "raised": 0.26},
    ],
}


def table(folder: Path, **more: Any) -> Path:
    file = folder / "tornado.json"
    file.write_text(json.dumps(TABLE | more), encoding="utf-8")
    return file


def test_the_greatest_assumption_stands_on_top(cart: api.Simulation, tmp_path: Path) -> None:
    page = cart.report(sensitivity=table(tmp_path))
    read = holds_together(page)
    told = " ".join(" ".join(read.texts).split())
    assert "10% less 10% more Chance of great 45%" in told
    assert told.index("Chance of great") < told.index("15.0% 26.0%") < told.index("Delay of small")
    assert [own["href"] for found, own in read.found if found == "a"].count("#sensitivity") == 1
    assert "#sensitivity" not in cart.report()


def test_no_more_assumptions_than_people_read(cart: api.Simulation, tmp_path: Path) -> None:
    many = [ASSUMED | {"of": f"a{n}", "lowered": 0.2, "raised": 0.2 + n / 1e6} for n in range(5000)]
    page = cart.report(sensitivity=table(tmp_path, assumptions=many))
    assert "a4999" in page
    assert "and 4,985 more" in page
    assert len(page) < 400_000


@pytest.mark.parametrize("payload", sorted(PAYLOADS))
def test_a_table_of_others_is_only_text(payload: str, cart: api.Simulation, tmp_path: Path) -> None:
    evil = PAYLOADS[payload]
    one = {"lowered": 0.1, "raised": 7.0, "line": -1} | dict.fromkeys(("kind", "of", "written", "path"), evil)
    if any("\ud800" <= letter <= "\udfff" for letter in evil):
        with pytest.raises(SelectionError, match="no table"):
            cart.report(sensitivity=table(tmp_path, assumptions=[one]))
        return
    holds_together(cart.report(sensitivity=table(tmp_path, assumptions=[one])))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"format_version": 2}, "format 2"),
        ({"goal": "gone"}, "about the goal `gone`"),
        ({"rate": "much"}, "no table"),
        ({"assumptions": [1]}, "no table"),
        ({"rate": None}, "no table"),
    ],
)
def test_what_is_no_table_is_told_before_anything_runs(
    more: dict[str, Any], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "r.html"
    run = ["simulate", str(JOURNEYS / "abandoned_cart.journey"), "-n", "20", "-q", "--html", str(page)]
    assert cli.main([*run, "--sensitivity", str(table(tmp_path, **more))]) == 2
    assert said in capsys.readouterr().err
    assert not page.exists()


def test_a_table_needs_a_page(tmp_path: Path) -> None:
    journey = str(JOURNEYS / "abandoned_cart.journey")
    assert cli.main(["simulate", journey, "-n", "20", "-q", "--sensitivity", str(table(tmp_path))]) == 2
    missing = ["simulate", journey, "-n", "20", "-q", "--html", str(tmp_path / "r"), "--sensitivity", "no.json"]
    assert cli.main(missing) == 2


def test_the_table_is_that_of_the_command(cart: api.Simulation, tmp_path: Path) -> None:
    """What `safar sensitivity --json` writes is read."""
    from fractions import Fraction

    from safar.engine.simulate import sensitivity

    program = cart.result.programs[0]
    one = next(sensitivity.assumptions(program.project, program.journey.name))
    effect = sensitivity.Effect(assumption=one, low=0.1, high=0.3)
    found = sensitivity.Sensitivity(
        goal="won", rate=0.2, by=Fraction(1, 10), engine="exact", customers=0, effects=(effect,)
    )
    file = tmp_path / "t.json"
    file.write_text(json.dumps(sensitivity.as_json(found)), encoding="utf-8")
    assert "10.0%" in cart.report(sensitivity=file)
