"""What a flow shows: which part of the journey, and what a simulation, a check and a customer's way add to it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from safar.engine.diagnostic import Diagnostic
from safar.engine.program import Program
from safar.renderers.flow.figures import figured
from safar.renderers.flow.findings import marked
from safar.renderers.flow.part import WHOLE, Part, part_of
from safar.renderers.flow.traces import Stop
from safar.renderers.flow.way import followed
from safar.renderers.labels import key_of
from safar.renderers.picture import Picture
from safar.renderers.traffic import Traffic
from safar.renderers.view import ALL_NOTES, PAINS, view


class Showing(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing but the part is needed.  `stays` go with `traffic`: mean seconds at each step.

    `way` is that of `customer`; `notes`: all lines of the map at touchpoints, not pains alone; `whole`: in one piece or
    each stage by itself (None: by the number of boxes).
    """

    part: Part = WHOLE
    traffic: Traffic | None = None
    stays: Mapping[str, float] = {}
    findings: tuple[Diagnostic, ...] = ()
    way: tuple[Stop, ...] = ()
    customer: str = ""
    notes: bool = False
    whole: bool | None = None


PLAINLY = Showing()


def show(program: Program, language: str = "", showing: Showing = PLAINLY) -> Picture:
    """The picture.  Raises `CutError` for a part that is not there."""
    picture = view(program, language, noted=ALL_NOTES if showing.notes else PAINS)
    if showing == PLAINLY:
        return picture
    if showing.traffic is not None:
        picture = figured(program, picture, showing.traffic, showing.stays)
    if showing.way:
        picture = followed(program, picture, showing.way, showing.customer)
    if showing.findings:
        picture = marked(program, picture, showing.findings)
    key = key_of(picture.key, repr(showing.part))
    return part_of(program, msgspec.structs.replace(picture, key=key), showing.part)
