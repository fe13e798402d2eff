"""The kept parse table is the one that the grammar and the forms give, and reads them without a conflict."""

from __future__ import annotations

import msgspec

from safar.dsl import grammar


def test_the_kept_table_is_up_to_date() -> None:
    kept = msgspec.json.decode(grammar.KEPT.read_bytes(), type=grammar.Table)
    assert kept == grammar.build(grammar.source()), "run: python -m safar.dsl.grammar"


def test_the_grammar_has_no_conflicts() -> None:
    grammar.build(grammar.source(), strict=True)


def test_the_kept_table_is_what_is_loaded() -> None:
    kept = msgspec.json.decode(grammar.KEPT.read_bytes(), type=grammar.Table)
    assert grammar.load() == kept


def test_a_table_made_from_other_forms_is_not_used() -> None:
    kept = msgspec.json.decode(grammar.KEPT.read_bytes(), type=grammar.Table)
    changed = grammar.source().replace('"fixed"', '"frozen"')
    assert grammar.build(changed).hash != kept.hash


def test_no_terminal_of_the_grammar_is_also_a_keyword() -> None:
    kept = msgspec.json.decode(grammar.KEPT.read_bytes(), type=grammar.Table)
    terminals = {terminal for row in kept.actions for terminal in row}
    declared = {"NAME", "COLONED", "STRING", "INTEGER", "DECIMAL", "PERCENT", "MONEY", "DURATION", "PERIOD"}
    assert {t for t in terminals if t.isupper()} == declared | {"DATE", "TIME", "END", "$END"}
