"""The objects of a PDF in one order: that in which they are met from its root.

The converter hashes its fonts with a new key in each run, so that their objects come in any order.
"""

from __future__ import annotations

import re

_REFERENCE = re.compile(rb"\b([0-9]+) 0 R\b")
_FONTS = re.compile(rb"(/Font <<)([^<>]*)(>>)")
_NAMED = re.compile(rb"/[^\s/]+ [0-9]+ 0 R")


def ordered(pdf: bytes) -> bytes:
    """The same document; equal documents as equal bytes.

    It is one that `svg2pdf` writes: a plain table of objects, none in a stream.  Raises `ValueError` for others.
    """
    objects, trailer = _parts(pdf)
    order = _met(objects, trailer)
    numbers = {old: new for new, old in enumerate(order, 1)}
    written = [pdf[: pdf.index(b"\n", pdf.index(b"\n") + 1) + 1]]
    at, table = len(written[0]), [b"0000000000 65535 f \n"]
    for old in order:
        head, data = objects[old]
        piece = b"%d 0 obj\n%s%s\nendobj\n" % (numbers[old], _renumbered(head, numbers), data)
        table.append(b"%010d 00000 n \n" % at)
        written.append(piece)
        at += len(piece)
    trailer = re.sub(rb"/Size [0-9]+", b"/Size %d" % len(table), _renumbered(trailer, numbers))
    end = b"xref\n0 %d\n%strailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (len(table), b"".join(table), trailer, at)
    return b"".join((*written, end))


def _parts(pdf: bytes) -> tuple[dict[int, tuple[bytes, bytes]], bytes]:
    """Each object as what it says of itself and, from the word `stream` on, its data; and the trailer."""
    start = int(pdf[pdf.rindex(b"startxref") :].split()[1])
    table, _, rest = pdf[start:].partition(b"trailer")
    if not table.startswith(b"xref"):
        raise ValueError("the objects are in no plain table")
    places = sorted(int(line[:10]) for line in table.split(b"\n") if line.rstrip().endswith(b" n"))
    found: dict[int, tuple[bytes, bytes]] = {}
    for at, end in zip(places, [*places[1:], start], strict=True):
        number, body = pdf[at:end].split(b" 0 obj", 1)
        head, stream, data = body[: body.rindex(b"endobj")].strip().partition(b"stream\n")
        found[int(number)] = _FONTS.sub(_sorted, head), stream + data
    return found, rest[: rest.index(b"startxref")].strip()


def _sorted(fonts: re.Match[bytes]) -> bytes:
    return b"%s %s %s" % (fonts[1], b" ".join(sorted(_NAMED.findall(fonts[2]))), fonts[3])


def _met(objects: dict[int, tuple[bytes, bytes]], trailer: bytes) -> list[int]:
    """Objects as one comes to them, each after those that it is named by."""
    met: dict[int, None] = {}
    todo = [int(number) for number in reversed(_REFERENCE.findall(trailer))]
    while todo:
        number = todo.pop()
        if number not in met:
            met[number] = None
            todo += [int(one) for one in reversed(_REFERENCE.findall(objects[number][0]))]
    return list(met)


def _renumbered(head: bytes, numbers: dict[int, int]) -> bytes:
    return _REFERENCE.sub(lambda found: b"%d 0 R" % numbers[int(found[1])], head)
