"""Texts of others made harmless for each output that machines read: one function for each place that a text can
stand in.  For terminals it is `terminal.visible`.

What a format cannot hold (control characters, lone surrogates) is spelled out as on a terminal; nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable

from safar.renderers.terminal import visible

_XML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
_HIDDEN_IN_JSON = (0x7F, *range(0x80, 0xA0), *range(0x2028, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0xFFFE, 0xFFFF)
_JSON = {code: f"\\u{code:04x}" for code in _HIDDEN_IN_JSON}
_KEPT = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
"""What stands in an address as it is."""
_PLAIN = ".,;'?-"
"""Marks that mean nothing to Markdown inside a line, between letters or behind a word."""


def json_text(value: object, indent: int | None = None) -> str:
    """A value as JSON whose text shows no control character of any kind and no lone surrogate; reads back the same.

    >>> json_text("\\x1b \\u202e \\x9b")
    '"\\\\u001b \\\\u202e \\\\u009b"'
    """
    import json

    text = json.dumps(value, ensure_ascii=False, indent=indent)
    if text.isascii() and "\x7f" not in text:
        return text
    return "".join(_surrogate(letter) for letter in text.translate(_JSON))


def _surrogate(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if "\ud800" <= letter <= "\udfff" else letter


def command_data(text: str) -> str:
    """The message of a GitHub workflow command.

    >>> command_data("100%\\n::error::x")
    '100%25%0A::error::x'
    """
    lines = text.replace("\r\n", "\n").split("\n")
    return "%0A".join(visible(line).replace("%", "%25") for line in lines)


def command_property(text: str) -> str:
    """A property of a GitHub workflow command, such as its file.

    >>> command_property("a,b:c")
    'a%2Cb%3Ac'
    """
    return visible(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")


def xml(text: str) -> str:
    """Text of an XML element or attribute; no line of it begins with `::`, an order to a build service.

    >>> xml("]]><script>\\x00")
    ']]&gt;&lt;script&gt;\\\\x00'
    """
    return "".join(_XML.get(letter, letter) for letter in visible(text)).replace("::", "&#58;:")


def markdown(text: str) -> str:
    """Text in a line of Markdown, as on a pull request.

    A word with any sign in it stands in a code span: there nothing is a link, an image, HTML, a mention of a person or
    an issue.  What our sentences put between backticks is a code span as a whole.

    >>> markdown("ask @org/team: see `a b`")
    'ask `@org/team:` see `a b`'
    >>> markdown("install them: `x`")
    'install them: `x`'
    """
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return code(text)
    return _apart(code(part) if number % 2 else _words(part) for number, part in enumerate(parts))


def _apart(parts: Iterable[str]) -> str:
    """Joined, with a space where two code spans would become one."""
    joined = ""
    for part in parts:
        joined += f" {part}" if joined.endswith("`") and part.startswith("`") else part
    return joined


def _words(text: str) -> str:
    return " ".join(word if _is_plain(word) else code(word) for word in text.split(" "))


def _is_plain(word: str) -> bool:
    """Letters and digits, with marks that end a sentence; `www.` and the like would become links."""
    bare = word.removesuffix(":").strip(_PLAIN)
    kept = bare.replace("-", "").replace("'", "").replace("\u200c", "")
    if not bare:
        return "-" not in word  # `---` is a rule
    return (kept.isalnum() or not kept) and not word.startswith("-") and not _is_reference(bare)


def _is_reference(word: str) -> bool:
    """What may become a link: `GH-12` to an issue, a long number in hexadecimal to a commit, `www`."""
    small = word.lower()
    is_commit = len(small) >= 7 and all(letter in "0123456789abcdef" for letter in small)
    return is_commit or "gh-" in small or "www" in small


def code(text: str) -> str:
    """A code span of Markdown, with a fence longer than any run of backticks inside.

    >>> code("a ``b"), code("")
    ('``` a ``b ```', '')
    """
    shown = visible(text)
    if not shown.strip():
        return shown
    longest, run = 0, 0
    for letter in shown:
        run = run + 1 if letter == "`" else 0
        longest = max(longest, run)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith(("`", " ")) or shown.endswith(("`", " ")) or longest else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def uri(path: str) -> str:
    """A path as a relative reference (RFC 3986), or as a `file:` address if it is absolute.

    >>> uri("سفر/a b.journey"), uri("x:y"), uri("/tmp/a")
    ('%D8%B3%D9%81%D8%B1/a%20b.journey', 'x%3Ay', 'file:///tmp/a')
    """
    import os

    slashes = path.replace(os.sep, "/")
    quoted = "".join(
        chr(byte) if byte in _KEPT else f"%{byte:02X}" for byte in slashes.encode("utf-8", "surrogatepass")
    )
    if slashes.startswith("/"):
        return f"file://{quoted}"
    return f"file:///{quoted}" if os.path.isabs(path) else quoted  # noqa: PTH117 - a text, with a drive on Windows
