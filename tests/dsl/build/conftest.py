from __future__ import annotations

import pytest

from safar.dsl.read import Reading, read_text
from safar.engine.model import Project


@pytest.fixture
def project() -> object:
    """Reads a text that has no mistakes."""

    def read(text: str, **files: str) -> Project:
        reading: Reading = read_text(text, files={f"{name}.journey": body for name, body in files.items()})
        assert reading.findings == ()
        return reading.project

    return read
