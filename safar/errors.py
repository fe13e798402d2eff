"""What the API raises for wrong arguments and for journeys that cannot be run.  A message is one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safar.checking import Checked


class SelectionError(ValueError):
    """What was asked for is not there, is several things, or is nothing; the message says which."""


class JourneyError(ValueError):
    """A journey that cannot be run or drawn as it stands; `checked` has the findings."""

    def __init__(self, checked: Checked) -> None:
        super().__init__("; ".join(finding.message for finding in checked.errors[:3]))
        self.checked = checked
