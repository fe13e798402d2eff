"""The pages of `safar docs`: what they tell, their structure and policy, and that no text is anything but text."""

from __future__ import annotations

import base64
import datetime
import hashlib
import importlib.util
import json
import posixpath
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
import pytest

from safar.checking import Ground
from safar.dsl.files import ENDINGS
from safar.dsl.read import read_file, read_text
from safar.engine.diagnostic import Diagnostic, Severity
from safar.engine.model import Project
from safar.engine.program import lower
from safar.engine.source import Source, Span
from safar.renderers.site.addresses import file_name, way
from safar.renderers.site.catalogue import Catalogue, Said
from safar.renderers.site.drawings import draw
from safar.renderers.site.pages import pages
from safar.renderers.site.pieces import written
from safar.renderers.site.site import FORMS, Change, Changes, Site
from safar.site.build import read_project
from safar.site.pictures import Gallery

HERE = Path(__file__).parent
JOURNEYS = HERE.parent.parent / "journeys" / "dsl"
VOID = {"br", "meta", "link", "input"}
_ELEMENTS = (
    "html head meta link title style body main script header footer nav section h1 h2 h3 h4 p a ul ol li dl dt dd div "
    "span strong bdi table thead tbody tr th td button input details summary pre code time svg g rect path circle text "
    "polyline desc"
)
ELEMENTS = frozenset(_ELEMENTS.split())
LOADS = ("href", "src", "data-src", "data-index", "data-home")


def load(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


PAYLOADS: dict[str, str] = load("payloads").PAYLOADS
swapped = load("test_html_report").swapped


class Reader(HTMLParser):
    """Every element with its attributes, and whether all are closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

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
            self.words.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def holds_together(files: dict[str, str]) -> dict[str, Reader]:
    """Every page is well-formed, known elements only, ids once; every link leads to a file of the site, and to an id of
    it; only the loader may run, and nothing is loaded but what stands in the site.
    """
    read = {path: Reader(text) for path, text in files.items() if path.endswith(".html")}
    ids = {path: [own["id"] for _, own in page.found if "id" in own] for path, page in read.items()}
    for path, page in read.items():
        assert len(ids[path]) == len(set(ids[path])), path
        assert {name for name, _ in page.found} <= ELEMENTS, path
        for name, own in page.found:
            assert not [key for key in own if key.startswith("on") or key in ("style", "srcdoc", "srcset")], (path, own)
            for key in set(own) & set(LOADS):
                leads_somewhere(path, own[key], files, ids)
                assert key != "src", name
        has_policy(path, page, files[path])
    return read


def leads_somewhere(path: str, link: str, files: dict[str, str], ids: dict[str, list[str]]) -> None:
    assert not re.match(r"[a-z]+:|//|/", link), (path, link)
    target, _, anchor = unquote(link).partition("#")
    end = posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) if target else path
    assert end in files or f"{end}/index.html" in files, (path, link)
    assert not anchor or anchor in ids[end], (path, link)


def has_policy(path: str, page: Reader, text: str) -> None:
    policy = next(own["content"] for _, own in page.found if own.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy and "http" not in policy
    for name in ("style", "script"):
        for inside in re.findall(rf"<{name}[^>]*>(.*?)</{name}>", text, re.DOTALL):
            known = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
            assert re.search(rf"{name}-src [^;]*'sha256-{re.escape(known)}'", policy), (path, name)
            assert "@import" not in inside and "url(" not in inside


@pytest.fixture(scope="module")
def shop() -> Site:
    ready = read_project(Ground(JOURNEYS))
    drawings = Gallery(ready.home, None).all(list(ready.wanted.values()))
    return msgspec.structs.replace(ready.site, drawings=dict(zip(ready.wanted, drawings, strict=True)))


@pytest.fixture(scope="module")
def files(shop: Site) -> dict[str, str]:
    return dict(pages(shop))


def test_the_pages_of_the_examples_hold_together(shop: Site, files: dict[str, str]) -> None:
    read = holds_together(files)
    assert len(files) == 4 + 2 * (len(shop.catalogue.entries) + 3 + 17)
    for path, page in read.items():
        if "/" in path:
            language = path.partition("/")[0]
            root = page.found[0][1]
            assert (root["lang"], root["dir"]) == (language, "rtl" if language == "fa" else "ltr")
            other = {"en": "fa", "fa": "en"}[language] + path[2:]
            switch = [own["href"] for name, own in page.found if name == "a" and "hreflang" in own]
            assert [posixpath.normpath(posixpath.join(posixpath.dirname(path), link)) for link in switch] == [other]
    assert dict(pages(shop)) == files
    assert not re.search(r"url\((?!data:font)|@import", files["site.css"])


def test_a_journey_page_tells_it_all(files: dict[str, str]) -> None:
    english = Reader(files["en/journeys/abandoned_cart.html"])
    for said in (
        "Help, don't push",
        "Customer relations",
        "Filled the cart if customer.cart_value > 20 EUR",
        "10%",
        "Was there not something I wanted?",
        "You left something · By: Email",
        "at least 12%",
        "measure cost_per_order",
        "No offer while we remind",
        "SMS only with consent",
        "Compares for weeks, reads every review",
        "A coupon brings the order, and the journey stops at once",
        "split coupon_test",
    ):
        assert said in english.text, said
    assert sum(name == "svg" for name, _ in english.found) == 2
    links = {own["href"] for name, own in english.found if name == "a"}
    assert {"../touchpoints/abandoned_cart.coupon_mail.html", "../stages/abandoned_cart.deciding.html"} <= links
    persian = Reader(files["fa/journeys/abandoned_cart.html"]).text
    for said in ("دوباره، دست‌کم پس از ۳۰ روز", "۱۰٪", "مسئول", "Customer relations"):
        assert said in persian, said


def test_what_uses_what(shop: Site, files: dict[str, str]) -> None:
    def users(key: str) -> set[str]:
        return {use.user.key for use in shop.catalogue.used_by[key]}

    assert {"touchpoints/abandoned_cart.reminder_sms", "limits/pressure", "rules/night"} <= users("channels/sms")
    assert users("feeds/stock") == {"touchpoints/abandoned_cart.urgency"}
    assert {"conditions/is_ideal", "events/order_placed", "personas/regular"} <= users("attributes/lifetime_value")
    assert users("conditions/is_ideal") == {"journeys/loyalty"}
    assert "touchpoints/five_stages.comparison" in users("personas/planner")
    assert users("touchpoints/abandoned_cart.reminder") >= {"stages/abandoned_cart.reminding"}
    assert users("occasions/nowruz") == {"journeys/birthday"}
    assert "stages/first_purchase.shipping" in users("teams/logistics")
    met = shop.catalogue.met["touchpoints/guide"]
    assert [(journey.key, stage.key) for journey, stage in met] == [
        ("journeys/five_stages", "stages/five_stages.awareness")
    ]
    sms = Reader(files["en/channels/sms.html"]).text
    assert "we reach the customer" in sms and "0.07 EUR per message" in sms and "Your cart is waiting" in sms
    assert "Nothing uses it" not in sms


def test_every_reference_is_followed(shop: Site) -> None:
    """What the reader of the files saw used is used on the pages, but what acts by being there and rules."""
    for entry in shop.catalogue.entries.values():
        if entry.kind in ("events", "attributes", "actions", "teams", "tags", "feeds", "channels", "conditions"):
            unused = {"attributes/timezone"}
            assert (entry.key in shop.catalogue.used_by) != (entry.key in unused), entry.key


def of(project: Project, *, languages: tuple[str, ...] = ("en",), told: str = "", drawn: bool = False) -> Site:
    """The site of one file, `told` in a finding and a change."""
    catalogue = Catalogue([Said("text.journey", project)])
    drawings = {
        (entry.key, form, language): draw(lower(project, project.journeys[entry.declared.name]), form, language, {})
        for entry in catalogue.of_kind("journeys")
        for form in FORMS
        for language in languages
        if drawn
    }
    change = Change("c0ffee", datetime.date(2027, 1, 5), told, told, ("text.journey",))
    found = Diagnostic(
        rule="x",
        code="SF1",
        severity=Severity.WARNING,
        message=told,
        help=told,
        span=Span(Source("text.journey", told), 0, 0),
    )
    return Site(
        title=told,
        catalogue=catalogue,
        languages=languages,
        findings={"text.journey": [found]},
        changes=Changes((change,), {"text.journey": [change]}),
        drawings=drawings,
    )


HOSTILE = """
event e "EVIL" { n: text }; event o "EVIL"; channel mail "EVIL" { outbound }; team crm "EVIL"; tag t "EVIL"
feed f "EVIL" { x: text? }; action a "EVIL" { code: text; tag t }; occasion d "EVIL" { 2027-03-21 }
condition c "EVIL" = customer.v is known
customer { v: text? }
limit l "EVIL" { channels mail; at most 4 per 7d then skip }
persona someone "EVIL" { share 100%; story "EVIL" }
rule r "EVIL" { never mail unless c }
journey j "EVIL" {
  owner crm
  theme "EVIL"
  style adaptive "EVIL"
  enter on e if customer.v == "EVIL"
  goal g "EVIL" { on e within 3d; target at least 5% }
  measure m "EVIL" = messages per customer, target at most 3
  on e exit gone "EVIL"
  stage s "EVIL" {
    thinking "EVIL"
    touchpoint p "EVIL" {
      send mail { subject "EVIL"; text "EVIL" }
      shows "EVIL" = f.x
      do a(code = "EVIL")
      doing "EVIL"
      feeling -1 "EVIL"
      pain "EVIL"
      measure om "EVIL" = o per delivered
      responds { o 50% after 1h }
    }
    wait for o(p) up to 3d { task crm "EVIL" }
    split x "EVIL" { 50% a1 "EVIL" { }; 50% b1 { exit other "EVIL" } }
  }
}
scenario "EVIL" for j { start 2027-01-05 on e with (n = "EVIL"); expect exit gone }
"""


SHAPES = ("td", "th", "tr", "a", "section", "button", "script", "style", "li", "dd", "link", "meta", "input")
DRAWN = ("script", "attribute", "html label")


def shapes(site: Site) -> dict[str, list[str]]:
    read = holds_together(dict(pages(site)))
    return {path: [name for name, _ in page.found if name in SHAPES] for path, page in read.items()}


@pytest.fixture(scope="module")
def evil() -> Project:
    reading = read_text(HOSTILE)
    assert [one.message for one in reading.findings if one.severity is Severity.ERROR] == []
    return reading.project


@pytest.fixture(scope="module")
def plain(evil: Project) -> dict[bool, dict[str, list[str]]]:
    return {drawn: shapes(of(evil, told="EVIL", drawn=drawn)) for drawn in (False, True)}


@pytest.mark.parametrize("name", PAYLOADS)
def test_nothing_a_text_says_is_more_than_a_text(
    name: str, evil: Project, plain: dict[bool, dict[str, list[str]]]
) -> None:
    payload = PAYLOADS[name]
    site = of(swapped(evil, "EVIL", payload), told=payload, drawn=name in DRAWN)
    assert shapes(site) == plain[name in DRAWN]
    index = dict(pages(site))["search.js"]
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]", index)
    assert json.loads(index.removeprefix("self.SAFAR = ").removesuffix(";\n"))["rows"]


def test_what_is_written_in_a_file_is_text_too() -> None:
    for payload in PAYLOADS.values():
        read = Reader(written(Span(Source("a", f"  x {payload}"), 2, 4 + len(payload))))
        assert [name for name, _ in read.found] == ["pre", "code"]
    assert "a {\n  b\n}" in written(Span(Source("a", "  a {\n    b\n  }"), 2, 15))


def test_names_of_files_are_harmless() -> None:
    names = [
        "../../etc/passwd",
        "con",
        "CON",
        "سبد",
        "-rf",
        "a/b",
        "a:b",
        ".",
        "",
        "x" * 300,
        "نوروز",
        "aux.html",
        "A",
        "a",
    ]
    made = [file_name(name) for name in names]
    assert len(set(made)) == len(names)
    for one in made:
        assert re.fullmatch(r"[a-z0-9_][a-z0-9_-]{0,80}", one), one
        assert one.partition(".")[0] not in ("con", "aux")
    assert file_name("cart", "a.journey") != file_name("cart", "b.journey") != "cart"
    assert way("fa/a/b.html", "en/a/b.html#x") == "../../en/a/b.html#x"


def test_the_same_name_in_several_files_is_several_things() -> None:
    readings = [
        read_text(f"event e\njourney j {{ enter on e; stage s {{ wait {days}d }} }}", f"{days}.journey")
        for days in (1, 2)
    ]
    catalogue = Catalogue([Said(one.source.path, one.project) for one in readings])
    journeys = catalogue.of_kind("journeys")
    assert len({entry.key for entry in journeys}) == 2
    for entry in journeys:
        (event,) = {use.used for use in catalogue.uses_of[entry.key]}
        assert event.path == entry.path


def test_a_project_without_journeys_and_one_with_a_broken_journey() -> None:
    site = Site(title="x", catalogue=Catalogue([]), languages=("en",))
    read = holds_together(dict(pages(site)))
    assert "There is no journey in this project" in read["en/index.html"].text
    assert "no git repository" in read["en/changes.html"].text
    broken = read_text("event e\njourney j { enter on nothing; stage s { wait 1d } }")
    catalogue = Catalogue([Said(broken.source.path, broken.project, broken=True)])
    site = Site(title="x", catalogue=catalogue, languages=("en",), findings={broken.source.path: broken.findings})
    page = holds_together(dict(pages(site)))["en/journeys/j.html"]
    assert "There is no map" in page.text and "unknown-name" in page.text


def test_whatever_is_wrong_with_a_file_it_has_pages() -> None:
    """All files of the tests that hold mistakes, those made to do harm too."""
    found = [file for file in HERE.parent.rglob("*") if file.is_file() and file.name.endswith(ENDINGS)]
    assert len(found) > 100
    for file in found:
        reading = read_file(file)
        catalogue = Catalogue([Said(reading.source.path, reading.project, broken=True)])
        found_there = {reading.source.path: reading.findings}
        made = dict(pages(Site(title="x", catalogue=catalogue, languages=("fa",), findings=found_there)))
        assert len(made) > 5, file
