"""Values for a customer who is in a box: his attributes, and the fields of the events that come to him."""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Iterable, Iterator

import msgspec

from safar.engine.expression import Alternative, Base, Expression, Literal, Type, Value
from safar.engine.model import Attribute, Event
from safar.engine.prove.atoms import leaves
from safar.engine.prove.space import FIXED, Space, Variable
from safar.engine.prove.turns import WHOLE, stretch
from safar.engine.simulate.arithmetic import kept
from safar.engine.simulate.evaluate import ready
from safar.engine.simulate.life import allowed
from safar.engine.simulate.run import Run
from safar.engine.simulate.situation import Payload, Situation

_MOST_TRIED = 400
"""Combinations of values that are tried for what cannot be told from one thing alone."""

_DEEP = 50
"""So far from the end of its class is a number to which something is to be added."""

_EXAMPLES: dict[Base, Value] = {
    Base.TEXT: "A1",
    Base.INTEGER: 1,
    Base.NUMBER: 1.0,
    Base.MONEY: 4_000 * 100,
    Base.PERCENT: 0.1,
    Base.YES_NO: True,
    Base.DATE: datetime.date(2027, 2, 1),
    Base.TIME: 1_800_000_000,
    Base.DURATION: 86_400,
    Base.LIST: (),
}


class Wish(msgspec.Struct, frozen=True):
    """An event that is to come, and be what `one` is about: to customers who are in one box `before` (fields of `entry`
    too) and in another `after` its `then set` lines."""

    event: Event
    one: Alternative | None
    before: int
    after: int


class Chooser:
    """Chooses values in one space."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._attributes = space.project.vocabulary.attributes

    # --- attributes

    def fits(self, variable: Variable, value: Value, want: int) -> bool:
        number = variable.class_of(value)
        return number is not None and bool(variable.bits((number,)) & want)

    def _restricted(self, want: int) -> list[Variable]:
        """What a box says anything of, as far as attributes decide it."""
        kinds = ("attribute", "expression")
        return [
            one
            for one in self._space.variables
            if one.key[0] in kinds and want & one.field != one.field and (one.key[0] == "attribute" or one.needs)
        ]

    def attributes(
        self, want: int, now: Situation, run: Run | None, *, anew: bool, deep: bool = False
    ) -> dict[str, Value]:
        """The attributes that must be others for a customer to be in the box; `anew` where fixed ones may be chosen,
        `deep` to take numbers that stay in their class when something is added to them."""
        restricted = self._restricted(want)
        wrong = [one for one in restricted if not self.is_so(one, now, run, want)]
        if not wrong:
            return {}
        names = list(dict.fromkeys(name for one in wrong for name in self._names(one)))
        kinds = [self._attributes[name] for name in names]
        if deep:
            candidates = [[*self._deep(one, want)] or [now.attributes.get(one.name)] for one in kinds]
        else:
            candidates = [list(self._candidates(one, want, now.attributes.get(one.name), anew=anew)) for one in kinds]
        old = now.attributes
        for values in itertools.islice(itertools.product(*candidates), _MOST_TRIED):
            chosen = dict(zip(names, values, strict=True))
            now.attributes = {**old, **chosen}
            fit = all(self.is_so(one, now, run, want) for one in restricted)
            now.attributes = old
            if fit:
                return {name: value for name, value in chosen.items() if value != old.get(name)}
        return {}

    def _names(self, one: Variable) -> Iterable[str]:
        return (str(one.key[1]),) if one.key[0] == "attribute" else sorted(one.needs)

    def is_so(self, one: Variable, now: Situation, run: Run | None, want: int) -> bool:
        """Whether a thing is as a box wants it."""
        if one.key[0] == "attribute":
            return self.fits(one, now.attributes.get(str(one.key[1])), want)
        assert one.expression is not None
        return self.fits(one, ready(one.expression)(now, run, {}), want)

    def _candidates(self, attribute: Attribute, want: int, present: Value, *, anew: bool) -> Iterator[Value]:
        """Values that an attribute may have in a box, its present one first."""
        variable = self._space.by_key.get(("attribute", attribute.name))
        if variable is None or self.fits(variable, present, want):
            yield present
        if attribute.change == FIXED and not anew:
            return
        values = variable.left(want) if variable is not None else ()
        for value in (*values, *self._free(attribute)):
            if value is None and not attribute.type.unknown:
                continue
            shown = kept(value, attribute.type)
            if variable is not None and not self.fits(variable, shown, want):
                continue
            if anew or attribute.change != "growing" or present is None or shown >= present:  # type: ignore[operator]
                yield shown

    def _deep(self, attribute: Attribute, want: int) -> Iterator[Value]:
        """Of each class that an attribute may be in a value far from its ends."""
        variable = self._space.by_key.get(("attribute", attribute.name))
        if variable is None:
            return
        for number in variable.classes(want):
            value = variable.values[number]
            if attribute.type.base in WHOLE and value is not None:
                value = _far_within(*stretch(variable, number))
            if value is not None or attribute.type.unknown:
                yield value

    def _free(self, attribute: Attribute) -> Iterator[Value]:
        """Other values: those that conditions compare other attributes with."""
        for one in self._space.variables:
            if attribute.name in one.needs:
                yield from self._constants(one, attribute.type)
        yield example(attribute.type)

    @staticmethod
    def _constants(one: Variable, type: Type) -> Iterator[Value]:
        for leaf in leaves(one.expression):
            if isinstance(leaf, Literal) and leaf.type.base is type.base:
                yield leaf.value
            elif isinstance(leaf, Literal) and type.base is Base.LIST:
                yield (leaf.value,)

    # --- events

    def payload(self, wish: Wish, now: Situation, run: Run | None) -> tuple[Payload, dict[str, Value]] | None:
        """The fields of an event, and attributes that must be others before it, so that all comes as wished."""
        event = wish.event
        fields = [field.name for field in event.fields]
        columns = [list(self._fields(event, field.name, wish.before)) for field in event.fields]
        assigned = [self._attributes[line.attribute] for line in event.then_set]
        changing = [one for one in assigned if ("attribute", one.name) in self._space.by_key]
        olds = [list(self._olds(one, wish.before, now.attributes.get(one.name))) for one in changing]
        for row in itertools.islice(itertools.product(*columns, *olds), _MOST_TRIED):
            payload = dict(zip(fields, row[: len(fields)], strict=True))
            before = dict(zip((one.name for one in changing), row[len(fields) :], strict=True))
            old = now.attributes
            now.attributes = {**old, **before}
            fits = self._is_taken(wish, payload, now, run)
            now.attributes = old
            if fits:
                return payload, {name: value for name, value in before.items() if value != old.get(name)}
        return None

    def _olds(self, attribute: Attribute, want: int, present: Value) -> Iterator[Value]:
        yield present
        variable = self._space.by_key["attribute", attribute.name]
        for value in variable.left(want):
            if attribute.change == "growing" and value is not None and present is not None and value < present:  # type: ignore[operator]
                continue
            yield value
            below = isinstance(value, int) and not isinstance(value, bool)
            if below and (attribute.change != "growing" or present is None or value - 1 >= present):  # type: ignore[operator]
                yield value - 1  # type: ignore[operator]

    def _fields(self, event: Event, field: str, want: int) -> Iterator[Value]:
        type = next(one.type for one in event.fields if one.name == field)
        entry = self._space.by_key.get(("entry", field))
        if entry is not None and want & entry.field != entry.field:
            yield from (kept(value, type) for value in entry.left(want))
            return
        asked = self._space.by_key.get(("payload", field))
        yield example(type)
        for variable in (asked, entry, *self._set_from(event, field)):
            if variable is not None:
                yield from (kept(value, type) for value in variable.values if value is not None)

    def _set_from(self, event: Event, field: str) -> Iterator[Variable | None]:
        for line in event.then_set:
            yield self._space.by_key.get(("attribute", line.attribute))

    def _is_taken(self, wish: Wish, payload: Payload, now: Situation, run: Run | None) -> bool:
        """Whether an event, with its `then set` lines, does as wished."""
        for line in wish.event.then_set:
            attribute = self._attributes[line.attribute]
            value = kept(ready(line.value)(now, run, payload), attribute.type)
            now.attributes[attribute.name] = allowed(attribute, now.attributes.get(attribute.name), value)[0]
        taken = all(ready(condition)(now, run, payload) is True for condition in self._asked(wish.one))
        return taken and all(
            self.is_so(one, now, run, wish.after) for one in self._restricted(wish.after) if one.key[0] == "attribute"
        )

    @staticmethod
    def _asked(one: Alternative | None) -> list[Expression]:
        if one is None:
            return []
        where = one.form.where if one.form is not None else None
        return [part for part in (where, one.condition) if part is not None]


def example(type: Type) -> Value:
    """Some value of a type."""
    if type.base is Base.ONE_OF:
        return type.options[0]
    return _EXAMPLES.get(type.base)


def _far_within(low: float, high: float) -> int:
    """A number of a stretch, far from its ends."""
    if low == -math.inf:
        return 0 if high == math.inf else int(high) - _DEEP
    return int(low) + _DEEP if high == math.inf else int(low + high) // 2
