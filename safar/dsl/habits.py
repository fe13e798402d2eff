"""Words and marks of other languages, and of plain English, each with what is written here.

As in `syntax_errors.py` the functions are asked in order; the first that knows the mistake says what it is.
"""

from __future__ import annotations

from collections.abc import Callable

from safar.dsl import syntax_rules as rules
from safar.dsl.condition_phrases import CONDITIONS
from safar.dsl.length_phrases import LENGTHS
from safar.dsl.slips import BOUNDS, Situation, Slip, certain, clipped, instead, replaced
from safar.dsl.statement_phrases import STATEMENTS
from safar.dsl.synonyms import GUESSED, UNTIL_AN_EVENT, WORDS
from safar.dsl.tokens import Token
from safar.engine.expression import CURRENCIES

_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}
_MONEY = {
    **dict.fromkeys(("euro", "euros", "یورو"), "EUR"),
    **dict.fromkeys(("dollar", "dollars", "دلار"), "USD"),
    **dict.fromkeys(("pound", "pounds"), "GBP"),
    **dict.fromkeys(("toman", "tomans", "تومان"), "IRT"),
    **dict.fromkeys(("rial", "rials", "ریال"), "IRR"),
}
_MARKS = {
    "&": "and",
    "|": "or",
    "!": "not",
    "×": "*",
    "÷": "/",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "~": "about",
    ">=": "at least",
    "<=": "at most",
    ">": "at least",
    "<": "at most",
}
_PAIRS = {"=>": ">=", "=<": "<=", "<>": "!=", "**": "*"}
_THAN = {"greater": ">", "more": ">", "higher": ">", "bigger": ">", "less": "<", "lower": "<", "fewer": "<"}


def _tokens(words: str, start: int, end: int) -> tuple[Token, ...]:
    """What is meant as tokens: words, or one mark."""
    return tuple(("NAME" if word.isalpha() else word, start, end, word) for word in words.split())


# --- money


def currency(here: Situation) -> Slip | None:
    """`€20`, `20€`, `20 euros`, `20 eur`, `20 XYZ`."""
    if here.kind == "CURRENCY":
        meant = f"{here.word[1:].strip()} {_SIGNS[here.word[0]]}"
        slip = instead(here, ("MONEY", here.start, here.end, meant), "a currency stands behind its number, as a code")
        return slip if here.word[0] == "$" else certain(slip)
    first = here.at - (here.kind in ("NAME", "BAD"))
    if first < here.begin or here.tokens[first][0] not in ("INTEGER", "DECIMAL"):
        return None
    number, code = here.tokens[first], here.tokens[min(first + 1, len(here.tokens) - 1)]
    said = code[3]
    known = _SIGNS.get(said) or _MONEY.get(said.lower()) or (said.upper() if said.upper() in CURRENCIES else None)
    if known is not None:
        money: Token = ("MONEY", number[1], code[2], f"{number[3]} {known}")
        slip = replaced(here, first, first + 2, (money,), "a currency is written as its code")
        return certain(slip) if said.upper() == known or said == "€" else slip
    if code[0] != "NAME" or len(said) != 3 or not said.isupper():
        return None
    patch = (("MONEY", number[1], code[2], f"{number[3]} EUR"),)
    help = "known are " + ", ".join(sorted(CURRENCIES))
    message = f"`{said}` is no currency that Safar knows"
    return Slip(rules.IMPOSSIBLE, code[1], code[2], message, help, "", first, first + 2, patch)


# --- durations


def odd_duration(here: Situation) -> Slip | None:
    """`1.5h`, `1h30m`, `-2h`."""
    if not here.accepts("DURATION"):
        return None
    after = here.after
    is_negative = here.kind == "-" and after[0] in ("DURATION", "PERIOD", "INTEGER")
    is_part = here.kind in ("BAD", "DECIMAL") and here.word[:1].isdigit()
    if not (is_negative or is_part):
        return None
    last = here.at + 1 + is_negative
    while here.touching(last - 1, last) and here.tokens[last][0] in ("NAME", "BAD", "DURATION", "INTEGER"):
        last += 1
    message = "a duration goes back in time" if is_negative else "a duration is a whole number of one unit"
    help = "write it without the `-`" if is_negative else "write `90m` for an hour and a half"
    start, end = here.start, here.tokens[last - 1][2]
    patch = (("DURATION", start, end, "1d"),)
    return Slip(rules.FOREIGN, start, end, message, help, "", here.at, last, patch)


def other_date(here: Situation) -> Slip | None:
    """`14.03.1990`, `3/14/1990`."""
    first = here.at - 2 if here.kind == "INTEGER" else here.at - (not here.accepts("DATE"))
    if first < here.begin or not here.touching(first, first + 2):
        return None
    day, mark, year = here.tokens[first : first + 3]
    if day[0] != "DECIMAL" or mark[0] != "." or year[0] != "INTEGER":
        return None
    message = "a date is written as year, month and day"
    date, _, month = day[3].partition(".")
    meant = f"{year[3]}-{month:0>2}-{date:0>2}" if len(year[3]) == 4 else ""
    help = f"write `{meant}`" if meant else "as in `1990-03-14`"
    patch = (("DATE", day[1], year[2], meant or "2027-01-01"),)
    return Slip(rules.FOREIGN, day[1], year[2], message, help, "", first, first + 3, patch)


def dashed_hours(here: Situation) -> Slip | None:
    """`quiet 22:00-08:00`, `from 22:00 - 08:00`."""
    first = here.at - (here.kind == "-")
    hours = here.tokens[first : first + 3]
    if first < here.begin or [token[0] for token in hours] != ["TIME", "-", "TIME"]:
        return None
    start, dash, end = hours
    words: tuple[Token, ...] = (start, ("NAME", dash[1], dash[2], "to"), end)
    if first == here.at:
        words = (("NAME", start[1], start[1], "from"), *words)
    return certain(replaced(here, first, first + 3, words, "hours are written with words"))


# --- words and marks


def yaml_item(here: Situation) -> Slip | None:
    """`- wait: 2d`."""
    if here.kind != "-" or not here.fresh or here.after[0] not in ("NAME", "COLONED", "CALLED"):
        return None
    return replaced(here, here.at, here.at + 1, (), "statements stand here without the `-` of YAML")


def yaml_block(here: Situation) -> Slip | None:
    """`goals:` and indented lines."""
    tokens, last = here.tokens, here.at + 2
    if here.kind != "COLONED" or not here.fresh or tokens[min(last, len(tokens) - 1)][0] != "END":
        return None
    margin, depth = here.column(here.start), 0
    last += 1
    while tokens[last][0] != "$END" and not (here.new_line(last) and here.column(tokens[last][1]) <= margin):
        depth += (tokens[last][0] == "{") - (tokens[last][0] == "}")
        if depth < 0:
            break
        last += 1
    if tokens[last][0] == "}" and len(here.parser.blocks) == 1:
        last += 1 + (tokens[last + 1][0] == "END")
    message = f"`{clipped(here.word)}:` begins a block of YAML"
    help = "write blocks in braces, or name the file `.journey.yaml` and write all of it in YAML"
    return Slip(rules.FOREIGN, here.start, here.end, message, help, "", here.at, last, ())


def single_equals(here: Situation) -> Slip | None:
    after = here.after
    if here.kind in ("=", "<", "*", "==") and here.touching(here.at, here.at + 1):
        meant = _PAIRS.get(here.word + after[3])
        if meant is not None and here.accepts(meant):
            patch = _tokens(meant, here.start, after[2])
            return certain(replaced(here, here.at, here.at + 2, patch, f"`{here.word}{after[3]}` is no comparison"))
    if here.kind == "=" and here.accepts("=="):
        return certain(instead(here, ("==", here.start, here.end, "=="), "`=` gives a value; `==` compares"))
    if here.kind == "==" and here.accepts("="):
        return certain(instead(here, ("=", here.start, here.end, "="), "`==` compares; `=` gives a value"))
    return None


def colon(here: Situation) -> Slip | None:
    """`wait: 2d`, a habit from YAML; `(total: 3)`, one from elsewhere."""
    before = here.before
    if here.kind != ":" or before is None or before[0] != "COLONED":
        return None
    if here.accepts("="):
        message = f"`=` gives `{clipped(before[3])}` its value"
        return certain(instead(here, ("=", here.start, here.end, "="), message))
    message = f"no `:` stands behind `{clipped(before[3])}`"
    return certain(replaced(here, here.at, here.at + 1, (), message))


def comparison(here: Situation) -> Slip | None:
    """`is greater than 3`, `more than 3`, `is planner`."""
    before = here.before
    first = here.at - (before is not None and before[3] == "is")
    if here.kind != "NAME" or (first == here.at and not here.accepts(">")):
        return None
    if here.word == "not" and here.after[3] in ("known", "unknown"):
        meant = "unknown" if here.after[3] == "known" else "known"
        opposite: Token = ("NAME", here.start, here.after[2], meant)
        return replaced(here, here.at, here.at + 2, (opposite,), "`is known` and `is unknown` are opposites")
    mark, last = _THAN.get(here.word, ""), here.at + 1
    if mark and here.tokens[last][3] == "than":
        last += 1
    elif first == here.at:
        return None
    mark = mark or "=="
    last = last if mark != "==" else here.at
    patch = _tokens(mark, here.tokens[first][1], here.tokens[last - 1][2])
    message = "`is` asks `is known` or `is unknown` only" if mark == "==" else "comparisons are written as marks"
    return certain(replaced(here, first, last, patch, message))


def foreign_word(here: Situation) -> Slip | None:
    said = here.word.lower()
    is_word = here.kind in ("NAME", "CALLED")
    several = WORDS.get(said, ()) if is_word else tuple(mark for mark in (_MARKS.get(said),) if mark)
    last = here.at + 1
    while here.kind == "BAD" and here.tokens[last][3] == here.word:
        last += 1
    end = here.tokens[last - 1][2]
    for meant in several:
        patch = _tokens(meant, here.start, end)
        if here.accepts_all(patch):
            shown = here.text[here.start - here.base : end - here.base]
            message = f"the language says `{meant}`, not `{shown}`"
            help = f"write `{meant}`"
            slip = Slip(rules.FOREIGN, here.start, end, message, help, "", here.at, last, patch, meant)
            return slip if said in GUESSED else certain(slip)
    return None


def needless_word(here: Situation) -> Slip | None:
    """`if C then`, `on EVENT then exit won`, `exit lost because "..."`."""
    if here.kind != "NAME" or here.word not in ("then", "because") or not here.accepts_all((here.after,)):
        return None
    return certain(replaced(here, here.at, here.at + 1, (), f"`{here.word}` does not stand here"))


def never_more_than(here: Situation) -> Slip | None:
    """`never more than 3 messages`."""
    first = here.at - 2
    if first < here.begin or [token[3] for token in here.tokens[first : here.at + 1]] != ["never", "more", "than"]:
        return None
    patch = _tokens("at most", here.tokens[first][1], here.end)
    return certain(replaced(here, first, here.at + 1, patch, "the language says `at most`, not `never more than`"))


def bare_message(here: Situation) -> Slip | None:
    """`send sms "Hello"`."""
    if here.kind != "STRING" or here.tokens[here.begin][3] != "send" or not here.accepts("{"):
        return None
    opens, closes = (("{", here.start, here.start, "{"), ("}", here.end, here.end, "}"))
    patch: tuple[Token, ...] = (opens, ("NAME", here.start, here.start, "text"), here.token, closes)
    return replaced(here, here.at, here.at + 1, patch, "what is sent stands in a block")


def until_an_event(here: Situation) -> Slip | None:
    """`wait until ordered up to 7d`."""
    begin = here.tokens[here.begin : here.begin + 2]
    if here.word != "up" or here.fresh or [token[3] for token in begin] != ["wait", "until"]:
        return None
    until = begin[1]
    patch = (("NAME", until[1], until[2], "for"),)
    first = here.begin + 1
    return Slip(rules.FOREIGN, until[1], until[2], *UNTIL_AN_EVENT, "", first, first + 1, patch, "for")


# --- names and texts


def quoted_name(here: Situation) -> Slip | None:
    """`owner "crm"`."""
    inside = here.word[1:-1]
    if (
        here.kind != "STRING"
        or not inside.isidentifier()
        or inside[0].isupper()
        or not here.accepts("NAME")
        or here.accepts("+")
    ):
        return None
    return instead(here, ("NAME", here.start, here.end, inside), "a name stands without quotes")


def single_quotes(here: Situation) -> Slip | None:
    if here.word != "'" or not here.accepts("STRING"):
        return None
    last = here.at + 1
    end = 0
    while here.tokens[last][0] not in BOUNDS and not here.new_line(last):
        last += 1
        end = last if here.tokens[last - 1][3] == "'" else end
    if not end:
        return None
    start, stop = here.start, here.tokens[end - 1][2]
    said = here.text[start - here.base + 1 : stop - here.base - 1]
    if said in ("yes", "no") and here.accepts(said):
        return replaced(here, here.at, end, (("NAME", start, stop, said),), "`yes` and `no` stand without quotes")
    text: Token = ("STRING", start, stop, f'"{said}"')
    return replaced(here, here.at, end, (text,), "texts stand in double quotes")


def set_of_event(here: Situation) -> Slip | None:
    """`set customer.x = e` in an event."""
    then: Token = ("NAME", here.start, here.start, "then")
    if not here.fresh or here.word != "set" or not here.accepts_all((then, here.token)):
        return None
    message = "an event's `set` begins with `then`"
    return Slip(rules.FOREIGN, here.start, here.end, message, "write `then set`", "", here.at, here.at, (then,))


def lonely_attribute(here: Situation) -> Slip | None:
    """`set coupon = yes`, `customer.coupon = yes`, `customer orders`."""
    before = here.before
    if here.kind == "=" and before is not None and before[0] == "NAME" and here.accepts("."):
        patch = tuple((kind, *before[1:3], word) for kind, word in (("NAME", "customer"), (".", "."), before[::3]))
        return replaced(here, here.at - 1, here.at, patch, "an attribute is written with its owner")
    if (
        here.kind == "NAME"
        and before is not None
        and before[:1] + before[3:] == ("NAME", "customer")
        and here.accepts(".")
        and not here.accepts_all(((",", here.start, here.start, ","), here.token))
    ):
        point: Token = (".", here.start, here.start, ".")
        help = f"write `customer.{clipped(here.word)}`"
        message = "a point stands between `customer` and the attribute"
        return Slip(rules.FOREIGN, before[1], here.end, message, help, "", here.at, here.at, (point,))
    if here.fresh and here.word == "customer" and here.after[0] == "." and here.accepts("NAME", "set"):
        word: Token = ("NAME", here.start, here.start, "set")
        message = "`set` gives an attribute its value"
        return Slip(
            rules.FOREIGN, here.start, here.end, message, "write `set` before it", "", here.at, here.at, (word,)
        )
    return None


HABITS: tuple[Callable[[Situation], Slip | None], ...] = (
    *CONDITIONS,
    *LENGTHS,
    *STATEMENTS,
    currency,
    odd_duration,
    other_date,
    dashed_hours,
    yaml_item,
    yaml_block,
    single_equals,
    colon,
    comparison,
    foreign_word,
    needless_word,
    never_more_than,
    bare_message,
    until_an_event,
    quoted_name,
    single_quotes,
    lonely_attribute,
    set_of_event,
)
