"""Customers over columns: the personas and attributes that `simulate/draw.py` draws, and those given in files."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from safar.engine import expression as e
from safar.engine.expression import Expression
from safar.engine.model import Attribute, Project
from safar.engine.simulate import chance as single
from safar.engine.simulate.columns import amounts, arithmetic, chance
from safar.engine.simulate.columns.amounts import Amount
from safar.engine.simulate.columns.calendar import Atlas, Zones
from safar.engine.simulate.columns.chance import Keys
from safar.engine.simulate.columns.column import UNKNOWN, Column, Interner, Rows, full, take
from safar.engine.simulate.draw import Population, defaults
from safar.engine.simulate.world import Customer


class _Draw(msgspec.Struct, frozen=True):
    """The line of a persona that draws an attribute; `position` is its place among the persona's lines."""

    position: int
    attribute: str
    part: int
    amount: Amount


class _Plan:
    """What is drawn for the customers of a project."""

    def __init__(self, project: Project, codes: Interner, atlas: Atlas) -> None:
        self.codes = codes
        self.zones = atlas.zones(None)
        self.attributes: dict[str, Attribute] = {one.name: one for one in project.vocabulary.attributes.values()}
        self.defaults = {
            name: arithmetic.constant(value, self.attributes[name].type.base, codes)
            for name, value in defaults(project).items()
        }
        personas = tuple(project.vocabulary.personas.values())
        self.personas = tuple(persona.name for persona in personas)
        self.ends = single.thresholds(persona.share for persona in personas)
        self.part = single.name_part("persona")
        self.draws = [
            [
                _Draw(n, d.attribute, single.name_part(d.attribute), amounts.amount(d.cases, d.type, codes, _part))
                for n, d in enumerate(persona.draws)
            ]
            for persona in personas
        ]

    def by_persona(self, stems: Keys) -> Iterator[tuple[int, NDArray[np.intp]]]:
        """The rows of each persona's customers; -1: those of none."""
        if not self.ends or self.ends[0] == single.ONE:
            yield len(self.ends[:1]) - 1, np.arange(len(stems))
            return
        numbers = chance.choose(chance.grow(stems, self.part), self.ends)
        for number in range(len(self.ends) + 1):
            rows = (numbers == number).nonzero()[0]
            if len(rows):
                yield number if number < len(self.ends) else -1, rows


_PIECE = 32_768
"""Customers whose personas are drawn at once: few enough that 16 bits tell one from the other."""


class _Gathering:
    """A crowd of one persona that is coming together: the stems of their keys, and who they are, piece by piece."""

    def __init__(self, persona: int, size: int) -> None:
        self.persona = persona
        self.n = 0
        self._stems = np.empty(size, np.uint64)
        self.pieces: list[_Piece] = []

    @property
    def full(self) -> bool:
        return self.n == len(self._stems)

    @property
    def stems(self) -> Keys:
        return self._stems[: self.n]

    def take(self, begin: int, rows: NDArray[np.intp], stems: Keys) -> NDArray[np.intp]:
        """Those of the customers from that number on who still find room; the rows of those who do not."""
        mine = rows[: len(self._stems) - self.n]
        n = self.n + len(mine)
        stems.take(mine, out=self._stems[self.n : n], mode="clip")
        self.pieces.append((begin, mine.astype(np.uint16)))
        self.n = n
        return rows[len(mine) :]


_Piece = tuple[int, NDArray[np.uint16]]
"""A number, and how much greater those of some customers are."""


class People:
    """The customers of a simulation, chunk by chunk."""

    def __init__(self, project: Project, seed: int, start: int, codes: Interner, atlas: Atlas | None = None) -> None:
        self._project = project
        self._plan = _Plan(project, codes, atlas or Atlas(project, codes))
        self._seed_key = single.seed_key(seed)
        self._population = Population(project, seed, start)
        self._start = start

    def generated(self, first: int, last: int, size: int, *, sampled: bool = True) -> Iterator[Crowd]:
        """The customers of these numbers, the last one too, in crowds of one persona and that size, the last smaller.

        What is asked about the persona is then one answer for all of a crowd.
        """
        coming: dict[int, _Gathering] = {}
        step = min(size, _PIECE)
        for begin in range(first, last + 1, step):
            stems = self._stems(chance.parts(begin, min(step, last + 1 - begin)))
            for persona, rows in self._plan.by_persona(stems):
                left = rows
                while len(left):
                    if persona not in coming:
                        coming[persona] = _Gathering(persona, size)
                    left = coming[persona].take(begin, left, stems)
                    if coming[persona].full:
                        yield self._drawn(coming.pop(persona), sampled=sampled)
        while coming:
            yield self._drawn(coming.pop(min(coming)), sampled=sampled)

    def _drawn(self, gathered: _Gathering, *, sampled: bool) -> Crowd:
        crowd = Generated(self._plan, gathered, self._population, self._start)
        crowd.sampled = sampled
        return crowd

    def _stems(self, numbers: Keys) -> Keys:
        """Of the keys of the customers who have these parts."""
        keys = chance.mix(self._seed_key, numbers, numbers)
        return chance.stems(keys, keys)

    def given(self, customers: Sequence[Customer]) -> Crowd:
        """Customers as they were given: attributes that they lack have their defaults."""
        numbers = np.array([single.customer_part(one.key) for one in customers], np.uint64)
        return Given(self._plan, self._stems(numbers), customers)


class Crowd:
    """A chunk of customers: the stems of their keys for chance, and as columns what is asked for.

    `sampled`: products are taken of them, for intervals.
    """

    sampled = True

    def __init__(self, plan: _Plan, stems: Keys) -> None:
        self._plan = plan
        self.stems = stems
        self.n = len(stems)

    @property
    def names(self) -> Sequence[str]:
        """Their keys as texts."""
        raise NotImplementedError

    @property
    def places(self) -> Sequence[int]:
        """Their places among all customers, in order."""
        return range(self.n)

    def persona(self) -> int | NDArray[Any]:
        """The number of the persona in order of declaration, one for all or one each; -1: none."""
        raise NotImplementedError

    def attribute(self, name: str) -> Column:
        """An attribute as it is at the beginning."""
        raise NotImplementedError

    def customer(self, row: int) -> Customer:
        """One of them, for the plain interpreter."""
        raise NotImplementedError


class Generated(Crowd):
    """Drawn customers of one persona.  An attribute is drawn when it is asked for."""

    def __init__(self, plan: _Plan, gathered: _Gathering, population: Population, start: int) -> None:
        super().__init__(plan, gathered.stems)
        self._pieces = gathered.pieces
        self._persona = persona = gathered.persona
        self._population = population
        self._start = start
        self._draws = plan.draws[persona] if persona >= 0 else []
        self._drawn: dict[int, Column] = {}

    @functools.cached_property
    def _numbers(self) -> NDArray[np.intp]:
        return np.concatenate([begin + rows.astype(np.intp) for begin, rows in self._pieces])

    @property
    def names(self) -> Sequence[str]:
        return [str(number) for number in self.places]

    @property
    def places(self) -> Sequence[int]:
        numbers: list[int] = self._numbers.tolist()
        return numbers

    def persona(self) -> int:
        return self._persona

    def customer(self, row: int) -> Customer:
        key = str(self._numbers[row])
        persona, attributes = self._population.draw(key)
        return Customer(key=key, persona=persona, attributes=attributes)

    def attribute(self, name: str) -> Column:
        return self._before(name, len(self._draws))

    def _before(self, name: str, position: int) -> Column:
        """An attribute as the persona's lines before that position leave it."""
        line = next((one for one in reversed(self._draws[:position]) if one.attribute == name), None)
        return self._plan.defaults[name] if line is None else self._line(line)

    def _line(self, line: _Draw) -> Column:
        if line.position not in self._drawn:
            key = chance.grow(self.stems, line.part)
            found = line.amount(self._look(line.position), chance.uniform(key, key))
            if found.known is not True and not self._plan.attributes[line.attribute].type.unknown:
                found = _or_else(found, self._before(line.attribute, line.position), self.n)
            self._drawn[line.position] = found
        return self._drawn[line.position]

    def _look(self, position: int) -> _Beginning:
        names = self._plan.personas
        codes, zones = self._plan.codes, self._plan.zones
        return _Beginning(
            n=self.n,
            attributes=lambda name: self._before(name, position),
            name=Column(codes.code(names[self._persona])),
            start=self._start,
            clock=zones,
        )


def _or_else(column: Column, otherwise: Column, n: int) -> Column:
    """Where it is unknown, the other one."""
    (values, known), (others, known_too) = full(column, n), full(otherwise, n)
    return Column(np.where(known, values, others), known | known_too)


class _Beginning(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What a persona's line may look at: the customers of that persona, as the lines before it leave them."""

    n: int
    attributes: Callable[[str], Column]
    name: Column
    start: int
    clock: Zones

    def part(self, index: Rows) -> _Beginning:
        whole = self.attributes
        return msgspec.structs.replace(self, n=len(index), attributes=lambda name: take(whole(name), index))

    def attribute(self, name: str) -> Column:
        return self.attributes(name)

    def persona(self) -> Column:
        return self.name

    def stage(self) -> Column:
        return UNKNOWN

    def now(self) -> int:
        return self.start

    def zones(self) -> Zones:
        return self.clock

    def payload(self, field: str) -> Column:
        return UNKNOWN

    def entry(self, field: str) -> Column:
        return UNKNOWN

    def history(self, node: Expression) -> Column:
        """Nothing has happened yet."""
        match node:
            case e.Happened():
                return Column(False)
            case e.Count():
                return Column(0)
            case _:
                return UNKNOWN


def _part(look: Any, index: Rows) -> Any:
    return look.part(index)


class Given(Crowd):
    """Customers from a file."""

    def __init__(self, plan: _Plan, stems: Keys, customers: Sequence[Customer]) -> None:
        super().__init__(plan, stems)
        self._customers = customers

    @property
    def names(self) -> Sequence[str]:
        return [one.key for one in self._customers]

    def customer(self, row: int) -> Customer:
        return self._customers[row]

    def persona(self) -> NDArray[Any]:
        numbers: dict[str | None, int] = {name: number for number, name in enumerate(self._plan.personas)}
        return np.array([numbers.get(one.persona, -1) for one in self._customers], np.int64)

    def attribute(self, name: str) -> Column:
        default = self._plan.defaults[name]
        if not any(name in one.attributes for one in self._customers):
            return default
        base = self._plan.attributes[name].type.base
        codes = self._plan.codes
        otherwise = None if default.known is False else arithmetic.decode(default.values, base, codes)
        return arithmetic.column_of([one.attributes.get(name, otherwise) for one in self._customers], base, codes)
