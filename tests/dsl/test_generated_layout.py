"""Journeys made from the forms of the language by chance, with comments in them: laid out, converted, and back."""

from __future__ import annotations

import os
import random

import pytest

from safar.dsl.convert import comparable, convert_text
from safar.dsl.files import parse
from safar.dsl.fmt import comments, format_text
from safar.dsl.forms import blocks
from safar.dsl.limits import DEFAULT_LIMITS
from safar.dsl.yaml_keys import SINGLE
from safar.engine.form import Clause, Form, Kind
from safar.engine.source import Source

COUNT = int(1_000 * float(os.environ.get("SAFAR_TEST_SCALE", "0.1")))
VALUES = {
    Kind.NAME: ("email", "سبد\u200cخرید", "on", "a_1", "order", "y"),
    Kind.NAMES: ("a", "a, b", "sms ,b,  c"),
    Kind.TITLE: (
        '"Order"',
        '"it\'s , \\"so\\": {x} #1"',
        '"تبریک، {نام} {\\"a\\"}"',
        '""',
        '" a "',
        '"no"',
        '"10% on"',
        '"a\\nb\\\\"',
    ),
    Kind.TEXT: (
        '"Hello"',
        '"{customer.name or else "friend"}: hi"',
        '"a \\{b\\} # {1+2}"',
        '"one\\n  two\\n"',
        '"a\\n\\nb"',
    ),
    Kind.EXPRESSION: ("a", "not (a or b) and c", "x in [ 1,2 , ]", "- 3 -2 < a*-1", 'n == "a # b"', "count(E)>=1_000"),
    Kind.PATTERN: ("a", "opened (b) or clicked(c) if x", "(a or b) and c within 3d or d"),
    Kind.EVENT: ("a", "a(b) within 3d", "a where total > 50 EUR"),
    Kind.DURATION: ("3d", "۱۲h", "90m"),
    Kind.MOMENT: ("09:00", "monday at 9:00", "3d before customer.x at 10:00", "last(E).total"),
    Kind.PERCENT: ("12%", "0.5 %", "۱۲٪"),
    Kind.INTEGER: ("3", "1_000"),
    Kind.SIGNED: ("+3", "-2", "0"),
    Kind.DATE: ("2027-03-21",),
    Kind.TIME: ("09:00", "9:30"),
    Kind.TARGET: ("customer.x",),
    Kind.TYPE: ("text? private", "one of a, b = b", "list of text", "money = 0 EUR growing"),
    Kind.COST: ("2 EUR per message", "800EUR to build", "1 EUR per clicked"),
    Kind.CAP: ("3 per 7d", "1 per calendar day"),
    Kind.REFUSAL: ("skip", "wait", "wait up to 3d"),
    Kind.CLOSED: ("nowruz", 'holidays "IR"'),
    Kind.CHANCE: ("60%", "60% if a or b, 30%if c , 20% otherwise"),
    Kind.RATE: ("2% per day", "2% per 3d if a, 1% per day otherwise"),
    Kind.DELAY: ("2h", "1h to 3d", "about 18h, 90% within 3d"),
    Kind.AMOUNT: (
        "12 EUR",
        "40 EUR to 120 EUR",
        "one of 5 60%, 1 40%",
        "about 80 EUR, 90% within 200 EUR if a, 2 otherwise",
    ),
    Kind.PAYLOAD: ("()", '(a = 1, b = "x,y")', "(total=about 80 EUR, 90% within 200 EUR, c = one of a 5%, b 95%)"),
    Kind.CALL: ("give", "give ()", 'give(a = 1, b = "x",)'),
    Kind.REENTRY: ("never", "after 30d"),
    Kind.ARRIVAL: ("300 per day", "2.5 per 12h"),
    Kind.MEASURE: ("a per b", "time from a to b", "a in s.b + c for d", "(a+b) per customer"),
    Kind.LEVEL: ("at least 12%", "at most 4 EUR"),
    Kind.GOAL_VALUE: ("a.total", "first (a.total + 1)"),
    Kind.DEED: ("thanks", "any messages", "opened(thanks)"),
    Kind.OCCURRENCE: ("thanks", "any  offers", "a where total > 5EUR", "a(b) where not c"),
    Kind.PER: ("customer", "run", "7d", "calendar week"),
    Kind.OFFSET: ("+3h", "+ ۲d"),
    Kind.REFERENCE: ("a", "opened( thanks )"),
    Kind.ASSIGNMENT: ("customer.x = 1", "customer.x=\"a # 'b'\"", "customer.x = customer.x+1"),
    Kind.PATH: ("a", "a,..., b", "... ,a", "..."),
    Kind.TEST: ("a at least 12%", "-a in s.b + c for d>= a - 1%", "cost per a < 3EUR", "time from a to b at most 5d"),
    Kind.REACTION: ("exit won", 'task crm "call"', "go to x", "set customer.x = 1", "do give(a = 1) as b"),
    Kind.FLAG: ("",),
}
SAID = ("# why", "#", "# a: b {", '# "', "# دلیل")


def _is_known(form: Form) -> bool:
    """Whether there is something to put into each of its clauses."""
    return all(clause.kind is Kind.BODY or clause.kind in VALUES or clause.choices for clause in form.clauses)


class Maker:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311
        self.names = 0

    def block(self, block: str, depth: int) -> str:
        """The statements of a block, a few at most, with noise between them."""
        out = ""
        most = 1 if block in SINGLE else 5 if depth < 4 else 2
        several = [form for form in blocks()[block] if form.id != "otherwise_way" and _is_known(form)]
        once: set[str] = set()
        for _ in range(self.chance.randint(1, most) if several else 0):
            form = self.chance.choice(several)
            if form.id in once or (depth > 5 and any(c.kind is Kind.BODY and c.needed for c in form.clauses)):
                continue
            if not form.many or form.id == "customer":
                once.add(form.id)
            out += f"{self.noise()}{self.statement(form, depth)}{self.end()}"
        return out + self.noise()

    def noise(self) -> str:
        draw = self.chance.random()
        return f"\n{self.chance.choice(SAID)}\n" if draw < 0.15 else "\n\n\n" if draw < 0.3 else " "

    def end(self) -> str:
        return self.chance.choice(("\n", "; ", "\n", f"  {self.chance.choice(SAID)}\n"))

    def statement(self, form: Form, depth: int) -> str:
        parts = [form.words]
        for clause in form.clauses:
            if clause.needed or self.chance.random() < 0.6:
                parts.append(self.clause(form, clause, depth))
        return " ".join(parts)

    def clause(self, form: Form, clause: Clause, depth: int) -> str:
        if clause.kind is Kind.BODY:
            return f"{clause.word} {{{self.block(clause.block, depth + 1)}}}" if depth < 6 else f"{clause.word} {{ }}"
        value = self.chance.choice(clause.choices or VALUES.get(clause.kind, ("",)))
        if clause.kind is Kind.NAME and clause.field == "name":
            self.names += 1
            value = f"n{self.names}"
        if (form.id, clause.field) == ("enter_each", "unit"):
            value = "month"
        return f"{clause.word} {value}"


def generated(seed: int) -> str:
    return Maker(seed).block("file", 0)


@pytest.mark.parametrize("seed", range(COUNT))
def test_generated(seed: int) -> None:
    text = generated(seed)
    source = Source("a.journey", text)
    loaded = parse(source, DEFAULT_LIMITS)
    if loaded.findings:
        pytest.skip(loaded.findings[0].message)
    made = format_text(text, "a.journey").after
    assert comments(made, "a.journey") == comments(text, "a.journey")
    assert all(line == line.rstrip() for line in made.split("\n"))
    yaml = convert_text(text, "a.journey", "yaml").text
    assert format_text(yaml, "a.journey.yaml").after == yaml
    back = convert_text(yaml, "a.journey.yaml", "dsl").text
    assert comparable(parse(Source("a.journey", back), DEFAULT_LIMITS).tree) == comparable(loaded.tree)
    assert sorted(comments(back, "a.journey")) == sorted(comments(text, "a.journey"))
    assert convert_text(back, "a.journey", "yaml").text == yaml


def test_most_can_be_read() -> None:
    broken = [seed for seed in range(COUNT) if parse(Source("a.journey", generated(seed)), DEFAULT_LIMITS).findings]
    assert len(broken) < COUNT / 4
