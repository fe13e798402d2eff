"""What a file in this folder says of its kind of step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from safar.engine.form import Form
from safar.engine.model import Step
from safar.engine.moves import Lowering


class Look(msgspec.Struct, frozen=True):
    """How a step is drawn.  `family`: contact, wait, choice, chance, loop, effect, jump, end."""

    family: str
    label: Callable[[Any], str]
    """The step in a few words, in the language's own spelling: `wait 2d`."""


class StepKind(msgspec.Struct, frozen=True):
    """A kind of step: its node, its spelling, its meaning as moves, its look.

    `lower(step, out, here, then)` must put a move at the place `here`; the step after it is at `then`.
    The node's fields are the fields of the form's clauses.
    """

    node: type[Step]
    form: Form
    lower: Callable[[Any, Lowering, int, int], None]
    look: Look
