"""What a simulation says of a journey's places, read from the file of `safar simulate --json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

FORMAT_VERSION = 1


class TrafficError(ValueError):
    """A file that is no result of this journey; the message says what to do."""


class Figure(msgspec.Struct, frozen=True):
    """A measure: its value in `unit` (a currency, `s` or empty) and whether its target is met; None: unknown."""

    value: float | None
    unit: str = ""
    met: bool | None = None


class StageTraffic(msgspec.Struct, frozen=True):
    """How many came into a stage, and out of it: on to another stage, or out of the journey, by outcome."""

    came: int
    went_on: int
    left: dict[str, int] = {}


class TouchpointTraffic(msgspec.Struct, frozen=True):
    delivered: int
    measures: dict[str, Figure] = {}


class StepTraffic(msgspec.Struct, frozen=True):
    """How often a step was come to."""

    visits: int


class Way(msgspec.Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """How many went from one step to another by one way."""

    start: str
    end: str
    label: str
    count: int


class Traffic(msgspec.Struct, frozen=True):
    """The counts of one journey, by the names of its parts."""

    entered: int
    stages: dict[str, StageTraffic]
    touchpoints: dict[str, TouchpointTraffic]
    measures: dict[str, Figure] = {}
    steps: dict[str, StepTraffic] = {}
    edges: tuple[Way, ...] = ()


class _Head(msgspec.Struct, frozen=True):
    """Of one journey, or of several together by their names."""

    format_version: int
    journey: str = ""
    journeys: dict[str, msgspec.Raw] = {}


def read(data: bytes, journey: str) -> Traffic:
    """The traffic of a journey out of a result.  Raises `TrafficError` where there is none in it."""
    try:
        head = msgspec.json.decode(data, type=_Head)
        if head.format_version != FORMAT_VERSION:
            raise TrafficError(f"the result has format {head.format_version}; simulate anew with this Safar")
        if journey not in (head.journey, *head.journeys):
            told = ", ".join(f"`{name}`" for name in (head.journey, *head.journeys) if name) or "none"
            raise TrafficError(f"the result tells of {told}, not of `{journey}`")
        return msgspec.json.decode(head.journeys.get(journey, data), type=Traffic)
    except msgspec.DecodeError as wrong:
        raise TrafficError("this is no result; write one with `safar simulate JOURNEY --json FILE`") from wrong


def of(figures: Mapping[str, Any]) -> Traffic:
    """The traffic in the figures of one journey."""
    return msgspec.convert(figures, type=Traffic)
