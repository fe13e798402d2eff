"""The kinds of steps, one file each with node, form, lowering and look.  The folder is the registry."""

from __future__ import annotations

import functools
import importlib
import pkgutil

from safar.engine.model import Step
from safar.engine.steps.kind import StepKind

__all__ = ["StepKind", "kind_of", "kinds"]


@functools.cache
def kinds() -> tuple[StepKind, ...]:
    """All kinds, by the name of their form."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name != "kind")
    return tuple(importlib.import_module(f"{__name__}.{name}").KIND for name in names)


@functools.cache
def _by_node() -> dict[type[Step], StepKind]:
    return {kind.node: kind for kind in kinds()}


def kind_of(step: Step) -> StepKind:
    """The kind of a step.

    >>> from safar.engine.steps.exit import Exit
    >>> from safar.engine.source import NOWHERE
    >>> kind_of(Exit(span=NOWHERE, outcome="won")).look.label(Exit(span=NOWHERE, outcome="won"))
    'won'
    """
    return _by_node()[type(step)]
