"""The least time in which so many of what a rule counts can follow one another: shortest paths, one layer for each.

Layer j knows of each node how soon j of them can be seen from there on; a way that bears some leads into a lower
layer.  Conditions are looked at only as far as one box for each node tells; so these times are never too long.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator

from safar.engine.prove.arcs import END, Arc
from safar.engine.prove.labels import COMES, RESTS, Node
from safar.engine.prove.longest import longest_round, longest_run
from safar.engine.prove.network import Network
from safar.engine.prove.zones import ANY, Bound

Key = tuple[int, int, tuple[int, ...]]
"""A node, whatever a watch makes of what happened: place, phase, rounds."""


class Soonest:
    """How soon `need` of them can follow, where that is sooner than `within` seconds (infinite: however long).

    `is_possible`: whether they can, in one run or in several of one customer.
    """

    def __init__(self, network: Network, need: int, within: Bound) -> None:
        self._network, self._need, self._within = network, need, within
        self._bare: defaultdict[Key, list[tuple[Key, Bound]]] = defaultdict(list)
        """What leads to a node without any of them: from where, and in which time."""
        self._bearing: list[tuple[Key, Bound, int, Key]] = []
        """What bears some: from where, in which time, how many, and where to."""
        self._rounds: dict[int, Bound] = {}
        self._record()
        self._layers: list[dict[Key, Bound]] = [{}]
        while len(self._layers) <= need:
            self._layers.append(self._layer(len(self._layers)))
        self._ahead = self._before()
        self.is_possible = not network.complete or bool(self._ahead)

    def least(self, key: Key, more: int) -> Bound:
        """So many seconds at least pass from there until so many more were seen; infinite: too many."""
        return 0 if more <= 0 else self._layers[more].get(key, ANY)

    def is_hopeless(self, key: Key, seen: int, since: Bound) -> bool:
        """Whether too few can follow from there: `seen` were, the first of them so many seconds ago."""
        return self._network.complete and self.nearest(key, seen, since) >= self._within

    def nearest(self, key: Key, seen: int, since: Bound) -> Bound:
        """The least time in which there may be enough of them; infinite where that is too long."""
        if not seen:
            return self._ahead.get(key, ANY)
        return since + self.least(key, self._need - seen)

    # --- the ways

    def _record(self) -> None:
        for node, ways in self._network.ways.items():
            for parent, arc in ways:
                if parent is not None:
                    self._way(parent, arc, node)
        for start, least in self._again():
            for node, ways in self._network.ways.items():
                if any(parent is None for parent, _ in ways):
                    self._bare[node[:3]].append((start, least))

    def _way(self, parent: Node, arc: Arc, node: Node) -> None:
        lasts = self._lasts(parent, arc)
        if lasts >= ANY:
            return
        deeds = self._network.deeds(arc)
        if deeds:
            self._bearing.append((parent[:3], lasts, deeds, node[:3]))
        else:
            self._bare[node[:3]].append((parent[:3], lasts))

    def _lasts(self, parent: Node, arc: Arc) -> Bound:
        """The least time that a way takes; infinite where nobody can go it."""
        if arc.kind == "round":
            return self._till_round(parent)
        return arc.low if parent.phase == RESTS else 0

    def _till_round(self, head: Node) -> Bound:
        """The least time until the next round begins: none if a round may last longer than the rhythm."""
        loop = self._network.system.station(head.place).loop
        if loop is None or not loop.every or (head.phase == COMES and head.rounds[-1] < 0):
            return 0
        if head.place not in self._rounds:
            self._rounds[head.place] = longest_round(self._network.system, head.place)
        left = loop.every - self._rounds[head.place]
        if head.phase == COMES:
            return ANY if left > 0 else 0
        return max(0, left) if head.phase == RESTS else 0

    def _again(self) -> Iterator[tuple[Key, Bound]]:
        """From where a customer may enter again, and in which time at least."""
        journey = self._network.system.program.journey
        if journey.reenter is None or journey.reenter.how == "never":
            return
        longest = longest_run(self._network)
        after = journey.reenter.after if journey.reenter.how == "after" else 0
        for node in self._network.ways:
            if node.place == END:
                yield node[:3], max(0, after - longest)
            elif node.phase != COMES and longest >= journey.horizon:
                yield node[:3], 0

    # --- shortest paths

    def _layer(self, more: int) -> dict[Key, Bound]:
        """How soon so many can be seen, by Dijkstra's algorithm."""
        heap: list[tuple[Bound, Key]] = []
        for start, lasts, count, end in self._bearing:
            least = lasts + self.least(end, more - count)
            if least < self._within:
                heap.append((least, start))
        heapq.heapify(heap)
        found: dict[Key, Bound] = {}
        while heap:
            least, key = heapq.heappop(heap)
            if key in found:
                continue
            found[key] = least
            for start, lasts in self._bare[key]:
                if start not in found and least + lasts < self._within:
                    heapq.heappush(heap, (least + lasts, start))
        return found

    def _before(self) -> dict[Key, Bound]:
        """Of each node how near together enough of them may be somewhere from there on."""
        heap = [(self.least(end, self._need - count), start) for start, _, count, end in self._bearing]
        heap = [one for one in heap if one[0] < self._within]
        heapq.heapify(heap)
        bearing: defaultdict[Key, list[Key]] = defaultdict(list)
        for start, _, _, end in self._bearing:
            bearing[end].append(start)
        found: dict[Key, Bound] = {}
        while heap:
            least, key = heapq.heappop(heap)
            if key not in found:
                found[key] = least
                for start in (*(start for start, _ in self._bare[key]), *bearing[key]):
                    if start not in found:
                        heapq.heappush(heap, (least, start))
        return found
