"""Within which time deeds are counted together, and the most of them in any such time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from safar.engine import spelling
from safar.engine.model import Project
from safar.engine.promises import AtMost, Deed
from safar.engine.prove.daylight import SHIFT, shift
from safar.engine.prove.sending import DAY
from safar.engine.prove.zones import ANY
from safar.engine.simulate.clock import Zone
from safar.engine.source import NOWHERE

WEEK = 7 * DAY


class Stretch(msgspec.Struct, frozen=True):
    """`per` as in a rule: `window` (of `window` seconds, its end out), `day`, `week`, `customer`.

    The longest day and week are `shift` seconds longer than others, where clocks are set back.
    """

    per: str = "window"
    window: int = WEEK
    week_starts: str = "monday"
    shift: int = SHIFT

    @property
    def seconds(self) -> float:
        """Two deeds in one stretch are less than so many seconds apart."""
        return {"window": self.window, "day": DAY + self.shift, "week": WEEK + self.shift}.get(self.per, ANY)

    @property
    def words(self) -> str:
        if self.per == "window":
            return spelling.duration(self.window)
        return {"day": "calendar day", "week": "calendar week"}.get(self.per, self.per)

    def most(self, instants: Sequence[int], zone: Zone) -> tuple[int, int]:
        """The most instants (in order) in one stretch, and the position of the first of these."""
        if self.per in ("day", "week"):
            keys = [zone.day(at) if self.per == "day" else zone.week(at, self.week_starts) for at in instants]
            times = Counter(keys)
            best = max(times, key=lambda key: times[key], default=None)
            return (times[best], keys.index(best)) if best is not None else (0, 0)
        best_count, best_first, first = 0, 0, 0
        for last, at in enumerate(instants):
            while at - instants[first] >= self.seconds:
                first += 1
            if last - first + 1 > best_count:
                best_count, best_first = last - first + 1, first
        return best_count, best_first


class Figure(msgspec.Struct, frozen=True):
    """What is counted, and within which time."""

    deed: Deed
    stretch: Stretch

    @property
    def claim(self) -> AtMost:
        """That there is none of it: a claim about the figure."""
        return AtMost(span=NOWHERE, count=0, deed=self.deed, per=self.stretch.per, window=self.stretch.window)


def stretch(project: Project, per: str, window: int = 0) -> Stretch:
    """A stretch on the clocks of a project's customers."""
    return Stretch(per, window, project.settings.week_starts, shift(project))
