"""The preview as a person has it: an editor on one side, the browser on the other.

Skipped where no Chromium or no `playwright` is.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import safar
from safar.serving.journey import Served

EXAMPLES = Path(__file__).parent.parent.parent / "journeys" / "dsl"
SOON = 2.0
"""Seconds in which a saved file is on the screen, at least once of four times; 0.12 to 0.22 where little else runs."""


class Desk:
    """A file, its preview, and a page that shows it."""

    def __init__(self, served: Served, file: Path, page: Any) -> None:
        self.served, self.file, self.page = served, file, page
        self.text = file.read_text(encoding="utf-8")

    def save(self, before: str, after: str, *, rename: bool = False) -> None:
        assert before in self.text
        text = self.text.replace(before, after)
        if not rename:
            self.file.write_text(text, encoding="utf-8")
            return
        beside = self.file.with_suffix(".tmp")
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, self.file)  # noqa: PTH105 - as editors do

    def until(self, told: str, seconds: float = 8) -> float:
        """How long it takes until an expression is true in the page."""
        begin = time.monotonic()
        while not self.page.evaluate(told):
            assert time.monotonic() - begin < seconds, told
            time.sleep(0.005)
        return time.monotonic() - begin

    def area(self) -> list[float]:
        return [float(part) for part in self.page.locator(".view > svg").get_attribute("viewBox").split()]

    def place(self, title: str) -> tuple[float, float]:
        box = self.page.locator("g.box", has_text=title).first.bounding_box()
        return box["x"], box["y"]


@pytest.fixture
def desk(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    told: list[str] = []
    open_things: list[Any] = []
    own: list[str] = []

    def begin(name: str, query: str = "", size: tuple[int, int] = (1280, 800)) -> Desk:
        for one in ("vocabulary.journey", "safar.toml", name):
            shutil.copy(EXAMPLES / one, tmp_path)
        served = safar.serve(tmp_path / name)
        page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        open_things.extend((page, served))
        own.append(served.url)
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("request", lambda request: told.append(request.url))
        page.add_init_script("addEventListener('securitypolicyviolation', e => console.log(e.violatedDirective))")
        page.goto(served.url + query)
        desk = Desk(served, tmp_path / name, page)
        desk.until("document.documentElement.dataset.version > 1")
        return desk

    yield begin
    for one in open_things:
        one.close()
    assert [line for line in told if not line.startswith((*own, "data:font/"))] == []


SHOWS = "document.querySelector('.view').textContent.includes({!r})"


def test_a_saved_file_is_on_the_screen_at_once(desk: Callable[..., Desk]) -> None:
    at = desk("abandoned_cart.journey")
    took = []
    for number in range(4):
        at.save('"You left something"', f'"Something new {number}"', rename=bool(number % 2))
        took.append(at.until(SHOWS.format(f"Something new {number}")))
    assert min(took) < SOON


def test_place_and_size_are_kept(desk: Callable[..., Desk]) -> None:
    at = desk("abandoned_cart.journey")
    view = at.page.locator(".view")
    view.hover()
    at.page.mouse.wheel(0, -200)
    view.focus()
    for _ in range(6):
        at.page.keyboard.press("ArrowDown")
    area, place = at.area(), at.place("What is left")
    at.save('"You left something"', '"You forgot"')
    at.until(SHOWS.format("You forgot"))
    assert at.area()[2:] == area[2:]
    assert at.place("What is left") == pytest.approx(place, abs=1.5)
    at.save("wait 1h as cooling_off", "wait 1h as cooling_off\n wait 2h\n wait 3h")  # what stands there moves down
    at.until(SHOWS.format("Wait 3 hours"))
    assert at.area()[1] > area[1]
    assert at.place("What is left") == pytest.approx(place, abs=1.5)


def test_a_broken_file_beside_its_last_good_map(desk: Callable[..., Desk]) -> None:
    at = desk("abandoned_cart.journey")
    assert at.page.locator("#findings .count.good").is_visible()
    area = at.area()
    at.save("owner crm", "owner crx")
    at.until("document.title.startsWith('(1)')")
    assert at.page.locator("#findings li mark").first.inner_text() == "crx"
    assert "did you mean `crm`?" in at.page.locator("#findings").inner_text()
    assert at.page.locator(".note").is_visible()
    assert at.area() == area
    at.file.unlink()
    at.until("document.querySelector('#findings').textContent.includes('no such file')")
    assert at.page.locator("#findings .count").count() == 0
    at.save("owner crm", "owner crm")
    at.until("document.querySelector('#findings .count.good') !== null")


def test_a_finding_shows_its_step(desk: Callable[..., Desk]) -> None:
    at = desk("abandoned_cart.journey")
    never = "if customer.cart_value > 5 EUR and customer.cart_value < 3 EUR { wait 3d }"
    at.save("wait 1h as cooling_off", f"{never}\n wait 1h as cooling_off")
    at.until("document.querySelector('#findings a.show') !== null")
    assert at.page.locator(".box.found").count() >= 1
    at.page.locator("[data-tool=in]").click()
    at.page.locator(".view").focus()
    for _ in range(30):
        at.page.keyboard.press("ArrowDown")
    at.page.locator("#findings a.show").first.click()
    box = at.page.locator(".box.revealed").bounding_box()
    view = at.page.locator(".view").bounding_box()
    assert view["x"] < box["x"] < box["x"] + box["width"] < view["x"] + view["width"]
    assert view["y"] < box["y"] < box["y"] + box["height"] < view["y"] + view["height"]


@pytest.mark.parametrize("size", [(1280, 800), (380, 760)], ids=["desk", "phone"])
def test_persian_from_right_to_left(desk: Callable[..., Desk], size: tuple[int, int]) -> None:
    at = desk("birthday.journey", "?as=map", size)
    assert at.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert at.page.evaluate("[document.documentElement.dir, document.fonts.check('16px Vazirmatn', 'سلام')]") == [
        "rtl",
        True,
    ]
    at.save("تبریک با نام", "شادباش با نام")
    at.until(SHOWS.format("شادباش با نام"))
    first, last = (at.page.locator(".view g.stage").nth(number).bounding_box() for number in (0, 1))
    assert first["x"] > last["x"]
    view, head = at.page.locator(".view").bounding_box(), at.page.locator(".view text").first.bounding_box()
    assert head["x"] + head["width"] == pytest.approx(view["x"] + view["width"], abs=40)


def test_both_forms_and_the_keyboard(desk: Callable[..., Desk]) -> None:
    at = desk("abandoned_cart.journey")
    at.page.keyboard.press("Tab")
    at.page.keyboard.press("Tab")
    at.page.keyboard.press("Enter")
    at.page.wait_for_url("**/*as=map")
    assert at.page.locator(".view g.lane").count() > 3
    assert at.page.locator("nav a[aria-current]").inner_text() == "Journey map"


def test_its_end_is_told(browser: Any) -> None:
    page = browser.new_page()
    with safar.serve(EXAMPLES / "birthday.journey") as served:
        page.goto(served.url)
        assert not page.locator("#ended").is_visible()
    page.wait_for_selector("#ended:visible")
    page.close()


TWO = """event سبد "سبد پر شد" {}
journey نخستین "سفر نخست" { enter on سبد; stage s { wait 1h } }
journey دومین "سفر دوم" { enter on سبد; stage s { wait 2h } }
"""


def test_several_journeys_of_a_file(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "دو سفر.journey"
    file.write_text(TWO, encoding="utf-8")
    page = browser.new_page()
    with safar.serve(file) as served:
        page.goto(served.url)
        assert page.locator("h1").inner_text() == "سفر نخست"
        page.locator("nav a", has_text="سفر دوم").click()
        page.wait_for_url("**as=flow")
        assert page.locator("h1").inner_text() == "سفر دوم"
        assert "۲ ساعت" in page.locator(".view").inner_text()
        page.locator("nav a", has_text="نقشهٔ سفر").click()
        page.wait_for_url("**as=map")
        assert page.locator("h1").inner_text() == "سفر دوم"
    page.close()
