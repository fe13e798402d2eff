"""The pages of what a project declares for all its journeys: channels, personas, teams, events and the like."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine import spelling
from safar.engine.expression import Expression
from safar.engine.model import Attribute, Channel, Occasion, PersonaDeclared
from safar.renderers.html.markup import Markup, phrase, tag
from safar.renderers.phrases import Phrases
from safar.renderers.site import pieces
from safar.renderers.site.catalogue import Entry
from safar.renderers.site.part_pages import closing, phrases_of, trail
from safar.renderers.site.writer import Writer


def write(writer: Writer, entry: Entry) -> str:
    phrases = phrases_of(writer, entry)
    known = pieces.facts(_facts(writer, entry, phrases))
    notes = pieces.notes(writer, getattr(entry.declared, "map_lines", ()), phrases)
    sections = pieces.sections(writer, closing(writer, entry))
    return writer.page(entry.label, known, notes, sections, trail=trail(writer, entry))


def _facts(writer: Writer, entry: Entry, phrases: Phrases) -> Iterator[pieces.Fact]:
    say, declared = writer.say, entry.declared
    yield say("name"), tag("code", declared.name)
    match declared:
        case Channel():
            yield say("direction"), say("outbound" if declared.outbound else "inbound")
            yield say("asks consent"), _code(declared.consent)
        case PersonaDeclared():
            yield say("share of all"), writer.words.digits(spelling.percent(declared.share))
        case Attribute():
            yield say("type"), tag("code", str(declared.type), dir="ltr")
            yield say("may change"), say(f"change {declared.change}")
            yield say("private"), say("masked") if declared.private else ""
        case Occasion():
            yield say("date"), pieces.several([writer.date(date) for date in declared.dates])
    yield say("costs"), pieces.several([phrase(phrases.cost(cost)) for cost in getattr(declared, "costs", ())])
    yield pieces.place(writer, entry)


def _code(written: Expression | None) -> Markup:
    return tag("code", written.span.text, dir="ltr") if written is not None else Markup()
