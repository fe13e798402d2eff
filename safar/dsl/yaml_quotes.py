"""Whether a text of YAML needs quotation marks, and how it is written with and without them."""

from __future__ import annotations

from safar.dsl.yaml_events import is_text_everywhere

_BEGINS = frozenset("?:,[]{}#&*!|>'\"%@`=<~ ")
_FLOW = frozenset(",[]{}")
_NUMBER = frozenset("0123456789abcdefABCDEFxXo._:+-TZ")
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))


def is_plain(text: str, *, flow: bool) -> bool:
    """Whether a text is read as it is without quotation marks.

    >>> is_plain("Reads mail, on the way", flow=False), is_plain("a, b", flow=True), is_plain("a: b", flow=False)
    (True, False, False)
    """
    if not text or text != text.strip() or text[0] in _BEGINS or text == "...":
        return False
    if text[0] == "-" and text[1:2] in ("", " ", "-"):
        return False
    if ": " in text or " #" in text or text.endswith(":") or not _is_printable(text):
        return False
    return not (flow and (":" in text or any(letter in _FLOW for letter in text)))


def _is_printable(text: str) -> bool:
    """Joiners, which Persian words need, count as letters."""
    return text.replace("\u200c", "").replace("\u200d", "").isprintable()


def is_only_text(text: str) -> bool:
    """Whether no program takes the bare text as a number, a date, or a truth value.

    >>> is_only_text("Order"), is_only_text("no"), is_only_text("1e3")
    (True, False, False)
    """
    looks_like_number = text[:1] in "0123456789+-." and all(letter in _NUMBER for letter in text)
    return not looks_like_number and text.lower() not in _WORDS and is_text_everywhere(text)


def bare(written: str, *, flow: bool) -> str:
    """A text in quotation marks without them, if they are not needed; else as it is.

    >>> bare('"Order"', flow=False), bare("'no'", flow=False)
    ('Order', "'no'")
    """
    inner = written[1:-1]
    escaped = "\\" in inner if written[0] == '"' else "'" in inner
    if escaped or "\n" in inner or not is_plain(inner, flow=flow) or not is_only_text(inner):
        return written
    return inner
