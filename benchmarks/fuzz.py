"""Changed files into the readers: `python benchmarks/fuzz.py SECONDS [dsl|yaml|expression|settings|rows]`.

Begins with the hostile files and the examples, changes them at random, and keeps what ends in an exception or takes
more than two seconds of processor time in `fuzz-found/`; such a file belongs into `tests/hostile/files`.  The seed is
printed; `SAFAR_FUZZ_SEED` gives the same inputs again.
"""

from __future__ import annotations

import hashlib
import os
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from safar.checking import check_text
from safar.dsl.project import find_home
from safar.tables.read import read_rows

ROOT = Path(__file__).parents[1]
FILES = ROOT / "tests" / "hostile" / "files"
PIECES = [
    *"{}[]():;,.\"'#&*!|>%@`\\\n\t -+=?",
    "\u200c",
    "\u202e",
    "ی",
    "۱",
    "\x00",
    "\ufeff",
    " if ",
    " or ",
    "not ",
    "- ",
]
SECONDS = 2.0


def changed(text: str, other: str, chance: random.Random) -> str:
    """A text with some places overwritten, doubled, taken out, or continued with another text."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(text))
        to = min(len(text), at + chance.randint(0, 12))
        there = chance.randint(0, len(other))
        put = (chance.choice(PIECES), text[at:to] * 2, "", other[there : there + 40], chance.choice(PIECES) * 70)
        text = text[:at] + chance.choice(put) + text[to:]
    return text[: 1 << 16]


def settings(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "safar.toml").write_text(text, encoding="utf-8", errors="replace")
        find_home(Path(folder))


def rows(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for ending in (".csv", ".jsonl", ".yaml"):
            path = Path(folder, f"a{ending}")
            path.write_text(text, encoding="utf-8", errors="replace")
            for row in read_rows(path):
                getattr(row, "place", str)("orders")


TARGETS: dict[str, tuple[str, Callable[[str], object]]] = {
    "dsl": ("**/*.journey", lambda text: check_text(text, "a.journey")),
    "yaml": ("**/*.yaml", lambda text: check_text(text, "a.journey.yaml")),
    "expression": ("expressions/*.journey", lambda text: check_text(text, "a.journey")),
    "settings": ("**/*.toml", settings),
    "rows": ("*s/*.*", rows),
}


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    wanted = sys.argv[2:] or list(TARGETS)
    seed = int(os.environ.get("SAFAR_FUZZ_SEED", time.time_ns() % 10**9))
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    failed = 0
    for name in wanted:
        pattern, read = TARGETS[name]
        files = [*FILES.glob(pattern), *(ROOT / "journeys").glob(pattern)]
        texts = [file.read_text(encoding="utf-8", errors="replace")[:20_000] for file in files if file.is_file()]
        end, count = time.monotonic() + seconds / len(wanted), 0
        while time.monotonic() < end:
            count += 1
            text = changed(chance.choice(texts), chance.choice(texts), chance)
            failed += not well(name, read, text)
        print(f"{name}: {count:,} inputs, seed {seed}")
    return 1 if failed else 0


def well(name: str, read: Callable[[str], object], text: str) -> bool:
    """Whether a text is read without an exception and in time; else it is kept."""
    begin = time.process_time()
    try:
        read(text)
        said = ""
    except Exception:
        said = traceback.format_exc(limit=-3)
    took = time.process_time() - begin
    if not said and took <= SECONDS:
        return True
    found = ROOT / "fuzz-found"
    found.mkdir(exist_ok=True)
    kept = found / f"{name}-{hashlib.blake2b(text.encode(errors='replace'), digest_size=6).hexdigest()}"
    kept.write_text(text, encoding="utf-8", errors="replace")
    print(f"{name}: {took:.1f} s, kept as {kept}\n{said}")
    return False


if __name__ == "__main__":
    sys.exit(main())
