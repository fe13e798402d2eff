"""Hostile `.journey` texts: one finding or few, in bounded time, never an exception."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safar.dsl.limits import Limits
from safar.dsl.text import read_text
from safar.engine.source import Source

EXCEEDING = {
    "parentheses": ("condition a = " + "(" * 5_000 + "1" + ")" * 5_000, "expression_depth"),
    "not": ("condition a = " + "not " * 100_000 + "b", "expression_depth"),
    "signs": ("condition a = " + "- " * 50_000 + "b", "expression_depth"),
    "or": ("condition a = " + " or ".join(["b"] * 20_000), "expression_depth"),
    "dots": ("condition a = b" + ".c" * 50_000, "expression_depth"),
    "parts": (f"condition a = b in [{', '.join(['1 + 2'] * 600)}]", "expression_nodes"),
    "list": (f"limit a {{ channels {','.join(['b'] * 50_000)} }}", "expression_nodes"),
    "blocks": ("journey a { stage b {" + "if c {" * 10_000, "depth"),
    "identifier": ("team " + "a" * 1_000_000, "name"),
    "number": ("action a { cost " + "9" * 100_000 + " EUR }", "integer"),
    "great number": ("condition a = b > 9007199254740993", "integer"),
    "duration": ("journey a { horizon 100000000d }", "duration"),
    "statements": ("team a\n" * 20_010, "statements"),
    "file": ("team a # " + "x" * 1_100_000, "file"),
    "bytes": ("# " + "س" * 600_000, "file"),
    "text": ('team a "' + "x" * 3_000 + '"', "title"),
}


@pytest.mark.parametrize(("text", "limit"), EXCEEDING.values(), ids=EXCEEDING)
def test_one_finding_names_the_limit(text: str, limit: str) -> None:
    _, found = read_text(Source("a.journey", text))
    assert [(finding.rule, finding.code) for finding in found] == [("limit-exceeded", "SF010")]
    assert f"`{limit} =" in found[0].help


OTHERS = {
    "backslashes": 'team a "' + "\\" * 64_000,
    "braces": "journey a " + "{" * 50_000,
    "closing braces": "}" * 50_000,
    "brackets": "condition a = " + "[" * 50_000,
    "quotes": "team a " + '"{"' * 50_000,
    "quotes in placeholders": 'team a "{' + '""' * 50_000,
    "open placeholders": "team a " + '"{' * 50_000,
    "marks": "$ " * 50_000,
    "lines of marks": "$\n" * 50_000,
    "colons": ":" * 50_000,
    "commas": "condition a = b in [" + "," * 50_000,
    "words": "team " + "a " * 50_000,
    "hyphens": "team a" + "-b" * 50_000,
    "zeros": "\0" * 50_000,
    "wrong lines": "journey j { stage s {\n" + "wiat 2d\n" * 20_000 + "}}",
    "open parentheses": "journey j { stage s {\n" + "wait for (a\n" * 20_000 + "}}",
    "open blocks": "journey j { stage s {\n" * 500,
    "placeholders": 'touchpoint x { send e { subject "' + "{a$}" * 400 + '" } }',
    "surrogate": "team \ud800",
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_broken_texts_are_read_to_their_end_in_bounded_time(text: str) -> None:
    start = time.process_time()
    _, found = read_text(Source("a.journey", text))
    assert time.process_time() - start < 3
    assert 1 <= len(found) <= Limits().mistakes + 1


def test_limits_can_be_tightened() -> None:
    _, found = read_text(Source("a.journey", "team a\nteam b\nteam c\n"), Limits(statements=2))
    assert [finding.rule for finding in found] == ["limit-exceeded"]


WORDS = (
    'journey stage touchpoint wait for up to if otherwise else { } ( ) [ ] , ; : = == "x" "{y} “z” 3d 3 50% 20 EUR '
    "a.b opened(x) and or not where within exit won set customer.x 09:00 2027-01-01 persona responds with split "
    "€5 سبد‌خرید ۳ ٪ # $ one of about in is known 33,3% case"
)
MARKS = ["\n", "\n", "\n", "\r\n", "\t", "\\", '"', "\u202e", "\u200c"]
PIECES = st.lists(st.sampled_from([*WORDS.split(), *MARKS]), max_size=60).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(st.one_of(PIECES, st.text(max_size=120)))
def test_any_text_gives_a_tree_and_findings_inside_it(text: str) -> None:
    file, found = read_text(Source("a.journey", text))
    assert file.span.source.text == text
    for finding in found:
        assert 0 <= finding.span.start <= finding.span.end <= len(text)
        assert finding.message
        assert finding.message[-1] != "."
    assert len({(finding.code, finding.span.key) for finding in found}) == len(found)
