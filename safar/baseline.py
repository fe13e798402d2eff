"""Findings that were there when a project began to use Safar: written down, and left out from then on.

The file is JSON, to be committed and read: rule, path (from the file's own folder) and the line's words, and how often.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from safar import output
from safar.checking import Checked
from safar.dsl.ignores import silenceable
from safar.dsl.project import FILE_NAMES
from safar.engine.diagnostic import Diagnostic
from safar.engine.fingerprint import Identity, identities
from safar.errors import SelectionError

FORMAT_VERSION = 1
_LARGEST = 16 << 20
"""Bytes of a baseline."""

Known = dict[Identity, int]
"""How often a finding is known; the `count` of each key is 1."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Findings that are alike."""

    rule: str
    path: str
    content: str
    count: int = 1


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of them."""

    format_version: int
    findings: tuple[Entry, ...]


def read(file: Path) -> Known:
    """What a file has written down; raises `SelectionError` where it is missing or no baseline."""
    try:
        with file.open("rb") as stream:
            raw = stream.read(_LARGEST + 1)
    except FileNotFoundError:
        raise SelectionError(f"there is no baseline {file}; `--write-baseline` writes it") from None
    try:
        document = msgspec.json.decode(raw, type=Document)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise SelectionError(f"{file} is no baseline: {wrong}; `--write-baseline` writes it again") from None
    if document.format_version != FORMAT_VERSION:
        raise SelectionError(f"{file} is a baseline of version {document.format_version}, not {FORMAT_VERSION}")
    known: Counter[Identity] = Counter()
    for entry in document.findings:
        known[Identity(entry.rule, entry.path, entry.content)] += entry.count
    return dict(known)


def write(file: Path, projects: Sequence[Checked]) -> int:
    """Write down all findings that can be left out; returns how many."""
    counted = Counter(_once(identity) for part in projects for _, identity in _identities(part, file))
    entries = [Entry(one.rule, one.path, one.content, number) for one, number in sorted(counted.items())]
    document = msgspec.to_builtins(Document(FORMAT_VERSION, tuple(entries)))
    text = json.dumps(document, ensure_ascii=True, indent=1) + "\n"
    output.write(file, text)
    return sum(counted.values())


def without(checked: Checked, known: Known, file: Path) -> Checked:
    """The findings that the baseline in `file` does not have."""
    old = {id(item) for item, one in _identities(checked, file) if one.count <= known.get(_once(one), 0)}
    return checked.only([item for item in checked.findings if id(item) not in old])


def gone(projects: Sequence[Checked], known: Known, file: Path) -> int:
    """How many of the findings written down are no more, in files that were checked or are no more themselves.

    `projects` are what `without` left.
    """
    paths = {_from(file, part.root, path) for part in projects for path in part.paths}
    asked = (
        number for one, number in known.items() if one.path in paths or not (file.absolute().parent / one.path).exists()
    )
    return max(sum(asked) - sum(part.known for part in projects), 0)


def _once(identity: Identity) -> Identity:
    return msgspec.structs.replace(identity, count=1)


def _identities(checked: Checked, file: Path) -> Iterator[tuple[Diagnostic, Identity]]:
    """All that can be left out: no finding about settings, with which nothing is certain, and no error of reading."""
    items = [item for item in checked.findings if silenceable(item) and item.span.source.path not in (*FILE_NAMES, "")]
    return identities(items, lambda path: _from(file, checked.root, path))


def _from(file: Path, root: Path, path: str) -> str:
    return Path(os.path.relpath(root / path, file.absolute().parent)).as_posix()
