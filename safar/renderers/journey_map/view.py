"""A journey as a journey map: what is said of it sorted into lanes, what is felt into curves."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator

import msgspec

from safar.engine import spelling
from safar.engine.model import MapLine
from safar.engine.moves import Exit
from safar.engine.program import Program
from safar.renderers.journey_map.cut import WHOLE, Cut, CutError, persona_of
from safar.renderers.journey_map.feelings import curves
from safar.renderers.journey_map.figures import Figures
from safar.renderers.journey_map.moments import Column, Moment, Pair, channel_of, columns, parts
from safar.renderers.journey_map.sheet import (
    ADDED,
    ALIKE,
    CHANNEL,
    FEELING,
    GONE,
    OWN,
    Cell,
    Curve,
    Head,
    Lane,
    Note,
    Sheet,
)
from safar.renderers.journey_map.sheet import Column as ColumnView
from safar.renderers.labels import apart, key_of
from safar.renderers.phrases import Phrases, pretty
from safar.renderers.view import language_of
from safar.renderers.words import Words

_QUOTED = ("thinking", "question")
Told = Callable[[Pair], Iterable[Note]]
"""What a lane says of a moment."""


def view(program: Program, language: str = "", cut: Cut = WHOLE) -> Sheet:
    """The journey map of a journey or of a part of it.  Raises `CutError` where there is no such part."""
    words = Words(language or language_of(program))
    cut = msgspec.structs.replace(cut, persona=persona_of(program, cut.persona))
    if cut.persona and cut.traffic is not None:
        raise CutError("a result tells of all customers together; leave the persona or the traffic out")
    here = parts(program, words, cut)
    there = parts(cut.beside, words, Cut(cut.persona)) if cut.beside is not None else []
    return _Mapper(program, words, cut, columns(here, there)).sheet()


class _Mapper:
    def __init__(self, program: Program, words: Words, cut: Cut, found: list[Column]) -> None:
        self.program, self.words, self.cut, self.columns = program, words, cut, found
        self.say = words.say
        self.phrases = Phrases(program.project, program.journey, words)
        self.figures = Figures(cut.traffic, words)
        self.footnotes: list[str] = []
        self.marks = {id(pair): self._marks(pair.moment) for column in found for pair in (column.lead, *column.moments)}

    def sheet(self) -> Sheet:
        journey, beside = self.program.journey, self.cut.beside
        lanes = tuple(self._lanes())
        drawn = curves(self.program, self.columns, self.words, self.cut)
        scores = [point.score for curve in drawn for point in curve.points if point.said]
        other = beside.journey.name if beside is not None else ""
        told = "" if self.cut.traffic is None else f"{self.cut.traffic}"
        return Sheet(
            key=key_of("map", journey.name, self.words.language, self.cut.persona, self.cut.stages, other, told),
            title=apart(journey.title or pretty(journey.name)),
            details=tuple(self._details()),
            description=self._description(lanes, scores),
            heads=tuple(self._heads(drawn)),
            columns=tuple(self._column(column) for column in self.columns),
            lanes=lanes,
            curves=drawn,
            footnotes=tuple(self.footnotes),
            legend=tuple(self._legend(lanes)),
            words=self.words,
        )

    # --- around the lanes

    def _details(self) -> Iterator[str]:
        journey = self.program.journey
        yield from (apart(line.text) for line in journey.map_lines if line.word == "theme")
        if journey.owner:
            yield self.say("owner", team=self.phrases.team(journey.owner))
        yield from (self.phrases.goal(goal) for goal in journey.goals)
        for measure in journey.measures:
            told = (self.phrases.measure(measure), self.figures.measured(measure))
            yield self.say("measured", what=self.say("comma").join(part for part in told if part))
        yield from self._anywhere()
        if self.cut.beside is not None:
            other = self.cut.beside.journey
            yield self.say("beside", journey=apart(other.title or pretty(other.name)))

    def _anywhere(self) -> Iterator[str]:
        """What ends the journey in any stage."""
        for scope in self.program.scopes:
            for handler in scope.handlers if scope.kind == "journey" else ():
                move = None if handler.to is None else self.program.places[self.program.resolve(handler.to)].move
                if isinstance(move, Exit):
                    end = self.say("end", outcome=apart(pretty(move.outcome)))
                    what = f"{self.phrases.pattern(handler.pattern)} – {end}"
                    yield self.say("named", what=self.say("anywhere"), condition=what)

    def _description(self, lanes: tuple[Lane, ...], scores: list[int]) -> str:
        touchpoints = sum(len(column.moments) for column in self.columns)
        number = self.words.number
        said = self.say("map description", stages=number(len(self.columns)), touchpoints=number(touchpoints))
        if scores:
            low, high = self.words.signed(min(scores)), self.words.signed(max(scores))
            said += self.say("comma") + self.say("map feelings", low=low, high=high)
        names = self.say("comma").join(dict.fromkeys(lane.title for lane in lanes))
        return f"{said}: {names}" if names else said

    def _heads(self, drawn: tuple[Curve, ...]) -> Iterator[Head]:
        personas = self.program.project.vocabulary.personas
        by_persona = len(drawn) > 1 and self.cut.beside is None
        for hue, (name, persona) in enumerate(personas.items(), start=1):
            if self.cut.persona and name != self.cut.persona:
                continue
            details = [self.say("share", share=self.words.digits(spelling.percent(persona.share)))]
            details += [apart(line.text) for line in persona.map_lines if line.word == "story"]
            for line in persona.map_lines:
                if line.word == "feeling":
                    details.append(self.phrases.feeling(line))
                elif line.word != "story":
                    what = self.say(f"lane {line.word}")
                    details.append(self.say("named", what=what, condition=_text(line, self.phrases)))
            yield Head(apart(persona.title or pretty(name)), tuple(details), hue if by_persona else 0)

    def _column(self, column: Column) -> ColumnView:
        marks = () if any(column.lead.moment.said("pain")) else self.marks[id(column.lead)]
        return ColumnView(column.title, column.slots, marks, self._look(column.lead))

    def _legend(self, lanes: tuple[Lane, ...]) -> Iterator[tuple[str, str]]:
        looks = {note.look for lane in lanes for cell in lane.cells for note in cell.notes}
        if OWN in looks:
            yield OWN, self.say("own lines", persona=self.phrases.personas((self.cut.persona,)))
        for look, program in ((GONE, self.program), (ADDED, self.cut.beside)):
            if look in looks and program is not None:
                title = apart(program.journey.title or pretty(program.journey.name))
                yield look, self.say("only in", journey=title)

    def _marks(self, moment: Moment) -> tuple[str, ...]:
        """The numbers of the footnotes for its evidence, which are written down here."""
        found = []
        for line in moment.said("evidence"):
            mark = self.say("mark", number=self.words.number(len(self.footnotes) + 1))
            self.footnotes.append(f"{mark} {_text(line, moment.phrases)}")
            found.append(mark)
        return tuple(found)

    def _look(self, pair: Pair) -> str:
        if self.cut.beside is None:
            return ALIKE
        return GONE if pair.there is None else ADDED if pair.here is None else ALIKE

    # --- lanes

    def _lanes(self) -> Iterator[Lane]:
        """From above: those with anything in them."""
        yield from self._filled("customers", self._customers)
        yield from self._filled("doing", self._lines("doing"))
        yield from self._channels()
        yield from self._filled("thinking", self._lines("thinking"))
        yield from self._filled("question", self._lines("question"))
        if any(True for column in self.columns for pair in (*column.moments, column.lead) for _ in _felt(pair)):
            yield Lane(FEELING, self.say("lane feeling"))
        yield from self._filled("pain", self._pains)
        yield from self._filled("opportunity", self._lines("opportunity"))
        yield from self._filled("behind", lambda pair: dict.fromkeys(pair.moment.behind))
        yield from self._filled("needs", self._lines("needs"))
        yield from self._filled("cost", self._costs)
        yield from self._filled("measure", self._measures)
        yield from self._filled("owner", self._owner)
        yield from self._filled("ways out", lambda pair: pair.moment.ways_out)

    def _filled(self, kind: str, told: Told) -> Iterator[Lane]:
        cells = tuple(self._cell(column, told) for column in self.columns)
        if any(True for cell in cells for _ in cell.notes):
            yield Lane(kind, self.say(f"lane {kind}"), cells)

    def _cell(self, column: Column, told: Told) -> Cell:
        slots = [self._looked(pair, told) for pair in column.moments]
        return Cell(self._looked(column.lead, told), (*([()] if column.led else []), *slots))

    def _looked(self, pair: Pair, told: Told) -> tuple[Note, ...]:
        """What is told of a moment; it stands out as a whole where only one of two journeys has it."""
        look = self._look(pair)
        return tuple(note if look == ALIKE else msgspec.structs.replace(note, look=look) for note in told(pair))

    def _lines(self, word: str) -> Callable[[Pair], Iterator[Note]]:
        return lambda pair: (self._note(pair, line) for line in pair.moment.said(word))

    def _note(self, pair: Pair, line: MapLine, marks: tuple[str, ...] = ()) -> Note:
        look = OWN if self.cut.persona and line.personas else ALIKE
        said = self.say("quoted", text=apart(line.text)) if line.word in _QUOTED else apart(line.text)
        if line.personas and not self.cut.persona:
            said = self.say("for", what=said, personas=pair.moment.phrases.personas(line.personas))
        return Note(said, look=look, marks=marks)

    def _pains(self, pair: Pair) -> Iterator[Note]:
        marks = self.marks[id(pair)]
        return (self._note(pair, line, marks) for line in pair.moment.said("pain"))

    def _costs(self, pair: Pair) -> Iterator[Note]:
        touchpoint = pair.moment.touchpoint
        return (Note(pair.moment.phrases.cost(cost)) for cost in (touchpoint.costs if touchpoint else ()))

    def _customers(self, pair: Pair) -> Iterator[Note]:
        """How many came into a stage."""
        if pair.here is not None and pair.here.touchpoint is None:
            yield from self.figures.came(pair.here.name)

    def _measures(self, pair: Pair) -> Iterator[Note]:
        touchpoint = pair.moment.touchpoint
        for measure in touchpoint.measures if touchpoint else ():
            told = self.figures.measured(measure, touchpoint.name) if touchpoint is not None else ""
            yield Note(pair.moment.phrases.measure(measure), (told,) if told else ())

    def _owner(self, pair: Pair) -> Iterator[Note]:
        if pair.moment.owner:
            yield Note(pair.moment.phrases.team(pair.moment.owner))

    # --- touchpoints

    def _channels(self) -> Iterator[Lane]:
        """One lane for each channel, in the order in which customers meet them."""
        pairs = [pair for column in self.columns for pair in column.moments]
        for hue, channel in enumerate(dict.fromkeys(channel_of(pair.moment) for pair in pairs)):
            first = next(pair.moment for pair in pairs if channel_of(pair.moment) == channel)
            cells = tuple(self._cell(column, functools.partial(self._card, channel)) for column in self.columns)
            title = first.phrases.meeting(channel[0], inbound=channel[1]) or self.say("no channel")
            yield Lane(CHANNEL, title, cells, hue)

    def _card(self, channel: tuple[str, bool], pair: Pair) -> Iterator[Note]:
        touchpoint = pair.moment.touchpoint
        if touchpoint is None or channel_of(pair.moment) != channel:
            return
        kind = (self.say("transactional"),) if touchpoint.transactional else ()
        details = (*kind, *(self.figures.delivered(pair.here) if pair.here is not None else ()))
        marks = () if any(pair.moment.said("pain")) else self.marks[id(pair)]
        yield Note(apart(touchpoint.title or pretty(touchpoint.name)), details, marks=marks)


def _felt(pair: Pair) -> Iterator[MapLine]:
    for moment in (pair.here, pair.there):
        if moment is not None:
            yield from moment.said("feeling")


def _text(line: MapLine, phrases: Phrases) -> str:
    said = apart(line.text)
    return phrases.words.say("for", what=said, personas=phrases.personas(line.personas)) if line.personas else said
