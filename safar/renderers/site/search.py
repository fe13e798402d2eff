"""What can be searched for: one list for all languages, as a script that a page loads when somebody searches."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.model import Journey, Touchpoint
from safar.engine.names import fold
from safar.renderers.escape import json_text
from safar.renderers.labels import clean
from safar.renderers.site.captions import say
from safar.renderers.site.catalogue import KINDS, Entry
from safar.renderers.site.site import Site
from safar.renderers.texts import noted, spoken

_LONGEST = 600
"""Letters of one entry's texts that are searched."""


def index(site: Site) -> str:
    """The script: where, what kind, title, name, whose part, and all its texts, folded as names are."""
    kinds = {one: [say(one, f"one {kind}") for kind in KINDS] for one in site.languages}
    rows = [_row(entry) for kind in KINDS for entry in site.catalogue.of_kind(kind)]
    return f"self.SAFAR = {json_text({'kinds': kinds, 'rows': rows})};\n"


def _row(entry: Entry) -> list[object]:
    of = entry.of.label if entry.of is not None else ""
    said = fold(clean(" ".join(_texts(entry))))[:_LONGEST]
    return [entry.key, KINDS.index(entry.kind), clean(entry.label), entry.declared.name, clean(of), said]


def _texts(entry: Entry) -> Iterator[str]:
    declared = entry.declared
    if isinstance(declared, Touchpoint):
        yield from (text for _, text in spoken(declared))
    else:
        yield from (text for _, text in noted(getattr(declared, "map_lines", ())))
    if isinstance(declared, Journey):
        yield from (line.text for line in declared.map_lines)
    yield from (line.text for line in getattr(declared, "map_lines", ()) if line.word == "feeling")
