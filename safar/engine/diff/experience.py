"""A customer to whom something else happens now: lived through in both versions by the plain interpreter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from safar.engine.claims.telling import Teller, Telling
from safar.engine.diff import nobody
from safar.engine.diff.change import Experience, Notice, Side
from safar.engine.diff.renaming import SAME_NAMES, Names
from safar.engine.diff.same import Sameness, sameness
from safar.engine.diff.translated import Version
from safar.engine.diff.tries import tries
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.promises import Scenario
from safar.engine.prove.shrink import shrunk
from safar.engine.simulate.happening import Happening, Story, What
from safar.engine.simulate.life import LimitExceededError

MOST_TRIED, MOST_LIVED = 1_500, 60_000
"""Customers that are led through both versions before the search ends, and happenings in all of their lives."""
_MORE = 4
"""Customers that are tried after the first who differs: a smaller one may be among them."""
_NOTICED = frozenset(
    (What.ENTERED, What.DELIVERED, What.SUPPRESSED, What.DONE, What.SET, What.GOAL, What.EXIT, What.UNFINISHED)
)
_SAME = "whatever a customer does, the same happens to him as before"
_CHANCES = "the same can happen to a customer as before, by other chances"
_NOT_FOUND = "no customer was found whose experience changes; that is not proved"


def experience(old: Program, new: Program, names: Names) -> Experience:
    """What customers notice of a change: proved that nobody does, or one who does, as small as can be, or none found.

    A rename, a text, a title is none; an entry, a delivery, a suppression, an action, an attribute set, a goal or an
    exit is, also at another instant.
    """
    same = nobody.without(old, new, sameness(old, new, names))
    journey = new.journey.name
    if same.same:
        notice = Notice.CHANCES if same.chances else Notice.SAME
        return Experience(journey=journey, notice=notice, reason=_CHANCES if same.chances else _SAME)
    return _Search(old, new, names, same).found()


def noticed_of(story: Story, names: Names) -> list[tuple[Any, ...]]:
    """What a customer notices, told with the names that `names` lead to."""
    return [_one(happening, names) for happening in _kept(story)]


def noticed_in(program: Program, scenario: Scenario, names: Names) -> list[tuple[Any, ...]]:
    """The same of a scenario of that version."""
    return noticed_of(Teller(program).tell(scenario).story, names)


def _kept(story: Story) -> Iterator[Happening]:
    return (one for one in story.happenings if one.what in _NOTICED and one.journey)


def _one(one: Happening, names: Names) -> tuple[Any, ...]:
    touchpoint = names.step(one.touchpoint) if one.touchpoint else ""
    detail = "" if one.what is What.SUPPRESSED else fold(one.detail)
    payload = {} if one.what is What.ENTERED else one.payload
    return one.at, one.what, one.entry, touchpoint, detail, payload, one.value, one.currency


class _Search:
    def __init__(self, old: Program, new: Program, names: Names, same: Sameness) -> None:
        self._old, self._new = _Living(old, names), _Living(new, SAME_NAMES)
        self._names, self._same = names, same
        self._tried = self._lived = 0

    def found(self) -> Experience:
        """The smallest of the first customers who differ."""
        best: Scenario | None = None
        last = MOST_TRIED
        for scenario in self._candidates():
            if self._tried >= last or self._lived > MOST_LIVED:
                break
            self._tried += 1
            if self._differs(scenario):
                small = shrunk(scenario, self._differs)
                best = small if best is None or _size(small) < _size(best) else best
                last = min(last, self._tried + _MORE)
        journey = self._new.program.journey.name
        if best is None:
            return Experience(journey=journey, notice=Notice.NOT_FOUND, reason=_NOT_FOUND, tried=self._tried)
        sides = self._sides(best)
        assert sides is not None
        at = next((n for n, pair in enumerate(zip(*sides, strict=False)) if pair[0] != pair[1]), min(map(len, sides)))
        old, new = (one.side(best, at) for one in (self._old, self._new))
        return Experience(journey=journey, notice=Notice.DIFFERS, tried=self._tried, old=old, new=new)

    def _candidates(self) -> Iterator[Scenario]:
        """Scenarios in the words of the new version; what only the old one knows stays as it is."""
        seen: list[Scenario] = []
        for scenario in tries(self._old.program, self._new.program, self._names, self._same):
            if scenario not in seen[-50:]:
                seen.append(scenario)
                yield scenario

    def _differs(self, scenario: Scenario) -> bool:
        sides = self._sides(scenario)
        return sides is not None and sides[0] != sides[1]

    def _sides(self, scenario: Scenario) -> tuple[list[Any], list[Any]] | None:
        stories = [one.story(scenario) for one in (self._old, self._new)]
        if stories[0] is None or stories[1] is None:
            return None
        self._lived += len(stories[0].happenings) + len(stories[1].happenings)
        return self._old.noticed(stories[0]), self._new.noticed(stories[1])


def _size(one: Scenario) -> tuple[int, int]:
    """How much there is to a customer: what he does, then who he is."""
    return len(one.script), len(one.traits) + bool(one.persona)


class _Living:
    """One version, ready to be lived through."""

    def __init__(self, program: Program, names: Names) -> None:
        self.program, self._names = program, names
        self._version = Version(program, names.back())
        self._teller = Teller(program)

    def story(self, scenario: Scenario) -> Story | None:
        """What happens; None where the journey runs without end, or an event of the script has come before."""
        telling = self._telling(self._version.scenario(scenario), words=False)
        return telling.story if telling is not None and not telling.again else None

    def _telling(self, scenario: Scenario, *, words: bool) -> Telling | None:
        try:
            return self._teller.tell(scenario, words=words)
        except LimitExceededError:
            return None

    def noticed(self, story: Story) -> list[tuple[Any, ...]]:
        return noticed_of(story, self._names)

    def side(self, scenario: Scenario, at: int) -> Side:
        """The life of a customer, with the first happening that differs."""
        own = self._version.scenario(scenario)
        telling = self._telling(own, words=True)
        assert telling is not None
        kept = list(_kept(telling.story))
        return Side(
            project=self.program.project, scenario=own, story=telling.story, first=kept[at].n if at < len(kept) else 0
        )
