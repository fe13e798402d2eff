"""The layout itself, case by case, in both spellings."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from safar.dsl import fmt
from safar.dsl.fmt import LayoutError, comments, format_text, path_of

NUMBERS = count(1)
LAID_OUT = [
    ("", ""),
    ("\n\n  \n", ""),
    ("#\twhy  \r\n\r\n\r\n\r\nteam   crm\r\n", "#\twhy\n\nteam crm\n"),
    ("event a;event b ; ;\n; event c# z", "event a\nevent b\nevent c  # z\n"),
    ("\u200bteam crm\u00a0\"x\"\t", 'team crm "x"\n'),
    ("event e{a:text;b:money?}", "event e { a: text; b: money? }\n"),
    ("event e{a:text؛ b:text}", "event e { a: text؛ b: text }\n"),
    ("event e { a: text;\n b: text }", "event e {\n  a: text\n  b: text\n}\n"),
    ("event e {\n\n\n  a: text\n\n\n\n  b: text\n\n}", "event e {\n  a: text\n\n  b: text\n}\n"),
    ("event e { # why\n}", "event e {  # why\n}\n"),
    ("event e { a: text # one\n# two\n }# three", "event e {\n  a: text  # one\n  # two\n}  # three\n"),
    ("condition a=not(b)and( -1-  -2<c . d )", "condition a = not (b) and (-1 - -2 < c.d)\n"),
    ("condition a = count ( e )>=20EUR or  b in[1,2 ,]", "condition a = count(e) >= 20 EUR or b in [1, 2,]\n"),
    ("condition a = b or   else 3 == 3   months", "condition a = b or else 3 == 3 months\n"),
    ("condition a = b\n  and c # why\n and d", "condition a = b\n    and c  # why\n    and d\n"),
    ("condition a = b in [\n1, # one\n2\n]", "condition a = b in [\n    1,  # one\n    2\n]\n"),
    ("condition a = b > ۲۰ ٪", "condition a = b > ۲۰٪\n"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), LAID_OUT)
def test_text(text: str, wanted: str) -> None:
    made = format_text(text)
    assert made.findings == ()
    assert made.after == wanted


STEPS = [
    ("if a { wait 1d }\n\n\notherwise { wait 2d }", "if a { wait 1d } otherwise { wait 2d }"),
    ("if a { }\n# why\notherwise { }", "if a { }\n# why\notherwise { }"),
    ("if a { } # one\notherwise if b {wait 1d}", "if a { }  # one\notherwise if b { wait 1d }"),
    (
        "wait up to 3d { for a { exit x }; for b { };\n otherwise { exit y } }",
        "wait up to 3d {\n  for a { exit x }\n  for b { };\n  otherwise { exit y }\n}",
    ),
    (
        "wait up to 3d { for a { exit x }\n for b { } otherwise { exit y } }",
        "wait up to 3d {\n  for a { exit x }\n  for b { }\n  otherwise { exit y }\n}",
    ),
    ("touchpoint t{feeling   +3;feeling -1 \"x\"}".replace("feeling   +3;", ""), 'touchpoint t { feeling -1 "x" }'),
    ("do give ( a = 1, # one\n\n b=2)", "do give(a = 1,  # one\n    b = 2)"),
    ("wait 1d;; # why\n; exit x", "wait 1d  # why\nexit x"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), STEPS)
def test_steps(text: str, wanted: str) -> None:
    inner = "\n".join(f"    {line}" for line in wanted.split("\n"))
    assert (
        format_text(f"journey j {{ stage s {{\n{text}\n}} }}").after
        == f"journey j {{\n  stage s {{\n{inner}\n  }}\n}}\n"
    )


def test_a_block_that_does_not_fit_is_opened() -> None:
    fields = [f"a_rather_long_name_of_a_field_{number}: text" for number in range(3)]
    made = format_text(f"event ordered {{ {'; '.join(fields)} }}").after
    assert made == "event ordered {\n" + "".join(f"  {field}\n" for field in fields) + "}\n"


def test_a_line_with_an_ignore_is_not_opened() -> None:
    fields = "; ".join(f"a_rather_long_name_of_a_field_{number}: text" for number in range(3))
    text = f"event ordered {{ {fields} }}  # safar: ignore[unused-declaration] needed soon\n"
    assert format_text(text).after == text


YAML = [
    ("", ""),
    ("# why\n\n\n", "# why\n"),
    ("teams:\r\n    crm:   Care# no\t# yes\r\n", "teams:\n  crm: Care# no  # yes\n"),
    ("teams:\n   crm: \"Care\"\n   web: 'no'\n   ops: \"a: b\"", "teams:\n  crm: Care\n  web: 'no'\n  ops: \"a: b\"\n"),
    ("teams: {crm: 'a, b' ,web:   \"c\"  }", "teams: {crm: 'a, b', web: c}\n"),
    ("tags: {a:   , b: }", "tags: {a: , b: }\n"),
    ("use:\n- a.journey\n# why\n-   b.journey\n", "use:\n  - a.journey\n  # why\n  - b.journey\n"),
    (
        "teams: {\n crm: Care, # one\n    # two\n  web: Web\n  }\n",
        "teams: {\n  crm: Care,  # one\n  # two\n  web: Web\n}\n",
    ),
    (
        "teams:\n    crm: |   # why\n           a\n\n             b\n          \n    web: x\n",
        "teams:\n  crm: |  # why\n    a\n\n      b\n\n  web: x\n",
    ),
    ("teams:\n    crm: >+\n      a\n\n\n    web: x\n", "teams:\n  crm: >+\n    a\n\n\n  web: x\n"),
    ("teams:\n    crm: |2\n        a\n       b\n", "teams:\n  crm: |2\n      a\n     b\n"),
    (
        "teams:\n    crm: a\n       b\n    web: \"c \\\n       d\"\n",
        "teams:\n  crm: a\n    b\n  web: \"c \\\n    d\"\n",
    ),
    ("teams:\n    crm: a\n    # in\n  # out\n# end\n", "teams:\n  crm: a\n  # in\n# out\n# end\n"),
    ("teams:\n# why\n    crm: a\n", "teams:\n  # why\n  crm: a\n"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), YAML)
def test_yaml(text: str, wanted: str) -> None:
    made = format_text(text, "a.journey.yaml")
    assert made.findings == ()
    assert made.after == wanted
    assert format_text(wanted, "a.journey.yaml").after == wanted


@pytest.mark.parametrize(("path", "text"), [("a.journey", "team crm {"), ("a.journey.yaml", "teams: [\n")])
def test_a_broken_text_stays(path: str, text: str) -> None:
    made = format_text(text, path)
    assert made.findings
    assert made.after == text


@pytest.mark.parametrize("path", ["a.journey", "a.journey.yaml"])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda text: text.replace("Care", "Core"), "mean the same"),
        (lambda text: text.replace("# why", "# wh"), "lose a comment"),
        (lambda text: text.replace("team", "# more\nteam", 1), "lose a comment"),
        (lambda text: text + "\n" * next(NUMBERS), "change again"),
        (lambda text: text + "{", "mean the same"),
    ],
)
def test_a_wrong_layout_is_refused(
    path: str, wrong: Callable[[str], str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "# why\nteams:\n  crm: Care\n" if path.endswith("yaml") else '# why\nteam crm "Care"\n'
    right = fmt._layout
    monkeypatch.setattr(fmt, "_layout", lambda text, *, is_yaml: wrong(right(text, is_yaml=is_yaml)))
    with pytest.raises(LayoutError, match=said):
        format_text(text, path)


def test_comments_are_those_outside_of_texts() -> None:
    assert comments('team crm "# no" # yes', "a.journey") == ["# yes"]
    assert comments("teams:\n  crm: '# no' # yes\n  web: | # also\n    # no\n", "a.yaml") == ["# yes", "# also"]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", "text.journey"),
        ("# a: b\ncustomer {\n a: text }", "text.journey"),
        ('use "a: b"', "text.journey"),
        ("journey j { }", "text.journey"),
        ("customer:\n  a: text", "text.journey.yaml"),
        ("'teams': {a: b}", "text.journey.yaml"),
        ("---\nuse: a", "text.journey.yaml"),
    ],
)
def test_the_spelling_is_told_from_the_text(text: str, path: str) -> None:
    assert path_of(text) == path
