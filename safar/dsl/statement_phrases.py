"""Statements as people say them, each with how they are written here; asked as in `condition_phrases.py`."""

from __future__ import annotations

from collections.abc import Callable

from safar.dsl import syntax_rules as rules
from safar.dsl.slips import BOUNDS, Situation, Slip, certain, clipped, replaced
from safar.dsl.synonyms import PHRASES
from safar.dsl.tokens import Token
from safar.engine.names import nearest

_KINDS = ("journey", "stage", "touchpoint", "event", "channel", "team", "action", "step")
_NAMING = ("start", "go", "enter", "on", "owner", "at", "task", "do")
_GIVEN = ("INTEGER", "DECIMAL", "MONEY", "PERCENT", "DURATION", "DATE", "STRING")


def _word(here: Situation, word: str) -> Token:
    return ("NAME" if word.isalpha() else word, here.start, here.start, word)


def _words(here: Situation, text: str) -> tuple[Token, ...]:
    return tuple(_word(here, word) for word in text.split())


def _begins(here: Situation, *words: str) -> bool:
    """Whether the statement begins with these words."""
    return tuple(token[3] for token in here.tokens[here.begin : here.begin + len(words)]) == words


def arrow(here: Situation) -> Slip | None:
    """`thanks -> tracking`, `on order_placed -> exit won`."""
    is_drawn = here.kind == "-" and here.after[0] == ">" and here.touching(here.at, here.at + 1)
    if not is_drawn and here.word not in ("→", "➔"):
        return None
    last = here.at + 1 + is_drawn
    if here.accepts(","):
        return certain(replaced(here, here.at, last, (_word(here, ","),), "names are parted by commas"))
    if here.accepts_all((here.tokens[last],)):
        return certain(replaced(here, here.at, last, (), "no arrow stands here"))
    return None


def comment(here: Situation) -> Slip | None:
    """`wait 1h // an hour`, `wait 1h -- an hour`."""
    is_comment = here.kind in ("/", "-") and here.after[0] == here.kind and here.touching(here.at, here.at + 1)
    if not is_comment:
        return None
    last = here.at + 2
    while here.tokens[last][0] not in ("END", "$END") and not here.new_line(last):
        last += 1
    message = "a comment begins with `#`"
    return Slip(rules.FOREIGN, here.start, here.after[2], message, "write `#`", "", here.at, last, (), "#")


def comma_between(here: Situation) -> Slip | None:
    """`wait 1h, exit done`."""
    end: Token = ("END", here.start, here.end, ";")
    if here.kind != "," or here.after[0] != "NAME" or not here.accepts_all((end, here.after)):
        return None
    if here.parser.brackets or here.accepts("$END"):
        return None
    message = "statements are parted by `;` or a line end"
    return certain(
        Slip(rules.SEPARATOR, here.start, here.end, message, "write `;`", "", here.at, here.at + 1, (end,), ";")
    )


def ellipsis(here: Situation) -> Slip | None:
    """`…` and `..` in a path."""
    points = tuple((".", here.start, here.start, ".") for _ in range(3))
    message = "three points stand for any deliveries"
    if here.word == "…" and here.accepts_all(points):
        return certain(
            Slip(rules.FOREIGN, here.start, here.end, message, "write `...`", "", here.at, here.at + 1, points, "...")
        )
    before = here.before
    if here.kind in (",", *BOUNDS) and before is not None and before[0] == "." and here.accepts("."):
        first = here.at - 1 - (here.tokens[here.at - 2][0] == ".")
        start = here.tokens[first][1]
        return certain(Slip(rules.FOREIGN, start, before[2], message, "write `...`", "", first, here.at, points, "..."))
    return None


def phrase(here: Situation) -> Slip | None:
    """`not more than 3`, `control group 10%`."""
    for said, meant in PHRASES.items():
        size = len(said.split())
        found = " ".join(token[3] for token in here.tokens[here.at : here.at + size])
        patch = _words(here, meant)
        if found == said and here.accepts_all(patch):
            return certain(replaced(here, here.at, here.at + size, patch, f"the language says `{meant}`"))
    return None


def augmented(here: Situation) -> Slip | None:
    """`set customer.orders += 1`, `set customer.orders + 1`."""
    if here.kind not in ("+", "-", "*", "/") or not here.accepts("=") or here.accepts("fixed"):
        return None
    first = here.begin + next((n for n in (2, 1) if here.tokens[here.begin + n - 1][3] == "set"), 0)
    left = tuple(here.tokens[first : here.at])
    if len(left) != 3 or left[1][0] != ".":
        return None
    last = here.at + 1 + (here.after[0] == "=")
    owner, name = left[0][3], left[2][3]
    written = f"= {owner}.{name} {here.word}"
    message = "an attribute is set to its whole new value"
    end = here.tokens[last - 1][2]
    help = f"write `{clipped(written)} ...`"
    return Slip(
        rules.FOREIGN, here.start, end, message, help, "", here.at, last, (_word(here, "="), *left, here.token), written
    )


def unnamed_argument(here: Situation) -> Slip | None:
    """`do issue_coupon("A", 10%)`."""
    before = here.before
    if here.kind not in _GIVEN or before is None or before[0] not in ("(", ",") or here.accepts("unknown"):
        return None
    if not here.parser.brackets:
        return None
    patch = (("NAME", here.start, here.start, f"unnamed_{here.start}"), _word(here, "="), here.token)
    if not here.accepts_all(patch):
        return None
    message = "a value in the parentheses stands behind the name of its field"
    help = f"write `FIELD = {clipped(here.word)}`"
    return Slip(rules.SYNTAX, here.start, here.end, message, help, "", here.at, here.at + 1, patch)


def kind_again(here: Situation) -> Slip | None:
    """`start journey cart`, `go to stage decision`, `never send email`."""
    before = here.before
    if here.kind != "NAME" or before is None or not here.was_name(here.at - 1) or here.new_line(here.at):
        return None
    is_piece = here.parser.blocks[0].height == 0 and here.at - 1 == here.begin
    first = here.tokens[here.begin][3]
    is_kind = before[3] in _KINDS and (first in _NAMING or is_piece) and (is_piece or here.at - 1 > here.begin)
    if not (is_kind or (before[3] == "send" and first == "never")):
        return None
    message = f"`{before[3]}` is not said here: the name is enough"
    return certain(replaced(here, here.at - 1, here.at + 1, (here.token,), message))


def goal_line(here: Situation) -> Slip | None:
    """`goal order_placed within 14d`."""
    if not _begins(here, "goal") or here.word not in ("within", "=", "on", "when", "if") or not here.accepts("{"):
        return None
    message = "what a goal counts stands in its block"
    help = "write `goal NAME { on EVENT within 14d }`"
    return Slip(rules.SYNTAX, here.start, here.end, message, help)


def exit_on(here: Situation) -> Slip | None:
    """`exit on order_placed` in a journey's head."""
    if (
        not here.fresh
        or here.word != "exit"
        or here.after[3] not in ("on", "when", "if")
        or not here.accepts("NAME", "on")
    ):
        return None
    event = here.tokens[min(here.at + 2, len(here.tokens) - 1)]
    message = "an event that ends a run is written as an interrupt"
    help = f"write `on {clipped(event[3]) or 'EVENT'} exit OUTCOME`"
    return Slip(rules.STATEMENT, here.start, here.after[2], message, help)


def reaction(here: Situation) -> Slip | None:
    """`on order_placed won`."""
    exit: Token = _word(here, "exit")
    if not _begins(here, "on") or here.kind != "NAME" or here.after[0] not in BOUNDS or here.fresh:
        return None
    if here.new_line(here.at) or not here.accepts_all((exit, here.token)):
        return None
    message = f"`exit` is missing before `{clipped(here.word)}`"
    help = f"write `exit {clipped(here.word)}`"
    return Slip(rules.SYNTAX, here.start, here.end, message, help, "", here.at, here.at, (exit,))


def event_first(here: Situation) -> Slip | None:
    """`45% opened` in `responds`, and `after 5m` on a line of its own."""
    if here.fresh and here.kind == "PERCENT" and here.after[0] == "NAME" and here.accepts_all((here.after, here.token)):
        patch = (here.after, here.token)
        return replaced(here, here.at, here.at + 2, patch, "an answer begins with its event")
    if _begins(here, "after") and here.at - here.begin == 1 and here.accepts("PERCENT"):
        first = here.tokens[here.begin]
        message = "`after` stands on the line of its chance"
        return Slip(rules.SYNTAX, first[1], first[2], message, "join this line to the one above")
    return None


def feeling(here: Situation) -> Slip | None:
    """`feeling "Reminded"`."""
    is_score = here.accepts("INTEGER") and here.accepts("+") and not here.accepts("unknown")
    if (
        here.kind not in ("STRING", "NAME")
        or not is_score
        or not here.accepts_all((("INTEGER", 0, 0, "1"), ("STRING", 0, 0, '""')))
    ):
        return None
    said = here.word if here.kind == "STRING" else f'"{here.word}"'
    patch: tuple[Token, ...] = (("INTEGER", here.start, here.start, "1"), ("STRING", here.start, here.end, said))
    message = "a feeling begins with its number, from -5 to +5"
    help = f"write `+1 {clipped(said)}`"
    return Slip(rules.SYNTAX, here.start, here.end, message, help, "", here.at, here.at + 1, patch)


def always_after(here: Situation) -> Slip | None:
    """`always email within 1d after order_placed`."""
    if not _begins(here, "always") or here.at - here.begin != 1 or here.kind not in ("NAME", "CALLED"):
        return None
    message = "what comes first is said first"
    help = f"write `after EVENT always {clipped(here.word)} within 1d`"
    return Slip(rules.SYNTAX, here.start, here.end, message, help)


def type_words(here: Situation) -> Slip | None:
    """`optional date`, `bronze, silver, gold` where a type stands."""
    before = here.before
    if before is None or not here.accepts("NAME", "fixed") or not here.accepts("="):
        return None
    if before[3] in ("optional", "nullable", "maybe") and here.kind == "NAME":
        patch: tuple[Token, ...] = (here.token, _word(here, "?"))
        message = "what may be unknown has a `?` behind its type"
        help = f"write `{clipped(here.word)}?`"
        return certain(
            Slip(
                rules.FOREIGN, before[1], here.end, message, help, "", here.at - 1, here.at + 1, patch, f"{here.word}?"
            )
        )
    if here.kind != "," or before[0] != "NAME":
        return None
    last = here.at
    while here.tokens[last][0] == "," and here.tokens[last + 1][0] == "NAME":
        last += 2
    names = tuple(here.tokens[here.at - 1 : last])
    if len(names) < 3:
        return None
    written = "one of " + ", ".join(token[3] for token in names if token[0] == "NAME")
    message = "a type with values to choose from begins with `one of`"
    patch = (*_words(here, "one of"), *names)
    help = f"write `{clipped(written)}`"
    return Slip(rules.FOREIGN, before[1], names[-1][2], message, help, "", here.at - 1, last, patch, written)


def yearly(here: Situation) -> Slip | None:
    """`enter on customer.birthday`, `enter each year on birthday`."""
    before = here.before
    if here.kind == "." and before is not None and before[3] == "customer" and _begins(here, "enter", "on"):
        on = here.begin + 1
        message = "an attribute is no event; its date comes round each year"
        help = f"write `enter each year on customer.{clipped(here.after[3])}`"
        start, end = here.tokens[on][1:3]
        return Slip(
            rules.SYNTAX, start, end, message, help, "", on, on + 1, _words(here, "each year on"), "each year on"
        )
    return _ownerless(here)


def _ownerless(here: Situation) -> Slip | None:
    """An attribute, or the arm of a split, that stands without its owner at the end."""
    before = here.before
    if here.kind not in BOUNDS or before is None or before[0] != "NAME" or not here.accepts("."):
        return None
    is_piece = here.parser.blocks[0].height == 0 and here.at - here.begin == 1 and not here.accepts("$END")
    if not (is_piece or _begins(here, "enter", "each", "year", "on")):
        return None
    name = clipped(before[3])
    patch = (*_words(here, "customer ."), before)
    message = "an attribute is written with its owner"
    help = f"write `customer.{name}`" + (f", or `{name}.ARM` for an arm" if is_piece else "")
    written = None if is_piece else f"customer.{before[3]}"
    return Slip(rules.FOREIGN, before[1], before[2], message, help, "", here.at - 1, here.at, patch, written)


def target(here: Situation) -> Slip | None:
    """`messages per customer target at most 4` under a key of YAML, where `target` is a key of its own."""
    if here.word != "target" or here.parser.blocks[0].height != 0 or here.after[3] != "at":
        return None
    last = next(n for n in range(here.at, len(here.tokens)) if here.tokens[n][0] in BOUNDS)
    said = here.text[here.tokens[here.at + 1][1] - here.base : here.tokens[last - 1][2] - here.base]
    message = "`target` is a key of its own"
    help = f"write the measure under `is`, and `target: {clipped(said)}` beside it"
    return Slip(rules.SEPARATOR, here.start, here.end, message, help, "", here.at, last, ())


def channel_first(here: Situation) -> Slip | None:
    """`email { subject "Hi" }` in a touchpoint."""
    send = _word(here, "send")
    is_other = here.word in here.keywords() or not here.fresh or here.after[0] != "{"
    if is_other or here.kind != "NAME" or not here.accepts_all((send, here.token, here.after)):
        return None
    if nearest(here.word, here.keywords()) is not None:
        return None  # a statement, misspelt
    message = "a message begins with `send`, and then its channel"
    help = f"write `send {clipped(here.word)}`"
    return Slip(rules.FOREIGN, here.start, here.end, message, help, "", here.at, here.at, (send,), f"send {here.word}")


def value_per(here: Situation) -> Slip | None:
    """`value 20 EUR per order` in a goal."""
    if here.word != "per" or here.fresh or not here.accepts("+"):
        return None
    is_value = _begins(here, "value") or (
        here.parser.blocks[0].height == 0 and here.before is not None and here.before[0] == "MONEY"
    )
    last = here.at + 1 + (here.after[0] == "NAME")
    if not is_value or here.tokens[last][0] not in BOUNDS:
        return None
    message = "the value of a goal is added for each of its events by itself"
    return certain(replaced(here, here.at, last, (), message))


def unnamed(here: Situation) -> Slip | None:
    """`stage "Decision" { }`, `exit "Given up"`: a text where its name is missing."""
    name = ("NAME", here.start, here.start, f"unnamed_{here.start}")
    if here.kind != "STRING" or here.fresh or here.accepts("STRING") or not here.accepts_all((name, here.token)):
        return None
    inside = here.word.strip('"')
    if inside.isidentifier() and inside[0].islower():
        return None  # a name in quotes
    said = inside.lower()
    snake = "_".join("".join(letter if letter.isalnum() else " " for letter in said).split())
    first = here.tokens[here.begin][3]
    if first in ("task", "owner"):
        snake = "TEAM"
    message = "a name is missing before this text"
    help = f"write `{first} {clipped(snake or 'NAME')} {clipped(here.word)}`"
    return Slip(rules.SYNTAX, here.start, here.end, message, help, "", here.at, here.at, (name,))


STATEMENTS: tuple[Callable[[Situation], Slip | None], ...] = (
    arrow,
    comment,
    ellipsis,
    phrase,
    augmented,
    unnamed_argument,
    kind_again,
    goal_line,
    exit_on,
    reaction,
    event_first,
    feeling,
    always_after,
    type_words,
    yearly,
    target,
    channel_first,
    value_per,
    comma_between,
    unnamed,
)
