"""Colours, shapes and sizes by family of step.  Every text stands 4.5 : 1 or better on its ground (WCAG 2.2, AA)."""

from __future__ import annotations

import msgspec

TITLE_SIZE, TEXT_SIZE, ARROW_SIZE = 11.0, 9.5, 9.5
STAGE_SIZE, HEAD_SIZE = 12.5, 18.0
FONT = "Vazirmatn"
FALLBACKS = "Tahoma, 'Segoe UI', 'DejaVu Sans', sans-serif"

PAPER, INK, FAINT_INK = "#ffffff", "#1d2530", "#4a5563"
STAGE_FILL, STAGE_STROKE = "#f5f6f8", "#b9c0ca"
LINE, TIME_LINE, INTERRUPT_LINE, BACK_LINE = "#566170", "#8a5a00", "#b3261e", "#5b3fa8"


class Style(msgspec.Struct, frozen=True):
    """How a family is drawn.  `shape`: box, pill, hexagon, folded, barred, dashed, full."""

    shape: str
    fill: str
    stroke: str
    text: str = INK
    faint: str = FAINT_INK
    side: float = 12.0
    """Room left and right of the text, in points."""


STYLES = {
    "start": Style("pill", "#17375e", "#17375e", "#ffffff", "#dbe6f3", 18.0),
    "contact": Style("box", "#dcebfb", "#2f6cab"),
    "wait": Style("pill", "#fff0cf", "#a8740a", side=16.0),
    "choice": Style("hexagon", "#e9e3fa", "#6a4fc0", side=22.0),
    "chance": Style("hexagon", "#fbe1f1", "#b03583", side=22.0),
    "loop": Style("barred", "#dff3ea", "#2a7f5c", side=17.0),
    "effect": Style("folded", "#e6f0d9", "#5b7f2b", side=14.0),
    "interrupt": Style("dashed", "#fdeae8", "#b3261e"),
    "end": Style("pill", "#2b3340", "#2b3340", "#ffffff", "#dde2ea", 18.0),
}
"""By the family that a step kind names in its look; `jump` is an arrow and has no box."""

PLAIN = Style("box", "#eef0f3", "#566170")
"""For a family that has no style of its own."""


def style(family: str) -> Style:
    return STYLES.get(family, PLAIN)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, by WCAG 2.2.

    >>> round(contrast("#ffffff", "#000000"), 1)
    21.0
    """
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
