"""A customer to whom something else happens now: lived through in both versions by the plain interpreter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from safar.engine.claims.telling import Teller, Telling
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

MOST_TRIED = 1_500
"""Customers that are led through both versions before the search ends."""
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
    same = sameness(old, new, names)
    journey = new.journey.name
    if same.same:
        notice = Notice.CHANCES if same.chances else Notice.SAME
        return Experience(journey=journey, notice=notice, reason=_CHANCES if same.chances else _SAME)
    return _Search(old, new, names, same).found() or Experience(
        journey=journey, notice=Notice.NOT_FOUND, reason=_NOT_FOUND, tried=MOST_TRIED
    )


def noticed_in(program: Program, scenario: Scenario, names: Names) -> list[tuple[Any, ...]]:
    """What a customer notices in one version whose scenario this is, by names that `names` lead to."""
    story = Teller(program).tell(scenario).story
    return _Stage(program, names).noticed(story)


class _Search:
    def __init__(self, old: Program, new: Program, names: Names, same: Sameness) -> None:
        self._old, self._new = _Stage(old, names), _Stage(new, SAME_NAMES)
        self._names, self._same = names, same
        self._tried = 0

    def found(self) -> Experience | None:
        """The smallest of the first few customers that differ."""
        best: Scenario | None = None
        for scenario in self._candidates():
            self._tried += 1
            if self._tried > MOST_TRIED:
                break
            if self._differs(scenario):
                best = shrunk(scenario, self._differs)
                break
        if best is None:
            return Experience(
                journey=self._new.program.journey.name, notice=Notice.NOT_FOUND, reason=_NOT_FOUND, tried=self._tried
            )
        return self._told(best)

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
        return self._old.noticed(stories[0]), self._new.noticed(stories[1])

    def _told(self, scenario: Scenario) -> Experience:
        sides = self._sides(scenario)
        assert sides is not None
        at = next((n for n, pair in enumerate(zip(*sides, strict=False)) if pair[0] != pair[1]), min(map(len, sides)))
        told = [one.side(scenario, at) for one in (self._old, self._new)]
        return Experience(
            journey=self._new.program.journey.name,
            notice=Notice.DIFFERS,
            tried=self._tried,
            old=told[0],
            new=told[1],
        )


class _Stage:
    """One version, ready to be lived through."""

    def __init__(self, program: Program, names: Names) -> None:
        self.program, self._names = program, names
        self._version = Version(program, names.back())
        self._teller = Teller(program)

    def story(self, scenario: Scenario) -> Story | None:
        """What happens; None where the journey runs without end, or an event of the script has come before."""
        telling = self._telling(self._version.scenario(scenario))
        return telling.story if telling is not None and not telling.again else None

    def _telling(self, scenario: Scenario) -> Telling | None:
        try:
            return self._teller.tell(scenario)
        except LimitExceededError:
            return None

    def noticed(self, story: Story) -> list[tuple[Any, ...]]:
        """What a customer notices, by the names of the new version."""
        return [self._one(happening) for happening in self._kept(story)]

    @staticmethod
    def _kept(story: Story) -> Iterator[Happening]:
        return (one for one in story.happenings if one.what in _NOTICED and one.journey)

    def _one(self, one: Happening) -> tuple[Any, ...]:
        touchpoint = self._names.step(one.touchpoint) if one.touchpoint else ""
        detail = "" if one.what is What.SUPPRESSED else fold(one.detail)
        payload = {} if one.what is What.ENTERED else one.payload
        return one.at, one.what, one.entry, touchpoint, detail, payload, one.value, one.currency

    def side(self, scenario: Scenario, at: int) -> Side:
        """The life of a customer, with the first happening that differs."""
        own = self._version.scenario(scenario)
        telling = self._telling(own)
        assert telling is not None
        kept = list(self._kept(telling.story))
        return Side(
            project=self.program.project, scenario=own, story=telling.story, first=kept[at].n if at < len(kept) else 0
        )
