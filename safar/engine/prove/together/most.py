"""The most of something that any one customer can get in any stretch of time, over all journeys of a project."""

from __future__ import annotations

import enum
import functools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from safar.engine.program import Program
from safar.engine.promises import Deed
from safar.engine.prove import limits
from safar.engine.prove.system import System
from safar.engine.prove.together.cells import Cell, Common, Highest, highest, profile
from safar.engine.prove.together.curve import Curve, curve
from safar.engine.prove.together.joint import Replayed, Stage
from safar.engine.prove.together.parts import Part, Solo
from safar.engine.prove.together.peaks import MOST, Asking, Peak
from safar.engine.prove.together.straight import Straight
from safar.engine.prove.together.stretch import Figure
from safar.engine.prove.together.timeline import Person
from safar.engine.source import NOWHERE

BUDGET = 400_000
"""Work of all explorations for one deed, in boxes made; each journey has its share."""
MANY = 100
"""Of more journeys than these a customer is looked for in one way only, and in so many of them."""
LEAST_BUDGET, MOST_WORK = 3_000, 12_000
COPIES = 12
"""Runs side by side that are replayed where nothing bounds their number."""


class _Plan(enum.Enum):
    """How the parts of journeys are chosen: so that nothing but time goes on in them, if that is enough; with all that
    they may bring; or with little of it, but as often as a customer may come again."""

    QUIETLY = 1
    FULLY = 2
    OFTEN = 3


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

    def __init__(self, programs: Sequence[Program], figures: Iterable[Figure], budget: int = BUDGET) -> None:
        self.programs = tuple(programs)
        self.figures = tuple(dict.fromkeys(figures))
        self.systems = [System(one) for one in self.programs]
        self.common = Common(self.systems)
        self._stretches = tuple(dict.fromkeys(one.stretch for one in self.figures))
        self._budget = max(LEAST_BUDGET, min(MOST_WORK, budget // max(1, len(self.programs))))
        self._curves: dict[Deed, list[Curve]] = {}
        self._asked: dict[Deed, Asking] = {}

    @functools.cached_property
    def stage(self) -> Stage:
        return Stage(self.programs, self.figures)

    def curves(self, deed: Deed) -> list[Curve]:
        if deed not in self._curves:
            asking = self._asking(deed)
            self._curves[deed] = [
                curve(one, asking, self.common.fields(one), ready)
                for one, ready in zip(self.systems, self._straight, strict=True)
            ]
        return self._curves[deed]

    @functools.cached_property
    def _straight(self) -> list[Straight]:
        return [Straight(one, self.common.fields(one)) for one in self.systems]

    def _asking(self, deed: Deed) -> Asking:
        if deed not in self._asked:
            self._asked[deed] = self._limited(deed)
        return self._asked[deed]

    def _limited(self, deed: Deed) -> Asking:
        """What limits let nobody get is not counted."""
        bounds = [limits.bound(Figure(deed, one).claim, self.programs) for one in self._stretches]
        most = MOST if None in bounds else min(MOST, 1 + max((one for one in bounds if one is not None), default=0))
        longest = max((one.seconds for one in self._stretches), default=0)
        return Asking(deed=deed, longest=longest, most=most, budget=self._budget)

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
        wanted = min(bound, enough, MOST)
        for plan in self._plans(limited=bound < summed.bound) if bound else ():
            if self.stage.reached(figure) < wanted:
                parts = list(self._parts(summed, figure, wanted, plan))
                if parts:
                    self.stage.most(figure, parts, person(self.common, summed.cell), wanted)
        return Most(
            figure=figure,
            bound=bound,
            limited=bound < summed.bound,
            share=dict(sorted(share.items(), key=lambda one: (-one[1], one[0]))),
            replayed=self.stage.best.get(figure) if bound else None,
        )

    def again(self, found: Most) -> Most:
        """A figure with what replays for others have reached of it meanwhile."""
        return msgspec.structs.replace(found, replayed=self.stage.shown(found.figure) if found.bound else None)

    def _plans(self, *, limited: bool) -> tuple[_Plan, ...]:
        """How parts are chosen: of many journeys only in the way that disturbs least."""
        if len(self.programs) > MANY:
            return (_Plan.QUIETLY,)
        return (_Plan.QUIETLY, _Plan.FULLY, *((_Plan.OFTEN,) if limited else ()))

    def _parts(self, summed: Highest, figure: Figure, wanted: float, plan: _Plan) -> Iterable[Part]:
        """What each journey brings, the most first, as long as more is wanted."""
        found = 0
        for one, peak in sorted(summed.chosen.items(), key=lambda pair: -pair[1].count)[:MANY]:
            often = one.beside or (plan is _Plan.OFTEN and one.system.program.journey.reenter is not None)
            part = self._part(
                one, peak, figure, (1 if often else wanted, self.common.box(one.system, summed.cell), plan)
            )
            if part is None or not part.count:
                continue
            for _ in range(int(min(wanted, COPIES)) if often else 1):
                if found < wanted:
                    found += part.count
                    yield part

    def _part(self, one: Curve, peak: Peak, figure: Figure, how: tuple[float, int, _Plan]) -> Part | None:
        wanted, cell, plan = how
        enough, solo = min(peak.count, wanted), Solo(one.system, figure)
        straight = self._straight[self.systems.index(one.system)]
        if plan is _Plan.QUIETLY and straight.leads_on:
            quiet = straight.peaks(self._asking(figure.deed), quiet=True)
            part = solo.part(quiet.found(), enough, cell) if quiet is not None else None
            if part is not None and part.count:
                return part
        return solo.part((peak, *one.peaks, *one.others), enough, cell)


def person(common: Common, cell: Cell) -> Person:
    """Somebody of a cell."""
    example = common.example(cell)
    persona = example.pop(("persona",), None)
    fixed = {str(key[1]): value for key, value in example.items()}
    return Person(str(persona) if persona is not None else "", fixed)


def messages(channel: str = "") -> Deed:
    """Marketing messages, on one channel or all."""
    return Deed(span=NOWHERE, kind="channel" if channel else "messages", name=channel)
