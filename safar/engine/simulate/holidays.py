"""Public holidays by country: data of the package `holidays`, an optional extra (`fa`)."""

from __future__ import annotations

import functools
import importlib.util

from safar.engine.model import Project
from safar.engine.simulate.clock import date_of


def is_installed() -> bool:
    """Whether there is a calendar of public holidays."""
    return importlib.util.find_spec("holidays") is not None


def version(project: Project) -> str | None:
    """The version of the data that closes channels in this project; None if none does."""
    used = any(closed.country for channel in project.vocabulary.channels.values() for closed in channel.closed)
    if not used or not is_installed():
        return None
    from importlib import metadata

    return metadata.version("holidays")


@functools.cache
def countries() -> dict[str, str]:
    """The codes of the countries whose holidays are known, with the countries' names as one word in small letters."""
    from holidays.registry import COUNTRIES

    return {known[1]: name for name, known in COUNTRIES.items()}


class Holidays:
    """The holidays of a country, by the number of the day; those of a year are looked up when it is asked for."""

    def __init__(self, country: str) -> None:
        self._country = country
        self._known = is_installed() and country in countries()
        self._years: dict[int, frozenset[object]] = {}

    def __contains__(self, day: int) -> bool:
        """
        >>> from safar.engine.simulate.clock import day_number
        >>> import datetime
        >>> day_number(datetime.date(2027, 5, 4)) in Holidays("no such country")
        False
        """
        if not self._known:
            return False
        date = date_of(day)
        if date.year not in self._years:
            import holidays

            self._years[date.year] = frozenset(holidays.country_holidays(self._country, years=date.year, expand=False))
        return date in self._years[date.year]
