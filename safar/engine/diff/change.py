"""What is told of two versions: changes, promises, and customers to whom something else happens."""

from __future__ import annotations

import enum

import msgspec

from safar.engine.model import Project
from safar.engine.promises import Scenario
from safar.engine.prove.verdict import Verdict
from safar.engine.simulate.happening import Story
from safar.engine.source import Span


class Effect(enum.Enum):
    """What a change does to what guards the customers."""

    WEAKENED = "weakened"
    STRENGTHENED = "strengthened"
    CHANGED = "changed"


class About(enum.Enum):
    """What a change is about: what guards customers, what happens, what they read, the map, or assumptions."""

    GUARD = "guard"
    BEHAVIOUR = "behaviour"
    TEXT = "text"
    MAP = "map"
    ASSUMPTION = "assumption"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is not as it was.  `old` and `new` are its places; None where it is not there.

    `kind`: added, removed, renamed, moved, changed; `journey` is empty for what is declared for all.
    """

    effect: Effect = Effect.CHANGED
    about: About = About.BEHAVIOUR
    kind: str = "changed"
    journey: str = ""
    subject: str
    message: str
    old: Span | None = None
    new: Span | None = None


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """A rule in both versions; None where it is not there.  `lost`: it was proved before, and is not now.

    (One that was taken out is told as a change.)
    """

    name: str
    journey: str = ""
    old: Verdict | None = None
    new: Verdict | None = None

    @property
    def lost(self) -> bool:
        return self.was_proved and self.new is not None and not self.is_proved

    @property
    def won(self) -> bool:
        return self.is_proved and not self.was_proved

    @property
    def was_proved(self) -> bool:
        return self.old is not None and self.old.outcome.value == "proved"

    @property
    def is_proved(self) -> bool:
        return self.new is not None and self.new.outcome.value == "proved"


class Notice(enum.Enum):
    """Whether customers notice: one does; nobody can; nobody can, but chances are others; none was found."""

    DIFFERS = "differs"
    SAME = "same"
    CHANCES = "chances"
    NOT_FOUND = "not found"


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One customer's life in one version; `first` is the number of the happening that differs first (0: the end)."""

    project: Project
    scenario: Scenario
    story: Story
    first: int


class Experience(msgspec.Struct, frozen=True, kw_only=True):
    """What customers notice of a journey's change.  `tried` customers were led through both versions."""

    journey: str
    notice: Notice
    reason: str = ""
    tried: int = 0
    old: Side | None = None
    new: Side | None = None
