"""At every stage: who came is who went on, who left and who is inside; nobody is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

import safar

EXAMPLES = sorted((Path(safar.__file__).parents[1] / "journeys" / "dsl").glob("*.journey"))


@pytest.mark.parametrize("file", [file for file in EXAMPLES if file.stem != "vocabulary"], ids=lambda file: file.stem)
def test_nobody_is_lost_between_the_stages(file: Path) -> None:
    figures = safar.simulate(file, n=150).figures
    stages = figures["stages"].values()
    left = [one["left"] for one in stages]
    assert all(one["came"] == one["went_on"] + sum(one["left"].values()) + one["inside"] for one in stages)
    assert all(min(one["came"], one["went_on"], one["inside"]) >= 0 for one in stages)
    assert {name: sum(one[name] for one in left) for name in figures["outcomes"]} == figures["outcomes"]
    assert sum(one["inside"] for one in stages) == figures["unfinished"]
    assert sum(one["came"] - one["went_on"] for one in stages) == figures["entered"]


def test_who_is_inside_and_who_comes_again(tmp_path: Path) -> None:
    (tmp_path / "j.journey").write_text(
        """event a
event b
journey j { enter on a
 horizon 9d
 stage early { wait for b up to 5d { go to late } otherwise { exit lost } }
 stage late { wait 6h; wait for b up to 8d { go to early } } }"""
    )
    rows = "k1,2027-01-01T00:00Z,a\nk1,2027-01-02T00:00Z,b\nk1,2027-01-03T00:00Z,b\nk2,2027-01-01T00:00Z,a\n"
    rows += "k3,2027-01-01T00:00Z,a\nk3,2027-01-02T00:00Z,b\n"
    (tmp_path / "e.csv").write_text("customer,at,event\n" + rows)
    stages = safar.simulate(tmp_path / "j.journey", events=tmp_path / "e.csv").figures["stages"]
    assert stages["early"] | {"left": stages["early"]["left"]["lost"]} == {
        "came": 4,
        "went_on": 2,
        "left": 2,
        "inside": 0,
    }
    assert (stages["late"]["came"], stages["late"]["went_on"], stages["late"]["inside"]) == (2, 1, 1)
