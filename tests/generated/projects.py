"""Projects of several journeys made by chance, which share more or less: events, channels, attributes, or nothing.

    text = project(17)

The same seed gives the same text on every machine.
"""

from __future__ import annotations

import random
import re

from tests.generated.journeys import ALL, MORE, journey
from tests.generated.vocabulary import ATTRIBUTES, CHANNELS, EVENTS, MAYBE

_KINDS = {"events": tuple(EVENTS), "channels": CHANNELS[:3], "attributes": (*ATTRIBUTES, *MAYBE)}


def project(seed: int) -> str:
    """A file with two to four journeys `j`, `j2`, ... (and `k`, where one of them starts it)."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    features = (MORE if seed % 4 == 0 else ALL) - {"calendar"} if seed % 3 else ALL
    head, first, started = _parted(_journey(chance, features))
    written, declared = [first], [head]
    for number in range(2, chance.randint(2, 4) + 1):
        _, body, other = _parted(_journey(chance, features))
        started = started or other
        own = [kind for kind in _KINDS if chance.random() < 0.6]
        names = {name: f"{name}_{number}" for kind in own for name in _KINDS[kind]}
        declared += [_declared(head, kind, names) for kind in own]
        body = _renamed(body.replace("journey j {", f"journey j{number} {{"), names)
        written.append(re.sub(r"\bt(\d+)\b", rf"t\1_{number}", body) if chance.random() < 0.7 else body)
    return "\n".join((*declared, *written, started))


def _journey(chance: random.Random, features: frozenset[str]) -> str:
    """One whose file says enough for others: with attributes that can be unknown, and three personas."""
    while True:
        text = journey(chance.randrange(1_000_000), size=8, features=features)
        if "renewal: date?" in text and "timezone: text?" in text and "persona regular" in text:
            return text


def _parted(text: str) -> tuple[str, str, str]:
    """What is declared, the journey, and the one that it starts."""
    head, _, rest = text.partition("journey j {")
    body, _, second = rest.partition("\njourney k {")
    return head, f"journey j {{{body}", f"\njourney k {{{second}" if second else ""


def _renamed(text: str, names: dict[str, str]) -> str:
    return re.sub(r"[a-z_]+", lambda word: names.get(word[0], word[0]), text)


def _declared(head: str, kind: str, names: dict[str, str]) -> str:
    """The declarations of that kind once more, by other names."""
    if kind == "attributes":
        lines = head.partition("customer {")[2].partition("}")[0].splitlines()
        return _renamed("\n".join(["customer {", *(line for line in lines if "timezone" not in line), "}"]), names)
    word = kind.removesuffix("s")
    lines = [line for line in head.splitlines() if line.startswith(f"{word} ")]
    return _renamed("\n".join(line for line in lines if not line.startswith("channel site")), names)
