"""The forms of rules, scenarios, forecasts and plans."""

from __future__ import annotations

import msgspec

from safar.engine.form import Clause, Form, Kind, body, maybe, needed

_NAME = needed("", Kind.NAME, "name")
_TITLE = maybe("", Kind.TITLE, "title", "title")
_WITH = maybe("with", Kind.PAYLOAD, "payload")
_FOR = needed("for", Kind.NAME, "journey")

_FOLLOWS = (
    needed("", Kind.OCCURRENCE, "cause", "after"),
    needed("always", Kind.DEED, "effect"),
    needed("within", Kind.DURATION, "within"),
)
_NEVER = (
    needed("", Kind.DEED, "deed", "never"),
    maybe("in stage", Kind.NAME, "stage"),
    maybe("from", Kind.TIME, "start"),
    maybe("to", Kind.TIME, "end"),
    maybe("within", Kind.DURATION, "within"),
    maybe("of", Kind.OCCURRENCE, "of"),
    maybe("on the same day as", Kind.OCCURRENCE, "same_day"),
    maybe("before", Kind.OCCURRENCE, "before"),
    maybe("unless", Kind.EXPRESSION, "unless"),
)
_AT_MOST = (
    needed("", Kind.INTEGER, "count", "at most"),
    needed("", Kind.DEED, "deed", "of"),
    maybe("per", Kind.PER, "per"),
)
_ENDS = (needed("", Kind.DURATION, "within", "always exit within"),)

STATEMENTS = (
    ("after", _FOLLOWS),
    ("never", _NEVER),
    ("at most", _AT_MOST),
    ("always exit within", _ENDS),
)
"""What a rule can say, and a scenario can expect: first words and clauses."""


def _id(words: str) -> str:
    return words.replace(" ", "_")


def _expected(words: str, *clauses: Clause) -> Form:
    """`expect ...`; in YAML a list under `expect`, of texts or of mappings whose first key is the next word."""
    first = msgspec.structs.replace(clauses[0], key=words)
    whole = (first, *clauses[1:])
    return Form(f"expect_{_id(words)}", f"expect {words}", whole, ("scenario",), plural="expect", listed=True)


RULES = (
    Form("rule", "rule", (_NAME, _TITLE, body("rule", must=True)), ("file", "journey"), plural="rules"),
    *(Form(f"rule_{_id(words)}", words, clauses, ("rule",)) for words, clauses in STATEMENTS),
    Form("rule_every_persona", "every persona can reach", (needed("", Kind.NAME, "place"),), ("rule",)),
)

SCENARIOS = (
    Form(
        "scenario",
        "scenario",
        (needed("", Kind.TITLE, "title"), _FOR, body("scenario", must=True)),
        ("file",),
        plural="scenarios",
        listed=True,
    ),
    Form("traits", "customer", (body("traits", must=True),), ("scenario",), many=False),
    Form("trait", "", (_NAME, needed("=", Kind.EXPRESSION, "value", "is")), ("traits",)),
    Form(
        "scenario_start",
        "start",
        (
            needed("", Kind.DATE, "date"),
            maybe("at", Kind.TIME, "at"),
            maybe("on", Kind.NAME, "event"),
            _WITH,
        ),
        ("scenario",),
        many=False,
    ),
    Form("take", "take", (needed("", Kind.TARGET, "arm"),), ("scenario",)),
    Form(
        "scripted",
        "at",
        (
            needed("", Kind.OFFSET, "after", "at"),
            maybe("", Kind.REFERENCE, "event", "event"),
            _WITH,
            maybe("set", Kind.ASSIGNMENT, "change"),
        ),
        ("scenario",),
        plural="at",
        listed=True,
    ),
    *(_expected(words, *clauses) for words, clauses in STATEMENTS),
    _expected("path", needed("", Kind.PATH, "path")),
    _expected("exit", needed("", Kind.NAME, "outcome"), maybe("by", Kind.OFFSET, "by")),
)

FORECASTS = (
    Form(
        "forecast",
        "forecast",
        (needed("", Kind.TITLE, "title"), _FOR, maybe("against", Kind.NAME, "against"), body("forecast", must=True)),
        ("file",),
        plural="forecasts",
        listed=True,
    ),
    Form("customers", "customers", (needed("", Kind.INTEGER, "count"),), ("forecast",), many=False),
    Form("seed", "seed", (needed("", Kind.INTEGER, "seed"),), ("forecast",), many=False),
    Form("expect_measure", "expect", (needed("", Kind.TEST, "test"),), ("forecast",)),
)

PLANS = (
    Form(
        "plan",
        "plan",
        (
            _NAME,
            _TITLE,
            needed("from", Kind.NAME, "start"),
            needed("to", Kind.NAME, "goal"),
            body("plan", must=True),
        ),
        ("file",),
        plural="plans",
    ),
    Form("change", "change", (_NAME, body("change", must=True)), ("plan",), plural="changes"),
    Form("change_by", "by", (needed("", Kind.DATE, "date"),), ("change",), many=False),
    Form("change_after", "after", (needed("", Kind.NAMES, "changes"),), ("change",), many=False),
)

EVERY = (*RULES, *SCENARIOS, *FORECASTS, *PLANS)
