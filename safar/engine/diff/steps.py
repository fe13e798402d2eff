"""Steps that were added, taken out, renamed, moved or changed."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safar.engine.diff import wording
from safar.engine.diff.change import About, Change, Effect
from safar.engine.diff.fields import differing
from safar.engine.diff.matching import Matched, Pair, Spot, own
from safar.engine.diff.renaming import Names, told
from safar.engine.model import Stage
from safar.engine.names import fold
from safar.engine.steps.split import Split
from safar.engine.steps.touchpoint import Meet

_OF_TOUCHPOINTS = frozenset(("name", "transactional"))
_OF_STAGES = frozenset(("name", "steps", "interrupts"))


def changes(matched: Matched, journey: str) -> Iterator[Change]:
    """What happened to the steps and stages of a journey, in the order of the new version; what is gone comes last."""
    names = matched.names
    yield from _stages(matched, journey, names)
    told_of = {id(one.new): one for one in matched.pairs}
    for spot in sorted((*matched.added, *(one.new for one in matched.pairs)), key=lambda one: one.number):
        pair = told_of.get(id(spot))
        if pair is None:
            yield _alone(spot, journey, added=True)
        else:
            yield from _both(pair, journey, names)
    yield from (_alone(spot, journey, added=False) for spot in matched.removed)


def _alone(spot: Spot, journey: str, *, added: bool) -> Change:
    word = wording.step(spot.step)
    kind = "added" if added else "removed"
    return Change(
        kind=kind,
        journey=journey,
        subject=word,
        message=f"`{word}` {_where(spot)} {'is new' if added else 'is gone'}",
        old=None if added else spot.step.span,
        new=spot.step.span if added else None,
    )


def _where(spot: Spot) -> str:
    if not spot.around:
        return f"in stage `{spot.stage.name}`"
    outer, way = spot.around[-1]
    inside = f", `{way}`," if way not in ("then", "otherwise") and not way.startswith("ways ") else ""
    return f"{'otherwise ' if way == 'otherwise' else ''}in `{wording.step(outer.step)}`{inside}"


def _both(pair: Pair, journey: str, names: Names) -> Iterator[Change]:
    old, new = pair.old.step, pair.new.step
    word = wording.step(new)
    base = Change(journey=journey, subject=word, message="", old=old.span, new=new.span)
    if pair.renamed:
        yield msgspec.structs.replace(base, kind="renamed", message=_renamed(pair))
    if pair.moved:
        message = f"`{word}` stands elsewhere: {_where(pair.new)}, and was {_where(pair.old)}"
        if _where(pair.new) == _where(pair.old):
            message = f"`{word}` stands elsewhere {_where(pair.new)}"
        yield msgspec.structs.replace(base, kind="moved", message=message)
    yield from _content(pair, base, names)


def _renamed(pair: Pair) -> str:
    old, new = pair.old.step, pair.new.step
    if not old.name or not new.name:
        words = f"is called `{new.name}` now" if new.name else f"is not called `{old.name}` any more"
        return f"`{wording.step(new)}` {words}"
    return f"`{old.name}` is called `{new.name}` now; chances in it are drawn anew, because names are their keys"


def _content(pair: Pair, base: Change, names: Names) -> Iterator[Change]:
    old, new = own(pair.old.step), own(pair.new.step)
    replace = msgspec.structs.replace
    if isinstance(old, Meet) and isinstance(new, Meet):
        if not (old.declared and new.declared):
            for about, message in differing(old.touchpoint, new.touchpoint, names, _OF_TOUCHPOINTS):
                yield replace(base, about=about, message=f"{base.subject}: {message}")
        return
    said = [told(replace(one, name=""), names if one is old else Names()) for one in (old, new)]
    if said[0] == said[1]:
        return
    if isinstance(old, Split) and isinstance(new, Split):
        yield from _splits(old, new, base, names)
        return
    words = wording.step(pair.old.step), wording.step(pair.new.step)
    if words[0] != words[1]:
        yield replace(base, message=f"`{words[0]}` is now `{words[1]}`")
        return
    for about, message in differing(old, new, names, frozenset(("name",))):
        yield replace(base, about=about, message=f"{base.subject}: {message}")


def _splits(old: Split, new: Split, base: Change, names: Names) -> Iterator[Change]:
    replace = msgspec.structs.replace
    words = wording.step(old), wording.step(new)
    if words[0] != words[1]:
        yield replace(base, message=f"`{words[0]}` is now `{words[1]}`: some customers take another arm")
    elif told(old.title) != told(new.title) or old.arms != new.arms:
        yield replace(base, about=About.TEXT, message=f"split {new.name}: title changed")


def _stages(matched: Matched, journey: str, names: Names) -> Iterator[Change]:
    for old, new in matched.stages:
        if old is None and new is not None:
            yield _stage(new, journey, "added", f"stage `{new.name}` is new")
        elif new is None and old is not None:
            yield _stage(old, journey, "removed", f"stage `{old.name}` is gone")
        elif old is not None and new is not None:
            yield from _stage_pair(old, new, journey, names)
    order = [(one, other) for one, other in matched.stages if one is not None and other is not None]
    later = sorted(order, key=lambda pair: pair[1].span.start)
    if [pair[1].name for pair in later] != [pair[1].name for pair in order]:
        stage = later[0][1]
        yield Change(
            kind="moved", journey=journey, subject="stages", message="stages stand in another order", new=stage.span
        )


def _stage(stage: Stage, journey: str, kind: str, message: str) -> Change:
    old, new = (None, stage.span) if kind == "added" else (stage.span, None)
    subject = f"stage {stage.name}"
    return Change(effect=Effect.CHANGED, kind=kind, journey=journey, subject=subject, message=message, old=old, new=new)


def _stage_pair(old: Stage, new: Stage, journey: str, names: Names) -> Iterator[Change]:
    base = Change(journey=journey, subject=f"stage {new.name}", message="", old=old.span, new=new.span)
    if fold(old.name) != fold(new.name):
        renamed = f"stage `{old.name}` is called `{new.name}` now"
        yield msgspec.structs.replace(base, kind="renamed", message=renamed)
    for about, message in differing(old, new, names, _OF_STAGES):
        yield msgspec.structs.replace(base, about=about, message=f"stage {new.name}: {message}")
