"""What a touchpoint says to customers, and what is noted of them, as captions with lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from safar.engine.expression import Template
from safar.engine.model import MapLine, Send, Touchpoint
from safar.renderers.labels import runs_from_right

Row = tuple[str, str]
"""The key of a caption, and a text of others."""


def spoken(touchpoint: Touchpoint) -> Iterator[Row]:
    """The parts of its message, what it shows, and the lines of the map but feelings."""
    if isinstance(touchpoint.contact, Send):
        for part, template in touchpoint.contact.parts:
            yield part, written(template)
        if touchpoint.contact.body_file:
            yield "body_file", touchpoint.contact.body_file
    for shown in touchpoint.shows:
        yield "shows", f"{shown.label} = {shown.value.span.text}"
    yield from noted(touchpoint.map_lines)


def noted(lines: tuple[MapLine, ...]) -> Iterator[Row]:
    """Lines of the map in words; feelings and themes are told elsewhere."""
    for line in lines:
        if line.word not in ("feeling", "theme"):
            yield line.word, line.text


def written(template: Template) -> str:
    """A template with its placeholders as they are written."""
    return "".join(part if isinstance(part, str) else f"{{{part.span.text}}}" for part in template.parts)


def direction(text: str, *, rtl: bool) -> str:
    """Which way a text runs: placeholders, always Latin, do not count.

    >>> direction("{customer.name}، سلام", rtl=False), direction("{x}", rtl=False)
    ('rtl', 'ltr')
    """
    return "rtl" if runs_from_right(re.sub(r"\{[^}]*\}", "", text), otherwise=rtl) else "ltr"
