"""The site as people use it, in a browser and from a disk: searching, following links, the other language.

Skipped where no Chromium or no `playwright` is (`apt-get install chromium`, `pip install playwright`).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import safar

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")

JOURNEYS = Path(__file__).parent.parent.parent / "journeys" / "dsl"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
DESK, PHONE = (1280, 860), (380, 760)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built, and moved to another place with a name that is no plain address."""
    folder = tmp_path_factory.mktemp("site")
    safar.docs(folder / "built", project=JOURNEYS)
    return (folder / "built").rename(folder / "a site #1 سفر")


@pytest.fixture
def visit(browser: Any, site: Path) -> Iterator[Any]:
    """Opens a page; at the end nothing was said on the console, refused, or asked of anywhere but the site."""
    told: list[str] = []
    opened = []

    def visit(path: str, size: tuple[int, int] = DESK, **more: Any) -> Any:
        page = browser.new_page(viewport={"width": size[0], "height": size[1]}, **more)
        opened.append(page)
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("request", lambda request: told.append(request.url))
        page.add_init_script("addEventListener('securitypolicyviolation', e => console.log(e.violatedDirective))")
        page.goto((site / path).as_uri())
        page.locator("html.scripted").wait_for(state="attached")
        return page

    yield visit
    for page in opened:
        page.close()
    inside = (site.as_uri(), "data:font/")
    assert [line for line in told if not line.startswith(inside)] == []


def found(page: Any) -> list[str]:
    return [str(text) for text in page.locator("#results li a > bdi").all_inner_texts()]


def test_search_by_keyboard(visit: Any) -> None:
    page = visit("en/channels/email.html")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("honest compar")
    page.wait_for_selector("#results li")
    assert found(page)[0] == "Honest comparison"
    assert re.match(r"\d+ found", page.locator("#told").inner_text())
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#search", "aria-activedescendant") == "found0"
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/touchpoints/five_stages.comparison.html")
    assert page.locator("h1").inner_text() == "Honest comparison"
    page.keyboard.press("/")
    page.keyboard.type("zzz")
    page.locator("#told", has_text=re.compile("^Nothing")).wait_for(state="attached")
    page.keyboard.press("Escape")
    assert not page.locator(".results").is_visible()


def test_search_finds_persian_however_it_is_typed(visit: Any) -> None:
    page = visit("fa/index.html")
    for typed in ("هديه طلايي", "هدیهٔ طلایی", "مشتریها"):
        page.locator("#search").fill("")
        page.locator("#search").type(typed.split()[-1])
        page.wait_for_selector("#results li")
        assert found(page), typed
    page.locator("#search").fill("طلایی")
    assert "هدیهٔ طلایی" in found(page)
    assert re.match(r"[۰-۹]+ مورد", page.locator("#told").inner_text())
    page.locator("#results a", has_text="هدیهٔ طلایی").first.click()
    page.wait_for_url("**/fa/touchpoints/loyalty.gold_gift.html")


def test_from_the_first_page_into_the_maps_and_to_the_other_language(visit: Any) -> None:
    page = visit("en/index.html")
    page.locator("td a, th a", has_text="Abandoned cart").first.click()
    page.wait_for_url("**/en/journeys/abandoned_cart.html")
    page.locator("html.scripted").wait_for(state="attached")
    maps = page.locator(".map svg")
    assert maps.count() == 2
    before = maps.nth(1).get_attribute("viewBox")
    page.locator(".map").nth(1).locator("[data-tool=in]").click()
    assert maps.nth(1).get_attribute("viewBox") != before
    page.locator(".map").nth(1).locator("[data-tool=fit]").click()
    page.locator(".map").nth(1).locator("a", has_text="Ten percent for you").first.click()
    page.wait_for_url("**/en/touchpoints/abandoned_cart.coupon_mail.html")
    page.locator(".languages a").click()
    page.wait_for_url("**/fa/touchpoints/abandoned_cart.coupon_mail.html")
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    assert page.evaluate("document.fonts.check('16px Vazirmatn', 'سلام')")
    title = page.locator(".trail li").first.bounding_box()
    assert title["x"] > DESK[0] / 2


@pytest.mark.parametrize("path", ["fa/journeys/birthday.html", "en/index.html", "fa/touchpoints/loyalty.survey.html"])
def test_at_phone_width_nothing_hangs_over(path: str, visit: Any) -> None:
    page = visit(path, PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert page.locator("#search").bounding_box()["width"] > 300


def test_dark_and_paper(visit: Any) -> None:
    page = visit("en/journeys/abandoned_cart.html", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(18, 22, 29)"
    ground = page.locator(".map svg > rect").first
    assert ground.evaluate("one => getComputedStyle(one).fill") == "rgb(18, 22, 29)"
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator(".top:visible, .tools:visible, .contents:visible").count() == 0


def test_without_scripts_all_is_there_but_the_search(browser: Any, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    page.wait_for_url("**/en/index.html")
    assert page.locator("#search").is_hidden()
    page.locator("td a, th a", has_text="Abandoned cart").first.click()
    assert page.locator(".map svg").first.is_visible()
    context.close()
