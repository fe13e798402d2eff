"""Of what kind the value of a measure is: a number, money, or a time."""

from __future__ import annotations

from safar.dsl.build import types
from safar.dsl.build.names import Context
from safar.engine.expression import Base
from safar.engine.model import Quantity
from safar.engine.names import fold

_MONEY = ("cost", "revenue", "margin")
_SAID = {"number": "a number", "money": "money", "time": "a time"}


def agree(context: Context, left: Quantity, right: Quantity) -> bool:
    """Whether two measures can be compared; a finding where they cannot."""
    one, other = of(context, left), of(context, right)
    if not one or not other or one == other:
        return True
    types.mistyped(
        context,
        right.span,
        f"{_SAID[one]} is compared with {_SAID[other]}",
        label=f"this is {_SAID[other]}",
        help=f"the left side is {_SAID[one]}: write the right side as such",
    )
    return False


def of(context: Context, quantity: Quantity) -> str:
    """`number` (counts and shares too), `money`, `time`; empty where that cannot be told."""
    match quantity.kind:
        case "number":
            return {"": "number", "%": "number", "s": "time"}.get(quantity.unit, "money")
        case "name":
            return "money" if quantity.of == "figure" and quantity.name in _MONEY else "number"
        case "time":
            return "time"
        case "average":
            return _field(context, quantity)
        case "arithmetic":
            return _joined(quantity.op, *(of(context, part) for part in quantity.parts))
    return of(context, quantity.parts[0])


def _field(context: Context, quantity: Quantity) -> str:
    event = context.scope.get(quantity.name)
    field = event.fields.get(fold(quantity.field)) if event is not None else None
    kinds = {Base.MONEY: "money", Base.DURATION: "time", Base.INTEGER: "number", Base.NUMBER: "number"}
    return kinds.get(field.type.base, "") if field is not None else ""


def _joined(op: str, left: str, right: str) -> str:
    if op in ("+", "-"):
        return left if left == right else ""
    if op == "*":
        return (left if right == "number" else right) if "number" in (left, right) else ""
    if left == right:
        return "number"
    return left if right == "number" else ""
