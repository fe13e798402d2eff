"""YAML text -> nodes, over the event stream of PyYAML.  The only importer of yaml.

Events only: `load` and `compose` would resolve `no` and `12:30`, follow aliases, and overflow the C stack on deep
nesting.  Limits are asked while events arrive, so a hostile file costs no more than its allowed part.
"""

from __future__ import annotations

import msgspec
import yaml

from safar.dsl.limits import Limits
from safar.dsl.reading_rules import YAML_FEATURE
from safar.dsl.syntax_rules import LIMIT
from safar.dsl.yaml_nodes import DAMAGED, Entry, Mapping, Scalar, Sequence, YamlNode
from safar.engine.diagnostic import Diagnostic
from safar.engine.source import Source, Span

UNPRINTABLE = yaml.reader.Reader.NON_PRINTABLE
"""A character that YAML does not allow."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Broken(msgspec.Struct, frozen=True):
    """Where the text stopped being YAML: `context` is where the broken part begins, if that is known."""

    problem: str
    at: int
    context: int | None
    last: Scalar | None
    """The last text that was read well."""


class Events(msgspec.Struct, frozen=True):
    """What one pass over the text gave."""

    root: YamlNode | None
    findings: tuple[Diagnostic, ...] = ()
    broken: Broken | None = None
    stopped: bool = False
    """A limit was met: the rest was not looked at."""
    anchored: tuple[Span, ...] = ()
    """Lists and mappings with an anchor, in order, the outermost ones."""


class _Frame:
    """A mapping or a sequence that is still open."""

    __slots__ = ("anchored", "damaged", "entries", "flow", "is_mapping", "items", "key", "start")

    def __init__(self, event: yaml.CollectionStartEvent) -> None:
        self.is_mapping = isinstance(event, yaml.MappingStartEvent)
        self.flow = bool(event.flow_style)
        self.start = _start(event)
        self.items: list[YamlNode] = []
        self.entries: list[Entry] = []
        self.key: YamlNode | None = None
        self.damaged = event.tag is not None
        self.anchored = event.anchor is not None

    def node(self, end: int) -> YamlNode:
        if self.damaged:
            return Scalar(self.start, end, DAMAGED, damaged=True)
        if self.is_mapping:
            return Mapping(self.start, end, tuple(self.entries), self.flow)
        return Sequence(self.start, end, tuple(self.items), self.flow)


class _Reader:
    def __init__(self, source: Source, limits: Limits) -> None:
        self.source = source
        self.limits = limits
        self.stack: list[_Frame] = []
        self.root: YamlNode | None = None
        self.findings: list[Diagnostic] = []
        self.last: Scalar | None = None
        self.nodes = 0
        self.documents = 0
        self.anchors: list[Span] = []
        self.shared: list[Span] = []
        self.anchored: list[Span] = []

    def take(self, event: yaml.Event) -> bool:
        """Add one event; False when nothing more may be read."""
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._tag(event)
            self.stack.append(_Frame(event))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close(_end(event))
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            return self._document(event)
        return self._within_limits(event)

    def _span(self, start: int, end: int) -> Span:
        return Span(self.source, start, end)

    def _within_limits(self, event: yaml.Event) -> bool:
        self.nodes += 1
        if len(self.stack) > self.limits.depth:
            limit = "depth"
            what = f"lists and mappings are nested more than {self.limits.depth} levels deep"
        elif self.nodes > self.limits.nodes:
            limit = "nodes"
            what = f"the file has more than {self.limits.nodes:,} values"
        elif isinstance(event, yaml.ScalarEvent) and len(event.value) > self.limits.text:
            limit = "text"
            what = f"a text is longer than {self.limits.text:,} characters"
        else:
            return True
        start = _start(event)
        help = self.limits.named(limit)
        self.findings = [LIMIT.at(self._span(start, start + 1), what, label="reading stopped here", help=help)]
        return False

    def _document(self, event: yaml.DocumentStartEvent) -> bool:
        self.documents += 1
        if self.documents == 1:
            return True
        start = _start(event)
        self.findings.append(
            YAML_FEATURE.at(
                self._span(start, start + 3),
                "a second document begins with `---`",
                label="the rest of the file is not read",
                help="put it into a file of its own, or take the line out",
            )
        )
        return False

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._tag(event)
        text: str = event.value
        start, end = _start(event), _end(event)
        if event.style in ("|", ">"):
            end = start + len(self.source.text[start:end].rstrip())
        tagged = event.tag is not None or (event.anchor is not None and not text)
        damaged = tagged or (bool(text) and not text.strip(DAMAGED))
        flow = bool(self.stack) and self.stack[-1].flow
        style = "" if event.style is None else event.style
        self.last = Scalar(start, end, text, style, flow, damaged)
        self._add(self.last)

    def _tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        start = _start(event)
        if event.anchor is not None:
            self.anchors.append(self._span(start, start + 1 + len(event.anchor)))
        if event.tag is None:
            return
        if len(self.findings) > 2 * self.limits.mistakes:
            return
        end = start + 1
        while end < len(self.source.text) and self.source.text[end] not in " \t\r\n,]}":
            end += 1
        self.findings.append(
            YAML_FEATURE.at(
                self._span(start, end),
                f"`{self.source.text[start:end][:40]}` is a tag of YAML, which is not read here",
                label="a text that begins with `!`",
                help="put the text into quotation marks; for `not`, write `not`",
            )
        )

    def _alias(self, event: yaml.AliasEvent) -> None:
        start, end = _start(event), _end(event)
        self._add(Scalar(start, end, DAMAGED, damaged=True))
        if not (self.stack and self.stack[-1].entries and self.stack[-1].entries[-1].key.text == "<<"):
            self.shared.append(self._span(start, end))

    def _close(self, end: int) -> None:
        frame = self.stack.pop()
        if frame.is_mapping and isinstance(frame.key, Scalar):
            frame.entries.append(Entry(frame.key, Scalar(frame.key.end, frame.key.end, DAMAGED, damaged=True)))
        end = end if frame.flow else _last_end(frame)
        if frame.anchored and not any(one.anchored for one in self.stack):
            self.anchored.append(self._span(frame.start, end))
        self._add(frame.node(end))

    def _add(self, node: YamlNode) -> None:
        if not self.stack:
            self.root = node
            return
        frame = self.stack[-1]
        if not frame.is_mapping:
            frame.items.append(node)
        elif frame.key is None:
            frame.key = node
        else:
            self._entry(frame, frame.key, node)
            frame.key = None

    def _entry(self, frame: _Frame, key: YamlNode, value: YamlNode) -> None:
        if not isinstance(key, Scalar):
            self._complex_key(frame, key)
        elif key.text == "<<" and not key.style:
            self.shared.append(self._span(key.start, key.end))
            frame.entries.append(Entry(key, Scalar(value.start, value.end, DAMAGED, damaged=True)))
        else:
            frame.entries.append(Entry(key, value))

    def _complex_key(self, frame: _Frame, key: YamlNode) -> None:
        frame.damaged = frame.damaged or frame.flow
        self.findings.append(
            YAML_FEATURE.at(
                self._span(key.start, max(key.end, key.start + 1)),
                "a list or a mapping stands where a key should be",
                label="not a name",
                help="a text that begins with `{` or `[` must stand in quotation marks",
            )
        )

    def finish(self, end: int) -> YamlNode | None:
        while self.stack:
            self._close(end)
        return self.root

    def sharing(self) -> tuple[Diagnostic, ...]:
        """Anchors, aliases and merge keys: one mistake if they belong together, else each its own."""
        places = sorted([*self.anchors, *self.shared], key=lambda span: span.start)
        if not self.anchors:
            return tuple(map(_no_sharing, places))
        return tuple(map(_no_sharing, places[:1]))


def _start(event: yaml.Event | yaml.Token) -> int:
    return event.start_mark.index if event.start_mark is not None else 0


def _end(event: yaml.Event | yaml.Token) -> int:
    return event.end_mark.index if event.end_mark is not None else 0


def _last_end(frame: _Frame) -> int:
    if frame.is_mapping:
        return frame.entries[-1].value.end if frame.entries else frame.start
    return frame.items[-1].end if frame.items else frame.start


def _no_sharing(span: Span) -> Diagnostic:
    sign = span.text[:1]
    if sign == "<":
        message = "the merge key `<<` of YAML is not read here"
        help = "write the lines out, or declare once what both use and name it twice"
    else:
        what = "an anchor" if sign == "&" else "an alias"
        message = f"`{span.text[:40]}` is {what} of YAML, which is not read here"
        help = f"put a text that begins with `{sign}` into quotation marks; write shared parts out at each place"
    return YAML_FEATURE.at(span, message, label="not read", help=help)


def read_events(source: Source, text: str, limits: Limits, loader: type = _LOADER) -> Events:
    """One pass over `text`, which is the source's with unreadable parts covered, place for place."""
    reader = _Reader(source, limits)
    broken = None
    stopped = False
    try:
        for event in yaml.parse(text, Loader=loader):
            if not reader.take(event):
                stopped = reader.documents < 2
                break
    except yaml.MarkedYAMLError as error:
        broken = _broken(error, reader.last, len(text))
    except (yaml.YAMLError, ValueError):  # the pure parser lets a ValueError of `chr` out
        broken = _unreadable(text, reader.last)
    root = None if stopped else reader.finish(broken.at if broken else len(text))
    sharing = () if stopped else reader.sharing()
    return Events(root, (*reader.findings, *sharing), broken, stopped, tuple(reader.anchored))


def _unreadable(text: str, last: Scalar | None) -> Broken:
    at = text.find("\\U", last.end if last is not None else 0)
    return Broken("found unknown escape", max(at, 0), None, last)


def _broken(error: yaml.MarkedYAMLError, last: Scalar | None, size: int) -> Broken:
    mark = error.problem_mark or error.context_mark
    at = min(mark.index, size) if mark is not None else 0
    context = error.context_mark.index if error.context_mark is not None else None
    problem = f"{error.context or ''}: {error.problem or ''}"
    return Broken(problem, at, context, last)


class Mark(msgspec.Struct, frozen=True):
    """A token of YAML: `kind` as PyYAML names it, without `Token`; `style` of a text is the mark it begins with."""

    kind: str
    start: int
    end: int
    style: str = ""


def marks(text: str) -> list[Mark]:
    """The tokens of a text that is free of mistakes, with those that only open and close blocks."""
    return [
        Mark(type(token).__name__.removesuffix("Token"), _start(token), _end(token), getattr(token, "style", "") or "")
        for token in yaml.scan(text, Loader=_LOADER)
    ]


def is_text_everywhere(text: str) -> bool:
    """Whether other programs too take a text without quotation marks as a text, not as a number, date or `true`."""
    likely = yaml.SafeLoader.yaml_implicit_resolvers.get(text[:1], ())
    return not any(pattern.match(text) for _, pattern in likely)
