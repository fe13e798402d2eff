"""What git tells of the changes of journey files.  Without git, or outside of a repository, nothing is known."""

from __future__ import annotations

import contextlib
import datetime
import posixpath
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from safar import git
from safar.errors import SelectionError
from safar.renderers.site.site import Change, Changes

MOST = 1_000
"""Commits that are looked at."""
_FOLDERS = 100
_FIELDS = 4
_LOG = (
    *("log", "-z", "--name-only", "--relative", f"--max-count={MOST + 1}", "--format=%x00%H%x00%an%x00%as%x00%s"),
    *("--no-renames", "--no-ext-diff", "--no-textconv", "--no-show-signature", "--no-mailmap", "--no-color"),
    *("--no-follow", "--encoding=UTF-8", "HEAD", "--"),
)
"""Nothing of it comes from a file of the repository, and no program that its settings name is run."""


def changes(root: Path, paths: Sequence[str]) -> Changes | None:
    """The latest changes of these files, by their path from the root; None where git knows nothing."""
    folders = sorted({posixpath.dirname(path) or "." for path in paths})
    try:
        said = git.ask(root, *_LOG, *(folders if len(folders) <= _FOLDERS else ["."]), wrong="no history")
    except SelectionError:
        return None
    known = set(paths)
    every = tuple(read(said))
    latest = tuple(one for one in every[:MOST] if known.intersection(one.paths))
    of: dict[str, list[Change]] = defaultdict(list)
    for one in latest:
        for path in known.intersection(one.paths):
            of[path].append(one)
    return Changes(latest, of, whole=len(every) <= MOST)


def read(said: bytes) -> Iterator[Change]:
    """The commits of `git log`: an empty field begins one, then its facts, then the files it touched.

    >>> next(read(b"\\0c0ffee\\0Lena\\0002027-01-05\\0Shorter\\0\\na.journey\\0")).paths
    ('a.journey',)
    """
    parts = said.decode("utf-8", "replace").split("\0")
    at = 0
    while at + _FIELDS < len(parts):
        commit, author, date, subject = parts[at + 1 : at + 1 + _FIELDS]
        end = at + 1 + _FIELDS
        while end < len(parts) and parts[end]:
            end += 1
        names = (name.removeprefix("\n") for name in parts[at + 1 + _FIELDS : end])
        with contextlib.suppress(ValueError):  # a date of no calendar
            yield Change(commit, datetime.date.fromisoformat(date), author, subject, tuple(names))
        at = end
