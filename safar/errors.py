"""What the API raises for wrong arguments and for journeys that cannot be run.  A message is one sentence."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safar.checking import Checked
    from safar.engine.diagnostic import Diagnostic

NO_ROOM = frozenset(getattr(errno, name, errno.ENOSPC) for name in ("ENOSPC", "EDQUOT", "EFBIG", "EIO"))
"""Numbers of errors that are a disk's: full, or at its quota, or broken."""


class SelectionError(ValueError):
    """What was asked for is not there, is several things, or is nothing; the message says which."""


class JourneyError(ValueError):
    """A journey that cannot be run or drawn as it stands; `checked` has the findings."""

    def __init__(self, checked: Checked) -> None:
        super().__init__("; ".join(finding.message for finding in checked.errors[:3]))
        self.checked = checked


class RowsError(ValueError):
    """Files of customers or happenings that cannot be used; `findings` say why, row by row."""

    def __init__(self, findings: tuple[Diagnostic, ...]) -> None:
        super().__init__("; ".join(finding.message for finding in findings[:3]))
        self.findings = findings


class RuntimeLimitError(ValueError):
    """A run that takes more than a limit allows; the message names the limit and the place."""


class WorkerLostError(RuntimeError):
    """Processes that were to live through customers were lost, again and again."""
