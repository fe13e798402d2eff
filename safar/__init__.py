"""Safar: customer journeys as code.

The calls are those of `safar.api`, loaded when first used, so that `import safar` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from safar.api import (
        Fixed,
        Report,
        Simulation,
        Trace,
        check,
        convert,
        create_scenario,
        draw,
        explain,
        fix,
        fmt,
        init,
        rules,
        serve,
        simulate,
        templates,
        test,
        trace,
    )
    from safar.comparing import Compared, Exact, Experiment, Sensitivity, compare, exact, experiment, sensitivity
    from safar.covering import Covered, cover
    from safar.diffing import diff
    from safar.dsl.read import read_file, read_text
    from safar.errors import JourneyError, RowsError, RuntimeLimitError, SelectionError
    from safar.pressing import Pressure, pressure
    from safar.proving import Proofs, prove
    from safar.site.build import docs
    from safar.testing import Tests

__all__ = [
    "Compared",
    "Covered",
    "Exact",
    "Experiment",
    "Fixed",
    "JourneyError",
    "Pressure",
    "Proofs",
    "Report",
    "RowsError",
    "RuntimeLimitError",
    "SelectionError",
    "Sensitivity",
    "Simulation",
    "Tests",
    "Trace",
    "check",
    "compare",
    "convert",
    "cover",
    "create_scenario",
    "diff",
    "docs",
    "draw",
    "exact",
    "experiment",
    "explain",
    "fix",
    "fmt",
    "init",
    "pressure",
    "prove",
    "read_file",
    "read_text",
    "rules",
    "sensitivity",
    "serve",
    "simulate",
    "templates",
    "test",
    "trace",
]

_ELSEWHERE = {
    "Covered": "safar.covering",
    "cover": "safar.covering",
    "read_file": "safar.dsl.read",
    "read_text": "safar.dsl.read",
    "JourneyError": "safar.errors",
    "RowsError": "safar.errors",
    "RuntimeLimitError": "safar.errors",
    "SelectionError": "safar.errors",
    "Pressure": "safar.pressing",
    "Proofs": "safar.proving",
    "Tests": "safar.testing",
    "docs": "safar.site.build",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'safar' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_ELSEWHERE.get(name, "safar.api")), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
