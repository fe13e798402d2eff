"""Hostile files that are too large to keep: each is made when the tests run.  By name; the ending says the reader."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

MEBIBYTE = 1 << 20
_STEPS = "event e\njourney j {{ enter on e; stage s {{ {} }} }}\n"
_YAML_STEPS = "events: {{e: }}\njourneys: {{j: {{enter: [{{event: e}}], stages: [{{stage: s, steps: {}}}]}}}}\n"


def _full(part: str, around: int = 32) -> str:
    """A part over and over, up to a mebibyte."""
    return part * ((MEBIBYTE - around) // len(part.encode()))


def texts() -> dict[str, str]:
    """Files of one text each."""
    numbers = range(60_000)
    dsl = {
        "not": "condition c = " + _full("not "),
        "parentheses": "condition c = " + _full("("),
        "minus": "condition c = " + _full("-"),
        "sum": "condition c = 1" + _full(" + 1"),
        "or": "condition c = a" + _full(" or a"),
        "backslashes": 'team a "' + "\\" * 64_000,
        "name": "team " + _full("a"),
        "name_persian": "team " + _full("س"),
        "name_joiners": "team a" + _full("\u200ca"),
        "opening_braces": _full("{"),
        "closing_braces": _full("}"),
        "quotes": _full('"'),
        "bad_marks": _full("@"),
        "bad_marks_apart": _full("@ "),
        "dots": _full("."),
        "commas": _full(","),
        "equals": _full("= "),
        "words": _full("a "),
        "words_on_lines": _full("a\n"),
        "ifs": _full("if "),
        "touchpoints": _full("touchpoint\n"),
        "open_texts": _full('team a "x\n'),
        "open_stages": _full("stage a {\n"),
        "open_journeys": _full("journey a {\n"),
        "open_events": _full("event e {"),
        "declarations": "\n".join(f"team t{n}" for n in numbers),
        "declared_again": _full("team a\n"),
        "attributes": "customer {\n" + "\n".join(f"a{n}: text" for n in numbers) + "\n}",
        "uses": "\n".join(f'use "f{n}.journey"' for n in numbers),
        "names": "limit l { channels " + ", ".join(f"c{n}" for n in numbers) + "; at most 3 per 7d then skip }",
        "ignores": "team a\n" + _full("# safar: ignore[nothing] reason\n"),
        "direction": _full("\u202e"),
        "digits": "event e\njourney j { enter on e; horizon " + _full("9", 60) + "d }",
        "fraction": "condition c = 0." + _full("1"),
        "text": 'team a "' + _full("x") + '"',
        "placeholders": 'channel c { outbound }\ntouchpoint t { send c { text "' + _full("{a}", 80) + '" } }',
        "placeholders_open": 'channel c { outbound }\ntouchpoint t { send c { text "' + _full("{", 80) + '" } }',
        "blocks": _STEPS.format(_full("if today is known { ", 200)),
        "wrong_blocks": _STEPS.format(_full("if known(customer.a) { ", 200)),
        "steps": _STEPS.format("wait 1d\n" * 100_000),
        "branches": _STEPS.format("if customer.nothing { exit x }\n" * 9_990),
        "branches_many": _STEPS.format("if customer.nothing { exit x }\n" * 20_000),
        "else_ifs": _STEPS.format(
            "if customer.nothing { exit x }" + " otherwise if customer.nothing { exit x }" * 9_000
        ),
        "cases": "persona p { share " + ", ".join(f"{n % 9}% if a == {n}" for n in range(9_000)),
        "branching_100": "".join(_branching(100)),
        "combining": "team a" + _full("\u0301"),
        "over": _full("x", 0) + "more",
    }
    yaml = {
        "brackets": _full("["),
        "brackets_under_key": "teams: " + _full("["),
        "braces": _full("{a: "),
        "dashes": _full("- "),
        "indents": "".join(f"{' ' * n}a:\n" for n in range(1_400)),
        "text": "teams: {crm: " + _full("x") + "}",
        "keys": "teams:\n" + "".join(f"  t{n}: x\n" for n in range(90_000)),
        "unknown_keys": "".join(f"k{n}: x\n" for n in range(80_000)),
        "same_key": "teams:\n" + "  crm: x\n" * 90_000,
        "list": "use: [" + _full("a,") + "]",
        "line_list": "use:\n" + _full("- a\n"),
        "colons": _full(": "),
        "question_marks": _full("? "),
        "anchors": "teams:\n" + "".join(f"  t{n}: &a{n} x\n" for n in range(60_000)),
        "aliases": "teams:\n  a: &a x\n" + "".join(f"  t{n}: *a\n" for n in range(60_000)),
        "tags": "teams:\n" + "".join(f"  t{n}: !t x\n" for n in range(60_000)),
        "documents": _full("---\n"),
        "comments": "teams: {crm: x, }}\n" + _full("# x\n"),
        "tabs": _full("\t"),
        "line_ends": "teams: [" + _full("\n"),
        "folded": "teams:\n  crm: >\n" + _full("   x\n"),
        "quoted": 'teams: {crm: "' + _full("\\n") + '"}',
        "escapes": 'teams: {crm: "' + _full("\\U0001F600") + '"}',
        "open_quote": "teams: {crm: '" + _full("x"),
        "steps": _YAML_STEPS.format("[" + "{wait: 1d}, " * 80_000 + "]"),
        "wrong_steps": _YAML_STEPS.format("[" + "{waite: 1d}, " * 40_000 + "]"),
        "expression": "conditions: {c: '" + "(" * 60_000 + "'}",
        "expressions": "conditions:\n" + "".join(f"  c{n}: a and\n" for n in range(40_000)),
        "merge_keys": "teams:\n" + "  <<: {a: b}\n" * 60_000,
    }
    found = {f"{name}.journey": text for name, text in dsl.items()}
    return found | {f"{name}.journey.yaml": text for name, text in yaml.items()}


def folders() -> dict[str, dict[str, str]]:
    """Projects of several files; the first file is the one to check."""
    diamond = {"main.journey": 'use "a0.journey"\nuse "b0.journey"\nteem x\n'}
    for n in range(20):
        both = f'use "a{n + 1}.journey"\nuse "b{n + 1}.journey"\n' if n < 19 else ""
        diamond |= {f"{side}{n}.journey": f"{both}team {side}{n}\n" for side in "ab"}
    chain = {"main.journey": 'use "f0.journey"\n'}
    chain |= {f"f{n}.journey": f'use "f{n + 1}.journey"\n' for n in range(1_200)}
    wide = {"main.journey": "".join(f'use "f{n}.journey"\n' for n in range(1_500))}
    wide |= {f"f{n}.journey": f"team t{n}\n" for n in range(1_500)}
    return {"diamond": diamond, "chain": chain, "wide": wide}


def graphs() -> dict[str, str]:
    """Files that are right to read and have one mistake: large to reason about, or saying nothing at all at length."""
    return {
        **{f"nothing_{n}.journey": _full(mark) for n, mark in enumerate(("\n", "\r", "\r\n", "\t", ";"))},
        "branching.journey": "".join(_branching(70)),
        "satisfiability.journey": "".join(_satisfiability(300, random.Random(1))),  # noqa: S311 - a repeatable text
        "arms.journey": _STEPS.format(
            "split p { " + " ".join(f"0.05% a{n} {{ exit x }};" for n in range(1_999)) + " 0.05% z { exit y } }"
        ),
    }


_NOWHERE = " stage nowhere { wait 1d; exit z }\n}\n"
"""The mistake: no way leads there."""


def _branching(size: int) -> Iterator[str]:
    """Each of so many stages leads to each of as many others, and none to the last."""
    yield "event e\ncustomer { n: integer = 0 }\njourney j {\n enter on e\n stage beginning {\n  wait 1d\n"
    yield from (f"  if customer.n == {here} {{ go to a{here} }}\n" for here in range(size))
    yield "  exit x\n }\n"
    for here in range(size):
        yield f" stage a{here} {{\n  wait 1d\n"
        for there in range(size):
            yield f"  if customer.n == {there} {{ go to b{there} }}\n"
        yield "  exit x\n }\n"
    for there in range(size):
        yield f" stage b{there} {{ wait 1d; exit y }}\n"
    yield _NOWHERE


def _satisfiability(clauses: int, chance: random.Random) -> Iterator[str]:
    """A hard formula: three flags or their contraries in each of many conditions one behind the other."""
    flags = [f"f{n}" for n in range(clauses * 10 // 43)]
    yield "event e\ncustomer {\n" + "".join(f"  {flag}: yes_no = no\n" for flag in flags) + "}\n"
    yield "journey j {\n enter on e\n stage s {\n"
    for _ in itertools.repeat(None, clauses):
        said = (("not " if chance.random() < 0.5 else "") + f"customer.{flag}" for flag in chance.sample(flags, 3))
        yield f"  if not ({' or '.join(said)}) {{ exit failed }}\n"
    yield "  wait 1d\n  exit done\n }\n" + _NOWHERE


def rows() -> dict[str, str]:
    """Files of customers."""
    return {
        "line.csv": "customer,orders\na," + "9" * (2 * MEBIBYTE),
        "quote.csv": 'customer,orders\na,"' + "x\n" * (MEBIBYTE // 4),
        "columns.csv": ",".join(f"c{n}" for n in range(20_000)) + "\n",
        "bad_rows.csv": "customer,orders\n" + "a,b,c\n" * 20_000,
        "bad_cells.csv": "customer,orders\n" + "".join(f"c{n},x\n" for n in range(10_000)),
        "brackets.jsonl": "[" * MEBIBYTE,
        "objects.jsonl": '{"a":' * 200_000,
        "line.jsonl": '{"customer": "' + "x" * (2 * MEBIBYTE),
        "bad_rows.jsonl": "x\n" * 20_000,
        "brackets.yaml": "[" * MEBIBYTE,
        "anchors.yaml": "- &a {customer: a}\n" * 20_000,
        "list.yaml": "- a\n" * 150_000,
    }
