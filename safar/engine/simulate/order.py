"""The order of what is due at one instant."""

from __future__ import annotations

FILE = 0
"""Happenings of the file, in file order."""
ANSWER = 1
"""Answers: earlier delivery first, then line order, outer before inner."""
BEHAVIOUR = 2
CALENDAR = 3
"""Entries by the calendar, and arrivals."""
WAKE = 4
"""Ends of waits and holds."""
HORIZON = 5
END = 6
"""The last instant that is looked at."""

Order = tuple[int, ...]
"""The order within one of these."""
