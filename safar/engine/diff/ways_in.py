"""How customers come into a journey and out of it: entries, coming again, hold-out, horizon, interrupts."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safar.engine import spelling
from safar.engine.diff import wording
from safar.engine.diff.change import About, Change, Effect
from safar.engine.diff.guards import consent
from safar.engine.diff.looser import compare
from safar.engine.diff.renaming import Names, meant
from safar.engine.expression import Expression, Or
from safar.engine.model import Entry, Interrupt, Journey, Reentry
from safar.engine.names import fold
from safar.engine.source import NOWHERE, Span
from safar.engine.steps.exit import Exit

replace = msgspec.structs.replace


def changes(old: Journey, new: Journey, names: Names, personas: tuple[str, ...]) -> Iterator[Change]:
    """What became looser or tighter at the doors of a journey."""
    base = Change(about=About.GUARD, journey=new.name, subject="", message="", old=old.span, new=new.span)
    yield from _entries(old, new, names, personas)
    yield from _again(old, new, base)
    yield from _held_out(old, new, base)
    if old.horizon != new.horizon:
        words = [f"horizon {spelling.duration(one.horizon)}" for one in (old, new)]
        effect = Effect.WEAKENED if new.horizon > old.horizon else Effect.STRENGTHENED
        yield replace(base, effect=effect, subject="horizon", message=f"`{words[0]}` is now `{words[1]}`")
    yield from _interrupts(old, new, names, personas)


# --- in


def _entries(old: Journey, new: Journey, names: Names, personas: tuple[str, ...]) -> Iterator[Change]:
    """Lines for the same event (or day) are one door: who passes any of them comes in."""
    was, now = _doors(old, names), _doors(new, Names())
    for key in was.keys() & now.keys():
        conditions = _any(was[key]), _any(now[key])
        compared = compare(*conditions, personas, names)
        if not compared.same:
            around = was[key][0].span, now[key][0].span
            yield consent(wording.entry(now[key][0]), "if", conditions, compared, around, new.name)
    for key in now.keys() - was.keys():
        word = wording.entry(now[key][0])
        effect = Effect.WEAKENED if old.entries else Effect.CHANGED
        message = f"`{word}` is new: more customers come in"
        yield _line(effect, "added", message, word, new.name, (NOWHERE, now[key][0].span))
    for key in was.keys() - now.keys():
        word = wording.entry(was[key][0])
        yield _line(Effect.STRENGTHENED, "removed", f"`{word}` is gone", word, new.name, (was[key][0].span, NOWHERE))


def _doors(journey: Journey, names: Names) -> dict[Entry, list[Entry]]:
    found: dict[Entry, list[Entry]] = {}
    for one in journey.entries:
        found.setdefault(meant(replace(one, condition=None), names), []).append(one)
    return found


def _any(lines: list[Entry]) -> Expression | None:
    """The condition under which one of the lines lets in."""
    found: Expression | None = None
    for number, one in enumerate(lines):
        if one.condition is None:
            return None
        if number == 0 or found is None:
            found = one.condition
        else:
            span = (
                found.span if found.span.source is not one.condition.span.source else found.span.to(one.condition.span)
            )
            found = Or(span=span, type=found.type, left=found, right=one.condition)
    return found


_HOW = {"never": 0, "after": 1, "always": 2}


def _sooner(one: Reentry | None) -> tuple[int, int]:
    """The greater, the sooner a customer may come again."""
    how = one.how if one is not None else "never"
    return _HOW[how], -one.after if one is not None and how == "after" else 0


def _again(old: Journey, new: Journey, base: Change) -> Iterator[Change]:
    was, now = _sooner(old.reenter), _sooner(new.reenter)
    if was == now:
        return
    words = wording.reenter(old.reenter), wording.reenter(new.reenter)
    spans = [one.reenter.span if one.reenter is not None else one.span for one in (old, new)]
    effect = Effect.WEAKENED if now > was else Effect.STRENGTHENED
    message = f"`{words[0]}` is now `{words[1]}`"
    yield replace(base, effect=effect, subject="reenter", message=message, old=spans[0], new=spans[1])


def _held_out(old: Journey, new: Journey, base: Change) -> Iterator[Change]:
    if old.hold_out == new.hold_out:
        return
    shares = [one.hold_out.share if one.hold_out is not None else 0 for one in (old, new)]
    words = [
        f"`hold out {spelling.percent(one.hold_out.share)}{' of project' if one.hold_out.of_project else ''}`"
        if one.hold_out is not None
        else "no `hold out`"
        for one in (old, new)
    ]
    spans = [one.hold_out.span if one.hold_out is not None else one.span for one in (old, new)]
    effect = Effect.CHANGED
    if shares[0] != shares[1]:
        effect = Effect.WEAKENED if shares[1] < shares[0] else Effect.STRENGTHENED
    message = f"{words[0]} is now {words[1]}"
    yield replace(base, effect=effect, subject="hold out", message=message, old=spans[0], new=spans[1])


# --- out


class _Way(msgspec.Struct, frozen=True, eq=False):
    """An interrupt of a journey (`stage` is empty) or of a stage."""

    stage: str
    one: Interrupt
    key: object


def _ways(journey: Journey, names: Names) -> list[_Way]:
    found = [_way("", one, names) for one in journey.interrupts]
    return [
        *found,
        *(_way(names.stage(stage.name), one, names) for stage in journey.stages for one in stage.interrupts),
    ]


def _way(stage: str, one: Interrupt, names: Names) -> _Way:
    reaction = meant(replace(one.reaction, name=""), names)
    if isinstance(reaction, Exit):
        reaction = replace(reaction, why="", outcome=fold(reaction.outcome))
    elif hasattr(reaction, "target"):
        target = names.stages.get(fold(reaction.target), names.step(reaction.target))
        reaction = replace(reaction, target=target)
    return _Way(stage, one, (meant(one.form, names), reaction))


def _interrupts(old: Journey, new: Journey, names: Names, personas: tuple[str, ...]) -> Iterator[Change]:
    was, now = _ways(old, names), _ways(new, Names())
    same = {fold(stage.name) for stage in new.stages}
    left = list(now)
    for way in was:
        others = [one for one in left if one.key == way.key and one.stage == way.stage]
        if others:
            left.remove(others[0])
            yield from _conditions(way, others[0], names, personas, new.name)
        elif not (way.stage and way.stage not in same) and not _wider(way, now):
            yield _gone(way, new.name)
    for way in left:
        if not _wider(way, was):
            word = wording.interrupt(way.one)
            effect = Effect.STRENGTHENED if isinstance(way.one.reaction, Exit) else Effect.CHANGED
            yield _line(effect, "added", f"`{word}` is new{_in(way)}", word, new.name, (NOWHERE, way.one.span))


def _wider(way: _Way, others: list[_Way]) -> bool:
    """Whether the same is said for the whole journey."""
    return bool(way.stage) and any(one.key == way.key and not one.stage and one.one.condition is None for one in others)


def _in(way: _Way) -> str:
    return f" in stage `{way.stage}`" if way.stage else ""


def _gone(way: _Way, journey: str) -> Change:
    word = wording.interrupt(way.one)
    out = isinstance(way.one.reaction, Exit)
    message = f"`{word}` is gone{_in(way)}" + (": a way out" if out else "")
    effect = Effect.WEAKENED if out else Effect.CHANGED
    return _line(effect, "removed", message, word, journey, (way.one.span, NOWHERE))


def _line(effect: Effect, kind: str, message: str, subject: str, journey: str, spans: tuple[Span, Span]) -> Change:
    old, new = (None if one is NOWHERE else one for one in spans)
    return Change(
        effect=effect,
        about=About.GUARD if effect is not Effect.CHANGED else About.BEHAVIOUR,
        kind=kind,
        journey=journey,
        subject=subject,
        message=message,
        old=old,
        new=new,
    )


def _conditions(old: _Way, new: _Way, names: Names, personas: tuple[str, ...], journey: str) -> Iterator[Change]:
    compared = compare(old.one.condition, new.one.condition, personas, names)
    if compared.same:
        return
    words = wording.interrupt(old.one), wording.interrupt(new.one)
    effect = Effect.CHANGED
    if isinstance(new.one.reaction, Exit):
        effect = Effect.STRENGTHENED if compared.known and compared.fewer is None else Effect.WEAKENED
    message = f"`{words[0]}` is now `{words[1]}`"
    yield _line(effect, "changed", message, words[1], journey, (old.one.span, new.one.span))
