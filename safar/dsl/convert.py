"""From one spelling to the other: nothing that is said is lost, and comments go with their statements."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from safar.dsl import tree
from safar.dsl.carry import Carried, carry
from safar.dsl.files import is_yaml_path, parse
from safar.dsl.fmt import comments, format_text
from safar.dsl.limits import DEFAULT_LIMITS, Limits
from safar.dsl.said import Said
from safar.dsl.tokens import tokens_of
from safar.dsl.yaml_keys import slots
from safar.dsl.yaml_nodes import YamlNode
from safar.engine.diagnostic import Diagnostic, Severity
from safar.engine.form import Kind
from safar.engine.source import Source


class Converted(msgspec.Struct, frozen=True):
    """The text in the other spelling; with `findings`, which are errors, there is none."""

    text: str
    findings: tuple[Diagnostic, ...] = ()


class ConversionError(ValueError):
    """Something that the other spelling cannot say; the message says what."""


def convert_text(
    text: str,
    path: str,
    to: str,
    *,
    limits: Limits = DEFAULT_LIMITS,
    drop_comments: bool = False,
    called: Callable[[str], str] = str,
) -> Converted:
    """A text in the spelling `to` (`dsl` or `yaml`), laid out; `path` says by its ending how it is spelled now.

    `called` gives the path by which the result names a file that the text uses.

    The result is read back and compared: it says the same, statement by statement, and has every comment.  Raises
    `ConversionError` where that is not so.

    >>> convert_text('team crm "Care" # us', "a.journey", "yaml").text
    '# us\\nteams:\\n  crm: Care\\n'
    """
    loaded = parse(Source(path, text), limits)
    broken = tuple(one for one in loaded.findings if one.severity is Severity.ERROR)
    if broken:
        return Converted("", broken)
    target = "text.journey.yaml" if to == "yaml" else "text.journey"
    file = _with_uses(loaded.tree, called)
    carried = Carried() if drop_comments else _carried(file, is_yaml=is_yaml_path(path))
    said = Said(loaded.source, _root(loaded.source, limits) if is_yaml_path(path) else None)
    made = format_text(_written(file, said, carried, to), target, limits)
    again = parse(Source(target, made.after), limits)
    if made.findings or comparable(again.tree) != comparable(file):
        where = made.findings[0].message if made.findings else "a text here has no spelling there"
        raise ConversionError(f"{path} cannot be said in the other spelling: {where}")
    wanted = [] if drop_comments else sorted(comments(text, path))
    if sorted(comments(made.after, target)) != wanted:
        raise ConversionError(f"a comment of {path} would be lost; `--drop-comments` leaves all of them out")
    return Converted(made.after)


def _with_uses(file: tree.File, called: Callable[[str], str]) -> tree.File:
    """The file with other paths behind `use`."""
    statements = list(file.statements)
    for number, one in enumerate(statements):
        path = one.values.get("path")
        if one.form == "use" and isinstance(path, tree.Text) and path.parts:
            named = tree.Text(path.span, (called(str(path.parts[0])),))
            statements[number] = tree.Statement(one.span, one.form, one.head, {**one.values, "path": named})
    return tree.File(file.span, tuple(statements))


def _written(file: tree.File, said: Said, carried: Carried, to: str) -> str:
    if to == "yaml":
        from safar.dsl.to_yaml import YamlWriter
        from safar.dsl.yaml_write import lines

        written = "".join(line + "\n" for line in lines(YamlWriter(said, carried).file(file)))
        return written if file.statements else "".join(one.text + "\n" for one in carried.end(file))
    from safar.dsl.to_text import TextWriter

    return TextWriter(said, carried).block(file) + "\n"


def _root(source: Source, limits: Limits) -> YamlNode | None:
    from safar.dsl.yaml_recovery import read_nodes

    return read_nodes(source, limits).root


def _carried(file: tree.File, *, is_yaml: bool) -> Carried:
    text = file.span.source.text
    if is_yaml:
        from safar.dsl.yaml_layout import yaml_gaps

        return carry(file, yaml_gaps(text), is_yaml=True)
    gaps: list[tuple[int, int]] = []
    end = 0
    for kind, start, after, _ in tokens_of(text):
        if kind != "END":
            gaps.append((end, start))
            end = after
    return carry(file, gaps, is_yaml=False)


# --- comparing


def comparable(file: tree.File) -> tuple[object, ...]:
    """What a file says, with the lines of a block by kind: YAML has no order between lines of different kinds."""
    return _lines("file", file.statements)


def _lines(block: str, statements: tuple[tree.Statement, ...]) -> tuple[object, ...]:
    keys = {form.id: number for number, slot in enumerate(slots(block).values()) for form in slot.forms}
    ordered = sorted(statements, key=lambda one: keys.get(one.form, len(keys)))
    return tuple(_statement(one) for one in (_joined(ordered) if block == "ways" else ordered))


def _joined(ways: list[tree.Statement]) -> list[tree.Statement]:
    """`otherwise` on a line of its own is that of the last way."""
    if len(ways) < 2 or ways[-1].form != "otherwise_way" or "otherwise" in ways[-2].values:
        return ways
    *before, last, late = ways
    return [*before, tree.Statement(last.span, last.form, last.head, {**last.values, "otherwise": late.values["then"]})]


def _statement(one: tree.Statement) -> tuple[object, ...]:
    from safar.dsl.forms import forms

    blocks = {clause.field: clause.block for clause in forms()[one.form].clauses if clause.kind is Kind.BODY}
    values = [
        (field, _lines(blocks[field], value.statements) if isinstance(value, tree.Block) else _value(value))
        for field, value in sorted(one.values.items())
    ]
    return (one.form, *values)


def _value(value: object) -> object:
    return _statement(value) if isinstance(value, tree.Statement) else value
