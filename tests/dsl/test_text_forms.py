"""Every form once in `.journey` text, and the tree it gives."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from safar.dsl import tree
from safar.dsl.forms import blocks, forms
from safar.dsl.text import read_line, read_piece, read_text
from safar.engine.form import Kind
from safar.engine.source import NOWHERE, Source, Span

AROUND = {
    "file": "{}",
    "steps": "journey j {{ stage s {{ if c {{\n{}\n}} }} }}",
    "arms": "journey j {{ stage s {{ split x {{\n{}\n}} }} }}",
    "ways": "journey j {{ stage s {{ wait up to 3d {{\n{}\n}} }} }}",
    "send": "touchpoint t {{ send email {{\n{}\n}} }}",
    "responds": "touchpoint t {{ responds {{\n{}\n}} }}",
    "behaves": "journey j {{ behaves {{\n{}\n}} }}",
    "goal": "journey j {{ goal won {{\n{}\n}} }}",
    "stage": "journey j {{ stage s {{\n{}\n}} }}",
    "customer": "customer {{\n{}\n}}",
    "scenario": 'scenario "S" for j {{\n{}\n}}',
    "traits": 'scenario "S" for j {{ customer {{\n{}\n}} }}',
    "forecast": 'forecast "F" for j {{\n{}\n}}',
    "plan": "plan p from a to b {{\n{}\n}}",
    "change": "plan p from a to b {{ change c {{\n{}\n}} }}",
}
"""A block in a file, by the block's name; others stand in a declaration with their name."""

NEVER = "never a in stage s from 21:00 to 09:00 within 3d of b on the same day as c before d unless e"
"""All that `never` can take; as a rule it says too much."""

EXAMPLES = {
    "use": 'use "vocabulary.journey"',
    "customer": "customer { a: text }",
    "event": 'event bought "Bought" { total: money }',
    "channel": 'channel email "Email" { outbound }',
    "limit": 'limit pressure "Pressure" { at most 4 per 7d then skip }',
    "action": 'action coupon "Coupon" { code: text }',
    "condition": 'condition vip "VIP" = customer.orders >= 3',
    "team": 'team crm "CRM"',
    "tag": 'tag offer "Offer"',
    "feed": 'feed stock "Stock" { left: integer? }',
    "occasion": 'occasion nowruz "Nowruz" { 2027-03-21; 2028-03-20 }',
    "touchpoint_declared": 'touchpoint thanks "Thanks" { feeling +1 }',
    "persona": 'persona planner "Planner" { share 40% }',
    "journey": 'journey cart "Cart" { horizon 60d }',
    "attribute": "tier: one of bronze, silver = bronze growing private",
    "field": "total: money key",
    "then_set": "then set customer.orders = customer.orders + 1",
    "date": "2027-03-21",
    "outbound": "outbound",
    "inbound": "inbound",
    "only_if": "only if customer.email_ok",
    "at_most": "at most 3 per 7d then wait up to 3d",
    "quiet": "quiet from 22:00 to 08:00 then wait",
    "closed": 'closed holidays "IR" then skip',
    "channels": "channels email, sms",
    "cost": "cost 0.002 EUR per message",
    "tag_line": "tag offer",
    "send": 'send email { subject "Hi" }',
    "at": "at website",
    "subject": 'subject "Hi {customer.name or else "friend"}, {entry.total}!"',
    "body_file": 'body file "messages/thanks.md"',
    "body": 'body "Hello"',
    "text": 'text "Hello"',
    "shows": 'shows "Total" = entry.total',
    "touchpoint_do": 'do coupon(code = "A", discount = 10%,)',
    "transactional": "transactional",
    "priority": "priority high",
    "responds": "responds { opened 60% }",
    "response": "opened 60% if persona == planner, 35% otherwise after about 18h, 90% within 3d with (x = 1) { s 5% }",
    "doing": 'doing "Waits" for planner, hunter',
    "thinking": 'thinking "Hm"',
    "question": 'question "When?"',
    "pain": 'pain "No date"',
    "opportunity": 'opportunity "Show it"',
    "needs": 'needs "Template"',
    "evidence": 'evidence "Survey"',
    "feeling": 'feeling -3 "Cross" for planner',
    "owner": "owner crm",
    "measure": 'measure rate "Rate" = opened per delivered, target at least 55%',
    "share": "share 40%",
    "story": 'story "Compares"',
    "persona_set": "set customer.value = about 120 EUR, 90% within 400 EUR",
    "theme": 'theme "Help"',
    "style": 'style adaptive "Prices move"',
    "enter_event": "enter on bought per order_id if total > 5 EUR",
    "enter_date": "enter on 2027-03-21 at 09:00 if vip",
    "enter_yearly": "enter each year on customer.birthday at 09:00",
    "enter_each": "enter each monday at 09:00 if vip",
    "reenter": "reenter after 30d",
    "hold_out": "hold out 10% of project",
    "on": "on bought where total > 5 EUR if vip exit won",
    "goal": 'goal won "Won" { on bought within 14d }',
    "goal_on": "on bought within 14d",
    "target": "target at least 12%",
    "value": "value first bought.total",
    "horizon": "horizon 60d",
    "arrive": "arrive 300 per day with (total = 40 EUR to 120 EUR, kind = one of a 60%, b 40%)",
    "behaves": "behaves { bought 2% per day }",
    "behaviour": "bought 2% per day if vip, 1% per week otherwise with (total = about 80 EUR)",
    "stage": 'stage decision "Decision" { wait 1d }',
    "if": "if vip as check { wait 1d } otherwise if c { wait 2d } otherwise { exit lost }",
    "do": "do coupon as given",
    "exit": 'exit won "why"',
    "go_to": "go to decision",
    "repeat": "repeat up to 3 times every 7d until bought or opened(t) as r { wait 1d }",
    "set": "set customer.x = customer.x + 1 as s",
    "split": 'split test "Test" { 50% coupon { wait 1d }; 50% control }',
    "start": "start loyalty as l",
    "task": 'task crm "Call" as c',
    "touchpoint": 'touchpoint thanks "Thanks" as again { feeling +1 }',
    "wait": "wait 2d as pause",
    "wait_for": "wait for opened(thanks) if vip or bought up to 3d as w { exit won } otherwise { exit lost }",
    "wait_until": "wait until 3d before customer.renewal at 09:00 as u otherwise { exit late }",
    "wait_up_to": "wait up to 3d as v { for a { }; for b { } otherwise { } }",
    "arm": '50% coupon "Coupon" { wait 1d }',
    "way": "for opened(t) or bought { exit won } otherwise { exit lost }",
    "otherwise_way": "otherwise { exit lost }",
    "rule": 'rule consent "Consent" { never email unless customer.email_ok }',
    "rule_after": "after order_placed where total > 5 EUR always thanks within 1d",
    "rule_never": NEVER,
    "rule_at_most": "at most 3 any messages per calendar week",
    "rule_always_exit_within": "always exit within 120d",
    "rule_every_persona": "every persona can reach loyal",
    "scenario": 'scenario "Sara" for cart { start 2027-01-05 }',
    "traits": "customer { persona = planner }",
    "trait": 'first_name = "Sara"',
    "scenario_start": "start 2027-01-05 at 09:00 on order_placed with (total = 80 EUR)",
    "take": "take coupon_test.coupon",
    "scripted": "at +3h opened(thanks) with (x = 1) set customer.x = 1",
    "expect_after": "expect after opened always thanks within 1d",
    "expect_never": f"expect {NEVER}",
    "expect_at_most": "expect at most 5 email per run",
    "expect_always_exit_within": "expect always exit within 30d",
    "expect_path": "expect path thanks, tracking, ..., feedback",
    "expect_exit": "expect exit loyal by +30d",
    "forecast": 'forecast "Pays" for cart against cart_today { customers 1000 }',
    "customers": "customers 100_000",
    "seed": "seed 7",
    "expect_measure": "expect won in test.coupon >= -won in test.control + 1%",
    "plan": 'plan spring "Spring" from cart_today to cart { change thanks { } }',
    "change": "change thanks { owner crm }",
    "change_by": "by 2027-02-01",
    "change_after": "after thanks, tracking",
}


def read(text: str) -> tree.File:
    file, findings = read_text(Source("a.journey", text))
    assert [(f.message, f.span.start) for f in findings] == []
    return file


def all_of(node: tree.File | tree.Block | tree.Statement) -> list[tree.Statement]:
    if isinstance(node, tree.Statement):
        inner = [v for v in node.values.values() if isinstance(v, tree.Block | tree.Statement)]
        return [node, *(found for part in inner for found in all_of(part))]
    return [found for statement in node.statements for found in all_of(statement)]


def in_block(block: str, text: str) -> str:
    whole = AROUND.get(block)
    return whole.format(text) if whole is not None else f"{block} n {{\n{text}\n}}"


def test_every_form_has_an_example() -> None:
    assert set(EXAMPLES) == set(forms())


@pytest.mark.parametrize(("form", "block"), [(f.id, b) for b, found in blocks().items() for f in found])
def test_every_form_is_read_in_each_of_its_blocks(form: str, block: str) -> None:
    text = EXAMPLES[form]
    found = [one for one in all_of(read(in_block(block, text))) if one.form == form and one.span.text == text]
    assert len(found) == 1
    words = forms()[form].words
    assert found[0].head.text == words if words else text.startswith(found[0].head.text)


@pytest.mark.parametrize("form", EXAMPLES)
def test_the_examples_show_every_clause(form: str) -> None:
    wanted = {clause.field for clause in forms()[form].clauses}
    block = forms()[form].blocks[0]
    every = all_of(read(in_block(block, EXAMPLES[form])))
    found = next(one for one in every if one.form == form and one.span.text == EXAMPLES[form])
    short = {"channel": set(), "cost": set(), "behaviour": set(), "thinking": {"personas"}}
    known = short.get(form, wanted - set(found.values) if form in ("question", "pain", "opportunity") else set())
    if form in ("needs", "evidence"):
        known = {"personas"}
    if form == "enter_yearly":
        known = {"condition"}
    assert wanted - set(found.values) == known


def value(form: str, field: str, text: str, block: str = "") -> Any:
    around = in_block(block or forms()[form].blocks[0], text)
    return next(one for one in all_of(read(around)) if one.form == form).values[field]


def expression(text: str) -> Any:
    return value("condition", "expression", f"condition c = {text}")


def word(text: str) -> tree.Word:
    return tree.Word(NOWHERE, text)


def number(n: int) -> tree.Literal:
    return tree.Literal(NOWHERE, "integer", n)


def binary(op: str, left: tree.Expr, right: tree.Expr) -> tree.Binary:
    return tree.Binary(NOWHERE, op, left, right)


def test_operators_bind_as_the_language_says() -> None:
    a, b, c = word("a"), word("b"), word("c")
    assert expression("a or b and not c") == binary("or", a, binary("and", b, tree.Unary(NOWHERE, "not", c)))
    left = binary("or else", binary("+", a, binary("*", b, c)), number(0))
    assert expression("a + b * c or else 0 >= 3") == binary(">=", left, number(3))
    assert expression("a - b - c") == binary("-", binary("-", a, b), c)
    assert expression("-a < (b or c)") == binary("<", tree.Unary(NOWHERE, "-", a), binary("or", b, c))
    assert expression("a in [b, c,]") == binary("in", a, tree.Listing(NOWHERE, (b, c)))
    assert expression("a is unknown") == tree.Is(NOWHERE, a, False)


def test_literals() -> None:
    literal = tree.Literal
    cases = {
        "12": number(12),
        "0.5": literal(NOWHERE, "number", Decimal("0.5")),
        "12.5%": literal(NOWHERE, "percent", Decimal("12.5")),
        "20 EUR": literal(NOWHERE, "money", Decimal(20), "EUR"),
        "500_000 IRR": literal(NOWHERE, "money", Decimal(500_000), "IRR"),
        "۵۰٬۰۰۰ IRT": literal(NOWHERE, "money", Decimal(50_000), "IRT"),
        "۱۲٫۵٪": literal(NOWHERE, "percent", Decimal("12.5")),
        "90m": literal(NOWHERE, "duration", 5_400),
        "2w": literal(NOWHERE, "duration", 1_209_600),
        "1 month": literal(NOWHERE, "month", 1),
        "2 years": literal(NOWHERE, "year", 2),
        "yes": literal(NOWHERE, "yes_no", True),
        "2027-03-21": literal(NOWHERE, "date", datetime.date(2027, 3, 21)),
        "unknown": literal(NOWHERE, "unknown", None),
    }
    for text, wanted in cases.items():
        assert expression(text) == wanted, text


def test_event_forms_and_calls() -> None:
    thanks = tree.Name(NOWHERE, "thanks")
    opened, bought = tree.Name(NOWHERE, "opened"), tree.Name(NOWHERE, "bought")
    month = tree.Duration(NOWHERE, 30 * 86_400)
    over = binary(">", word("total"), number(5))
    assert expression("bought") == word("bought")
    assert expression("opened(thanks)") == tree.Event(NOWHERE, opened, thanks)
    assert expression("bought within 30d where total > 5") == tree.Event(NOWHERE, bought, None, month, over)
    count = tree.Call(NOWHERE, tree.Name(NOWHERE, "count"), tree.Event(NOWHERE, bought, None, month))
    assert expression("count(bought within 30d) >= 5") == binary(">=", count, number(5))
    last = tree.Call(NOWHERE, tree.Name(NOWHERE, "last"), word("bought"))
    assert expression("last(bought).total") == tree.Dotted(NOWHERE, last, tree.Name(NOWHERE, "total"))
    assert expression("round down(a to 1)") == tree.Round(NOWHERE, word("a"), number(1), True)


def test_or_parts_alternatives_of_a_pattern_and_if_binds_to_one() -> None:
    pattern = value("wait_for", "pattern", "wait for a if c > 1 or b up to 1d")
    wanted = tree.Alternative(NOWHERE, word("a"), binary(">", word("c"), number(1)))
    assert pattern.alternatives == (wanted, tree.Alternative(NOWHERE, word("b")))


def test_amounts_are_folded() -> None:
    fields = value("arrive", "payload", EXAMPLES["arrive"]).fields
    assert [field.name.text for field in fields] == ["total", "kind"]
    spread, choice = fields[0].amount.cases[0].value, fields[1].amount.cases[0].value
    assert isinstance(spread, tree.Spread)
    assert spread.high is not None
    assert [one.share.value for one in choice.choices] == [60, 40]
    about = value("persona_set", "amount", EXAMPLES["persona_set"]).cases
    assert len(about) == 1
    assert (about[0].value.about, about[0].value.high.value) == (True, 400)
    cases = value("persona_set", "amount", "set customer.v = 5 if a, one of 1 50%, 2 50% otherwise").cases
    assert [case.condition is None for case in cases] == [False, True]


def test_moments() -> None:
    moment = value("wait_until", "moment", EXAMPLES["wait_until"])
    assert (moment.offset, moment.at.seconds) == (-3 * 86_400, 32_400)
    moment = value("wait_until", "moment", "wait until monday at 09:00")
    assert (moment.weekday.text, moment.of) == ("monday", None)
    assert value("wait_until", "moment", "wait until 21:30").at.seconds == 77_400
    assert value("wait_until", "moment", "wait until nowruz").of == word("nowruz")


def test_otherwise_if_is_one_if_inside_otherwise() -> None:
    outer = next(one for one in all_of(read(in_block("steps", EXAMPLES["if"]))) if one.span.text == EXAMPLES["if"])
    block = outer.values["otherwise"]
    assert isinstance(block, tree.Block)
    assert [one.form for one in block.statements] == ["if"]
    assert "otherwise" in block.statements[0].values


@pytest.mark.parametrize("gap", [" ", "\n", "\r\n\n", " # a comment\n  # and one more\n"])
def test_otherwise_may_stand_on_the_next_line(gap: str) -> None:
    read(in_block("steps", f"if a {{ wait 1d }}{gap}otherwise {{ wait 2d }}"))


def test_texts() -> None:
    subject = value("subject", "text", EXAMPLES["subject"])
    assert [part if isinstance(part, str) else part.span.text for part in subject.parts] == [
        "Hi ",
        'customer.name or else "friend"',
        ", ",
        "entry.total",
        "!",
    ]
    assert value("text", "text", r'text "a \"b\" \{c\}\n\\"').parts == ('a "b" {c}\n\\',)
    assert value("story", "text", 'story "a {b} c"').parts == ("a {b} c",)


def test_spans_are_exact() -> None:
    text = 'team a  "تیم" # x\r\nevent ثبت‌سفارش "ثبت" { مبلغ: money }'
    team, event = read(text).statements
    assert (team.span.text, team.head.text) == ('team a  "تیم"', "team")
    title = team.values["title"]
    assert isinstance(title, tree.Text)
    assert title.span.text == '"تیم"'
    name = event.values["name"]
    assert isinstance(name, tree.Name)
    assert (name.text, name.span.text) == ("ثبت‌سفارش", "ثبت‌سفارش")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "# only a comment",
        "team a;team b",
        "team a ; ; team b;",
        "\ufeffteam a",
        "team a\r\nteam b\r\n",
        "limit l { channels a,\n b; at most 1 per 7d then skip }",
        "limit l { channels a، b ؛ at most ۳ per 7d then skip }",
        "condition c = (a\n  > 3\n) and\n  b or\n\n  # why\n  d in [1,\n 2]",
        "condition c = a\n  # first\n  and b\n\n  or else c",
        "persona صفحهٔ { share ۱۰۰٪ }",
        "journey j { stage s { } }",
        "journey j {\n\n  # nothing\n\n}\n",
        "event start { on: text; owner: text; then: text; key: text key }\nevent exit\nevent goal\nevent wait",
        "journey email { stage wait { go to wait; touchpoint send as at; exit order } }",
        "action a { cost: money; cost 1 EUR }",
        "journey j { goal g { value first(bought).total } }",
    ],
)
def test_layout_and_free_words(text: str) -> None:
    read(text)


def place(start: int, end: int) -> Span:
    return Span(Source("a.journey.yaml", " " * 100), start + 10, end + 10)


def test_a_piece_of_a_yaml_file() -> None:
    found, findings = read_piece(Kind.CHANCE, "45% if persona == planner, 30% otherwise", place)
    assert isinstance(found, tree.Chance)
    assert findings == ()
    assert (found.span.start, found.cases[1].span.start) == (10, 37)


@pytest.mark.parametrize(
    ("kind", "text"), [(Kind.CHANCE, "45"), (Kind.DURATION, ""), (Kind.EXPRESSION, "a ="), (Kind.NAME, "a b")]
)
def test_a_piece_with_a_mistake_gives_a_finding_inside_it(kind: Kind, text: str) -> None:
    _, findings = read_piece(kind, text, place)
    assert len(findings) == 1
    assert 10 <= findings[0].span.start <= findings[0].span.end <= 10 + len(text)


def test_texts_of_yaml_have_no_quotes_and_no_escapes() -> None:
    found, findings = read_piece(Kind.TEXT, r'C:\new "{customer.name or else "friend"}"', place)
    assert isinstance(found, tree.Text)
    assert findings == ()
    assert found.parts[0] == 'C:\\new "'
    assert found.parts[2] == '"'
    title, _ = read_piece(Kind.TITLE, "a: {b}", place)
    assert title == tree.Text(NOWHERE, ("a: {b}",))


def test_the_rest_of_a_line() -> None:
    found, findings = read_line(forms()["exit"], 'won "why"', place)
    assert isinstance(found, tree.Statement)
    assert findings == ()
    assert (found.form, found.values["outcome"]) == ("exit", tree.Name(NOWHERE, "won"))
