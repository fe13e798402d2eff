"""Words that people write for words of the language: from plain English, other tools and other languages."""

from __future__ import annotations

WORDS: dict[str, tuple[str, ...]] = {
    "goto": ("go to",),
    "else": ("otherwise",),
    "elif": ("otherwise if",),
    "elseif": ("otherwise if",),
    "when": ("if", "on"),
    "where": ("if",),
    "import": ("use",),
    "include": ("use",),
    "named": ("as",),
    "upto": ("up to",),
    "timeout": ("up to",),
    "max": ("up to", "at most"),
    "maximum": ("up to", "at most"),
    "min": ("at least",),
    "minimum": ("at least",),
    "around": ("about",),
    "roughly": ("about",),
    "a": ("per",),
    "every": ("each", "after"),
    "hourly": ("per hour",),
    "daily": ("each day", "per day"),
    "weekly": ("each monday", "per week"),
    "monthly": ("each month",),
    "equals": ("==",),
    "default": ("=",),
    "over": (">",),
    "above": (">",),
    "under": ("<",),
    "below": ("<",),
    "x": ("*",),
    "in": ("within", "after"),
    "for": ("up to",),
    "within": ("after",),
    "yes": ("always",),
    "once": ("never",),
    "no": ("never",),
    "without": ("unless",),
    "except": ("unless",),
    "drop": ("skip",),
    "discard": ("skip",),
    "suppress": ("skip",),
    "hold": ("wait",),
    "queue": ("wait",),
    "postpone": ("wait",),
    "delay": ("wait",),
    "pause": ("wait",),
    "sleep": ("wait",),
    "end": ("exit",),
    "stop": ("exit",),
    "finish": ("exit",),
    "quit": ("exit",),
    "consent": ("only if",),
    "channel": ("send",),
}
"""In a `.journey` file, where one of them can stand; the first that can is meant."""

GUESSED = frozenset(
    ("when", "in", "every", "yes", "once", "no", "without", "except", "hold", "queue", "end", "stop", "finish", "quit")
) | {
    "jump",
    "default",
    "drop",
    "discard",
    "suppress",
    "consent",
    "channel",
    "hourly",
    "daily",
    "weekly",
    "monthly",
    "max",
    "min",
}
"""Those of them of which it is probable, and not sure, what is meant."""

KEYS: dict[str, tuple[str, ...]] = {
    **WORDS,
    "condition": ("if",),
    "name": ("as",),
    "to": ("value",),
    "because": ("why",),
    "on": ("event",),
    "trigger": ("event",),
    "probability": ("chance",),
    "only when": ("only if",),
    "jump to": ("go to",),
    "control group": ("hold out",),
    "quiet hours": ("quiet",),
    "steps": ("then",),
}
"""The same for the keys of a YAML file."""

PHRASES: dict[str, str] = {
    "not more than": "at most",
    "no more than": "at most",
    "not less than": "at least",
    "no less than": "at least",
    "control group": "hold out",
    "jump to": "go to",
}
"""Several words for several words."""

TYPES = {
    **dict.fromkeys(("string", "str", "varchar", "char"), "text"),
    **dict.fromkeys(("int", "count", "whole", "long"), "integer"),
    **dict.fromkeys(("float", "double", "decimal", "real"), "number"),
    **dict.fromkeys(("bool", "boolean", "flag", "yesno"), "yes_no"),
    **dict.fromkeys(("datetime", "timestamp", "instant"), "time"),
    **dict.fromkeys(("currency", "amount", "price"), "money"),
    **dict.fromkeys(("percentage", "rate"), "percent"),
    **dict.fromkeys(("array", "set", "tags"), "list of text"),
    **dict.fromkeys(("enum", "choice", "options"), "one of"),
}
"""Types by the names that other languages give them."""

_MESSAGE = 'a message is sent by a touchpoint: `touchpoint NAME { send CHANNEL { text "..." } }`'
EXPLAINED = {
    **dict.fromkeys(("email", "mail", "sms", "push", "message", "notify", "whatsapp"), _MESSAGE),
    **dict.fromkeys(("ab", "abtest", "experiment", "random"), "arms by chance stand in `split NAME { 50% ... }`"),
    **dict.fromkeys(("loop", "while"), "what comes several times stands in `repeat up to 3 times { }`"),
    **dict.fromkeys(("trigger", "starts"), "what lets customers in is a line such as `enter on EVENT`"),
}
"""What no word of the language says, and how it is said."""

UNTIL_AN_EVENT = (
    "`wait until` waits for a date or a time of day, and never longer",
    "what customers do is waited for with `wait for`",
)
"""Message and help, in both spellings."""
