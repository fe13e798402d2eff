"""All rules together: order, quiet, no follow-ups, odd input."""

from __future__ import annotations

from pathlib import Path

import pytest

from safar.dsl.read import read_file, read_text
from safar.engine.check import OFF, check, rules
from safar.engine.check.subject import Subject
from safar.engine.diagnostic import Diagnostic
from safar.engine.expression import EventForm
from safar.engine.model import Entry, Journey, Project, Stage, Touchpoint
from safar.engine.source import NOWHERE
from safar.engine.steps.go_to import GoTo
from safar.engine.steps.start import Start
from safar.engine.steps.touchpoint import Meet

HEAD = "event e\nevent f\nteam crm\n"


def found(text: str) -> list[tuple[str, int]]:
    """Rule and line of all findings, those of reading among them."""
    return [(finding.rule, line(finding)) for finding in findings(text)]


def findings(text: str) -> tuple[Diagnostic, ...]:
    reading = read_text(text)
    return (*reading.findings, *check(reading.project, reading.findings))


def line(finding: Diagnostic) -> int:
    return finding.span.source.position(finding.span.start)[0]


def journey(steps: str) -> str:
    return f"{HEAD}journey j {{\nenter on e\nstage s {{\n{steps}\n}}\n}}\n"


# --- the folder


def test_names_and_codes_are_told_apart() -> None:
    names, codes = zip(*((rule.name, rule.code) for rule in rules()), strict=True)
    assert len(set(names)) == len(names) >= 30
    assert len(set(codes)) == len(codes)
    assert all(code[:3] in ("SF1", "SF3", "SF4", "SF5", "SF6") for code in codes)


def test_each_rule_has_a_page_beside_it_with_its_name_code_and_severity() -> None:
    folder = Path(check.__code__.co_filename).parent
    for rule in rules():
        text = (folder / f"{rule.name}.md").read_text(encoding="utf-8")
        level = rule.severity.value + ("" if rule.default else " (off)")
        assert text.startswith(f"# {rule.name}\n\n{rule.code} · {level} · ")
        assert (folder / f"{rule.name.replace('-', '_')}.py").exists()
    assert len([page for page in folder.glob("*.md") if "." not in page.stem]) == len(rules())


def test_every_finding_says_what_to_do() -> None:
    text = journey("wait 0d\nexit a\nwait 1d\nif yes { }")
    for finding in findings(text):
        assert finding.help and finding.label
        assert finding.message[0].islower() or finding.message[0] == "`"
        assert not finding.message.endswith(".")


@pytest.mark.parametrize("file", sorted(Path("journeys").glob("*/*.journey*")), ids=str)
def test_the_example_journeys_are_clean(file: Path) -> None:
    reading = read_file(file)
    assert (*reading.findings, *check(reading.project, reading.findings)) == ()


# --- many mistakes, one finding each, in the order of the text


def test_planted_mistakes_are_found_once_each_and_in_order() -> None:
    steps = "wait 0d\nif f and not f { exit a }\nrepeat up to 1 times { wait 1d }\nif f { }\nexit b\nwait 2d\nwait 3d"
    assert found(journey(steps)) == [
        ("zero-wait", 7),
        ("constant-condition", 8),
        ("pointless-repeat", 9),
        ("empty-branch", 10),
        ("unreachable-step", 12),
    ]


def test_what_an_unreachable_stage_leads_to_is_not_reported_again() -> None:
    text = f"{HEAD}journey j {{\nenter on e\nstage a {{ exit x }}\nstage b {{ wait 1d }}\nstage c {{ wait 1d }}}}"
    assert found(text) == [("unreachable-stage", 7)]


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("go to nowhere", "unknown-name"),
        ("wiat 2d", None),
        ("touchpoint ghost", "unknown-name"),
        ("start ghost", "unknown-name"),
    ],
)
def test_a_lost_statement_has_no_follow_up(statement: str, rule: str | None) -> None:
    text = (
        f"{HEAD}journey j {{\nenter on e\nstage a {{\n{statement}\n}}\n"
        "stage b {\nwait 1d\nexit done\n}\nstage c {\nwait 1d\n}\n}"
    )
    (finding,) = [one for one in findings(text) if one.rule != "unreachable-stage"]
    assert line(finding) == 7
    if rule is not None:
        assert finding.rule == rule


def test_a_lost_entry_is_no_missing_entry() -> None:
    assert [rule for rule, _ in found(f"{HEAD}journey j {{\nenter on ghost\nstage a {{ wait 1d }}\n}}")] == [
        "unknown-name"
    ]


def test_a_wrong_name_in_a_condition_hides_no_finding_of_shape() -> None:
    assert found(journey("if ghost { exit a }\nexit b\nwait 1d")) == [("unknown-name", 7), ("unreachable-step", 9)]


# --- odd models


def test_nothing_is_found_in_nothing() -> None:
    assert check(Project()) == ()


def test_models_that_no_text_gives_do_not_break_a_rule() -> None:
    steps = (
        GoTo(span=NOWHERE, target="nowhere"),
        Start(span=NOWHERE, journey="nowhere"),
        Meet(span=NOWHERE, touchpoint=Touchpoint(span=NOWHERE, name="t")),
    )
    odd = Journey(
        span=NOWHERE,
        name="j",
        entries=(Entry(span=NOWHERE, kind="event", event="ghost"),),
        stages=(Stage(span=NOWHERE, name="a", steps=steps), Stage(span=NOWHERE, name="a")),
        horizon=0,
    )
    findings = check(Project(journeys={"j": odd}))
    assert {finding.rule for finding in findings} <= {rule.name for rule in rules()}


def test_a_deep_and_a_long_journey_are_checked() -> None:
    deep = "if f {\n" * 40 + "wait 1d\n" + "}\n" * 40
    assert {rule for rule, _ in found(journey(deep))} <= {"settled-condition"}
    long = "\n".join(f"wait 1d as w{n}" for n in range(300))
    assert found(journey(long)) == []


def test_a_subject_finds_each_node_once() -> None:
    reading = read_text(journey("wait for f up to 1d { wait for f up to 2d }"))
    nodes = Subject(reading.project).nodes
    assert len({id(node) for node in nodes}) == len(nodes)
    assert sum(isinstance(node, EventForm) for node in nodes) == 2


def test_the_rules_that_are_off_are_those_that_say_so() -> None:
    assert {rule.name for rule in rules() if not rule.default} == OFF
