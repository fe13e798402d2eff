"""What a measure counts: the leaves of its formula, each with the runs it is restricted to."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safar.engine.expression import Value
from safar.engine.model import Measure, Quantity
from safar.engine.moves import Deliver
from safar.engine.names import fold
from safar.engine.program import Program

ENTERED = ("figure", "entered")
ENTRY = "entry"
"""The kind of the mark of the event that began a run: time is counted from it, nothing else counts it."""


class Leaf(msgspec.Struct, frozen=True):
    """`of`: event, touchpoint, action, outcome, goal, condition, figure; average (of event `name`'s `field`), or
    time (from `name` to `field`, each as `of:name`).  Names are folded.

    Counted in runs of `persona` (if given) that went into all `arms`, up to `within` seconds after their entry;
    with `touchpoint` an event counts only as an answer to it, and the figures are that touchpoint's.
    """

    of: str
    name: str
    field: str = ""
    arms: tuple[tuple[str, str], ...] = ()
    persona: str = ""
    within: int | None = None
    touchpoint: str = ""

    @property
    def key(self) -> str:
        """The leaf as one word of a key in `Counts`."""
        arms = ",".join(f"{split}.{arm}" for split, arm in self.arms)
        return f"{self.of} {self.name} {self.field} [{arms}] {self.persona} {self.within} {self.touchpoint}"

    def marks(self) -> Iterator[tuple[str, str]]:
        """The kinds and names of the marks that it is about."""
        match self.of:
            case "average":
                yield "event", self.name
            case "time":
                for word in (self.name, self.field):
                    of, _, name = word.partition(":")
                    yield of, name
                    yield (ENTRY, name) if of == "event" else (of, name)
            case _:
                yield self.of, self.name

    def entered(self) -> Leaf:
        """How many such runs there are."""
        return Leaf(*ENTERED, arms=self.arms, persona=self.persona)


def restricted(around: Leaf, quantity: Quantity) -> Leaf:
    """The restriction of `A in SPLIT.ARM`, `A for PERSONA`, `A within D` laid on what stands around it already."""
    match quantity.kind:
        case "in":
            return msgspec.structs.replace(around, arms=(*around.arms, (fold(quantity.name), fold(quantity.field))))
        case "for":
            return msgspec.structs.replace(around, persona=fold(quantity.name))
        case "within":
            shorter = quantity.seconds if around.within is None else min(around.within, quantity.seconds)
            return msgspec.structs.replace(around, within=shorter)
    return around


def named(around: Leaf, quantity: Quantity) -> Leaf:
    """The leaf of a quantity that names something, within the restriction around it."""
    match quantity.kind:
        case "average":
            name, field = fold(quantity.name), fold(quantity.field)
            return msgspec.structs.replace(around, of="average", name=name, field=field)
        case "time":
            start, end = (f"{part.of}:{fold(part.name)}" for part in quantity.parts)
            return msgspec.structs.replace(around, of="time", name=start, field=end)
    if quantity.name == "completed" and quantity.of == "figure":
        return msgspec.structs.replace(around, of="outcome", name="completed")
    if quantity.of == "event" and quantity.field:
        around = msgspec.structs.replace(around, touchpoint=fold(quantity.field))
    return msgspec.structs.replace(around, of=quantity.of, name=fold(quantity.name))


MONEY = ("cost", "revenue", "margin")


def shares(measure: Measure) -> bool:
    """Whether each count of a measure means its share of the runs: where it is compared with a percentage."""
    return measure.target is not None and measure.target.unit == "%" and _is_count(measure.quantity)


def _is_count(quantity: Quantity | None) -> bool:
    """Whether a formula counts things."""
    if quantity is None:
        return False
    match quantity.kind:
        case "name":
            return not (quantity.of == "figure" and quantity.name in MONEY)
        case "arithmetic":
            counts = [_is_count(part) for part in quantity.parts]
            return (
                any(counts)
                if quantity.op == "*"
                else quantity.op in ("+", "-")
                and all(count or part.kind == "number" for count, part in zip(counts, quantity.parts, strict=True))
            )
        case "in" | "for" | "within" | "journey":
            return _is_count(quantity.parts[0])
    return False


def leaves(quantity: Quantity, around: Leaf, *, runs: bool = True) -> Iterator[Leaf]:
    """All leaves of a quantity; with `runs` also the runs that each may be a share of."""
    if quantity.kind in ("name", "average", "time"):
        leaf = named(around, quantity)
        if (leaf.of, leaf.name) == ("figure", "margin"):
            yield msgspec.structs.replace(leaf, name="revenue")
            leaf = msgspec.structs.replace(leaf, name="cost")
        yield leaf
        if runs:
            yield leaf.entered()
        return
    for part in quantity.parts:
        yield from leaves(part, restricted(around, quantity), runs=runs)


def listed(program: Program) -> Iterator[tuple[str, Measure]]:
    """The measures of a journey, and of each touchpoint (then with its name)."""
    yield from (("", measure) for measure in program.journey.measures)
    seen = set()
    for place in program.places:
        if isinstance(place.move, Deliver) and place.move.touchpoint.name not in seen:
            touchpoint = place.move.touchpoint
            seen.add(touchpoint.name)
            yield from ((touchpoint.name, measure) for measure in touchpoint.measures)


def all_leaves(program: Program) -> tuple[Leaf, ...]:
    """Everything that must be counted for the measures of a program, each once."""
    return tuple(
        dict.fromkeys(
            leaf
            for touchpoint, measure in listed(program)
            if measure.quantity is not None
            for leaf in leaves(measure.quantity, Leaf("", "", touchpoint=fold(touchpoint)))
        )
    )


class Mark(msgspec.Struct, frozen=True):
    """Something that a run counts, `offset` seconds after its entry, in answer to or at a touchpoint, met at a step.

    `units` are money of `currency`.  Names are folded.
    """

    of: str
    name: str
    offset: int
    touchpoint: str = ""
    step: str = ""
    currency: str = ""
    units: int = 0
    payload: dict[str, Value] | None = None

    def counts_for(self, leaf: Leaf) -> bool:
        """Whether a leaf that names it counts it, the choice of runs aside."""
        return (not leaf.touchpoint or leaf.touchpoint in (self.touchpoint, self.step)) and (
            leaf.within is None or self.offset <= leaf.within
        )
