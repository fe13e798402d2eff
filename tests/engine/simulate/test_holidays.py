"""Channels closed on a country's public holidays, with the calendars of the package `holidays` and without."""

from __future__ import annotations

from importlib import metadata
from typing import Any

import pytest

from safar.checking import check_text
from safar.dsl.read import read_text
from safar.engine.simulate import holidays, population, results

CHANNEL = 'channel iran { outbound; closed holidays "IR" then wait up to 9d }\n'
JOURNEY = f'{CHANNEL}journey j {{ enter on came\n stage s {{ touchpoint x {{ send iran {{ text "hi" }} }} }} }}'
NOWRUZ = "76d"
"""2027-03-21, counted from the start of told stories; the three days after Nowruz are public holidays, too."""


def test_a_message_waits_until_the_holidays_are_over(tell: Any, happen: Any) -> None:
    told = tell(JOURNEY, [happen(NOWRUZ, "came")])
    assert told.of("held", "delivered") == ["76d 00:00 x held closed", "80d 00:00 x delivered iran"]
    assert told.why("held") == ["iran: closed on the holidays of IR; until 2027-03-25 00:00 UTC"]


def test_without_calendars_no_day_is_closed(tell: Any, happen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holidays, "is_installed", lambda: False)
    told = tell(JOURNEY, [happen(NOWRUZ, "came")])
    assert told.of("held", "delivered") == ["76d 00:00 x delivered iran"]


WHOLE = f"event came\n{JOURNEY}"


def test_results_name_the_version_where_a_channel_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def told(text: str) -> object:
        project = read_text(text).project
        return results.as_json(population.simulate(project, "j", n=1))["data"]["holidays"]

    assert told(WHOLE) == metadata.version("holidays")
    assert told(WHOLE.replace('closed holidays "IR" then wait up to 9d', "")) is None
    monkeypatch.setattr(holidays, "is_installed", lambda: False)
    assert told(WHOLE) is None


@pytest.mark.parametrize(("written", "meant"), [("ir", "IR"), ("Iran", "IR"), ("germany", "DE"), ("Germny", "DE")])
def test_a_country_that_there_is_not(written: str, meant: str) -> None:
    texts = {
        "a.journey": f'channel c {{ outbound; closed holidays "{written}" then skip }}',
        "a.journey.yaml": f"channels: {{c: {{outbound: yes, closed: 'holidays \"{written}\" then skip'}}}}",
    }
    for path, text in texts.items():
        found = [f for f in check_text(text, path).findings if f.rule == "unknown-country"]
        assert [f.help for f in found] == [f"did you mean `{meant}`?"]
