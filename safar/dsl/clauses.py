"""Callbacks for the values of clauses: names, durations, patterns, chances, amounts, payloads."""

from __future__ import annotations

from typing import Any

from safar.dsl import syntax_rules as rules
from safar.dsl import tree
from safar.dsl.parser import LimitError
from safar.dsl.tokens import Token
from safar.dsl.values import Values

WEEKDAYS = frozenset(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))


class ClauseValues(Values):
    """The values of `Kind`, one method for each way to write one."""

    def name_at(self, token: Token) -> tree.Name:
        if token[2] - token[1] > self.limits.name:
            self.too_much(token[1], token[2], f"the name has more than {self.limits.name} characters", "name")
        return tree.Name(self.place(token[1], token[1] + len(token[3])), token[3])

    def name(self, items: list[Any], start: int, end: int) -> tree.Name:
        return self.name_at(items[0])

    plain_word = key = name

    def names(self, items: list[Any], start: int, end: int) -> tuple[tree.Name, ...]:
        return (items[0],)

    def items(self, items: list[Any], start: int, end: int) -> tuple[Any, ...]:
        return (items[0],)

    def items_more(self, items: list[Any], start: int, end: int) -> tuple[Any, ...]:
        if len(items[0]) >= self.limits.expression_nodes:
            message = f"a list has more than {self.limits.expression_nodes:,} parts"
            raise LimitError(items[1], message, "expression_nodes")
        return (*items[0], items[2])

    names_more = items_more

    def title(self, items: list[Any], start: int, end: int) -> tree.Text:
        text = self.title_of(items[0])
        return tree.Text(self.place(start, end), (text,) if text else ())

    def text(self, items: list[Any], start: int, end: int) -> tree.Text:
        return tree.Text(self.place(start, end), self.text_of(items[0]))

    def target(self, items: list[Any], start: int, end: int) -> tree.Expr:
        base = tree.Word(self.place(items[0][1], items[0][2]), items[0][3])
        return tree.Dotted(self.place(start, end), base, self.name_at(items[2]))

    # --- numbers and times

    def duration(self, items: list[Any], start: int, end: int) -> tree.Duration:
        return tree.Duration(self.place(start, end), self.seconds(items[0]))

    def percent(self, items: list[Any], start: int, end: int) -> tree.Percent:
        return tree.Percent(self.place(start, end), self.decimal(items[0]))

    def integer(self, items: list[Any], start: int, end: int) -> tree.Integer:
        return tree.Integer(self.place(start, end), self.whole(items[0]))

    signed = integer

    def signed_plus(self, items: list[Any], start: int, end: int) -> tree.Integer:
        return tree.Integer(self.place(start, end), self.whole(items[1]))

    def signed_minus(self, items: list[Any], start: int, end: int) -> tree.Integer:
        return tree.Integer(self.place(start, end), -self.whole(items[1]))

    def date(self, items: list[Any], start: int, end: int) -> tree.Date:
        return tree.Date(self.place(start, end), self.date_of(items[0]))

    def time_of_day(self, items: list[Any], start: int, end: int) -> tree.Time:
        return tree.Time(self.place(start, end), self.time_of(items[0]))

    def number(self, items: list[Any], start: int, end: int) -> Any:
        return self.decimal(items[0])

    # --- moments

    def moment_time(self, items: list[Any], start: int, end: int) -> tree.Moment:
        return tree.Moment(self.place(start, end), at=self.time_of_day(items, start, end))

    def moment_of(self, items: list[Any], start: int, end: int) -> tree.Moment:
        at = items[2] if len(items) > 2 else None
        if isinstance(items[0], tree.Word) and items[0].text in WEEKDAYS:
            return tree.Moment(self.place(start, end), weekday=tree.Name(items[0].span, items[0].text), at=at)
        return tree.Moment(self.place(start, end), of=items[0], at=at)

    def moment_offset(self, items: list[Any], start: int, end: int) -> tree.Moment:
        seconds = items[0].seconds if items[1] == "after" else -items[0].seconds
        return tree.Moment(self.place(start, end), of=items[2], at=items[4] if len(items) > 4 else None, offset=seconds)

    def moment_side(self, items: list[Any], start: int, end: int) -> str:
        return str(items[0][3])

    # --- patterns

    def pattern(self, items: list[Any], start: int, end: int) -> tree.Pattern:
        return tree.Pattern(self.place(start, end), items[0])

    def alternatives(self, items: list[Any], start: int, end: int) -> tuple[Any, ...]:
        return (items[0],)

    def alternative_way(self, items: list[Any], start: int, end: int) -> tree.Alternative:
        return tree.Alternative(self.place(start, end), items[0])

    def alternative_way_if(self, items: list[Any], start: int, end: int) -> tree.Alternative:
        return tree.Alternative(self.place(start, end), items[0], items[2])

    # --- types

    def type(self, items: list[Any], start: int, end: int) -> tree.Type:
        return self._type(items[0], start, end)

    def type_worded(self, items: list[Any], start: int, end: int) -> tree.Type:
        return self._type(items[0], start, end, words=items[1])

    def type_default(self, items: list[Any], start: int, end: int) -> tree.Type:
        return self._type(items[0], start, end, items[2], items[3] if len(items) > 3 else ())

    def _type(
        self,
        plain: tree.Type,
        start: int,
        end: int,
        default: tree.Expr | None = None,
        words: tuple[tree.Name, ...] = (),
    ) -> tree.Type:
        return tree.Type(self.place(start, end), plain.base, plain.options, plain.item, plain.unknown, default, words)

    def type_unknown(self, items: list[Any], start: int, end: int) -> tree.Type:
        plain = items[0]
        return tree.Type(self.place(start, end), plain.base, plain.options, plain.item, unknown=True)

    def type_plain(self, items: list[Any], start: int, end: int) -> tree.Type:
        return tree.Type(self.place(start, end), self.name_at(items[0]))

    def type_options(self, items: list[Any], start: int, end: int) -> tree.Type:
        base = tree.Name(self.place(start, items[1][2]), "one of")
        return tree.Type(self.place(start, end), base, options=items[2])

    def type_list(self, items: list[Any], start: int, end: int) -> tree.Type:
        return tree.Type(self.place(start, end), self.name_at(items[0]), item=items[2])

    def type_words_more(self, items: list[Any], start: int, end: int) -> tuple[tree.Name, ...]:
        return (*items[0], items[1])

    def type_word(self, items: list[Any], start: int, end: int) -> tree.Name:
        return self.name_at(items[0])

    # --- costs, caps, days

    def cost(self, items: list[Any], start: int, end: int) -> tree.Cost:
        return tree.Cost(self.place(start, end), self._money(items[0]))

    def cost_per(self, items: list[Any], start: int, end: int) -> tree.Cost:
        return tree.Cost(self.place(start, end), self._money(items[0]), self.name_at(items[2]))

    def cost_build(self, items: list[Any], start: int, end: int) -> tree.Cost:
        return tree.Cost(self.place(start, end), self._money(items[0]), to_build=True)

    def _money(self, token: Token) -> tree.Literal:
        amount, currency = self.money(token)
        return tree.Literal(self.place(token[1], token[2]), "money", amount, currency)

    def cap(self, items: list[Any], start: int, end: int) -> tree.Cap:
        return tree.Cap(self.place(start, end), self._count(items[0]), window=items[2])

    def cap_calendar(self, items: list[Any], start: int, end: int) -> tree.Cap:
        return tree.Cap(self.place(start, end), self._count(items[0]), calendar=self.name_at(items[3]))

    def _count(self, token: Token) -> tree.Integer:
        return tree.Integer(self.place(token[1], token[2]), self.whole(token))

    def refusal(self, items: list[Any], start: int, end: int) -> tree.Refusal:
        waits = items[0][3] == "wait"
        return tree.Refusal(self.place(start, end), waits, items[3] if len(items) > 3 else None)

    def closed_days(self, items: list[Any], start: int, end: int) -> tree.Closed:
        return tree.Closed(self.place(start, end), occasion=items[0])

    def closed_country(self, items: list[Any], start: int, end: int) -> tree.Closed:
        return tree.Closed(self.place(start, end), country=items[1])

    def call(self, items: list[Any], start: int, end: int) -> tree.Action:
        return tree.Action(self.place(start, end), items[0], items[2] if len(items) > 3 else ())

    def argument(self, items: list[Any], start: int, end: int) -> tree.Argument:
        return tree.Argument(self.place(start, end), items[0], items[2])

    def reentry(self, items: list[Any], start: int, end: int) -> tree.Reentry:
        return tree.Reentry(self.place(start, end), items[0][3], items[1] if len(items) > 1 else None)

    def level(self, items: list[Any], start: int, end: int) -> tree.Level:
        return tree.Level(self.place(start, end), items[1][3] == "least", items[2])

    def goal_value(self, items: list[Any], start: int, end: int) -> tree.GoalValue:
        return tree.GoalValue(self.place(start, end), items[0])

    def goal_value_first(self, items: list[Any], start: int, end: int) -> tree.GoalValue:
        return tree.GoalValue(self.place(start, end), items[1], first=True)

    # --- rules and tests

    def any_of(self, items: list[Any], start: int, end: int) -> tree.AnyOf:
        return tree.AnyOf(self.place(start, end), self.name_at(items[1]))

    def per_name(self, items: list[Any], start: int, end: int) -> tree.Per:
        return tree.Per(self.place(start, end), unit=self.name_at(items[0]))

    def per_window(self, items: list[Any], start: int, end: int) -> tree.Per:
        return tree.Per(self.place(start, end), window=items[0])

    def per_calendar(self, items: list[Any], start: int, end: int) -> tree.Per:
        return tree.Per(self.place(start, end), calendar=self.name_at(items[1]))

    def offset(self, items: list[Any], start: int, end: int) -> tree.Duration:
        return tree.Duration(self.place(start, end), self.seconds(items[1]))

    def assignment(self, items: list[Any], start: int, end: int) -> tree.Assignment:
        return tree.Assignment(self.place(start, end), items[0], items[2])

    def path(self, items: list[Any], start: int, end: int) -> tree.Path:
        return tree.Path(self.place(start, end), items[0])

    def any_stops(self, items: list[Any], start: int, end: int) -> tree.Name:
        return tree.Name(self.place(start, end), tree.ANY_STOPS)

    def test_level(self, items: list[Any], start: int, end: int) -> tree.Test:
        op = ">=" if items[2][3] == "least" else "<="
        return tree.Test(self.place(start, end), op, items[0], items[3])

    def test_compared(self, items: list[Any], start: int, end: int) -> tree.Test:
        return tree.Test(self.place(start, end), items[1], items[0], items[2])

    # --- assumptions

    def chance(self, items: list[Any], start: int, end: int) -> tree.Chance:
        return tree.Chance(self.place(start, end), items[0])

    def rate(self, items: list[Any], start: int, end: int) -> tree.Rate:
        return tree.Rate(self.place(start, end), items[0])

    def case(self, items: list[Any], start: int, end: int) -> tree.Case:
        return tree.Case(self.place(start, end), items[0], items[2] if len(items) > 2 else None)

    def rate_part(self, items: list[Any], start: int, end: int) -> tree.RatePart:
        return tree.RatePart(self.place(start, end), items[0], self.period(items[2]))

    def arrival(self, items: list[Any], start: int, end: int) -> tree.Arrival:
        return tree.Arrival(self.place(start, end), items[0], self.period(items[2]))

    def delay_low(self, items: list[Any], start: int, end: int) -> tree.Delay:
        return tree.Delay(self.place(start, end), low=items[0])

    def delay_range(self, items: list[Any], start: int, end: int) -> tree.Delay:
        return tree.Delay(self.place(start, end), low=items[0], high=items[2])

    def delay_about(self, items: list[Any], start: int, end: int) -> tree.Delay:
        return tree.Delay(self.place(start, end), about=items[1])

    def delay_ninety(self, items: list[Any], start: int, end: int) -> tree.Delay:
        self._ninety(items[3], items[3].value)
        return tree.Delay(self.place(start, end), about=items[1], ninety=items[5])

    def _ninety(self, node: tree.Node, value: object) -> None:
        if value != 90:
            help = "a spread is told by its middle and where nine in ten lie: `about 18h, 90% within 3d`"
            self.findings.append(rules.IMPOSSIBLE.at(node.span, "only `90% within` can stand here", help=help))

    # --- amounts: read flat, folded here

    def amount_range(self, items: list[Any], start: int, end: int) -> Any:
        return tree.Spread(self.place(start, end), items[0], high=items[2])

    def amount_about(self, items: list[Any], start: int, end: int) -> Any:
        return tree.Spread(self.place(start, end), items[1], about=True)

    def amount_within(self, items: list[Any], start: int, end: int) -> Any:
        """The second half of `about X, 90% within Y`; which X it belongs to, the fold knows."""
        self._ninety(items[0], getattr(items[0], "value", None))
        return tree.Narrowed(self.place(start, end), items[0], "within", items[2])

    def amount_choice(self, items: list[Any], start: int, end: int) -> Any:
        return tree.Choice(self.place(start, end), items[0], items[1])

    def amount_choice_first(self, items: list[Any], start: int, end: int) -> Any:
        choice = tree.Choice(self.place(items[2].span.start, end), items[2], items[3])
        return tree.OneOf(self.place(start, end), (choice,))

    def amount_case(self, items: list[Any], start: int, end: int) -> Any:
        return tree.Case(self.place(start, end), items[0], items[2] if len(items) > 2 else None)

    def amount(self, items: list[Any], start: int, end: int) -> tree.Amount:
        return tree.Amount(self.place(start, end), self.folded(items[0]))

    def folded(self, parts: tuple[Any, ...]) -> tuple[tree.Case, ...]:
        """Items parted by commas as cases: `90% within Y` and further choices join the item before them."""
        cases: list[tree.Case] = []
        for part in parts:
            case = part if isinstance(part, tree.Case) else tree.Case(part.span, part)
            last = cases[-1] if cases else None
            value = self._joined(last.value if last is not None and last.condition is None else None, case.value)
            if value is not None and last is not None:
                cases[-1] = tree.Case(last.span.to(case.span), value, case.condition)
            elif isinstance(case.value, tree.Choice | tree.Narrowed):
                self._stray(case.value)
            elif isinstance(case.value, tree.Expr):
                cases.append(tree.Case(case.span, tree.Spread(case.value.span, case.value), case.condition))
            else:
                cases.append(case)
        return tuple(cases)

    def _joined(self, before: Any, part: Any) -> tree.Spread | tree.OneOf | None:
        """What an item and the one behind its comma are together; None where the second stands by itself."""
        if isinstance(part, tree.Narrowed) and isinstance(before, tree.Spread) and before.about and before.high is None:
            return tree.Spread(before.span.to(part.span), before.value, part.by, about=True)
        if isinstance(part, tree.Choice) and isinstance(before, tree.OneOf):
            return tree.OneOf(before.span.to(part.span), (*before.choices, part))
        return None

    def _stray(self, part: tree.Choice | tree.Narrowed) -> None:
        if isinstance(part, tree.Choice):
            help = "a choice begins with `one of`: `one of 5 60%, 1 40%`"
        else:
            help = "it belongs behind `about`: `about 80 EUR, 90% within 200 EUR`"
        self.findings.append(rules.SYNTAX.at(part.span, f"`{part.span.text[:60]}` does not fit here", help=help))

    def payload(self, items: list[Any], start: int, end: int) -> tree.Payload:
        fields: list[tuple[tree.Name, list[Any]]] = []
        for part in items[1] if len(items) > 2 else ():
            if isinstance(part, tuple):
                fields.append((part[0], [part[1]]))
            elif fields:
                fields[-1][1].append(part)
            else:
                help = "write the field before its value: `with (total = 60 EUR)`"
                self.findings.append(rules.SYNTAX.at(part.span, "a value stands here without its field", help=help))
        return tree.Payload(self.place(start, end), tuple(self._filled(name, parts) for name, parts in fields))

    def payload_field(self, items: list[Any], start: int, end: int) -> tuple[tree.Name, Any]:
        return items[0], items[2]

    def _filled(self, name: tree.Name, parts: list[Any]) -> tree.Filled:
        whole = parts[0].span.to(parts[-1].span)
        amount = tree.Amount(whole, self.folded(tuple(parts)))
        return tree.Filled(name.span.to(whole), name, amount)
