"""The map for Mermaid: text that GitHub, GitLab and many wikis draw.

Ids are generated, and texts stand only in quoted labels, in which every sign that means anything to Mermaid, to
Markdown or to HTML is written by its number: nothing a label says is a directive, a link, an image or markup.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from safar.renderers import theme
from safar.renderers.labels import LONGEST, runs_from_right
from safar.renderers.picture import BACK, INTERRUPT, OUTSIDE, TIME, Arrow, Box, Picture

_SHAPES = {
    "box": ("[", "]"),
    "pill": ("(", ")"),
    "hexagon": ("{{", "}}"),
    "folded": ("[/", "/]"),
    "barred": ("[[", "]]"),
    "dashed": ("[", "]"),
    "stacked": ("[[", "]]"),
    "dotted": ("[", "]"),
    "tag": (">", "]"),
}
_LINES = {INTERRUPT: "-.->", TIME: "-->", BACK: "-->"}
_PLAIN = " ,!?'\u200c\u200d\u200e\u200f\u2066\u2067\u2068\u2069"
"""Signs that mean nothing anywhere, joiners and marks of direction: Persian needs them."""
_OPEN_RIGHT, _CLOSE = "\u2067", "\u2069"
_BREAK = "<br/>"


def quoted(text: str, *, rtl: bool = False) -> str:
    """A text as a label; `rtl` is the direction of a text without letters of its own.

    >>> quoted('a "b" <i>'), quoted("%%{init}%%")
    ('"a #34;b#34; #60;i#62;"', '"#37;#37;#123;init#125;#37;#37;"')
    """
    return f'"{coded(text, rtl=rtl)}"'


def coded(text: str, *, rtl: bool = False) -> str:
    """A text outside of quotes."""
    shown = "".join(letter if _is_plain(letter) else f"#{ord(letter)};" for letter in _kept(text[:LONGEST]))
    return f"{_OPEN_RIGHT}{shown}{_CLOSE}" if runs_from_right(text, otherwise=rtl) else shown


def _kept(text: str) -> str:
    """On one line, without what cannot be shown."""
    return "".join(c for c in " ".join(text.split()) if unicodedata.category(c) not in ("Cc", "Cs", "Cn", "Co"))


def _is_plain(letter: str) -> bool:
    return letter.isalnum() or letter in _PLAIN or unicodedata.category(letter).startswith("M")


def write(picture: Picture) -> str:
    """The picture as a flowchart from top to bottom: the start, the stages as subgraphs, the rest."""
    return "\n".join(("flowchart TB", *_lines(picture), *_styles(picture), ""))


def _lines(picture: Picture) -> Iterator[str]:
    rtl = picture.rtl
    yield f"  accTitle: {quoted(picture.title)[1:-1]}"
    yield _box(0, picture.boxes[0], rtl=rtl)
    for number, stage in enumerate(picture.stages):
        yield f"  subgraph s{number} [{quoted(stage.title, rtl=rtl)}]"
        yield from _boxes(picture, number)
        yield "  end"
    yield from _boxes(picture, OUTSIDE)
    for arrow in picture.arrows:
        yield f"  {_arrow(arrow, rtl=rtl)}"


def _boxes(picture: Picture, stage: int) -> Iterator[str]:
    for number, box in enumerate(picture.boxes):
        if box.stage == stage and number:
            yield _box(number, box, rtl=picture.rtl)


def _box(number: int, box: Box, *, rtl: bool) -> str:
    left, right = _SHAPES[theme.style(box.family).shape]
    return f"    n{number}{left}{_label(box, rtl=rtl)}{right}:::{_name(box.family)}"


def _label(box: Box, *, rtl: bool) -> str:
    lines = (
        quoted(text, rtl=rtl)[1:-1]
        for text in (box.title, *box.details, *box.figures, *(note.text for note in box.notes))
    )
    return f'"{_BREAK.join(lines)}"'


def _arrow(arrow: Arrow, *, rtl: bool) -> str:
    line = _LINES.get(arrow.kind, "-->")
    count = "" if arrow.count is None else str(arrow.count)
    told = " · ".join(part for part in (arrow.label, count) if part)
    label = f"|{quoted(told, rtl=rtl)}|" if told else ""
    return f"n{arrow.start} {line}{label} n{arrow.end}"


def _styles(picture: Picture) -> Iterator[str]:
    for family in sorted({box.family for box in picture.boxes}):
        style = theme.style(family)
        dashes = ",stroke-dasharray:5 3" if style.shape == "dashed" else ""
        yield f"  classDef {_name(family)} fill:{style.fill},stroke:{style.stroke},color:{style.text}{dashes}"


def _name(family: str) -> str:
    """A name for a class that is no word of Mermaid's own (`end` is one)."""
    return f"is_{family}"
