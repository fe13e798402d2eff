"""Journeys of several files as those of one project, so that they can be told on one time line."""

from __future__ import annotations

from collections.abc import Sequence

from safar.engine.model import Project, Vocabulary
from safar.engine.program import Program, lower


def joined(projects: Sequence[Project]) -> Project:
    """Several files' journeys, tests and plans over their common vocabulary."""
    kinds = Vocabulary.__struct_fields__
    words = {kind: {k: v for one in projects for k, v in getattr(one.vocabulary, kind).items()} for kind in kinds}
    journeys = {name: journey for one in projects for name, journey in one.journeys.items()}
    return Project(
        settings=projects[0].settings,
        vocabulary=Vocabulary(**words),
        journeys=journeys,
        scenarios=tuple(scenario for one in projects for scenario in one.scenarios),
        forecasts=tuple(forecast for one in projects for forecast in one.forecasts),
        plans={name: plan for one in projects for name, plan in one.plans.items()},
    )


def whole(programs: Sequence[Program]) -> tuple[Program, ...]:
    """The programs over one project; those of one file are so already."""
    if all(one.project is programs[0].project for one in programs):
        return tuple(programs)
    project = joined([one.project for one in programs])
    return tuple(lower(project, one.journey) for one in programs)
