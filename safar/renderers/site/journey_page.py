"""The page of a journey: its maps, stages, goals, promises, tests, findings, changes, what it uses, its text."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine import spelling
from safar.engine.model import Journey, Measure, Stage, Touchpoint
from safar.renderers.html.markup import Markup, joined, phrase, tag
from safar.renderers.html.tables import name, table
from safar.renderers.labels import apart
from safar.renderers.phrases import Phrases
from safar.renderers.site import pieces
from safar.renderers.site.captions import STYLES
from safar.renderers.site.catalogue import Entry
from safar.renderers.site.site import FLOW, FORMS, JOURNEY_MAP
from safar.renderers.site.writer import Writer

_TITLES = {JOURNEY_MAP: "journey map", FLOW: "flow"}


def write(writer: Writer, entry: Entry) -> str:
    page = _Page(writer, entry)
    parts = page.parts()
    body = joined(page.head(), pieces.contents(writer, parts), pieces.sections(writer, parts))
    trail = (writer.anchor("journeys/index.html", writer.say("journeys")),)
    return writer.page(entry.label, body, trail=trail)


class _Page:
    def __init__(self, writer: Writer, entry: Entry) -> None:
        assert isinstance(entry.declared, Journey)
        self._writer, self._entry, self._journey = writer, entry, entry.declared
        self._say, self._catalogue = writer.say, writer.site.catalogue
        self._phrases = Phrases(entry.project, entry.declared, writer.words)

    def parts(self) -> list[pieces.Part]:
        writer, entry = self._writer, self._entry
        return [
            *(_drawn(writer, entry, form) for form in FORMS),
            ("stages", "stages", self._stages()),
            ("goals", "goals", self._goals()),
            ("measures", "measures", measures(writer, entry, self._phrases)),
            ("promises", "rules", self._promises()),
            ("personas", "personas", self._personas()),
            ("tests", "tests", self._tests()),
            ("findings", "findings", pieces.findings(writer, entry)),
            ("changes", "changes", pieces.changes(writer, writer.site.changed(entry.path))),
            ("used", "used by", pieces.used_by(writer, entry)),
            ("uses", "uses", pieces.uses(writer, entry, without=("touchpoints", "personas"))),
            ("written", "as written", self._text()),
        ]

    def head(self) -> Markup:
        """Its theme, and what is to be known of it at once."""
        journey, writer = self._journey, self._writer
        themes = (line.text for line in journey.map_lines if line.word == "theme")
        said = (tag("p", pieces.quoted(writer, text), class_="theme") for text in themes)
        return joined(*said, pieces.facts(self._facts()), pieces.notes(writer, journey.map_lines, self._phrases))

    def _facts(self) -> Iterator[pieces.Fact]:
        journey, phrases, say = self._journey, self._phrases, self._say
        yield say("name"), tag("code", journey.name)
        owner = self._catalogue.find(self._entry.project, "teams", journey.owner) if journey.owner else None
        yield say("one teams"), self._writer.link(owner) if owner is not None else ""
        if journey.style:
            yield (
                say("style"),
                joined(
                    say(journey.style) if journey.style in STYLES else name(journey.style),
                    ": " if journey.style_why else "",
                    name(journey.style_why),
                ),
            )
        yield say("begins"), pieces.several([phrase(phrases.entry(entry)) for entry in journey.entries])
        yield say("begins again"), self._again()
        if journey.hold_out is not None:
            share = self._writer.words.digits(spelling.percent(journey.hold_out.share))
            yield say("control group"), share
        yield say("lasts"), self._writer.words.duration(journey.horizon)
        yield pieces.place(self._writer, self._entry)

    def _again(self) -> str:
        again, words = self._journey.reenter, self._writer.words
        if again is None:
            return words.say("never")
        return words.say(again.how, time=words.duration(again.after)) if again.how == "after" else words.say(again.how)

    def _text(self) -> Markup:
        """Folded, since it is long."""
        path, line = pieces.place(self._writer, self._entry)
        return tag("details", tag("summary", path, " ", line), pieces.written(self._entry.span))

    # --- stages, goals, promises, personas, tests

    def _stages(self) -> Markup:
        writer, say = self._writer, self._say
        rows = []
        for entry in self._catalogue.parts(self._entry, "stages"):
            assert isinstance(entry.declared, Stage)
            said = [pieces.quoted(writer, line.text) for line in entry.declared.map_lines if line.word == "thinking"]
            met = [self._touchpoint(one) for one in self._catalogue.touchpoints(entry)]
            rows.append([writer.link(entry), pieces.several(said), pieces.several(met)])
        return table([say("stage"), say("thinking"), say("touchpoints")], rows)

    def _touchpoint(self, entry: Entry) -> Markup:
        assert isinstance(entry.declared, Touchpoint)
        channel = self._phrases.channel(entry.declared)
        said = tag("span", " · ", phrase(channel), class_="faint") if channel else Markup()
        return joined(self._writer.link(entry), said)

    def _goals(self) -> Markup:
        say, words, phrases = self._say, self._writer.words, self._phrases
        rows = []
        for entry, goal in zip(self._catalogue.parts(self._entry, "goals"), self._journey.goals, strict=True):
            within = "" if goal.within is None else words.duration(goal.within)
            target = "" if goal.target is None else phrases.level(goal.target)
            reached = phrase(phrases.event(goal.on)) if goal.on is not None else ""
            rows.append([self._writer.link(entry), reached, within, target])
        return table([say("goal"), say("one events"), say("within"), say("target")], rows)

    def _promises(self) -> Markup:
        """Its own, and those of the project that it is under."""
        own = [[name(rule.label.replace("_", " ")), pieces.written(rule.span)] for rule in self._journey.rules]
        everywhere = (
            self._catalogue.find(self._entry.project, "rules", one) for one in self._entry.project.vocabulary.rules
        )
        rows = [[self._writer.link(one), pieces.written(one.span)] for one in everywhere if one is not None]
        return table([self._say("one rules"), self._say("as written")], [*own, *rows])

    def _personas(self) -> Markup:
        """Those who come into it, with their share and story; the ones that it names say where."""
        rows = []
        for one in self._entry.project.vocabulary.personas.values():
            entry = self._catalogue.find(self._entry.project, "personas", one.name)
            if entry is not None:
                story = [pieces.quoted(self._writer, line.text) for line in one.map_lines if line.word == "story"]
                share = self._writer.words.digits(spelling.percent(one.share))
                rows.append([self._writer.link(entry), share, pieces.several(story)])
        return table([self._say("persona"), self._say("share of all"), self._say("story")], rows, numbers=1)

    def _tests(self) -> Markup:
        project, own = self._entry.project, self._journey.name
        rows = [[self._say("scenario"), name(one.title)] for one in project.scenarios if one.journey == own]
        rows += [[self._say("forecast"), name(one.title)] for one in project.forecasts if one.journey == own]
        return table([self._say("one tests"), self._say("what")], rows)


def _drawn(writer: Writer, entry: Entry, form: str) -> pieces.Part:
    """A picture with its heading, or why there is none."""
    drawing = writer.site.drawings.get((entry.key, form, writer.language))
    if drawing is None:
        content = tag("p", writer.say("not drawn"), class_="faint")
    elif drawing.why:
        content = tag("p", phrase(writer.say("not laid out", why=apart(drawing.why))), class_="faint")
    else:
        content = joined(tag("p", writer.say("box told"), class_="hint faint"), Markup(drawing.html))
    return form, _TITLES[form], content


def measures(writer: Writer, of: Entry, phrases: Phrases) -> Markup:
    """The measures of a journey or touchpoint with their targets."""
    rows = []
    for entry in writer.site.catalogue.parts(of, "measures"):
        assert isinstance(entry.declared, Measure)
        rows.append([writer.link(entry), phrases.target(entry.declared), pieces.written(entry.span)])
    return table([writer.say("measure"), writer.say("target"), writer.say("as written")], rows)
