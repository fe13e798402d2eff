"""What an expression can see from where it stands."""

from __future__ import annotations

import msgspec

from safar.dsl.build.names import Scope, Symbol


class JourneyNames(msgspec.Struct, eq=False):
    """The names of one journey.

    `symbols`: stages, steps, touchpoints met, splits, goals; `outcomes` apart, since a goal may share its name.
    `touchpoints` are those met anywhere, by their own name.  `entry` are the events it is entered on;
    `entry_sure` that every run begins with one of them; `starts` the journeys it starts, by folded name.
    """

    symbols: Scope
    outcomes: Scope
    touchpoints: Scope
    measures: Scope
    entry: tuple[Symbol, ...] = ()
    entry_sure: bool = True
    starts: set[str] = msgspec.field(default_factory=set)


class Scene(msgspec.Struct, frozen=True):
    """`at_hand` is the event whose occurrence is at hand; `bare`: its fields are written without its name;
    `only_fields`: nothing but its fields and literals may be named (`where`).
    """

    journey: JourneyNames | None = None
    at_hand: Symbol | None = None
    bare: bool = False
    only_fields: bool = False

    def on(self, event: Symbol | None) -> Scene:
        """The same place with an occurrence of an event at hand."""
        return Scene(self.journey, event)

    def where(self, event: Symbol | None) -> Scene:
        return Scene(self.journey, event, bare=True, only_fields=True)


PROJECT = Scene()
"""Where no journey is known: conditions, channels, declared touchpoints, personas."""
