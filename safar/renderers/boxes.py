"""What a box of a picture stands for."""

from __future__ import annotations

import msgspec

from safar.engine.moves import Handler, Place


class Meaning(msgspec.Struct, frozen=True):
    """What a box stands for: the start (nothing of these), a place, an interrupt, or the exits with an outcome.

    `stage` is that of a stage's interrupt, empty for a journey's.
    """

    place: Place | None = None
    handler: Handler | None = None
    outcome: str = ""
    stage: str = ""

    @property
    def node(self) -> str:
        """Its name in the figures of a simulation."""
        if self.place is not None:
            return self.place.node
        if self.handler is not None:
            return self.handler.node
        return f"exit:{self.outcome}" if self.outcome else "entry"
