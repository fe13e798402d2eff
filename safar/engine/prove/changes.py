"""What a step, an event or time does to a box, forwards; and backwards, what must have been for something to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from safar.engine.prove.space import Space, Variable


class Change:
    """One change of what is known of a customer; it `touches` the fields that may become others."""

    touches = 0
    passes = False
    """Whether it is time that passes."""

    def after(self, box: int) -> Iterable[int]:
        """The boxes of those who were in a box; none where nobody gets through."""
        raise NotImplementedError

    def before(self, was: int, want: int) -> int:
        """Of those who were in a box, the ones (or some) who may come to be in another; 0: nobody."""
        raise NotImplementedError

    def live(self, after: int) -> int:
        """The fields that matter before it, given those that matter after it."""
        return after

    def lets(self) -> tuple[int, ...] | None:
        """The boxes in one of which somebody must be to get through; None: all do."""
        return None


class Guard(Change):
    """Only those in one of the boxes get through."""

    def __init__(self, space: Space, boxes: Sequence[int]) -> None:
        self._space = space
        self._boxes = [(box, space.fields(space.full & ~box)) for box in boxes]
        self.fields = 0
        for _, fields in self._boxes:
            for field in fields:
                self.fields |= field

    def after(self, box: int) -> Iterator[int]:
        for keep, fields in self._boxes:
            left = box & keep
            for field in fields:
                if not left & field:
                    break
            else:
                yield left

    def before(self, was: int, want: int) -> int:
        for left in self.after(was & want):
            if self._space.proper(left):
                return left
        return 0

    def live(self, after: int) -> int:
        return after | self.fields

    def lets(self) -> tuple[int, ...]:
        return tuple(box for box, _ in self._boxes)


class Passes(Change):
    """Time passes: free things become anything, growing ones more."""

    passes = True

    def __init__(self, space: Space) -> None:
        self._space = space
        self.touches = self._moving = space.free | sum(one.field for one in space.growing)

    def after(self, box: int) -> tuple[int]:
        return (self._space.grown(box | self._space.free),)

    def before(self, was: int, want: int) -> int:
        space = self._space
        left = was & (want | self._moving)
        for one in space.growing:
            left &= self._grew(one, was, want) | ~one.field
            left &= self._delivered(one, was, want)
        return left if space.proper(left) else 0

    def live(self, after: int) -> int:
        return after & ~self._space.free | self._space.needed(after)

    def _grew(self, one: Variable, was: int, want: int) -> int:
        """What a growing thing may have been."""
        if not self._space.may_grow(one, was):
            return want & one.field
        return self._space.less(one, want)

    def _delivered(self, one: Variable, was: int, want: int) -> int:
        """An answer that comes meanwhile must have had a delivery."""
        met = self._space.met(one)
        if met is None or was & want & one.field:
            return self._space.full
        return self._space.full & ~met.field | met.bits((1,))


class Put(Change):
    """A thing becomes one of some classes, whatever it was."""

    def __init__(self, space: Space, field: int, bits: int) -> None:
        self._space, self._field, self._bits = space, field, bits
        self.touches = field

    def after(self, box: int) -> tuple[int]:
        return (box & ~self._field | self._bits,)

    def before(self, was: int, want: int) -> int:
        left = was & (want | self._field)
        return left if want & self._bits and self._space.proper(left) else 0

    def live(self, after: int) -> int:
        return after & ~self._field


class Loosen(Change):
    """Things of which nothing is known any more."""

    def __init__(self, space: Space, field: int) -> None:
        self._space, self._field = space, field
        self.touches = field

    def after(self, box: int) -> tuple[int]:
        return (box | self._field,)

    def before(self, was: int, want: int) -> int:
        left = was & (want | self._field)
        return left if self._space.proper(left) else 0

    def live(self, after: int) -> int:
        return after & ~self._field


class Turn(Change):
    """A thing changes by what it was: for each class the classes that it may become."""

    def __init__(self, space: Space, variable: Variable, table: Sequence[Iterable[int]]) -> None:
        self._space, self._variable = space, variable
        self.touches = variable.field
        self._table = [variable.bits(row) for row in table]

    def after(self, box: int) -> tuple[int]:
        variable = self._variable
        became = 0
        for one in variable.classes(box):
            became |= self._table[one]
        return (box & ~variable.field | became,)

    def before(self, was: int, want: int) -> int:
        variable = self._variable
        fit = variable.bits(one for one in variable.classes(was) if self._table[one] & want)
        left = was & (want | variable.field) & (fit | ~variable.field)
        return left if fit and self._space.proper(left) else 0

    def live(self, after: int) -> int:
        return after


def forwards(changes: Sequence[Change], box: int) -> list[int]:
    """The boxes after all changes in a row."""
    boxes = [box]
    for change in changes:
        boxes = [new for old in boxes for new in change.after(old)]
        if not boxes:
            return boxes
    return boxes


def backwards(changes: Sequence[Change], box: int, want: int) -> int:
    """Of those in a box, some who come to be in another by all changes in a row; 0: nobody."""
    if not changes:
        return box & want
    for middle in changes[0].after(box):
        wanted = backwards(changes[1:], middle, want)
        if wanted and (left := changes[0].before(box, wanted)):
            return left
    return 0
