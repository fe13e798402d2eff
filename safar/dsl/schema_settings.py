"""The tables of settings -> a JSON Schema of `safar.toml`, for editors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from safar.dsl import settings
from safar.dsl.limits import DEFAULT_LIMITS
from safar.dsl.schema_values import DRAFT
from safar.engine.expression import CURRENCIES

Schema = dict[str, Any]
Reader = Callable[[Any], Any]

_TEXTS: Schema = {"type": "array", "items": {"type": "string"}}
_CODE = f"({'|'.join(sorted(CURRENCIES))})"
_SIZE = rf"^\d{{1,12}} ?({'|'.join(sorted(filter(None, settings.SIZES)))})?$"
_INSIDE = r"^(?![/~\\])(?!(.*/)?\.\.(/|$))[^:]*$"

_VALUES: dict[Reader, Schema] = {
    settings.text: {"type": "string", "pattern": r"\S"},
    settings.texts: _TEXTS,
    settings.folders: {"type": "array", "items": {"type": "string", "pattern": _INSIDE}},
    settings.timezone: {"type": "string", "pattern": r"\S", "examples": ["Asia/Tehran", "Europe/Berlin"]},
    settings.whole: {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
    settings.customers: {"type": "integer", "minimum": 1, "maximum": 100_000_000},
    settings.start: {"type": "string", "examples": ["2027-01-01T00:00:00"]},
}
"""What each reader of a value takes."""

_SAID = {
    "project.name": "The name of the project.",
    "project.timezone": "The time zone of times of day, days and dates; default UTC.",
    "project.currency": "The currency of amounts without one; default EUR.",
    "project.week_starts": "The first day of a week; default monday.",
    "project.language": "The language of maps and summaries; default en.",
    "project.journeys": "The folders of the journey files, inside the project.",
    "check.select": "Rules that are asked: names, codes or their beginnings.",
    "check.ignore": "Rules that are not asked.",
    "simulate.customers": "How many customers a simulation makes up; default 10000.",
    "simulate.seed": "The seed of chance; default 1.",
    "simulate.start": "When a simulation begins, in the project's zone.",
}


def settings_schema() -> Schema:
    """The schema of `safar.toml`; every file that is read without findings is valid under it.

    >>> list(settings_schema()["properties"])
    ['project', 'rates', 'check', 'simulate', 'limits']
    """
    return {
        "$schema": DRAFT,
        "$id": "urn:safar:settings:1",
        "title": "Settings of a project of Safar",
        "description": "safar.toml, at the root of a project.",
        **_closed({name: _TABLES[name]() for name in settings.TABLES}),
    }


def _closed(properties: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}


def _table(name: str, readers: Mapping[str, Reader]) -> dict[str, Schema]:
    return {key: {**_value(reader), **_words(f"{name}.{key}")} for key, reader in readers.items()}


def _words(key: str) -> Schema:
    said = _SAID.get(key)
    return {"description": said} if said else {}


def _value(reader: Reader) -> Schema:
    if isinstance(reader, settings.OneOf):
        return {"type": "string", "enum": list(reader.choices)}
    return _VALUES[reader]


def _rates() -> Schema:
    return {
        "type": "object",
        "description": "So many of the first currency for one of the second: IRT_per_EUR = 120000.",
        "patternProperties": {f"^{_CODE}_per_{_CODE}$": {"type": "number", "exclusiveMinimum": 0}},
        "additionalProperties": False,
    }


def _check() -> Schema:
    severity = {"type": "object", "additionalProperties": {"type": "string", "enum": list(settings.SEVERITIES)}}
    path = {**_closed({"ignore": _TEXTS}), "required": ["ignore"]}
    paths = {"type": "object", "additionalProperties": path}
    return _closed(
        {
            **_table("check", settings.CHECK),
            "severity": {**severity, "description": "How grave the findings of a rule are, by its name."},
            "paths": {**paths, "description": "Rules that are off in files, by a pattern such as journeys/drafts/**."},
        }
    )


def _limits() -> Schema:
    return _closed({name: _limit(most) for name, most in msgspec.structs.asdict(DEFAULT_LIMITS).items()})


def _limit(most: int) -> Schema:
    return {
        "type": ["integer", "string"],
        "minimum": 1,
        "maximum": most,
        "pattern": _SIZE,
        "description": f"At most {most:,}; a project may only tighten it.",
    }


_TABLES: dict[str, Callable[[], Schema]] = {
    "project": lambda: _closed(_table("project", settings.PROJECT)),
    "rates": _rates,
    "check": _check,
    "simulate": lambda: _closed(_table("simulate", settings.SIMULATE)),
    "limits": _limits,
}
