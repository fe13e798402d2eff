"""What was promised and is proved now, or not: the rules of both versions, and whether a rule promises less."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from safar.engine.diff import wording
from safar.engine.diff.change import About, Change, Effect, Promise
from safar.engine.diff.looser import compare
from safar.engine.diff.renaming import Names, told
from safar.engine.model import Journey
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.promises import Apart, AtMost, Claim, Ends, Follows, Never, OffHours, OnlyIf, Reachable, Rule
from safar.engine.prove.rules import Question, Systems, questions, verdict
from safar.engine.prove.wording import claim_text

replace = msgspec.structs.replace
_OF_ALL = (AtMost, Reachable)
"""Rules of a project that no journey keeps alone."""

Pairs = Sequence[tuple[Question | None, Question | None]]


def paired(old: Sequence[Program], new: Sequence[Program], renamed: dict[str, str]) -> Pairs:
    """The rules of both versions by journey and name; `renamed` are journeys, by folded names."""
    was = {_key(one, renamed): one for one in questions(old)}
    now = {_key(one, {}): one for one in questions(new)}
    return [(was.get(key), now.get(key)) for key in dict.fromkeys((*now, *was))]


def _key(one: Question, renamed: dict[str, str]) -> tuple[str, str]:
    journey = fold(one.journey)
    return renamed.get(journey, journey), fold(one.rule.name)


# --- rules as they are written


def changes(pairs: Pairs, names: dict[str, Names]) -> Iterator[Change]:
    """Rules that were taken out, added, or say something else; `names` are those of each journey, folded."""
    for old, new in pairs:
        if new is None and old is not None:
            message = f"rule `{old.rule.name}` is gone: `{_claim(old.rule)}`"
            yield _change(Effect.WEAKENED, "removed", message, old, None)
        elif old is None and new is not None:
            message = f"rule `{new.rule.name}` is new: `{_claim(new.rule)}`"
            yield _change(Effect.STRENGTHENED, "added", message, None, new)
        elif old is not None and new is not None:
            yield from _both(old, new, names.get(fold(new.journey), Names()))


def _claim(rule: Rule) -> str:
    return claim_text(rule.claim) if rule.claim is not None else wording.written(rule)


def _both(old: Question, new: Question, names: Names) -> Iterator[Change]:
    was, now = old.rule.claim, new.rule.claim
    if told(was, names) != told(now):
        effect = _effect(was, now, names, new) if was is not None and now is not None else Effect.CHANGED
        words = _claim(old.rule), _claim(new.rule)
        yield _change(effect, "changed", f"rule {new.rule.name}: `{words[0]}` is now `{words[1]}`", old, new)
    if old.rule.title != new.rule.title:
        told_of = _change(Effect.CHANGED, "changed", f"rule {new.rule.name}: title changed", old, new)
        yield replace(told_of, about=About.TEXT)


def _change(effect: Effect, kind: str, message: str, old: Question | None, new: Question | None) -> Change:
    one = new or old
    assert one is not None
    return Change(
        effect=effect,
        about=About.GUARD,
        kind=kind,
        journey=one.journey,
        subject=f"rule {one.rule.name}",
        message=message,
        old=old.rule.span if old is not None else None,
        new=new.rule.span if new is not None else None,
    )


def _effect(old: Claim, new: Claim, names: Names, question: Question) -> Effect:
    """Whether a claim promises less than before: weaker in anything is weaker."""
    weaker, stronger = _compared(old, new, names, question)
    return Effect.WEAKENED if weaker or not stronger else Effect.STRENGTHENED


def _compared(old: Claim, new: Claim, names: Names, question: Question) -> tuple[bool, bool]:
    """Whether the new claim promises less, and whether it promises more; less where that cannot be told."""
    match old, new:
        case Ends(within=was), Ends(within=now):
            return now > was, now < was
        case Follows(within=was), Follows(within=now) if _same(old, new, names, within=0):
            return now > was, now < was
        case AtMost(), AtMost() if _same(old, new, names, count=0, window=None):
            windows = old.window or 0, new.window or 0
            return (
                new.count > old.count or windows[1] < windows[0],
                new.count < old.count or windows[1] > windows[0],
            )
        case OnlyIf(), OnlyIf() if told(old.deed, names) == told(new.deed):
            personas = tuple(question.programs[0].project.vocabulary.personas)
            compared = compare(old.condition, new.condition, personas, names)
            return compared.more is not None or not compared.known, compared.fewer is not None
        case OffHours(), OffHours() if told(old.deed, names) == told(new.deed):
            minutes = [_minutes(one) for one in (old, new)]
            return bool(minutes[0] - minutes[1]), bool(minutes[1] - minutes[0])
        case Apart(within=int() as was), Apart(within=int() as now) if _same(old, new, names, within=None):
            return now < was, now > was
        case Never(), Never() if type(new) is Never and told(old.deed, names) == told(new.deed):
            return False, True
    return True, False


def _same(old: Claim, new: Claim, names: Names, **but: object) -> bool:
    """Whether two claims say the same but for some fields."""
    return bool(told(replace(old, **but), names) == told(replace(new, **but)))


def _minutes(one: OffHours) -> set[int]:
    start, end = one.start // 60, one.end // 60
    return set(range(start, end)) if start < end else {*range(start, 1_440), *range(end)}


# --- rules as they are proved


class Proving(msgspec.Struct, frozen=True):
    """How rules are asked again: in which programs something else happens now, the journeys of each version, the budget
    of work; `told` hears of each rule."""

    changed: Callable[[Program], bool]
    beside: tuple[tuple[Journey, ...], tuple[Journey, ...]]
    budget: int
    told: Callable[[], None]


def promises(pairs: Pairs, how: Proving) -> Iterator[Promise]:
    """The verdicts on rules that may have become others: what no changed journey keeps or breaks is not asked again."""
    asked = [(_asked(old, new, how.changed), _asked(new, old, how.changed)) for old, new in pairs]
    olds, news = ([one for one in side if one is not None] for side in zip(*asked, strict=True)) if asked else ((), ())
    systems = Systems(olds, how.beside[0]), Systems(news, how.beside[1])
    for old, new in asked:
        was = verdict(old, systems[0], how.budget) if old is not None else None
        now = verdict(new, systems[1], how.budget) if new is not None else None
        how.told()
        one = new or old
        if one is not None:
            yield Promise(name=one.rule.name, journey=one.journey, old=was, new=now)


def _asked(question: Question | None, other: Question | None, changed: Callable[[Program], bool]) -> Question | None:
    """A question about those journeys only that changed, where each journey keeps the rule by itself."""
    if question is None or other is None or told(question.rule.claim) != told(other.rule.claim):
        return question
    different = tuple(one for one in question.programs if changed(one))
    if not different:
        return None
    return question if isinstance(question.rule.claim, _OF_ALL) else replace(question, programs=different)
