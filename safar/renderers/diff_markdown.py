"""Two versions compared, as Markdown for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safar.engine.diff.change import Change, Experience, Notice, Promise
from safar.engine.diff.diff import Difference
from safar.engine.source import Span
from safar.renderers.escape import code, markdown
from safar.renderers.findings import Where
from safar.renderers.findings_markdown import MOST
from safar.renderers.lives import headings, rows
from safar.renderers.proofs_text import message

MARKER = "<!-- safar diff -->"
"""The first line, by which a later run finds its comment and replaces it."""


def diff_markdown(difference: Difference, against: str, where: Where, unread: Sequence[str] = ()) -> str:
    """A headline, then guards, rules, changes, and customers; what is too long for a comment is left out, and said."""
    text = f"{MARKER}\n### Safar: {_headline(difference)}, against {code(against)}\n"
    for part in (*(f"\n{markdown(line)}\n" for line in unread), *_parts(difference, where)):
        if len((text + part).encode("utf-8", "surrogatepass")) > MOST:
            return f"{text}\nThe rest is left out: too long for a comment.\n"
        text += part
    return text


def _headline(difference: Difference) -> str:
    numbers = (
        (len(difference.weakened), "weakened"),
        (len(difference.lost), "no longer proved"),
        (len(difference.strengthened), "strengthened"),
        (len(difference.others), "changed"),
    )
    return ", ".join(f"{n:,} {word}" for n, word in numbers if n) or "nothing changed in meaning"


def _parts(difference: Difference, where: Where) -> Iterator[str]:
    yield from _changes("Weakened", difference.weakened, where)
    yield from _promises("No longer proved", difference.lost)
    yield from _promises("Proved now", [one for one in difference.promises if one.won])
    for one in difference.experiences:
        yield from _experience(one)
    yield from _changes("Strengthened", difference.strengthened, where)
    yield from _changes("Changed", difference.others, where)


def _changes(title: str, changes: Sequence[Change], where: Where) -> Iterator[str]:
    for number, one in enumerate(changes):
        heading = f"\n**{title}**\n\n" if number == 0 else ""
        of = f"{code(one.journey)}: " if one.journey else ""
        yield f"{heading}- {of}{markdown(one.message)}{_place(one.new or one.old, where)}\n"


def _place(span: Span | None, where: Where) -> str:
    if span is None or not span.source.path:
        return ""
    return f" ({code(f'{where(span.source.path)}:{span.source.position(span.start)[0]}')})"


def _promises(title: str, promises: Sequence[Promise]) -> Iterator[str]:
    for number, one in enumerate(promises):
        heading = f"\n**{title}**\n\n" if number == 0 else ""
        of = f" of {code(one.journey)}" if one.journey else ""
        if one.new is not None:
            why = f": {markdown(message(one.new))}" if not one.is_proved else ""
            yield f"{heading}- rule {code(one.name)}{of} is {one.new.outcome.value}{why}\n"


def _experience(one: Experience) -> Iterator[str]:
    if one.notice is not Notice.DIFFERS:
        yield f"\n{code(one.journey)}: {markdown(one.reason)}.\n"
        return
    lines = [f"\n{code(one.journey)}: a customer whose experience changes", ""]
    lines += [f"{markdown(line)}  " for line in headings(one)]
    lines += ["", "| Before | Now |", "|---|---|"]
    for row in rows(one):
        cells = [_cell(text) for text in (row.old, row.new)]
        lines.append(f"| {cells[0]} | {cells[1]} |" if not row.differs else f"| **{cells[0]}** | **{cells[1]}** |")
    yield "\n".join(lines).replace("****", "") + "\n"


def _cell(text: str) -> str:
    return code(text).replace("|", "\\|") if text else ""
