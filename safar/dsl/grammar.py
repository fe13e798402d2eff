"""The parse table: made by Lark from `grammar.lark` and the forms, kept in `grammar.json`.

`python -m safar.dsl.grammar` rewrites the file.  It holds the hash of what it was made from; where that
differs, the table is built in memory (0.4 s), so an edited grammar or form works at once.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import msgspec

from safar.dsl.forms import blocks, forms
from safar.engine.form import Clause, Form, Kind

HERE = Path(__file__).parent
KEPT = HERE / "grammar.json"

_NO_TEXT = (Kind.FLAG, Kind.BODY, Kind.REACTION)
"""Kinds that no text in a YAML file can be: they have no start symbol."""

_REACTIONS = ("go_to", "exit", "task", "do", "start", "set")


class Table(msgspec.Struct, frozen=True):
    """An LALR(1) table as plain data.

    `actions[state][terminal]` is a state to shift to, or the complement (`~`) of a rule to reduce by;
    `gotos[state][rule name]` is a state.  A rule is its name, the number of its parts and its callback's
    name, which is empty where the only part is passed on.
    """

    hash: str
    rules: list[tuple[str, int, str]]
    actions: list[dict[str, int]]
    gotos: list[dict[str, int]]
    starts: dict[str, int]
    ends: dict[str, int]


def _quoted(words: str) -> str:
    return " ".join(f'"{word}"' for word in words.split())


def _value(clause: Clause) -> str:
    """The rule of what stands in a clause."""
    return f"block_{clause.block}" if clause.kind is Kind.BODY else str(clause.kind.value)


def rule_of(clause: Clause, form: Form) -> str:
    """The name of the rule that reads a clause.

    A clause that may be missing, or that is better missed with a finding than with a syntax error, has a
    rule of its own that may be empty; equal clauses of several forms share it.
    """
    if clause.kind is Kind.NAME and form.id in ("attribute", "field"):
        return "key"
    if clause.needed and not clause.word and clause.kind is not Kind.BODY:
        return _value(clause)
    words = "".join(letter if letter.isalnum() else "_" for letter in clause.word.replace("=", "is").replace(":", ""))
    rule = f"maybe_{words}_{_value(clause)}"
    return rule if clause.word != ":" else _value(clause)


def _maybe(rule: str, clause: Clause) -> str:
    words = _quoted(clause.word)
    if clause.kind is Kind.FLAG:
        return f"{rule}: -> absent\n | {words} -> flag\n"
    if clause.word.startswith(","):
        bare = _quoted(clause.word.removeprefix(","))
        return f'{rule}: -> absent\n | "," {bare} {_value(clause)} -> last\n'
    more = f" | {words} st_if -> alone\n" if clause.field == "otherwise" else ""
    return f"{rule}: -> absent\n | {words} {_value(clause)} -> last\n{more}"


def _statement(form: Form) -> str:
    parts = ['":" ' * (clause.word == ":") + rule_of(clause, form) for clause in form.clauses]
    return f"st_{form.id}: {_quoted(form.words)} {' '.join(parts)}\n"


def generated() -> str:
    """The rules of all statements and blocks."""
    lines = [_statement(form) for form in forms().values()]
    optional = {
        rule: _maybe(rule, clause)
        for form in forms().values()
        for clause in form.clauses
        if (rule := rule_of(clause, form)).startswith("maybe_")
    }
    lines += optional.values()
    for block, found in blocks().items():
        lines.append(f"?in_{block}: " + " | ".join(f"st_{form.id}" for form in found) + "\n")
        lines.append(f"lines_{block}: -> no_lines\n | lines_{block} in_{block} END -> lines\n")
        if block != "file":
            lines.append(f'block_{block}: "{{" lines_{block} "}}" -> block\n')
            lines.append(f' | "{{" lines_{block} in_{block} "}}" -> block\n')
    lines.append("file: lines_file | lines_file in_file\n")
    lines.append(f"?reaction: {' | '.join('st_' + form for form in _REACTIONS)}\n")
    return "".join(lines)


def starts() -> list[str]:
    """The start symbols: the file, one statement of each block, and each kind of value."""
    kinds = [kind.value for kind in Kind if kind not in _NO_TEXT]
    return ["file", *(f"in_{block}" for block in blocks()), *kinds]


def source() -> str:
    """The whole grammar, as Lark reads it."""
    return (HERE / "grammar.lark").read_text(encoding="utf-8") + "\n// --- made from the forms\n\n" + generated()


def _hash(text: str) -> str:
    return hashlib.blake2b((text + " ".join(starts())).encode(), digest_size=16).hexdigest()


def build(text: str, *, strict: bool = False) -> Table:
    """The table of a grammar.  `strict` refuses every conflict, which takes a library for development."""
    from lark import Lark
    from lark.parsers.lalr_analysis import Shift

    made = Lark(text, parser="lalr", lexer="basic" if not strict else "contextual", start=starts(), strict=strict)
    spelled = {t.name: t.pattern.value for t in made.terminals if t.pattern is not None}
    found: Any = made.parser.parser._parse_table
    rules = sorted(
        {to for row in found.states.values() for action, to in row.values() if action is not Shift},
        key=lambda rule: (rule.origin.name, rule.order, len(rule.expansion)),
    )
    numbers = {rule: number for number, rule in enumerate(rules)}
    order = _in_order(found.start_states, found.states, Shift)
    actions: list[dict[str, int]] = [{} for _ in order]
    gotos: list[dict[str, int]] = [{} for _ in order]
    for state, number in order.items():
        for symbol, (action, to) in sorted(found.states[state].items()):
            terminal = symbol.isupper() or symbol.startswith("$")
            row = (actions if terminal else gotos)[number]
            row[spelled.get(symbol, symbol)] = order[to] if action is Shift else ~numbers[to]
    begins = {start: order[state] for start, state in sorted(found.start_states.items())}
    ends = {start: order[state] for start, state in sorted(found.end_states.items())}
    return Table(_hash(text), [_kept(rule) for rule in rules], actions, gotos, begins, ends)


def _in_order(starts: dict[str, int], states: dict[int, dict[str, tuple[Any, Any]]], shift: Any) -> dict[int, int]:
    """New numbers of the states that do not depend on the order of a set: by the first way that leads to each."""
    order: dict[int, int] = {}
    waiting = [starts[name] for name in sorted(starts, reverse=True)]
    while waiting:
        state = waiting.pop()
        if state not in order:
            order[state] = len(order)
            waiting += [to for _, (action, to) in sorted(states[state].items(), reverse=True) if action is shift]
    return order


def _kept(rule: Any) -> tuple[str, int, str]:
    single = rule.options.expand1 and len(rule.expansion) == 1 and not rule.alias
    return str(rule.origin.name), len(rule.expansion), "" if single else str(rule.alias or rule.origin.name)


def load() -> Table:
    """The kept table if it was made from this grammar and these forms, else one built now."""
    text = source()
    try:
        table = msgspec.json.decode(KEPT.read_bytes(), type=Table)
    except (OSError, msgspec.DecodeError):
        return build(text)
    return table if table.hash == _hash(text) else build(text)


if __name__ == "__main__":
    KEPT.write_bytes(msgspec.json.encode(build(source())) + b"\n")
