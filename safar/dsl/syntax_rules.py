"""The kinds of findings that reading a `.journey` file can give."""

from __future__ import annotations

from safar.engine.diagnostic import Rule

SYNTAX = Rule("misplaced-word", "SF001")
STATEMENT = Rule("unknown-statement", "SF002")
UNMATCHED = Rule("unmatched-bracket", "SF003")
UNCLOSED_TEXT = Rule("unclosed-text", "SF004")
MISSING = Rule("missing-clause", "SF005")
REPEATED = Rule("repeated-line", "SF006")
RESERVED_NAME = Rule("reserved-name", "SF007")
DIRECTION = Rule("direction-control", "SF008")
FOREIGN = Rule("foreign-spelling", "SF009")
LIMIT = Rule("limit-exceeded", "SF010")
SEPARATOR = Rule("missing-separator", "SF011")
BROKEN_NAME = Rule("broken-name", "SF012")
IMPOSSIBLE = Rule("impossible-value", "SF013")
QUOTES = Rule("missing-quotes", "SF014")
