"""The forms of everything that is not a step: declarations, headers, lines of touchpoints and of the map.

`BLOCKS` joins them with the steps' forms: which statements may stand in which block.
"""

from __future__ import annotations

import functools

from safar.dsl import promise_forms
from safar.engine.form import Clause, Form, Kind, body, maybe, needed
from safar.engine.steps import kinds
from safar.engine.steps.split import ARM
from safar.engine.steps.wait_up_to import OTHERWISE_WAY, WAY

_NAME = needed("", Kind.NAME, "name")
_TITLE = maybe("", Kind.TITLE, "title", "title")
_IF = maybe("if", Kind.EXPRESSION, "condition")
_THEN = needed("then", Kind.REFUSAL, "refusal")
_FOR = maybe("for", Kind.NAMES, "personas")
_WITH = maybe("with", Kind.PAYLOAD, "payload")
_AT = maybe("at", Kind.TIME, "at")
_TARGET = maybe(", target", Kind.LEVEL, "target", "target")


def _declared(id: str, *clauses: Clause, block: str = "", must: bool = False) -> Form:
    """A declaration with name and title, in a file, in YAML under its plural."""
    whole = (_NAME, _TITLE, *clauses)
    if block:
        whole = (*whole, body(block, must=must))
    return Form(id, id, whole, ("file",), plural=id + "s")


def _line(id: str, *clauses: Clause, blocks: tuple[str, ...], words: str = "", many: bool = True) -> Form:
    return Form(id, words or id.replace("_", " "), clauses, blocks, many=many)


def _flag(id: str, *blocks: str) -> Form:
    return Form(id, id, (), blocks, many=False)


FILE = (
    Form("use", "use", (needed("", Kind.TITLE, "path"),), ("file",)),
    Form("customer", "customer", (body("customer", must=True),), ("file",)),
    _declared("event", block="event"),
    _declared("channel", block="channel", must=True),
    _declared("limit", block="limit", must=True),
    _declared("action", block="action"),
    _declared("condition", needed("=", Kind.EXPRESSION, "expression", "is")),
    _declared("team"),
    _declared("tag"),
    _declared("feed", block="feed", must=True),
    _declared("occasion", block="occasion", must=True),
    Form(
        "touchpoint_declared",
        "touchpoint",
        (_NAME, _TITLE, body("touchpoint", must=True)),
        ("file",),
        plural="touchpoints",
    ),
    _declared("persona", block="persona", must=True),
    _declared("journey", block="journey", must=True),
)

VOCABULARY = (
    Form("attribute", "", (_NAME, needed(":", Kind.TYPE, "type")), ("customer",)),
    Form("field", "", (_NAME, needed(":", Kind.TYPE, "type")), ("event", "action", "feed"), plural="fields"),
    Form(
        "then_set",
        "then set",
        (needed("", Kind.TARGET, "target"), needed("=", Kind.EXPRESSION, "value")),
        ("event",),
    ),
    Form("date", "", (needed("", Kind.DATE, "date"),), ("occasion",), plural="dates", listed=True),
    _flag("outbound", "channel"),
    _flag("inbound", "channel"),
    _line("only_if", needed("", Kind.EXPRESSION, "condition"), blocks=("channel",), many=False),
    _line("at_most", needed("", Kind.CAP, "cap"), _THEN, blocks=("channel", "limit")),
    _line(
        "quiet",
        needed("from", Kind.TIME, "start"),
        needed("to", Kind.TIME, "end"),
        _THEN,
        blocks=("channel",),
    ),
    _line("closed", needed("", Kind.CLOSED, "days"), _THEN, blocks=("channel",)),
    _line("channels", needed("", Kind.NAMES, "channels"), blocks=("limit",), many=False),
    _line("cost", needed("", Kind.COST, "cost"), blocks=("channel", "action", "touchpoint", "change")),
    _line("tag_line", needed("", Kind.NAME, "tag"), words="tag", blocks=("action", "touchpoint")),
)

TOUCHPOINT = (
    _line("send", needed("", Kind.NAME, "channel", "channel"), body("send"), blocks=("touchpoint",), many=False),
    _line("at", needed("", Kind.NAME, "channel"), blocks=("touchpoint",), many=False),
    _line("subject", needed("", Kind.TEXT, "text"), blocks=("send",), many=False),
    _line("body_file", needed("", Kind.TITLE, "path"), words="body file", blocks=("send",), many=False),
    _line("body", needed("", Kind.TEXT, "text"), blocks=("send",), many=False),
    _line("text", needed("", Kind.TEXT, "text"), blocks=("send",), many=False),
    _line(
        "shows",
        needed("", Kind.TITLE, "label", "label"),
        needed("=", Kind.EXPRESSION, "value", "is"),
        blocks=("touchpoint",),
    ),
    Form("touchpoint_do", "do", (needed("", Kind.CALL, "call"),), ("touchpoint",)),
    _flag("transactional", "touchpoint"),
    _line(
        "priority",
        needed("", Kind.WORD, "level", choices=("high", "normal", "low")),
        blocks=("touchpoint",),
        many=False,
    ),
    _line("responds", body("responds", must=True), blocks=("touchpoint",), many=False),
    Form(
        "response",
        "",
        (
            needed("", Kind.NAME, "event", "event"),
            needed("", Kind.CHANCE, "chance", "chance"),
            maybe("after", Kind.DELAY, "delay"),
            _WITH,
            body("responds"),
        ),
        ("responds",),
        plural="responds",
        listed=True,
    ),
)

_MAP_BLOCKS = ("touchpoint", "stage", "persona")

MAP = (
    *(
        _line(word, needed("", Kind.TITLE, "text"), _FOR, blocks=_MAP_BLOCKS)
        for word in ("doing", "thinking", "question", "pain", "opportunity", "needs", "evidence")
    ),
    _line("feeling", needed("", Kind.SIGNED, "score"), maybe("", Kind.TITLE, "text"), _FOR, blocks=_MAP_BLOCKS),
    _line("owner", needed("", Kind.NAME, "team"), blocks=("touchpoint", "stage", "journey", "change"), many=False),
    Form(
        "measure",
        "measure",
        (_NAME, _TITLE, needed("=", Kind.MEASURE, "quantity", "is"), _TARGET),
        ("touchpoint", "journey"),
        plural="measures",
    ),
)

PERSONA = (
    _line("share", needed("", Kind.PERCENT, "share"), blocks=("persona",), many=False),
    _line("story", needed("", Kind.TITLE, "text"), blocks=("persona",)),
    Form(
        "persona_set",
        "set",
        (needed("", Kind.TARGET, "target"), needed("=", Kind.AMOUNT, "amount")),
        ("persona",),
    ),
)

JOURNEY = (
    _line("theme", needed("", Kind.TITLE, "text"), blocks=("journey",), many=False),
    _line(
        "style",
        needed("", Kind.WORD, "style", choices=("classic", "adaptive", "shaping", "visionary")),
        maybe("", Kind.TITLE, "why", "why"),
        blocks=("journey",),
        many=False,
    ),
    Form(
        "enter_event",
        "enter on",
        (needed("", Kind.NAME, "event", "event"), maybe("per", Kind.NAME, "per"), _IF),
        ("journey",),
        plural="enter",
        listed=True,
    ),
    Form(
        "enter_date",
        "enter on",
        (needed("", Kind.DATE, "date", "date"), _AT, _IF),
        ("journey",),
        plural="enter",
        listed=True,
    ),
    Form(
        "enter_yearly",
        "enter each year on",
        (needed("", Kind.TARGET, "attribute", "each year on"), _AT, _IF),
        ("journey",),
        plural="enter",
        listed=True,
    ),
    Form(
        "enter_each",
        "enter each",
        (needed("", Kind.NAME, "unit", "each"), _AT, _IF),
        ("journey",),
        plural="enter",
        listed=True,
    ),
    _line("reenter", needed("", Kind.REENTRY, "reentry"), blocks=("journey",), many=False),
    _line(
        "hold_out",
        needed("", Kind.PERCENT, "share"),
        maybe("of project", Kind.FLAG, "of_project"),
        blocks=("journey",),
        many=False,
    ),
    Form(
        "on",
        "on",
        (needed("", Kind.EVENT, "event", "event"), _IF, needed("", Kind.REACTION, "reaction")),
        ("journey", "stage"),
        listed=True,
    ),
    Form("goal", "goal", (_NAME, _TITLE, body("goal")), ("journey",), plural="goals"),
    _line("goal_on", needed("", Kind.EVENT, "event"), words="on", blocks=("goal",), many=False),
    _line("target", needed("", Kind.LEVEL, "level"), blocks=("goal",), many=False),
    _line("value", needed("", Kind.GOAL_VALUE, "value"), blocks=("goal",), many=False),
    _line("horizon", needed("", Kind.DURATION, "horizon"), blocks=("journey",), many=False),
    _line("arrive", needed("", Kind.ARRIVAL, "arrival"), _WITH, blocks=("journey", "persona"), many=False),
    _line("behaves", body("behaves", must=True), blocks=("journey", "stage", "persona"), many=False),
    Form(
        "behaviour",
        "",
        (needed("", Kind.NAME, "event", "event"), needed("", Kind.RATE, "rate", "rate"), _WITH),
        ("behaves",),
        plural="behaves",
        listed=True,
    ),
    Form("stage", "stage", (_NAME, _TITLE, body("stage", must=True)), ("journey",), plural="stages", listed=True),
)


FREE = frozenset({("enter_each", "unit"), ("trait", "name")})
"""Clauses in which a reserved word may stand where others take a name: form and field."""


@functools.cache
def forms() -> dict[str, Form]:
    """Every form of the language by its id."""
    steps = tuple(kind.form for kind in kinds())
    every = (
        *FILE,
        *VOCABULARY,
        *TOUCHPOINT,
        *MAP,
        *PERSONA,
        *JOURNEY,
        *promise_forms.EVERY,
        *steps,
        ARM,
        WAY,
        OTHERWISE_WAY,
    )
    return {form.id: form for form in every}


@functools.cache
def blocks() -> dict[str, tuple[Form, ...]]:
    """The forms that may stand in each block."""
    table: dict[str, list[Form]] = {}
    for form in forms().values():
        for block in form.blocks:
            table.setdefault(block, []).append(form)
    return {block: tuple(found) for block, found in table.items()}
