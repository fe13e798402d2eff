"""Declarations and a journey's own lines that were added, taken out, renamed or changed; guards are told elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from safar.engine.check.truth import TooManyError, value
from safar.engine.diff.change import About, Change, Effect
from safar.engine.diff.fields import differing
from safar.engine.diff.renaming import Names, meant, told
from safar.engine.expression import Attribute as Asked
from safar.engine.expression import Expression
from safar.engine.model import Attribute, Declared, Journey, Vocabulary
from safar.engine.names import fold

replace = msgspec.structs.replace

_KINDS: dict[str, tuple[str, About]] = {
    "attributes": ("attribute", About.BEHAVIOUR),
    "events": ("event", About.BEHAVIOUR),
    "channels": ("channel", About.BEHAVIOUR),
    "limits": ("limit", About.GUARD),
    "actions": ("action", About.BEHAVIOUR),
    "conditions": ("condition", About.BEHAVIOUR),
    "teams": ("team", About.MAP),
    "tags": ("tag", About.MAP),
    "feeds": ("feed", About.BEHAVIOUR),
    "occasions": ("occasion", About.BEHAVIOUR),
    "touchpoints": ("touchpoint", About.BEHAVIOUR),
    "personas": ("persona", About.ASSUMPTION),
}
_GUARDS = {
    "channels": frozenset(("consent", "caps", "quiet", "closed", "outbound")),
    "limits": frozenset(("channels", "caps")),
    "touchpoints": frozenset(("transactional",)),
}
_OF_JOURNEYS = frozenset(
    ("name", "entries", "reenter", "hold_out", "interrupts", "goals", "measures", "rules", "horizon", "stages")
)


def of_vocabulary(old: Vocabulary, new: Vocabulary, names: Names) -> Iterator[Change]:
    """What is declared otherwise; the order of declarations does not count."""
    for kind, (word, about) in _KINDS.items():
        base = Change(about=about, subject="", message="")
        skipped = _GUARDS.get(kind, frozenset()) | {"name"}
        yield from _table(getattr(old, kind), getattr(new, kind), word, base, names, skipped)
    yield from _defaults(old, new)


def of_journey(old: Journey, new: Journey, names: Names) -> Iterator[Change]:
    """A journey's title, lines of the map, goals, measures and assumptions."""
    base = Change(journey=new.name, subject=f"journey {new.name}", message="", old=old.span, new=new.span)
    if fold(old.name) != fold(new.name):
        message = f"`{old.name}` is called `{new.name}` now; all chances are drawn anew, because names are their keys"
        yield replace(base, kind="renamed", message=message)
    for about, message in differing(old, new, names, _OF_JOURNEYS):
        yield replace(base, about=about, message=f"journey {new.name}: {message}")
    for field, word, about in (("goals", "goal", About.BEHAVIOUR), ("measures", "measure", About.MAP)):
        sides = [{one.name: one for one in getattr(side, field)} for side in (old, new)]
        empty = Change(about=about, journey=new.name, subject="", message="")
        yield from _table(sides[0], sides[1], word, empty, names, frozenset(("name",)))


def _table(
    old: Mapping[str, Declared],
    new: Mapping[str, Declared],
    word: str,
    base: Change,
    names: Names,
    skipped: frozenset[str],
) -> Iterator[Change]:
    was, now = ({fold(one.name): one for one in side.values()} for side in (old, new))
    gone = {key: was[key] for key in was if key not in now}
    fresh = {key: now[key] for key in now if key not in was}
    for key in was.keys() & now.keys():
        here = replace(base, subject=f"{word} {now[key].name}", old=was[key].span, new=now[key].span)
        for about, message in differing(was[key], now[key], names, skipped):
            finer = about if base.about is not About.ASSUMPTION or about is About.TEXT else base.about
            yield replace(here, about=finer, message=f"{word} {now[key].name}: {message}")
    for one in gone.values():
        same = next((other for other in fresh.values() if _content(one, names) == _content(other, Names())), None)
        here = replace(base, subject=f"{word} {one.name}", old=one.span)
        if same is not None:
            del fresh[fold(same.name)]
            message = f"{word} `{one.name}` is called `{same.name}` now"
            yield replace(here, kind="renamed", message=message, new=same.span)
        elif word != "limit":
            yield replace(here, kind="removed", message=f"{word} `{one.name}` is gone")
    for one in fresh.values():
        if word != "limit":
            message = f"{word} `{one.name}` is new"
            yield replace(base, kind="added", subject=f"{word} {one.name}", message=message, new=one.span)


def _content(one: Declared, names: Names) -> Any:
    return told(replace(one, name=""), names) if one != replace(one, name="", title="") else one


# --- consents that are given from the beginning


def _defaults(old: Vocabulary, new: Vocabulary) -> Iterator[Change]:
    """Attributes whose new default passes a consent that the old one did not."""
    was = {fold(one.name): one for one in old.attributes.values()}
    for now in new.attributes.values():
        before = was.get(fold(now.name))
        if before is None or before.default == now.default:
            continue
        message = f"who never said anything about `{now.name}` passes its `only if` now"
        for channel in new.channels.values():
            if channel.consent is not None and _passes(channel.consent, now) and not _passes(channel.consent, before):
                yield Change(
                    effect=Effect.WEAKENED,
                    about=About.GUARD,
                    subject=f"attribute {now.name}",
                    message=f"channel {channel.name}: {message}",
                    old=before.span,
                    new=now.span,
                )


def _passes(consent: Expression, attribute: Attribute) -> bool:
    asked = Asked(span=consent.span, type=attribute.type, name=fold(attribute.name))
    try:
        return value(meant(consent), {asked: attribute.default}) is True
    except (KeyError, TooManyError):
        return False
