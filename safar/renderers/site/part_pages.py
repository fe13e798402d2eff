"""The pages of what journeys are made of: stages, touchpoints, goals and measures."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.model import Goal, Measure, Stage, Touchpoint, within
from safar.engine.model import Journey as JourneyModel
from safar.engine.steps.task import Task
from safar.renderers.html.markup import Markup, joined, phrase, tag
from safar.renderers.html.tables import name, table
from safar.renderers.phrases import Phrases
from safar.renderers.site import pieces
from safar.renderers.site.catalogue import Entry
from safar.renderers.site.journey_page import measures
from safar.renderers.site.writer import Writer
from safar.renderers.texts import spoken

_SPOKEN = ("subject", "body", "text", "body_file", "shows")


def phrases_of(writer: Writer, entry: Entry) -> Phrases:
    """Says things in the words of the journey that an entry is part of, or of none."""
    around = entry.journey
    journey = around.declared if around is not None else JourneyModel(name="", span=entry.span)
    assert isinstance(journey, JourneyModel)
    return Phrases(entry.project, journey, writer.words)


def trail(writer: Writer, entry: Entry) -> tuple[Markup, ...]:
    """From the first page to what an entry is part of."""
    if entry.of is None:
        return (writer.anchor(f"{entry.kind}/index.html", writer.say(entry.kind)),)
    return *trail(writer, entry.of), writer.link(entry.of)


def owner(writer: Writer, entry: Entry) -> pieces.Fact:
    """Who is responsible: for a part without an owner of its own, whoever is for the whole."""
    own = getattr(entry.declared, "owner", "")
    found = writer.site.catalogue.find(entry.project, "teams", own) if own else None
    if found is None and entry.of is not None:
        return owner(writer, entry.of)
    return writer.say("one teams"), writer.link(found) if found is not None else ""


def closing(writer: Writer, entry: Entry) -> list[pieces.Part]:
    """What every page of a thing ends with."""
    return [
        ("findings", "findings", pieces.findings(writer, entry)),
        ("used", "used by", pieces.used_by(writer, entry)),
        ("uses", "uses", pieces.uses(writer, entry)),
        ("written", "as written", pieces.written(entry.span)),
    ]


def stage(writer: Writer, entry: Entry) -> str:
    declared, phrases = entry.declared, phrases_of(writer, entry)
    assert isinstance(declared, Stage)
    tasks = [
        [writer.link(team), name(step.what)]
        for step in within(declared.steps)
        if isinstance(step, Task) and (team := writer.site.catalogue.find(entry.project, "teams", step.team))
    ]
    parts = [
        ("touchpoints", "touchpoints", _touchpoints(writer, entry, phrases)),
        ("tasks", "tasks", table([writer.say("one teams"), writer.say("what")], tasks)),
        *closing(writer, entry),
    ]
    known = pieces.facts(((writer.say("in"), _in(writer, entry)), owner(writer, entry), pieces.place(writer, entry)))
    body = joined(known, pieces.notes(writer, declared.map_lines, phrases), pieces.sections(writer, parts))
    return writer.page(entry.label, body, trail=trail(writer, entry))


def _in(writer: Writer, entry: Entry) -> Markup:
    return writer.link(entry.of) if entry.of is not None else Markup()


def _touchpoints(writer: Writer, stage: Entry, phrases: Phrases) -> Markup:
    rows = []
    for one in writer.site.catalogue.touchpoints(stage):
        assert isinstance(one.declared, Touchpoint)
        felt = [pieces.feeling(writer, line, phrases) for line in one.declared.map_lines if line.word == "feeling"]
        rows.append([writer.link(one), phrase(phrases.channel(one.declared)), pieces.several(felt)])
    return table([writer.say("touchpoint"), writer.say("channel"), writer.say("feeling")], rows)


def touchpoint(writer: Writer, entry: Entry) -> str:
    declared, phrases = entry.declared, phrases_of(writer, entry)
    assert isinstance(declared, Touchpoint)
    met = [[writer.link(journey), writer.link(stage)] for journey, stage in writer.site.catalogue.met[entry.key]]
    parts = [
        ("says", "says", _says(writer, declared)),
        ("notes", "notes", pieces.notes(writer, declared.map_lines, phrases)),
        ("met", "met in", table([writer.say("one journeys"), writer.say("stage")], met)),
        ("measures", "measures", measures(writer, entry, phrases)),
        *closing(writer, entry),
    ]
    known = pieces.facts(_of_touchpoint(writer, entry, declared, phrases))
    return writer.page(entry.label, known, pieces.sections(writer, parts), trail=trail(writer, entry))


def _of_touchpoint(writer: Writer, entry: Entry, declared: Touchpoint, phrases: Phrases) -> Iterator[pieces.Fact]:
    find, say = writer.site.catalogue.find, writer.say
    yield say("name"), tag("code", declared.name)
    yield say("in"), _in(writer, entry)
    channel = find(entry.project, "channels", declared.contact.channel) if declared.contact is not None else None
    kind = joined(" · ", writer.words.say("transactional")) if declared.transactional else Markup()
    yield say("channel"), joined(writer.link(channel), kind) if channel is not None else ""
    calls = ((find(entry.project, "actions", call.action), phrases.action(call)) for call in declared.actions)
    yield say("actions"), pieces.several([writer.link(one, said) for one, said in calls if one is not None])
    tags = (find(entry.project, "tags", one) for one in declared.tags)
    yield say("tags"), writer.links([one for one in tags if one is not None])
    yield owner(writer, entry)
    yield say("costs"), pieces.several([phrase(phrases.cost(cost)) for cost in declared.costs])
    yield pieces.place(writer, entry)


def _says(writer: Writer, declared: Touchpoint) -> Markup:
    """The message as customers get it, with its placeholders, and what it shows."""
    rows = (row for row in spoken(declared) if row[0] in _SPOKEN and row[1])
    return pieces.facts((writer.say(key), pieces.quoted(writer, text)) for key, text in rows)


def figure(writer: Writer, entry: Entry) -> str:
    """A goal or a measure."""
    known = pieces.facts(_of_figure(writer, entry, phrases_of(writer, entry)))
    parts = pieces.sections(writer, closing(writer, entry))
    return writer.page(entry.label, known, parts, trail=trail(writer, entry))


def _of_figure(writer: Writer, entry: Entry, phrases: Phrases) -> Iterator[pieces.Fact]:
    declared, say = entry.declared, writer.say
    yield say("name"), tag("code", declared.name)
    yield say("in"), _in(writer, entry)
    if isinstance(declared, Goal):
        yield say("one events"), phrase(phrases.event(declared.on)) if declared.on is not None else ""
        yield say("within"), "" if declared.within is None else writer.words.duration(declared.within)
        yield say("target"), phrase(phrases.level(declared.target)) if declared.target is not None else ""
    elif isinstance(declared, Measure):
        yield say("target"), phrase(phrases.target(declared))
    yield owner(writer, entry)
    yield pieces.place(writer, entry)
