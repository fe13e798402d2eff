"""How much a file may hold.  A reader stops at the first limit it meets; a project may tighten them, never loosen."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Sizes in bytes or characters as said; depths and numbers as counts."""

    file: int = 1 << 20
    """Bytes of a journey file."""
    depth: int = 64
    """Blocks, brackets or list levels inside one another."""
    nodes: int = 200_000
    """Statements, values and parts of expressions in one file."""
    text: int = 65_536
    """Characters of one text."""
    statements: int = 20_000
    """Statements of one file."""
    mistakes: int = 200
    """Findings about the spelling of one file; reading stops behind them."""
    expression_nodes: int = 1_000
    """Parts of the expressions in one statement."""
    expression_depth: int = 100
    """Parentheses and operators inside one another."""
    name: int = 128
    """Characters of one name."""
    title: int = 2_000
    """Characters of one quoted text in a `.journey` file."""
    integer: int = 2**53
    """The greatest whole number, of either sign."""
    duration: int = 10 * 366 * 86_400
    """Seconds of the longest duration: ten years."""
    uses: int = 1_000
    """Files that one file uses, also by way of others."""
    use_depth: int = 32
    """Files on the way from one file to one that it uses by way of others."""
    rounds: int = 1_000
    """Rounds of one `repeat`."""
    files: int = 20_000
    """Journey files of a project."""
    states: int = 200_000
    """States of the chain behind an exact answer."""
    combinations: int = 400_000
    """Combinations of what conditions ask that a proof looks at, for one rule in one journey."""

    def named(self, name: str) -> str:
        """What a finding says of the limit that was met.

        >>> Limits().named("depth")
        'the limit is `depth = 64`; `--limit depth=N` sets another for one call'
        """
        return f"the limit is `{name} = {getattr(self, name):_}`; `--limit {name}=N` sets another for one call"

    def tightened(self, wanted: dict[str, int]) -> Limits:
        """These limits, each lowered to what is wanted where that is less.

        >>> Limits().tightened({"depth": 10, "uses": 10**9}).depth
        10
        """
        lower = {name: min(value, getattr(self, name)) for name, value in wanted.items()}
        return msgspec.structs.replace(self, **lower)


DEFAULT_LIMITS = Limits()
