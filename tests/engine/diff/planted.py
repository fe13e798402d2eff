"""Edits of a journey's text made by chance: such as people make, and such as mean nothing."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from safar.dsl.read import read_text
from safar.engine.diagnostic import Severity
from safar.engine.model import Project

Maker = Callable[[str, random.Random], str]


def _some(pattern: str, becomes: Callable[[re.Match[str], random.Random], str]) -> Maker:
    """Another text where the pattern stands, at one place."""

    def make(text: str, chance: random.Random) -> str:
        found = list(re.finditer(pattern, text, re.MULTILINE))
        if not found:
            return text
        one = chance.choice(found)
        return text[: one.start()] + becomes(one, chance) + text[one.end() :]

    return make


def _line(text: str, chance: random.Random) -> str:
    """A line less: a statement without a block."""
    return _some(r"^ +(?!(rule|stage|orders|ok|tier|stars))[^{}\n]+\n", lambda _one, _chance: "")(text, chance)


def _swapped(text: str, chance: random.Random) -> str:
    """Two neighbouring lines without blocks in the other order."""
    return _some(r"^( {4,}[^{}\n]+\n)( {4,}[^{}\n]+\n)", lambda one, _chance: one[2] + one[1])(text, chance)


def _longer(one: re.Match[str], chance: random.Random) -> str:
    return one[1] + chance.choice([length for length in ("6h", "12h", "18h", "1d", "2d") if length != one[2]])


def _condition(one: re.Match[str], chance: random.Random) -> str:
    others = ("customer.ok", "not customer.ok", "customer.orders >= 1", "customer.tier == gold", "customer.stars > 2")
    return f"{one[1]}{chance.choice(others)} {{"


EDITS: dict[str, Maker] = {
    "a length": _some(r"(wait |up to )(\d+[hd])", _longer),
    "a condition": _some(r"(if )([^{}\n]+) \{", _condition),
    "a condition turned round": _some(r"(if )([^{}\n]+) \{", lambda one, _chance: f"{one[1]}not ({one[2]}) {{"),
    "a line less": _line,
    "two lines swapped": _swapped,
    "quiet hours": _some(r"quiet from \d\d:\d\d", lambda _one, chance: f"quiet from {chance.choice(('12', '23'))}:00"),
    "a cap": _some(
        r"at most (\d) per (\d+[hd]) then", lambda one, _chance: f"at most {int(one[1]) + 1} per {one[2]} then"
    ),
    "a cap's window": _some(r"at most (\d) per (\d+[hd]) then", lambda one, _chance: f"at most {one[1]} per 3d then"),
    "consent": _some(r"only if customer\.ok; ?", lambda _one, _chance: ""),
    "a channel": _some(r"send (email|sms)", lambda one, _chance: f"send {'sms' if one[1] == 'email' else 'email'}"),
    "an entry": _some(r"(enter on came)(.*)$", lambda one, _chance: f"{one[1]} if customer.ok"),
    "reenter": _some(r"reenter .*$", lambda _one, chance: f"reenter {chance.choice(('never', 'always', 'after 2d'))}"),
    "an outcome": _some(r"exit (won|lost)", lambda one, _chance: f"exit {'won' if one[1] == 'lost' else 'lost'}"),
    "an event": _some(
        r"\b(for|on|until) (order|called)\b",
        lambda one, _chance: f"{one[1]} {'called' if one[2] == 'order' else 'order'}",
    ),
}
"""Edits after which something else may happen."""

HARMLESS: dict[str, Maker] = {
    "layout": _some(r"\n", lambda _one, _chance: "\n\n  # a remark\n"),
    "a name": lambda text, _chance: re.sub(r"\bt1\b", "first_one", text),
    "a text": _some(r'text "A"', lambda _one, _chance: 'text "B"'),
    "a condition in other words": _some(r"customer\.ok\b", lambda _one, _chance: "(not (customer.ok == no))"),
    "a rule less": _some(r"^ +rule .*\n", lambda _one, _chance: ""),
    "the order of declarations": lambda text, _chance: text.replace("tag offer\n", "", 1).replace(
        "persona hunter", "tag offer\npersona hunter", 1
    ),
}
"""Edits after which everything is as it was."""


def edit(text: str, makers: dict[str, Maker], chance: random.Random) -> tuple[str, Project] | None:
    """The name of an edit that fits, and the project after it; None where nothing was found that can be read."""
    for name in chance.sample(sorted(makers), len(makers)):
        after = makers[name](text, chance)
        if after == text:
            continue
        reading = read_text(after)
        if not any(one.severity is Severity.ERROR for one in reading.findings):
            return name, reading.project
    return None
