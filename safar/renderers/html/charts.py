"""Charts as SVG without texts: figures stand beside them.  They are as wide as their place, and mirrored where one
reads from the right.
"""

from __future__ import annotations

from fractions import Fraction

from safar.engine.simulate.statistics import Times
from safar.renderers.html.markup import Markup, joined, tag

_STEPS = 50


class Charts:
    """Charts of one reading direction; all shares are of `most`, which is as wide as the chart."""

    def __init__(self, *, rtl: bool) -> None:
        self._turn = "translate(100 0) scale(-1 1)" if rtl else None

    def bar(self, share: float) -> Markup:
        return self._svg("bar", 10, _strip("amount", 0, share, 2, 6))

    def interval(self, figures: tuple[float, float, float], target: float | None, most: float) -> Markup:
        """Low, found, high, and where it should be."""
        low, found, high = (figure / most if most else 0 for figure in figures)
        marks = [_strip("range", low, high, 3, 4), _strip("amount", found - 0.006, found + 0.006, 1, 8)]
        if target is not None and most:
            marks.append(_strip("wanted", target / most - 0.004, target / most + 0.004, 0, 10))
        return self._svg("bar", 10, *marks)

    def swing(self, lowered: float, found: float, raised: float, bounds: tuple[float, float]) -> Markup:
        """From what was found to what a smaller and a greater assumption make of it; `bounds` are the chart's ends."""
        least, most = bounds
        width = (most - least) or 1.0
        low, middle, high = (0.02 + 0.96 * (rate - least) / width for rate in (lowered, found, raised))
        marks = [
            _strip(kind, min(middle, other), max(middle, other), 2, 6)
            for kind, other in (("range", low), ("amount", high))
        ]
        return self._svg("bar", 10, *marks, _strip("middle", middle - 0.002, middle + 0.002, 0, 10))

    def curve(self, times: Times, longest: int) -> Markup:
        """Which share of those who reach a goal has done so by when."""
        points = [(0.0, 100.0)]
        for step in range(1, _STEPS + 1):
            at = times.quantile(Fraction(step, _STEPS)) or 0
            points.append((100 * at / longest if longest else 0, 100 - 100 * step / _STEPS))
        marks = [_level(50), _level(10)]
        drawn = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
        return self._svg("curve", 100, *marks, tag("polyline", points=drawn))

    def _svg(self, kind: str, height: int, *marks: Markup) -> Markup:
        group = tag("g", joined(*marks), transform=self._turn)
        box = f"0 0 100 {height}"
        return tag("svg", group, class_=kind, viewBox=box, preserveAspectRatio="none", aria_hidden="true")


def _strip(kind: str, start: float, end: float, top: int, height: int) -> Markup:
    left, right = (100 * min(max(at, 0), 1) for at in (start, end))
    return tag("rect", class_=kind, x=f"{left:.2f}", y=top, width=f"{max(right - left, 0):.2f}", height=height)


def _level(y: int) -> Markup:
    return tag("line", class_="mark", x1=0, x2=100, y1=y, y2=y)
