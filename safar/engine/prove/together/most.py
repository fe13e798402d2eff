"""The most of something that any one customer can get in any stretch of time, over all journeys of a project."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from safar.engine.program import Program
from safar.engine.promises import Deed
from safar.engine.prove import limits
from safar.engine.prove.system import System
from safar.engine.prove.together.cells import Common, Highest, highest, profile
from safar.engine.prove.together.curve import Curve, Peak, curve
from safar.engine.prove.together.joint import Replayed, Stage
from safar.engine.prove.together.parts import Part, Solo
from safar.engine.prove.together.stretch import Figure
from safar.engine.prove.together.timeline import Person
from safar.engine.source import NOWHERE

COPIES = 8
"""Runs side by side that are replayed where nothing bounds their number."""


class Most(msgspec.Struct, frozen=True, kw_only=True):
    """At most `bound` (infinite: nothing bounds it) for every customer, and `replayed` shows one who gets so many.

    `limited`: the bound is that of the channels' limits.  `share` is what each journey brings, limits aside, to the
    customer who would get most, the most first.
    """

    figure: Figure
    bound: float
    limited: bool = False
    share: Mapping[str, float] = {}
    replayed: Replayed | None = None

    @property
    def reached(self) -> int:
        return self.replayed.count if self.replayed is not None else 0

    @property
    def exact(self) -> bool:
        return self.reached == self.bound


class Together:
    """All journeys of a project: their systems, and the curves of what is asked about, each made once."""

    def __init__(self, programs: Sequence[Program], figures: Iterable[Figure], budget: int = 100_000) -> None:
        self.programs = tuple(programs)
        self.figures = tuple(dict.fromkeys(figures))
        self.systems = [System(one) for one in self.programs]
        self.common = Common(self.systems)
        self._longest = max((one.stretch.seconds for one in self.figures), default=0)
        self._budget = budget
        self._curves: dict[Deed, list[Curve]] = {}

    @functools.cached_property
    def stage(self) -> Stage:
        return Stage(self.programs, self.figures)

    def curves(self, deed: Deed) -> list[Curve]:
        if deed not in self._curves:
            self._curves[deed] = [
                curve(one, deed, self._longest, self.common.fields(one), self._budget) for one in self.systems
            ]
        return self._curves[deed]

    def bound(self, figure: Figure) -> tuple[Highest, float | None]:
        """The sum of the curves in the cell where it is highest, and what limits promise."""
        profiles = [profile(one, self.common, figure.stretch.seconds) for one in self.curves(figure.deed)]
        summed = highest(profiles, self.common)
        return summed, limits.bound(figure.claim, self.programs, list(self._by_channel(figure)))

    def _by_channel(self, figure: Figure) -> Iterator[limits.Offer]:
        """What curves say of each channel, where a deed may be on several."""
        if figure.deed.kind != "messages" or figure.deed.every:
            return
        for one in self.programs[0].project.vocabulary.channels.values():
            if one.outbound:
                summed, limit = self.bound(Figure(messages(one.name), figure.stretch))
                most = min(summed.bound, math.inf if limit is None else limit)
                if most < math.inf:
                    yield frozenset({one.name}), int(most)

    def most(self, figure: Figure, enough: float = math.inf) -> Most:
        """The bound of a figure, and the most that a replay reaches: looked for until it is `enough`."""
        summed, limit = self.bound(figure)
        bound = min(summed.bound, math.inf if limit is None else limit)
        share = {one.name: math.inf if one.beside else peak.count for one, peak in summed.chosen.items()}
        wanted = min(bound, enough)
        parts = list(self._parts(summed, figure, wanted)) if bound else []
        if parts:
            self.stage.most(figure, parts, self._person(summed), wanted)
        return Most(
            figure=figure,
            bound=bound,
            limited=bound < summed.bound,
            share=dict(sorted(share.items(), key=lambda one: (-one[1], one[0]))),
            replayed=self.stage.best.get(figure) if bound else None,
        )

    def _parts(self, summed: Highest, figure: Figure, wanted: float) -> Iterable[Part]:
        """What each journey brings, the most first, as long as more is wanted."""
        found = 0
        for one, peak in sorted(summed.chosen.items(), key=lambda pair: -pair[1].count):
            part = Solo(one.system, figure).part(one, peak, self.common.box(one.system, summed.cell))
            if part is None or not part.count:
                continue
            for _ in range(int(min(wanted, COPIES)) if one.beside else 1):
                if found < wanted:
                    found += part.count
                    yield part

    def _person(self, summed: Highest) -> Person:
        example = self.common.example(summed.cell)
        persona = example.pop(("persona",), None)
        fixed = {str(key[1]): value for key, value in example.items()}
        return Person(str(persona) if persona is not None else "", fixed)


def messages(channel: str = "") -> Deed:
    """Marketing messages, on one channel or all."""
    return Deed(span=NOWHERE, kind="channel" if channel else "messages", name=channel)
