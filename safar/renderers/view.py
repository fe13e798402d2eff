"""A program as a picture without a format: boxes, arrows, stages in order, and every text that stands in them."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine import moves, spelling
from safar.engine.model import Journey, Stage, Touchpoint
from safar.engine.moves import Branch, Count, Deliver, Draw, Effect, Exit, GiveTask, Handler, Jump, Place, Scope, Wait
from safar.engine.program import COMPLETED, Program
from safar.engine.steps import kind_of
from safar.renderers.icons import icon_of
from safar.renderers.labels import apart, key_of, runs_from_right
from safar.renderers.phrases import Phrases, pretty
from safar.renderers.picture import (
    BACK,
    INTERRUPT,
    OUTSIDE,
    PLAIN,
    TIME,
    Arrow,
    Box,
    Meaning,
    Note,
    Picture,
    StageView,
    joined,
)
from safar.renderers.words import Words

PAINS, ALL_NOTES = ("pain",), ("doing", "thinking", "question", "pain", "opportunity", "needs")
_ICONS = {"wait": "clock", "chance": "chance", "loop": "again"}


def view(program: Program, language: str = "", *, noted: tuple[str, ...] = PAINS) -> Picture:
    """The picture of a journey, in `language`, or in Persian if the title is, or else in the project's language.

    `noted` are the words of the lines that stand as notes at their touchpoint.
    """
    return _Painter(program, Words(language or language_of(program)), noted).picture()


def language_of(program: Program) -> str:
    """Persian if a title of the journey is, else the project's language."""
    titles = (program.journey.title, *(stage.title for stage in program.journey.stages))
    persian = any(runs_from_right(title, otherwise=False) for title in titles)
    return "fa" if persian else program.project.settings.language


class _Painter:
    def __init__(self, program: Program, words: Words, noted: tuple[str, ...]) -> None:
        self.program, self.words, self.noted = program, words, noted
        self.say = words.say
        self.phrases = Phrases(program.project, program.journey, words)
        self.boxes: list[Box] = []
        self.arrows: list[Arrow] = []
        self.at: dict[int, int] = {}
        """From a place to its box."""
        self.outcomes: dict[str, int] = {}

    def picture(self) -> Picture:
        journey = self.program.journey
        self._entry(journey)
        self._boxes_of_places()
        handlers = [(scope, h) for scope in self.program.scopes if scope.kind != "loop" for h in scope.handlers]
        interrupts = [(self._interrupt(scope, handler), handler) for scope, handler in handlers]
        steps = len(self.at)
        self._exits()
        self._arrow(0, self.program.start)
        for place in sorted(self.at):
            self._ways(self.program.places[place])
        for box, handler in interrupts:
            if handler.to is not None:
                self._arrow(box, handler.to, kind=INTERRUPT)
        return Picture(
            key=key_of("flow", journey.name, self.words.language),
            title=apart(journey.title or pretty(journey.name)),
            details=tuple(self._head(journey)),
            description=self.say(
                "description",
                stages=self.words.number(len(journey.stages)),
                steps=self.words.number(steps),
                outcomes=self.words.number(len(self.outcomes)),
            ),
            stages=tuple(self._stage(stage) for stage in journey.stages),
            boxes=tuple(self.boxes),
            arrows=tuple(joined(self.arrows, self.say("or"))),
            words=self.words,
        )

    # --- head, stages, entry

    def _head(self, journey: Journey) -> Iterator[str]:
        for line in journey.map_lines:
            if line.word == "theme":
                yield apart(line.text)
        if journey.owner:
            yield self.say("owner", team=self.phrases.team(journey.owner))
        yield from (self.phrases.goal(goal) for goal in journey.goals)
        yield self.say("horizon", time=self.words.duration(journey.horizon))

    def _stage(self, stage: Stage) -> StageView:
        details = [self.say("owner", team=self.phrases.team(stage.owner))] if stage.owner else []
        details += [self.say("quoted", text=apart(line.text)) for line in stage.map_lines if line.word == "thinking"][
            :1
        ]
        return StageView(apart(stage.title or pretty(stage.name)), tuple(details))

    def _entry(self, journey: Journey) -> None:
        details = [self.phrases.entry(entry) for entry in journey.entries]
        match journey.reenter:
            case None:
                details.append(self.say("never"))
            case again if again.how == "after":
                details.append(self.say("after", time=self.words.duration(again.after)))
            case again:
                details.append(self.say(again.how))
        if journey.hold_out is not None:
            share = self.words.digits(spelling.percent(journey.hold_out.share))
            details.append(self.say("hold out", share=share))
        self.boxes.append(Box("start", self.say("start"), tuple(details)))

    # --- boxes

    def _boxes_of_places(self) -> None:
        numbers = {stage.name: number for number, stage in enumerate(self.program.journey.stages)}
        for place in self.program.places:
            if place.step is not None and not isinstance(place.move, Jump | Exit):
                self.at[place.id] = len(self.boxes)
                self.boxes.append(self._box(place, numbers.get(place.stage, OUTSIDE)))

    def _box(self, place: Place, stage: int) -> Box:
        assert place.step is not None
        family = kind_of(place.step).look.family
        title, details = self._texts(place)
        icon = _ICONS.get(family, "")
        notes: tuple[Note, ...] = ()
        match place.move:
            case Deliver(touchpoint):
                icon, notes = self._icon(touchpoint), tuple(self._notes(touchpoint))
            case Effect(GiveTask()):
                icon = "person"
        return Box(family, title, details, stage, Meaning(place=place), icon, notes)

    def _icon(self, touchpoint: Touchpoint) -> str:
        contact = touchpoint.contact
        channel = self.program.project.vocabulary.channels.get(contact.channel) if contact is not None else None
        return icon_of(channel) if channel is not None else ""

    def _notes(self, touchpoint: Touchpoint) -> Iterator[Note]:
        """What hurts customers there."""
        for line in touchpoint.map_lines:
            if line.word in self.noted:
                said = self.say("note " + line.word, text=apart(line.text))
                whom = self.phrases.personas(line.personas)
                yield Note(line.word, self.say("for", what=said, personas=whom) if whom else said)

    def _texts(self, place: Place) -> tuple[str, tuple[str, ...]]:
        """The title of a place's box and the lines under it."""
        match place.move:
            case Deliver(touchpoint):
                return apart(touchpoint.title or pretty(touchpoint.name)), tuple(self._details(touchpoint))
            case Effect(effect):
                return self.phrases.effect(effect), ()
            case Branch(condition):
                return self.say("question", what=self.phrases.condition(condition)), ()
            case Draw(split):
                return apart(getattr(place.step, "title", "") or pretty(split)), ()
            case Wait() as wait:
                return self.phrases.wait(wait), ()
            case Count(limit=limit, every=every):
                details = () if every is None else (self.say("every", time=self.words.duration(every)),)
                key = "repeat" if limit > 1 else "repeat once"
                return self.say(key, times=self.words.number(limit)), details
            case Jump() | Exit():
                return "", ()

    def _details(self, touchpoint: Touchpoint) -> Iterator[str]:
        if channel := self.phrases.channel(touchpoint):
            yield channel
        for call in touchpoint.actions:
            yield self.say("does", what=self.phrases.action(call))
        for line in touchpoint.map_lines:
            if line.word == "feeling":
                yield self.phrases.feeling(line)
        if touchpoint.owner and touchpoint.owner != self.program.journey.owner:
            yield self.say("owner", team=self.phrases.team(touchpoint.owner))

    def _interrupt(self, scope: Scope, handler: Handler) -> int:
        """One box for an interrupt of a whole journey or stage; a reaction that stays is told inside it."""
        details = [self.phrases.pattern(handler.pattern)]
        if handler.effect is not None:
            details.append(self.say("then", what=self.phrases.effect(handler.effect)))
        names = [stage.name for stage in self.program.journey.stages]
        stage = names.index(scope.name) if scope.kind == "stage" else OUTSIDE
        title = self.say("anywhere" if stage == OUTSIDE else "in stage")
        meaning = Meaning(handler=handler, stage=scope.name if stage != OUTSIDE else "")
        self.boxes.append(Box("interrupt", title, tuple(details), stage, meaning))
        return len(self.boxes) - 1

    def _exits(self) -> None:
        """One box per outcome, with the reasons that are given for it; `completed` only where something leads there."""
        reasons: dict[str, list[str]] = {}
        reachable = self.program.reachable()
        for place in self.program.places:
            if isinstance(place.move, Exit) and (place.step is not None or place.id in reachable):
                said = reasons.setdefault(place.move.outcome, [])
                if place.move.why and place.move.why not in said:
                    said.append(place.move.why)
        for outcome, said in reasons.items():
            name = self.say("completed") if outcome == COMPLETED else apart(pretty(outcome))
            self.outcomes[outcome] = len(self.boxes)
            details = tuple(apart(why) for why in said[:3])
            self.boxes.append(Box("end", self.say("end", outcome=name), details, meaning=Meaning(outcome=outcome)))

    # --- arrows

    def _box_at(self, place: int) -> int | None:
        """The box that stands at a place, jumps followed; None where nothing is drawn."""
        place = self.program.resolve(place)
        move = self.program.places[place].move
        return self.outcomes.get(move.outcome) if isinstance(move, Exit) else self.at.get(place)

    def _arrow(self, start: int, place: int, label: str = "", kind: str = PLAIN) -> None:
        end = self._box_at(place)
        if end is not None:
            self.arrows.append(Arrow(start, end, label, BACK if end <= start and kind == PLAIN else kind))

    def _ways(self, place: Place) -> None:
        box = self.at[place.id]
        match place.move:
            case Deliver(then=then) | Effect(then=then):
                self._arrow(box, then)
            case Branch(_, then, otherwise):
                self._arrow(box, then, self.say("yes"))
                self._arrow(box, otherwise, self.say("no"))
            case Draw(arms=arms):
                titles = [arm.title for arm in getattr(place.step, "arms", ())] or [""] * len(arms)
                for arm, title in zip(arms, titles, strict=True):
                    share = self.words.digits(spelling.percent(arm.share))
                    self._arrow(box, arm.then, f"{share} · {apart(title or pretty(arm.name))}")
            case Wait() as wait:
                self._ways_of_wait(box, wait)
            case Count() as count:
                self._ways_of_loop(box, count)
            case Jump() | Exit():
                pass

    def _ways_of_wait(self, box: int, wait: Wait) -> None:
        for way in wait.ways:
            self._arrow(box, way.then, self.phrases.pattern(way.pattern))
        if not wait.ways:
            self._arrow(box, wait.then)
        elif isinstance(wait.deadline, moves.After):
            time = self.words.duration(wait.deadline.seconds)
            self._arrow(box, wait.then, self.say("no answer", time=time), TIME)
        else:
            self._arrow(box, wait.then, self.say("nothing by then"), TIME)
        if wait.passed != wait.then:
            self._arrow(box, wait.passed, self.say("passed"), TIME)

    def _ways_of_loop(self, box: int, count: Count) -> None:
        self._arrow(box, count.body, self.say("round"))
        self._arrow(box, count.done, self.say("rounds done", times=self.words.number(count.limit)))
        for handler in self.program.scopes[count.loop].handlers:
            if handler.to is not None:
                label = self.say("stops", what=self.phrases.pattern(handler.pattern))
                self._arrow(box, handler.to, label, INTERRUPT)
