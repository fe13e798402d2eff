"""By how much the clocks that a customer reads are ever set forward or back."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from safar.engine.model import Project
from safar.engine.names import fold

if TYPE_CHECKING:
    from safar.engine.simulate.clock import Zone

SHIFT = 2 * 3_600
"""At most so much in any zone, as the zones' rules say of the years to come."""
_YEARS = range(1_767_225_600, 1_767_225_600 + 12 * 366 * 86_400, 7 * 86_400)
"""Twelve years of weeks from 2026 on."""


def shift(project: Project) -> int:
    """Seconds: those of the project's zone, or of any zone where customers have their own."""
    if any(fold(name) == "timezone" for name in project.vocabulary.attributes):
        return SHIFT
    if project.settings.timezone == "UTC":
        return 0
    from safar.engine.simulate.draw import project_zone

    return _shift(project_zone(project))


@functools.lru_cache(maxsize=64)
def _shift(zone: Zone) -> int:
    offsets = {zone.offset(at) for at in _YEARS}
    return max(offsets) - min(offsets)
