"""What several kinds of pages are made of: facts, notes, where a thing is used, findings, changes, the written text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from safar.engine.model import MapLine
from safar.engine.source import Span
from safar.renderers.html.markup import Markup, joined, phrase, tag
from safar.renderers.html.tables import finding, name, section, table
from safar.renderers.phrases import Phrases
from safar.renderers.site.catalogue import KINDS, Entry, Use
from safar.renderers.site.site import Change
from safar.renderers.site.writer import Writer
from safar.renderers.texts import noted

Fact = tuple[str, str]
"""What it is called, and what is said of it."""


Part = tuple[str, str, Markup]
"""A part of a page: its anchor, the key of its title, what stands in it."""


def sections(writer: Writer, parts: Iterable[Part]) -> Markup:
    """The parts under their titles; those in which nothing stands are left out."""
    return joined(*(section(anchor, writer.say(key), content) for anchor, key, content in parts))


def contents(writer: Writer, parts: Iterable[Part]) -> Markup:
    """Links to the parts of a long page."""
    links = (tag("li", tag("a", writer.say(key), href=f"#{anchor}")) for anchor, key, content in parts if content)
    return tag("nav", tag("ul", *links), class_="contents", aria_label=writer.say("contents"))


def facts(rows: Iterable[Fact]) -> Markup:
    """A list of names and what is said under each; what has nothing to say is left out."""
    pairs = [tag("dt", key) + tag("dd", said) for key, said in rows if said]
    return tag("dl", *pairs, class_="facts") if pairs else Markup()


def several(parts: Sequence[str]) -> Markup:
    """One as it is, more as a list."""
    if len(parts) < 2:
        return joined(*parts)
    return tag("ul", *(tag("li", part) for part in parts), class_="plain")


def place(writer: Writer, entry: Entry) -> Fact:
    """The file and line in which it stands."""
    line = entry.span.source.position(entry.span.start)[0]
    return writer.say("file"), writer.place(entry.path, line)


def notes(writer: Writer, lines: Sequence[MapLine], phrases: Phrases) -> Markup:
    """What the journey map says there, by the word that it stands under."""
    rows = [(writer.say(key), quoted(writer, text)) for key, text in noted(tuple(lines)) if text]
    felt = [line for line in lines if line.word == "feeling"]
    rows += [(writer.say("feeling"), feeling(writer, line, phrases)) for line in felt]
    return facts(rows)


def feeling(writer: Writer, line: MapLine, phrases: Phrases) -> Markup:
    """The score, in what words, and of whom."""
    score = tag("span", phrase(writer.words.signed(line.score or 0)), class_="score")
    said = joined(score, " ", quoted(writer, line.text)) if line.text else score
    return joined(said, " (", name(phrases.personas(line.personas)), ")") if line.personas else said


def quoted(writer: Writer, text: str) -> Markup:
    """A text of others in its own direction."""
    return tag("bdi", text, dir=writer.direction(text))


# --- what uses what


def used_by(writer: Writer, entry: Entry) -> Markup:
    """The journeys that name it with the places in each; then what names it outside of journeys."""
    uses = writer.site.catalogue.used_by.get(entry.key, [])
    rows: list[list[str]] = [[writer.link(journey), writer.links(users)] for journey, users in _by_journey(uses)]
    outside = _unique(use.user for use in uses if use.journey is None)
    if outside:
        rows.append([writer.say("outside"), writer.links(outside)])
    return table([writer.say("one journeys"), writer.say("place")], rows)


def _by_journey(uses: Iterable[Use]) -> list[tuple[Entry, list[Entry]]]:
    found: dict[str, tuple[Entry, list[Entry]]] = {}
    for use in uses:
        if use.journey is not None:
            _, users = found.setdefault(use.journey.key, (use.journey, []))
            users.append(use.user)
    return [(journey, _unique(users)) for journey, users in found.values()]


def _unique(entries: Iterable[Entry]) -> list[Entry]:
    return list({entry.key: entry for entry in entries}.values())


def uses(writer: Writer, entry: Entry, without: Sequence[str] = ()) -> Markup:
    """What it names, by kind."""
    used = _unique(use.used for use in writer.site.catalogue.uses_of.get(entry.key, ()))
    rows = ((kind, [one for one in used if one.kind == kind and kind not in without]) for kind in KINDS)
    return facts((writer.say(kind), writer.links(entries)) for kind, entries in rows)


# --- findings, changes, the text


def findings(writer: Writer, entry: Entry) -> Markup:
    return joined(*(finding(one, writer.numbers) for one in writer.site.found(entry)))


def changes(writer: Writer, latest: Sequence[Change]) -> Markup:
    """Commits as a table; the files that they touched are told elsewhere."""
    heads = [writer.say(key) for key in ("date", "commit", "who", "what")]
    return table(heads, (change(writer, one) for one in latest))


def change(writer: Writer, one: Change) -> list[Markup]:
    """A row about a commit."""
    commit = tag("code", one.commit[:9], dir="ltr")
    return [writer.date(one.date), commit, name(one.author), quoted(writer, one.subject)]


def written(span: Span) -> Markup:
    """The statement as it stands in its file, always from left to right."""
    first = span.source.position(span.start)[1] - 1
    lines = [" " * first + span.text.split("\n", 1)[0], *span.text.split("\n")[1:]]
    least = min((_indent(line) for line in lines if line.strip()), default=0)
    return tag("pre", tag("code", Markup("\n".join(_lines(lines, least)))), class_="written", dir="ltr", tabindex=0)


def _lines(lines: Iterable[str], least: int) -> Iterator[str]:
    for line in lines:
        shown = line.expandtabs(4)
        yield " " * (_indent(shown) - least) + joined(shown.strip())


def _indent(line: str) -> int:
    shown = line.expandtabs(4)
    return len(shown) - len(shown.lstrip())
