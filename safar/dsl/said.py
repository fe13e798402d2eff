"""What a value says, in the language's own text, out of a file in either spelling: as it was written there."""

from __future__ import annotations

import bisect

from safar.dsl import tree
from safar.dsl.spacing import space, written
from safar.dsl.tokens import Token, tokens_of
from safar.dsl.yaml_nodes import Mapping, Scalar, Sequence, YamlNode
from safar.dsl.yaml_scalars import placer
from safar.engine.source import Source, Span

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})
_BRACES = str.maketrans({"{": "\\{", "}": "\\}"})


class Said:
    """The words of one file; `root` are the nodes of a YAML file."""

    def __init__(self, source: Source, root: YamlNode | None) -> None:
        self.source = source
        self.scalars = sorted(_scalars(root), key=lambda one: one.start) if root is not None else []
        self.starts = [one.start for one in self.scalars]
        self.is_yaml = root is not None
        self.places: dict[int, list[int]] = {}

    def value(self, value: tree.Value) -> str:
        """A value that is no text for people."""
        if isinstance(value, tuple):
            return ", ".join(self.of(name.span) for name in value)
        if isinstance(value, tree.Path):
            return ", ".join(self.of(stop.span) for stop in value.stops)
        if isinstance(value, tree.Payload):
            fields = [f"{self.of(one.name.span)} = {self.of(one.amount.span)}" for one in value.fields]
            return f"({', '.join(fields)})"
        return self.of(value.span)

    def of(self, span: Span) -> str:
        """The tokens of a stretch on one line."""
        text = self._decoded(span) if self.is_yaml else self.source.text[span.start : span.end]
        tokens = [token for token in tokens_of(text) if token[0] not in ("END", "$END")]
        out = ""
        before: list[Token] = []
        for token in tokens:
            if before:
                out += space(before[-2] if len(before) > 1 else None, before[-1], token)
            out += written(token)
            before.append(token)
        return out

    def _decoded(self, span: Span) -> str:
        """The text of a stretch of a YAML file, without quotation marks and escapes."""
        number = bisect.bisect_right(self.starts, span.start) - 1
        scalar = self.scalars[number]
        if number not in self.places:
            place = placer(self.source, scalar)
            size = len(scalar.text)
            self.places[number] = [place(at, at + 1).start for at in range(size)] + [scalar.end]
        places = self.places[number]
        start, end = bisect.bisect_left(places, span.start), bisect.bisect_left(places, span.end)
        return scalar.text[start:end]

    def title(self, text: tree.Text) -> str:
        """A title as a text between quotation marks."""
        plain = "".join(part for part in text.parts if isinstance(part, str))
        quoted = plain.translate(_ESCAPES)
        return f'"{quoted.translate(_BRACES) if "{" in plain and chr(34) in plain else quoted}"'

    def quoted(self, text: tree.Text) -> str:
        """A text with its placeholders, between quotation marks."""
        parts = [
            part.translate(_ESCAPES).translate(_BRACES) if isinstance(part, str) else f"{{{self.of(part.span)}}}"
            for part in text.parts
        ]
        return f'"{"".join(parts)}"'

    def bare(self, text: tree.Text) -> str:
        """A text with its placeholders as YAML has it."""
        parts = [
            part.translate(_BRACES) if isinstance(part, str) else f"{{{self.of(part.span)}}}" for part in text.parts
        ]
        return "".join(parts)


def _scalars(root: YamlNode) -> list[Scalar]:
    found: list[Scalar] = []
    waiting: list[YamlNode] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            found.append(node)
        elif isinstance(node, Sequence):
            waiting += node.items
        elif isinstance(node, Mapping):
            waiting += (part for entry in node.entries for part in (entry.key, entry.value))
    return found
