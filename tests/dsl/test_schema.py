"""The schemas: what checks is valid under them, and what is not valid is found by the checker too."""

from __future__ import annotations

import copy
import json
import os
import tomllib
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safar import api, pages
from safar.dsl.limits import DEFAULT_LIMITS
from safar.dsl.project import find_home
from safar.dsl.schema import journey_schema
from safar.dsl.schema_settings import settings_schema
from safar.dsl.schema_values import KINDS
from safar.dsl.text import read_piece
from safar.dsl.yaml_file import read_yaml
from safar.dsl.yaml_keys import step_forms
from safar.engine.diagnostic import Severity
from safar.engine.form import Kind
from safar.engine.source import NOWHERE, Source

SCALE = float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))
ROOT = Path(__file__).parents[2]
JOURNEY = jsonschema_rs.Draft7Validator(journey_schema())
SETTINGS = jsonschema_rs.Draft7Validator(settings_schema())


class Editor(yaml.CSafeLoader):
    """What an editor's parser makes of a file: numbers and booleans of YAML 1.1, keys and dates as texts."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


Editor.yaml_implicit_resolvers = {
    sign: [pair for pair in pairs if not pair[0].endswith((":timestamp", ":merge"))]
    for sign, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def as_editor(text: str) -> Any:
    return yaml.load(text, Loader=Editor)  # noqa: S506 - a safe loader


def wrong(text: str) -> list[str]:
    """The schema's mistakes in a file."""
    return [error.message for error in JOURNEY.iter_errors(as_editor(text))]


def found(text: str) -> list[str]:
    """The reader's errors in a file."""
    findings = read_yaml(Source("a.journey.yaml", text))[1]
    return [finding.message for finding in findings if finding.severity is Severity.ERROR]


def blocks() -> list[str]:
    """All YAML of the documents that stands alone, of the rules' pages and of the examples."""
    texts = [file.read_text(encoding="utf-8") for file in sorted((ROOT / "journeys").rglob("*.journey.yaml"))]
    for page in sorted((ROOT / "docs").rglob("*.md")):
        parts = page.read_text(encoding="utf-8").split("```yaml\n")[1:]
        texts += [part.split("```")[0] for part in parts]
    for rule in pages.rules():
        texts += [one.text for one in (*rule.bad, *rule.good) if one.language == "yaml"]
    return texts


BLOCKS = blocks()
GOOD = [text for text in BLOCKS if not found(text)]


def test_the_schemas_are_schemas() -> None:
    jsonschema_rs.meta.validate(journey_schema())
    jsonschema_rs.meta.validate(settings_schema())


def test_no_alternatives_of_shapes() -> None:
    assert '"oneOf"' not in json.dumps([journey_schema(), settings_schema()])


@pytest.mark.parametrize("text", BLOCKS, ids=lambda text: text[:30].split("\n")[0])
def test_what_reads_well_is_valid(text: str) -> None:
    assert found(text) or not wrong(text)


def test_there_is_enough_that_reads_well() -> None:
    assert len(GOOD) >= 30


# --- files with something moved, taken out or put in


def plain(text: str) -> Any:
    """A file as texts, lists and mappings."""
    return yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - builds texts only


class Writer(yaml.CSafeDumper):
    """Writes an empty text as nothing."""


Writer.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text) if text else _nothing(dumper)
)


def _nothing(dumper: Any) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:null", "")


def places(data: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to each value of a file."""
    if isinstance(data, dict):
        return [way, *(place for key, value in data.items() for place in places(value, (*way, key)))]
    if isinstance(data, list):
        return [way, *(place for at, value in enumerate(data) for place in places(value, (*way, at)))]
    return [way]


FILES = [plain(text) for text in GOOD if isinstance(plain(text), dict)]
KEYS = sorted({key for file in FILES for place in places(file) for key in place if isinstance(key, str)})
VALUES: list[Any] = ["", "x", "3", "yes", "order_placed", [], {}, ["a"], {"a": "b"}, [{"wait": "1d"}], {"event": "a"}]


def at(data: Any, way: tuple[Any, ...]) -> Any:
    for part in way:
        data = data[part]
    return data


@st.composite
def changed(draw: st.DrawFn) -> str:
    """A file that reads well, with one to three values taken out, put in, replaced or under another key."""
    data = copy.deepcopy(draw(st.sampled_from(FILES)))
    for _ in range(draw(st.integers(1, 3))):
        ways = [way for way in places(data) if way]
        if not ways:
            break
        *above, last = draw(st.sampled_from(ways))
        parent = at(data, tuple(above))
        match draw(st.sampled_from(["out", "value", "key", "copied"])):
            case "out":
                del parent[last]
            case "value":
                parent[last] = copy.deepcopy(draw(st.sampled_from(VALUES)))
            case "key" if isinstance(parent, dict):
                parent[draw(st.sampled_from(KEYS))] = parent.pop(last)
            case _:
                parent[last] = copy.deepcopy(at(data, draw(st.sampled_from(ways)))) if parent is not data else "x"
    return yaml.dump(data, Dumper=Writer, allow_unicode=True, sort_keys=False)


@settings(max_examples=int(5_000 * SCALE), deadline=None, suppress_health_check=list(HealthCheck))
@given(changed())
def test_what_is_not_valid_is_found(text: str) -> None:
    assert found(text) or not wrong(text)


# --- samples that are not valid

STEP = "journeys: {{j: {{stages: [{{stage: s, steps: [{}]}}]}}}}"
TOUCHPOINT = "touchpoints: {{t: {}}}"
CHANNEL = "channels: {{c: {}}}"
IN_JOURNEY = "journeys: {{j: {}}}"

INVALID = [
    "journey: {}",
    "- journeys",
    "journeys",
    "journeys: []",
    "journeys: {j: [a]}",
    "teams: [crm]",
    "teams: {crm: [a]}",
    "teams: {crm: {titel: x}}",
    "use: {file: a}",
    "use: [[a.journey]]",
    "customer: text",
    "customer: {a: [text]}",
    "customer: {a: {typ: text}}",
    "customer: {a: }",
    "events: {e: {fields: [a]}}",
    "events: {e: {field: {a: text}}}",
    "events: {e: {then set: {target: customer.a}}}",
    "conditions: {c: }",
    "conditions: {c: {title: a}}",
    "conditions: {c: [a]}",
    "occasions: {o: {date: 2027-01-01}}",
    "occasions: {o: {dates: {a: b}}}",
    "limits: {p: {channel: a}}",
    "limits: {p: {channels: {a: b}}}",
    "limits: {p: {at most: {cap: 3 per 7d}}}",
    "limits: {p: {outbound: yes}}",
    CHANNEL.format("{outbound: no}"),
    CHANNEL.format("{outbound: [yes]}"),
    CHANNEL.format("{quiet: {from: 22:00, to: 08:00}}"),
    CHANNEL.format("{quiet: {from: 22:00, to: 08:00, then: [skip]}}"),
    CHANNEL.format("{only if: [a, b]}"),
    CHANNEL.format("{at_most: 3 per 7d then skip}"),
    TOUCHPOINT.format("{priority: urgent}"),
    TOUCHPOINT.format("{priority: [high]}"),
    TOUCHPOINT.format("{send: {subject: a}}"),
    TOUCHPOINT.format("{send: {channel: a, subjekt: b}}"),
    TOUCHPOINT.format("{send: [email]}"),
    TOUCHPOINT.format("{shows: {label: a}}"),
    TOUCHPOINT.format("{feeling: {text: a}}"),
    TOUCHPOINT.format("{responds: opened}"),
    TOUCHPOINT.format("{responds: {event: opened, chance: 3%}}"),
    TOUCHPOINT.format("{responds: [{event: opened}]}"),
    TOUCHPOINT.format("{responds: [{event: opened, chance: 3%, then: {event: a}}]}"),
    TOUCHPOINT.format("{then: [{wait: 1d}]}"),
    TOUCHPOINT.format("{measures: [a]}"),
    TOUCHPOINT.format("{measures: {a: {target: at most 3}}}"),
    TOUCHPOINT.format("{doing: {for: planner}}"),
    "personas: {p: {share: [40%]}}",
    "personas: {p: {set: {target: customer.a}}}",
    "personas: {p: {steps: []}}",
    IN_JOURNEY.format("{enter: [{if: a}]}"),
    IN_JOURNEY.format("{enter: [{event: a, at: 09:00}]}"),
    IN_JOURNEY.format("{enter: [{date: 2027-01-01, per: a}]}"),
    IN_JOURNEY.format("{enter: [[a]]}"),
    IN_JOURNEY.format("{on: [{event: a}]}"),
    IN_JOURNEY.format("{on: [{exit: won}]}"),
    IN_JOURNEY.format("{on: [{event: a, wait: 1d}]}"),
    IN_JOURNEY.format("{on: [{event: a, exit: won, what: x}]}"),
    IN_JOURNEY.format("{on: [{event: a, task: [crm]}]}"),
    IN_JOURNEY.format("{goals: [won]}"),
    IN_JOURNEY.format("{goals: {won: {on: [a]}}}"),
    IN_JOURNEY.format("{style: {why: x}}"),
    IN_JOURNEY.format("{hold out: {of project: yes}}"),
    IN_JOURNEY.format("{arrive: {with: {a: 3}}}"),
    IN_JOURNEY.format("{behaves: [{event: a}]}"),
    IN_JOURNEY.format("{steps: []}"),
    IN_JOURNEY.format("{stages: {decision: {}}}"),
    IN_JOURNEY.format("{stages: [{title: a}]}"),
    IN_JOURNEY.format("{stages: [{stage: a, steps: {wait: 1d}}]}"),
    STEP.format("wait"),
    STEP.format("{}"),
    STEP.format("{waite: 1d}"),
    STEP.format("{wait: 1d, then: []}"),
    STEP.format("{wait: [1d]}"),
    STEP.format("{wait: 1d, exit: a}"),
    STEP.format("{wait for: a, up to: 1d, else: []}"),
    STEP.format("{wait for: a, up to: [1d]}"),
    STEP.format("{if: a, then: {wait: 1d}}"),
    STEP.format("{if: a, then: [], otherwise: exit}"),
    STEP.format("{split: a}"),
    STEP.format("{split: a, arms: {b: 50%}}"),
    STEP.format("{split: a, arms: [{arm: b}]}"),
    STEP.format("{repeat: up to 3 times}"),
    STEP.format("{repeat: up to 3 times, then: [], until: [a]}"),
    STEP.format("{wait up to: 3d, for: {pattern: a}}"),
    STEP.format("{wait up to: 3d, for: [{then: []}]}"),
    STEP.format("{touchpoint: t, wait: 1d}"),
    STEP.format("{touchpoint: t, set: customer.a = 3}"),
    STEP.format("{exit: {outcome: a}}"),
    STEP.format("{go to: [a]}"),
]


@pytest.mark.parametrize("text", INVALID)
def test_an_invalid_sample_is_found_by_both(text: str) -> None:
    assert wrong(text)
    assert found(text)


def test_there_are_sixty_samples() -> None:
    assert len(set(INVALID)) >= 60


VALID = [
    "",
    "# only a comment\n",
    "use: {path: a.journey}",
    "customer: {a: {type: text}}",
    "events: {a: , b: Title}",
    "touchpoints: {t: {then: []}}",
    "touchpoints: {t: {title: null, feeling: 3, transactional: true}}",
    CHANNEL.format("{outbound: , closed: nowruz then wait}"),
    IN_JOURNEY.format("{enter: on a if b}"),
    IN_JOURNEY.format("{on: a exit won}"),
    IN_JOURNEY.format("{on: {event: b, task: c, what: d, as: x}}"),
    IN_JOURNEY.format("{behaves: [{event: a, rate: 2% per day}, b 3% per day]}"),
    IN_JOURNEY.format("{stages: {stage: a}}"),
    STEP.format("{wait for: a up to 7d}"),
    STEP.format("{touchpoint: t, do: a()}"),
]


@pytest.mark.parametrize("text", VALID)
def test_unusual_spellings_are_valid(text: str) -> None:
    assert found(text) == []
    assert wrong(text) == []


def test_no_two_steps_take_one_another_for_a_key() -> None:
    """What tells a step from others: its first words are never a key beside those of another and the reverse."""
    definitions = journey_schema()["definitions"]
    keys = {words: set(definitions[form.id]["properties"]) - {words} for words, form in step_forms().items()}
    assert [(one, two) for one in keys for two in keys if one in keys[two] and two in keys[one]] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_examples_of_a_kind_are_of_it(kind: Kind) -> None:
    assert KINDS[kind][1]
    for example in KINDS[kind][1]:
        if kind is not Kind.TITLE:
            value, findings = read_piece(kind, example, lambda start, end: NOWHERE, DEFAULT_LIMITS)
            assert (findings, value is None) == ((), False), example


def test_every_kind_of_text_is_described() -> None:
    assert set(Kind) - set(KINDS) == {Kind.WORD, Kind.FLAG, Kind.BODY, Kind.REACTION}


# --- safar.toml


def settings_of(text: str, folder: Path) -> tuple[bool, bool]:
    """Whether a file of settings is valid, and whether it is read without findings."""
    (folder / "safar.toml").write_text(text, encoding="utf-8")
    data = json.loads(json.dumps(tomllib.loads(text), default=lambda instant: instant.isoformat()))
    return SETTINGS.is_valid(data), not find_home(folder).findings


GOOD_SETTINGS = [
    "",
    '[project]\nname = "shop"\ntimezone = "Asia/Tehran"\ncurrency = "IRT"\nlanguage = "fa"',
    '[project]\nweek_starts = "saturday"\njourneys = ["journeys", "old/journeys"]',
    "[rates]\nIRT_per_EUR = 120000\nUSD_per_EUR = 1.08",
    '[check]\nselect = ["default"]\nignore = []\n[check.severity]\nunused-declaration = "off"',
    '[check.paths]\n"journeys/drafts/**" = { ignore = ["no-target"] }',
    "[simulate]\ncustomers = 10\nseed = 1\nstart = 2027-01-01T00:00:00",
    "[simulate]\nstart = 2027-01-01",
    '[limits]\nfile = "512KiB"\ndepth = 10',
]

BAD_SETTINGS = [
    "project = 3",
    "x = 1",
    "[projekt]",
    '[project]\ntime_zone = "UTC"',
    "[project]\nname = 3",
    '[project]\nname = " "',
    '[project]\ncurrency = "Euro"',
    '[project]\nweek_starts = "Montag"',
    '[project]\nlanguage = "de"',
    '[project]\njourneys = "journeys"',
    '[project]\njourneys = ["../x"]',
    '[project]\njourneys = ["/etc"]',
    "[rates]\nIRT = 3",
    "[rates]\nXXX_per_EUR = 3",
    "[rates]\nIRT_per_EUR = 0",
    '[rates]\nIRT_per_EUR = "3"',
    '[check]\nselect = "default"',
    "[check]\nignore = [3]",
    '[check.severity]\nunused-declaration = "fatal"',
    '[check.paths]\n"a/**" = { select = [] }',
    '[check.paths]\n"a/**" = ["x"]',
    "[simulate]\ncustomers = 0",
    "[simulate]\nseed = -1",
    "[simulate]\nseed = true",
    '[limits]\nfile = "2 big"',
    "[limits]\nfile = 0",
    "[limits]\nfile = 2000000",
    "[limits]\nfiel = 3",
]


@pytest.mark.parametrize("text", GOOD_SETTINGS)
def test_good_settings_are_valid(text: str, tmp_path: Path) -> None:
    assert settings_of(text, tmp_path) == (True, True)


@pytest.mark.parametrize("text", BAD_SETTINGS)
def test_bad_settings_are_found_by_both(text: str, tmp_path: Path) -> None:
    assert settings_of(text, tmp_path) == (False, False)


# --- what `init` writes


def test_a_new_project_names_its_schemas(tmp_path: Path) -> None:
    api.init(tmp_path)
    assert json.loads((tmp_path / "schemas/journey.schema.json").read_text(encoding="utf-8")) == api.schema("journey")
    assert json.loads((tmp_path / "schemas/safar.schema.json").read_text(encoding="utf-8")) == api.schema("project")
    (journey,) = (tmp_path / "journeys").glob("*.journey.yaml")
    first = journey.read_text(encoding="utf-8").split("\n")[0]
    said = first.removeprefix("# yaml-language-server: $schema=")
    assert (journey.parent / said).resolve() == (tmp_path / "schemas/journey.schema.json").resolve()
    assert (tmp_path / "safar.toml").read_text(encoding="utf-8").startswith("#:schema schemas/safar.schema.json\n")
