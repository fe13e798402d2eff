"""The most messages one customer can get, for machines.  Version 1 of the format: fields are added, never renamed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from safar.engine.model import Project
from safar.engine.prove.together.most import Most
from safar.engine.simulate.literals import utc
from safar.renderers.escape import json_text
from safar.renderers.proofs_json import customer

FORMAT_VERSION = 1


def pressure_json(project: Project, figures: Sequence[Most]) -> str:
    """A JSON document.  `channel` null: all messages; `bound` null: nothing bounds it."""
    document = {
        "format_version": FORMAT_VERSION,
        "journeys": sorted(project.journeys),
        "figures": [_figure(project, one) for one in figures],
    }
    return json_text(document, indent=1) + "\n"


def _figure(project: Project, one: Most) -> dict[str, Any]:
    stretch = one.figure.stretch
    return {
        "channel": one.figure.deed.name or None,
        "per": stretch.words,
        "seconds": stretch.window if stretch.per == "window" else None,
        "bound": _number(one.bound),
        "reached": one.reached,
        "exact": one.exact,
        "by_limits": one.limited,
        "journeys": {name: _number(count) for name, count in one.share.items()},
        "example": _example(project, one),
    }


def _number(count: float) -> int | None:
    return None if count == math.inf else int(count)


def _example(project: Project, one: Most) -> dict[str, Any] | None:
    if one.replayed is None:
        return None
    instants = [utc(at) for at in one.replayed.instants]
    return {**customer(project, one.replayed.scenario, one.replayed.telling.story), "counted": instants}
