"""The pages that list: the first one, one for each kind, all findings, all changes."""

from __future__ import annotations

from collections.abc import Iterable

from safar.engine.model import Journey, Touchpoint
from safar.renderers.html.markup import Markup, joined, tag
from safar.renderers.html.tables import finding, name, table
from safar.renderers.labels import apart
from safar.renderers.phrases import Phrases
from safar.renderers.site import pieces
from safar.renderers.site.catalogue import KINDS, Entry
from safar.renderers.site.site import Change
from safar.renderers.site.writer import MAIN, Writer

_RECENT = 10


def home(writer: Writer) -> str:
    catalogue, say = writer.site.catalogue, writer.say
    others = [kind for kind in KINDS if kind not in MAIN and catalogue.of_kind(kind)]
    words = [
        tag("li", writer.anchor(f"{kind}/index.html", say(kind)), f" ({writer.count(len(catalogue.of_kind(kind)))})")
        for kind in others
    ]
    journeys = catalogue.of_kind("journeys")
    listed = _journeys(writer, journeys) if journeys else tag("p", say("no journeys"))
    recent = writer.site.changes.latest[:_RECENT] if writer.site.changes is not None else ()
    parts: list[pieces.Part] = [
        ("vocabulary", "vocabulary", tag("ul", *words, class_="words") if words else Markup()),
        ("changes", "changes", _changes(writer, recent)),
    ]
    return writer.page(writer.say("all of", project=apart(writer.site.title)), listed, pieces.sections(writer, parts))


def of_kind(writer: Writer, kind: str) -> str:
    entries = writer.site.catalogue.of_kind(kind)
    listed = _journeys(writer, entries) if kind == "journeys" else _things(writer, entries)
    return writer.page(writer.say(kind), listed)


def _journeys(writer: Writer, entries: Iterable[Entry]) -> Markup:
    say = writer.say
    head = [say("one journeys"), say("one teams"), say("stages"), say("channels"), say("goals"), say("findings")]
    return table([*head, say("changed")], (_row(writer, entry) for entry in entries))


def _row(writer: Writer, entry: Entry) -> list[str]:
    catalogue, declared = writer.site.catalogue, entry.declared
    assert isinstance(declared, Journey)
    phrases = Phrases(entry.project, declared, writer.words)
    themes = [line.text for line in declared.map_lines if line.word == "theme"]
    said = (tag("div", pieces.quoted(writer, text), class_="faint") for text in themes)
    team = catalogue.find(entry.project, "teams", declared.owner) if declared.owner else None
    comma = writer.say("comma")
    goals = [
        joined(writer.link(one), *([comma, phrases.level(goal.target)] if goal.target is not None else []))
        for one, goal in zip(catalogue.parts(entry, "goals"), declared.goals, strict=True)
    ]
    changed = writer.site.changed(entry.path)
    return [
        joined(writer.link(entry), *said),
        writer.link(team) if team is not None else "",
        writer.links(catalogue.parts(entry, "stages")),
        writer.links(_channels(writer, entry)),
        pieces.several(goals),
        _found(writer, entry),
        writer.date(changed[0].date) if changed else "",
    ]


def _channels(writer: Writer, entry: Entry) -> list[Entry]:
    """The channels of its touchpoints, in the order in which customers meet them."""
    catalogue = writer.site.catalogue
    met = [one for stage in catalogue.parts(entry, "stages") for one in catalogue.touchpoints(stage)]
    contacts = (one.declared.contact for one in met if isinstance(one.declared, Touchpoint))
    names = dict.fromkeys(contact.channel for contact in contacts if contact is not None)
    found = (catalogue.find(entry.project, "channels", channel) for channel in names)
    return [one for one in found if one is not None]


def _found(writer: Writer, entry: Entry) -> Markup:
    """How many findings there are, by their severity."""
    found = [one.severity.value for one in writer.site.found(entry)]
    said = [
        f"{writer.count(found.count(kind))} {writer.say(kind)}"
        for kind in ("error", "warning", "info")
        if kind in found
    ]
    if not said:
        return Markup()
    return tag("a", writer.say("comma").join(said), href=writer.way(f"{entry.key}.html#findings"), class_="bad")


def _things(writer: Writer, entries: Iterable[Entry]) -> Markup:
    """With what each is part of, and the journeys that it is used in."""
    say, rows = writer.say, []
    for entry in entries:
        used = {use.journey.key: use.journey for use in writer.site.catalogue.used_by.get(entry.key, ()) if use.journey}
        whole = writer.link(entry.of) if entry.of is not None else Markup()
        rows.append(
            [writer.link(entry), tag("code", entry.declared.name), whole, _in_journeys(writer, list(used.values()))]
        )
    return table([say("name"), "", say("in"), say("in journeys")], rows)


_MOST = 8


def _in_journeys(writer: Writer, journeys: list[Entry]) -> Markup:
    """The first of them, and how many more there are; the page of the thing has them all."""
    more = len(journeys) - _MOST
    shown = writer.links(journeys[:_MOST])
    return joined(shown, f" + {writer.count(more)}") if more > 0 else shown


# --- findings and changes


def findings(writer: Writer) -> str:
    parts = []
    for path, found in writer.site.findings.items():
        if found:
            said = (finding(one, writer.numbers) for one in found)
            parts.append(tag("section", tag("h2", name(path)), *said))
    nothing = tag("p", writer.say("no findings"))
    return writer.page(writer.say("findings"), *(parts or [nothing]))


def changes(writer: Writer) -> str:
    known = writer.site.changes
    title = writer.say("changes")
    if known is None:
        return writer.page(title, tag("p", writer.say("no history")))
    if not known.latest:
        return writer.page(title, tag("p", writer.say("no changes")))
    some = writer.say("some changes", n=writer.count(len(known.latest)))
    told = Markup() if known.whole else tag("p", some, class_="faint")
    return writer.page(title, told, _changes(writer, known.latest))


def _changes(writer: Writer, latest: Iterable[Change]) -> Markup:
    """Commits with the journeys that stand in the files they touched."""
    of: dict[str, list[Entry]] = {}
    for entry in writer.site.catalogue.of_kind("journeys"):
        of.setdefault(entry.path, []).append(entry)
    rows = []
    for one in latest:
        touched = [entry for path in one.paths for entry in of.get(path, ())]
        rows.append([*pieces.change(writer, one), _in_journeys(writer, touched)])
    return table([*(writer.say(key) for key in ("date", "commit", "who", "what")), writer.say("journeys")], rows)
