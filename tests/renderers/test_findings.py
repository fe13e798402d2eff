"""Goldens: `findings/NAME.txt` is what a terminal of 72 columns without colour shows for the case of that name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from safar.engine.diagnostic import Diagnostic, Edit, Fix, Related, Rule, Severity
from safar.engine.source import NOWHERE, Source, Span
from safar.renderers import findings_concise, findings_full, findings_json
from safar.renderers.findings import Frame, Group, closing
from safar.renderers.terminal import Style

GOLDENS = Path(__file__).parent / "findings"
UNKNOWN = Rule("unknown-name", "SF201")
SHARES = Rule("shares-not-whole", "SF105", Severity.WARNING)
PLAIN = Style()
FRAME = Frame(files=1)


def place(source: Source, text: str, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = source.text.index(text, start + 1)
    return Span(source, start, start + len(text))


CART = Source("journeys/cart.journey", 'journey cart {\n  on ordr_placed exit won\n  goal won "Order"\n}\n')
WORDS = Source("vocabulary.journey", "# words\nevent order_placed\n" + "\n" * 120 + "event order_Placed\n")
PERSIAN = Source("سفر.journey", 'journey سبد "سبد خرید" {\n  on سفارش_ثبت_شد exit won; on x exit lost\n}\n')
LONG = Source("long.journey", "event a; " * 40 + "event b; " + "event c; " * 40)
HOSTILE = Source("\x1b[2Jx\n::error::.journey", 'event a "\x1b]0;title\x07 \u202eevil" # \x9b2K\n')

CASES: dict[str, Diagnostic] = {
    "plain": UNKNOWN.at(
        place(CART, "ordr_placed"),
        "no event `ordr_placed` is declared",
        label="not declared",
        help="did you mean `order_placed`?",
    ),
    "related_in_the_same_file": UNKNOWN.at(
        place(CART, "won", 1),
        "goal `won` has no event",
        label="counts by an exit only",
        related=(Related("the exit", place(CART, "won")), Related("the journey", place(CART, "cart"))),
        notes=("a goal without `on` counts by the exit of its name", "first line\nsecond line"),
    ),
    "related_in_another_file": UNKNOWN.at(
        place(WORDS, "order_Placed"),
        "`order_Placed` and `order_placed` are the same name",
        label="declared again",
        related=(Related("used here", place(CART, "ordr_placed")), Related("first", place(WORDS, "order_placed"))),
    ),
    "two_on_one_line": SHARES.at(
        place(CART, "exit"),
        "both on one line",
        label="later",
        related=(Related("earlier", place(CART, "ordr_placed")), Related("earliest", place(CART, "on"))),
    ),
    "persian": UNKNOWN.at(
        place(PERSIAN, "سفارش_ثبت_شد"),
        "no event `سفارش_ثبت_شد` is declared",
        label="not declared",
        help="did you mean `سفارش‌ثبت‌شد` or `x`?",
        related=(Related("another", place(PERSIAN, "x", 1)),),
    ),
    "long_line": UNKNOWN.at(place(LONG, "event b"), "the middle of a long line", label="here"),
    "long_span": UNKNOWN.at(Span(LONG, 9, len(LONG.text)), "a span longer than the line", label="all of it"),
    "hostile": UNKNOWN.at(place(HOSTILE, "\x1b]0;title\x07"), "a title of `\x1b[31m`", label="es\x1bcape"),
    "several_lines": UNKNOWN.at(Span(CART, 8, len(CART.text)), "a span over several lines", label="from here"),
    "end_of_file": UNKNOWN.at(Span(CART, len(CART.text), len(CART.text)), "the file ends too early", label="`}`?"),
    "empty_file": UNKNOWN.at(Span(Source("e.journey", ""), 0, 0), "nothing is in this file", help="write something"),
    "way": SHARES.at(
        place(CART, "exit"),
        "no time passes on the way",
        label="back again",
        way=(Related("`cart`", place(CART, "cart")), Related("`won`", place(CART, "won", 1))),
        help="a help that is longer than the terminal is wide goes on in the next row, under its own beginning",
    ),
    "label_does_not_fit": UNKNOWN.at(
        place(CART, "exit"), "a long label", label="a label that is so long that no room is left for it behind"
    ),
    "persian_prose": UNKNOWN.at(
        place(PERSIAN, "سبد خرید"),
        "`سبد خرید` and `سبد‌خرید` only look different",
        label="declared as `سبد‌خرید`",
        notes=("`علي` is written with `ي`, `علی` with `ی`",),
    ),
    "nowhere": UNKNOWN.at(NOWHERE, "no journey of this name", label="said", help="see `safar rules`"),
}


@pytest.mark.parametrize("name", CASES)
def test_full_is_as_the_golden_file_says(name: str) -> None:
    shown = findings_full.finding(CASES[name], style=PLAIN, width=72)
    golden = GOLDENS / f"{name}.txt"
    assert shown + "\n" == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["plain", "two_on_one_line", "persian", "long_line", "way", "label_does_not_fit"])
def test_full_in_forty_columns_is_as_the_golden_file_says(name: str) -> None:
    shown = findings_full.finding(CASES[name], style=PLAIN, width=40)
    golden = GOLDENS / f"narrow_{name}.txt"
    assert shown + "\n" == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["plain", "persian", "related_in_the_same_file"])
def test_full_in_colour_is_as_the_golden_file_says(name: str) -> None:
    shown = findings_full.finding(CASES[name], style=Style(colour=True), width=72).replace("\x1b", "<ESC>")
    golden = GOLDENS / f"colour_{name}.txt"
    assert shown + "\n" == golden.read_text(encoding="utf-8")
    assert ("<ESC>[31;4m" in shown) == (name == "persian")


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("colour", [False, True])
def test_no_text_of_a_file_reaches_the_terminal_raw(name: str, colour: bool) -> None:
    style = Style(colour=colour)
    full = findings_full.finding(CASES[name], style=style)
    concise = findings_concise.findings([Group((CASES[name],))], Frame(files=1, style=style))
    for raw in ("\x1b]", "\x1b[2J", "\x1b[31mm", "\x07", "\x9b", "\u202e"):
        assert raw not in full + concise
    assert colour or "\x1b" not in full + concise
    assert len(concise.splitlines()) == 1
    assert not any(line.startswith(("::", "##[")) for line in (full + "\n" + concise).splitlines())


def test_a_long_line_stays_within_the_width() -> None:
    for name in ("long_line", "long_span"):
        shown = findings_full.finding(CASES[name], style=PLAIN, width=72).splitlines()
        assert max(len(line) for line in shown) <= 72


def test_a_huge_line_takes_no_time() -> None:
    source = Source("huge.journey", "x" * 1_000_000 + " bad " + "سبد" * 300_000)
    shown = findings_full.finding(UNKNOWN.at(place(source, "bad"), "m"), style=PLAIN, width=80)
    assert "bad" in shown
    assert len(shown) < 800


def test_carets_stand_under_wide_letters() -> None:
    source = Source("wide.journey", 'event 購入 "é\u0301" oops\n')
    *_, line, marks, _ = findings_full.finding(UNKNOWN.at(place(source, "oops"), "m"), style=PLAIN).splitlines()
    assert line.startswith("1 | ")
    assert marks.index("^") == 4 + len("event ") + 4 + len(' "é" ')


def test_concise() -> None:
    assert findings_concise.findings([Group((CASES["plain"], CASES["nowhere"]))], FRAME) == (
        "journeys/cart.journey:2:6: error[unknown-name] no event `ordr_placed` is declared\n"
        "error[unknown-name] no journey of this name\n"
    )
    hostile = findings_concise.findings([Group((CASES["hostile"],))], FRAME)
    assert hostile.startswith("\\x1b[2Jx\\x0a::error::.journey:1:10: ")


def test_json_counts_code_points_and_names_edits() -> None:
    span = place(PERSIAN, "x", 1)
    item = UNKNOWN.at(span, "m", fix=Fix((Edit(span, "y"),), safe=False), related=(Related("r", span),))
    groups = [Group((item,)), Group((CASES["two_on_one_line"],), "../{}".format)]
    document = json.loads(findings_json.findings(groups, Frame(files=2, suppressed=3)))
    assert document["format_version"] == 1
    first = document["findings"][0]
    assert first["path"] == "سفر.journey"
    assert (first["start"], first["end"]) == ({"line": 2, "column": 32}, {"line": 2, "column": 33})
    assert first["fix"] == {"safe": False, "edits": [{"start": first["start"], "end": first["end"], "text": "y"}]}
    assert first["related"] == [{"message": "r", "path": "سفر.journey", "start": first["start"], "end": first["end"]}]
    assert document["findings"][1]["path"] == "../journeys/cart.journey"
    assert document["summary"] == {
        "files": 2,
        "errors": 1,
        "warnings": 1,
        "infos": 0,
        "suppressed": 3,
        "known": 0,
        "fixable": 1,
    }


def test_summary_counts() -> None:
    items = (CASES["plain"], CASES["two_on_one_line"], CASES["persian"])
    assert closing([Group(items)], FRAME) == "2 errors, 1 warning in 1 file\nexplain: safar explain unknown-name\n"
