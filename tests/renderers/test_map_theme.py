"""Every text of a map can be read on its ground."""

from __future__ import annotations

import pytest

from safar.engine.steps import kinds
from safar.renderers import theme
from safar.renderers.words import Words, languages


@pytest.mark.parametrize("family", theme.STYLES)
def test_texts_stand_out(family: str) -> None:
    style = theme.style(family)
    assert theme.contrast(style.text, style.fill) >= 4.5
    assert theme.contrast(style.faint, style.fill) >= 4.5
    assert theme.contrast(style.stroke, theme.STAGE_FILL) >= 3


@pytest.mark.parametrize("line", [theme.LINE, theme.TIME_LINE, theme.INTERRUPT_LINE, theme.BACK_LINE])
def test_lines_stand_out(line: str) -> None:
    assert theme.contrast(line, theme.STAGE_FILL) >= 3


@pytest.mark.parametrize("severity", theme.MARKS)
def test_numbers_stand_out_on_their_marks(severity: str) -> None:
    ground, ink = theme.MARKS[severity]
    assert theme.contrast(ground, ink) >= 4.5


def test_texts_stand_out_on_a_dark_screen_too() -> None:
    for style in theme.STYLES.values():
        ground = theme.DARK_GROUNDS.get(style.fill, style.fill)
        for text in (style.text, style.faint):
            assert theme.contrast(theme.DARK_TEXTS.get(text, text), ground) >= 4.5, style


def test_every_kind_of_step_has_a_look() -> None:
    assert {kind.look.family for kind in kinds()} <= {*theme.STYLES, "jump"}


def test_every_language_says_all_words() -> None:
    tables = [Words(language)._table.keys() for language in languages()]
    assert all(keys == tables[0] for keys in tables)
