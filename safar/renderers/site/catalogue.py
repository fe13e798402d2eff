"""What a project's pages are about: journeys with their stages and touchpoints, everything they name, and who does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from safar.engine.model import Journey, Project, Stage, Touchpoint, Vocabulary, within
from safar.engine.names import fold
from safar.engine.parts import Declared
from safar.engine.promises import Forecast, Scenario
from safar.engine.source import Span
from safar.engine.steps.touchpoint import Meet
from safar.renderers.site.addresses import file_name
from safar.renderers.site.references import named, parts_of

KINDS = (
    *("journeys", "stages", "touchpoints", "channels", "personas", "teams", "measures", "goals", "events"),
    *("actions", "attributes", "conditions", "feeds", "limits", "occasions", "rules", "tags"),
)
"""Kinds of pages, which are also the folders they stand in; most are tables of the vocabulary."""


class Said(msgspec.Struct, frozen=True):
    """What one file says, and what else is known of it: `broken` where errors keep its journeys from being drawn."""

    path: str
    project: Project
    broken: bool = False


class Entry(msgspec.Struct, frozen=True, eq=False):
    """What a page is about.  `key` is its address without language and ending; `of` is the entry that it is part of."""

    kind: str
    key: str
    declared: Declared
    project: Project
    of: Entry | None = None
    broken: bool = False

    @property
    def label(self) -> str:
        return self.declared.title or self.declared.name.replace("_", " ")

    @property
    def span(self) -> Span:
        return self.declared.span

    @property
    def path(self) -> str:
        return self.span.source.path

    @property
    def journey(self) -> Entry | None:
        """The journey that it is, or is part of."""
        return self if self.kind == "journeys" else self.of.journey if self.of is not None else None


class Use(msgspec.Struct, frozen=True, eq=False):
    """`user` names `used`, in a journey or outside of all; `user` is the innermost page about that place."""

    user: Entry
    used: Entry
    journey: Entry | None


class Catalogue:
    """All entries of a project and what uses what."""

    def __init__(self, files: Sequence[Said]) -> None:
        self.entries: dict[str, Entry] = {}
        self._known: dict[tuple[str, tuple[str, int, int]], Entry] = {}
        """By kind and the place of the name."""
        self._folded: dict[tuple[int, str], dict[str, Declared]] = {}
        self._uses: dict[tuple[str, str, str], Use] = {}
        self.met: dict[str, list[tuple[Entry, Entry]]] = defaultdict(list)
        """By touchpoint, the journeys and stages in which it is met."""
        self._met_in: dict[str, list[Entry]] = defaultdict(list)
        self._several = _several(files)
        self._files = files
        for file in files:
            self._declare(file)
        for file in files:
            self._follow(file)
        self.used_by: dict[str, list[Use]] = defaultdict(list)
        self.uses_of: dict[str, list[Use]] = defaultdict(list)
        for use in self._uses.values():
            self.used_by[use.used.key].append(use)
            for user in {use.user.key, (use.journey or use.user).key}:
                self.uses_of[user].append(use)
        self._kinds: dict[str, list[Entry]] = defaultdict(list)
        self._parts: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in self.entries.values():
            self._kinds[entry.kind].append(entry)
            if entry.of is not None:
                self._parts[entry.of.key, entry.kind].append(entry)
        for entries in self._kinds.values():
            entries.sort(key=lambda entry: (fold(entry.label), entry.key))

    def of_kind(self, kind: str) -> list[Entry]:
        """The entries of a kind by their labels."""
        return self._kinds.get(kind, [])

    def parts(self, of: Entry, kind: str) -> list[Entry]:
        """The entries of a kind that are part of one, in file order."""
        return self._parts.get((of.key, kind), [])

    def touchpoints(self, stage: Entry) -> list[Entry]:
        """Those met in a stage, in file order."""
        return self._met_in.get(stage.key, [])

    def find(self, project: Project, table: str, name: str) -> Entry | None:
        """What a file's project means by a name."""
        declared = self._lookup(project, table, name)
        return self._known.get((table, declared.name_span.key)) if declared is not None else None

    # --- what there is

    def _declare(self, file: Said) -> None:
        for table in Vocabulary.__struct_fields__:
            for declared in getattr(file.project.vocabulary, table).values():
                if declared.name_span.source.path == file.path:
                    entry = self._add(table, declared, file)
                    if isinstance(declared, Touchpoint):
                        self._measures(entry, declared, file)
        for journey in file.project.journeys.values():
            self._journey(journey, file)

    def _journey(self, journey: Journey, file: Said) -> None:
        entry = self._add("journeys", journey, file)
        for stage in journey.stages:
            self._add("stages", stage, file, entry)
            for step in within(stage.steps):
                if isinstance(step, Meet) and not step.declared:
                    own = self._add("touchpoints", step.touchpoint, file, entry)
                    self._measures(own, step.touchpoint, file)
        for goal in journey.goals:
            self._add("goals", goal, file, entry)
        self._measures(entry, journey, file)

    def _measures(self, of: Entry, having: Journey | Touchpoint, file: Said) -> None:
        for measure in having.measures:
            self._add("measures", measure, file, of)

    def _add(self, kind: str, declared: Declared, file: Said, of: Entry | None = None) -> Entry:
        several = of is None and (kind, declared.name) in self._several
        own = file_name(declared.name, file.path if several else "")
        key = f"{kind}/{of.key.partition('/')[2]}.{own}" if of is not None else f"{kind}/{own}"
        while key in self.entries:
            key += "-again"
        entry = Entry(kind, key, declared, file.project, of, file.broken)
        self.entries[key] = self._known[kind, _place(declared)] = entry
        return entry

    # --- what uses what

    def _follow(self, file: Said) -> None:
        for table in Vocabulary.__struct_fields__:
            for declared in getattr(file.project.vocabulary, table).values():
                entry = self._known.get((table, _place(declared)))
                if entry is not None and entry.path == file.path:
                    self._walk(declared, _Place(file.project, entry))
        for journey in file.project.journeys.values():
            entry = self._known["journeys", _place(journey)]
            self._walk(journey, _Place(file.project, entry, entry, _local(journey)))
        tests: tuple[Scenario | Forecast, ...] = (*file.project.scenarios, *file.project.forecasts)
        for test in tests:
            about = self.find(file.project, "journeys", test.journey)
            if about is not None:
                self._walk(test, _Place(file.project, about, about, _local(about.declared)))

    def _walk(self, node: object, place: _Place) -> None:
        """The references in a node and in what it holds."""
        match node:
            case Stage():
                place = place.at(self._known["stages", _place(node)])
            case Meet(touchpoint=touchpoint):
                met = self._known.get(("touchpoints", _place(touchpoint)))
                if met is not None:
                    self._meet(met, place)
                    place = place.at(met)
        for table, name in named(node):
            self._use(table, name, place)
        for part in parts_of(node):
            if isinstance(part, tuple | msgspec.Struct):
                self._walk(part, place)

    def _meet(self, met: Entry, place: _Place) -> None:
        assert place.journey is not None
        if (place.journey, place.user) not in self.met[met.key]:
            self.met[met.key].append((place.journey, place.user))
            self._met_in[place.user.key].append(met)
        if met.of is None:
            self._note(place.user, met, place.journey)

    def _use(self, table: str, name: str, place: _Place) -> None:
        own = place.touchpoints.get(fold(name)) if table == "touchpoints" else None
        if own is not None:
            used = self._known.get(("touchpoints", _place(own)))
        else:
            used = self.find(place.project, table, name)
        if used is not None and used is not place.user and used is not place.journey:
            self._note(place.user, used, place.journey)

    def _note(self, user: Entry, used: Entry, journey: Entry | None) -> None:
        key = user.key, used.key, journey.key if journey is not None else ""
        self._uses.setdefault(key, Use(user, used, journey))

    def _lookup(self, project: Project, table: str, name: str) -> Declared | None:
        if table == "journeys" and name not in project.journeys:
            return next((one.journeys[name] for one in self._projects() if name in one.journeys), None)
        declared: dict[str, Declared] = getattr(project if table == "journeys" else project.vocabulary, table)
        if name in declared:
            return declared[name]
        key = id(declared), table
        if key not in self._folded:
            self._folded[key] = {fold(one): thing for one, thing in declared.items()}
        return self._folded[key].get(fold(name))

    def _projects(self) -> Iterable[Project]:
        return (file.project for file in self._files)


class _Place(msgspec.Struct, frozen=True):
    """Where the walk is; `touchpoints` are the journey's own, by the names under which answers speak of them."""

    project: Project
    user: Entry
    journey: Entry | None = None
    touchpoints: dict[str, Touchpoint] = {}

    def at(self, user: Entry) -> _Place:
        return _Place(self.project, user, self.journey, self.touchpoints)


def _place(declared: Declared) -> tuple[str, int, int]:
    return declared.name_span.key


def _local(journey: Declared) -> dict[str, Touchpoint]:
    assert isinstance(journey, Journey)
    found: dict[str, Touchpoint] = {}
    for stage in journey.stages:
        for step in within(stage.steps):
            if isinstance(step, Meet):
                found[fold(step.touchpoint.name)] = found[fold(step.name)] = step.touchpoint
    return found


def _several(files: Sequence[Said]) -> set[tuple[str, str]]:
    """Kinds and names that more than one file declares."""
    seen: dict[tuple[str, str], str] = {}
    several: set[tuple[str, str]] = set()
    for file in files:
        for kind, declared in _declared(file):
            if seen.setdefault((kind, declared.name), file.path) != file.path:
                several.add((kind, declared.name))
    return several


def _declared(file: Said) -> Iterator[tuple[str, Declared]]:
    yield from (("journeys", journey) for journey in file.project.journeys.values())
    for table in Vocabulary.__struct_fields__:
        for declared in getattr(file.project.vocabulary, table).values():
            if declared.name_span.source.path == file.path:
                yield table, declared
