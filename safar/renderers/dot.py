"""Pictures as DOT: with texts for people who have Graphviz, without any for the layout.

Ids are generated, texts stand only in quoted labels (never in HTML ones), and of Graphviz only a subset is used that
all its builds draw alike: no orthogonal edges, no concentration, no equal ranks across clusters.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from safar.renderers import theme
from safar.renderers.labels import Label
from safar.renderers.layout import Sized, SizedArrow, SizedBox, SizedStage
from safar.renderers.picture import BACK, INTERRUPT, OUTSIDE, TIME

_SHAPES = {
    "box": "box",
    "pill": "box",
    "hexagon": "hexagon",
    "folded": "note",
    "barred": "box",
    "dashed": "box",
    "stacked": "box3d",
    "dotted": "box",
    "tag": "cds",
}
_ROUNDED = ("box", "pill")
_LINED = ("dashed", "dotted")
_BESIDE = ("interrupt", "link", "end")
_LINES = {
    BACK: f'color="{theme.BACK_LINE}"',
    INTERRUPT: f'color="{theme.INTERRUPT_LINE}", style=dashed',
    TIME: f'color="{theme.TIME_LINE}"',
}
_HEAD = (
    "graph [rankdir=TB, nodesep=0.3, ranksep=0.28, margin=12, pad=0.2]",
    'node [shape=box, fixedsize=true, fontname="Helvetica", fontsize=10]',
    'edge [arrowsize=0.7, fontname="Helvetica", fontsize=10]',
)
_PILL = f'style="rounded,filled", fillcolor="{theme.PAPER}", color="{theme.LINE}"'
_MANY = 500
_CARE = "graph [nslimit=4, nslimit1=20]"
_HASTE = "graph [nslimit=0.5, nslimit1=2, mclimit=0.1, splines=line]"
"""How long the engine may search: from so many boxes on a plainer picture (2,000 boxes in 10 s) is better than none."""

_LETTER, _LINE = 5.56, 12.0
"""Width of an n and height of a line of Helvetica at 10 points: with them room is kept for the title of a stage."""


def quoted(text: str) -> str:
    r"""A text as a DOT string: no end of it, no escape and no entity in it can be anything but text.

    >>> print(quoted('a "b" \\N <i> &lt;'))
    "a \"b\" \\N <i> &amp;lt;"
    """
    kept = "".join(letter for letter in text if letter == "\n" or _is_xml(letter))
    kept = kept.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{kept}"'


def _is_xml(letter: str) -> bool:
    code = ord(letter)
    return code >= 0x20 and not 0x7F <= code < 0xA0 and not 0xD800 <= code < 0xE000 and code & 0xFFFE != 0xFFFE


def write(sized: Sized, *, texts: bool) -> str:
    """The picture as DOT.  Without `texts` it is the skeleton for the layout: sizes, ids and nothing else."""
    return _graph(sized, range(len(sized.boxes)), range(len(sized.arrows)), texts=texts)


def skeletons(sized: Sized) -> tuple[str, ...]:
    """For each panel of the picture what the layout is told of it."""
    boxes: dict[int, list[int]] = {}
    arrows: dict[int, list[int]] = {}
    for number, box in enumerate(sized.boxes):
        boxes.setdefault(box.box.panel, []).append(number)
    for number, arrow in enumerate(sized.arrows):
        arrows.setdefault(sized.boxes[arrow.arrow.start].box.panel, []).append(number)
    return tuple(_graph(sized, boxes[panel], arrows.get(panel, ()), texts=False) for panel in sorted(boxes))


def _graph(sized: Sized, boxes: Sequence[int], arrows: Sequence[int], *, texts: bool) -> str:
    limits = _HASTE if len(boxes) > _MANY else _CARE
    return "\n".join(("digraph journey {", *_HEAD, limits, *_body(sized, boxes, arrows, texts=texts), "}", ""))


def _body(sized: Sized, boxes: Sequence[int], arrows: Sequence[int], *, texts: bool) -> Iterator[str]:
    if texts:
        yield f"graph [label={quoted(sized.picture.title)}, labelloc=t, fontname=Helvetica, fontsize=18]"
    nodes: dict[int, list[str]] = {}
    for number in boxes:
        box = sized.boxes[number]
        nodes.setdefault(box.box.stage, []).append(_box(number, box, texts=texts))
    for number in arrows:
        arrow = sized.arrows[number]
        if arrow.labels:
            nodes.setdefault(_home(sized, arrow), []).append(_pill(number, arrow, texts=texts))
    for stage in sorted(nodes.keys() - {OUTSIDE}):
        yield f"subgraph cluster_{stage} {{"
        yield from _stage(sized.stages[stage], texts=texts)
        yield from nodes[stage]
        yield "}"
    yield from nodes.get(OUTSIDE, ())
    for number in arrows:
        yield from _arrow(number, sized.arrows[number], texts=texts)
    yield from _order(sized, boxes)


def _stage(stage: SizedStage, *, texts: bool) -> Iterator[str]:
    if texts:
        yield f"graph [label={_text(stage.labels)}, labeljust={'r' if stage.labels[0].rtl else 'l'}, fontsize=10]"
        yield f'graph [style=filled, color="{theme.STAGE_STROKE}", fillcolor="{theme.STAGE_FILL}"]'
        return
    room = ["n" * math.ceil(stage.width / _LETTER)] * math.ceil(stage.height / _LINE)
    yield f'graph [label="{chr(92) + "n"}", fontname="Helvetica", fontsize=10]'.replace("\\n", "\\n".join(room))


def _pill(number: int, arrow: SizedArrow, *, texts: bool) -> str:
    label = f", label={_text(arrow.labels)}, {_PILL}" if texts else ', label=""'
    return f"m{number} [{_size(arrow.width, arrow.height)}{label}]"


def _home(sized: Sized, arrow: SizedArrow) -> int:
    """A label stands in the stage where its arrow begins."""
    return sized.boxes[arrow.arrow.start].box.stage


def _box(number: int, box: SizedBox, *, texts: bool) -> str:
    if not texts:
        return f'n{number} [{_size(box.width, box.height)}, label=""]'
    style = theme.style(box.box.family)
    line = f"{style.shape}," if style.shape in _LINED else "rounded," if style.shape in _ROUNDED else ""
    return (
        f"n{number} [{_size(box.width, box.height)}, label={_text((*box.labels, *box.notes))}, "
        f'shape={_SHAPES[style.shape]}, style="{line}filled", fillcolor="{style.fill}", color="{style.stroke}", '
        f'fontcolor="{style.text}"]'
    )


def _text(labels: tuple[Label, ...]) -> str:
    return quoted("\n".join(line for label in labels for line in label.lines))


def _size(width: float, height: float) -> str:
    return f"width={width / 72:.4f}, height={height / 72:.4f}"


def _arrow(number: int, arrow: SizedArrow, *, texts: bool) -> Iterator[str]:
    """One edge, or two with the label between; one against the flow is laid out with it and drawn reversed."""
    start, end, line = f"n{arrow.arrow.start}", f"n{arrow.arrow.end}", ""
    if texts and arrow.arrow.kind in _LINES:
        line = ", " + _LINES[arrow.arrow.kind]
    against = arrow.arrow.kind == BACK

    def edge(tail: str, head: str, name: str, *, pointed: bool) -> str:
        if against:
            tail, head = head, tail
        points = ("back" if against else "forward") if pointed else "none"
        straight = ", weight=3" if name == "e" and not against else ""
        return f"{tail} -> {head} [id={name}{number}, dir={points}{straight}{line}]"

    if not arrow.labels:
        yield edge(start, end, "e", pointed=True)
    else:
        yield edge(start, f"m{number}", "a", pointed=False)
        yield edge(f"m{number}", end, "b", pointed=True)


def _order(sized: Sized, boxes: Sequence[int]) -> Iterator[str]:
    """Stages one under the other, in their order, also where no way leads on."""
    rows: dict[int, list[int]] = {}
    for number in boxes:
        box = sized.boxes[number].box
        if box.family not in _BESIDE:
            rows.setdefault(box.stage, []).append(number)
    inside = [rows[stage] for stage in sorted(rows) if stage != OUTSIDE]
    for above, below in itertools.pairwise(inside):
        yield f"n{above[-1]} -> n{below[0]} [style=invis]"
