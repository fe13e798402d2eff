"""The story of one customer as a timeline in local time, with the reason of everything."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.expression import Type, Value
from safar.engine.model import Project
from safar.engine.simulate import words
from safar.engine.simulate.clock import Zone
from safar.engine.simulate.draw import customer_zone, project_zone, zone_attribute
from safar.engine.simulate.happening import Happening, Story, What
from safar.engine.simulate.traces import Tracer
from safar.engine.source import display_width
from safar.renderers.table import padded, shown
from safar.renderers.terminal import BOLD, CYAN, GREEN, RED, YELLOW, Style

_SAID = {
    What.ENTERED: "enters",
    What.NOT_ELIGIBLE: "does not enter: not eligible",
    What.INSIDE: "does not enter: inside already",
    What.TOO_SOON: "does not enter: too soon after the last entry",
    What.HELD_OUT: "held out",
    What.DELIVERED: "delivered",
    What.HELD: "held",
    What.SUPPRESSED: "not sent",
    What.WAITING: "waits",
    What.WOKEN: "goes on",
    What.INTERRUPTED: "interrupted",
    What.EXIT: "exits",
    What.UNFINISHED: "unfinished",
}
_COLOURS = {
    What.DELIVERED: GREEN,
    What.GOAL: GREEN,
    What.SUPPRESSED: RED,
    What.HELD: YELLOW,
    What.EVENT: CYAN,
    What.EXIT: BOLD,
    What.ENTERED: BOLD,
}


def trace_text(project: Project, story: Story, *, colour: bool = False, marks: frozenset[int] = frozenset()) -> str:
    """What happened, when and why; values of private attributes and fields are masked.

    Times are the customer's own; a day is named once.  The happenings of these numbers are pointed at.
    """
    zone = customer_zone(story.attributes.get(zone_attribute(project)), project_zone(project))
    style, tracer = Style(colour=colour), Tracer(project)
    persona = f", {shown(story.persona)}" if story.persona else ""
    lines = [style(f"{shown(story.customer)}{persona}, times in {zone.name}", BOLD)]
    several = len({run.journey for run in story.runs}) > 1 or any(run.entry > 1 for run in story.runs)
    steps = [_step(one, several) for one in story.happenings]
    width = min(32, max((display_width(step) for step in steps), default=0))
    day = None
    for one, step in zip(story.happenings, steps, strict=True):
        if zone.date(one.at) != day:
            day = zone.date(one.at)
            lines += ["", style(f"{day} {zone.weekday(one.at)}", BOLD)]
        time = words.instant(one.at, zone).split(" ")[1]
        told = style(said(one), _COLOURS[one.what]) if one.what in _COLOURS else said(one)
        lines.append(
            f"{'>' if one.n in marks else ' '} {time:<8}  {padded(step, width)}  {told}{_payload(tracer.payload(one))}"
        )
        if one.why:
            because = "" if one.what is What.WAITING else "because "
            lines.append(f"            {' ' * width}    {because}{shown(one.why)}")
    if not story.happenings:
        lines += ["", "  Nothing happens to this customer."]
    lines += ["", *_endings(story, zone)]
    return "\n".join(lines).rstrip() + "\n"


def _step(one: Happening, several: bool) -> str:
    if not one.journey:
        return "customer"
    run = f"{shown(one.journey)} {one.entry}: " if several else ""
    return run + (shown(one.step) if one.step else shown(one.journey))


def said(one: Happening) -> str:
    """What happened, in a word or two."""
    detail = shown(one.detail)
    match one.what:
        case What.EVENT:
            answered = f" in answer to {shown(one.touchpoint)}" if one.touchpoint else ""
            return f"{shown(one.event or '')}{answered}"
        case What.SET:
            return f"sets {detail}"
        case What.DONE:
            return f"does {detail}" if detail else "done"
        case What.BRANCH:
            return {"true": "yes", "false": "no"}.get(one.detail, detail)
        case What.ARM:
            return f"arm {detail}" if detail else "no arm"
        case What.GOAL:
            return f"goal {detail} reached" + (" (held out)" if one.held_out else "")
        case What.SUPPRESSED | What.HELD:
            return f"{_SAID[one.what]} ({detail})" if detail else _SAID[one.what]
        case What.EXIT:
            return f"exits {detail}" if detail else "exits"
    return _SAID[one.what]


def _payload(fields: list[tuple[str, Type, Value]]) -> str:
    said = [f"{shown(name)} = {shown(words.value(value, type))}" for name, type, value in fields]
    return f" ({', '.join(said)})" if said else ""


def _endings(story: Story, zone: Zone) -> Iterator[str]:
    for run in story.runs:
        lasted, last = words.duration(run.ended - run.began), words.instant(run.ended, zone)
        end = f"exit {shown(run.outcome)} after" if run.outcome else "unfinished after"
        if run.held_out:
            end = "held out, followed for"
        yield f"{shown(run.journey)}, entry {run.entry}: {end} {lasted}, {last}"
