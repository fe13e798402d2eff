"""What the language forbids: each line alone, in a file that is right otherwise, gives one finding of one rule."""

from __future__ import annotations

import pytest

from safar.checking import check_text

BEGINNING = """customer {
  orders: integer = 0; email_ok: yes_no = no; lifetime: money = 0 EUR; birthday: date? fixed; name: text?
}
event order_placed { order_id: text key; total: money }
event opened
channel email { outbound; only if customer.email_ok; at most 1 per 7d then skip }
channel website { inbound }
team crm
action gift { code: text }
persona planner { share 100%; story "x" }
occasion nowruz { 2027-03-21 }
feed stock { left: integer? }
journey j {
  enter on order_placed
"""
MIDDLE = """
  stage s {
    touchpoint t {
      send email { text "x" }
      responds { opened 5% after 1h; order_placed 1% after 2h with (order_id = "a", total = 3 EUR) }
    }
    wait 1d
"""
END = """
    exit done
  }
}
"""

DECLARATIONS = [
    ("team order_placed", "duplicate-name"),
    ("channel gift { inbound }", "duplicate-name"),
    ("team count", "predeclared-name"),
    ("team messages", "predeclared-name"),
    ("event customer", "reserved-name"),
    ("tag entry", "predeclared-name"),
    ("team year", "reserved-name"),
    ('team email "x" "y"', "misplaced-word"),
    ("condition c = c", "circular-condition"),
    ("condition c = 3", "wrong-type"),
    ("condition c = yes", "constant-condition"),
    ("limit l { channels website; at most 1 per 7d then skip }", "check-on-inbound-channel"),
    ("limit l { channels email }", "idle-limit"),
    ("channel w { inbound; only if customer.email_ok }", "check-on-inbound-channel"),
    ("channel w { inbound; outbound }", "two-directions"),
    ("channel w { outbound; cost 1 XXX per message }", "impossible-value"),
    ("channel w { outbound; quiet from 22:00 to 25:00 then skip }", "impossible-value"),
    ('channel w { outbound; closed holidays "Iran" then wait }', "unknown-country"),
    ("channel w { outbound; closed easter then wait }", "unknown-name"),
    ("channel w { outbound; at most 0 per 7d then skip }", "shut-channel"),
    ("channel w { outbound; at most 3 per 0d then skip }", "shut-channel"),
    ("persona p2 { share 10% }", "shares-not-100"),
    ("persona planner2 { share 0%; set customer.orders = yes }", "wrong-type"),
    ("persona p3 { share 0%; set customer.birthday = 1990-02-30 }", "impossible-value"),
    ("occasion o { 2028-01-01; 2027-01-01 }", "dates-out-of-order"),
    ("occasion o { 2027-01-01; 2027-01-01 }", "dates-out-of-order"),
    ("event e { x: text; x: money }", "duplicate-name"),
    ("event e { x: one of a, a }", "duplicate-name"),
    ("event e { x: text fixed }", "unknown-word"),
    ("event e { then set customer.birthday = today }", "fixed-attribute-set"),
    ("event e { then set customer.orders = x }", "unknown-name"),
    ("customer { orders: text }", "duplicate-name"),
    ('touchpoint q { send email { text "{entry.total}" } }', "blank-placeholder"),
    ("journey k { enter on order_placed }", "empty-journey"),
    ("journey k { enter on order_placed; stage z { } }", "empty-stage"),
    ("rule consent { never email unless customer.email_okay }", "unknown-name"),
    ('rule fast "A" { after order_placed always t within 1d }', "unknown-name"),
    ("rule fast { after order_placed always email }", "missing-clause"),
    ("rule fast { after order_placed always opened within 1d }", "wrong-kind"),
    ("rule empty { }", "missing-clause"),
    ("rule two { never email from 22:00 to 08:00 unless customer.email_ok }", "crowded-rule"),
    ("rule two { never email before opened; never gift }", "crowded-rule"),
    ("rule half { never email from 22:00 }", "missing-clause"),
    ("rule many { at most 3 email }", "uncounted-limit"),
    ("rule many { at most 3 email per calendar month }", "unknown-word"),
    ("rule many { at most 3 any email per 7d }", "wrong-type"),
    ("rule reach { every persona can reach nowhere }", "unknown-name"),
    ('scenario "a" for k { start 2027-01-05 }', "unknown-name"),
    ('scenario "a" for j { expect path t }', "missing-clause"),
    ('scenario "a" for j { start 2027-01-05 on order_placed with (total = 3 EUR to 9 EUR) }', "chance-in-scenario"),
    ('scenario "a" for j { start 2027-01-05; customer { orders = "many" } }', "wrong-type"),
    ('scenario "a" for j { start 2027-01-05; at +3h }', "missing-clause"),
    ('scenario "a" for j { start 2027-01-05; at +3h opened(u) }', "unknown-name"),
    ('scenario "a" for j { start 2027-01-05; at +3h set customer.birthday = 2027-01-01 }', "fixed-attribute-set"),
    ('scenario "a" for j { start 2027-01-05; take t.a }', "wrong-kind"),
    ('scenario "a" for j { start 2027-01-05; expect path t, ..., u }', "unknown-name"),
    ('scenario "a" for j { start 2027-01-05; expect exit left }', "unknown-name"),
    ('scenario "a" for j { start 2027-01-05; start 2027-01-06 }', "repeated-line"),
    ('forecast "a" for j { customers 0 }', "impossible-value"),
    ('forecast "a" for j { expect cost per done at most 3 }', "wrong-type"),
    ('forecast "a" for j { expect donne at least 3% }', "unknown-name"),
    ('forecast "a" for j { expect done in j at least 3% }', "not-a-measure"),
    ("plan p from j to k { }", "unknown-name"),
    ("plan p from j to j { change u { } }", "unknown-name"),
    ("plan p from j to j { change t { after s }; change s { after t } }", "circular-plan"),
    ("plan p from j to j { change t { cost 3 EUR per day } }", "wrong-type"),
    ("plan p from j to j { change t { owner crw } }", "unknown-name"),
    ("customer { timezone: integer }", "wrong-type"),
]

HEADERS = [
    ("hold out 100%", "zero-share"),
    ("horizon 0d", "zero-wait"),
    ("horizon 10000d", "limit-exceeded"),
    ("goal g { }", "unreachable-goal"),
    ("goal s { on opened }", "duplicate-name"),
    ("goal g { on email }", "wrong-kind"),
    ("goal g { on s }", "wrong-kind"),
    ("measure m = s", "wrong-kind"),
    ("measure m = customer.orders", "not-a-measure"),
    ("measure m = won per customer", "unknown-name"),
    ("measure m = delivered in s.a", "wrong-kind"),
    ("measure m = delivered for crm", "wrong-kind"),
    ("measure m = done > 3", "misplaced-word"),
    ("arrive 10 per day with (foo = 1)", "unknown-name"),
    ("behaves { opened(t) 2% per day }", "misplaced-word"),
    ("behaves { t 2% per day }", "unknown-name"),
    ("enter each fortnight", "unknown-name"),
    ("enter each year on customer.orders", "wrong-type"),
    ("enter on order_placed per foo", "unknown-name"),
    ("enter on t", "unknown-name"),
    ("on order_placed wait 2d", "misplaced-word"),
    ("owner planner", "wrong-kind"),
    ("style wild", "impossible-value"),
    ("theme 3", "misplaced-word"),
    ("stage s { wait 1d }", "duplicate-name"),
    ("stage t { wait 1d }", "duplicate-name"),
]

STEPS = [
    ("wait 1d as t", "duplicate-name"),
    ("wait 1d as s", "duplicate-name"),
    ("wait 1d as done", "duplicate-name"),
    ("touchpoint t", "touchpoint-met-twice"),
    ("touchpoint email", "wrong-kind"),
    ("go to done", "wrong-kind"),
    ("go to nowhere", "unknown-name"),
    ("split x { 50% a { wait 1d }; 50% a { wait 2d } }", "duplicate-name"),
    ("split x { }", "shares-not-100"),
    ("repeat up to 0 times { wait 1d }", "pointless-repeat"),
    ("wait until 3h before customer.birthday", "wrong-type"),
    ("wait until 3h after order_placed at 09:00", "wrong-type"),
    ("wait until customer.name", "wrong-type"),
    ("wait until today + 3d", "misplaced-word"),
    ("wait for order_placed within 3d up to 3d", "window-in-pattern"),
    ("wait for now > 2027-01-01 up to 3d", "wrong-type"),
    ("wait for today > 2027-01-01 up to 3d", "time-condition-in-pattern"),
    ("wait for weekday == monday up to 3d", "time-condition-in-pattern"),
    ("wait for customer.orders > 3 and order_placed up to 3d", "event-in-pattern-condition"),
    ("wait for order_placed up to 0d", "zero-wait"),
    ("wait for s up to 3d", "wrong-kind"),
    ("if order_placed where customer.orders > 2 { wait 1d }", "reference-in-where"),
    ('if order_placed where total > 3 EUR and order_id == "x" { wait 1d }', "unknown-name"),
    ("if count(order_placed) >= 2.5 { wait 1d }", "count-comparison"),
    ("if count(order_placed) >= customer.orders { wait 1d }", "count-comparison"),
    ("if count(order_placed) + 1 >= 2 { wait 1d }", "count-comparison"),
    ("if last(order_placed) == 3 { wait 1d }", "wrong-type"),
    ("if last(opened).x == 3 { wait 1d }", "unknown-name"),
    ("if opened(website) { wait 1d }", "wrong-kind"),
    ("if t(t) { wait 1d }", "wrong-kind"),
    ("if 3 < customer.orders < 5 { wait 1d }", "misplaced-word"),
    ("if customer.orders { wait 1d }", "wrong-type"),
    ("if customer.orders == yes { wait 1d }", "wrong-type"),
    ("if customer.orders in 3 { wait 1d }", "wrong-type"),
    ("if customer.orders in [1, yes] { wait 1d }", "wrong-type"),
    ("if customer.lifetime * customer.lifetime > 3 EUR { wait 1d }", "wrong-type"),
    ("if customer.lifetime + 3 > 3 EUR { wait 1d }", "wrong-type"),
    ("if now + 1 month > now { wait 1d }", "wrong-type"),
    ("if customer.lifetime > 3 IRR { wait 1d }", "mixed-currency"),
    ("if customer.lifetime > 0.00001 EUR { wait 1d }", "too-fine-money"),
    ("if persona == gold { wait 1d }", "unknown-name"),
    ("if stage == foo { wait 1d }", "unknown-name"),
    ("if weekday == 3 { wait 1d }", "wrong-type"),
    ("if stock > 3 { wait 1d }", "wrong-kind"),
    ("if entry.foo > 3 EUR { wait 1d }", "unknown-name"),
    ("if 09:00 < 10:00 { wait 1d }", "misplaced-word"),
    ('if "a" == "a" { wait 1d }', "constant-condition"),
    ("if messages > 3 { wait 1d }", "unknown-name"),
    ("if average(order_placed.total) > 3 EUR { wait 1d }", "measure-in-expression"),
    ("if round(customer.orders) > 3 { wait 1d }", "misplaced-word"),
    ("if customer.orders ^ 2 > 3 { wait 1d }", "misplaced-word"),
    ("if customer.orders % 2 == 1 { wait 1d }", "misplaced-word"),
    ("set customer.birthday = 2027-01-01", "fixed-attribute-set"),
    ("set customer.orders = 3.5", "wrong-type"),
    ('set customer.orders = "3"', "wrong-type"),
    ("set entry.total = 3 EUR", "unknown-name"),
    ("set customer.foo = 3", "unknown-name"),
    ("set customer.lifetime = 3", "wrong-type"),
    ("do gift", "missing-argument"),
    ("do gift(code = 3)", "wrong-type"),
    ('do gift(code = "a", code = "b")', "duplicate-name"),
    ('do gift(code = "a", foo = 3)', "unknown-name"),
    ("do t", "unknown-name"),
    ('task planner "x"', "wrong-kind"),
    ("task crm", "misplaced-word"),
    ("start s", "unknown-name"),
    ('exit "x"', "foreign-spelling"),
    ('touchpoint u { send email { subject "a" } ; at website }', "two-contacts"),
    ("touchpoint u { send email; priority high; priority low }", "repeated-line"),
    ('touchpoint u { send website { text "a" } }', "wrong-direction"),
    ("touchpoint u { at email }", "wrong-direction"),
    ('touchpoint u { transactional; send email { text "{customer.name}" } }', "blank-placeholder"),
    ("touchpoint u { feeling 2.5 }", "misplaced-word"),
    ("touchpoint u { tag crm }", "wrong-kind"),
    ("touchpoint u { responds { foo 3% } }", "unknown-name"),
    ("touchpoint u { responds { opened 3% with (x = 1) } }", "unknown-name"),
    ("touchpoint u { responds { opened 3% after 0h to 0h } }", "empty-range"),
    ("touchpoint u { responds { opened 3% after about 3h, 90% within 1h } }", "empty-range"),
    ("touchpoint u { responds { opened 3% if persona == planner, 2% if orders > 3 } }", "unknown-name"),
    ("touchpoint u { shows stock.left }", "missing-quotes"),
    ("touchpoint u { measure m = delivered per s }", "wrong-kind"),
    ('touchpoint u { send email { foo "a" } }', "unknown-statement"),
    ("touchpoint u { on opened exit x }", "unknown-statement"),
    ("touchpoint u { touchpoint v { } }", "unknown-statement"),
]


def rules(declaration: str = "", header: str = "", step: str = "") -> list[str]:
    text = f"{BEGINNING}{header}{MIDDLE}{step}{END}{declaration}\n"
    return [finding.rule for finding in check_text(text).findings if finding.rule != "unused-declaration"]


def test_the_file_around_them_is_right() -> None:
    assert rules() == []


@pytest.mark.parametrize(("text", "rule"), DECLARATIONS)
def test_a_forbidden_declaration_is_found_once(text: str, rule: str) -> None:
    assert rules(declaration=text) == [rule]


@pytest.mark.parametrize(("text", "rule"), HEADERS)
def test_a_forbidden_header_is_found_once(text: str, rule: str) -> None:
    assert rules(header=text) == [rule]


@pytest.mark.parametrize(("text", "rule"), STEPS)
def test_a_forbidden_step_is_found_once(text: str, rule: str) -> None:
    assert rules(step=text) == [rule]
