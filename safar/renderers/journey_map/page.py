"""From places as read from the left to places on the page, which may be read from the right."""

from __future__ import annotations

import msgspec

from safar.renderers.svg_parts import n


class Page(msgspec.Struct, frozen=True):
    """`width` of what is drawn, without margins; `key` begins every id.

    >>> Page(100.0, True, "k").rect(10, 5, 20, 8)
    'x="70" y="5" width="20" height="8"'
    """

    width: float
    rtl: bool
    key: str

    def x(self, x: float) -> float:
        """Where a point stands."""
        return self.width - x if self.rtl else x

    def side(self, left: float, width: float) -> tuple[float, float]:
        """From where to where a piece reaches, the lower number first."""
        return (self.width - left - width, self.width - left) if self.rtl else (left, left + width)

    def rect(self, left: float, top: float, width: float, height: float) -> str:
        """The attributes of a rectangle."""
        return f'x="{n(self.side(left, width)[0])}" y="{n(top)}" width="{n(width)}" height="{n(height)}"'

    def id(self, name: str) -> str:
        return f'id="{self.key}-{name}"'
