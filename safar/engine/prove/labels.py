"""Who comes where, and how they came: what an exploration keeps.

Labels are written on, since a walk meets the same ones again and again.
"""

from __future__ import annotations

from typing import NamedTuple

from safar.engine.prove.arcs import Arc
from safar.engine.prove.forms.watch import State
from safar.engine.prove.zones import Zone

MOST_OTHERS = 4
"""Other ways to a label that are remembered."""

COMES, RESTS, RESTED = 0, 1, 2
"""Phases of a stay at a place: it comes there, it rests, it rests on after something happened meanwhile."""


class Node(NamedTuple):
    """Where a run is: the rounds begun of the loops around (-1: none), and where the watch stands."""

    place: int
    phase: int
    rounds: tuple[int, ...]
    state: State


class Label:
    """Customers (a box) and times (a zone) at a node, and how they came: from one label by an arc, or as two others."""

    __slots__ = ("arc", "back", "box", "dead", "node", "others", "parent", "parts", "zone")

    def __init__(self, node: Node, box: int, zone: Zone, parent: Label | None, arc: Arc | None) -> None:
        self.node, self.box, self.zone = node, box, zone
        self.parent, self.arc = parent, arc
        self.parts: tuple[Label, ...] = ()
        self.others: tuple[Label, ...] = ()
        """Some of those who came another way and are among these: one way may be gone where another is not."""
        self.dead = False
        self.back = 0
        """How often an interrupt or a new run led back on the way here."""

    def note(self, other: Label) -> None:
        """Another way to here."""
        if len(self.others) < MOST_OTHERS:
            self.others = (*self.others, other)


class Broken(NamedTuple):
    """Where a rule may be broken: from a label by an arc, for the customers in the box (before `then`)."""

    label: Label | None
    arc: Arc
    box: int
