"""What may hold already when something begins to wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from safar.engine.simulate.columns.listening import Ear, Listening
from safar.engine.simulate.columns.look import Look
from safar.engine.simulate.columns.sources import Answering

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk


class Standing(msgspec.Struct, frozen=True, eq=False):
    """A pattern that may hold already: by its conditions, or by answers that have come."""

    ear: Ear
    answers: tuple[tuple[Listening, Answering], ...]

    def holds(self, chunk: Chunk, look: Look) -> Any:
        met: Any = self.ear.holds(look)
        for listening, source in self.answers:
            came = source.came(chunk, look.batch)
            if np.any(came):
                heard = Look(chunk, look.batch, look.place_stage, source.payload(chunk, look.batch.rows))
                met = met | (came & listening.matches(heard, source))
        return met
