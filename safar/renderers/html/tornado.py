"""Which assumption moves the goal most, as a chart: the table of `safar sensitivity --json`, the greatest on top."""

from __future__ import annotations

import msgspec

from safar.renderers.html.charts import Charts
from safar.renderers.html.markup import Markup, joined, tag
from safar.renderers.html.numbers import Numbers
from safar.renderers.html.tables import name, table
from safar.renderers.terminal import visible

FORMAT_VERSION, MOST = 1, 15


class TornadoError(ValueError):
    """A file that is no such table, or of another journey; the message says what to do."""


class Assumed(msgspec.Struct, frozen=True):
    """An assumption, and the goal's rate with it lowered and raised."""

    kind: str
    of: str
    written: str
    path: str
    line: int
    lowered: float
    raised: float


class Tornado(msgspec.Struct, frozen=True):
    format_version: int
    goal: str
    rate: float
    moved_by: float
    assumptions: tuple[Assumed, ...]
    customers: int | None = None

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest rate of all."""
        rates = (self.rate, *(rate for one in self.assumptions for rate in (one.lowered, one.raised)))
        return min(rates), max(rates)


def read(data: bytes) -> Tornado:
    """The table in a file.  Raises `TornadoError` where there is none in it."""
    try:
        found = msgspec.json.decode(data, type=Tornado)
    except msgspec.DecodeError as wrong:
        said = "this is no table of assumptions; write one with `safar sensitivity JOURNEY --json FILE`"
        raise TornadoError(said) from wrong
    if found.format_version != FORMAT_VERSION:
        raise TornadoError(f"the table has format {found.format_version}; write it anew with this Safar")
    return found


def drawn(tornado: Tornado, goal: str, numbers: Numbers) -> Markup:
    """The chart of the greatest effects on the goal of this title."""
    charts, say = Charts(rtl=numbers.language == "fa"), numbers.say
    greatest = sorted(tornado.assumptions, key=lambda one: -abs(one.raised - one.lowered))[:MOST]
    by = numbers.written(f"{100 * tornado.moved_by:.4g}%")
    rows = [
        (
            _assumption(one, numbers),
            numbers.share(one.lowered),
            numbers.share(one.raised),
            tag("div", charts.swing(one.lowered, tornado.rate, one.raised, tornado.bounds), class_="chart"),
        )
        for one in greatest
    ]
    told = tag("p", say("tornado told", by=by, rate=numbers.share(tornado.rate)), class_="faint")
    left = len(tornado.assumptions) - len(greatest)
    more = tag("p", say("further", count=numbers.count(left)), class_="faint") if left else ""
    head = [say("assumption"), say("lowered", by=by), say("raised", by=by), ""]
    return joined(tag("h3", name(goal)), told, table(head, rows, numbers=2), more)


def _assumption(one: Assumed, numbers: Numbers) -> Markup:
    kind = numbers.say(f"assumed {one.kind}") if one.kind in ("chance", "rate", "delay") else visible(one.kind)
    place = tag("span", tag("bdi", visible(f"{one.path}:{one.line}")), class_="faint place")
    return joined(kind, " ", name(visible(one.of)), " ", tag("bdi", visible(one.written), dir="ltr"), tag("br"), place)
