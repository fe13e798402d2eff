"""Which assumption moves a goal most: each chance, rate and delay moved on its own, everything else the same.

The language gives assumptions no intervals of their own, so each is moved by a tenth of itself either way.  Where the
journey has an exact answer that is taken; else the same customers go through each variant with the same chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import msgspec

from safar.engine.model import Behaviour, ChanceCase, Delay, Project, Response, Touchpoint
from safar.engine.moves import Deliver
from safar.engine.program import lower
from safar.engine.simulate.batches import People
from safar.engine.simulate.exact.chain import solve
from safar.engine.simulate.exact.refusal import NotExactError, TooManyStatesError
from safar.engine.simulate.money import rounded
from safar.engine.simulate.population import Generated, Progress, default_start
from safar.engine.simulate.results import FORMAT_VERSION, Json
from safar.engine.simulate.rewriting import rewritten
from safar.engine.simulate.statistics import Z
from safar.engine.source import Span

BY = Fraction(1, 10)
"""How far each assumption is moved, as a share of itself."""


DOUBT = 1e-4
"""How wrong a rate may be: small next to what moving an assumption does."""


class Assumption(msgspec.Struct, frozen=True, kw_only=True):
    """One number that the journey assumes: `kind` chance, rate or delay; `of` what it is of, as written in the file."""

    kind: str
    of: str
    written: str
    span: Span
    part: ChanceCase | Delay | Behaviour
    case: int = 0


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """The goal's rate with an assumption lowered and raised; `low_bounds` and `high_bounds` hold the differences from
    the rate as it is (95%), where they come from a sample.
    """

    assumption: Assumption
    low: float
    high: float
    low_bounds: tuple[float, float] | None = None
    high_bounds: tuple[float, float] | None = None

    @property
    def width(self) -> float:
        return abs(self.high - self.low)


class Sensitivity(msgspec.Struct, frozen=True, kw_only=True):
    """The effects on a goal, the greatest first; `engine` is exact, or simulated with so many `customers`."""

    goal: str
    rate: float
    by: Fraction
    engine: str
    customers: int
    effects: tuple[Effect, ...]


def assumptions(project: Project, journey: str) -> Iterator[Assumption]:
    """Every chance, rate and delay on which a run of the journey may depend, in file order."""
    program = lower(project, project.journeys[journey])
    seen: set[int] = set()
    for number in sorted(program.passed()):
        move = program.places[number].move
        if isinstance(move, Deliver) and id(move.touchpoint) not in seen:
            seen.add(id(move.touchpoint))
            yield from _of_lines(move.touchpoint, move.touchpoint.responds, move.touchpoint.name)
    own = project.journeys[journey]
    for name, lines in (
        (own.name, own.behaves),
        *((stage.name, stage.behaves) for stage in own.stages),
        *((persona.name, persona.behaves) for persona in project.vocabulary.personas.values()),
    ):
        yield from _of_behaviour(name, lines)


def _of_lines(touchpoint: Touchpoint, lines: tuple[Response, ...], path: str) -> Iterator[Assumption]:
    for line in lines:
        name = f"{path}: {line.event}"
        for case in line.chance:
            if case.chance > 0:
                yield Assumption(kind="chance", of=name, written=case.span.text, span=case.span, part=case)
        if line.delay.low > 0 or line.delay.high > 0:
            yield Assumption(kind="delay", of=name, written=line.delay.span.text, span=line.delay.span, part=line.delay)
        yield from _of_lines(touchpoint, line.then, name)


def _of_behaviour(name: str, lines: tuple[Behaviour, ...]) -> Iterator[Assumption]:
    for line in lines:
        for number, case in enumerate(line.rates):
            if case.rate > 0:
                of = f"{name}: {line.event}"
                yield Assumption(kind="rate", of=of, written=case.span.text, span=case.span, part=line, case=number)


def moved(project: Project, one: Assumption, factor: Fraction) -> Project:
    """The project with one assumption so many times as great; a chance stays at most 1."""
    part: ChanceCase | Delay | Behaviour
    if isinstance(one.part, ChanceCase):
        part = msgspec.structs.replace(one.part, chance=min(Fraction(1), one.part.chance * factor))
    elif isinstance(one.part, Delay):
        low, high = (round(Fraction(seconds) * factor) for seconds in (one.part.low, one.part.high))
        part = msgspec.structs.replace(one.part, low=low, high=high)
    else:
        rates = list(one.part.rates)
        rates[one.case] = msgspec.structs.replace(rates[one.case], rate=rates[one.case].rate * factor)
        part = msgspec.structs.replace(one.part, rates=tuple(rates))
    return rewritten(project, {id(one.part): part})


def sensitivity(
    project: Project, journey: str, goal: str, people: People, progress: Progress | None = None
) -> Sensitivity:
    """How far each assumption moves the goal's rate, the one that moves it most first."""
    found = list(assumptions(project, journey))
    try:
        return _exactly(project, journey, goal, found, progress)
    except (NotExactError, TooManyStatesError):
        return _simulated(project, journey, goal, found, people, progress)


def _exactly(
    project: Project, journey: str, goal: str, found: list[Assumption], progress: Progress | None
) -> Sensitivity:
    whole = _rate(project, journey, goal)
    effects = []
    for number, one in enumerate(found, 1):
        low, high = (_rate(moved(project, one, factor), journey, goal) for factor in (1 - BY, 1 + BY))
        effects.append(Effect(assumption=one, low=low, high=high))
        if progress is not None:
            progress(number, len(found))
    return Sensitivity(goal=goal, rate=whole, by=BY, engine="exact", customers=0, effects=_sorted(effects))


def _rate(project: Project, journey: str, goal: str) -> float:
    solution = solve(lower(project, project.journeys[journey]), doubt=DOUBT)
    entered = solution.count("entered")
    return solution.count("goal", goal) / entered if entered else 0.0


def _simulated(
    project: Project, journey: str, goal: str, found: list[Assumption], people: People, progress: Progress | None
) -> Sensitivity:
    """All variants see the same customers, so that the differences are small next to the rate's own interval."""
    from safar.engine.simulate.columns.apiece import Apiece, Columns, gap, rate

    variants = 1 + 2 * len(found)
    start = default_start(project) if people.start is None else people.start

    def lived(variant: Project, number: int) -> Columns:
        def done(customers: int) -> None:
            if progress is not None:
                progress(number * people.n + customers, variants * people.n)

        return Apiece(Generated(variant, people.seed, start, 1, people.n), journey, goal).live(done)

    before = lived(project, 0)
    before_rate = rate(before)
    whole = float(before_rate.value) if before_rate is not None else 0.0
    effects = []
    for number, one in enumerate(found):
        low, high = (
            gap(before, lived(moved(project, one, factor), 2 * number + side))
            for side, factor in ((1, 1 - BY), (2, 1 + BY))
        )
        effects.append(
            Effect(
                assumption=one,
                low=whole + low[0],
                high=whole + high[0],
                low_bounds=_bounds(*low),
                high_bounds=_bounds(*high),
            )
        )
    return Sensitivity(goal=goal, rate=whole, by=BY, engine="simulated", customers=people.n, effects=_sorted(effects))


def _bounds(value: float, wrong: float | None) -> tuple[float, float] | None:
    return None if wrong is None else (value - Z * wrong, value + Z * wrong)


def _sorted(effects: list[Effect]) -> tuple[Effect, ...]:
    return tuple(sorted(effects, key=lambda one: -one.width))


def as_json(found: Sensitivity) -> Json:
    """The effects as plain data, the greatest first; rates are shares of 1."""
    return {
        "format_version": FORMAT_VERSION,
        "goal": found.goal,
        "rate": rounded(found.rate),
        "moved_by": float(found.by),
        "engine": found.engine,
        "customers": found.customers or None,
        "assumptions": [_effect(one) for one in found.effects],
    }


def _effect(one: Effect) -> Json:
    path, line, column = place(one.assumption.span)
    bounds = {
        word: None if pair is None else [rounded(pair[0]), rounded(pair[1])]
        for word, pair in (("lowered_difference", one.low_bounds), ("raised_difference", one.high_bounds))
    }
    return {
        "kind": one.assumption.kind,
        "of": one.assumption.of,
        "written": one.assumption.written,
        "path": path,
        "line": line,
        "column": column,
        "lowered": rounded(one.low),
        "raised": rounded(one.high),
        **bounds,
    }


def place(span: Span) -> tuple[str, int, int]:
    """File, line and column."""
    return span.source.path, *span.source.position(span.start)
