"""The most messages that one customer can get, for people: a table, and who gets so many."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from safar.engine.model import Project
from safar.engine.prove.together.joint import Replayed
from safar.engine.prove.together.most import Most
from safar.engine.simulate import words
from safar.engine.simulate.happening import Happening, What
from safar.renderers.table import shown, table
from safar.renderers.terminal import BOLD, Style
from safar.renderers.trace_text import trace_text

ALL = "all messages"
_MOST_LINES = 30
"""Messages of one customer that are listed."""


def pressure_text(
    project: Project, figures: Sequence[Most], style: Style, *, who: bool = False, brief: bool = False
) -> str:
    """The table; unless `brief`, of each row the customer of the longest time, with `who` his whole story."""
    lines = [style("the most messages that one customer can get", BOLD), "", *_table(figures, style)]
    if not brief:
        for one in _shown(figures):
            lines += ["", *_customer(project, one, style, who=who)]
        lines += ["", *_legend(figures)]
    return "".join(f"{line}\n" for line in lines)


def _table(figures: Sequence[Most], style: Style) -> list[str]:
    periods = list(dict.fromkeys(one.figure.stretch.words for one in figures))
    rows = [["", *(f"per {one}" for one in periods)]]
    for name in dict.fromkeys(one.figure.deed.name for one in figures):
        cells = {one.figure.stretch.words: number(one) for one in figures if one.figure.deed.name == name}
        rows.append([shown(name) or ALL, *(cells[period] for period in periods)])
    head, *lines = table(rows, right=frozenset(range(1, len(periods) + 1)))
    return [style(head, BOLD), *lines]


def number(one: Most) -> str:
    """One figure: a number where it is exact, else from what is reached to what is proved."""
    if one.exact:
        return f"{one.reached:,}"
    return f"{one.reached:,} to {one.bound:,.0f}" if one.bound < math.inf else "without bound"


def _shown(figures: Sequence[Most]) -> Iterator[Most]:
    """Of each row the last figure of which there is a customer."""
    for name in dict.fromkeys(one.figure.deed.name for one in figures):
        having = [one for one in figures if one.figure.deed.name == name and one.replayed is not None]
        if having:
            yield having[-1]


def _customer(project: Project, one: Most, style: Style, *, who: bool) -> Iterator[str]:
    replayed = one.replayed
    assert replayed is not None
    marked = _counted(project, one, replayed)
    yield style(f"{shown(one.figure.deed.name) or ALL}, per {one.figure.stretch.words}: {number(one)}", BOLD)
    yield f"  {_because(one)}"
    yield f"  {_person(replayed)} gets {one.reached:,}:"
    if who:
        text = trace_text(project, replayed.telling.story, colour=style.colour, marks=frozenset(h.n for h in marked))
        yield from (f"  {line}".rstrip() for line in text.rstrip("\n").split("\n"))
        return
    rows = [(_when(replayed, h), shown(h.detail), f"{shown(h.journey)}: {shown(h.step)}") for h in marked[:_MOST_LINES]]
    yield from table(rows, indent=4)
    if len(marked) > _MOST_LINES:
        yield f"    ... {len(marked) - _MOST_LINES:,} more"


def _because(one: Most) -> str:
    if one.limited:
        return "no more, by the channels' limits"
    parts = [f"{shown(name)} {count:,.0f}" for name, count in one.share.items() if count and count < math.inf]
    endless = [shown(name) for name, count in one.share.items() if count == math.inf]
    if endless:
        return f"nothing bounds what comes from {', '.join(endless)}"
    return f"no more, by what each journey can bring: {', '.join(parts)}" if parts else "nothing is sent"


def _person(replayed: Replayed) -> str:
    scenario = replayed.scenario
    return f"a {shown(scenario.persona)}" if scenario.persona else "one customer"


def _counted(project: Project, one: Most, replayed: Replayed) -> list[Happening]:
    """The deliveries that are counted."""
    numbers = {seen.n for seen in replayed.telling.told.seen(one.figure.deed) if seen.at in replayed.instants}
    return [h for h in replayed.telling.story.happenings if h.n in numbers and h.what is What.DELIVERED]


def _when(replayed: Replayed, one: Happening) -> str:
    return words.instant(one.at, replayed.telling.told.zone).rsplit(" ", 1)[0]


def _legend(figures: Sequence[Most]) -> Iterator[str]:
    if all(one.exact for one in figures):
        yield "every number is exact: proved for every customer, and reached by a replayed one"
    else:
        yield "`m to n`: no customer gets more than n, and a replayed one gets m; what lies between is not known"
