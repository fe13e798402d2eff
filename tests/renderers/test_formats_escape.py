"""Every payload of a hostile file through every output: what comes out is well-formed and gives no orders."""

from __future__ import annotations

import json
import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from safar import output
from safar.dsl import read
from safar.engine.diagnostic import Diagnostic, Edit, Fix, Related, Rule, Severity
from safar.engine.program import lower
from safar.engine.source import Source, Span
from safar.renderers import dot, escape, findings
from safar.renderers import map as maps
from safar.renderers.findings import Frame, Group
from safar.renderers.terminal import Style, path, prose, visible

PAYLOADS = {
    "dot_html_label": '<<TABLE HREF="javascript:alert(1)"><TR><TD>x</TD></TR></TABLE>>',
    "bold": "<b>hello</b>",
    "trailing_backslash": "x\\",
    "ports": "a:b:c",
    "comment_break_out": "x\n} digraph evil {",
    "javascript": "javascript:alert(1)",
    "attribute": '" onload="alert(1)',
    "single_quote": "' onload='alert(1)",
    "record": "{a|b|<f0>",
    "control": "a\x01b",
    "escape": "\x1b[2J\x1b]0;title\x07",
    "link_escape": "\x1b]8;;http://evil\x1b\\x\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;ZXZpbA==\x07",
    "c1": "\x9b2J\x85x",
    "carriage_return": "good\rbad",
    "crlf": "a\r\nb",
    "nul": "a\0b",
    "lone_surrogate": "a\ud800b\udfff",
    "noncharacter": "a\ufffeb\uffff",
    "script": "<script>alert(1)</script>",
    "foreign_object": "<foreignObject><iframe src='data:text/html,x'></foreignObject>",
    "cdata_end": "]]><script>",
    "cdata": "<![CDATA[x]]>",
    "entity": "&amp;&lt;&#x3c;",
    "fence": "x\n```\n# heading\n````",
    "mermaid": '"] %%{init}%% click a "javascript:x"',
    "mention": "@org/everyone fixes #1",
    "mention_in_backticks": "a` @org/team `b",
    "mention_two_backticks": "a`` @org/team ![](http://evil/p.png) ``b",
    "odd_backtick": "`` ` @org/team",
    "image": "![](http://evil/p.png)",
    "link": "[click](http://evil)",
    "bare_link": "see www.evil.com or https://evil.com/x or me@evil.com",
    "issue": "GH-12 org/repo#7 #9",
    "commit": "0123456789abcdef0123456789abcdef01234567",
    "reference": "[x]: http://evil",
    "rule": "---",
    "table": "a | b\n|---|---|\n| c | d |",
    "details": "<details><summary>x</summary>",
    "comment": "<!-- x --> <!--",
    "command": "::error::x",
    "command_in_line": "x\n::add-mask::secret",
    "command_with_file": "\n::error file=a,line=1::x",
    "command_indented": "  ::set-env name=PATH::/evil",
    "old_command": "##[error]x",
    "old_command_in_line": "see ##[add-mask]x and ##vso[task.setvariable variable=PATH]x ##teamcity[x]",
    "stop_commands": "::stop-commands::abc",
    "percent": "%0A::error::x%25",
    "properties": "a,line=9::b:c",
    "expression": 'a";curl evil;# ${{ secrets.TOKEN }}',
    "rich_markup": "[/x] [bold]",
    "bidi_override": "\u202eevil\u202c",
    "bidi_isolate": "\u2066a\u2067b",
    "line_separator": "a\u2028b\u2029c",
    "bom": "\ufeffa",
    "persian": "سبد\u200cخرید ۱۲ علي",
    "formula": "=cmd|' /C calc'!A0",
    "formula_wide": "＝1+1",
    "path": "../../.github/workflows/x",
    "option": "-oEVIL",
    "json_break_out": '"}],"x":[{"',
    "long": "x" * 5_000,
    "empty": "",
}
SCALE = float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))
FORMS = findings.forms()
RULE = Rule("unknown-name", "SF201")
RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def hostile(text: str) -> Diagnostic:
    """A finding with the payload in every part of it."""
    source = Source(f"{text}.journey", f'event a "{text}"\n')
    span = Span(source, 6, 7)
    return RULE.at(
        span,
        f"no event is called `{text}`",
        label=text,
        help=f"did you mean `{text}`?\n{text}",
        notes=(text,),
        related=(Related(text, Span(Source(text or "x", text), 0, 1)),),
        way=(Related(text, span),),
        fix=Fix((Edit(span, text),)),
    )


def shown(form: str, text: str) -> str:
    groups = [Group((hostile(text), hostile(text)), files=(f"{text}.journey",))]
    return findings.form(form).findings(groups, Frame(files=1, style=Style(), width=100))


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("form", FORMS)
def test_nothing_raw_comes_out_and_nothing_is_an_order(form: str, name: str) -> None:
    written = shown(form, PAYLOADS[name])
    assert not RAW.search(written), RAW.search(written)
    assert written.encode("utf-8")
    if form != "github":
        assert not any(line.lstrip().startswith("::") for line in written.split("\n"))
    if form in ("full", "concise", "github"):
        assert not re.search(r"##\w*\[", written)


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("form", ["json", "jsonl", "gitlab", "sarif"])
def test_json_reads_back(form: str, name: str) -> None:
    written = shown(form, PAYLOADS[name])
    for line in written.splitlines() if form == "jsonl" else [written]:
        json.loads(line)


@pytest.mark.parametrize("name", PAYLOADS)
def test_json_keeps_texts_as_they_are(name: str) -> None:
    text = PAYLOADS[name]
    assert json.loads(escape.json_text([text, {text: text}])) == [text, {text: text}]
    first = json.loads(shown("json", text))["findings"][0]
    assert (first["label"], first["notes"], first["path"]) == (text, [text], f"{text}.journey")


@pytest.mark.parametrize("name", PAYLOADS)
def test_junit_is_well_formed_and_holds_the_texts(name: str) -> None:
    root = ET.fromstring(shown("junit", PAYLOADS[name]))  # noqa: S314 - our own
    (suite,) = root
    assert suite.get("name") == visible(f"{PAYLOADS[name]}.journey")
    assert [case.tag for case in suite] == ["testcase", "testcase"]
    error = suite[0][0]
    assert error.get("message") == visible(f"no event is called `{PAYLOADS[name]}`")
    assert {part.tag for part in root.iter()} == {"testsuites", "testsuite", "testcase", "error"}


@pytest.mark.parametrize("name", PAYLOADS)
def test_github_gives_only_our_own_commands(name: str) -> None:
    lines = shown("github", PAYLOADS[name]).splitlines()
    stops = next(number for number, line in enumerate(lines) if line.startswith("::stop-commands::"))
    token = lines[stops].removeprefix("::stop-commands::")
    assert lines[-1] == f"::{token}::"
    assert lines.count(lines[-1]) == 1
    assert len(lines[:stops]) == 2
    for line in lines[:stops]:
        head, _, data = line.removeprefix("::").partition("::")
        kind, _, properties = head.partition(" ")
        assert kind == "error"
        assert [part.split("=")[0] for part in properties.split(",")] == [
            "file",
            "line",
            "endLine",
            "title",
            "col",
            "endColumn",
        ]
        assert data


@pytest.mark.parametrize("name", PAYLOADS)
def test_markdown_has_no_link_image_html_or_mention(name: str) -> None:
    """GitHub looks for mentions and issues in the text outside of code, so none of their signs may stand there."""
    inert(shown("markdown", PAYLOADS[name]))


def inert(markdown: str) -> None:
    written = markdown.removeprefix("<!-- safar check -->\n")
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    allowed = {"heading", "paragraph", "bullet_list", "list_item", "inline"}
    for block in reader.parse(written):
        assert block.type.removesuffix("_open").removesuffix("_close") in allowed, block
        for part in block.children or ():
            assert part.type in {"text", "code_inline", "softbreak", "hardbreak", "strong_open", "strong_close"}, part
            if part.type == "text":
                plain = part.content.removeprefix("Safar: ")
                assert not re.search(r"[@#<>!\[\]|*_~$\\/]|\bwww\.|\bGH-\d", plain), plain
                assert not re.search(r"\b[0-9a-f]{7,40}\b", plain)


SIGNS = st.sampled_from(sorted({*"`@#![]()<>|*_~\\-=+&;:/%$\"'{}", "::", "##[", "]]>", "www.", "GH-1", "<!--"}))
TEXTS = st.lists(st.one_of(SIGNS, st.text(st.characters(codec=None), max_size=3), st.just(" ")), max_size=12).map(
    "".join
)


@settings(max_examples=int(1_000 * SCALE), deadline=None)
@given(TEXTS)
def test_any_text_at_all(text: str) -> None:
    for form in FORMS:
        written = shown(form, text)
        assert not RAW.search(written)
        if form in ("json", "gitlab", "sarif"):
            json.loads(written)
        elif form == "junit":
            ET.fromstring(written)  # noqa: S314 - our own
        elif form == "markdown":
            inert(written)
        elif form != "github":
            assert not any(line.lstrip().startswith(("::", "##[")) for line in written.split("\n"))
    assert json.loads(escape.json_text(text)) == text


@pytest.mark.parametrize("name", PAYLOADS)
def test_the_functions_one_by_one(name: str) -> None:
    text = PAYLOADS[name]
    data, prop = escape.command_data(text), escape.command_property(text)
    assert not re.search(r"[\r\n]", data + prop)
    assert not re.search(r"[:,]", prop)
    assert "%" not in re.sub(r"%(25|0A)", "", data)
    assert ET.fromstring(f'<x y="{escape.xml(text)}">{escape.xml(text)}</x>').text == (visible(text) or None)  # noqa: S314
    assert re.fullmatch(r"[A-Za-z0-9._~/%-]*|file://[A-Za-z0-9._~/%-]*", escape.uri(text))
    for made in (visible(text), prose(f"`{text}`"), path(text)):
        assert not RAW.search(made)
    assert not path(text).lstrip().startswith(("::", "##["))
    slug = output.slug(text)
    assert not slug.startswith((".", "-"))
    assert Path(slug).name == slug


@pytest.mark.parametrize("name", PAYLOADS)
def test_pictures_hold_the_text_and_nothing_else(name: str) -> None:
    """DOT strings end where ours end; an SVG has the elements of an empty name and no more."""
    string = dot.quoted(PAYLOADS[name])
    assert re.fullmatch(r'"(?:[^"\\\n]|\\.)*"', string, re.DOTALL)
    assert not RAW.search(string.translate(dict.fromkeys((*range(0x202A, 0x202F), 0x2028, 0x2029, 0xFEFF))))

    tags = {part.tag for part in ET.fromstring(picture(PAYLOADS[name])).iter()}  # noqa: S314 - our own
    assert tags <= {part.tag for part in ET.fromstring(picture("سبد title")).iter()}  # noqa: S314 - our own


def picture(title: str) -> str:
    """A map on which the text is the title of the journey and of a stage."""
    project = read.read_text("journey cart { stage one { exit done } }").project
    cart = project.journeys["cart"]
    stage = msgspec.structs.replace(cart.stages[0], title=title)
    named = msgspec.structs.replace(cart, title=title, stages=(stage,))
    return str(maps.draw(lower(project, named), kind="svg"))


def test_annotations_beyond_ten_of_a_kind_are_counted_and_errors_come_first() -> None:
    source = Source("a.journey", "x\n" * 40)
    spans = [Span(source, 2 * number, 2 * number + 1) for number in range(40)]
    weaker = Rule("zero-wait", "SF108", Severity.WARNING)
    items = [(weaker if number % 2 else RULE).at(span, f"finding {number}") for number, span in enumerate(spans)]
    lines = findings.form("github").findings([Group(tuple(items))], Frame(files=1)).splitlines()
    assert [line.split(" ")[0] for line in lines[:21]] == ["::error"] * 10 + ["::warning"] * 10 + [lines[20]]
    assert lines[20].startswith("::stop-commands::")
    assert len([line for line in lines if line.startswith("a.journey:")]) == 40
    assert lines[-2] == "20 findings above without an annotation: GitHub shows 10 of each kind"


def test_a_comment_is_never_too_long() -> None:
    item = RULE.at(Span(Source("سفر.journey", "x"), 0, 1), "م" * 700)
    written = findings.form("markdown").findings([Group((item,) * 500)], Frame(files=1))
    assert 50_000 < len(written.encode()) <= 60_000
    left = re.search(r"(\d+) more findings left out: too long for a comment", written)
    assert left and int(left[1]) + written.count("- line 1") == 500
