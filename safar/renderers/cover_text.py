"""Sample customers of a journey in words, and what nobody passes, with its place and the reason."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine import spelling
from safar.engine.cover.cover import Cover, Sample
from safar.engine.cover.missed import Missed
from safar.engine.expression import Literal
from safar.engine.promises import Given, Scripted
from safar.engine.simulate.words import value as in_words
from safar.renderers import terminal
from safar.renderers.findings import Where
from safar.renderers.table import shown, table
from safar.renderers.terminal import BOLD, Style


def cover_text(cover: Cover, where: Where, style: Style, width: int) -> Iterator[str]:
    """Who passes how much in all, each customer with what he passes first, and the parts that nobody passes."""
    passed = sum(part.covered for part in cover.parts)
    one = len(cover.samples) == 1
    said = f"{len(cover.samples)} {'customer passes' if one else 'customers pass'} {passed} of {len(cover.parts)} parts"
    yield style(f"{shown(cover.journey)}: {said}", BOLD)
    yield ""
    rows = [(str(number), *_sample(sample)) for number, sample in enumerate(cover.samples, 1)]
    yield from table(rows, right=frozenset({0}), width=width)
    for known, head in ((True, "nobody can pass:"), (False, "not passed:")):
        missed = [one for one in cover.missed if one.known == known]
        if missed:
            yield from ("", head, *table([_missed(one, where) for one in missed], width=width))


def _sample(sample: Sample) -> tuple[str, str, str]:
    ends = [run.outcome or "stays" for run in sample.story.runs]
    return shown(", ".join(ends)), f"{len(sample.parts)} parts", "; ".join(_told(sample))


def _told(sample: Sample) -> Iterator[str]:
    """What happens to the customer, as a script says it."""
    scenario = sample.scenario
    if scenario.persona:
        yield shown(scenario.persona)
    for one in scenario.traits:
        yield f"{shown(one.attribute)} = {_value(one.value)}"
    if scenario.start is not None and scenario.start.event:
        yield f"{shown(scenario.start.event)}{_given(scenario.start.payload)}"
    for arm in scenario.takes:
        if sample.story.runs and arm.split in sample.story.runs[0].arms:
            yield f"take {shown(arm.split)}.{shown(arm.arm)}"
    yield from map(_line, scenario.script)


def _line(line: Scripted) -> str:
    at = f"+{spelling.duration(line.after)}"
    if line.change is not None:
        return f"{at} {shown(line.change.attribute)} = {_value(line.change.value)}"
    answers = f"({shown(line.answers)})" if line.answers else ""
    return f"{at} {shown(line.event)}{answers}{_given(line.payload)}"


def _given(payload: tuple[Given, ...]) -> str:
    told = ", ".join(f"{shown(one.field)} = {_value(one.value)}" for one in payload)
    return f" ({told})" if told else ""


def _value(value: object) -> str:
    assert isinstance(value, Literal)
    return shown(in_words(value.value, value.type))


def _missed(one: Missed, where: Where) -> tuple[str, str, str]:
    part = one.part
    line = part.span.source.position(part.span.start)[0]
    said = f"{part.kind} {shown(part.name)}" + (f": {shown(part.way)}" if part.way else "")
    return f"{terminal.path(where(part.span.source.path))}:{line}", said, one.reason
