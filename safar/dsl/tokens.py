"""Text cut into tokens.  What a token is does not depend on where it stands; only whether a word is a
keyword does, and that the parser decides.

A token is (kind, start, end, text).  Kinds are the terminals of `grammar.lark`; marks are their own kind.
Kinds that the grammar does not have stand for mistakes: OPEN (a text without its closing quote), CURLY (a
text in typographic quotes), CURRENCY (`€20`), BAD (anything else).
"""

from __future__ import annotations

import re
import sys

from safar.engine.expression import CURRENCIES

Token = tuple[str, int, int, str]

_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0900-\u0963\u0966-\u0df3\u0e30-\u0e4e"
)
"""Combining marks that belong to a letter before them; `\\w` has none of them."""

_NUMBER = r"\d[\d_٬]*+(?:[.٫]\d+)?+"
_UNITS = "hours?|days?|weeks?|months?|years?|minutes?|seconds?"

_TOKEN = re.compile(
    rf"""
    [ ]*+(?:
    (?P<SPACE>(?:[ \t\r\f\v\u00a0\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\u061c\ufeff]|\#[^\n]*)++|\Z)
  | (?P<LINE>\n(?:[ \t\r]*+\n)*+[ ]*+|[;؛](?:[ \t]*+[;؛])*+)
  | (?P<NAME>[^\W\d](?:[\w{_MARKS}]|[\u200c\u200d](?=\w))*+)
  | (?P<STRING>"(?:[^"\\\n{{]|\\.|\{{[^{{}}"\n]{{0,2000}}+(?:"[^"\n]{{0,2000}}+"[^{{}}"\n]{{0,2000}}+){{0,50}}+\}})*+")
  | (?P<LOOSE>"(?:[^"\\\n]|\\.)*+")
  | (?P<OPEN>"[^\n]*+)
  | (?P<CURLY>[“”„«][^“”„«»"\n]*+[“”»"]?)
  | (?P<DATE>\d{{4}}-\d{{1,2}}-\d{{1,2}}(?!\w))
  | (?P<TIME>\d{{1,2}}:\d{{2}}(?!\w))
  | (?P<MONEY>{_NUMBER}[ \t]?(?:{"|".join(CURRENCIES)})(?!\w))
  | (?P<PERCENT>{_NUMBER}[ \t]?[%٪])
  | (?P<DURATION>\d[\d_٬]*+[smhdw](?!\w))
  | (?P<PERIOD>\d[\d_٬]*+[ \t]+(?:{_UNITS})(?!\w))
  | (?P<DECIMAL>\d[\d_٬]*+[.٫]\d+(?!\w))
  | (?P<INTEGER>\d[\d_٬]*+(?!\w))
  | (?P<CURRENCY>[€$£][ \t]?{_NUMBER})
  | (?P<MARK>==|!=|<=|>=|[-+*/=<>?:.,،(){{}}\[\]])
  | (?P<BAD>[\d.]+\w*+|\\.|.))
    """,
    re.VERBOSE,
)
_KEY = re.compile(r"[ \t]*:(?!\d\d)")
_ELSE = re.compile(r"[ \t]+else(?!\w)")
_CONTINUES = ("and", "or", "or_else")
_GOES_ON = ("and", "or", "otherwise", "else")
"""Words that begin no statement: a line that begins with one goes on with the line before."""

_RESERVED = (
    "and or not in is contains known unknown yes no if where within otherwise else about one of customer persona "
    "stage monday tuesday wednesday thursday friday saturday sunday hour day week month year"
)
RESERVED = frozenset(_RESERVED.split())
"""Words that can stand inside an expression, and so are no names."""

DIRECTION_CONTROLS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]+")


def tokens_of(text: str, most: int = sys.maxsize) -> list[Token]:
    """All tokens of a text, without spaces and comments, and an end (`$END`); the cutting stops behind so many.

    An END stands for any number of line ends, `;` and comments.  None stands at the beginning, after `{`,
    after `,`, `and` and `or`, and before these two and `otherwise`, where a line end means nothing.
    """
    out: list[Token] = []
    put = out.append
    before = "{"
    at, size = 0, len(text)
    match = _TOKEN.match
    while at < size and len(out) <= most:
        found = match(text, at)
        assert found is not None
        kind = found.lastgroup or ""
        start, at = found.span(kind)
        if kind == "SPACE":
            continue
        word = found[kind]
        if kind == "NAME":
            if before == "END" and word in _GOES_ON and out[-1][3] == "\n":
                out.pop()
            if word == "or" and (more := _ELSE.match(text, at)):
                kind, at = "or_else", more.end()
            elif _KEY.match(text, at):
                kind = "COLONED"
            elif text.startswith("(", at) and word not in RESERVED:
                kind = "CALLED"
            put((kind, start, at, word))
            before = word if word in ("and", "or") else kind
        elif kind == "MARK":
            kind = "," if word == "،" else word
            put((kind, start, at, kind))
            before = kind
        elif kind == "LINE":
            mark = "\n" if text[start] == "\n" else ";"  # the first of a run counts
            if before == "END":
                if mark != "\n" and out[-1][3] == "\n":
                    out[-1] = ("END", out[-1][1], start + 1, ";")
            elif before != "{" and (mark != "\n" or (before != "," and before not in _CONTINUES)):
                put(("END", start, start + 1, mark))
                before = "END"
        else:
            put(("STRING" if kind == "LOOSE" else kind, start, at, word))
            before = kind
    put(("$END", at, at, ""))
    return out
