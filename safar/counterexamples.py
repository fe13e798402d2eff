"""A customer who breaks a rule, written as a scenario: a test that fails until the journey is mended."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from safar import output
from safar.creating import inside, laid_out, quoted, spelled
from safar.dsl.project import Home
from safar.dsl.read import read_file, read_text
from safar.engine import spelling
from safar.engine.claims.telling import Teller
from safar.engine.diagnostic import Severity
from safar.engine.expression import Expression, Literal
from safar.engine.program import lower
from safar.engine.promises import Given, Scenario, Scripted, Start
from safar.engine.prove.verdict import Verdict
from safar.engine.prove.wording import claim_text
from safar.engine.test.results import Verdict as Tested
from safar.engine.test.scenarios import run_scenario


class Saved(msgspec.Struct, frozen=True):
    """A scenario's file; `file` is None where it cannot be told as one, and `reason` says why."""

    file: Path | None
    reason: str = ""


def save(verdict: Verdict, home: Home, folder: Path) -> Saved:
    """Write the counterexample of a refuted rule into a folder of the project; an older one of that rule is replaced.

    It is read back and run before: it fails by this rule and by nothing else.  Raises `SelectionError` where the
    folder is outside of the project, `OSError` where the file cannot be written.
    """
    example = verdict.counterexample
    if example is None:
        return Saved(None, "there is no customer to tell of")
    if len({run.journey for run in example.story.runs}) > 1:
        return Saved(None, "a scenario is about one journey, and this customer is in several")
    file = folder / f"{verdict.journey or 'project'}_{verdict.rule.name}.journey"
    target = inside(home, file)
    journey = verdict.project.journeys[verdict.at]
    use = Path(os.path.relpath(home.root / journey.span.source.path, folder.absolute())).as_posix()
    text = laid_out("\n".join(_lines(verdict, example.scenario, use)) + "\n", file.name)
    if not text or not _fails(verdict, home, target, text):
        return Saved(None, "a scenario cannot say what happens to this customer")
    folder.mkdir(parents=True, exist_ok=True)
    output.write(file, text)
    return Saved(file)


def _fails(verdict: Verdict, home: Home, target: str, text: str) -> bool:
    """Whether the scenario, as it is read, breaks the rule's claim and nothing else."""
    path = verdict.project.journeys[verdict.at].span.source.path
    used = read_file(home.root / path, home)
    files = {source.path: source.text for source in (used.source, *(used.uses or ()))}
    reading = read_text(text, target, settings=home.settings, files=files)
    if any(one.severity is Severity.ERROR for one in reading.findings) or not reading.project.scenarios:
        return False
    project = msgspec.structs.replace(reading.project, journeys=used.project.journeys)
    scenario = reading.project.scenarios[0]
    tested = run_scenario(Teller(lower(project, project.journeys[verdict.at])), scenario)
    return tested.verdict is Tested.FAILED and [one.span for one in tested.failures] == [scenario.expects[0].span]


# --- the text


def _lines(verdict: Verdict, scenario: Scenario, use: str) -> Iterator[str]:
    rule = verdict.rule
    yield f"# A customer who breaks the rule `{rule.name}`; it fails until the journey is mended."
    yield f"use {quoted(use)}"
    yield ""
    yield f"scenario {quoted(f'{rule.label}: broken')} for {scenario.journey} {{"
    yield from _customer(scenario)
    assert scenario.start is not None
    yield _start(scenario.start)
    yield from (f"take {one.split}.{one.arm}" for one in scenario.takes)
    yield from map(_scripted, scenario.script)
    yield from (f"expect {claim_text(claim)}" for claim in scenario.expects)
    yield "}"


def _customer(scenario: Scenario) -> Iterator[str]:
    traits = [f"persona = {scenario.persona}"] if scenario.persona else []
    traits += [f"{one.attribute} = {_value(one.value)}" for one in scenario.traits]
    if traits:
        yield "customer {\n" + "\n".join(traits) + "\n}"


def _start(start: Start) -> str:
    text = f"start {start.date} at {spelling.time_of_day(start.at)}"
    return text + (f" on {start.event}{_with(start.payload)}" if start.event else "")


def _scripted(line: Scripted) -> str:
    at = f"at +{spelling.duration(line.after)}"
    if line.change is not None:
        return f"{at} set customer.{line.change.attribute} = {_value(line.change.value)}"
    answered = f"({line.answers})" if line.answers else ""
    return f"{at} {line.event}{answered}{_with(line.payload)}"


def _with(given: tuple[Given, ...]) -> str:
    fields = ", ".join(f"{one.field} = {_value(one.value)}" for one in given)
    return f" with ({fields})" if fields else ""


def _value(value: Expression) -> str:
    assert isinstance(value, Literal)
    return "unknown" if value.value is None else spelled(value.type, value.value)
