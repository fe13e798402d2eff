"""Parts laid so that their stretches meet, and replayed together by the plain interpreter; moved until more come."""

from __future__ import annotations

import functools
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
MOST_REPLAYS, FEWEST_REPLAYS = 80, 3
"""Replays of one customer's time line for one figure; the fewer the more journeys there are."""
_AFTERWARDS = 4 * DAY
"""Together a story is told so long beyond the last that counts: messages may be held."""
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
        here: Replayed | None = None
        for laid in self._alignments(parts):
            here = self._better(figure, here, laid, person)
        while here is not None and self.reached(figure) < wanted and self._left > 0:
            before = here
            for laid in self._moved(figure, here.laid):
                here = self._better(figure, here, laid, person)
                if here is not before or self._left <= 0:
                    break
            if here is before:
                return

    def _better(self, figure: Figure, best: Replayed | None, laid: Sequence[Laid], person: Person) -> Replayed | None:
        """What is reached so, if it is more than the best."""
        if self._left <= 0:
            return best
        self._left -= 1
        found = self.replay(scenario(self._project, laid, person, self._zone), laid).get(figure)
        return found if found is not None and (best is None or found.count > best.count) else best

    def reached(self, figure: Figure) -> int:
        return self.best[figure].count if figure in self.best else 0

    def replay(self, script: Scenario, laid: Sequence[Laid] = ()) -> dict[Figure, Replayed]:
        """What a script brings, for all figures."""
        try:
            telling = self._told(script, laid, words=False)
        except LimitExceededError:
            return {}
        if not telling.story.runs:
            return {}
        found = {}
        for figure in self._figures:
            deeds = seen(telling, figure.deed)
            count, first = figure.stretch.most(deeds, telling.told.zone)
            said = msgspec.structs.replace(script, expects=(figure.claim,))
            instants = deeds[first : first + count]
            found[figure] = Replayed(scenario=said, telling=telling, instants=instants, laid=tuple(laid))
            if count > self.reached(figure):
                self.best[figure] = found[figure]
        return found

    def _told(self, script: Scenario, laid: Sequence[Laid], *, words: bool) -> Telling:
        start = min((one.starts for one in laid), default=0)
        until = max(one.ends for one in laid) - start + _AFTERWARDS if laid else None
        return self._teller.tell(msgspec.structs.replace(script, expects=self._claims), words=words, until=until)

    def shown(self, figure: Figure) -> Replayed | None:
        """The best of a figure, with the reasons of everything."""
        best = self.best.get(figure)
        if best is None:
            return None
        return msgspec.structs.replace(best, telling=self._told(best.scenario, best.laid, words=True))

    # --- where parts are laid

    def _alignments(self, parts: Sequence[Part]) -> Iterator[tuple[Laid, ...]]:
        """All begin to count at one instant, or one second after another, so that what one needs of an attribute is not
        what another needs at the same instant; where journeys are entered by the calendar, with theirs.  Then apart, so
        that limits let more of them through."""
        dated = sorted({one.begins for one in parts if one.dated})
        day = self._zone.day(max(one.begins for one in parts)) + 1
        for at in dated or [self._zone.instant(day, hour * _HOUR) for hour in _HOURS]:
            yield _from(parts, [at + number for number in range(len(parts))])
            yield _from(parts, [at] * len(parts))
        late = self._zone.instant(day + 7, 0)
        eve = self._zone.week(late, self._project.settings.week_starts) - _HOUR
        for size, gap in self._gaps:
            for at in (self._zone.instant(day, 10 * _HOUR), eve):
                yield _from(parts, [at + number // size * gap for number in range(len(parts))])

    @functools.cached_property
    def _gaps(self) -> list[tuple[int, int]]:
        """How many may come how many seconds apart, by the limits that there are."""
        words = self._project.vocabulary
        limited = (*(one.caps for one in words.channels.values()), *(one.caps for one in words.limits.values()))
        caps = {cap for several in limited for cap in several if cap.count}
        rolling = {(cap.count, cap.window) for cap in caps if cap.window}
        calendar = {(cap.count, gap) for cap in caps if cap.calendar for gap in (2 * _HOUR, 9 * _HOUR, DAY)}
        return sorted(rolling | calendar)

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


def _from(parts: Sequence[Part], begins: Sequence[int]) -> tuple[Laid, ...]:
    """Each part begins to count then; one that is entered by the calendar when it does."""
    return tuple(Laid(one, 0 if one.dated else at - one.begins) for one, at in zip(parts, begins, strict=True))
