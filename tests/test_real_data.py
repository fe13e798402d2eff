"""The journey fitted on real campaigns is sound, and its page says what the script wrote."""

from __future__ import annotations

from pathlib import Path

import safar

FOLDER = Path(safar.__file__).parents[1] / "docs" / "real-data"


def test_the_fitted_journey_has_no_finding_and_runs() -> None:
    file = FOLDER / "coupon_campaign.journey"
    assert safar.check(file).findings == ()
    figures = safar.simulate(file, n=400).figures
    share = figures["goals"]["redeemed"]
    assert share["low"] < 0.135 < share["high"], "made-up customers are of kind A"
    assert set(figures["revenue"]) == {"USD"}


def test_its_page_has_the_table_and_the_command() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    _, table, _ = page.split("<!-- made by benchmarks/fit_completejourney.py -->\n")
    assert len(table.strip().splitlines()) == 14 and table.count("points") == 3
    assert "python benchmarks/fit_completejourney.py" in page
