"""Parts laid so that their stretches meet, and replayed together by the plain interpreter; moved until more come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from safar.engine.claims.telling import Teller, Telling
from safar.engine.program import Program
from safar.engine.promises import Scenario
from safar.engine.prove.together.parts import Part, seen
from safar.engine.prove.together.stretch import Figure
from safar.engine.prove.together.timeline import Laid, Person, scenario
from safar.engine.simulate.clock import DAY
from safar.engine.simulate.draw import project_zone
from safar.engine.simulate.life import LimitExceededError

_HOUR = 3_600
MOST_REPLAYS, FEWEST_REPLAYS = 150, 8
"""Replays of one customer's time line for one figure; the fewer the more journeys there are."""
_HOURS = (10, 9, 12, 0, 17, 20)
"""Local times of day at which the common stretch may begin."""


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """A customer and his time line: the `instants` of the most that lie in one stretch."""

    scenario: Scenario
    telling: Telling
    instants: tuple[int, ...]
    laid: tuple[Laid, ...]

    @property
    def count(self) -> int:
        return len(self.instants)


class Stage:
    """All journeys on one time line.  What a replay brings is kept for every figure."""

    def __init__(self, programs: Sequence[Program], figures: Iterable[Figure]) -> None:
        self._project = programs[0].project
        self._teller = Teller(programs[0], programs[1:])
        self._zone = project_zone(self._project)
        self._figures = tuple(figures)
        self._claims = tuple(one.claim for one in self._figures)
        self._replays = max(FEWEST_REPLAYS, MOST_REPLAYS // (1 + len(programs) // 20))
        self._left = 0
        self.best: dict[Figure, Replayed] = {}

    def most(self, figure: Figure, parts: Sequence[Part], person: Person, wanted: float) -> None:
        """Look for the most of a figure that replays reach, until it is as much as wanted."""
        self._left = self._replays
        for laid in self._alignments(parts):
            if self._reached(figure) < wanted:
                self._try(figure, laid, person)
        mine = self.best.get(figure)
        while mine is not None and mine.laid and mine.count < wanted and self._left > 0:
            if not any(self._try(figure, laid, person) for laid in self._moved(figure, mine.laid)):
                return
            mine = self.best[figure]

    def _reached(self, figure: Figure) -> int:
        return self.best[figure].count if figure in self.best else 0

    def replay(self, script: Scenario, laid: Sequence[Laid] = ()) -> None:
        """What a script brings, for all figures."""
        try:
            telling = self._teller.tell(msgspec.structs.replace(script, expects=self._claims))
        except LimitExceededError:
            return
        if not telling.story.runs:
            return
        for figure in self._figures:
            deeds = seen(telling, figure.deed)
            count, first = figure.stretch.most(deeds, telling.told.zone)
            if count > self._reached(figure):
                instants = deeds[first : first + count]
                said = msgspec.structs.replace(script, expects=(figure.claim,))
                self.best[figure] = Replayed(scenario=said, telling=telling, instants=instants, laid=tuple(laid))

    def _try(self, figure: Figure, laid: Sequence[Laid], person: Person) -> bool:
        """Whether a replay reaches more than was reached before."""
        if self._left <= 0:
            return False
        self._left -= 1
        before = self._reached(figure)
        self.replay(scenario(self._project, laid, person, self._zone), laid)
        return self._reached(figure) > before

    # --- where parts are laid

    def _alignments(self, parts: Sequence[Part]) -> Iterator[tuple[Laid, ...]]:
        """All stretches begin at one instant; where journeys are entered by the calendar, with theirs."""
        dated = sorted({one.begins for one in parts if one.dated})
        latest = max(one.begins for one in parts)
        day = self._zone.day(latest) + 1
        for at in dated or [self._zone.instant(day, hour * _HOUR) for hour in _HOURS]:
            yield tuple(Laid(one, 0 if one.dated else at - one.begins) for one in parts)

    def _moved(self, figure: Figure, laid: Sequence[Laid]) -> Iterator[tuple[Laid, ...]]:
        """One part moved, or left out."""
        for number, one in enumerate(laid):
            before, behind = laid[:number], laid[number + 1 :]
            for shift in self._shifts(figure, one, laid):
                yield (*before, Laid(one.part, shift), *behind)
            if before or behind:
                yield (*before, *behind)

    @staticmethod
    def _shifts(figure: Figure, one: Laid, laid: Sequence[Laid]) -> Iterator[int]:
        """Other places of a part: with another's entry, and some time sooner or later."""
        if one.part.dated:
            return
        yield from {other.starts - one.part.began for other in laid if other is not one}
        for by in (_HOUR, DAY, 2 * DAY, 3 * DAY, 60):
            if by < figure.stretch.seconds:
                yield one.shift + by
                yield one.shift - by
