"""What a proof gives: proved, refuted or undecided, and how that is known."""

from __future__ import annotations

import enum

import msgspec

from safar.engine.claims.judge import Broken
from safar.engine.model import Project
from safar.engine.promises import Rule, Scenario
from safar.engine.simulate.happening import Story


class Outcome(enum.Enum):
    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


class Method(enum.Enum):
    """How a verdict was found."""

    WAYS = "ways"  # no way leads there, conditions aside
    JOINED = "joined"  # one box for each place
    BOXES = "boxes"  # every combination that matters
    LIMITS = "limits"  # the channels' limits alone
    SOLVER = "solver"  # z3
    REPLAY = "replay"  # a customer


class Counterexample(msgspec.Struct, frozen=True, kw_only=True):
    """A customer and a timeline, as a scenario; the plain interpreter's story of it, and what breaks the rule there."""

    scenario: Scenario
    story: Story
    broken: Broken


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """One rule.  `journey` is empty for a rule of the project; `at` is the journey in which it is broken or undecided.

    `reason` says why it is undecided, `why` is the argument in words; `left_out` are the transactional messages that
    it does not speak of.  Where the rule is about personas `persona` is the one that it fails for.
    """

    rule: Rule
    project: Project
    journey: str = ""
    at: str = ""
    outcome: Outcome
    method: Method | None = None
    seconds: float = 0.0
    reason: str = ""
    why: tuple[str, ...] = ()
    left_out: int = 0
    counterexample: Counterexample | None = None
    persona: str = ""
