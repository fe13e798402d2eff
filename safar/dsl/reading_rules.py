"""The kinds of findings that reading YAML, other files and the project's settings can give."""

from __future__ import annotations

from safar.engine.diagnostic import Rule, Severity

YAML_SYNTAX = Rule("yaml-syntax", "SF020")
YAML_FEATURE = Rule("yaml-feature", "SF021")
DUPLICATE_KEY = Rule("duplicate-key", "SF022")
UNKNOWN_KEY = Rule("unknown-key", "SF023")
WRONG_SHAPE = Rule("wrong-shape", "SF024")
TEXT_CUT = Rule("text-cut", "SF025")
EMPTY_VALUE = Rule("empty-value", "SF026")
UNREADABLE_CHARACTER = Rule("unreadable-character", "SF027")

MISSING_FILE = Rule("missing-file", "SF030")
USE_CYCLE = Rule("use-cycle", "SF031")
USE_OUTSIDE_PROJECT = Rule("use-outside-project", "SF032")
SYMBOLIC_LINK_USED = Rule("symbolic-link-used", "SF033")
NOT_TEXT = Rule("not-text", "SF034")
UNKNOWN_FILE_ENDING = Rule("unknown-file-ending", "SF035")
NOT_A_FILE = Rule("not-a-file", "SF036")
USED_TWICE = Rule("used-twice", "SF037", Severity.WARNING)
EMPTY_FILE = Rule("empty-file", "SF038", Severity.WARNING)

UNKNOWN_SETTING = Rule("unknown-setting", "SF040")
WRONG_SETTING = Rule("wrong-setting", "SF041")
SETTINGS_SYNTAX = Rule("settings-syntax", "SF042")
LOOSENED_LIMIT = Rule("loosened-limit", "SF043")
