"""Two versions of a project compared: what is weaker, what is no longer proved, what changed, and for whom."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator

import msgspec

from safar.engine.diff import guards, ifs, parts, rules, steps, ways_in
from safar.engine.diff.change import About, Change, Effect, Experience, Notice, Promise
from safar.engine.diff.experience import experience
from safar.engine.diff.matching import Matched, match
from safar.engine.diff.renaming import Names, told
from safar.engine.model import Journey, Project
from safar.engine.names import fold
from safar.engine.program import Program, lower
from safar.engine.prove.prove import BUDGET


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """All that is told of two versions, the most important first in each part.

    `promises` are the rules that were asked again; `experiences` one for each journey that is in both and changed.
    """

    changes: tuple[Change, ...]
    promises: tuple[Promise, ...]
    experiences: tuple[Experience, ...]

    @property
    def weakened(self) -> tuple[Change, ...]:
        return tuple(one for one in self.changes if one.effect is Effect.WEAKENED)

    @property
    def strengthened(self) -> tuple[Change, ...]:
        return tuple(one for one in self.changes if one.effect is Effect.STRENGTHENED)

    @property
    def others(self) -> tuple[Change, ...]:
        return tuple(one for one in self.changes if one.effect is Effect.CHANGED)

    @property
    def lost(self) -> tuple[Promise, ...]:
        return tuple(one for one in self.promises if one.lost)

    @property
    def is_weaker(self) -> bool:
        return bool(self.weakened or self.lost)

    def __bool__(self) -> bool:
        """Whether anything is told at all."""
        return bool(self.changes or self.lost or any(one.notice is Notice.DIFFERS for one in self.experiences))


class _Both(msgspec.Struct, frozen=True, eq=False):
    """A journey in both versions."""

    old: Program
    new: Program
    matched: Matched


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """How versions are compared: the budget of work of each proof, whether one journey on each side is the same one
    whatever they are called, and who hears how much is done, and of how much."""

    budget: int = BUDGET
    pairs: bool = False
    told: Callable[[int, int], None] | None = None


def diff(old: Iterable[Project], new: Iterable[Project], asking: Asking = Asking()) -> Difference:  # noqa: B008 - frozen
    """Compare two versions, each given as what its files say; journeys are matched by name, or by what they say."""
    return _Comparing(tuple(old), tuple(new), asking).difference()


class _Comparing:
    def __init__(self, old: tuple[Project, ...], new: tuple[Project, ...], asking: Asking) -> None:
        self._old, self._new, self._asking = old, new, asking
        self._was, self._now = list(_programs(old)), list(_programs(new))
        self._both = list(_matched(self._was, self._now, asking.pairs))
        self._done, self._every = 0, 0

    def difference(self) -> Difference:
        pairs = rules.paired(self._was, self._now, self._renamed())
        changed = [one for one in self._both if not _untouched(one)]
        self._every = len(pairs) + len(changed)
        experiences = []
        for one in changed:
            experiences.append(experience(one.old, one.new, one.matched.names))
            self._step()
        noticed = {one.journey for one in experiences if one.notice is not Notice.SAME}
        paired = {id(side) for one in self._both for side in (one.old, one.new)}
        names = {fold(one.new.journey.name): one.matched.names for one in self._both}
        different = {id(side) for one in self._both if one.new.journey.name in noticed for side in (one.old, one.new)}

        def differs(program: Program) -> bool:
            return id(program) in different or id(program) not in paired

        found = list(self._changes())
        found += rules.changes(pairs, names)
        beside = [tuple(program.journey for program in side) for side in (self._was, self._now)]
        promises = rules.promises(
            pairs, rules.Proving(differs, (beside[0], beside[1]), self._asking.budget, self._step)
        )
        return Difference(
            changes=tuple(_distinct(found)),
            promises=tuple(sorted(promises, key=lambda one: (not one.lost, not one.won))),
            experiences=tuple(experiences),
        )

    def _step(self) -> None:
        self._done += 1
        if self._asking.told is not None:
            self._asking.told(self._done, self._every)

    def _renamed(self) -> dict[str, str]:
        return {fold(one.old.journey.name): fold(one.new.journey.name) for one in self._both}

    # --- what is not as it was

    def _changes(self) -> Iterator[Change]:
        for old, new in self._vocabularies():
            names = Names()
            yield from guards.of_vocabulary(old.vocabulary, new.vocabulary, names)
            yield from parts.of_vocabulary(old.vocabulary, new.vocabulary, names)
            yield from _settings(old, new)
        for one in self._both:
            if one.old.journey != one.new.journey:
                yield from _of_journey(one)
        yield from self._alone()

    def _vocabularies(self) -> Iterator[tuple[Project, Project]]:
        """What files declare: of those that tell of the same journeys, and of those that are called the same."""
        pairs = [(one.old.project, one.new.project) for one in self._both]
        later = {_stem(one): one for one in self._new if not one.journeys}
        pairs += [(one, later[_stem(one)]) for one in self._old if not one.journeys and _stem(one) in later]
        if not pairs and len(self._old) == len(self._new) == 1:
            pairs = [(self._old[0], self._new[0])]
        for old, new in pairs:
            if (old.vocabulary, old.settings) != (new.vocabulary, new.settings):
                yield old, new

    def _alone(self) -> Iterator[Change]:
        both = {id(one.old) for one in self._both} | {id(one.new) for one in self._both}
        for program in self._was:
            if id(program) not in both:
                yield _whole(program.journey, "removed", "is gone")
        for program in self._now:
            if id(program) not in both:
                yield _whole(program.journey, "added", "is new")


def _whole(journey: Journey, kind: str, words: str) -> Change:
    return Change(
        kind=kind,
        journey=journey.name,
        subject=f"journey {journey.name}",
        message=f"journey `{journey.name}` {words}",
        old=journey.span if kind == "removed" else None,
        new=journey.span if kind == "added" else None,
    )


def _programs(projects: Iterable[Project]) -> Iterator[Program]:
    for project in projects:
        for journey in project.journeys.values():
            yield lower(project, journey)


def _stem(project: Project) -> str:
    """The path of a file that only declares, without its ending."""
    for kind in project.vocabulary.__struct_fields__:
        for one in getattr(project.vocabulary, kind).values():
            return posixpath.normpath(str(one.span.source.path)).removesuffix(".yaml").removesuffix(".journey")
    return ""


def _untouched(one: _Both) -> bool:
    """Whether a journey and all that it can name are the same."""
    old, new = one.old.project, one.new.project
    return one.old.journey == one.new.journey and old.vocabulary == new.vocabulary and old.settings == new.settings


# --- journeys


def _matched(was: list[Program], now: list[Program], pairs: bool) -> Iterator[_Both]:
    left = list(now)
    olds: list[Program] = []
    for old in was:
        same = [one for one in left if fold(one.journey.name) == fold(old.journey.name)]
        near = [one for one in same if _path(one) == _path(old)] or same
        if near:
            left = [one for one in left if one is not near[0]]
            yield _Both(old, near[0], match(old.journey, near[0].journey))
        else:
            olds.append(old)
    only = pairs and len(was) == len(now) == 1
    for old in olds:
        same = [one for one in left if only or _alike(old.journey, one.journey)]
        if same:
            left = [one for one in left if one is not same[0]]
            yield _Both(old, same[0], match(old.journey, same[0].journey))


def _path(program: Program) -> str:
    return program.journey.span.source.path


def _alike(old: Journey, new: Journey) -> bool:
    """Whether a journey is another one by a new name: most of its steps are in both."""
    found = match(old, new)
    same = sum(one.old.step == one.new.step for one in found.pairs)
    return same * 2 > max(len(old.steps), len(new.steps))


def _of_journey(one: _Both) -> Iterator[Change]:
    old, new, names = one.old.journey, one.new.journey, one.matched.names
    personas = tuple(one.new.project.vocabulary.personas)
    found = [
        *guards.of_touchpoints(one.matched, new.name, one.old.project.vocabulary, one.new.project.vocabulary),
        *ways_in.changes(old, new, names, personas),
        *ifs.changes(one.old, one.new, one.matched),
        *parts.of_journey(old, new, names),
        *steps.changes(one.matched, new.name),
    ]
    yield from found
    bare = [msgspec.structs.replace(side, rules=()) for side in (old, new)]
    if not found and told(bare[0], names) != told(bare[1]):
        message = f"journey {new.name}: words changed"
        yield Change(about=About.TEXT, journey=new.name, subject=new.name, message=message, old=old.span, new=new.span)


def _settings(old: Project, new: Project) -> Iterator[Change]:
    for field in new.settings.__struct_fields__:
        was, now = getattr(old.settings, field), getattr(new.settings, field)
        if was != now:
            words = f": {was} -> {now}" if isinstance(now, str) else " changed"
            about = About.TEXT if field in ("name", "language") else About.BEHAVIOUR
            yield Change(about=about, subject="settings", message=f"the project's {field.replace('_', ' ')}{words}")


def _distinct(found: list[Change]) -> Iterator[Change]:
    """Each once: files that use the same vocabulary tell the same of it.  By importance, then as they stand."""
    seen: set[tuple[str, str, str, object, object]] = set()
    for one in sorted(found, key=lambda one: (_EFFECTS.index(one.effect), _ABOUT.index(one.about))):
        spans = [span.key if span is not None else None for span in (one.old, one.new)]
        key = (one.journey, one.subject, one.message, spans[0], spans[1])
        if key not in seen:
            seen.add(key)
            yield one


_EFFECTS = (Effect.WEAKENED, Effect.STRENGTHENED, Effect.CHANGED)
_ABOUT = (About.GUARD, About.BEHAVIOUR, About.TEXT, About.MAP, About.ASSUMPTION)
