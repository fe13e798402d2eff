"""What an expression may look at: the customer as he is now, and all that is known of him."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from safar.engine.expression import Value
from safar.engine.simulate.clock import Zone
from safar.engine.simulate.history import History

if TYPE_CHECKING:
    from safar.engine.simulate.run import Run


class Situation:
    """`now` is the instant; `zone` the clock that the customer reads."""

    __slots__ = ("attributes", "history", "now", "persona", "zone")

    def __init__(self, persona: str | None, attributes: dict[str, Value], zone: Zone, now: int) -> None:
        self.persona = persona
        self.attributes = attributes
        self.zone = zone
        self.now = now
        self.history = History()


Payload = dict[str, Value]
Reading = Callable[[Situation, "Run | None", Payload], Value]
"""An expression made ready: its value for a customer, in a run (if any), with the fields of the event at hand."""
