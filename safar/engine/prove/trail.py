"""The way to a broken rule: the arcs in order, and who is on each of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from safar.engine.prove.arcs import Arc
from safar.engine.prove.changes import Change, backwards
from safar.engine.prove.labels import RESTS, Broken, Label, Node
from safar.engine.prove.system import System


class Step(NamedTuple):
    """An arc taken at a node (None: the entry), by customers in one box `before` it, and in another `after` it."""

    node: Node | None
    arc: Arc
    before: int
    after: int

    @property
    def rested(self) -> bool:
        """Whether time may pass before it."""
        return self.node is not None and (self.node.phase >= RESTS or self.arc.high is None)


Trail = tuple[Step, ...]


def trail(system: System, broken: Broken, label: Label | None = None, other: Label | None = None) -> Trail:
    """From the entry to where the rule is broken; empty if there is no such way (boxes were joined).

    Where it comes to the `label` first, counted from the end, it goes back by the `other` that came there.
    """
    return _walked(system, broken, label, other)[0]


def trails(system: System, broken: Broken) -> Iterator[Trail]:
    """The way to where a rule is broken, and others that came there in one place along it otherwise, the last first."""
    first, passed = _walked(system, broken, None, None)
    if first:
        yield first
    for label in passed:
        for other in label.others:
            if way := trail(system, broken, label, other):
                yield way


def _walked(system: System, broken: Broken, turn: Label | None, other: Label | None) -> tuple[Trail, list[Label]]:
    """A trail, and the labels on it from the last to the first."""
    steps: list[Step] = []
    passed: list[Label] = []
    label, arc, after, changes = broken.label, broken.arc, broken.box, broken.arc.changes
    while True:
        if label is not None:
            passed.append(label)
            if label is turn:
                label, turn = other, None
        was = label.box if label is not None else system.space.full
        before = backwards(changes, was, after)
        if not before:
            return (), passed
        steps.append(Step(label.node if label is not None else None, arc, before, after))
        if label is None:
            return tuple(reversed(steps)), passed
        label, arc, after = _origin(system, label, before)
        changes = (*arc.changes, *following(system, arc))


def following(system: System, arc: Arc) -> tuple[Change, ...]:
    """What follows the marks of an arc; after something that happened meanwhile time goes on."""
    return (system.passes,) if arc.kind in ("aside", "meanwhile") else arc.then


def _origin(system: System, label: Label, want: int) -> tuple[Label | None, Arc, int]:
    """How some of those who are wanted at a label came there."""
    while label.parts:
        first, second = label.parts
        label = first if system.space.proper(want & first.box) else second
        want &= label.box
    assert label.arc is not None
    return label.parent, label.arc, want
