"""A project as a site: read, checked, drawn, put into words, written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from safar.checking import AS_CONFIGURED, Checked, Ground, check_home, gather
from safar.dsl import read
from safar.dsl.project import Home
from safar.dsl.read import Reading
from safar.engine.diagnostic import Diagnostic, Severity
from safar.errors import SelectionError
from safar.renderers.site.addresses import way
from safar.renderers.site.captions import LANGUAGES
from safar.renderers.site.catalogue import Catalogue, Entry, Said
from safar.renderers.site.pages import pages
from safar.renderers.site.site import FLOW, FORMS, Key, Site
from safar.site import history
from safar.site.folder import Written, write
from safar.site.pictures import Gallery, Progress, Wanted, texts_of


class Built(msgspec.Struct, frozen=True):
    """What a build did; `broken` are the titles of journeys without maps, for their files cannot be read as a whole."""

    folder: Path
    checked: Checked
    journeys: int
    drawn: int
    written: Written
    broken: tuple[str, ...]

    @property
    def start(self) -> Path:
        """The page to open."""
        return self.folder / "index.html"


def docs(
    folder: str | Path = "site",
    *,
    languages: Sequence[str] = (),
    project: str | Path | None = None,
    limits: Mapping[str, int | str] | None = None,
    cache: str | Path | None = None,
    progress: Progress | None = None,
) -> Built:
    """Write all journeys of the project around the working folder as a site of HTML pages into a folder.

    The pages are in `languages` (`en`, `fa`; all if empty), open from a disk, and may be moved anywhere.  `cache` is a
    folder outside of the project in which findings and drawings are kept for the next time; `progress` is told how many
    of those that changed are drawn, and of how many.  A journey with errors has its page, without maps.

    Raises `SelectionError` where there is nothing to show or no such language, and `OutputError` (an `OSError`) where
    the folder cannot be written or has files that are not ours: those are never touched.
    """
    ready = read_project(Ground(_path(project), limits or {}), languages, _path(cache))
    gallery = Gallery(ready.home, _path(cache))
    drawings = gallery.all(list(ready.wanted.values()), progress)
    site = msgspec.structs.replace(ready.site, drawings=dict(zip(ready.wanted, drawings, strict=True)))
    written = write(Path(folder), pages(site))
    journeys = site.catalogue.of_kind("journeys")
    broken = tuple(entry.label for entry in journeys if entry.broken)
    return Built(Path(folder), ready.checked, len(journeys), gallery.drawn, written, broken)


def _path(given: str | Path | None) -> Path | None:
    return None if given is None else Path(given)


class Ready(msgspec.Struct, frozen=True):
    """A project that is read: a site without pictures, and those that are `wanted` for it."""

    home: Home
    site: Site
    checked: Checked
    wanted: dict[Key, Wanted]


def read_project(ground: Ground, languages: Sequence[str] = (), cache: Path | None = None) -> Ready:
    """Everything that the pages of the project around the caller tell, but pictures."""
    ((home, files),) = gather((), ground)
    spoken = _languages(languages, home)
    checked = check_home(home, files, AS_CONFIGURED, cache)
    readings = [read.read_file(file, home) for file in files[: home.limits.files]]
    catalogue = Catalogue([Said(one.source.path, one.project, _is_broken(one)) for one in readings])
    site = Site(
        title=home.settings.name or home.root.name or "Safar",
        catalogue=catalogue,
        languages=spoken,
        findings=_by_path(checked.findings),
        changes=history.changes(home.root, [one.source.path for one in readings]),
    )
    return Ready(home, site, checked, dict(_wanted(site, readings)))


def _languages(asked: Sequence[str], home: Home) -> tuple[str, ...]:
    """Those that are asked for, else all; the first is where the site begins: the project's own if it may be."""
    for one in asked:
        if one not in LANGUAGES:
            raise SelectionError(f"no pages in `{one}`; there are {', '.join(LANGUAGES)}")
    chosen = tuple(dict.fromkeys(asked)) or tuple(LANGUAGES)
    own = home.settings.language
    return (own, *(one for one in chosen if one != own)) if own in chosen and not asked else chosen


def _is_broken(reading: Reading) -> bool:
    """Whether something in a file or in one it uses cannot be read, so that what it says is not all there.

    What rules find keeps nothing from being drawn: it is marked.
    """
    return not reading.complete or any(one.severity is Severity.ERROR for one in reading.findings)


def _by_path(findings: Sequence[Diagnostic]) -> dict[str, list[Diagnostic]]:
    found: dict[str, list[Diagnostic]] = {}
    for one in findings:
        found.setdefault(one.span.source.path, []).append(one)
    return found


def _wanted(site: Site, readings: Sequence[Reading]) -> Iterator[tuple[Key, Wanted]]:
    """The pictures of every journey that is whole; what was found stands in its flow."""
    texts = {one.source.path: texts_of(one) for one in readings}
    for entry in site.catalogue.of_kind("journeys"):
        if not entry.broken:
            whole = Wanted(
                path=entry.path,
                journey=entry.declared.name,
                links=dict(_links(site.catalogue, entry)),
                texts=texts[entry.path],
            )
            found = tuple(site.found(entry))
            for form in FORMS:
                one = msgspec.structs.replace(whole, form=form, findings=found if form == FLOW else ())
                for language in site.languages:
                    yield (entry.key, form, language), msgspec.structs.replace(one, language=language)


def _links(catalogue: Catalogue, journey: Entry) -> Iterator[tuple[str, str]]:
    """Where the names of a journey lead from its page."""
    here = f"{journey.key}.html"
    for stage in catalogue.parts(journey, "stages"):
        yield f"stage {stage.declared.name}", way(here, f"{stage.key}.html")
        for met in catalogue.touchpoints(stage):
            yield f"touchpoint {met.declared.name}", way(here, f"{met.key}.html")
