"""What is wrong where a text stops being YAML: the place and the sentence it deserves."""

from __future__ import annotations

import msgspec

from safar.dsl.reading_rules import YAML_SYNTAX
from safar.dsl.yaml_events import Broken
from safar.engine.diagnostic import Diagnostic
from safar.engine.source import Source, Span


class Mistake(msgspec.Struct, frozen=True):
    """`start` to `end` is shown; `line_of` is a place on the line that has to be covered to read on."""

    start: int
    end: int
    message: str
    label: str
    help: str
    line_of: int
    item: bool = False
    """Whether the line lacks the `- ` of an item of a list."""


_QUOTE = "put the whole text into quotation marks"


def _unclosed_quote(text: str, broken: Broken) -> Mistake | None:
    """A quotation mark that was closed by the next one, lines later."""
    at = broken.context if "scanning a quoted scalar" in broken.problem else None
    last = broken.last
    if at is None and last is not None and last.style in ("'", '"') and "\n" in text[last.start : last.end]:
        at = last.start if text.find("\n", last.end, broken.at) < 0 else None
    if at is None:
        return None
    end = _line_end(text, at)
    message = "this text is not closed by the end of its line"
    return Mistake(at, end, message, f"opened with `{text[at]}`", "close the quotation marks", at)


def _behind_quote(text: str, broken: Broken) -> Mistake | None:
    before = text[_line_start(text, broken.at) : broken.at].rstrip()
    last = broken.last
    if last is None or not before or before[-1] not in "\"'}]":
        return None
    end = _line_end(text, broken.at)
    if before[-1] in "}]":
        message = f"there is text behind the closing `{before[-1]}`"
        help = f"a text that begins with `{'{' if before[-1] == '}' else '['}` must stand in quotation marks as a whole"
    else:
        message = "there is text behind the closing quotation mark"
        help = "put the whole value into single quotation marks: 'about \"it\"'"
    return Mistake(broken.at, end, message, "not part of the quoted text", help, broken.at)


def _bracket_in_flow(text: str, broken: Broken) -> Mistake | None:
    if "while parsing a flow" not in broken.problem or broken.context is None:
        return None
    opening = text[broken.context]
    if "\n" not in text[broken.context : broken.at] and text[broken.at : broken.at + 1].strip():
        message = f"`{text[broken.at]}` cannot stand here inside `{opening}`"
        help = "a text with `[`, `]`, `{`, `}` or `,` inside braces must stand in quotation marks"
        return Mistake(broken.at, broken.at + 1, message, "not expected here", help, broken.context)
    return _unclosed(text, broken.context)


def _unclosed(text: str, at: int) -> Mistake:
    closing = "}" if text[at] == "{" else "]"
    message = f"this `{text[at]}` is not closed"
    help = f"write `{closing}` at its end, or put the text into quotation marks"
    return Mistake(at, at + 1, message, f"no `{closing}` follows", help, at)


def _wrong_beginning(text: str, broken: Broken) -> Mistake | None:
    at = broken.at
    if "cannot start any token" in broken.problem:
        if text[at] == "\t":
            message = "a tab stands where only spaces may"
            return Mistake(at, at + 1, message, "a tab", "indent with spaces", at)
        message = f"a text cannot begin with `{text[at]}`"
        return Mistake(at, at + 1, message, "", _QUOTE, at)
    if "did not find expected alphabetic" in broken.problem or "expected alphabetic" in broken.problem:
        at = broken.context if broken.context is not None else at
        return Mistake(at, at + 1, f"a text cannot begin with `{text[at]}`", "", _QUOTE, at)
    if "node content" in broken.problem:
        opened = max(text.rfind("[", 0, at), text.rfind("{", 0, at))
        if opened >= 0 and not text[at:].strip():
            return _unclosed(text, opened)
        return Mistake(at, at + 1, f"a text cannot begin with `{text[at : at + 1]}`", "", _QUOTE, at)
    return None


def _colon(text: str, broken: Broken) -> Mistake | None:
    if "mapping values are not allowed" in broken.problem:
        start = _line_start(text, broken.at)
        if ":" in text[start : broken.at]:
            message = "a second `:` stands on this line"
            return Mistake(broken.at, broken.at + 1, message, "not expected here", _QUOTE, broken.at)
        above = _above(text, start, broken.at)
        if above is not None:
            return above
        message = "this line is indented more than its neighbours"
        help = "give it the indentation of the line above"
        first = start + len(text[start : broken.at]) - len(text[start : broken.at].lstrip())
        return Mistake(first, broken.at, message, "belongs to nothing above it", help, broken.at)
    if "could not find expected ':'" in broken.problem and broken.context is not None:
        end = len(text[: _line_end(text, broken.context)].rstrip())
        message = "this line has no `:`"
        help = "write `key: value`, or indent it as a part of the text above"
        return Mistake(broken.context, end, message, "neither a key nor a part of a list", help, broken.context)
    return None


def _layout(text: str, broken: Broken) -> Mistake | None:
    end = _line_end(text, broken.at)
    if "entries are not allowed" in broken.problem:
        message = "a list cannot begin on the line of its key"
        return Mistake(broken.at, broken.at + 1, message, "", "begin the list on a line of its own", broken.at)
    if any(part in broken.problem for part in ("expected key", "'-' indicator", "<block end>")):
        first = _first_of_block(text, broken.at) if text.startswith("- ", broken.at) else None
        if first is not None:
            return _no_dash(text, first)
        message = "this line does not stand in line with those above it"
        help = "entries of one list or mapping must begin in the same column"
        return Mistake(broken.at, max(end, broken.at + 1), message, "wrong indentation", help, broken.at)
    return None


def _above(text: str, start: int, at: int) -> Mistake | None:
    """Where a line is indented too far because the line above lacks its `:` or its `- `."""
    column = _column(text, start)
    end = start - 1
    while end > 0 and not text[_line_start(text, end) : end].strip():
        end = _line_start(text, end) - 1
    line = _line_start(text, max(end, 0))
    said = text[line : max(end, 0)].rstrip()
    if not said or end <= 0:
        return None
    first = line + len(said) - len(said.lstrip(" -"))
    has_colon = ": " in said or said.endswith(":")
    if first - line == column and not has_colon:
        message = "this line has no `:`"
        return Mistake(
            first, line + len(said), message, "neither a key nor a part of a list", "write `key: value`", line
        )
    follows = _line_end(text, at) + 1
    is_item = has_colon and first - line == column - 2 and "-" not in text[line:first]
    return _no_dash(text, first) if is_item and _column(text, follows) == column else None


def _no_dash(text: str, at: int) -> Mistake:
    end = len(text[: _line_end(text, at)].rstrip())
    message = "this line lacks the `- ` of an item"
    return Mistake(at, end, message, "not an item of the list", "begin it with `- `, as the items around it", at, True)


def _first_of_block(text: str, at: int) -> int | None:
    """The line of this column that stands above an item without being one, with nothing further out between."""
    column = at - _line_start(text, at)
    found = None
    end = _line_start(text, at) - 1
    while end > 0:
        start = _line_start(text, end)
        if text[start:end].strip():
            inner = _column(text, start)
            if inner < column:
                return found
            if inner == column and not text.startswith("- ", start + inner):
                found = start + inner
        end = start - 1
    return found


def _column(text: str, start: int) -> int:
    """How many spaces a line begins with."""
    line = text[start : start + 400]
    return len(line) - len(line.lstrip(" "))


def _escape(text: str, broken: Broken) -> Mistake | None:
    if "escape" not in broken.problem and "hexdecimal" not in broken.problem:
        return None
    at = text.rfind("\\", 0, broken.at + 1)
    at = at if at >= _line_start(text, broken.at) else broken.at
    found = text[at : at + 2]
    message = f"`{found}` means nothing inside double quotation marks"
    return Mistake(at, at + len(found), message, "", "use single quotation marks, or write `\\\\` for `\\`", at)


def _tag(text: str, broken: Broken) -> Mistake | None:
    if "tag" not in broken.problem:
        return None
    at = broken.context if broken.context is not None else broken.at
    return Mistake(at, at + 1, "a text cannot begin with `!`", "", f"{_QUOTE}; for `not`, write `not`", at)


def _comparison(text: str, broken: Broken) -> Mistake | None:
    """`>` at the beginning of a text means a folded text to YAML."""
    at = broken.context
    if "block scalar" not in broken.problem or at is None or text[at] != ">":
        return None
    rest = text[at : _line_end(text, at)].lstrip(">= ").rstrip()
    help = f"write `at least {rest}`" if rest else _QUOTE
    return Mistake(at, broken.at + 1, "a text cannot begin with `>`", "", help, at)


_READINGS = (
    _escape,
    _unclosed_quote,
    _tag,
    _comparison,
    _wrong_beginning,
    _bracket_in_flow,
    _colon,
    _behind_quote,
    _layout,
)


def explain(text: str, broken: Broken) -> Mistake:
    """The mistake behind a place where reading broke off."""
    for reading in _READINGS:
        mistake = reading(text, broken)
        if mistake is not None:
            return mistake
    at = min(broken.at, max(len(text) - 1, 0))
    return Mistake(at, at + 1, "this line cannot be read as YAML", "reading broke off here", _QUOTE, at)


def finding(source: Source, mistake: Mistake) -> Diagnostic:
    size = len(source.text)
    start = min(mistake.start, size)
    end = max(start, min(mistake.end, size))
    return YAML_SYNTAX.at(Span(source, start, end), mistake.message, label=mistake.label, help=mistake.help)


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text[: end if end >= 0 else len(text)].rstrip("\r"))
