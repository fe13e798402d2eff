"""What `safar init` writes: an example journey in each spelling, with all they need."""

from __future__ import annotations

from pathlib import Path

import msgspec

from safar.dsl.schema import journey_schema
from safar.dsl.schema_settings import settings_schema
from safar.dsl.schema_values import as_text
from safar.engine.names import nearest
from safar.errors import SelectionError
from safar.output import slug, write

_VOCABULARY = "vocabulary.journey"
_DEFAULTS = {"en": ("first_purchase", "abandoned_cart"), "fa": ("birthday", "loyalty")}
"""By language: the journey in `.journey` form, and the one beside it in YAML."""

_SETTINGS = {
    "en": ("UTC", "monday", "The project: what holds for all its journeys."),
    "fa": ("Asia/Tehran", "saturday", "پروژه: آنچه برای همهٔ سفرها برقرار است."),
}

_TOML = """\
#:schema schemas/safar.schema.json
# {comment}
[project]
name = "{name}"
timezone = "{timezone}"
currency = "EUR"
week_starts = "{week}"
language = "{language}"
journeys = ["journeys"]

[check.paths]
# The vocabulary also serves the journeys to come.
"journeys/vocabulary.journey" = {{ ignore = ["unused-declaration"] }}
"""

_EDITOR = "# yaml-language-server: $schema=../schemas/journey.schema.json\n"
"""What tells an editor the schema of a file; the schema is a file of the project, so that nothing is fetched."""

_WORKFLOW = """\
name: safar
on: [push, pull_request]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: pip install safar
      - run: safar check --format github
      - run: safar test --format github
"""


class Plan(msgspec.Struct, frozen=True):
    """What to write: texts by path in the new project."""

    files: dict[str, str]
    journey: str
    """The path of the journey to look at first."""


def folder() -> Path:
    """The example journeys: in the installed package, or beside it in a checkout."""
    here = Path(__file__).parent
    inside = here / "journeys"
    return inside if (inside / "dsl").is_dir() else here.parent / "journeys"


def names() -> tuple[str, ...]:
    """The templates, by name."""
    found = (file.name.removesuffix(".journey") for file in (folder() / "dsl").glob("*.journey"))
    return tuple(sorted(name for name in found if name != "vocabulary"))


def plan(target: Path, template: str | None, language: str) -> Plan:
    """The files of a new project; raises `SelectionError` for a template that there is not."""
    first, second = _DEFAULTS[language]
    chosen = template or first
    if chosen not in names():
        near = nearest(chosen, names())
        raise SelectionError(f"no template `{chosen}`; " + (f"did you mean `{near}`?" if near else ", ".join(names())))
    beside = first if chosen == second else second
    source = folder()
    other = (source / "yaml" / f"{beside}.journey.yaml").read_text(encoding="utf-8")
    files = {
        "safar.toml": _settings(target, language),
        f"journeys/{_VOCABULARY}": (source / "dsl" / _VOCABULARY).read_text(encoding="utf-8"),
        f"journeys/{chosen}.journey": (source / "dsl" / f"{chosen}.journey").read_text(encoding="utf-8"),
        f"journeys/{beside}.journey.yaml": _EDITOR + other.replace(f"{_VOCABULARY}.yaml", _VOCABULARY),
        "customers/shop.csv": (source / "dsl" / "customers" / "shop.csv").read_text(encoding="utf-8"),
        "schemas/journey.schema.json": as_text(journey_schema()),
        "schemas/safar.schema.json": as_text(settings_schema()),
        ".github/workflows/safar.yml": _WORKFLOW,
    }
    return Plan(files, f"journeys/{chosen}.journey")


def _settings(target: Path, language: str) -> str:
    timezone, week, comment = _SETTINGS[language]
    name = slug(target.resolve().name)
    return _TOML.format(comment=comment, name=name, timezone=timezone, week=week, language=language)


def start(target: Path, template: str | None = None, language: str = "en") -> Plan:
    """Write a new project into a folder, all of it or nothing: no file that is there is touched.

    Raises `SelectionError` when one of its files is there already, `OSError` as the system does.
    """
    wanted = plan(target, template, language)
    there = [path for path in wanted.files if (target / path).is_symlink() or (target / path).exists()]
    if there:
        raise SelectionError(f"{target / there[0]} is there already; choose another folder")
    for path, text in wanted.files.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        write(target / path, text)
    return wanted
