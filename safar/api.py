"""The verbs of the command line as functions.  They return values, print nothing, and read no environment.

Mistakes in journeys are values (`Report`), or a `JourneyError` where a journey was to be run; wrong arguments raise
`SelectionError`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack, overload

import msgspec

if TYPE_CHECKING:
    from safar.checking import Checked, Ground
    from safar.dsl.fmt import Formatted
    from safar.engine.diagnostic import Diagnostic
    from safar.engine.model import Project
    from safar.engine.simulate.happening import Story
    from safar.engine.simulate.results import Result
    from safar.mending import Change
    from safar.pages import Page
    from safar.persons import Asked
    from safar.pictures import Look, Place
    from safar.serving.journey import Served
    from safar.templates import Plan
    from safar.testing import Tests


_COMPARING = ("Compared", "Exact", "Experiment", "Sensitivity", "compare", "exact", "experiment", "sensitivity")
_ELSEWHERE = {
    "diff": "safar.diffing",
    "pressure": "safar.pressing",
    "prove": "safar.proving",
    **dict.fromkeys(_COMPARING, "safar.comparing"),
}


def __getattr__(name: str) -> Any:
    """What stands in a file of its own is loaded when first used; Python also asks for names like `__path__`."""
    if name in _ELSEWHERE:
        return getattr(importlib.import_module(_ELSEWHERE[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


Where = str | Path
Limits = Mapping[str, int | str]


class Selection(TypedDict, total=False):
    """What of the findings is wanted; see `check`."""

    project: Where | None
    select: Sequence[str]
    ignore: Sequence[str]
    limits: Limits | None
    baseline: Where | None
    since: str | None


class Report(msgspec.Struct, frozen=True):
    """What `check` found, project by project."""

    projects: tuple[Checked, ...]

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        return tuple(finding for part in self.projects for finding in part.findings)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(finding for part in self.projects for finding in part.errors)

    @property
    def files(self) -> int:
        return sum(part.files for part in self.projects)

    @property
    def suppressed(self) -> int:
        return sum(part.suppressed for part in self.projects)

    @property
    def known(self) -> int:
        return sum(part.known for part in self.projects)


def check(  # noqa: PLR0913 - what can be asked of files, all by keyword
    *paths: Where,
    project: Where | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    limits: Limits | None = None,
    baseline: Where | None = None,
    since: str | None = None,
    cache: Where | None = None,
) -> Report:
    """Everything that is wrong in files and folders; without paths, in the project's journey folders.

    `limits` are those that differ for this call, such as `{"file": "2MiB"}`; a project's settings cannot raise them.
    Findings in the file `baseline`, and those that a revision of git (`since`) had already, are left out.
    `cache` is a folder outside the project, made if need be, in which what was found is kept for the next call:
    the report is the same, and sooner there.

    Raises `SelectionError` where there is nothing to check, a rule of that name does not exist, or there is no such
    baseline or revision.
    """
    from safar.checking import Choice, check_home, gather
    from safar.past import fresh

    choice = Choice(select=tuple(select), ignore=tuple(ignore))
    chosen = gather([Path(path) for path in paths], _ground(project, limits))
    kept = _path(cache)
    keeps = [fresh(home, files, choice, (baseline, since)) for home, files in chosen]
    return Report(
        tuple(keep(check_home(home, files, choice, kept)) for (home, files), keep in zip(chosen, keeps, strict=True))
    )


class Laid(msgspec.Struct, frozen=True):
    """A file and its layout; `root` is that of its project, to which paths in findings are relative."""

    file: Path
    root: Path
    text: Formatted

    @property
    def report(self) -> Report:
        """What makes the file unreadable."""
        from safar.checking import Checked

        return Report((Checked(root=self.root, findings=self.text.findings, files=1, suppressed=0),))


def fmt(
    *paths: Where, write: bool = True, project: Where | None = None, limits: Limits | None = None
) -> tuple[Laid, ...]:
    """Lay files out, and all journey files in folders; without paths, those of the project.

    Comments stay, and the meaning: each layout is read back and compared before its file is written.  A file with
    errors stays as it is, and its findings are told.  With `write=False` nothing is written.

    Raises `SelectionError` where there is nothing to lay out, `OSError` where a file cannot be written.
    """
    from safar import output
    from safar.checking import gather
    from safar.dsl.fmt import format_file

    chosen = gather([Path(path) for path in paths], _ground(project, limits))
    laid = [
        Laid(file, home.root, format_file(file, home.relative(file), home.limits))
        for home, files in chosen
        for file in files
    ]
    for one in laid:
        if write and one.text.changed:
            output.write(one.file, one.text.after)
    return tuple(laid)


def convert(
    file: Where,
    *,
    to: str,
    output: Where | None = None,
    drop_comments: bool = False,
    project: Where | None = None,
    limits: Limits | None = None,
) -> str:
    """A file in the other spelling, `dsl` or `yaml`, comments with their statements; written to `output` if given.

    What it says is read back and compared first.  A `use` stays as it is where it leads somewhere from the output's
    folder, else it names that file's twin there, else the way to the same file.

    Raises `SelectionError` for a wrong file or spelling, `JourneyError` for a file with errors, `ConversionError` for
    what the other spelling cannot say, `OSError` where the output cannot be written.
    """
    from safar import output as files
    from safar.checking import Checked, gather
    from safar.dsl.convert import convert_text
    from safar.dsl.files import Disk
    from safar.dsl.twins import called_from, is_spelled, twin
    from safar.errors import JourneyError, SelectionError

    if Path(file).is_dir():
        raise SelectionError(f"{file} is a folder; name a file")
    [(home, [path])] = gather([Path(file)], _ground(project, limits))
    target = Path(output) if output is not None else path.with_name(twin(path.name))
    if is_spelled(path.name, to):
        raise SelectionError(f"{file} is spelled so already; `safar fmt` lays it out")
    if not is_spelled(target.name, to):
        raise SelectionError(f"{target} does not end as a file in {to} does")
    folders = path.parent, target.absolute().parent
    text = Disk(path.parent, home.limits).text(path.name)
    if not isinstance(text, str):
        raise SelectionError(f"{file}: {text.message}")
    made = convert_text(
        text,
        home.relative(path),
        to,
        limits=home.limits,
        drop_comments=drop_comments,
        called=lambda said: called_from(*folders, said),
    )
    if made.findings:
        raise JourneyError(Checked(root=home.root, findings=made.findings, files=1, suppressed=0))
    if output is not None:
        files.write(target, made.text)
    return made.text


@overload
def draw(journey: Where, *, kind: Literal["svg", "html", "mmd", "md", "dot"] = ..., **place: Unpack[Place]) -> str: ...
@overload
def draw(journey: Where, *, kind: Literal["png", "pdf"], **place: Unpack[Place]) -> bytes: ...
@overload
def draw(journey: Where, *, kind: str, **place: Unpack[Place]) -> str | bytes: ...


def draw(
    journey: Where,
    *,
    kind: str = "svg",
    project: Where | None = None,
    limits: Limits | None = None,
    **look: Unpack[Look],
) -> str | bytes:
    """A map of a journey (`FILE`, `FILE:name` or `name`): svg, html, mmd (Mermaid), dot or md text, png or pdf bytes.

    `form` is `flow`, the steps and the ways between them, or `map`, the journey map: for a `persona`, for `stages`
    (`A..B`), with the figures of a result (`traffic`), the map also with another journey `beside` it.  The flow has
    what is `depth` arrows around a step (`focus`), stages as one box each (`collapse`: `A,B` or `all`), marks of
    `findings`, the way of a `customer` (of a file of traces, `trace`, or made up), all `notes`; `whole` in one piece,
    or each stage by itself (None: by its size).  `tell` is told why a picture is simpler than that.
    `engine` is `embedded`, `system` (a `dot` on the machine), or empty for the first that works.
    The same journey gives the same bytes on every machine.
    Raises `SelectionError` for a wrong journey, form, persona or stage, `JourneyError` for a journey with errors, and
    `DrawingError`.
    """
    from safar import pictures

    return pictures.draw(journey, _ground(project, limits), kind=kind, **look)


def serve(journey: Where, *, port: int = 0, project: Where | None = None, limits: Limits | None = None) -> Served:
    """A live preview of a journey (`FILE`, `FILE:name` or `name`): its `url` shows the map and what was found.

    It is drawn anew when the file is saved, answers this machine alone, and ends with `close` or the `with` it is in.
    Raises `SelectionError` where there is no such file, `OSError` where the `port` is taken; 0 is a free one.
    """
    from safar.serving.journey import Served

    return Served(journey, _ground(project, limits), port)


class Simulation(msgspec.Struct, frozen=True):
    """What a simulation gave; `findings` tell of rows of files that were set aside, `files` are the journeys' own."""

    result: Result
    findings: tuple[Diagnostic, ...] = ()
    files: tuple[Path, ...] = ()

    def report(
        self,
        *,
        engine: str = "",
        sensitivity: Where | None = None,
        project: Where | None = None,
        limits: Limits | None = None,
    ) -> str:
        """A page with the map, its figures, charts, and what `check` finds at the steps; it needs nothing but itself.

        `sensitivity` is a file of `safar sensitivity --json`, whose table stands in it as a chart.
        Raises `DrawingError` where no engine can lay the map out, `SelectionError` for a table of another journey.
        """
        from safar import reporting

        found = check(*self.files, project=project, limits=limits).findings
        return reporting.report(self.result, found, engine=engine, sensitivity=_path(sensitivity))

    @property
    def figures(self) -> dict[str, Any]:
        """The figures as plain data, as `safar simulate --json` writes them."""
        from safar.engine.simulate.results import as_json

        return as_json(self.result)


class Trace(msgspec.Struct, frozen=True):
    """One customer's story, in the project that it happened in."""

    project: Project
    story: Story


def simulate(  # noqa: PLR0913 - what can be said of a population, all by keyword
    journey: Where,
    *,
    n: int | None = None,
    customers: Where | None = None,
    events: Where | None = None,
    seed: int | None = None,
    start: str | None = None,
    days: int | None = None,
    strict: bool = False,
    together: bool = False,
    project: Where | None = None,
    limits: Limits | None = None,
    progress: Callable[[int, int], None] | None = None,
    traces: Callable[[str], object] | None = None,
    out: Where | None = None,
    rejected: Where | None = None,
    workers: int | None = None,
    partitions: int | None = None,
    cluster: str = "",
    engine: Literal["auto", "fast", "plain"] = "auto",
) -> Simulation:
    """A population through a journey (`FILE`, `FILE:name` or `name`): made-up customers, or those of files.

    `together` takes all journeys of the project of `journey` (a file or folder) on one timeline. `start` is an
    instant such as `2027-01-01T09:00`, in the project's zone; `days` bounds arrivals and calendar entries. What is not
    given is what the project's settings say, else 10,000 customers, seed 1, 2027-01-01. `progress` is told customers
    done and in all; `traces` gets each happening as a line of JSON. With `strict` the first bad row of a file ends it.
    Into the file `out` go the results by customer, a row for each run, into `rejected` the rows that were set aside and
    why; both as CSV, JSON Lines or Parquet, by their endings, and whole or not at all. `workers` are processes that
    share the work, `cluster` the address of a Dask scheduler whose workers do it, `partitions` the parts into which the
    customers are divided; none of them changes a bit of the result. Nor does `engine`: `fast` lives customers through
    in columns where that can be, `plain` one by one, `auto` whichever is quicker.

    Raises `SelectionError` for wrong arguments, `JourneyError` for a journey with errors, `RowsError` for files that
    cannot be used, `RuntimeLimitError` for a run without end, `OSError` where a file cannot be written,
    `WorkerLostError` where workers are lost again and again.
    """
    if (workers or 1) > 1 and not cluster:
        from safar.scale.starting import warm_up

        warm_up()
    from safar import populations

    asked = populations.Asked(
        n=n, seed=seed, start=start, days=days, customers=customers, events=events, strict=strict, together=together,
        progress=progress, traces=traces, out=out, rejected=rejected, workers=workers, partitions=partitions,
        cluster=cluster, engine=engine,
    )  # fmt: skip
    return Simulation(*populations.simulate(journey, _ground(project, limits), asked))


def trace(
    journey: Where,
    customer: str,
    *,
    project: Where | None = None,
    limits: Limits | None = None,
    **asked: Unpack[Asked],
) -> Trace:
    """The story of one customer: the one of that key in the files, or the made-up one of that number.

    A made-up customer is the same as in `simulate` with the same seed, start and `n`.  Raises as `simulate` does.
    """
    from safar import people
    from safar.engine.simulate.plain import live
    from safar.persons import find

    person = find(journey, customer, asked, _ground(project, limits))
    with people.limits():
        return Trace(person.chosen.project, live(person.world, person.customer))


def create_scenario(
    journey: Where,
    customer: str,
    file: Where,
    *,
    project: Where | None = None,
    limits: Limits | None = None,
    **asked: Unpack[Asked],
) -> str:
    """Write what one customer lives through as a scenario into a new file, `.journey` or `.journey.yaml`; its text.

    The customer is that of `trace` with the same arguments.  The scenario passes when it is run: it is tried first.

    Raises as `trace` does, and `SelectionError` where there is such a file already or the life cannot be told.
    """
    from safar import people
    from safar.creating import create
    from safar.engine.test.recording import record
    from safar.persons import find

    person = find(journey, customer, asked, _ground(project, limits))
    with people.limits():
        return create(person.chosen, record(person.world, person.customer), Path(file))


def test(
    *paths: Where,
    only: Sequence[str] = (),
    project: Where | None = None,
    limits: Limits | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Tests:
    """Run the scenarios and forecasts of files and folders; without paths, of the project's journey folders.

    `only` are names of journeys, or words of titles; `progress` is told how many tests are done, of how many.
    A failed test is a value; the tests of a file with errors are not run.

    Raises `SelectionError` where there is no test, `RuntimeLimitError` for a journey that runs without end.
    """
    from safar.testing import run_tests

    return run_tests([Path(path) for path in paths], _ground(project, limits), only, progress)


class Fixed(msgspec.Struct, frozen=True):
    """What `fix` did: what is left to find, the files that changed, and how many fixes would have made things worse."""

    report: Report
    changes: tuple[Change, ...]
    left_out: int


def fix(*paths: Where, unsafe: bool = False, write: bool = True, **wanted: Unpack[Selection]) -> Fixed:
    """Mend what `check` finds and can mend; `unsafe` also where it only knows what was probably meant.

    `wanted` is what `check` takes. With `write=False` no file is touched: the texts are in `changes`. Raises as `check`
    does, and `OSError`.
    """
    from safar import mending
    from safar.checking import Choice, gather
    from safar.past import fresh

    choice = Choice(select=tuple(wanted.get("select", ())), ignore=tuple(wanted.get("ignore", ())))
    past = wanted.get("baseline"), wanted.get("since")
    chosen = gather([Path(path) for path in paths], _ground(wanted.get("project"), wanted.get("limits")))
    done = [
        mending.mend(home, files, choice, unsafe=unsafe, keep=fresh(home, files, choice, past))
        for home, files in chosen
    ]
    changes = tuple(change for one in done for change in one.changes)
    if write:
        mending.write(changes)
    return Fixed(Report(tuple(one.checked for one in done)), changes, sum(one.left_out for one in done))


def _ground(project: Where | None, limits: Limits | None) -> Ground:
    from safar.checking import Ground

    return Ground(_path(project), limits or {})


def _path(given: Where | None) -> Path | None:
    return None if given is None else Path(given)


def explain(rule: str, *, language: str = "en") -> Page:
    """The page of a rule, by name or code, in English where there is none in `language` (`fa`).

    Raises `LookupError` with the nearest name.
    """
    from safar import pages

    page = pages.find(rule)
    if page is None:
        near = pages.suggestion(rule)
        raise LookupError(f"no rule `{rule}`" + (f"; did you mean `{near}`?" if near else "; `safar rules` lists them"))
    return (pages.translated(page, language) if language != "en" else None) or page


def rules() -> tuple[Page, ...]:
    """The pages of all rules, by code."""
    from safar import pages

    return pages.rules()


def templates() -> tuple[str, ...]:
    """What `init` can begin with."""
    from safar.templates import names

    return names()


def init(folder: Where, *, template: str | None = None, language: Literal["en", "fa"] = "en") -> Plan:
    """Write a new project into a folder and tell what was written; raises `ValueError` where a file is in the way."""
    from safar.templates import start

    return start(Path(folder), template, language)


def schema(what: Literal["journey", "project"] = "journey") -> dict[str, Any]:
    """The JSON Schema (draft 7) of `.journey.yaml` files, or of `safar.toml`, as plain data."""
    if what == "project":
        from safar.dsl.schema_settings import settings_schema

        return settings_schema()
    from safar.dsl.schema import journey_schema

    return journey_schema()
