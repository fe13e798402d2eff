"""What several parts of the model are made of: declarations, costs, what is set, measures."""

from __future__ import annotations

from fractions import Fraction

from safar.engine.expression import Expression, Node
from safar.engine.source import NOWHERE, Span


class Declared(Node, frozen=True, kw_only=True):
    """Anything with a name; `span` covers the statement, `name_span` the name."""

    name: str
    name_span: Span = NOWHERE
    title: str = ""

    @property
    def label(self) -> str:
        """The title, or the name where there is none."""
        return self.title or self.name


class Assign(Node, frozen=True, kw_only=True):
    """`set customer.x = e`."""

    attribute: str
    value: Expression


class Cost(Node, frozen=True, kw_only=True):
    """`amount` in hundredths of the smallest unit.

    `per`: message, customer, day, month, event (then `event` names it), or build.
    """

    amount: int
    currency: str
    per: str
    event: str = ""


class Level(Node, frozen=True, kw_only=True):
    """`at least 12%`: the value is a fraction, an int or float, seconds, or money units (`unit` is the currency)."""

    at_least: bool
    value: Fraction
    unit: str = ""
    """`%`, a currency, or empty."""


class Quantity(Node, frozen=True, kw_only=True):
    """Measures: `kind` and what it needs.

    - number: `value` in `unit` (`%`, `s`, a currency or empty; money in hundredths of the smallest unit).
    - name: `name` of kind `of` (event, touchpoint, action, outcome, goal, condition, figure); of
      an event with `field` only answers to that touchpoint.
    - arithmetic: `op` (+ - * / per), `parts` two.  - average: `name` event, `field`.
    - time: `parts` two names.  - in: `parts` one, `name` split, `field` arm.  - for: persona `name`.
    - within: `seconds`.  - journey: `parts` one, told of the journey `name` that a forecast compares with.
    """

    kind: str
    op: str = ""
    name: str = ""
    of: str = ""
    field: str = ""
    seconds: int = 0
    value: Fraction = Fraction(0)
    unit: str = ""
    parts: tuple[Quantity, ...] = ()


class Measure(Declared, frozen=True, kw_only=True):
    quantity: Quantity | None = None
    target: Level | None = None
