"""Crowds: all customers whom the conditions met so far cannot tell apart.

A crowd is a persona and, for each drawn attribute, the values that are still possible, with their chances: these are
independent of each other.  Attributes that are set on the way are kept as what they were set to, in terms of the drawn
ones, and worked out for each possible value when a condition or an amount of money asks for them.
"""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from safar.engine import expression as e
from safar.engine.expression import Expression, Heard, Value
from safar.engine.model import Assign, Attribute, Project
from safar.engine.names import fold
from safar.engine.simulate.arithmetic import kept
from safar.engine.simulate.draw import project_zone
from safar.engine.simulate.evaluate import ready
from safar.engine.simulate.exact.reading import linear_mean, reads
from safar.engine.simulate.exact.refusal import NotExactError
from safar.engine.simulate.history import NOTHING, History
from safar.engine.simulate.life import allowed
from safar.engine.simulate.situation import Situation

MOST_VALUES = 200_000
"""Combinations of values that one expression may be worked out for."""

Spread = tuple[tuple[Value, float], ...]
"""Possible values with their chances."""


class Raw(msgspec.Struct, frozen=True):
    """The value of a drawn variable."""

    name: str


class Known(msgspec.Struct, frozen=True):
    value: Value


class Opaque(msgspec.Struct, frozen=True):
    """A value of which at most the mean is known: a condition on it ends the attempt."""

    why: str
    mean: float | None = None


class Made(msgspec.Struct, frozen=True):
    """What an expression gave, by its number among the makings of `Crowds`."""

    number: int


Origin = Raw | Known | Opaque | Made
Origins = tuple[tuple[str, Origin], ...]
"""By the name of the attribute, `entry.` and a field of the entry, or `event.` and a field of the event at hand."""

Fact = tuple[Heard, str, str, str]
"""Something that happened since the entry: kind, name, and touchpoint and step while it answers their latest visit."""


class Making(msgspec.Struct, frozen=True):
    """An expression with the attributes (and fields) that it reads as they were; `attribute` and `old` where it was
    put into an attribute, which may hold it off.  `variables` are the drawn ones behind it, `asks` what it asks besides
    values (persona, stage, past), `size` the number of expressions behind it.
    """

    node: Expression
    reads: tuple[tuple[str, Origin], ...]
    attribute: str
    old: Origin | None
    variables: frozenset[str]
    asks: frozenset[str]
    opaque: str
    size: int


class Crowd(msgspec.Struct, frozen=True):
    """`left`: by variable, the number of the spread that is left of it."""

    persona: str | None
    left: tuple[tuple[str, int], ...] = ()

    def narrowed(self, name: str, number: int) -> Crowd:
        return Crowd(self.persona, tuple((one, number if one == name else old) for one, old in self.left))


class Scene(msgspec.Struct, frozen=True):
    """What an expression may look at besides the drawn values."""

    origins: Origins
    facts: frozenset[Fact] = frozenset()
    stage: str = ""

    def origin(self, name: str) -> Origin:
        return next((origin for one, origin in self.origins if one == name), Known(None))


class _Told:
    """Stands in for a run: where an answer is to its latest visit."""

    per, known = "", 0

    def __init__(self, stage: str, payload: dict[str, Value], facts: Iterable[Fact]) -> None:
        self.stage, self.payload = stage, payload
        self.latest = {fact[2]: 1 for fact in facts}
        self.latest_at = {fact[3]: 1 for fact in facts}


_SMALL = 30
"""Expressions behind a value that is worked out by functions; one that shares more of them remembers each."""

_NOBODY: Any = _Told("", {}, ())


class Crowds:
    """Splits crowds by conditions and takes means over them."""

    def __init__(self, project: Project, start: int) -> None:
        self._attributes: dict[str, Attribute] = project.vocabulary.attributes
        self._now = Situation(None, {}, project_zone(project), start)
        self._spreads: list[Spread] = []
        self._numbers: dict[Spread, int] = {}
        self._makings: list[Making] = []
        self._known: dict[Any, int] = {}
        self._readings: dict[int, Callable[..., Value]] = {}
        self._splits: dict[Any, list[tuple[float, Crowd, bool]]] = {}
        self._parts: dict[Any, list[tuple[float, int | None, bool]]] = {}
        self._means: dict[Any, float] = {}

    # --- spreads

    def spread(self, values: Spread) -> int:
        """The number of a spread, the same for equal ones."""
        number = self._numbers.get(values)
        if number is None:
            number = self._numbers[values] = len(self._spreads)
            self._spreads.append(values)
        return number

    def _of(self, crowd: Crowd, variable: str) -> Spread:
        number = dict(crowd.left).get(variable)
        if number is None:
            raise NotExactError("a drawn value matters where it is known no more")
        return self._spreads[number]

    def bind(self, crowd: Crowd, name: str, spread: Spread) -> tuple[Crowd, Origin]:
        """A new variable of the crowd with these possible values; the name is made another if it is taken."""
        if len(spread) == 1:
            return crowd, Known(spread[0][0])
        taken, free, number = dict(crowd.left), name, 1
        while free in taken:
            number += 1
            free = f"{name}~{number}"
        return Crowd(crowd.persona, tuple(sorted((*crowd.left, (free, self.spread(spread)))))), Raw(free)

    def pruned(self, crowd: Crowd, origins: Iterable[Origin]) -> Crowd:
        """The crowd without the variables that none of these values depends on."""
        used = frozenset[str]().union(*(self._named(origin) for origin in origins))
        if all(name in used for name, _ in crowd.left):
            return crowd
        return Crowd(crowd.persona, tuple(one for one in crowd.left if one[0] in used))

    def _named(self, origin: Origin) -> frozenset[str]:
        if isinstance(origin, Raw):
            return frozenset({origin.name})
        return self._makings[origin.number].variables if isinstance(origin, Made) else frozenset()

    # --- what attributes are

    def put(self, scene: Scene, assign: Assign, crowd: Crowd) -> Origins:
        """The origins after `set`."""
        name = assign.attribute
        made = self._made(assign.value, scene, name)
        if isinstance(made, Made) and not self._variables(made):
            made = Known(self._value(made, {}, crowd.persona, scene))
        return tuple(
            sorted(((one, o) for one, o in (*scene.origins, (name, made)) if o is made or one != name), key=_first)
        )

    def amount(self, node: Expression, scene: Scene) -> Origin:
        """What an expression gives here."""
        return self._made(node, scene, "")

    def fixed(self, origin: Origin, crowd: Crowd, scene: Scene) -> tuple[bool, Value]:
        """Whether a value is the same for all customers whatsoever, and which."""
        if self._variables(origin):
            return False, None
        return True, self._value(origin, {}, crowd.persona, scene)

    def _made(self, node: Expression, scene: Scene, attribute: str) -> Origin:
        names, asks = reads(node)
        known = tuple((name, scene.origin(name)) for name in sorted(names))
        old = scene.origin(attribute) if attribute else None
        key = node, known, attribute, old
        if key not in self._known:
            behind = [origin for _, origin in known] + ([old] if old is not None else [])
            inner = [self._makings[one.number] for one in behind if isinstance(one, Made)]
            opaque = [one.why for one in behind if isinstance(one, Opaque)] + [
                one.opaque for one in inner if one.opaque
            ]
            making = Making(
                node=node,
                reads=known,
                attribute=attribute,
                old=old,
                variables=frozenset[str]().union(*map(self._named, behind)),
                asks=asks.union(*(one.asks for one in inner)),
                opaque=opaque[0] if opaque else "",
                size=1 + sum(one.size for one in inner),
            )
            self._known[key] = len(self._makings)
            self._makings.append(making)
        return Made(self._known[key])

    def _variables(self, origin: Origin) -> frozenset[str]:
        """The drawn variables behind a value; raises `NotExactError` where nothing exact can be said of it."""
        why = origin.why if isinstance(origin, Opaque) else ""
        if isinstance(origin, Made):
            why = self._makings[origin.number].opaque
        if why:
            raise NotExactError(why)
        return self._named(origin)

    def _value(self, origin: Origin | None, drawn: dict[str, Value], persona: str | None, scene: Scene) -> Value:
        return self._told(origin, drawn, persona, scene, {})

    def _worker(self, origin: Origin | None, persona: str | None, scene: Scene) -> Callable[[dict[str, Value]], Value]:
        """The value as a function of what was drawn, for when it is worked out for many values."""
        if isinstance(origin, Raw):
            return operator.itemgetter(origin.name)
        if not isinstance(origin, Made):
            known = origin.value if isinstance(origin, Known) else None
            return lambda drawn: known
        making = self._makings[origin.number]
        if making.asks or making.size > _SMALL or any("." in name for name, _ in making.reads):
            return lambda drawn: self._value(origin, drawn, persona, scene)
        reading, now = ready(making.node), self._now
        read = [(name, self._worker(one, persona, scene)) for name, one in making.reads]

        def work(drawn: dict[str, Value]) -> Value:
            now.attributes = {name: one(drawn) for name, one in read}
            return reading(now, _NOBODY, NOTHING)

        if not making.attribute:
            return work
        attribute, before = self._attributes[making.attribute], self._worker(making.old, persona, scene)
        return lambda drawn: allowed(attribute, before(drawn), kept(work(drawn), attribute.type))[0]

    def _told(
        self,
        origin: Origin | None,
        drawn: dict[str, Value],
        persona: str | None,
        scene: Scene,
        done: dict[int, Value],
    ) -> Value:
        if isinstance(origin, Raw):
            return drawn[origin.name]
        if not isinstance(origin, Made):
            return origin.value if isinstance(origin, Known) else None
        if origin.number not in done:
            making = self._makings[origin.number]
            read = {name: self._told(one, drawn, persona, scene, done) for name, one in making.reads}
            value = self._worked(making.node, read, persona, scene)
            if making.attribute:
                attribute = self._attributes[making.attribute]
                old = self._told(making.old, drawn, persona, scene, done)
                value = allowed(attribute, old, kept(value, attribute.type))[0]
            done[origin.number] = value
        return done[origin.number]

    def _worked(self, node: Expression, read: dict[str, Value], persona: str | None, scene: Scene) -> Value:
        reading = self._readings.get(id(node))
        if reading is None:
            reading = self._readings[id(node)] = ready(node)
        now, event = self._now, NOTHING
        run: Any = _NOBODY
        now.persona, now.attributes = persona, read
        if reads(node)[1] or any("." in name for name in read):
            entry = {name[6:]: value for name, value in read.items() if name.startswith("entry.")}
            event = {name[6:]: value for name, value in read.items() if name.startswith("event.")}
            run = _Told(scene.stage, entry, scene.facts)
            now.history = _history(scene.facts, run)
        return reading(now, run, event)

    # --- conditions and means

    def split(self, crowd: Crowd, condition: Expression | None, scene: Scene) -> list[tuple[float, Crowd, bool]]:
        """The parts of a crowd for which a condition is true, and for which it is not, with their shares."""
        if condition is None:
            return [(1.0, crowd, True)]
        if isinstance(condition, e.Condition):
            return self.split(crowd, condition.item, scene)
        if isinstance(condition, e.And | e.Or):
            return list(self._joined(crowd, condition, scene))
        key = condition, crowd, self._asked(condition, scene)
        if key not in self._splits:
            self._splits[key] = self._leaf(crowd, self._made(condition, scene, ""), scene)
        return self._splits[key]

    def _asked(self, node: Expression, scene: Scene) -> object:
        names, asks = reads(node)
        told = scene.facts if "past" in asks else None, scene.stage if "stage" in asks else ""
        return tuple(scene.origin(name) for name in sorted(names)), told

    def _joined(self, crowd: Crowd, condition: e.And | e.Or, scene: Scene) -> Iterator[tuple[float, Crowd, bool]]:
        settles = isinstance(condition, e.Or)
        for share, part, true in self.split(crowd, condition.left, scene):
            if true is settles:
                yield share, part, true
                continue
            for inner, rest, also in self.split(part, condition.right, scene):
                yield share * inner, rest, also

    def _leaf(self, crowd: Crowd, made: Origin, scene: Scene) -> list[tuple[float, Crowd, bool]]:
        variables = sorted(self._variables(made), key=lambda name: len(self._of(crowd, name)))
        if not variables:
            return [(1.0, crowd, self._value(made, {}, crowd.persona, scene) is True)]
        first, last = variables[:-1], variables[-1]
        self._fits(crowd, variables)
        found = []
        for values in itertools.product(*(self._of(crowd, name) for name in first)):
            drawn = {name: value for name, (value, _) in zip(first, values, strict=True)}
            part, share = crowd, math.prod(weight for _, weight in values)
            for name, (value, _) in zip(first, values, strict=True):
                part = part.narrowed(name, self.spread(((value, 1.0),)))
            found += [(share * s, c, t) for s, c, t in self._parted(part, last, made, drawn, scene)]
        truths = {true for _, _, true in found}
        return [(1.0, crowd, truths.pop())] if len(truths) == 1 else found

    def _parted(
        self, crowd: Crowd, name: str, made: Origin, drawn: dict[str, Value], scene: Scene
    ) -> Iterator[tuple[float, Crowd, bool]]:
        asks, spread = self._asks(made), self._of(crowd, name)
        told = crowd.persona if "persona" in asks else None, scene if asks & {"past", "stage"} else None
        key = made, name, dict(crowd.left)[name], tuple(drawn.items()), told
        if key not in self._parts:
            groups: dict[bool, list[tuple[Value, float]]] = {}
            work, drawn = self._worker(made, crowd.persona, scene), dict(drawn)
            for value, weight in spread:
                drawn[name] = value
                true = work(drawn) is True
                groups.setdefault(true, []).append((value, weight))
            self._parts[key] = list(self._shares(groups))
        for share, left, true in self._parts[key]:
            yield share, crowd if left is None else crowd.narrowed(name, left), true

    def _shares(self, groups: dict[bool, list[tuple[Value, float]]]) -> Iterator[tuple[float, int | None, bool]]:
        for true, values in groups.items():
            share = math.fsum(weight for _, weight in values)
            whole = len(groups) == 1
            yield share, None if whole else self.spread(tuple((v, weight / share) for v, weight in values)), true

    def _asks(self, origin: Origin) -> frozenset[str]:
        """What the expressions behind a value ask besides values."""
        return self._makings[origin.number].asks if isinstance(origin, Made) else frozenset()

    def mean(self, crowd: Crowd, origin: Origin, scene: Scene) -> float:
        """The mean of a value over a crowd; where it is unknown it counts as nothing."""
        if isinstance(origin, Opaque) or (isinstance(origin, Made) and self._makings[origin.number].opaque):
            return self._linear(crowd, origin)
        asks, variables = self._asks(origin), self._variables(origin)
        told = crowd.persona if "persona" in asks else None, scene if asks & {"past", "stage"} else None
        key = origin, tuple((name, number) for name, number in crowd.left if name in variables), told
        if key not in self._means:
            self._means[key] = self._mean(crowd, origin, scene)
        return self._means[key]

    def _linear(self, crowd: Crowd, origin: Origin) -> float:
        """The mean of a value that is linear in what only a mean is known of; raises `NotExactError` for others."""
        if isinstance(origin, Known):
            return float(origin.value) if isinstance(origin.value, int | float) else 0.0
        if isinstance(origin, Raw):
            return math.fsum(float(v) * w for v, w in self._of(crowd, origin.name) if isinstance(v, int | float))
        if isinstance(origin, Opaque):
            if origin.mean is None:
                raise NotExactError(origin.why)
            return origin.mean
        making = self._makings[origin.number]
        if making.attribute and self._attributes[making.attribute].change != "free":
            raise NotExactError(making.opaque)
        return linear_mean(making.node, lambda name: self._linear(crowd, dict(making.reads)[name]), making.opaque)

    def _mean(self, crowd: Crowd, origin: Origin, scene: Scene) -> float:
        names = sorted(self._variables(origin))
        self._fits(crowd, names)
        spreads = [self._of(crowd, name) for name in names]
        total, work = [], self._worker(origin, crowd.persona, scene)
        for values in itertools.product(*spreads):
            value = work({name: value for name, (value, _) in zip(names, values, strict=True)})
            if isinstance(value, int | float):
                total.append(value * math.prod(weight for _, weight in values))
        return math.fsum(total)

    def _fits(self, crowd: Crowd, names: list[str]) -> None:
        if math.prod(len(self._of(crowd, name)) for name in names) > MOST_VALUES:
            raise NotExactError("a condition or an amount depends on too many values at once")


def _first(pair: tuple[str, Origin]) -> str:
    return pair[0]


def _history(facts: Iterable[Fact], run: Any) -> History:
    history = History()
    for kind, name, touchpoint, step in sorted(facts, key=lambda fact: (fact[0].value, *fact[1:])):
        record = history.add((kind, fold(name)), 0, {})
        record.run, record.touchpoint, record.step = run, touchpoint, step
        record.visit = 1
    return history
