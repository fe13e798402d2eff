"""A journey's parts as phrases in the project's language: events, patterns, deadlines, entries, effects."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from safar.engine import spelling
from safar.engine.expression import Base, Condition, EventForm, Expression, Happened, Heard, Literal, Pattern
from safar.engine.model import (
    At,
    Cost,
    Declared,
    Do,
    Entry,
    Goal,
    Journey,
    Level,
    MapLine,
    Measure,
    Project,
    Quantity,
    Touchpoint,
    within,
)
from safar.engine.moves import (
    After,
    Clock,
    Deadline,
    DoAction,
    EffectKind,
    FromDate,
    FromInstant,
    FromOccasion,
    GiveTask,
    SetAttribute,
    StartJourney,
    Wait,
)
from safar.renderers.labels import apart, clean, code, left_to_right
from safar.renderers.words import Words

_DAY = 86_400


def pretty(name: str) -> str:
    """A name as people read it: `no_answer` is `no answer`."""
    return clean(name.replace("_", " "))


class Phrases:
    """Says the parts of one journey in the words of one language."""

    def __init__(self, project: Project, journey: Journey, words: Words) -> None:
        self.words = words
        self._known = project.vocabulary
        self._project = project
        self._touchpoints = _touchpoints(project, journey)

    def _label(self, table: Mapping[str, Declared], name: str) -> str:
        found = table.get(name)
        return apart(found.title if found is not None and found.title else pretty(name))

    def team(self, name: str) -> str:
        return self._label(self._known.teams, name)

    def personas(self, names: tuple[str, ...]) -> str:
        return self.words.say("comma").join(self._label(self._known.personas, name) for name in names)

    # --- events and conditions

    def condition(self, condition: Expression) -> str:
        """A declared condition by its title, an event alone by its own, any other as it is written."""
        if isinstance(condition, Condition):
            return self._label(self._known.conditions, condition.name)
        if isinstance(condition, Happened):
            return self.event(condition.form)
        return code(condition.span.text)

    def event(self, form: EventForm) -> str:
        say = self.words.say
        if form.kind is Heard.TOUCHPOINT:
            what = apart(self._touchpoints.get(form.name, pretty(form.name)))
        else:
            actions = form.kind is Heard.ACTION
            what = self._label(self._known.actions if actions else self._known.events, form.name)
        if form.answers:
            answered = apart(self._touchpoints.get(form.answers, pretty(form.answers)))
            what = say("answers", event=what, touchpoint=answered)
        if form.within is not None:
            what = say("within", what=what, time=self.words.duration(form.within))
        return say("where", what=what, condition=self.condition(form.where)) if form.where is not None else what

    def pattern(self, pattern: Pattern) -> str:
        said = []
        for one in pattern.alternatives:
            if one.form is not None:
                said.append(self.given(self.event(one.form), one.condition))
            elif one.condition is not None:
                said.append(self.condition(one.condition))
        return self.words.say("or").join(said)

    def given(self, what: str, condition: Expression | None) -> str:
        """`what if condition`."""
        return what if condition is None else self.words.say("if", what=what, condition=self.condition(condition))

    # --- time

    def wait(self, wait: Wait) -> str:
        if isinstance(wait.deadline, After):
            time = self.words.duration(wait.deadline.seconds)
            return self.words.say("wait up to" if wait.ways else "wait", time=time)
        return self.words.say("wait until", when=self._moment(wait.deadline))

    def _moment(self, deadline: Deadline) -> str:
        say, time = self.words.say, self.words.time_of_day
        match deadline:
            case Clock(at, weekday) if weekday:
                return say("weekday clock", day=say(weekday), time=time(at))
            case Clock(at):
                return say("clock", time=time(at))
            case FromDate(date, days, at):
                return say("at time", what=self._days_from(days * _DAY, self._date(date)), time=time(at))
            case FromOccasion(occasion, days, at):
                what = self._days_from(days * _DAY, self._label(self._known.occasions, occasion))
                return say("at time", what=what, time=time(at))
            case FromInstant(instant, seconds):
                what = self.event(instant) if isinstance(instant, EventForm) else code(instant.span.text)
                return self._days_from(seconds, what)
            case After(seconds):
                return self.words.duration(seconds)

    def _date(self, date: Expression) -> str:
        """A date of the file by the calendar of the map's language, else what it is worked out from."""
        if isinstance(date, Literal) and isinstance(date.value, datetime.date):
            return self.words.date(date.value)
        return code(date.span.text)

    def _days_from(self, seconds: int, what: str) -> str:
        if seconds == 0:
            return what
        key = "days after" if seconds > 0 else "days before"
        return self.words.say(key, days=self.words.duration(abs(seconds)), what=what)

    # --- what is done

    def effect(self, effect: EffectKind) -> str:
        match effect:
            case SetAttribute(assign):
                attribute = self._label(self._known.attributes, assign.attribute)
                return left_to_right(f"{attribute} = {code(assign.value.span.text)}")
            case DoAction(call):
                return self.action(call)
            case GiveTask(team, what):
                return self.words.say("task", team=self.team(team), what=apart(what))
            case StartJourney(journey):
                return self.words.say("start journey", journey=self._label(self._project.journeys, journey))

    def action(self, call: Do) -> str:
        action = self._label(self._known.actions, call.action)
        if not call.arguments:
            return action
        arguments = ", ".join(f"{name} = {value.span.text}" for name, value in call.arguments)
        return self.words.say("call", action=action, arguments=code(arguments))

    def channel(self, touchpoint: Touchpoint) -> str:
        if touchpoint.contact is None:
            return ""
        said = self.meeting(touchpoint.contact.channel, inbound=isinstance(touchpoint.contact, At))
        return f"{said} · {self.words.say('transactional')}" if touchpoint.transactional else said

    def meeting(self, channel: str, *, inbound: bool) -> str:
        """Who comes to whom and where; empty without a channel."""
        if not channel:
            return ""
        where = self._label(self._known.channels, channel)
        return self.words.say("at channel" if inbound else "by channel", channel=where)

    def feeling(self, line: MapLine) -> str:
        score = self.words.signed(line.score or 0)
        if line.text:
            said = self.words.say("feeling", score=score, text=apart(line.text))
        else:
            said = self.words.say("feeling alone", score=score)
        return self.words.say("for", what=said, personas=self.personas(line.personas)) if line.personas else said

    # --- the head of a journey

    def entry(self, entry: Entry) -> str:
        say, at = self.words.say, self.words.time_of_day(entry.at)
        match entry.kind:
            case "event":
                what = self._label(self._known.events, entry.event)
                what = say("per", what=what, field=apart(pretty(entry.per))) if entry.per else what
            case "yearly":
                what = say("yearly", attribute=self._label(self._known.attributes, entry.attribute), time=at)
            case "occasion":
                occasion = self._label(self._known.occasions, entry.occasion)
                what = say("each occasion", occasion=occasion, time=at)
            case "date" if entry.date is not None:
                what = say("on date", date=self.words.date(entry.date), time=at)
            case _:
                unit = say(entry.unit) if self.words.knows(entry.unit) else entry.unit
                what = say("each", unit=unit, time=at)
        return self.given(what, entry.condition)

    def goal(self, goal: Goal) -> str:
        what = apart(goal.title or pretty(goal.name))
        if goal.within is not None:
            what = self.words.say("within", what=what, time=self.words.duration(goal.within))
        if goal.target is not None:
            what += self.words.say("comma") + self.level(goal.target)
        return self.words.say("goal", what=what)

    def level(self, level: Level, *, seconds: bool = False) -> str:
        """A target: at least, or at most, so much."""
        if level.unit == "%":
            amount = spelling.percent(level.value)
        elif level.unit:
            amount = spelling.money(int(level.value), level.unit)
        else:
            amount = self.words.duration(int(level.value)) if seconds else f"{float(level.value):g}"
        return self.words.say("at least" if level.at_least else "at most", level=self.words.digits(amount))

    def measure(self, measure: Measure) -> str:
        """Its title and, where it has one, its target."""
        what = apart(measure.title or pretty(measure.name))
        level = self.target(measure)
        return self.words.say("target", what=what, level=level) if level else what

    def target(self, measure: Measure) -> str:
        """The target of a measure; empty where it has none."""
        if measure.target is None:
            return ""
        seconds = measure.quantity is not None and self._is_time(measure.quantity)
        return self.level(measure.target, seconds=seconds)

    def _is_time(self, quantity: Quantity) -> bool:
        """Whether a measure counts seconds."""
        if quantity.kind == "average":
            event = self._known.events.get(quantity.name)
            return event is not None and any(
                field.name == quantity.field and field.type.base is Base.DURATION for field in event.fields
            )
        if quantity.kind == "arithmetic" and quantity.op == "per":
            return False
        return quantity.kind == "time" or any(self._is_time(part) for part in quantity.parts if part.kind != "name")

    def cost(self, cost: Cost) -> str:
        amount = left_to_right(self.words.digits(spelling.money(cost.amount, cost.currency)))
        if cost.per == "build":
            return self.words.say("to build", amount=amount)
        event = self._label(self._known.events, cost.event) if cost.event else ""
        return self.words.say(f"per {cost.per}", amount=amount, event=event)


def _touchpoints(project: Project, journey: Journey) -> dict[str, str]:
    """Titles by the names under which answers can speak of touchpoints."""
    found = {name: one.label for name, one in project.vocabulary.touchpoints.items()}
    for stage in journey.stages:
        for step in within(stage.steps):
            touchpoint = getattr(step, "touchpoint", None)
            if isinstance(touchpoint, Touchpoint):
                label = touchpoint.title or pretty(touchpoint.name)
                found |= {touchpoint.name: label, step.name: label}
    return found
