"""Make the files in `safar/renderers/fonts/` from the npm package `vazirmatn` (OFL-1.1).

Needs `fonttools` and `brotli`, which the product does not:

    npm pack vazirmatn@33.0.3 && tar xzf vazirmatn-33.0.3.tgz
    python benchmarks/make_fonts.py package safar/renderers/fonts

Writes the two whole fonts (for PNG), a small subset of each (embedded in every SVG) and `widths.json`: the advance
of every character in units of the em, and for letters that join, of their four forms.
"""

from __future__ import annotations

import importlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any

WEIGHTS = {"regular": "Vazirmatn-Regular", "bold": "Vazirmatn-Bold"}

EMBEDDED = (
    "U+20-7E,U+AB,U+B7,U+BB,U+D7,U+DF,U+E4,U+E8,U+E9,U+F6,U+FC,U+60C,U+61B,U+61F,U+621-628,U+62A-63A,U+641-642,"
    "U+644-648,U+64B-652,U+654,U+66A-66C,U+67E,U+686,U+698,U+6A9,U+6AF,U+6CC,U+6F0-6F9,U+200C,U+200E-200F,U+2013,"
    "U+2026,U+2066-2069,U+20AC"
)
"""Latin, Persian, digits and marks: two weights as data URLs stay below 40 KB."""

FORMS = ("fina", "init", "medi")


def subset(source: Path, target: Path) -> None:
    """The glyphs of EMBEDDED with what joining needs, and nothing else, as WOFF2."""
    importlib.import_module("fontTools.subset").main(
        [
            str(source),
            f"--unicodes={EMBEDDED}",
            "--flavor=woff2",
            "--layout-features=init,medi,fina,isol,rlig,ccmp,mark",
            "--no-hinting",
            f"--output-file={target}",
        ]
    )


def substitutions(font: Any) -> dict[str, dict[str, str]]:
    """By feature: which glyph takes another's place."""
    table = font["GSUB"].table
    found: dict[str, dict[str, str]] = {}
    for record in table.FeatureList.FeatureRecord:
        swaps = found.setdefault(record.FeatureTag, {})
        for index in record.Feature.LookupListIndex:
            for lookup in table.LookupList.Lookup[index].SubTable:
                swaps.update(getattr(getattr(lookup, "ExtSubTable", lookup), "mapping", {}))
    return found


def widths(source: Path) -> dict[str, Any]:
    font = importlib.import_module("fontTools.ttLib").TTFont(source)
    advance = {glyph: metrics[0] for glyph, metrics in font["hmtx"].metrics.items()}
    swaps = substitutions(font)
    single: dict[str, int] = {}
    joined: dict[str, list[int]] = {}
    for code, glyph in sorted(font.getBestCmap().items()):
        forms = [swaps.get(feature, {}).get(glyph) for feature in FORMS]
        if forms[0] is None:
            single[f"{code:x}"] = advance[glyph]
        else:
            joined[f"{code:x}"] = [advance[form] for form in (glyph, *forms) if form is not None]
    head = font["head"].unitsPerEm
    return {"em": head, "ascent": font["hhea"].ascent, "descent": -font["hhea"].descent, "single": single} | {
        "joined": joined
    }


def main(package: Path, target: Path) -> None:
    table = {}
    for weight, name in WEIGHTS.items():
        source = package / "fonts" / "ttf" / f"{name}.ttf"
        shutil.copyfile(source, target / f"{name}.ttf")
        subset(source, target / f"{name}-subset.woff2")
        table[weight] = widths(source)
    shutil.copyfile(package / "OFL.txt", target / "OFL.txt")
    (target / "widths.json").write_text(json.dumps(table, separators=(",", ":")) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
