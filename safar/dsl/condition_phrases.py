"""Conditions as people say them, each with how they are written here.

The functions are asked as those of `syntax_errors.py` are: the first that knows the mistake says what it is.
"""

from __future__ import annotations

from collections.abc import Callable

from safar.dsl import syntax_rules as rules
from safar.dsl.length_phrases import length_of
from safar.dsl.slips import BOUNDS, Situation, Slip, certain, clipped, replaced
from safar.dsl.tokens import RESERVED, Token

_NOTHING = ("null", "none", "empty", "missing", "blank", "undefined", "nil", "unset")
_SOMETHING = ("set", "defined", "present", "filled", "there")
_VALUES = ("INTEGER", "DECIMAL", "MONEY", "PERCENT", "DURATION", "DATE", "TIME")


def _words(here: Situation, text: str) -> tuple[Token, ...]:
    return tuple(("NAME" if word.isalpha() else word, here.start, here.start, word) for word in text.split())


def operand(here: Situation, end: int) -> tuple[Token, ...]:
    """The name, with its owner, that ends before a token."""
    first = end
    while first > here.begin and (
        here.tokens[first - 1][0] == "."
        or (here.tokens[first - 1][0] == "NAME" and here.tokens[first][0] in (".", here.tokens[end][0]))
    ):
        first -= 1
        if here.tokens[first][0] == "NAME" and here.tokens[first - 1][0] != ".":
            break
    return tuple(here.tokens[first:end])


def _said(tokens: tuple[Token, ...]) -> str:
    return "".join(token[3] for token in tokens)


def between(here: Situation) -> Slip | None:
    """`orders between 3 and 5`, `quiet between 22:00 and 08:00`."""
    low, joint, high = here.tokens[here.at + 1 : here.at + 4] if here.at + 3 < len(here.tokens) else (here.token,) * 3
    if here.word != "between" or joint[3] not in ("and", "to") or low[0] not in _VALUES or high[0] not in _VALUES:
        return None
    last = here.at + 4
    span = (*_words(here, "from"), low, *_words(here, "to"), high)
    if here.accepts_all(span):
        return certain(replaced(here, here.at, last, span, "a span of time begins with `from`"))
    left = operand(here, here.at)
    if not here.accepts(">=") or not left:
        return None
    if low[0] == "TIME":
        return _hour(here, low, here.at, last, _words(here, "is known"))
    patch = (*_words(here, ">="), low, *_words(here, "and"), *left, *_words(here, "<="), high)
    written = f">= {low[3]} and {_said(left)} <= {high[3]}"
    message = "`between` is written as two comparisons"
    help = f"write `{clipped(f'{_said(left)} {written}')}`"
    return Slip(rules.FOREIGN, here.start, high[2], message, help, "", here.at, last, patch, written)


def time_of_day(here: Situation) -> Slip | None:
    """`now > 18:00`."""
    if here.kind != "TIME" or not here.accepts("unknown"):
        return None
    return _hour(here, here.token, here.at, here.at + 1, _words(here, "unknown"))


def _hour(here: Situation, time: Token, first: int, last: int, patch: tuple[Token, ...]) -> Slip:
    message = "no condition asks for the time of day"
    help = f"`wait until {time[3]}` waits for it, and `quiet from ... to ...` keeps a channel still"
    return Slip(rules.SYNTAX, here.start, here.tokens[last - 1][2], message, help, "", first, last, patch)


def listed_values(here: Situation) -> Slip | None:
    """`tier in (gold, silver)`, `tier in gold, silver`, `tier is one of gold, silver`."""
    if here.kind == ",":
        first = _opened(here)
        if first is None and here.at - 2 >= here.begin and here.tokens[here.at - 2][3] == "in":
            first = here.at - 1
        return _as_list(here, first) if first is not None else None
    before = here.before
    if here.word == "one" and here.after[3] == "of" and before is not None and before[3] == "is":
        return _as_list(here, here.at + 2, here.at - 1)
    if here.word == "in" and before is not None and before[3] == "is":
        return certain(replaced(here, here.at - 1, here.at + 1, (here.token,), "`is` is not said before `in`"))
    return None


def _opened(here: Situation) -> int | None:
    """The `(` behind `in` around this place."""
    at = here.at - 1
    while at > here.begin and here.tokens[at][0] in ("NAME", "STRING", ",", *_VALUES):
        at -= 1
    return at if here.tokens[at][0] == "(" and here.tokens[at - 1][3] == "in" else None


def _as_list(here: Situation, first: int, begin: int | None = None) -> Slip | None:
    """The values from a token on in square brackets; `begin`: with `in` in place of the words from there."""
    is_round = here.tokens[first][0] == "("
    items: list[Token] = []
    at = first + is_round
    while here.tokens[at][0] in ("NAME", "STRING", *_VALUES):
        items.append(here.tokens[at])
        at += 1
        if here.tokens[at][3] not in (",", "or"):
            break
        at += 1
    if not items or (is_round and here.tokens[at][0] != ")"):
        return None
    last = at + is_round
    where = here.tokens[first][1]
    inner = [part for item in items for part in ((",", where, where, ","), item)][1:]
    patch = (("[", where, where, "["), *inner, ("]", where, where, "]"))
    written = f"[{', '.join(item[3] for item in items)}]"
    if begin is not None:
        patch, written = (*_words(here, "in"), *patch), f"in {written}"
    start, end = here.tokens[first if begin is None else begin][1], here.tokens[last - 1][2]
    message = "values to choose from stand in square brackets"
    help = f"write `{clipped(written)}`"
    slip = Slip(rules.FOREIGN, start, end, message, help, "", first if begin is None else begin, last, patch, written)
    return certain(slip)


def asked_known(here: Situation) -> Slip | None:
    """`is null`, `is not empty`, `exists`, `is not gold`."""
    before = here.before
    if here.word in ("exists", "exist") and here.accepts_all(_words(here, "is known")):
        return certain(replaced(here, here.at, here.at + 1, _words(here, "is known"), "what is there is `known`"))
    if before is None or before[3] != "is" or here.kind != "NAME":
        return None
    is_denied = here.word == "not"
    asked = here.after if is_denied else here.token
    if asked[3] in (*_NOTHING, *_SOMETHING):
        meant = "known" if (asked[3] in _SOMETHING) != is_denied else "unknown"
        last = here.at + 1 + is_denied
        return certain(replaced(here, here.at, last, _words(here, meant), "a value is asked to be known or unknown"))
    if is_denied and asked[0] in ("NAME", "STRING", *_VALUES) and asked[3] not in ("known", "unknown", "in", "one"):
        patch: tuple[Token, ...] = (("!=", before[1], here.end, "!="),)
        return certain(replaced(here, here.at - 1, here.at + 1, patch, "comparisons are written as marks"))
    return None


def looking_back(here: Situation) -> Slip | None:
    """`opened in last 3 days`, `order_placed > 3d ago`, `days since order_placed`."""
    if here.word == "ago":
        message = "`ago` is no word of the language"
        help = "`EVENT within 3d` asks whether it was in the last three days, `since(EVENT) > 3d` whether before them"
        return Slip(rules.FOREIGN, here.start, here.end, message, help, "", here.at, here.at + 1, ())
    length = length_of(here.token)
    if length and here.before is not None and here.before[3] in ("last", "past"):
        first = here.at - 1 - (here.tokens[here.at - 2][3] == "the")
        first -= here.tokens[first - 1][3] in ("in", "within")
        patch: tuple[Token, ...] = (*_words(here, "within"), ("DURATION", here.start, here.end, length))
        return replaced(here, first, here.at + 1, patch, "a look back is written with `within`")
    before = here.before
    if here.word != "since" or before is None or before[3] not in ("days", "hours", "time") or here.after[0] != "NAME":
        return None
    event = here.after
    patch = (("CALLED", here.start, here.end, "since"), *_words(here, "("), event, *_words(here, ")"))
    written = f"since({event[3]})"
    message = "the time since an event is `since(EVENT)`, a duration"
    help = f"write `{clipped(written)} > 3d`"
    return Slip(rules.FOREIGN, before[1], event[2], message, help, "", here.at - 1, here.at + 2, patch, written)


def answer(here: Situation) -> Slip | None:
    """`opened of reminder`."""
    before, message = here.before, here.after
    if here.word not in ("of", "to") or before is None or before[0] != "NAME" or message[0] != "NAME":
        return None
    patch = (("CALLED", *before[1:]), *_words(here, "("), message, *_words(here, ")"))
    if not here.accepts("and") or here.accepts("NAME", here.word):
        return None
    written = f"{before[3]}({message[3]})"
    help = f"write `{clipped(written)}`"
    said = "an answer names its touchpoint in parentheses"
    return Slip(rules.FOREIGN, before[1], message[2], said, help, "", here.at - 1, here.at + 2, patch, written)


def borne_tag(here: Situation) -> Slip | None:
    """`customer has tag vip`."""
    before = here.before
    if here.word not in ("has", "have") or before is None or before[3] != "customer" or not here.accepts("."):
        return None
    last = here.at + 1
    while here.tokens[last][3] in ("a", "an", "the", "tag", "tagged"):
        last += 1
    if here.tokens[last][0] != "NAME" or here.tokens[last][3] in RESERVED:
        return None
    name = here.tokens[last][3]
    message = "what a customer has stands in an attribute"
    help = f"declare one in `customer`, such as `{clipped(name)}: yes_no = no`, and write `customer.{clipped(name)}`"
    patch = (*_words(here, "."), here.tokens[last])
    return Slip(rules.FOREIGN, before[1], here.tokens[last][2], message, help, "", here.at, last + 1, patch)


def never_when(here: Situation) -> Slip | None:
    """`never email when not C`: a rule says when it is allowed."""
    if here.word not in ("when", "if") or not here.accepts("NAME", "unless"):
        return None
    if here.after[3] == "not":
        return replaced(here, here.at, here.at + 2, _words(here, "unless"), "`never` says by `unless` what allows it")
    message = "`never` says by `unless` what allows it"
    help = "write `unless` and the opposite of this condition"
    return Slip(rules.FOREIGN, here.start, here.end, message, help, "", here.at, here.at + 1, _words(here, "unless"))


def chance_case(here: Situation) -> Slip | None:
    """`45% for planner`, `45% if C else 30%`."""
    if here.word == "for" and here.after[0] == "NAME" and here.accepts("NAME", "if"):
        patch = (*_words(here, "if persona =="), here.after)
        return replaced(here, here.at, here.at + 2, patch, "a case of a chance is a condition")
    if here.word not in ("else", "otherwise") or here.after[0] != "PERCENT" or not here.accepts(","):
        return None
    share = here.after
    patch = (*_words(here, ","), share, *_words(here, "otherwise"))
    written = f", {share[3]} otherwise"
    help = f"write `{written}`"
    slip = Slip(
        rules.FOREIGN,
        here.start,
        share[2],
        "the last case of a chance ends with `otherwise`",
        help,
        "",
        here.at,
        here.at + 2,
        patch,
        written,
    )
    return slip if here.tokens[here.at + 2][0] == "," else certain(slip)


def block_missing(here: Situation) -> Slip | None:
    """`if C wait 1d`: steps without their braces."""
    first = here.tokens[here.begin][3]
    end: Token = ("END", here.start, here.start, "\n")
    if here.fresh or here.kind in BOUNDS or first not in ("if", "repeat") or not here.accepts("{"):
        return None
    if (
        here.kind != "NAME"
        or here.new_line(here.at)
        or not here.accepts_all((end, here.token))
        or here.accepts("NAME", here.word)
    ):
        return None
    if here.word not in ("wait", "touchpoint", "exit", "go", "do", "set", "start", "task", "send"):
        return None
    message = f"the steps of `{first}` stand in braces"
    help = "put `{` before them and `}` behind"
    return Slip(rules.SYNTAX, here.start, here.end, message, help, "", here.at, here.at, (end,))


CONDITIONS: tuple[Callable[[Situation], Slip | None], ...] = (
    between,
    time_of_day,
    listed_values,
    asked_known,
    looking_back,
    answer,
    borne_tag,
    never_when,
    chance_case,
    block_missing,
)
