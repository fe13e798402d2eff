"""Which findings are the same ones when lines move: by rule, file and the words of the line, never by its number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from safar.engine.diagnostic import Diagnostic

_LONGEST = 200
"""Characters of a line that are kept."""


class Identity(msgspec.Struct, frozen=True, order=True):
    """Rule, file, and the line that the finding begins on, its spaces made one.

    `count` tells apart findings that are alike: 1 for the first of them in the file, 2 for the next.
    """

    rule: str
    path: str
    content: str
    count: int = 1

    @property
    def digest(self) -> str:
        """The same in 32 hexadecimal digits."""
        import hashlib

        text = "\0".join((self.rule, self.path, self.content, str(self.count)))
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def identities(
    items: Iterable[Diagnostic], path: Callable[[str], str] = lambda path: path
) -> Iterator[tuple[Diagnostic, Identity]]:
    """Each finding with its identity, in order; `path` says how files are named.

    >>> from safar.engine.diagnostic import Rule
    >>> from safar.engine.source import Source, Span
    >>> rule, source = Rule("r", "SF1"), Source("a", "x\\n  wait  0s")
    >>> [one for _, one in identities([rule.at(Span(source, 4, 8), "m")])]
    [Identity(rule='r', path='a', content='wait 0s', count=1)]
    """
    seen: dict[Identity, int] = {}
    for item in items:
        source = item.span.source
        line = source.line(source.position(item.span.start)[0])
        first = Identity(item.rule, path(source.path), " ".join(line.split())[:_LONGEST])
        seen[first] = seen.get(first, 0) + 1
        yield item, msgspec.structs.replace(first, count=seen[first])
