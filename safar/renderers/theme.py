"""Colours, shapes and sizes by family of step.  Every text stands 4.5 : 1 or better on its ground (WCAG 2.2, AA)."""

from __future__ import annotations

import msgspec

TITLE_SIZE, TEXT_SIZE, ARROW_SIZE = 11.0, 9.5, 9.5
STAGE_SIZE, HEAD_SIZE = 12.5, 18.0
NOTE_SIZE, SMALL_SIZE = 9.5, 9.0
FONT = "Vazirmatn"
FALLBACKS = "Tahoma, 'Segoe UI', 'DejaVu Sans', sans-serif"

PAPER, INK, FAINT_INK = "#ffffff", "#1d2530", "#4a5563"
STAGE_FILL, STAGE_STROKE = "#f5f6f8", "#b9c0ca"
LINE, TIME_LINE, INTERRUPT_LINE, BACK_LINE = "#566170", "#8a5a00", "#b3261e", "#5b3fa8"


class Style(msgspec.Struct, frozen=True):
    """How a family is drawn.  `shape`: box, pill, hexagon, folded, barred, dashed, stacked, dotted, tag."""

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
    "stage": Style("stacked", "#f1f4f8", "#17375e", side=18.0),
    "stub": Style("dotted", "#eff1f5", "#566170", side=14.0),
    "link": Style("tag", "#f8f6fe", "#5b3fa8", side=14.0),
}
"""By the family that a step kind names in its look; `jump` is an arrow and has no box."""

CHANNELS = (
    ("#dcebfb", "#2f6cab"),
    ("#fbe6cf", "#a85f0a"),
    ("#d9f1e8", "#1b7a5c"),
    ("#f3e1f4", "#8a3f91"),
    ("#fdf3c4", "#857000"),
    ("#fbdfdc", "#b3401e"),
    ("#d6f0f5", "#1c7489"),
    ("#e4e4f7", "#5450a8"),
)
"""Ground and edge of touchpoints by channel, in turn; told apart also by the lane that they stand in."""

BAR, BAR_LINE = "#b5d3f2", "#2f6cab"
NOTES = {
    "customers": ("#eaf2fb", BAR_LINE),
    "doing": ("#eef0f3", "#566170"),
    "thinking": ("#f2eefc", "#6a4fc0"),
    "question": ("#fbe9f4", "#b03583"),
    "pain": ("#fdeae3", "#b3401e"),
    "opportunity": ("#dcf1f0", "#00736e"),
    "behind": ("#e9efdf", "#5b7f2b"),
    "needs": ("#f6f1e4", "#8a5a00"),
    "cost": ("#f6f1e4", "#8a5a00"),
    "measure": ("#dcebfb", "#2f6cab"),
    "owner": ("#eef0f3", "#566170"),
    "ways out": ("#e3e6ec", "#2b3340"),
}
"""Ground and bar of a note by the kind of its lane."""

CURVES = (("#0b5fa5", ""), ("#b3401e", "7 4"), ("#00736e", "2 3"), ("#7a3d8f", "9 3 2 3"), ("#7d6400", "4 2"))
"""Colour and dashes of curves, in turn."""

GOOD, NEITHER, BAD = "#0b5fa5", "#566170", "#b3401e"
GOOD_GROUND, BAD_GROUND = "#f1f7fd", "#fdf5f1"
STAGE_HEAD, STAGE_HEAD_TEXT = "#17375e", "#ffffff"
OWN_LINE = "#1d2530"

PLAIN = Style("box", "#eef0f3", "#566170")
"""For a family that has no style of its own."""


def mixed(one: str, other: str, share: float) -> str:
    """A colour between two: `share` of the first, the rest of the second.

    >>> mixed("#ffffff", "#000000", 0.5)
    '#808080'
    """
    parts = (round(int(one[at : at + 2], 16) * share + int(other[at : at + 2], 16) * (1 - share)) for at in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in parts)


WAY, WEAK = "#ffd24d", "#b3401e"
"""Under what a customer passed, as with a marker; around a bottleneck."""
MARKS = {"error": ("#8f1d14", "#ffffff"), "warning": ("#ffcf40", "#1a1a1a"), "info": ("#0b5fa4", "#ffffff")}
"""Ground and text of the marks of findings, the same on a dark screen; told apart also by their shapes."""

DARK_PAPER = "#12161d"
_TINTS = (
    *CHANNELS,
    *NOTES.values(),
    *((one.fill, one.stroke) for one in (*STYLES.values(), PLAIN) if one.text == INK),
    (GOOD_GROUND, GOOD),
    (BAD_GROUND, BAD),
    (BAR, mixed(BAR_LINE, "#ffffff", 0.75)),
)
_EDGES = dict.fromkeys((*(edge for _, edge in _TINTS), *(line for line, _ in CURVES), LINE, TIME_LINE, INTERRUPT_LINE))

DARK_TEXTS = {INK: "#eceff4", FAINT_INK: "#c3cad5"}
DARK_LINES = {PAPER: DARK_PAPER, STAGE_STROKE: "#4a5361", WAY: "#8a6a00"} | {
    edge: mixed(edge, "#ffffff", 0.55) for edge in (*_EDGES, BACK_LINE)
}
DARK_GROUNDS = {PAPER: DARK_PAPER, STAGE_FILL: "#1b212b", STAGE_HEAD: "#28527f", WAY: "#8a6a00"} | {
    ground: mixed(edge, DARK_PAPER, 0.25) for ground, edge in _TINTS
}
"""What a dark screen shows instead, by light colour: of texts, of lines and arrow heads, of grounds."""


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
