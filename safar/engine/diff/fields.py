"""What of a part is not as it was, field by field: what it is about, and both values where they are short."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from safar.engine.diff import wording
from safar.engine.diff.change import About
from safar.engine.diff.renaming import Names, told
from safar.engine.model import At, Send

_TEXT, _MAP, _ASSUMED, _DOES = About.TEXT, About.MAP, About.ASSUMPTION, About.BEHAVIOUR

FIELDS: dict[str, tuple[About, str]] = {
    "title": (_TEXT, "title"),
    "parts": (_TEXT, "text"),
    "body_file": (_TEXT, "body"),
    "shows": (_TEXT, "what is shown"),
    "why": (_TEXT, "reason"),
    "map_lines": (_MAP, "lines of the map"),
    "owner": (_MAP, "owner"),
    "style": (_MAP, "style"),
    "style_why": (_MAP, "reason of the style"),
    "measures": (_MAP, "measures"),
    "costs": (_MAP, "costs"),
    "tags": (_MAP, "tags"),
    "target": (_MAP, "target"),
    "private": (_MAP, "privacy"),
    "responds": (_ASSUMED, "assumed answers"),
    "behaves": (_ASSUMED, "assumed behaviour"),
    "arrive": (_ASSUMED, "assumed arrivals"),
    "share": (_ASSUMED, "share"),
    "draws": (_ASSUMED, "assumed attributes"),
    "contact": (_DOES, "channel"),
    "actions": (_DOES, "actions"),
    "priority": (_DOES, "priority"),
    "on": (_DOES, "what counts"),
    "within": (_DOES, "window"),
    "value": (_DOES, "value"),
    "value_first": (_DOES, "which value counts"),
    "type": (_DOES, "type"),
    "default": (_DOES, "default"),
    "change": (_DOES, "how it changes"),
    "fields": (_DOES, "fields"),
    "key": (_DOES, "key"),
    "then_set": (_DOES, "what it sets"),
    "expression": (_DOES, "meaning"),
    "dates": (_DOES, "dates"),
    "declared": (_TEXT, "where it is declared"),
    "arms": (_DOES, "arms"),
    "name": (_DOES, "name"),
}
"""What each field is about, and what it is called."""


class Differing(NamedTuple):
    about: About
    message: str


def differing(
    old: msgspec.Struct, new: msgspec.Struct, names: Names, skipped: frozenset[str] = frozenset()
) -> Iterator[Differing]:
    """The fields in which two parts differ, in words."""
    for field in new.__struct_fields__:
        if field in skipped or field in ("span", "name_span"):
            continue
        was, now = getattr(old, field), getattr(new, field)
        if field == "contact":
            yield from _contacts(was, now)
        elif told(was, names) != told(now):
            yield _one(field, was, now)


def _one(field: str, old: Any, new: Any) -> Differing:
    about, label = FIELDS.get(field, (_DOES, field.replace("_", " ")))
    if field == "parts":
        return Differing(about, _texts(dict(old), dict(new)))
    was, now = wording.short(old, field), wording.short(new, field)
    values = f"{was} -> {now}" if was is not None and now is not None and was != now else "changed"
    return Differing(about, f"{label}: {values}" if values != "changed" else f"{label} changed")


def _texts(old: dict[str, Any], new: dict[str, Any]) -> str:
    """Which texts of a message are others now."""
    said = []
    for word in dict.fromkeys((*old, *new)):
        if told(old.get(word)) != told(new.get(word)):
            said.append(f"{word}: {wording.short(old.get(word))} -> {wording.short(new.get(word))}")
    return "; ".join(said)


def _contacts(old: Send | At | None, new: Send | At | None) -> Iterator[Differing]:
    channels = [wording.short(one.channel) if one is not None else "none" for one in (old, new)]
    if type(old) is not type(new) or told(old and old.channel) != told(new and new.channel):
        yield Differing(_DOES, f"channel: {channels[0]} -> {channels[1]}")
    if isinstance(old, Send) and isinstance(new, Send):
        for field in ("parts", "body_file"):
            if told(getattr(old, field)) != told(getattr(new, field)):
                yield _one(field, getattr(old, field), getattr(new, field))
