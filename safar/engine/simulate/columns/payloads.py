"""The fields that a line fills, drawn for a whole batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from safar.engine.model import Filled
from safar.engine.simulate import chance as single
from safar.engine.simulate.columns import chance
from safar.engine.simulate.columns.amounts import amount
from safar.engine.simulate.columns.cells import Array
from safar.engine.simulate.columns.column import Column, Interner
from safar.engine.simulate.columns.look import Look


class Fill(msgspec.Struct, frozen=True, eq=False):
    field: str
    part: int
    draw: Callable[[Any, Any], Column]


def fills(written: Sequence[Filled], codes: Interner) -> tuple[Fill, ...]:
    return tuple(
        Fill(
            one.field,
            single.together(single.PAYLOAD, single.name_part(one.field)),
            amount(one.cases, one.type, codes, _some),
        )
        for one in written
    )


def drawn(fields: Sequence[Fill], look: Look, key: Array) -> dict[str, Column]:
    """Each field by its own name under the key of its line."""
    if not fields:
        return {}
    return {one.field: one.draw(look, chance.uniform(chance.mix(key, one.part))) for one in fields}


def _some(look: Any, index: Any) -> Any:
    return look.some(index)
