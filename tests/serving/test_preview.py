"""What a preview knows of a file while it is written: what was found, and the map as it last was."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from safar.checking import Ground
from safar.errors import SelectionError
from safar.serving.journey import Served
from safar.serving.preview import Preview, State

GOOD = """event cart {{}}
journey j "{title}" {{ enter on cart
  stage s {{ wait 1h; exit won }} }}
"""
BROKEN = GOOD.replace("wait 1h", "wait 1x")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shop.journey"
    path.write_text(GOOD.format(title="First"), encoding="utf-8")
    return path


@pytest.fixture
def preview(file: Path) -> Iterator[Preview]:
    made = Preview(file, "", Ground())
    made.start()
    yield made
    made.close()


def until(preview: Preview, wanted: Callable[[State], bool]) -> State:
    """The first state that is wanted."""
    end = time.monotonic() + 5
    while not wanted(preview.state):
        assert time.monotonic() < end, preview.state
        time.sleep(0.01)
    return preview.state


def save(file: Path, text: str, title: str = "") -> None:
    file.write_text(text.format(title=title), encoding="utf-8")


def svg(preview: Preview, state: State, form: str = "flow") -> str:
    drawn = preview.drawn(state, "", form)
    assert drawn is not None
    return drawn.svg


def test_a_broken_file_keeps_its_last_good_map(preview: Preview, file: Path) -> None:
    assert "First" in svg(preview, preview.state)
    save(file, BROKEN, "Second")
    state = until(preview, lambda state: not state.current)
    assert [one.severity.value for one in state.findings] == ["error"]
    assert "First" in svg(preview, state)
    save(file, GOOD, "Third")
    assert "Third" in svg(preview, until(preview, lambda state: state.current))


def test_a_file_that_goes_and_comes_again(preview: Preview, file: Path) -> None:
    file.unlink()
    state = until(preview, lambda state: state.gone)
    assert not state.current
    assert "First" in svg(preview, state)
    save(file, GOOD, "Again")
    assert "Again" in svg(preview, until(preview, lambda state: state.current), "map")


def test_only_another_meaning_is_drawn_anew(preview: Preview, file: Path) -> None:
    before = preview.state
    first = preview.drawn(before, "", "flow")
    assert first is not None
    save(file, GOOD + "# a remark\n", "First")
    state = until(preview, lambda state: state.programs is not before.programs)
    drawn = preview.drawn(state, "", "flow")
    assert drawn is not None
    assert drawn is not first
    assert drawn.svg is first.svg


def test_a_used_file_that_is_missing_is_found_when_it_comes(preview: Preview, file: Path) -> None:
    save(file, 'use "words.journey"\n' + GOOD.replace("event cart {{}}", ""), "First")
    until(preview, lambda state: not state.current)
    other = file.with_name("words.journey")
    other.write_text("event cart {}", encoding="utf-8")
    until(preview, lambda state: state.current)
    other.write_text('event cart "Filled" {}', encoding="utf-8")
    state = until(preview, lambda state: "Filled" in str(state.programs))
    assert "Filled" in svg(preview, state)


def test_settings_are_watched(preview: Preview, file: Path) -> None:
    file.with_name("safar.toml").write_text('[project]\nname = "p"\nlanguage = "fa"\n', encoding="utf-8")
    state = until(preview, lambda state: state.programs["j"].project.settings.language == "fa")  # type: ignore[index]
    assert 'lang="fa"' in svg(preview, state)


@pytest.mark.parametrize("text", ["{{" * 200_000, "# " + "x" * 3_000_000, "\0\x01", "journey"])
def test_what_no_reader_likes_is_told(preview: Preview, file: Path, text: str) -> None:
    save(file, text)
    state = until(preview, lambda state: not state.current)
    assert state.findings
    assert "First" in svg(preview, state)


def test_a_fault_is_shown_and_outlived(preview: Preview, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken inside")

    with monkeypatch.context() as patch:
        patch.setattr("safar.serving.preview.check_reading", fail)
        save(file, GOOD, "Second")
        assert "RuntimeError: broken inside" in until(preview, lambda state: bool(state.trouble)).trouble
    save(file, GOOD, "Third")
    assert "Third" in svg(preview, until(preview, lambda state: not state.trouble and state.current))


@pytest.mark.parametrize(
    ("named", "said"), [("none.journey", "no file"), ("", "folder"), ("shop.journey:k", ""), ("k", "did you mean")]
)
def test_what_cannot_be_served(file: Path, named: str, said: str) -> None:
    journey = str(file.parent / named) if "." in named or not named else named
    if not said:  # a name that the file has not is one that it may have soon: the first journey is shown
        Served(journey, Ground(file.parent)).close()
        return
    save(file, GOOD, "First")
    with pytest.raises(SelectionError, match=said):
        Served(journey, Ground(file.parent))
