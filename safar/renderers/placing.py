"""From a picture to places: in one piece or, if it is large, each stage by itself; simpler where that is slow."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safar.renderers import dot, graphviz_engine
from safar.renderers.flow.closing import closed
from safar.renderers.flow.grouped import MANY, grouped
from safar.renderers.graphviz_engine import NoLayoutError
from safar.renderers.layout import Placed, place, size
from safar.renderers.picture import Picture


def placed(picture: Picture, engine: str = "", *, whole: bool | None = None) -> Placed:
    """Where everything stands.  `whole`: all in one piece, or each stage by itself; None: by the number of boxes.

    Where no layout is found in time, or the engine fails, a simpler picture is placed that says so in its head: each
    stage by itself, then stages as one box each, every time in half the time of the one before.
    Raises `DrawingError` where none can be laid out.
    """
    found: NoLayoutError | None = None
    for number, one in enumerate(_ever_simpler(picture, len(picture.boxes) < MANY if whole is None else whole)):
        sized = size(one)
        try:
            answers = graphviz_engine.lay_out(dot.skeletons(sized), engine, graphviz_engine.TIME / 2**number)
        except NoLayoutError as error:
            found = found or error
        else:
            return place(sized, *answers)
    assert found is not None
    raise found


def _ever_simpler(picture: Picture, whole: bool) -> Iterator[Picture]:
    if whole:
        yield picture
        yield _noting(grouped(picture), "simpler whole")
    else:
        yield grouped(picture)
    yield _noting(closed(picture, range(len(picture.stages))), "simpler closed")


def _noting(picture: Picture, key: str) -> Picture:
    notice = picture.words.say(key)
    return msgspec.structs.replace(picture, details=(*picture.details, notice), notice=notice)
