"""One layout for each spelling, without options, and the proof that nothing but the layout changed."""

from __future__ import annotations

from pathlib import Path

import msgspec

from safar.dsl import tree
from safar.dsl.files import Refused, is_yaml_path, parse, read_bytes
from safar.dsl.gaps import read_gap
from safar.dsl.limits import DEFAULT_LIMITS, Limits
from safar.dsl.tokens import tokens_of
from safar.engine.diagnostic import Diagnostic, Severity
from safar.engine.source import Source, Span


class Formatted(msgspec.Struct, frozen=True):
    """A text and its layout.  With `findings`, which are errors, the text is broken and stays as it is."""

    path: str
    before: str
    after: str
    findings: tuple[Diagnostic, ...] = ()

    @property
    def changed(self) -> bool:
        return self.before != self.after


class LayoutError(RuntimeError):
    """A layout that would have changed more than space; it is not written."""


def format_text(text: str, path: str = "text.journey", limits: Limits = DEFAULT_LIMITS) -> Formatted:
    """Lay a text out in the spelling that the path's ending says.

    The result is read back: it has the same tree, all comments in their order, and its own layout.  Raises
    `LayoutError` where that is not so, which would be a fault in Safar.

    >>> format_text("team   crm").after
    'team crm\\n'
    """
    found, findings = _read(path, text, limits)
    if findings:
        return Formatted(path, text, text, findings)
    is_yaml = is_yaml_path(path)
    plain = text.replace("\r\n", "\n")
    if is_yaml:
        plain = plain.replace("\r", "\n")
    after = _layout(plain, is_yaml=is_yaml)
    again, broken = _read(path, after, limits)
    if broken or again != found:
        raise LayoutError(f"the layout of {path} would not mean the same")
    if comments(after, path) != comments(plain, path):
        raise LayoutError(f"the layout of {path} would lose a comment")
    if _layout(after, is_yaml=is_yaml) != after:
        raise LayoutError(f"the layout of {path} would change again")
    return Formatted(path, text, after)


def format_file(file: Path, path: str, limits: Limits = DEFAULT_LIMITS) -> Formatted:
    """Lay a file out; `path` is what it is called in findings.  One that cannot be read gives a finding."""
    text = read_bytes(file, limits.file)
    if isinstance(text, Refused):
        return Formatted(path, "", "", (text.rule.at(Span(Source(path, ""), 0, 0), text.message, help=text.help),))
    return format_text(text, path, limits)


def path_of(text: str) -> str:
    """A path that says the spelling in which a text without a name is written.

    >>> path_of("# why\\nteams: {crm: Care}"), path_of('team crm "Care: us"')
    ('text.journey.yaml', 'text.journey')
    """
    for line in text.split("\n"):
        said = line.strip("\ufeff \t\r")
        if said and not said.startswith("#"):
            key, colon, _ = said.partition(":")
            is_key = bool(colon) and key.strip("\"' ").replace("_", "").replace(" ", "").isalnum()
            return "text.journey.yaml" if is_key or said.startswith("---") else "text.journey"
    return "text.journey"


def comments(text: str, path: str) -> list[str]:
    """All comments of a text that is free of mistakes, in order."""
    if is_yaml_path(path):
        from safar.dsl.yaml_layout import yaml_comments

        return yaml_comments(text)
    found: list[str] = []
    end = 0
    for kind, start, after, _ in tokens_of(text):
        if kind != "END":
            found += read_gap(text[end:start]).comments
            end = after
    return found


def _layout(text: str, *, is_yaml: bool) -> str:
    if is_yaml:
        from safar.dsl.yaml_layout import layout_yaml

        return layout_yaml(text)
    from safar.dsl.layout import layout

    return layout(text)


def _read(path: str, text: str, limits: Limits) -> tuple[tree.File, tuple[Diagnostic, ...]]:
    loaded = parse(Source(path, text), limits)
    return loaded.tree, tuple(one for one in loaded.findings if one.severity is Severity.ERROR)
