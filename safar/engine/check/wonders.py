"""Conditions that rules ask about beyond what journeys ask themselves, by the place at which they wonder.

Who comes there is then told apart by them: see `Subject.facts`.
"""

from __future__ import annotations

from safar.engine.expression import Expression
from safar.engine.program import Program


def wonders(program: Program) -> dict[int, list[Expression]]:
    """The conditions by the number of the place."""
    return {}
