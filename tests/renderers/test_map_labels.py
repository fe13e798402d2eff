"""Measures, line breaks and directions of the texts in a map."""

from __future__ import annotations

import random
import re

import pytest

from safar.renderers.labels import apart, clean, code, in_font, measure, runs_from_right, set_label

SHAPED = {
    # advance widths at 10 points by HarfBuzz with the shipped fonts (regular, bold)
    "یادآوری سبد خرید": (68.79, 70.33),
    "سبد\u200cخرید رها شده": (71.10, 72.21),
    "۲۴ ساعت بعد": (55.32, 56.01),
    "می\u200cخواهم": (38.77, 39.60),
    "صفحهٔ محصول": (59.62, 60.09),
    "تخفیفِ ویژهٔ نوروز": (67.28, 68.51),
    "ایمیل خوشامد: «کوپن ۱۰٪»": (105.44, 107.84),
    "customer.cart_value > 0 EUR?": (131.87, 133.33),
    "Wait for Opened (Reminder)": (124.10, 125.42),
}


@pytest.mark.parametrize(("text", "widths"), SHAPED.items())
def test_widths_are_those_of_the_shaped_text(text: str, widths: tuple[float, float]) -> None:
    assert measure(text, 10) == pytest.approx(widths[0], rel=0.015)
    assert measure(text, 10, bold=True) == pytest.approx(widths[1], rel=0.015)


def test_letters_the_font_lacks_get_room() -> None:
    assert measure("漢字", 10) > 20
    assert measure("🎉", 10) > 10
    assert not in_font("漢")
    assert in_font("سلام Hello \u200c\u2068")


@pytest.mark.parametrize("seed", range(20))
def test_no_line_is_wider_than_asked(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    letters = "abcdefgWWW___--  یادآوریسبدخر ۱۲۳\u200c漢🎉"
    text = "".join(chance.choice(letters) for _ in range(chance.randrange(1, 400)))
    label = set_label(text, 10, 60, rtl=False, most=99)
    assert label.width <= 60
    shown = re.sub("[\u200e\u200f\u2066-\u2069]", "", "".join(label.lines))
    assert shown.replace(" ", "") == text.replace(" ", "")


def test_a_line_from_the_right_stands_apart_for_whoever_draws_from_the_left() -> None:
    (line,) = set_label("دست‌کم ۱۵ EUR", 10, 200, rtl=True).lines
    assert line == "\u200f\u2067دست‌کم ۱۵ EUR\u2069\u200f"


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    label = set_label("word " * 4000, 10, 60, rtl=False, most=3)
    assert len(label.lines) == 3
    assert label.lines[-1].strip("\u200e").endswith("…")
    assert label.width <= 60


def test_direction_is_that_of_the_words_of_the_sentence_and_not_of_what_is_set_in() -> None:
    assert runs_from_right(f"تا {apart('Opened')}", otherwise=False)
    assert not runs_from_right(f"Wait for {apart('یادآور')}", otherwise=True)
    assert runs_from_right(code("customer.x > 1"), otherwise=True)


def test_every_line_closes_what_it_opens() -> None:
    label = set_label("wait for " + apart("a very long title of a touchpoint that goes on and on"), 10, 60, rtl=True)
    assert len(label.lines) > 2
    for line in label.lines:
        assert line.count("\u2068") == line.count("\u2069")


@pytest.mark.parametrize("letter", ["\u202e", "\u2067", "\x00", "\x1b", "\ud800", "\uffff", "\x85", "\n"])
def test_letters_that_steer_or_break_are_taken_out(letter: str) -> None:
    assert letter not in clean(f"a{letter}b")


def test_joiners_stay() -> None:
    assert clean("سبد\u200cخرید") == "سبد\u200cخرید"


def test_empty() -> None:
    label = set_label("", 10, 60, rtl=False)
    assert label.lines == ()
    assert (label.width, label.height) == (0, 0)
