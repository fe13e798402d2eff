"""Mistakes in `.journey` text: each is found once, at its place, and costs at most one statement."""

from __future__ import annotations

import pytest

from safar.dsl import tree
from safar.dsl.text import read_text
from safar.engine.diagnostic import Diagnostic
from safar.engine.source import Source

JOURNEY = "journey j {{\n  stage s {{\n{}\n  }}\n}}\n"


def findings(text: str) -> tuple[Diagnostic, ...]:
    return read_text(Source("a.journey", text))[1]


SLIPS = [
    # what is written (^ before the place of the finding), rule, a part of message or help
    ('    exit won ^"why', "unclosed-text", "never closed"),
    ("    exit won ^“why”", "foreign-spelling", 'write `"why"`'),
    ("    exit won ^«چرا»", "foreign-spelling", 'write `"چرا"`'),
    ('    touchpoint a { send b { subject "Hi ^{name" } }', "unclosed-text", "placeholder"),
    ("    touchpoint t ^Thank you { }", "missing-quotes", '"Thank you"'),
    ("    task crm ^call", "missing-quotes", '"call"'),
    ("    touchpoint ^thank you { }", "broken-name", "`thank_you`"),
    ("    touchpoint ^thank-you-all { }", "broken-name", "`thank_you_all`"),
    ("    go to ^next stop", "broken-name", "`next_stop`"),
    ("    wait ^3 days", "foreign-spelling", "`3d`"),
    ("    wait ^2 months", "foreign-spelling", "`60d`"),
    ("    wait ^3 h", "foreign-spelling", "`3h`"),
    ("    wait ^3", "foreign-spelling", "needs its unit"),
    ("    wait^: 2d", "foreign-spelling", "no `:`"),
    ("    wait until ^9:00 pm", "foreign-spelling", "`21:00`"),
    ("    wait until ^12:30 am", "foreign-spelling", "`00:30`"),
    ("    wait until monday at ^9pm", "foreign-spelling", "`21:00`"),
    ("    wait until ^25:00", "impossible-value", "25:00"),
    ("    ^goto s", "foreign-spelling", "`go to`"),
    ("    ^wiat 2d", "unknown-statement", "`wait`"),
    ("    ^subject 2d", "unknown-statement", "`send`"),
    ("    ^zzz 2d", "unknown-statement", "`zzz`"),
    ("    ^delay 2d", "foreign-spelling", "`wait`"),
    ("    ^stop won", "foreign-spelling", "`exit`"),
    ('    exit won ^because "why"', "foreign-spelling", "leave it out"),
    ('    exit ^"No answer"', "misplaced-word", "a name"),
    ("    wait for a ^for 3d", "foreign-spelling", "`up to`"),
    ("    wait ^until a up to 3d", "foreign-spelling", "`wait for`"),
    ('    touchpoint a { send b ^"Hi" }', "foreign-spelling", '`{ text "Hi" }`'),
    ('    touchpoint a { send b { ^message "Hi" } }', "foreign-spelling", "`text`"),
    ("    if customer.tier ^= gold { exit won }", "foreign-spelling", "`==`"),
    ("    if a ^&& b { exit won }", "foreign-spelling", "`and`"),
    ("    if a ^|| b { exit won }", "foreign-spelling", "`or`"),
    ("    if ^!a { exit won }", "foreign-spelling", "`not`"),
    ("    if a { exit won } ^else { exit lost }", "foreign-spelling", "`otherwise`"),
    ("    if a { exit won }\n    ^else if b { exit lost }", "foreign-spelling", "`otherwise`"),
    ("    ^otherwise { exit lost }", "misplaced-word", "nothing before it"),
    ("    wait 1d ^wait 2d", "missing-separator", "one line"),
    ("    wait for ^(a or b up to 3d", "unmatched-bracket", "`(` is never closed"),
    ("    wait for ^(a or b\n    wait 2d", "unmatched-bracket", "`(` is never closed"),
    ("    if ^(a or b {\n      wait 2d\n    }", "unmatched-bracket", "`(` is never closed"),
    ("    if a in ^[b, c { exit won }", "unmatched-bracket", "`[` is never closed"),
    ("    wait for a^) up to 3d", "unmatched-bracket", "closes nothing"),
    ("    ^wait for a", "missing-clause", "`up to`"),
    ("    ^set customer.x", "missing-clause", "`=`"),
    ("    ^if a", "missing-clause", "block"),
    ("    set customer.x ^=", "misplaced-word", "missing"),
    ("    if a ^== { exit won }", "misplaced-word", "missing"),
    ("    if a < b ^< c { exit won }", "misplaced-word", "`<`"),
    ("    touchpoint ^persona { }", "reserved-name", "`persona`"),
    ("    ^% 5", "misplaced-word", "`%`"),
    ("    touchpoint t { cost ^€20 }", "foreign-spelling", "`20 EUR`"),
    ("    touchpoint t { cost ^20 }", "foreign-spelling", "currency"),
    ("    touchpoint t { cost 20 ^XYZ }", "impossible-value", "`XYZ`"),
    ("    touchpoint t { responds { a ^33,3% } }", "foreign-spelling", "`33.3%`"),
    ("    touchpoint t { responds { a ^33 } }", "foreign-spelling", "`33%`"),
    ("    touchpoint t { responds { a 30% if b ^20% otherwise } }", "missing-separator", "comma"),
    ("    touchpoint t { responds { a 3% after about 1h, ^80% within 2h } }", "impossible-value", "90% within"),
    ("    touchpoint t { priority high; ^priority low }", "repeated-line", "twice"),
    ("    behaves { a 2% per ^fortnight }", "impossible-value", "`fortnight`"),
    ("    behaves { a 2% per day with (^5) }", "misplaced-word", "without its field"),
    ("    if ^sum(a + b) > 2 { exit won }", "misplaced-word", "something else"),
    (r'    exit won "a^\q"', "impossible-value", r"`\q`"),
    ("    wait 1d ^\u202e", "direction-control", "U+202E"),
]


@pytest.mark.parametrize(("text", "rule", "said"), SLIPS)
def test_a_slip_is_named_at_its_place_and_is_the_only_finding(text: str, rule: str, said: str) -> None:
    whole = JOURNEY.format(text.replace("{", "{").replace("^", ""))
    found = findings(whole)
    assert [finding.rule for finding in found] == [rule]
    spoken = f"{found[0].message} / {found[0].help}"
    assert said in spoken
    if "sum(" not in text:
        assert found[0].span.start <= JOURNEY.index("{}") - 2 + text.index("^") < max(found[0].span.end, 1)
    assert not any(word in spoken for word in ("COLONED", "NAME", "STRING", "$END", "Token"))


TOP = [
    ("^}", "unmatched-bracket"),
    ("event ^order placed { }", "broken-name"),
    ("customer { ^orders integer = 0 }", "missing-separator"),
    ("occasion o { ^2027-02-30 }", "impossible-value"),
    ("team ^stage", "reserved-name"),
    ("limit l { channels a ^b; at most 1 per 7d then skip }", "missing-separator"),
    ("limit l { ^at most 1 per 7d }", "missing-clause"),
    ("^limit l", "missing-clause"),
    ("^journey j {", "unmatched-bracket"),
    ("persona p { share ^40 }", "foreign-spelling"),
    ("^stage s { }", "unknown-statement"),
    ("channel e { quiet ^22:00-08:00 then skip }", "foreign-spelling"),
    ("channel e { quiet from ^22:00 - 08:00 then skip }", "foreign-spelling"),
    ("channel e { ^requires customer.ok }", "foreign-spelling"),
    ("journey j { arrive 40 ^people per day }", "foreign-spelling"),
    ("rule r { ^never more than 3 messages per 7d }", "foreign-spelling"),
]


@pytest.mark.parametrize(("text", "rule"), TOP)
def test_a_slip_outside_of_journeys(text: str, rule: str) -> None:
    assert [finding.rule for finding in findings(text.replace("^", ""))] == [rule]


def test_many_mistakes_in_one_file_give_one_finding_each_and_keep_the_rest() -> None:
    lines = [text for text, _, _ in SLIPS if "\n" not in text and "per day" not in text]
    steps = "\n    wait 7d\n".join(line.replace("^", "") for line in lines)
    file, found = read_text(Source("a.journey", JOURNEY.format(steps) + "team crm\n"))
    at = [Source("a.journey", JOURNEY.format(steps)).position(finding.span.start)[0] for finding in found]
    assert len(lines) >= 20
    assert at == [3 + 2 * number for number in range(len(lines))]
    assert [statement.form for statement in file.statements] == ["journey", "team"]
    journey = file.statements[0].values["then"]
    assert isinstance(journey, tree.Block)
    stage = journey.statements[0].values["then"]
    assert isinstance(stage, tree.Block)
    waits = [one for one in stage.statements if one.form == "wait" and one.span.text == "wait 7d"]
    assert len(waits) == len(lines) - 1


def test_a_fix_makes_the_text_right() -> None:
    mended = 0
    for text, _, _ in SLIPS:
        whole = JOURNEY.format(text.replace("^", ""))
        for finding in findings(whole):
            if finding.fix is not None:
                for edit in finding.fix.edits:
                    right = whole[: edit.span.start] + edit.text + whole[edit.span.end :]
                    assert findings(right) == (), right
                    mended += 1
    assert mended >= 20


UNCLOSED = """journey j {
  stage first {
    if a {
      wait 1d
    wait 2d
  }
  stage second {
    exit won
  }
}
team crm
"""


def test_an_unclosed_block_is_told_at_its_opener_with_the_place_that_shows_it() -> None:
    file, found = read_text(Source("a.journey", UNCLOSED))
    assert [finding.rule for finding in found] == ["unmatched-bracket"]
    source = found[0].span.source
    assert source.position(found[0].span.start) == (3, 10)
    assert source.position(found[0].related[0].span.start) == (7, 3)
    assert [statement.form for statement in file.statements] == ["journey", "team"]


def test_an_unclosed_block_at_the_end_of_the_file() -> None:
    file, found = read_text(Source("a.journey", "team crm\nevent bought {\n  total: money\n"))
    assert [(finding.rule, finding.span.start) for finding in found] == [("unmatched-bracket", 22)]
    assert [statement.form for statement in file.statements] == ["team", "event"]


def test_a_header_that_cannot_be_mended_keeps_what_is_in_its_block() -> None:
    file, found = read_text(Source("a.journey", 'journey j {\n  stage "S" {\n    wiat 2d\n    wait 1d\n  }\n}'))
    assert [finding.rule for finding in found] == ["misplaced-word", "unknown-statement"]
    journey = file.statements[0].values["then"]
    assert isinstance(journey, tree.Block)
    stage = journey.statements[0].values["then"]
    assert isinstance(stage, tree.Block)
    assert [one.form for one in stage.statements] == ["wait", "wait"]


def test_a_forgotten_opening_brace_is_one_mistake() -> None:
    file, found = read_text(Source("a.journey", "journey j\n  stage s {\n    wait 1d\n  }\n}\nteam crm"))
    assert [(finding.rule, finding.span.text) for finding in found] == [("unmatched-bracket", "j")]
    journey = file.statements[0].values["then"]
    assert isinstance(journey, tree.Block)
    assert [one.form for one in journey.statements] == ["stage"]


def test_a_statement_in_the_wrong_block_is_no_missing_brace() -> None:
    found = findings("journey j {\n  stage s {\n    horizon 60d\n    wait 1d\n  }\n}\n")
    assert [(finding.rule, finding.span.text) for finding in found] == [("unknown-statement", "horizon")]


def test_marks_of_direction_are_fine_in_texts() -> None:
    assert findings('team crm "\u2067تیم\u2069"') == ()
    assert [finding.span.text for finding in findings("team crm # \u202e\u202e")] == ["\u202e\u202e"]
