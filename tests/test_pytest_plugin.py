"""The plugin of pytest: opt-in, an item for each scenario and forecast, our timeline as the failure."""

from __future__ import annotations

import importlib.metadata
import sys

import pytest

from safar import pytest_plugin

pytest_plugins = ["pytester"]

SHOP = """
event came
event paid
journey cart {
  enter on came
  on paid exit won
  stage only { touchpoint reminder { responds { paid 50% after 1h } }; wait 3d; exit lost }
}
scenario "Pays" for cart { start 2027-01-05 on came; at +1h paid; expect exit won }
"""
BAD = 'scenario "خرید" for cart { start 2027-01-05 on came; expect exit won by +1d }\n'
UNSURE = 'forecast "Unsure" for cart { customers 30; expect won at least 49% }\n'


@pytest.fixture
def shop(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.path.joinpath("cart.journey").write_text(SHOP, encoding="utf-8")
    pytester.path.joinpath("test_own.py").write_text("def test_own():\n    pass\n", encoding="utf-8")
    return pytester


def run(shop: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """In a process of its own; the plugin is loaded by its entry point, or here where that is not installed."""
    names = {one.value for one in importlib.metadata.entry_points(group="pytest11")}
    plugins = () if pytest_plugin.__name__ in names else ("-p", pytest_plugin.__name__)
    return shop.runpytest_subprocess("-p", "no:cacheprovider", *plugins, *arguments)


def test_nothing_is_collected_unless_asked(shop: pytest.Pytester) -> None:
    run(shop).assert_outcomes(passed=1)


def test_the_option_and_the_setting_collect(shop: pytest.Pytester) -> None:
    run(shop, "--safar").assert_outcomes(passed=2)
    run(shop, "-o", "safar=true").assert_outcomes(passed=2)


def test_a_failure_is_the_timeline(shop: pytest.Pytester) -> None:
    with shop.path.joinpath("cart.journey").open("a", encoding="utf-8") as file:
        file.write(BAD)
    result = run(shop, "--safar")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*no exit `won`: the run exits `lost` at +3d (2027-01-08 09:00 UTC)*",
            "*--> cart.journey:*",
            "*what happened:*",
            "*> 09:00*exits lost*",
            "FAILED cart.journey::خرید*",
        ]
    )
    assert "Traceback" not in result.stdout.str()


def test_undecided_is_skipped_with_the_reason(shop: pytest.Pytester) -> None:
    with shop.path.joinpath("cart.journey").open("a", encoding="utf-8") as file:
        file.write(UNSURE)
    result = run(shop, "--safar", "-rs")
    result.assert_outcomes(passed=2, skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED*undecided: `won` is *too few to tell*"])


def test_names_select_and_equal_titles_are_told_apart(shop: pytest.Pytester) -> None:
    file = shop.path / "cart.journey"
    file.write_text(SHOP + SHOP[SHOP.index("scenario") :], encoding="utf-8")
    result = run(shop, "--safar", "-v", "-k", "Pays and 2")
    result.assert_outcomes(passed=1, deselected=2)
    result.stdout.fnmatch_lines(["cart.journey::Pays (2) PASSED*"])


def test_a_broken_file_is_an_error_of_collection(shop: pytest.Pytester) -> None:
    shop.path.joinpath("broken.journey.yaml").write_text(
        "journeys: {x: {enter: [{event: nothing}]}}\n", encoding="utf-8"
    )
    result = run(shop, "--safar")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*error[[]*"])


def test_nothing_heavy_is_loaded_without_journeys(shop: pytest.Pytester) -> None:
    heavy = ("safar.engine", "safar.dsl", "lark", "yaml", "numpy")
    code = f"import sys, safar.pytest_plugin; print([n for n in sys.modules if n.startswith({heavy})])"
    result = shop.run(sys.executable, "-c", code)
    result.stdout.fnmatch_lines(["[[][]]"])
