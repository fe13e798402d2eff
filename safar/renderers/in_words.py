"""The journey in words, as Markdown: for a wiki, a pull request, or whoever reads no pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from safar.engine.model import Goal, MapLine, Stage
from safar.engine.moves import Deliver
from safar.engine.program import Program
from safar.renderers import mermaid
from safar.renderers.captions import caption
from safar.renderers.phrases import Phrases, pretty
from safar.renderers.picture import OUTSIDE, Arrow, Box, Meaning, Picture
from safar.renderers.prose import cell, prose
from safar.renderers.texts import Row, noted, spoken
from safar.renderers.view import view

_START = 0


def write(program: Program, language: str = "") -> str:
    """Title, goals, map (for Mermaid), then every stage with its steps, what they say, and where each leads."""
    picture = view(program, language)
    lines = [line for block in _Teller(program, picture).blocks() for line in (*block, "")]
    if picture.rtl:
        lines = ['<div dir="rtl">', "", *lines, "</div>", ""]
    return "\n".join(lines)


class _Teller:
    def __init__(self, program: Program, picture: Picture) -> None:
        self.program, self.picture = program, picture
        self.phrases = Phrases(program.project, program.journey, picture.words)

    def say(self, key: str, **parts: str) -> str:
        return caption(self.picture.words.language, key, **parts)

    def blocks(self) -> Iterator[Iterable[str]]:
        """Paragraphs, lists and tables; between them stand empty lines."""
        journey = self.program.journey
        yield (f"# {prose(self.picture.title)}",)
        yield _bullets(
            prose(text) for text in self.picture.details[: len(self.picture.details) - len(journey.goals) - 1]
        )
        yield from self._notes(journey.map_lines)
        if journey.goals:
            yield (f"## {self.say('goals')}",)
            yield self._goals(journey.goals)
        yield (f"## {self.say('map')}",)
        yield ("```mermaid", mermaid.write(self.picture).rstrip("\n"), "```")
        start = self.picture.boxes[_START]
        yield (f"## {self.say('begins')}",)
        yield _bullets((*map(prose, start.details), *self._ways(_START)))
        for number, stage in enumerate(journey.stages):
            yield from self._stage(number, stage)
        yield from self._rest()

    def _goals(self, goals: tuple[Goal, ...]) -> Iterator[str]:
        yield f"| {self.say('goal')} | {self.say('within')} | {self.say('target')} |"
        yield "|---|---|---|"
        for goal in goals:
            within = "" if goal.within is None else self.picture.words.duration(goal.within)
            target = "" if goal.target is None else self.phrases.level(goal.target)
            yield f"| {cell(goal.title or pretty(goal.name))} | {cell(within)} | {cell(target)} |"

    # --- stages and steps

    def _stage(self, number: int, stage: Stage) -> Iterator[Iterable[str]]:
        yield (f"## {prose(self.picture.stages[number].title)}",)
        if stage.owner:
            yield (prose(self.picture.words.say("owner", team=self.phrases.team(stage.owner))),)
        yield from self._notes(stage.map_lines)
        yield self._boxes(self._of(number))

    def _notes(self, lines: tuple[MapLine, ...]) -> Iterator[Iterable[str]]:
        rows = self._rows(noted(lines))
        if rows:
            yield _bullets(rows)

    def _of(self, stage: int) -> Iterator[int]:
        return (number for number, box in enumerate(self.picture.boxes) if box.stage == stage)

    def _boxes(self, numbers: Iterable[int]) -> Iterator[str]:
        for number in numbers:
            yield from self._box(number)

    def _box(self, number: int) -> Iterator[str]:
        """A step by its number, an interrupt by a bullet; below it what it says, and where it leads."""
        box = self.picture.boxes[number]
        sign = "-" if box.family in ("interrupt", "end") else f"{number}."
        yield f"{sign} **{prose(box.title)}**"
        room = " " * (len(sign) + 1)
        for line in (*map(prose, box.details), *self._texts(box.meaning), *self._ways(number)):
            yield f"{room}- {line}"

    def _texts(self, meaning: Meaning) -> list[str]:
        move = meaning.place.move if meaning.place is not None else None
        return self._rows(spoken(move.touchpoint)) if isinstance(move, Deliver) else []

    def _rows(self, rows: Iterable[Row]) -> list[str]:
        return [f"{self.say(key)}: {prose(text)}" for key, text in rows if text]

    def _ways(self, number: int) -> Iterator[str]:
        """Where it leads; nothing where that is only the step below it."""
        ways = [arrow for arrow in self.picture.arrows if arrow.start == number]
        if len(ways) == 1 and ways[0].end == number + 1 and not ways[0].label:
            return
        for arrow in ways:
            yield self._way(arrow)

    def _way(self, arrow: Arrow) -> str:
        target = self.picture.boxes[arrow.end]
        name = f"**{prose(target.title)}**" if _unnumbered(target) else f"{arrow.end}. **{prose(target.title)}**"
        label = f"{prose(arrow.label)}: " if arrow.label else ""
        return label + self.say("to", step=name)

    # --- what belongs to no stage

    def _rest(self) -> Iterator[Iterable[str]]:
        boxes = [number for number in self._of(OUTSIDE) if number != _START]
        for key, family in (("anywhere", "interrupt"), ("outcomes", "end")):
            chosen = [number for number in boxes if self.picture.boxes[number].family == family]
            if chosen:
                yield (f"## {self.say(key)}",)
                yield self._boxes(chosen)


def _unnumbered(box: Box) -> bool:
    return box.family in ("interrupt", "end")


def _bullets(texts: Iterable[str]) -> Iterator[str]:
    return (f"- {text}" for text in texts)
