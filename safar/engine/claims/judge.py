"""Whether claims hold: each broken one with what broke it, in words and as the happenings that did."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import msgspec

from safar.engine import spelling
from safar.engine.claims.sightings import Entry, Lookout, Sighting
from safar.engine.names import fold
from safar.engine.promises import (
    Apart,
    AtMost,
    Claim,
    Deed,
    Ends,
    Follows,
    LeavesBy,
    Never,
    NotBefore,
    NotInStage,
    OffHours,
    OnlyIf,
    TakesPath,
)
from safar.engine.simulate.clock import Zone
from safar.engine.simulate.happening import Happening, Run, What
from safar.engine.simulate.words import duration, instant


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A story, and what was noted meanwhile.  `began` is the instant from which its times are counted; `until` the last
    one that was looked at (None: the story is over)."""

    happenings: tuple[Happening, ...]
    runs: tuple[Run, ...]
    lookout: Lookout
    zone: Zone
    began: int
    week_starts: str = "monday"
    until: int | None = None

    def may_come(self, at: int) -> bool:
        """Whether that instant was not looked at any more."""
        return self.until is not None and self.until < at

    def seen(self, deed: Deed) -> list[Sighting]:
        return self.lookout.seen[deed, None]

    def when(self, at: int) -> str:
        """An instant as the script counts it, and on the customer's clock."""
        return f"at +{duration(at - self.began)} ({instant(at, self.zone)})"


class Broken(msgspec.Struct, frozen=True):
    """What breaks a claim, the happenings it is about (`n`), and what was wanted: names of places, for the reasons."""

    message: str
    about: tuple[int, ...] = ()
    wanted: tuple[str, ...] = ()


def broken(claim: Claim, told: Told) -> Broken | None:
    """What breaks a claim in a story; None where it holds."""
    match claim:
        case TakesPath():
            return _path(claim, told)
        case LeavesBy():
            return _exit(claim, told)
        case Follows():
            return _follows(claim, told)
        case AtMost():
            return _at_most(claim, told)
        case Ends():
            return _ends(claim, told)
        case Never():
            return _never(claim, told)
    return None


def _named(deed: Deed) -> str:
    """What a deed is called where it is spoken of."""
    if deed.kind == "messages":
        return "any messages" if deed.every else "messages"
    return f"{deed.name}({deed.answers})" if deed.answers else deed.name or deed.kind


# --- the path


def _path(claim: TakesPath, told: Told) -> Broken | None:
    met = [one for one in told.happenings if one.what is What.DELIVERED]
    reached, at = _furthest(claim.stops, met)
    if at is None:
        return None
    stops = claim.stops
    wanted = next((stop for stop in stops[reached:] if stop is not None), None)
    before = f"after `{met[at - 1].step}` " if at else ""
    comes = f"comes `{met[at].step}` {told.when(met[at].at)}" if at < len(met) else "nothing is delivered"
    hoped = f"not `{wanted}`" if wanted is not None else "and the path ends before"
    if at >= len(met):
        hoped = f"and `{wanted}` is wanted"
    about = (met[at].n,) if at < len(met) else (met[-1].n,) if met else ()
    return Broken(
        f"the path goes another way: {before}{comes}, {hoped}", about, (wanted,) if wanted is not None else ()
    )


def _furthest(stops: Sequence[str | None], met: Sequence[Happening]) -> tuple[int, int | None]:
    """How many stops are met at most before the deliveries lead astray, and at which delivery that is (None: never).

    All ways to lay the stops over the deliveries are followed at once: a set of numbers of stops met.
    """
    wide = [frozenset({fold(stop)}) if stop is not None else None for stop in stops]
    here = _with_gaps({0}, wide)
    for number, one in enumerate(met):
        names = {fold(one.step), fold(one.touchpoint)}
        there = {at for at in here if at < len(wide) and wide[at] is None}
        there |= {at + 1 for at in here if at < len(wide) and (wish := wide[at]) is not None and wish & names}
        if not there:
            return max(here), number
        here = _with_gaps(there, wide)
    return (len(wide), None) if len(wide) in here else (max(here), len(met))


def _with_gaps(here: set[int], wide: Sequence[frozenset[str] | None]) -> set[int]:
    """`...` may stand for nothing."""
    for at, wish in enumerate(wide):
        if wish is None and at in here:
            here.add(at + 1)
    return here


# --- exits


def _exit(claim: LeavesBy, told: Told) -> Broken | None:
    wanted = fold(claim.outcome)
    left = [run for run in told.runs if fold(run.outcome) == wanted]
    if any(claim.by is None or run.ended - told.began <= claim.by for run in left):
        return None
    exits = tuple(one.n for one in told.happenings if one.what in (What.EXIT, What.UNFINISHED))
    if left:
        ended = min(run.ended for run in left)
        late = duration(ended - told.began - (claim.by or 0))
        return Broken(f"`{claim.outcome}` comes {told.when(ended)}, {late} too late", exits)
    said = "; ".join(_ending(run, told) for run in told.runs) or "nobody enters"
    return Broken(f"no exit `{claim.outcome}`: {said}", exits, (f"exit:{claim.outcome}",))


def _ending(run: Run, told: Told) -> str:
    if run.outcome:
        return f"the run exits `{run.outcome}` {told.when(run.ended)}"
    return f"the run is unfinished {told.when(run.ended)}"


def _ends(claim: Ends, told: Told) -> Broken | None:
    for run in told.runs:
        if not run.outcome and told.may_come(run.began + claim.within + 1):
            continue
        if not run.outcome or run.ended - run.began > claim.within:
            about = tuple(one.n for one in told.happenings if one.what in (What.EXIT, What.UNFINISHED))
            lasted = duration(run.ended - run.began)
            allowed = spelling.duration(claim.within)
            return Broken(f"{_ending(run, told)}, {lasted} after its entry, and {allowed} are allowed", about)
    return None


# --- what follows


def _follows(claim: Follows, told: Told) -> Broken | None:
    effects = told.seen(claim.effect)
    for cause in told.seen(claim.cause):
        for entry in sorted(cause.inside):
            own = [one for one in effects if entry in one.entries and one.at >= cause.at]
            if any(one.at - cause.at <= claim.within for one in own) or told.may_come(cause.at + claim.within + 1):
                continue
            what, after = _named(claim.effect), _named(claim.cause)
            late = f"; it comes {told.when(own[0].at)}" if own else ""
            limit = spelling.duration(claim.within)
            message = f"no `{what}` within {limit} of `{after}` {told.when(cause.at)}{late}"
            return Broken(message, (cause.n, *(one.n for one in own[:1])), (what,))
    return None


# --- how often


def _at_most(claim: AtMost, told: Told) -> Broken | None:
    for group, within in _groups(claim, told):
        for first, last in zip(group, group[claim.count :], strict=False):
            if within is None or last.at - first.at < within:
                several = group[group.index(first) :][: claim.count + 1]
                shown = ", ".join(f"`{one.name}` {told.when(one.at)}" for one in several[-3:])
                more = "..., " if len(several) > 3 else ""
                limit = f"{claim.count} `{_named(claim.deed)}`{_per(claim)}"
                return Broken(f"more than {limit}: {more}{shown}", tuple(one.n for one in several))
    return None


def _per(claim: AtMost) -> str:
    if claim.window is not None:
        return f" per {spelling.duration(claim.window)}"
    return {"": "", "day": " per calendar day", "week": " per calendar week"}.get(claim.per, f" per {claim.per}")


def _groups(claim: AtMost, told: Told) -> Iterator[tuple[list[Sighting], int | None]]:
    """What is counted together, and within which time."""
    seen = told.seen(claim.deed)
    keys: dict[str, Callable[[Sighting], object]] = {
        "day": lambda one: told.zone.day(one.at),
        "week": lambda one: told.zone.week(one.at, told.week_starts),
        "run": lambda one: min(one.entries, default=None),
    }
    if claim.per not in keys:
        yield seen, claim.window if claim.per == "window" else None
        return
    groups: defaultdict[object, list[Sighting]] = defaultdict(list)
    for one in seen:
        groups[keys[claim.per](one)].append(one)
    for group in groups.values():
        yield group, None


# --- what never happens


def _never(claim: Never, told: Told) -> Broken | None:
    match claim:
        case Apart():
            return apart(claim, told)
        case NotBefore():
            return _too_early(claim, told)
        case OnlyIf():
            condition = " ".join(claim.condition.span.text.split())
            found = [one for one in told.lookout.seen[claim.deed, claim.condition] if not one.holds]
            because = f", and `{condition}` is not true"
        case OffHours():
            found = [one for one in told.seen(claim.deed) if _between(told.zone.time(one.at), claim.start, claim.end)]
            because = f", from {spelling.time_of_day(claim.start)} to {spelling.time_of_day(claim.end)}"
        case NotInStage():
            found = [one for one in told.seen(claim.deed) if fold(one.stage) == fold(claim.stage)]
            because = f", in stage `{claim.stage}`"
        case _:
            found, because = told.seen(claim.deed), ", and never should"
    if not found:
        return None
    return Broken(f"`{found[0].name}` happens {told.when(found[0].at)}{because}", tuple(one.n for one in found))


def _between(time: int, start: int, end: int) -> bool:
    """Whether a time of day is in a stretch that may go over midnight; its end is out."""
    return start <= time < end if start < end else time >= start or time < end


def _shared(one: Sighting, other: Sighting) -> frozenset[Entry]:
    return one.entries & other.entries


def apart(claim: Apart, told: Told, *, between_runs: bool = False) -> Broken | None:
    """What of one run comes too near to another; with `between_runs` of any two runs, of whatever journeys."""
    for one, other in itertools.product(told.seen(claim.deed), told.seen(claim.other)):
        if one.n == other.n or not (between_runs or _shared(one, other)):
            continue
        gap = abs(one.at - other.at)
        near = told.zone.day(one.at) == told.zone.day(other.at) if claim.within is None else gap < claim.within
        if near:
            first, second = sorted((one, other), key=lambda seen: seen.n)
            apart = "on the same day" if claim.within is None else f"{duration(gap)} apart"
            message = f"`{first.name}` {told.when(first.at)} and `{second.name}` {told.when(second.at)} are {apart}"
            return Broken(message, (first.n, second.n))
    return None


def _too_early(claim: NotBefore, told: Told) -> Broken | None:
    for one in told.seen(claim.deed):
        if not any(other.n < one.n and _shared(one, other) for other in told.seen(claim.other)):
            message = f"`{one.name}` happens {told.when(one.at)}, and no `{_named(claim.other)}` before it"
            return Broken(message, (one.n,), ())
    return None
