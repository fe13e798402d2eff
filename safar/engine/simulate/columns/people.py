"""Customers over columns: the personas and attributes that `simulate/draw.py` draws, and those given in files."""

from __future__ import annotations

import functools
from collections.abc import Sequence
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
        alike = [{d.attribute: amounts.signature(d.cases, d.type) for d in persona.draws} for persona in personas]
        self.alike = (
            {
                name: self._line(0, name)
                for name in alike[0]
                if alike
                if all(own.get(name) == alike[0][name] is not None for own in alike) and self._once(name)
            }
            if alike
            else {}
        )

    def _line(self, persona: int, name: str) -> _Draw:
        return next(one for one in self.draws[persona] if one.attribute == name)

    def _once(self, name: str) -> bool:
        return all(sum(one.attribute == name for one in lines) == 1 for lines in self.draws)


class People:
    """The customers of a simulation, chunk by chunk."""

    def __init__(self, project: Project, seed: int, start: int, codes: Interner, atlas: Atlas | None = None) -> None:
        self._project = project
        self._plan = _Plan(project, codes, atlas or Atlas(project, codes))
        self._seed_key = single.seed_key(seed)
        self._population = Population(project, seed, start)
        self._start = start

    def generated(self, first: int, n: int) -> Crowd:
        """The customers numbered `first` to `first + n - 1`; the first of all is 1."""
        keys = chance.parts(first, n)
        chance.mix(self._seed_key, keys, keys)
        return Generated(self._plan, keys, self._population, first, self._start)

    def given(self, customers: Sequence[Customer]) -> Crowd:
        """Customers as they were given: attributes that they lack have their defaults."""
        numbers = np.array([single.customer_part(one.key) for one in customers], np.uint64)
        return Given(self._plan, chance.mix(self._seed_key, numbers), customers)


class Crowd:
    """A chunk of customers: their keys for chance, and as columns what is asked for."""

    def __init__(self, plan: _Plan, keys: Keys) -> None:
        self._plan = plan
        self.keys = keys
        self.n = len(keys)

    @property
    def names(self) -> Sequence[str]:
        """Their keys as texts."""
        raise NotImplementedError

    def persona(self) -> NDArray[Any]:
        """The number of each one's persona in order of declaration; -1: none."""
        raise NotImplementedError

    def attribute(self, name: str) -> Column:
        """An attribute as it is at the beginning."""
        raise NotImplementedError

    def customer(self, row: int) -> Customer:
        """One of them, for the plain interpreter."""
        raise NotImplementedError


class _Numbers(Sequence[str]):
    def __init__(self, first: int, n: int) -> None:
        self._range = range(first, first + n)

    def __len__(self) -> int:
        return len(self._range)

    def __getitem__(self, row: Any) -> Any:
        return [str(one) for one in self._range[row]] if isinstance(row, slice) else str(self._range[row])


class Generated(Crowd):
    """Drawn customers.  An attribute is drawn when it is asked for."""

    def __init__(self, plan: _Plan, keys: Keys, population: Population, first: int, start: int) -> None:
        super().__init__(plan, keys)
        self._population = population
        self._first = first
        self.start = start
        self._drawn: dict[tuple[int, int], Column] = {}

    @property
    def names(self) -> Sequence[str]:
        return _Numbers(self._first, self.n)

    def customer(self, row: int) -> Customer:
        key = str(self._first + row)
        persona, attributes = self._population.draw(key)
        return Customer(key=key, persona=persona, attributes=attributes)

    @functools.cached_property
    def _personas(self) -> NDArray[Any]:
        ends = self._plan.ends
        found = chance.choose(chance.mix(self.keys, self._plan.part), ends)
        if not ends or ends[-1] < single.ONE:
            found[found == len(ends)] = -1
        return found

    def persona(self) -> NDArray[Any]:
        return self._personas

    def attribute(self, name: str) -> Column:
        alike = self._plan.alike.get(name)
        if alike is not None and self._plan.ends[-1] == single.ONE:
            return alike.amount(_Beginning(self, 0, 0, np.arange(0)), self.uniform(self.keys, alike.part))
        default = self._plan.defaults[name]
        drawing = [n for n, lines in enumerate(self._plan.draws) if any(one.attribute == name for one in lines)]
        if not drawing:
            return default
        values, known = (np.array(part) for part in full(default, self.n))
        values = values.astype(arithmetic.dtype(self._plan.attributes[name].type.base))
        for number in drawing:
            rows = self.rows(number)
            values[rows], known[rows] = full(self.before(name, number, len(self._plan.draws[number])), len(rows))
        return Column(values, True if known.all() else known)

    def uniform(self, keys: Keys, part: int) -> NDArray[np.int64]:
        key = chance.mix(keys, part)
        return chance.uniform(key, key)

    @functools.cached_property
    def _rows(self) -> list[NDArray[np.intp]]:
        return [np.flatnonzero(self._personas == number) for number in range(len(self._plan.ends))]

    def rows(self, persona: int) -> NDArray[np.intp]:
        return self._rows[persona]

    def before(self, name: str, persona: int, position: int) -> Column:
        """An attribute of the customers of one persona, as the persona's lines before that position leave it."""
        line = next(
            (one for one in reversed(self._plan.draws[persona][:position]) if one.attribute == name),
            None,
        )
        return self._plan.defaults[name] if line is None else self._line(persona, line)

    def _line(self, persona: int, line: _Draw) -> Column:
        asked = persona, line.position
        if asked not in self._drawn:
            rows = self.rows(persona)
            look = _Beginning(self, persona, line.position, rows)
            found = line.amount(look, self.uniform(self.keys[rows], line.part))
            if found.known is not True and not self._plan.attributes[line.attribute].type.unknown:
                found = _or_else(found, self.before(line.attribute, persona, line.position), len(rows))
            self._drawn[asked] = found
        return self._drawn[asked]


def _or_else(column: Column, otherwise: Column, n: int) -> Column:
    """Where it is unknown, the other one."""
    (values, known), (others, known_too) = full(column, n), full(otherwise, n)
    return Column(np.where(known, values, others), known | known_too)


class _Beginning:
    """What a persona's line may look at: the customers of that persona, as the lines before it leave them."""

    def __init__(self, crowd: Generated, persona: int, position: int, rows: Rows, index: Rows | None = None) -> None:
        self._crowd = crowd
        self._persona = persona
        self._position = position
        self._rows = rows
        self._index = index

    @property
    def n(self) -> int:
        return len(self._rows) if self._index is None else len(self._index)

    def part(self, index: Rows) -> _Beginning:
        index = index if self._index is None else self._index[index]
        return _Beginning(self._crowd, self._persona, self._position, self._rows, index)

    def attribute(self, name: str) -> Column:
        column = self._crowd.before(name, self._persona, self._position)
        return column if self._index is None else take(column, self._index)

    def persona(self) -> Column:
        plan = self._crowd._plan
        return Column(plan.codes.code(plan.personas[self._persona]))

    def stage(self) -> Column:
        return UNKNOWN

    def now(self) -> int:
        return self._crowd.start

    def zones(self) -> Zones:
        return self._crowd._plan.zones

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

    def __init__(self, plan: _Plan, keys: Keys, customers: Sequence[Customer]) -> None:
        super().__init__(plan, keys)
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
