"""Findings that a revision of git had already: its files are taken out, checked, and compared by rule, path and words.

Git is asked for objects only, nothing is checked out; see `git.py`.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from safar import git
from safar.checking import Checked, Choice, check_home
from safar.dsl import read
from safar.dsl.files import ENDINGS
from safar.dsl.ignores import silenceable
from safar.dsl.project import FILE_NAMES, Home
from safar.engine.fingerprint import Identity, identities
from safar.errors import SelectionError

Old = frozenset[Identity]


@contextlib.contextmanager
def taken_out(home: Home, revision: str, option: str = "--since") -> Iterator[Path]:
    """A folder with the journey files and settings that a project had at a revision, as long as it is wanted.

    `option` is what asked for it, for messages.  Raises `SelectionError` as `known` does.
    """
    commit = _commit(home.root, revision, option)
    with tempfile.TemporaryDirectory(prefix="safar-") as folder:
        root = Path(folder).resolve()
        for path, content in _files(home, commit):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)
        yield root


def known(home: Home, files: Sequence[Path], choice: Choice, revision: str) -> Old:
    """The findings that these files of a project had at a revision, under today's settings and rules.

    Raises `SelectionError` where git is missing or does not know the revision.
    """
    with taken_out(home, revision) as root:
        old = msgspec.structs.replace(home, root=root, findings=(), texts={})
        wanted = _the_same(home, files, old)
        found = check_home(old, wanted, choice).findings if wanted else ()
        return frozenset(identity for _, identity in identities(found))


def without(checked: Checked, old: Old) -> Checked:
    """The findings that were not there; those about settings and errors of reading stay."""
    fresh = [
        item
        for item, one in identities(checked.findings)
        if one not in old or one.path in (*FILE_NAMES, "") or not silenceable(item)
    ]
    return checked.only(fresh)


def _the_same(home: Home, files: Sequence[Path], old: Home) -> tuple[Path, ...]:
    """All files, where all of today's are checked; else those that are there of the same ones."""
    if set(read.journey_files(home)) <= set(files):
        return read.journey_files(old)
    paths = (old.root / home.relative(file) for file in files)
    return tuple(path for path in paths if path.is_file())


def _commit(root: Path, revision: str, option: str) -> str:
    if not revision or "\0" in revision:
        raise SelectionError("a revision is a name such as `main` or `HEAD~1`")
    missing = f"`{option}` needs git, which is not installed here"
    none = f"`{option}` needs a git repository, and {root} is in none"
    git.ask(root, "rev-parse", "--is-inside-work-tree", wrong=none, missing=missing)
    wrong = f"git knows no revision `{revision}` in {root}"
    said = git.ask(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", wrong=wrong)
    commit = said.decode("ascii", "replace").strip()
    if len(commit) not in (40, 64) or not all(letter in "0123456789abcdef" for letter in commit):
        raise SelectionError(wrong)
    return commit


def _files(home: Home, commit: str) -> Iterator[tuple[str, bytes]]:
    """The journey files below the project's folder, by their path from it, and the project's own settings."""
    wrong = f"git cannot list the files of {commit}"
    listed = git.ask(home.root, "ls-tree", "-r", "-z", "-l", "--end-of-options", commit, wrong=wrong)
    found: dict[str, str] = {}
    for row in listed.split(b"\0"):
        facts, _, name = row.partition(b"\t")
        path = os.fsdecode(name)
        mode, kind, object_id, size = (*facts.decode("ascii").split(), "", "", "", "")[:4]
        is_file = kind == "blob" and mode.startswith("100") and size.isdecimal() and int(size) <= home.limits.file
        is_ours = path.endswith(ENDINGS) or path in FILE_NAMES
        if is_file and is_ours and _is_inside(path) and len(found) < home.limits.files:
            found[path] = object_id
    wanted = "".join(f"{object_id}\n" for object_id in found.values()).encode()
    data = git.ask(home.root, "cat-file", "--batch", given=wanted, wrong=wrong) if found else b""
    at = 0
    for path in found:
        end = data.index(b"\n", at)
        size_of = int(data[at:end].split()[2])
        yield path, data[end + 1 : end + 1 + size_of]
        at = end + 1 + size_of + 1


def _is_inside(path: str) -> bool:
    parts = path.split("/")
    return not any(part in ("", ".", "..") or part.lower() == ".git" or "\\" in part or ":" in part for part in parts)
