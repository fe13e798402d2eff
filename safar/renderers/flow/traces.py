"""Traces of customers, as `safar simulate --traces` writes them: one's way, and how long all stay at each step."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from safar.engine.simulate.happening import Happening, What


class WayError(ValueError):
    """There is no such way; the message says what to do."""


class Stop(msgspec.Struct, frozen=True):
    """Something happened to the customer at a step, `at` an instant in seconds; `detail` as in traces."""

    at: int
    step: str
    detail: str = ""


class _Line(msgspec.Struct):
    customer: str
    at: str
    what: str
    journey: str | None = None
    entry: int | None = None
    step: str | None = None
    detail: str | None = None


def way(data: bytes, journey: str, customer: str) -> tuple[Stop, ...]:
    """A customer's first run through a journey.  Raises `WayError` where there is none."""
    own = [one for one in _lines(data, journey) if one.customer == customer]
    if not own:
        raise WayError(f"the trace has no run of customer `{customer}` through `{journey}`")
    first = own[0].entry
    return tuple(Stop(_instant(one.at), one.step or "", one.detail or "") for one in own if one.entry == first)


def way_of(happenings: Sequence[Happening], journey: str, customer: str) -> tuple[Stop, ...]:
    """The same out of a customer's story."""
    own = [one for one in happenings if one.journey == journey and one.entry and one.step]
    if not own:
        raise WayError(f"customer `{customer}` has no run through `{journey}`; `safar trace` says why")
    return tuple(Stop(one.at, one.step, one.detail) for one in own if one.entry == own[0].entry)


def stays(data: bytes, journey: str) -> Mapping[str, float]:
    """Mean seconds from coming to a step to leaving it, by step; stays that never ended do not count."""
    sums: dict[str, list[int]] = {}
    here: dict[tuple[str, int | None], tuple[str, int, int]] = {}
    for one in _lines(data, journey):
        run, at, step = (one.customer, one.entry), _instant(one.at), one.step or ""
        last = here.get(run)
        if last is not None and last[0] == step:
            here[run] = (step, last[1], at)
        else:
            _left(last, sums)
            here[run] = (step, at, at)
        if one.what == What.UNFINISHED.value:
            del here[run]
    for last in here.values():
        _left(last, sums)
    return {step: seconds / many for step, (seconds, many) in sums.items()}


def _left(stay: tuple[str, int, int] | None, sums: dict[str, list[int]]) -> None:
    if stay is not None:
        step, came, went = stay
        found = sums.setdefault(step, [0, 0])
        found[0] += went - came
        found[1] += 1


def _lines(data: bytes, journey: str) -> Iterator[_Line]:
    """What happened at steps, in runs of the journey."""
    decoder = msgspec.json.Decoder(_Line)
    try:
        for line in data.splitlines():
            one = decoder.decode(line)
            if one.journey == journey and one.entry and one.step:
                yield one
    except msgspec.DecodeError as wrong:
        raise WayError("this is no trace; write one with `safar simulate JOURNEY --traces FILE`") from wrong


def _instant(text: str) -> int:
    try:
        return int(datetime.datetime.fromisoformat(text).timestamp())
    except ValueError as wrong:
        raise WayError(f"the trace has `{text[:40]}` for an instant; write it anew with `safar simulate`") from wrong
