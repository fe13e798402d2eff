"""What came of each customer, run by run, as rows for one's own analysis."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from safar.engine.model import Action, Channel, Project, Touchpoint
from safar.engine.moves import Deliver, Draw
from safar.engine.program import Program
from safar.engine.simulate.happening import Run, Story

Kind = Literal["text", "whole", "instant", "money"]
Cell = str | int | None
Record = dict[str, Cell]
"""Cells by column; an instant is seconds UTC, an amount is in hundredths of the smallest unit of its currency."""


class Column(msgspec.Struct, frozen=True):
    """`currency` is that of an amount of money."""

    name: str
    kind: Kind
    currency: str = ""


class Reckoning(msgspec.Struct, frozen=True):
    """What one run counts: when it reached each goal, and its figures by name and currency."""

    reached: Mapping[str, int] = {}
    figures: Mapping[tuple[str, str], int] = {}


def columns(project: Project, programs: Sequence[Program]) -> tuple[Column, ...]:
    """The columns for these journeys: `goal_NAME`, `arm_SPLIT` and amounts by currency after those that all have."""
    return (
        *(Column(name, "text") for name in ("customer", "persona", "journey")),
        *(Column("entry", "whole"), Column("status", "text"), Column("outcome", "text")),
        *(Column("entered_at", "instant"), Column("ended_at", "instant")),
        *(Column(f"goal_{name}", "instant") for name in _each(g.name for p in programs for g in p.journey.goals)),
        *(Column(f"arm_{name}", "text") for name in _each(_splits(programs))),
        *(Column(name, "whole") for name in ("delivered", "messages", "suppressed")),
        *(Column(f"cost_{currency}", "money", currency) for currency in _cost_currencies(project, programs)),
        *(Column(f"revenue_{currency}", "money", currency) for currency in _revenue_currencies(project, programs)),
    )


class Ledger:
    """Makes a record of each run, each held-out attempt, and each customer who entered nothing, and hands it on."""

    def __init__(self, named: Sequence[Column], take: Callable[[Record], object]) -> None:
        self._empty: Record = {column.name: 0 if column.kind in ("whole", "money") else None for column in named}
        self._take = take

    def __call__(self, story: Story, run: Run | None, reckoning: Reckoning) -> None:
        record = dict(self._empty)
        record["customer"], record["persona"], record["status"] = story.customer, story.persona, "not_entered"
        if run is not None:
            record["journey"], record["entry"] = run.journey, run.entry
            record["status"] = "held_out" if run.held_out else "left" if run.outcome else "unfinished"
            record["outcome"] = run.outcome or None
            record["entered_at"], record["ended_at"] = run.began, run.ended if run.outcome else None
            record.update({f"goal_{goal}": at for goal, at in reckoning.reached.items()})
            record.update({f"arm_{split}": arm for split, arm in run.arms.items()})
            for (name, currency), number in reckoning.figures.items():
                column = f"{name}_{currency}" if currency else name
                if column in self._empty:
                    record[column] = number
        self._take(record)


def _each(names: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _splits(programs: Sequence[Program]) -> Iterator[str]:
    return (place.move.split for program in programs for place in program.places if isinstance(place.move, Draw))


def _cost_currencies(project: Project, programs: Sequence[Program]) -> list[str]:
    words = project.vocabulary
    met = [p.move.touchpoint for program in programs for p in program.places if isinstance(p.move, Deliver)]
    holders: list[Channel | Action | Touchpoint] = [*words.channels.values(), *words.actions.values(), *met]
    return sorted({project.settings.currency, *(cost.currency for one in holders for cost in one.costs)})


def _revenue_currencies(project: Project, programs: Sequence[Program]) -> list[str]:
    values = [goal.value for program in programs for goal in program.journey.goals if goal.value is not None]
    return sorted({project.settings.currency, *(value.type.currency for value in values if value.type.currency)})
