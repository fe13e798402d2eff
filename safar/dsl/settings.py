"""The tables of `safar.toml` -> a `Home`: each key is known, each value is of its kind."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import msgspec

from safar.dsl.limits import Limits
from safar.dsl.project import Home, PathRules, Simulation
from safar.dsl.reading_rules import LOOSENED_LIMIT, UNKNOWN_SETTING, WRONG_SETTING
from safar.engine.diagnostic import Diagnostic
from safar.engine.expression import CURRENCIES
from safar.engine.model import Settings
from safar.engine.names import nearest
from safar.engine.source import Source, Span

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SEVERITIES = ("error", "warning", "info", "off")
SIZES = {"": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "KB": 1_000, "MB": 1_000_000}
TABLES = ("project", "rates", "check", "simulate", "limits")


class _WrongError(ValueError):
    """A value is not what its setting takes; says what it takes."""


def text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _WrongError("a text in quotation marks")
    return value


def texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _WrongError('a list of texts, `["a", "b"]`')
    return tuple(value)


def whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise _WrongError("a whole number")
    return value


class OneOf(msgspec.Struct, frozen=True):
    """One of some words; `what` says so to people."""

    choices: tuple[str, ...]
    what: str

    def __call__(self, value: Any) -> str:
        if value in self.choices:
            return str(value)
        near = nearest(value, self.choices) if isinstance(value, str) else None
        raise _WrongError(f"{self.what}; did you mean `{near}`?" if near else self.what)


def timezone(value: Any) -> str:
    name = text(value)
    if name == "UTC":
        return name  # as most files say: no need to load the zones
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        near = nearest(name, zoneinfo.available_timezones())
        what = "the name of a time zone such as `Europe/Berlin`"
        raise _WrongError(f"{what}; did you mean `{near}`?" if near else what) from None
    return name


def start(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, datetime.date):
        return f"{value.isoformat()}T00:00:00"
    raise _WrongError("an instant such as `2027-01-01T00:00:00`")


def folders(value: Any) -> tuple[str, ...]:
    named = texts(value)
    if any(f.startswith(("/", "~", "\\")) or ".." in f.split("/") or ":" in f for f in named):
        raise _WrongError("folders inside the project")
    return named


def customers(value: Any) -> int:
    if not 1 <= whole(value) <= 100_000_000:
        raise _WrongError("a whole number from 1 to 100,000,000")
    return int(value)


PROJECT: dict[str, Callable[[Any], Any]] = {
    "name": text,
    "timezone": timezone,
    "currency": OneOf(tuple(CURRENCIES), "the code of a currency such as `EUR`"),
    "week_starts": OneOf(_WEEKDAYS, "a day of the week such as `monday`"),
    "language": OneOf(("en", "fa"), "`en` or `fa`"),
    "journeys": folders,
}
SIMULATE: dict[str, Callable[[Any], Any]] = {"customers": customers, "seed": whole, "start": start}
CHECK: dict[str, Callable[[Any], Any]] = {"select": texts, "ignore": texts}


class _Tables:
    """The reading of one file of settings."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.findings: list[Diagnostic] = []

    def place(self, table: str, key: str) -> Span:
        """The key in the text: the first one of that name behind its table's header."""
        text = self.source.text
        header = re.search(rf"(?m)^\s*\[[^\]\n]*{re.escape(table)}\]", text) if table else None
        begin = header.end() if header is not None else 0
        quoted = rf"[\"']?{re.escape(key)}[\"']?"
        found = re.compile(rf"(?m)(?:^\s*|[{{,]\s*)(?P<key>{quoted})\s*=").search(text, begin)
        found = found or re.compile(rf"(?m)^\s*\[[^\]\n]*?(?P<key>{quoted})\s*[\].]").search(text)
        if found is None:
            return Span(self.source, begin, begin)
        return Span(self.source, *found.span("key"))

    def unknown(self, table: str, key: str, known: tuple[str, ...]) -> None:
        near = nearest(key, known)
        self.findings.append(
            UNKNOWN_SETTING.at(
                self.place(table, key),
                f"there is no setting `{key}`" + (f" in `[{table}]`" if table else ""),
                help=f"did you mean `{near}`?" if near else f"known: {', '.join(known)}",
            )
        )

    def wrong(self, table: str, key: str, wanted: str) -> None:
        what, _, near = wanted.partition("; ")
        self.findings.append(WRONG_SETTING.at(self.place(table, key), f"`{key}` takes {what}", help=near))

    def table(self, whole: dict[str, Any], name: str) -> dict[str, Any]:
        found = whole.get(name, {})
        if isinstance(found, dict):
            return found
        self.wrong("", name, f"a table, `[{name}]`")
        return {}

    def values(self, name: str, table: dict[str, Any], known: dict[str, Callable[[Any], Any]]) -> dict[str, Any]:
        """The settings of a table that are known and right."""
        right: dict[str, Any] = {}
        for key, value in table.items():
            if key not in known:
                self.unknown(name, key, tuple(known))
                continue
            try:
                right[key] = known[key](value)
            except _WrongError as wrong:
                self.wrong(name, key, str(wrong))
        return right


def read_settings(home: Home, source: Source, table: dict[str, Any], findings: tuple[Diagnostic, ...]) -> Home:
    """The project as its file says; what is wrong in the file is found, and the rest of it holds."""
    tables = _Tables(source)
    for key in table:
        if key not in TABLES:
            tables.unknown("", key, TABLES)
    project = tables.values("project", tables.table(table, "project"), PROJECT)
    folders = project.pop("journeys", home.journeys)
    rates = dict(_rates(tables, tables.table(table, "rates")))
    check = dict(tables.table(table, "check"))
    severities = dict(_severities(tables, check.pop("severity", {})))
    paths = tuple(_paths(tables, check.pop("paths", {})))
    simulate = tables.values("simulate", tables.table(table, "simulate"), SIMULATE)
    checks = tables.values("check", check, CHECK)
    return msgspec.structs.replace(
        home,
        settings=Settings(**project, rates=rates),
        journeys=folders,
        limits=_limits(tables, tables.table(table, "limits"), home.limits),
        severities=severities,
        paths=paths,
        simulation=Simulation(**simulate),
        **checks,
        findings=(*findings, *sorted(tables.findings, key=lambda f: f.span.start)),
    )


def _rates(tables: _Tables, table: dict[str, Any]) -> Iterator[tuple[str, Fraction]]:
    """`IRT_per_EUR = 120000`."""
    for key, value in table.items():
        codes = key.split("_per_")
        unknown = [code for code in codes if code not in CURRENCIES]
        if len(codes) != 2 or unknown:
            near = nearest(unknown[0], CURRENCIES) if len(codes) == 2 else None
            tables.wrong("rates", key, "two currencies, `IRT_per_EUR`" + (f"; did you mean `{near}`?" if near else ""))
        elif isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 10**15:
            tables.wrong("rates", key, "a number above 0")
        else:
            yield key, Fraction(str(value))


def _severities(tables: _Tables, table: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(table, dict):
        tables.wrong("check", "severity", "a table, `[check.severity]`")
        return
    for rule, severity in table.items():
        if severity in SEVERITIES:
            yield rule, severity
        else:
            tables.wrong("check.severity", rule, "`error`, `warning`, `info` or `off`")


def _paths(tables: _Tables, table: Any) -> Iterator[PathRules]:
    """`"journeys/drafts/**" = { ignore = ["no-target"] }`."""
    if not isinstance(table, dict):
        tables.wrong("check", "paths", "a table, `[check.paths]`")
        return
    for pattern, rules in table.items():
        ignore = rules.get("ignore") if isinstance(rules, dict) and set(rules) == {"ignore"} else None
        if isinstance(ignore, list) and all(isinstance(rule, str) for rule in ignore):
            yield PathRules(pattern, tuple(ignore))
        else:
            tables.wrong("check.paths", pattern, '`{ ignore = ["rule-name"] }`')


def _limits(tables: _Tables, table: dict[str, Any], limits: Limits) -> Limits:
    """A file of the project may tighten limits, never loosen them."""
    known = tuple(Limits.__struct_fields__)
    wanted = tables.values("limits", table, dict.fromkeys(known, size))
    for name, value in wanted.items():
        most = getattr(limits, name)
        if value > most:
            tables.findings.append(
                LOOSENED_LIMIT.at(
                    tables.place("limits", name),
                    f"the limit `{name}` is at most {most:,} here",
                    label="a project may only tighten it",
                    help=f"on the command line, `--limit {name}={value}` raises it",
                )
            )
    return limits.tightened(wanted)


def size(value: Any) -> int:
    """A whole number above 0, or a size in bytes such as `512KiB`.

    >>> size("512KiB"), size(64)
    (524288, 64)
    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63:
        return value
    match = re.fullmatch(r"(\d{1,12}) ?([A-Za-z]*)", value) if isinstance(value, str) else None
    if match is None or match.group(2) not in SIZES or int(match.group(1)) == 0:
        raise _WrongError("a whole number above 0, or a size such as `512KiB`")
    return int(match.group(1)) * SIZES[match.group(2)]
