"""The most messages that any one customer can get over all journeys of a project, as a person asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from safar.checking import Ground
from safar.choosing import Chosen, choose_all
from safar.engine.model import Project
from safar.engine.names import fold, nearest
from safar.engine.program import lower
from safar.engine.prove.together.most import Most, Together, messages
from safar.engine.prove.together.stretch import Figure, Stretch, stretch
from safar.errors import SelectionError

PERIODS = ("1d", "7d", "30d")
_SECONDS = {"h": 3_600, "d": 86_400, "w": 604_800}

Progress = Callable[[int, int], None]


class Pressure(msgspec.Struct, frozen=True, kw_only=True):
    """For each channel, then for all messages, and for each period the most that one customer can get.

    `root` is the project's folder.
    """

    project: Project
    root: Path
    figures: tuple[Most, ...]

    @property
    def exact(self) -> bool:
        """Whether a replayed customer reaches every figure."""
        return all(one.exact for one in self.figures)


def pressure(
    where: str | Path = ".",
    *,
    per: Sequence[str] = PERIODS,
    channel: Sequence[str] = (),
    project: str | Path | None = None,
    limits: Mapping[str, int | str] | None = None,
    progress: Progress | None = None,
) -> Pressure:
    """The most marketing messages that any one customer can get, over all journeys of the project of a file or folder.

    `per` are stretches such as `7d` (any 7 days), `day` and `week` (of the calendar); `channel` leaves others out.  A
    figure's `bound` is proved for every customer, timing and choice; its `replayed` customer gets so many, by the plain
    interpreter: where both are the same the figure is exact.

    Raises `SelectionError` for what there is not, `JourneyError` where a file has errors.
    """
    if not Path(where).exists():
        raise SelectionError(f"there is no file or folder {where}")
    chosen = choose_all(where, Ground(None if project is None else Path(project), limits or {}))
    if not chosen.project.journeys:
        raise SelectionError(f"no journey in {chosen.home.root}")
    figures = list(_figures(chosen, [_stretch(text, chosen) for text in per], channel))
    programs = [lower(chosen.project, journey) for journey in chosen.project.journeys.values()]
    together = Together(programs, figures)
    found = []
    for number, figure in enumerate(figures, 1):
        found.append(together.most(figure))
        if progress is not None:
            progress(number, len(figures))
    return Pressure(project=chosen.project, root=chosen.home.root, figures=tuple(together.again(one) for one in found))


def _figures(chosen: Chosen, stretches: Sequence[Stretch], named: Sequence[str]) -> Iterator[Figure]:
    outbound = [one.name for one in chosen.project.vocabulary.channels.values() if one.outbound]
    for name in named:
        if fold(name) not in map(fold, outbound):
            near = nearest(name, outbound)
            raise SelectionError(f"no outbound channel `{name}`" + (f"; did you mean `{near}`?" if near else ""))
    wanted = [one for one in outbound if not named or fold(one) in map(fold, named)]
    for name in (*wanted, *(() if named else ("",))):
        yield from (Figure(messages(name), stretch) for stretch in stretches)


def _stretch(text: str, chosen: Chosen) -> Stretch:
    if text in ("day", "week"):
        return stretch(chosen.project, text)
    number, unit = text[:-1], text[-1:]
    if not number.isdecimal() or unit not in _SECONDS or not int(number):
        raise SelectionError(f"`{text}` is no period; write it as 7d, 2w or 12h, or say day or week of the calendar")
    return stretch(chosen.project, "window", int(number) * _SECONDS[unit])
