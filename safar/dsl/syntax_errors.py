"""Mistakes known by their looks, each with the sentence it deserves and what was probably meant.

The functions are asked in order; the first that knows the mistake says what it is.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from decimal import Decimal

import msgspec

from safar.dsl import syntax_rules as rules
from safar.dsl.forms import blocks, forms
from safar.dsl.habits import HABITS
from safar.dsl.slips import BOUNDS, Situation, Slip, certain, clipped, instead, replaced
from safar.dsl.synonyms import EXPLAINED
from safar.dsl.tokens import RESERVED, Token
from safar.engine.names import nearest

_LETTERS = {"second": "s", "minute": "m", "hour": "h", "day": "d", "week": "w", "month": "d", "year": "d"}
_DAYS = {"month": 30, "year": 365}


# --- texts


def open_text(here: Situation) -> Slip | None:
    if here.kind != "OPEN":
        return None
    inside = here.word[1:].rsplit(" # ", 1)[0].rstrip()
    opens = inside.endswith("{") and "}" not in inside[inside.rindex("{") :]
    inside = inside[:-1].rstrip() if opens else inside
    closes = inside.endswith("}") and "{" not in inside
    inside = inside[:-1].rstrip() if closes else inside
    end = here.start + 1 + len(inside)
    text: list[Token] = [("STRING", here.start, end, f'"{inside}"')]
    if opens:
        text.append(("{", here.end - 1, here.end, "{"))
    if closes:
        text.append(("}", here.end - 1, here.end, "}"))
    help = 'end it with `"` on the same line'
    return Slip(
        rules.UNCLOSED_TEXT,
        here.start,
        here.start + 1,
        "a text is never closed",
        help,
        "opened here",
        here.at,
        here.at + 1,
        tuple(text),
    )


def curly_text(here: Situation) -> Slip | None:
    if here.kind != "CURLY" or not here.accepts("STRING"):
        return None
    inside = here.word.strip("“”„«»")
    slip = instead(here, ("STRING", here.start, here.end, f'"{inside}"'), "texts stand in straight quotes")
    return slip if any(sign in inside for sign in '"\\{}') else certain(slip)


def bare_text(here: Situation) -> Slip | None:
    """Words where a text should be: a capital letter, or nothing else that fits."""
    if here.kind not in ("NAME", "CALLED", "COLONED") or not here.accepts("STRING") or here.accepts("unknown"):
        return None
    before = here.before
    is_needed = not any(here.accepts(kind) for kind in ("END", "{", "$END"))
    if before is not None and here.was_name(here.at - 1) and not here.word[0].isupper() and not is_needed:
        return None
    last = here.at + 1
    while here.tokens[last][0] not in BOUNDS and not here.new_line(last):
        last += 1
    end = here.tokens[last - 1][2]
    first = here.at
    if is_needed and before is not None and here.was_name(here.at - 1) and before[3][0].isupper():
        first -= 1  # `task Call them`: the text was taken for the name before it
    start = here.tokens[first][1]
    said = here.text[start - here.base : end - here.base].replace('"', "")
    message = "a text stands without quotes"
    text: Token = ("STRING", start, end, f'"{said}"')
    if first < here.at:
        help = f'write a name, and then `"{clipped(said)}"`'
        name: Token = ("NAME", start, start, f"unnamed_{start}")
        return Slip(rules.QUOTES, start, end, message, help, "", first, last, (name, text))
    return Slip(rules.QUOTES, start, end, message, f'write `"{clipped(said)}"`', "", first, last, (text,), f'"{said}"')


# --- numbers and times


def decimal_comma(here: Situation) -> Slip | None:
    """`33,3%`: reported at the first part, or behind the comma."""
    for first in (here.at, here.at - 2):
        if first < here.begin or first + 2 >= len(here.tokens) or not here.touching(first, first + 2):
            continue
        whole, comma, part = here.tokens[first : first + 3]
        if whole[0] == "INTEGER" and comma[3] == "," and part[0] in ("PERCENT", "INTEGER", "MONEY"):
            kind = "DECIMAL" if part[0] == "INTEGER" else part[0]
            meant = f"{whole[3]}.{part[3]}"
            patch = ((kind, whole[1], part[2], meant),)
            message = "decimals are parted by a point, not by a comma"
            help = f"write `{meant}`"
            return Slip(rules.FOREIGN, whole[1], part[2], message, help, "", first, first + 3, patch, meant)
    return None


def spelled_duration(here: Situation) -> Slip | None:
    """`3 days`, `3 d`, `3` where a duration should be."""
    if not here.accepts("DURATION"):
        return None
    if here.kind == "PERIOD":
        number, unit = here.word.split()
        unit = unit.removesuffix("s")
        digits = str(int(number) * _DAYS.get(unit, 1)) if number.isdecimal() and len(number) < 9 else "1"
        meant = ("DURATION", here.start, here.end, digits + _LETTERS[unit])
        slip = instead(here, meant, "a duration is written with one letter for its unit")
        return certain(slip) if unit not in _DAYS and digits == number else slip
    if here.kind != "INTEGER":
        return None
    after = here.after
    if after[0] == "NAME" and after[3] in ("s", "m", "h", "d", "w"):
        meant = ("DURATION", here.start, after[2], here.word + after[3])
        help = f"write `{meant[3]}`"
        message = "a duration has no space in it"
        end, patch = after[2], (meant,)
        return certain(Slip(rules.FOREIGN, here.start, end, message, help, "", here.at, here.at + 2, patch, meant[3]))
    help = f"add the unit: `{clipped(here.word)}d` are days; there are also s, m, h and w"
    meant = ("DURATION", here.start, here.end, "1d")
    message = "a duration needs its unit"
    return Slip(rules.FOREIGN, here.start, here.end, message, help, "", here.at, here.at + 1, (meant,))


def bare_number(here: Situation) -> Slip | None:
    """A number that lacks `%` or its currency."""
    if here.kind not in ("INTEGER", "DECIMAL"):
        return None
    if here.accepts("PERCENT"):
        return _percentage(here)
    if here.accepts("MONEY"):
        meant = ("MONEY", here.start, here.end, here.word + " EUR")
        help = f"add the currency: `{clipped(here.word)} EUR`"
        message = "an amount of money needs its currency"
        return Slip(rules.FOREIGN, here.start, here.end, message, help, "", here.at, here.at + 1, (meant,))
    return None


def _percentage(here: Situation) -> Slip:
    """A share without `%`; one below 1 is probably a part of one."""
    said = here.word.replace("_", "")
    is_part = here.kind == "DECIMAL" and said.isascii() and said.startswith("0.")
    shown = f"{Decimal(said) * 100:f}".rstrip("0").rstrip(".") if is_part else said
    meant: Token = ("PERCENT", here.start, here.end, shown + "%")
    slip = instead(here, meant, "a share is a percentage")
    either = f"write `{shown}%`, or `{said}%` if that is meant"
    return msgspec.structs.replace(slip, help=either) if is_part else slip


def half_day(here: Situation) -> Slip | None:
    """`9:00 pm`, `9pm`."""
    if here.kind == "NAME" and here.word.lower() in ("am", "pm") and here.at and here.tokens[here.at - 1][0] == "TIME":
        time = here.tokens[here.at - 1]
        return _on_the_clock(here, time[1], here.at - 1, time[3], here.word)
    if here.kind == "BAD" and here.accepts("TIME") and here.word[-2:].lower() in ("am", "pm"):
        return _on_the_clock(here, here.start, here.at, here.word[:-2] + ":00", here.word[-2:])
    return None


def _on_the_clock(here: Situation, start: int, first: int, time: str, half: str) -> Slip | None:
    hour, _, minute = time.partition(":")
    if not (hour.isdecimal() and len(hour) < 3):
        return None
    meant = f"{int(hour) % 12 + 12 * (half.lower() == 'pm'):02}:{minute}"
    patch = (("TIME", start, here.end, meant),)
    message = "times of day go from `00:00` to `23:59`"
    help = f"write `{meant}`"
    return certain(Slip(rules.FOREIGN, start, here.end, message, help, "", first, here.at + 1, patch, meant))


# --- separators


def missing_comma(here: Situation) -> Slip | None:
    comma: Token = (",", here.start, here.start, ",")
    if here.kind in BOUNDS or not here.accepts_all((comma, here.token)):
        return None
    if here.kind == "NAME" and here.new_line(here.at):
        return None
    message = "a comma is missing before this"
    return Slip(
        rules.SEPARATOR, here.start, here.end, message, "put `,` between the two", "", here.at, here.at, (comma,)
    )


def missing_line_end(here: Situation) -> Slip | None:
    end: Token = ("END", here.start, here.start, "\n")
    if here.fresh or here.kind in BOUNDS or here.word in RESERVED or not here.accepts_all((end, here.token)):
        return None
    message = "two statements stand on one line"
    help = "put the second on its own line, or `;` between the two"
    return Slip(rules.SEPARATOR, here.start, here.end, message, help, "the second", here.at, here.at, (end,))


# --- names


@functools.cache
def _language() -> frozenset[str]:
    """The words with which statements and their clauses begin, and those of expressions."""
    several = [words for form in forms().values() for words in (form.words, *(clause.word for clause in form.clauses))]
    return frozenset(word for words in several for word in words.split() if word.isalpha()) | RESERVED


_NAMING = ("exit", "event", "action", "team", "persona", "feed", "occasion", "channel", "condition")
"""Words behind which a name stands and no clause but its block or title."""


def broken_name(here: Situation) -> Slip | None:
    """`thank-you`, `thank you`."""
    before = here.before
    if before is None or here.kind not in ("NAME", "-", "CALLED", "COLONED") or not here.was_name(here.at - 1):
        return None
    is_declared = here.at - here.begin == 2 and here.tokens[here.begin][3] in _NAMING
    is_end = here.accepts("$END") or here.parser.states[-1] == here.parser.final
    is_alone = here.parser.blocks[0].height == 0 and not here.keywords() and is_end
    words = frozenset() if is_alone else frozenset(here.keywords())
    words = words if is_alone or is_declared else words | _language()
    last = here.at
    if here.kind == "-":
        while here.tokens[last][0] == "-" and here.touching(last - 1, last + 1) and here.tokens[last + 1][0] != "$END":
            last += 2
    else:
        while here.tokens[last][0] == "NAME" and not here.new_line(last) and here.tokens[last][3] not in words:
            last += 1
    if here.kind == "NAME" and nearest(here.word, here.keywords()) is not None and not here.word[0].isupper():
        return None
    if here.accepts("=") and not here.on_line("="):
        return None
    if last == here.at or (here.kind != "-" and (here.word in words or here.tokens[last][0] == "=")):
        return None
    parts = [token for token in here.tokens[here.at - 1 : last] if token[0] != "-"]
    meant = "_".join(token[3] for token in parts)
    patch = (("NAME", before[1], parts[-1][2], meant),)
    what = "a hyphen" if here.kind == "-" else "a space"
    message = f"a name has {what} in it"
    help = f"write `{clipped(meant)}`"
    return Slip(rules.BROKEN_NAME, before[1], parts[-1][2], message, help, "", here.at - 1, last, patch, meant)


# --- statements


def stray_otherwise(here: Situation) -> Slip | None:
    """`otherwise` behind something that has no alternative; it goes with its block."""
    if here.kind != "NAME" or here.word not in ("otherwise", "else"):
        return None
    last, depth = here.at + 1, 0
    while here.tokens[last][0] != "$END" and (depth or here.tokens[last][0] not in ("END", "}")):
        depth += (here.tokens[last][0] == "{") - (here.tokens[last][0] == "}")
        last += 1
    if here.fresh and here.tokens[last][0] == "END":
        last += 1
    message = f"`{here.word}` has nothing before it that it could be the alternative of"
    help = "`if` and the waits that may end in two ways take an `otherwise`"
    return Slip(rules.SYNTAX, here.start, here.end, message, help, "", here.at, last, ())


def _first_words(block: str) -> dict[str, str]:
    """The first words of the statements of a block, by the first of them."""
    return {form.words.split()[0]: form.words for form in blocks()[block] if form.words}


def missing_colon(here: Situation) -> Slip | None:
    """`name text` where a field should be: `name: text`."""
    if here.kind != "NAME" or not here.fresh or not here.accepts("COLONED") or here.after[0] not in ("NAME", "="):
        return None
    name: Token = ("COLONED", here.start, here.end, here.word)
    patch: tuple[Token, ...] = (name, (":", here.end, here.end, ":"))
    message = f"a colon is missing behind `{clipped(here.word)}`"
    help = f"write `{clipped(here.word)}:` and then the type"
    meant = here.word + ":"
    return Slip(rules.SEPARATOR, here.start, here.end, message, help, "", here.at, here.at + 1, patch, meant)


_OTHER_WORDS = {
    **dict.fromkeys(("delay", "pause", "sleep"), "wait"),
    **dict.fromkeys(("end", "stop", "leave", "finish"), "exit"),
    **dict.fromkeys(("jump", "continue"), "go to"),
    **dict.fromkeys(("trigger", "entry"), "enter on"),
    **dict.fromkeys(("max", "maximum", "limit"), "at most"),
    **dict.fromkeys(("requires", "require", "consent"), "only if"),
    **dict.fromkeys(("loop", "while"), "repeat"),
    "message": "text",
    "call": "do",
    "experiment": "split",
}
"""First words that people write, and the statement that begins so here."""


def unknown_statement(here: Situation) -> Slip | None:
    is_piece = here.parser.blocks[0].height == 0
    if is_piece or not here.fresh or here.kind not in ("NAME", "CALLED", "COLONED"):
        return None
    known = here.keywords()
    homes = sorted(block for block in blocks() if here.word in _first_words(block))
    if homes and here.word not in known:
        places = " and ".join(f"`{home}`" for home in homes[:3])
        message = f"`{here.word}` does not stand in this block"
        where = "outside of all blocks" if homes == ["file"] else f"in {places}"
        return Slip(rules.STATEMENT, here.start, here.end, message, f"it stands {where}")
    joined = _joined(here, known)
    if joined is not None:
        return joined
    other = _OTHER_WORDS.get(here.word.lower(), "")
    patch = _words(here, *other.split())
    if other and here.accepts_all(patch):
        return replaced(here, here.at, here.at + 1, patch, f"the language says `{other}`, not `{here.word}`")
    meant = nearest(here.word, known)
    message = f"no statement begins with `{clipped(here.word)}` here"
    if meant is not None:
        patch = (("NAME", here.start, here.end, meant),)
        help = f"did you mean `{meant}`?"
        return Slip(rules.STATEMENT, here.start, here.end, message, help, "", here.at, here.at + 1, patch, meant)
    help = f"here begin {_listed([_whole(here, word) for word in known])}" if known else ""
    help = EXPLAINED.get(here.word.lower(), help) if "touchpoint" in known else help
    help = "a date such as `2027-03-21` stands here" if not known and here.accepts("DATE") else help
    help = "an arm begins with its share: `50% coupon { }`" if not known and here.accepts("PERCENT") else help
    return Slip(rules.STATEMENT, here.start, here.end, message, help)


def _joined(here: Situation, known: list[str]) -> Slip | None:
    """`hold_out`, `re-enter`, `touch point`: first words that are joined or parted otherwise."""
    for last in range(here.at + 1, min(here.at + 4, len(here.tokens))):
        said = "".join(token[3] for token in here.tokens[here.at : last]).replace("_", "").replace("-", "").lower()
        for words in {
            form.words for form in forms().values() if form.words.split()[:1] and form.words.split()[0] in known
        }:
            patch = tuple(("NAME", here.start, here.tokens[last - 1][2], word) for word in words.split())
            if said == words.replace(" ", "") and here.accepts_all(patch):
                return replaced(here, here.at, last, patch, f"the language says `{words}`")
    return None


def _listed(words: list[str]) -> str:
    shown = ", ".join(f"`{word}`" for word in words[:8])
    return shown if len(words) <= 8 else f"{shown} and {len(words) - 8} more"


_EXPECTED = (
    ("unknown", "a value"),
    ("NAME", "a name"),
    ("STRING", "a text in quotes"),
    ("DURATION", "a duration such as `3d`"),
    ("PERCENT", "a percentage such as `50%`"),
    ("MONEY", "an amount such as `20 EUR`"),
    ("INTEGER", "a whole number"),
    ("TIME", "a time such as `09:00`"),
    ("DATE", "a date such as `2027-03-21`"),
    ("{", "a block `{ }`"),
    (")", "`)`"),
    ("]", "`]`"),
    (":", "`:` and a type"),
    ("=", "`=`"),
)


def _expected(here: Situation) -> str:
    """What could stand here, in words."""
    if here.accepts("unknown") and here.accepts("("):
        return "a value or a condition could stand here"
    found = [said for kind, said in _EXPECTED if here.accepts(kind)]
    is_piece = here.parser.blocks[0].height == 0
    if (is_piece or not here.fresh) and not (here.accepts("and") or here.accepts("+")):
        found += [f"`{_whole(here, word)}`" for word in here.keywords()]
    if here.accepts("END") and not here.fresh:
        found.append("the end of the line")
    if not found:
        signs = {"+": "a time from the start such as `+3h`", ".": "`.` and a name"}
        found = [said for sign, said in signs.items() if here.accepts(sign) and not here.accepts("-")]
    if not found:
        return ""
    return (" or ".join(found[:3]) if len(found) <= 3 else ", ".join(found[:4])) + " could stand here"


def _whole(here: Situation, word: str) -> str:
    """A word with the one that must follow it."""
    several = [f"{word} {more}" for more in _SECOND.get(word, ()) if here.accepts_all(_words(here, word, more))]
    return "` or `".join(several) or word


def _words(here: Situation, *words: str) -> tuple[Token, ...]:
    return tuple((word if word == "=" else "NAME", here.start, here.start, word) for word in words)


_SECOND = {
    "at": ("least", "most"),
    **dict.fromkeys(("up", "go"), ("to",)),
    **dict.fromkeys(("one", "list"), ("of",)),
    "only": ("if",),
    "hold": ("out",),
}
_LEFT_OUT = ("up to", "from", "at least", "at", "=", "per", "on", "each", "exit", "after")


def missing_word(here: Situation) -> Slip | None:
    """A word of the language that is left out, as in `repeat 3 times`, `opened 60% about 18h`."""
    is_near = here.kind == "NAME" and nearest(here.word, here.keywords()) is not None
    is_piece = here.parser.blocks[0].height == 0
    if (here.fresh and not is_piece) or here.kind in BOUNDS or here.new_line(here.at) or is_near:
        return None
    known = here.keywords()
    for said in _LEFT_OUT:
        words = _words(here, *said.split())
        if said in known and here.after[3] == said:
            return replaced(here, here.at, here.at + 1, (), f"`{clipped(here.word)}` does not stand here")
        is_value = here.kind != "NAME" or here.word in ("yes", "no", "unknown")
        may_stand = is_value if said == "=" else said.split()[0] in known
        if may_stand and here.accepts_all((*words, here.token)):
            return Slip(
                rules.SYNTAX,
                here.start,
                here.end,
                f"`{said}` is missing before `{clipped(here.word)}`",
                f"write `{said} {clipped(here.word)}`",
                "",
                here.at,
                here.at,
                words,
            )
    return None


def misplaced(here: Situation) -> Slip:
    """What nothing else knows."""
    before = here.before
    if here.kind in (*BOUNDS, ")", "]") and before is not None and not here.accepts("END"):
        message = f"something is missing after `{clipped(before[3])}`"
        return Slip(rules.SYNTAX, before[1], before[2], message, _expected(here), "not the end yet")
    if here.kind in ("END", "$END"):
        return Slip(rules.SYNTAX, here.start, here.end, "something is missing here", _expected(here))
    message = f"`{clipped(here.word)}` does not fit here"
    near = nearest(here.word, here.keywords()) if here.kind == "NAME" and not here.fresh else None
    if near is not None:
        patch = (("NAME", here.start, here.end, near),)
        help = f"did you mean `{near}`?"
        return Slip(rules.SYNTAX, here.start, here.end, message, help, "", here.at, here.at + 1, patch, near)
    return Slip(rules.SYNTAX, here.start, here.end, message, _expected(here))


KNOWN: tuple[Callable[[Situation], Slip | None], ...] = (
    open_text,
    curly_text,
    decimal_comma,
    spelled_duration,
    half_day,
    *HABITS,
    bare_number,
    stray_otherwise,
    missing_comma,
    missing_line_end,
    bare_text,
    broken_name,
    missing_word,
    missing_colon,
    unknown_statement,
    misplaced,
)
