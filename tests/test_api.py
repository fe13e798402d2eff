"""The Python API: the same verbs, values instead of prints."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import safar
from safar.output import OutputError, slug, write
from safar.templates import folder

CART = folder() / "dsl" / "abandoned_cart.journey"


@pytest.mark.smoke
def test_all_names_are_there_and_typed_the_same() -> None:
    """`__all__`, what can be got, and what type checkers are told must agree."""
    for name in safar.__all__:
        assert getattr(safar, name) is not None
    source = Path(safar.__file__).read_text(encoding="utf-8")
    told = source.split("if TYPE_CHECKING:")[1].split("__all__")[0]
    words = set(told.replace(",", " ").replace("(", " ").replace(")", " ").split())
    assert words - {"from", "import"} - {w for w in words if w.startswith("safar.")} == set(safar.__all__)
    assert set(safar.__all__) <= set(dir(safar))
    with pytest.raises(AttributeError, match="no attribute 'chek'"):
        _ = safar.chek


@pytest.mark.smoke
def test_import_costs_nothing() -> None:
    code = "import sys, safar; print([m for m in ('msgspec', 'lark', 'yaml', 'networkx', 'click') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.smoke
def test_check_loads_no_simulator() -> None:
    code = (
        f"import sys\nfrom safar.cli import main\nmain(['check', {str(CART)!r}])\n"
        "print([m for m in sys.modules if m in ('numpy', 'yaml', 'networkx', 'safar.comparing', 'safar.people')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


def test_check_takes_files_and_folders() -> None:
    report = safar.check(CART, str(folder() / "yaml"))
    assert report.findings == ()
    assert [part.root.name for part in report.projects] == ["dsl", "yaml"]
    assert report.files == 8
    with pytest.raises(safar.SelectionError, match="there is no file"):
        safar.check("nowhere.journey")


@pytest.mark.smoke
def test_simulate_trace_and_draw() -> None:
    lines: list[str] = []
    told: list[tuple[int, int]] = []
    simulation = safar.simulate(CART, n=100, seed=3, progress=lambda *at: told.append(at), traces=lines.append)
    assert simulation.figures["customers"] == 100
    assert simulation.findings == ()
    assert told[-1] == (100, 100)
    traced = safar.trace(CART, "17", n=100, seed=3)
    own = [json.loads(line)["at"] for line in lines if json.loads(line)["customer"] == "17"]
    assert len(own) == len(traced.story.happenings)
    assert safar.draw(CART, kind="dot").startswith("digraph")
    with pytest.raises(ValueError, match="no kind"):
        safar.draw(CART, kind="gif")


def test_a_trace_is_the_customer_of_the_simulation() -> None:
    """Alone or among others, with the same seed and number: happening for happening."""
    lines: list[str] = []
    safar.simulate(CART, n=50, traces=lines.append)
    for key in ("1", "7", "50"):
        among = [(r["n"], r["what"], r["step"]) for r in map(json.loads, lines) if r["customer"] == key]
        alone = [(h.n, h.what.value, h.step or None) for h in safar.trace(CART, key, n=50).story.happenings]
        assert among == alone


def test_errors_carry_findings(tmp_path: Path) -> None:
    bad = tmp_path / "bad.journey"
    bad.write_text("journey x { owner nobody; stage early { task crm } }", encoding="utf-8")
    with pytest.raises(safar.JourneyError) as caught:
        safar.draw(bad)
    assert caught.value.checked.errors
    assert str(caught.value)
    rows = tmp_path / "rows.csv"
    rows.write_text("name\nSara\n", encoding="utf-8")
    with pytest.raises(safar.RowsError) as told:
        safar.simulate(CART, customers=rows)
    assert told.value.findings


def test_choosing_among_several_journeys(tmp_path: Path) -> None:
    (tmp_path / "safar.toml").write_text("[project]\njourneys = ['.']\n", encoding="utf-8")
    journey = "journey {} {{ enter on e; stage early {{ wait %s }} }}\n"
    two = f"event e\n{journey % '1d'}{journey % '2d'}"
    file = tmp_path / "two.journey"
    file.write_text(two.format("alpha", "beta"), encoding="utf-8")
    with pytest.raises(safar.SelectionError, match="several journeys"):
        safar.draw(file)
    assert safar.draw(f"{file}:BETA", kind="dot") != safar.draw("alpha", kind="dot", project=tmp_path)
    with pytest.raises(safar.SelectionError, match="did you mean `alpha`"):
        safar.draw(f"{file}:alpa")
    (tmp_path / "more.journey").write_text(two.format("alpha", "gamma"), encoding="utf-8")
    with pytest.raises(safar.SelectionError, match="several files"):
        safar.draw("alpha", project=tmp_path)


def test_explain_names_the_nearest() -> None:
    assert safar.explain("SF051") is safar.explain("unused-ignore")
    with pytest.raises(LookupError, match="did you mean `unused-ignore`"):
        safar.explain("unusd-ignore")


# --- files that are written


def test_write_is_whole_or_nothing(tmp_path: Path) -> None:
    file = tmp_path / "map.svg"
    write(file, "one")
    write(file, "دو")
    assert file.read_text(encoding="utf-8") == "دو"
    assert file.stat().st_mode & 0o400
    with pytest.raises(TypeError):
        write(file, 3)  # type: ignore[arg-type]
    assert [one.name for one in tmp_path.iterdir()] == ["map.svg"]


def test_write_refuses_links_and_folders(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("kept", encoding="utf-8")
    (tmp_path / "link").symlink_to(target)
    (tmp_path / "dangling").symlink_to(tmp_path / "new")
    for name in ("link", "dangling", ".", "missing/file"):
        with pytest.raises(OutputError):
            write(tmp_path / name, "lost")
    assert target.read_text(encoding="utf-8") == "kept"
    assert not (tmp_path / "new").exists()
    write(Path("/dev/null"), "gone")
    assert not Path("/dev/null").is_file()


@pytest.mark.parametrize("name", ["", "..", "/etc/passwd", "-o", "a\x00b", "\u202eevil", "x" * 500, "con/../aux"])
def test_a_slug_is_a_plain_file_name(name: str) -> None:
    made = slug(name)
    assert made
    assert not made.startswith(("-", "."))
    assert not set(made) & set("/\\\x00.\u202e")
    assert len(made) <= 80
