"""What every worker needs, loaded once: a process that has it is copied for each worker."""

from __future__ import annotations

import importlib
import os

NEEDED = ("safar.scale.work", "safar.dsl.build", "safar.engine.simulate.columns.engine")

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy's library would start threads, which a copy does not have
for _name in NEEDED:
    importlib.import_module(_name)
