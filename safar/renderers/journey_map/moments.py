"""A journey in moments: in each stage first what is said of it, then each touchpoint in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from safar.engine.model import At, Do, MapLine, Stage, Touchpoint
from safar.engine.moves import Deliver, DoAction, Effect, EffectKind, Exit, Handler, Place
from safar.engine.names import fold
from safar.engine.program import COMPLETED, Program
from safar.renderers.journey_map.cut import Cut, met_by, stages_of
from safar.renderers.journey_map.sheet import Note
from safar.renderers.labels import apart, code
from safar.renderers.phrases import Phrases, pretty
from safar.renderers.words import Words


class Moment(msgspec.Struct):
    """A touchpoint at its place, or (`touchpoint` None) a stage as a whole; `key`, its name folded, finds it in
    another journey.

    `behind` is what the shop does there out of sight, `ways_out` how customers leave.
    """

    key: str
    name: str
    phrases: Phrases
    lines: tuple[MapLine, ...]
    owner: str = ""
    touchpoint: Touchpoint | None = None
    behind: list[Note] = []
    ways_out: list[Note] = []

    def said(self, word: str) -> Iterator[MapLine]:
        """The lines of one word, such as `pain`."""
        return (line for line in self.lines if line.word == word)


class Part(msgspec.Struct):
    """A stage: `lead` is what is said of it as a whole."""

    key: str
    title: str
    lead: Moment
    moments: list[Moment]


def parts(program: Program, words: Words, cut: Cut) -> list[Part]:
    """The stages that are asked for, each with its moments; raises `CutError` where there are none such."""
    teller = _Teller(program, words, cut.persona)
    return [teller.part(stage) for stage in stages_of(program, cut.stages)]


class _Teller:
    def __init__(self, program: Program, words: Words, persona: str) -> None:
        self.program, self.words, self.persona = program, words, persona
        self.phrases = Phrases(program.project, program.journey, words)
        self.met = met_by(program, persona) if persona else None
        self.interrupts = {handler.to for scope in program.scopes if scope.kind != "loop" for handler in scope.handlers}

    def part(self, stage: Stage) -> Part:
        lead = Moment(fold(stage.name), stage.name, self.phrases, self._for(stage.map_lines), stage.owner)
        part = Part(lead.key, apart(stage.title or pretty(stage.name)), lead, [])
        for place in self.program.places:
            if place.stage == stage.name and self._is_met(place):
                self._tell(part, place)
        for scope in self.program.scopes:
            if scope.kind == "stage" and scope.name == stage.name:
                for handler in scope.handlers:
                    self._interrupt(lead, handler)
        return part

    def _is_met(self, place: Place) -> bool:
        """Whether it is a step that customers come to; where interrupts lead is told with those."""
        met = self.met is None or place.id in self.met
        return met and place.step is not None and place.id not in self.interrupts

    def _for(self, lines: Sequence[MapLine]) -> tuple[MapLine, ...]:
        """Without lines that are about other personas only."""
        if not self.persona:
            return tuple(lines)
        return tuple(line for line in lines if not line.personas or self.persona in line.personas)

    def _tell(self, part: Part, place: Place) -> None:
        last = part.moments[-1] if part.moments else part.lead
        match place.move:
            case Deliver(touchpoint):
                part.moments.append(self._moment(place, touchpoint))
            case Effect(effect):
                last.behind.append(self._done(effect))
            case Exit(outcome, why):
                _join(last.ways_out, self._way_out(outcome, why))

    def _moment(self, place: Place, touchpoint: Touchpoint) -> Moment:
        behind = [Note(self.words.say("data", what=apart(one.label))) for one in touchpoint.shows]
        behind += [self._call(call) for call in touchpoint.actions]
        name, lines = place.name or touchpoint.name, self._for(touchpoint.map_lines)
        return Moment(fold(name), name, self.phrases, lines, touchpoint.owner, touchpoint, behind, [])

    def _interrupt(self, lead: Moment, handler: Handler) -> None:
        """An interrupt of a stage that leads out of the journey, or makes work for somebody."""
        what = self.phrases.pattern(handler.pattern)
        if handler.effect is not None:
            lead.behind.append(msgspec.structs.replace(self._done(handler.effect), details=(what,)))
        elif handler.to is not None:
            move = self.program.places[self.program.resolve(handler.to)].move
            if isinstance(move, Exit):
                _join(lead.ways_out, self._way_out(move.outcome, move.why or what))

    def _done(self, effect: EffectKind) -> Note:
        return self._call(effect.call) if isinstance(effect, DoAction) else Note(self.phrases.effect(effect))

    def _call(self, call: Do) -> Note:
        """An action, with what it is given in small letters."""
        given = ", ".join(f"{name} = {value.span.text}" for name, value in call.arguments)
        return Note(self.phrases.action(Do(span=call.span, action=call.action)), (code(given),) if given else ())

    def _way_out(self, outcome: str, why: str) -> Note:
        name = self.words.say("completed") if outcome == COMPLETED else apart(pretty(outcome))
        return Note(name, (apart(why),) if why else ())


def _join(notes: list[Note], note: Note) -> None:
    """Each outcome once, with all reasons that are given for it."""
    for number, other in enumerate(notes):
        if other.text == note.text:
            reasons = dict.fromkeys((*other.details, *note.details))
            notes[number] = Note(note.text, tuple(reasons))
            return
    notes.append(note)


def channel_of(moment: Moment) -> tuple[str, bool]:
    """The channel of a touchpoint (empty: none), and whether the customer comes to us there."""
    contact = moment.touchpoint.contact if moment.touchpoint is not None else None
    return ("", False) if contact is None else (contact.channel, isinstance(contact, At))


class Pair(msgspec.Struct, frozen=True):
    """The same moment or stage in a journey and in the one beside it; one of them may lack it."""

    here: Moment | None
    there: Moment | None

    @property
    def moment(self) -> Moment:
        found = self.here or self.there
        assert found is not None
        return found


class Column(msgspec.Struct, frozen=True):
    """A stage of one journey or of two; where the stage as a whole is felt, it has a slot of its own, the first."""

    title: str
    lead: Pair
    moments: tuple[Pair, ...]

    @property
    def led(self) -> bool:
        """Whether the stage itself takes the first slot."""
        felt = any(True for one in (self.lead.here, self.lead.there) if one for _ in one.said("feeling"))
        return felt or not self.moments

    @property
    def slots(self) -> int:
        return len(self.moments) + self.led


def columns(here: list[Part], there: list[Part]) -> list[Column]:
    """The stages of both, each once, with the touchpoints of both."""
    ours, theirs = {part.key: part for part in here}, {part.key: part for part in there}
    found = []
    for key in merged(list(ours), list(theirs)):
        one, other = ours.get(key), theirs.get(key)
        title = (one or theirs[key]).title
        lead = Pair(one.lead if one else None, other.lead if other else None)
        found.append(Column(title, lead, tuple(_paired(one.moments if one else [], other.moments if other else []))))
    return found


def _paired(here: list[Moment], there: list[Moment]) -> Iterator[Pair]:
    ours, theirs = {one.key: one for one in here}, {one.key: one for one in there}
    for key in merged(list(ours), list(theirs)):
        yield Pair(ours.get(key), theirs.get(key))


def merged(one: list[str], other: list[str]) -> list[str]:
    """Each name once, what both have in the order of the first; between, what only one has, the first one's before.

    >>> merged(["a", "b", "old", "z"], ["new", "a", "x", "b", "y"])
    ['new', 'a', 'x', 'b', 'old', 'z', 'y']
    """
    found = list(one)
    for number, name in enumerate(other):
        if name in found:
            continue
        at = found.index(other[number - 1]) + 1 if number else 0
        while at < len(found) and found[at] not in other and number:
            at += 1
        found.insert(at, name)
    return found
