"""A scenario made from a customer's simulated life: written as the language spells it, and only if it passes."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import msgspec

from safar import output
from safar.choosing import Chosen
from safar.dsl.convert import ConversionError, convert_text
from safar.dsl.files import ENDINGS, is_yaml_path
from safar.dsl.fmt import format_text
from safar.dsl.project import Home
from safar.dsl.read import read_file, read_text
from safar.engine import spelling
from safar.engine.claims.telling import Teller
from safar.engine.diagnostic import Severity
from safar.engine.expression import Base, Type, Value
from safar.engine.model import Attribute, Field, Project
from safar.engine.program import lower
from safar.engine.simulate.clock import Zone
from safar.engine.simulate.draw import customer_zone, project_zone, zone_attribute
from safar.engine.simulate.happening import Story, What
from safar.engine.simulate.literals import write as literal
from safar.engine.simulate.world import Occurrence
from safar.engine.source import Source
from safar.engine.test.recording import Recorded
from safar.engine.test.results import Verdict
from safar.engine.test.scenarios import run_scenario
from safar.errors import SelectionError

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def create(chosen: Chosen, recorded: Recorded, file: Path) -> str:
    """Write the scenario of a life into a new file, in the spelling of its ending; its text.

    Times are told in whole hours where nothing else comes of it, else in minutes or to the second.  Of several entries
    the first alone is told, where a scenario would not come to the others.

    Raises `SelectionError` where there is such a file already, or the life cannot be told; `OSError` where the file
    cannot be written.
    """
    target = _target(chosen, file)
    _enters(recorded)
    text = _told(chosen, recorded, file, target)
    if text:
        laid = laid_out(text, file.name)
        output.write(file, laid)
        return laid
    hidden = _hidden(chosen.project, recorded)
    because = (
        f": it depends on private values ({', '.join(hidden)}), which are not written into files" if hidden else ""
    )
    raise SelectionError(f"the life of customer `{recorded.customer.key}` cannot be told as a scenario{because}")


def create_all(chosen: Chosen, lives: Sequence[Recorded], file: Path) -> tuple[str, int]:
    """Write the scenarios of several lives into one new file; its text, and how many of them could be told.

    Raises as `create` does, but leaves out a life that cannot be told while there is another.
    """
    target = _target(chosen, file)
    texts = [text for life in lives if (text := _told(chosen, life, file, target))]
    if not texts:
        raise SelectionError(f"no life of a customer in `{chosen.name}` can be told as a scenario")
    scenarios = (text.partition("\n")[2] for text in texts)
    laid = laid_out("\n".join([texts[0].partition("\n")[0], *scenarios]), file.name)
    output.write(file, laid)
    return laid, len(texts)


def _told(chosen: Chosen, recorded: Recorded, file: Path, target: str) -> str:
    """The scenario of a life as a file of its own in the DSL; empty where none passes."""
    inside = target if not is_yaml_path(target) else f"{target}.journey"
    for life, unit in itertools.product((recorded, _first_entry(recorded)), (_HOUR, _MINUTE, 1)):
        text = laid_out(_Writer(chosen.project, life, unit).text(chosen.name, _use(chosen, file)), inside)
        if text and _comes_true(chosen, inside, text, life.story):
            return text
    return ""


def _target(chosen: Chosen, file: Path) -> str:
    """The path of the new file in the project."""
    if not file.name.endswith(ENDINGS):
        raise SelectionError(f"{file} does not end as a journey file does: {', '.join(ENDINGS)}")
    if os.path.lexists(file):
        raise SelectionError(f"{file} is there already, and is not overwritten")
    if not file.parent.is_dir():
        raise SelectionError(f"there is no folder {file.parent}")
    return inside(chosen.home, file)


def inside(home: Home, file: Path) -> str:
    """A new file's path in the project; raises `SelectionError` where no journey of it could be used from there."""
    relative = home.relative(Path(os.path.abspath(file)))  # noqa: PTH100 - resolve() would follow links
    if relative.startswith("/") or ":" in relative[:3]:
        raise SelectionError(f"{file} is outside of the project {home.root}")
    if home.file is None and "/" in relative:
        raise SelectionError(
            f"without a `safar.toml` in {home.root} no scenario in a folder of its own can use the journey; "
            "write one (a single line `[project]` will do), or put the scenario beside the journey"
        )
    return relative


def _use(chosen: Chosen, file: Path) -> str:
    """What the new file calls the journey's file."""
    path = chosen.project.journeys[chosen.name].span.source.path
    return Path(os.path.relpath(chosen.home.root / path, file.parent.absolute())).as_posix()


def _enters(recorded: Recorded) -> None:
    """Raises where there is nothing to tell."""
    key, story = recorded.customer.key, recorded.story
    if any(not run.held_out for run in story.runs):
        return
    if story.runs:
        raise SelectionError(f"customer `{key}` is held out, and a scenario's customer never is; choose another one")
    why = next((one.why for one in story.happenings if one.what is What.NOT_ELIGIBLE), "")
    raise SelectionError(f"customer `{key}` never enters" + (f": {why}" if why else "") + "; choose another one")


def _first_entry(recorded: Recorded) -> Recorded:
    """The life until the first run is over."""
    story = recorded.story
    run = next(run for run in story.runs if not run.held_out)
    happenings = tuple(one for one in story.happenings if one.at <= run.ended)
    return msgspec.structs.replace(recorded, story=msgspec.structs.replace(story, runs=(run,), happenings=happenings))


def laid_out(text: str, name: str) -> str:
    """The text as `safar fmt` lays it out; empty where it cannot be said."""
    formatted = format_text(text)
    if formatted.findings:
        return ""
    if not is_yaml_path(name):
        return formatted.after
    try:
        return convert_text(formatted.after, "text.journey", "yaml").text
    except ConversionError:
        return ""


def _comes_true(chosen: Chosen, target: str, text: str, story: Story) -> bool:
    """Whether the scenario passes, and its customer meets and leaves what the other one met and left."""
    path = chosen.project.journeys[chosen.name].span.source.path
    used = read_file(chosen.home.root / path, chosen.home)
    sources: Sequence[Source] = (used.source, *(used.uses or ()))
    files = {source.path: source.text for source in sources}
    reading = read_text(text, target, settings=chosen.home.settings, files=files)
    if any(one.severity is Severity.ERROR for one in reading.findings) or not reading.project.scenarios:
        return False
    project = msgspec.structs.replace(reading.project, journeys=used.project.journeys)
    scenario = reading.project.scenarios[0]
    teller = Teller(lower(project, project.journeys[chosen.name]))
    again = teller.tell(scenario).story
    same = _path(again) == _path(story) and _ends(again) == _ends(story)
    return same and run_scenario(teller, scenario).verdict is Verdict.PASSED


def _path(story: Story) -> list[str]:
    last = _last(story)
    return [one.step for one in story.happenings if one.what is What.DELIVERED and one.at <= last]


def _ends(story: Story) -> list[str]:
    return [run.outcome for run in story.runs]


def _last(story: Story) -> int:
    """When the customer's last run ends: what he does later is no part of the scenario."""
    return max(run.ended for run in story.runs)


def _hidden(project: Project, recorded: Recorded) -> list[str]:
    """Private attributes of a customer out of a file, as far as they are known."""
    if recorded.customer.occurrences is None:
        return []
    return [
        f"customer.{one.name}"
        for one in project.vocabulary.attributes.values()
        if one.private and recorded.attributes.get(one.name) is not None
    ]


# --- the text


class _Writer:
    """Writes a life as a scenario, times in whole `unit`s of seconds.

    Private values of a customer out of a file are left out; those of a made-up one stand in the journey's file anyway.
    """

    def __init__(self, project: Project, recorded: Recorded, unit: int) -> None:
        self._project, self._recorded, self._unit = project, recorded, unit
        self._real = recorded.customer.occurrences is not None
        self._zone: Zone = customer_zone(recorded.attributes.get(zone_attribute(project)), project_zone(project))
        first = recorded.story.happenings[0].at
        self._start = first - self._zone.time(first) % _MINUTE
        self._zero = self._start if unit == 1 else first

    def text(self, journey: str, use: str) -> str:
        """The whole file."""
        lines = [f"use {quoted(use)}", f"scenario {quoted(self._title())} for {journey} {{"]
        return "\n".join([lines[0], "", lines[1], *self._customer(), *self._script(), *self._expected(), "}"]) + "\n"

    def _title(self) -> str:
        outcome = self._recorded.story.runs[-1].outcome
        return f"Customer {self._recorded.customer.key} " + (f"exits {outcome}" if outcome else "stays to the end")

    def _customer(self) -> Iterator[str]:
        traits = [f"persona = {self._recorded.customer.persona}"] if self._recorded.customer.persona else []
        for attribute in self._project.vocabulary.attributes.values():
            value = self._recorded.attributes.get(attribute.name)
            default = () if attribute.type.base is Base.LIST and attribute.default is None else attribute.default
            if value is not None and value != default and self._may_show(attribute):
                traits.append(f"{attribute.name} = {spelled(attribute.type, value)}")
        if traits:
            yield "customer {\n" + "\n".join(traits) + "\n}"

    def _script(self) -> Iterator[str]:
        date, time = self._zone.date(self._start), spelling.time_of_day(self._zone.time(self._start))
        start = f"start {date} at {time}"
        did = [one for one in self._recorded.occurrences if one.at <= _last(self._recorded.story)]
        if did and did[0].event and not did[0].touchpoint and self._offset(did[0].at) == 0:
            start += f" on {did[0].event}{self._with(did[0])}"
            did = did[1:]
        yield start
        arms = {split: arm for run in self._recorded.story.runs for split, arm in run.arms.items()}
        yield from (f"take {split}.{arm}" for split, arm in arms.items())
        for one in did:
            at = f"at +{spelling.duration(self._offset(one.at))}"
            if one.event:
                answered = f"({one.touchpoint})" if one.touchpoint else ""
                yield f"{at} {one.event}{answered}{self._with(one)}"
            attributes = self._project.vocabulary.attributes
            for name, value in one.changes.items():
                if self._may_show(attributes[name]) and value is not None:
                    yield f"{at} set customer.{name} = {spelled(attributes[name].type, value)}"

    def _offset(self, at: int) -> int:
        return (at - self._zero) // self._unit * self._unit

    def _with(self, one: Occurrence) -> str:
        fields: Mapping[str, Field] = {
            field.name: field for field in self._project.vocabulary.events[one.event or ""].fields
        }
        given = [
            f"{name} = {spelled(fields[name].type, value)}"
            for name, value in one.payload.items()
            if value is not None and self._may_show(fields[name])
        ]
        return f" with ({', '.join(given)})" if given else ""

    def _may_show(self, one: Attribute | Field) -> bool:
        return not (self._real and one.private)

    def _expected(self) -> Iterator[str]:
        story = self._recorded.story
        path, last = _path(story), story.runs[-1]
        yield f"expect path {', '.join(path)}" if path else "expect never any messages"
        if last.outcome:
            days = -(-(last.ended - self._start) // _DAY)
            yield f"expect exit {last.outcome} by +{max(days, 1)}d"


def quoted(text: str) -> str:
    """A text between quotation marks, in which no brace is a placeholder's."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + escaped.replace("{", "\\{").replace("}", "\\}") + '"'


def spelled(type: Type, value: Value) -> str:
    """A value as the language spells it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "[" + ", ".join(spelled(type.item or type, one) for one in value) + "]"
    if type.base is Base.TEXT:
        return quoted(str(value))
    if isinstance(value, float) and type.base is not Base.PERCENT:
        return f"{Decimal(repr(value)):f}"
    return str(literal(type, value))
