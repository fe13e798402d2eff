"""Brackets that lack their partner, and where they probably should have it."""

from __future__ import annotations

from collections.abc import Iterable

from safar.dsl import syntax_rules as rules
from safar.dsl.forms import forms
from safar.dsl.slips import BOUNDS, Situation, Slip
from safar.dsl.tokens import Token
from safar.engine.form import Kind

_PARTNER = {"(": ")", "[": "]"}


def unclosed_parenthesis(here: Situation) -> Slip | None:
    """An open `(` or `[` where the next line or a block begins."""
    open_ones = here.parser.brackets
    new_line = here.at > here.begin and here.new_line(here.at)
    if not open_ones:
        return None
    opener = here.tokens[open_ones[-1]]
    at = here.start
    closers: list[Token] = [(_PARTNER[here.tokens[n][0]], at, at, "") for n in reversed(open_ones)]
    if not (new_line or here.kind in BOUNDS or _goes_on(here, closers)):
        return None
    if new_line and here.kind not in BOUNDS:
        closers.append(("END", at, at, "\n"))
    message = f"`{opener[0]}` is never closed"
    help = f"add `{_PARTNER[opener[0]]}`"
    return Slip(rules.UNMATCHED, opener[1], opener[2], message, help, "opened here", here.at, here.at, tuple(closers))


def _goes_on(here: Situation, closers: list[Token]) -> bool:
    """Whether a word of the language stands here that would fit behind the closing brackets."""
    states: list[int] | None = here.parser.states
    for token in closers:
        states = here.parser.follow(states, token)
    if states is None or here.kind != "NAME":
        return False
    return here.parser.keyword(states, here.word) and here.parser.follow(states, here.token) is not None


def unopened(here: Situation) -> Slip | None:
    """A closing bracket without its opening one."""
    closes_block = here.kind == "}" and len(here.parser.blocks) == 1
    if not closes_block and not (here.kind in (")", "]") and not here.parser.brackets):
        return None
    last = here.at + 1
    if closes_block and here.tokens[last][0] == "END":
        last += 1
    message = f"`{here.kind}` closes nothing"
    return Slip(rules.UNMATCHED, here.start, here.end, message, "leave it out", "", here.at, last, ())


def without_opener(tokens: list[Token], text: str) -> list[int]:
    """The line ends that lack a `{`: where there are more `}` than `{`, and the next line is indented further.

    Each is put right in `tokens`, so that the block is read as one.
    """
    lacking = -surplus_of(tokens)
    found: list[int] = []
    depth, first = 0, 0
    for at, token in enumerate(tokens):
        depth += (token[0] in ("(", "[")) - (token[0] in (")", "]"))
        if len(found) == lacking or lacking <= 0:
            break
        if token[0] in ("{", "}"):
            first, depth = at + 1, 0
        elif token[0] == "END" and depth <= 0:
            following = tokens[at + 1]
            is_line = token[3] == "\n" and tokens[at - 1][0] != ":" and following[0] not in ("}", "$END") and first < at
            if is_line and _column(text, following[1]) > _column(text, tokens[first][1]):
                found.append(at)
            first = at + 1
    for at in found:
        tokens[at] = ("{", tokens[at][1], tokens[at][1], "{")
    return found


def reopened(here: Situation) -> bool:
    """Whether the line before lacked its `{` and the lines from here on are its block: then it is read again with one.

    That the block is missing is found already, when the line before was read.
    """
    parser = here.parser
    lines = parser.values[-1] if parser.values else None
    before = here.tokens[here.at - 1] if here.at else None
    if not here.fresh or not isinstance(lines, list) or not lines or before is None or before[0] != "END":
        return False
    last = lines[-1]
    lacks = any(c.needed and c.kind is Kind.BODY and c.field not in last.values for c in forms()[last.form].clauses)
    if not lacks or _surplus(here) >= 0:
        return False
    lines.pop()
    here.tokens[here.at - 1] = ("{", before[1], before[1], "{")
    parser.surplus = _surplus(here) + 1
    while here.tokens[parser.at][1] > last.span.start:
        parser.at -= 1
    return True


def unclosed_before_otherwise(here: Situation) -> Slip | None:
    """`otherwise` in the block that it is the alternative of."""
    at = here.start
    close: tuple[Token, ...] = (("}", at, at, "}"),) if here.fresh else (("END", at, at, "\n"), ("}", at, at, "}"))
    is_other = here.kind == "NAME" and here.word in ("otherwise", "else")
    if not is_other or len(here.parser.blocks) < 2 or _surplus(here) < 1:
        return None
    otherwise: Token = ("NAME", here.start, here.end, "otherwise")
    if not here.accepts_all((*close, otherwise)):
        return None
    opener = here.tokens[here.parser.blocks[-1].token]
    seen = (here.start, here.end, "`otherwise` stands behind a closed block")
    message, help = "`{` is never closed", "add `}` before `otherwise`"
    where = opener[1], opener[2]
    return Slip(rules.UNMATCHED, *where, message, help, "opened here", here.at, here.at, close, seen=seen)


def unclosed_block(here: Situation) -> Slip | None:
    """The file ends, or a statement begins that stands further out, while a block is open."""
    levels = len(here.parser.blocks) - 1
    if levels == 0 or not (here.kind == "$END" or (here.fresh and here.kind == "NAME" and _surplus(here) > 0)):
        return None
    closing: list[Token] = []
    states: list[int] | None = here.parser.states
    if here.kind == "$END" and not here.fresh:
        closing.append(("END", here.start, here.start, "\n"))
        states = here.parser.follow(states, closing[-1])
    for _ in range(levels):
        for kind in ("}", "END"):
            if states is None:
                return None
            closing.append((kind, here.start, here.start, "\n"))
            states = here.parser.follow(states, closing[-1])
        if states is not None and here.kind == "NAME" and here.parser.keyword(states, here.word):
            break
    if states is None or here.parser.follow(states, here.token) is None:
        return None
    opener = here.tokens[_culprit(here)]
    what = "the file ends" if here.kind == "$END" else f"`{here.word}` cannot stand in it"
    return Slip(
        rules.UNMATCHED,
        opener[1],
        opener[2],
        "`{` is never closed",
        "add `}` where the block ends",
        "opened here",
        here.at,
        here.at,
        tuple(closing),
        seen=(max(0, here.start - (here.kind == "$END")), here.end, f"{what} here"),
    )


def _surplus(here: Situation) -> int:
    """How many more `{` than `}` there are.  Counted once: mending keeps it right."""
    parser = here.parser
    if parser.surplus is None:
        parser.surplus = surplus_of(here.tokens)
    return parser.surplus


def surplus_of(tokens: Iterable[Token]) -> int:
    kinds = [token[0] for token in tokens]
    return kinds.count("{") - kinds.count("}")


def _culprit(here: Situation) -> int:
    """The `{` that lacks its `}`: the innermost open one, or a closed one in it whose `}` is indented otherwise.

    A writer who forgets a `}` still indents as if it stood there, so the next `}` closes the wrong block.
    """
    innermost = here.parser.blocks[-1].token
    opened: list[int] = []
    for at in range(innermost + 1, here.at):
        kind = here.tokens[at][0]
        if kind == "{":
            opened.append(at)
        elif kind == "}" and opened:
            opener = opened.pop()
            first, own = _indent(here, here.tokens[opener][1]), _indent(here, here.tokens[at][1])
            alone = here.new_line(at)
            if alone and first != own:
                return opener
    return innermost


def _indent(here: Situation, offset: int) -> int:
    return _column(here.text, offset - here.base)


def _column(text: str, offset: int) -> int:
    """The number of spaces before the line of an offset."""
    start = text.rfind("\n", 0, offset) + 1
    line = text[start : start + 200]
    return len(line) - len(line.lstrip())
