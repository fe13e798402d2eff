"""What is read, and what must hold of it whatever it is: each target reads a text and raises where something is wrong.

No exception; every finding inside the text, with a message and told once; a layout that can be read again and stays;
a conversion that comes back.  The time is asked by who calls.
"""

from __future__ import annotations

import itertools
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from safar.checking import check_text
from safar.dsl.convert import ConversionError, convert_text
from safar.dsl.fmt import format_text
from safar.dsl.project import find_home
from safar.dsl.read import read_text
from safar.engine.diagnostic import Diagnostic
from safar.engine.simulate.customers import Reader
from safar.tables.read import read_rows

ROOT = Path(__file__).parents[2]
FOUND = Path(__file__).parent / "found"
_HOSTILE = ROOT / "tests" / "hostile"
_SHOP = read_text((_HOSTILE / "shop.journey").read_text(encoding="utf-8"), "shop.journey").project
_WORDS = """\
customer { a: yes_no = no; n: integer = 0; t: text = ""; m: money?; d: date?; k: one of x, y = x }
event e { total: money; shop: text }
channel c { outbound }
touchpoint t { send c { text "x" } }
"""
_YAML_WORDS = """\
customer: {a: yes_no = no, n: integer = 0, t: 'text = ""', m: money?, d: date?, k: 'one of x, y = x'}
events: {e: {total: money, shop: text}}
conditions:
"""
_CODE = re.compile(r"^```(journey|yaml|toml)[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)


class Target(msgspec.Struct, frozen=True):
    """`read` raises where something is wrong; `seeds` are texts to begin with; a found input ends in `ending`."""

    read: Callable[[str], None]
    seeds: Callable[[], list[str]]
    ending: str


def located(found: Iterable[Diagnostic], text: str, path: str) -> None:
    """Every finding stands in the text, says something, and is told once."""
    seen = set()
    for one in found:
        span = one.span
        assert one.message, one
        assert span.source.path != path or span.source.text in (text, ""), one
        assert 0 <= span.start <= span.end <= len(span.source.text), (one.rule, one.message, span.start, span.end)
        key = (one.rule, span.source.path, span.source.position(span.start), span.end, one.message)
        assert key not in seen, key
        seen.add(key)
        for edit in one.fix.edits if one.fix else ():
            assert 0 <= edit.span.start <= edit.span.end <= len(edit.span.source.text), one
        for other in (*one.related, *one.way):
            assert 0 <= other.span.start <= other.span.end <= len(other.span.source.text), one


def _journey(text: str, path: str) -> None:
    located(check_text(text, path).findings, text, path)
    laid = format_text(text, path)
    if laid.findings:
        assert laid.after == text
        return
    other = "dsl" if path.endswith(".yaml") else "yaml"
    try:
        there = convert_text(laid.after, path, other)
    except ConversionError:
        return  # what the other spelling has no words for is refused
    assert not there.findings, there.findings
    located(check_text(there.text, f"b.journey{'.yaml' * (other == 'yaml')}").findings, there.text, "b.journey")


def _dsl(text: str) -> None:
    _journey(text, "a.journey")


def _yaml(text: str) -> None:
    _journey(text, "a.journey.yaml")


def _expression(text: str) -> None:
    dsl = f"{_WORDS}condition it = {text}\n"
    located(check_text(dsl, "a.journey").findings, dsl, "a.journey")
    yaml = f"{_YAML_WORDS}  it: '{text.replace(chr(39), chr(39) * 2)}'\n"
    located(check_text(yaml, "a.journey.yaml").findings, yaml, "a.journey.yaml")


def _in_file(name: str, text: str, read: Callable[[Path], None]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(text.encode(errors="surrogatepass"))
        read(path)


def _customers(ending: str) -> Callable[[str], None]:
    def read(path: Path) -> None:
        reader = Reader(_SHOP)
        for one in reader.customers(read_rows(path, "a")):
            assert one.key is not None
        located(reader.findings, "", "")

    return lambda text: _in_file(f"a{ending}", text, read)


def _happenings(ending: str) -> Callable[[str], None]:
    def read(path: Path) -> None:
        reader = Reader(_SHOP)
        for happened in reader.occurrences(read_rows(path, "a")).values():
            assert all(one.at <= two.at for one, two in itertools.pairwise(happened))
        located(reader.findings, "", "")

    return lambda text: _in_file(f"a{ending}", text, read)


def _settings(text: str) -> None:
    def read(path: Path) -> None:
        home = find_home(path.parent)
        located(home.findings, home.findings[0].span.source.text if home.findings else "", path.name)

    _in_file("safar.toml", text, read)


# --- seeds


def _files(*patterns: str) -> Iterator[str]:
    for pattern in patterns:
        for file in sorted(ROOT.glob(pattern)):
            if file.is_file() and file.stat().st_size < 20_000:
                yield file.read_text(encoding="utf-8", errors="replace")


def _blocks(kind: str) -> Iterator[str]:
    """The examples on the pages of rules and of the language."""
    for page in itertools.chain(ROOT.glob("safar/**/*.md"), ROOT.glob("docs/language/*.md")):
        for found in _CODE.finditer(page.read_text(encoding="utf-8")):
            if found[1] == kind:
                yield found[2]


def _dsl_seeds() -> list[str]:
    return [*_files("journeys/dsl/*.journey", "tests/hostile/files/dsl/*.journey"), *_blocks("journey")]


def _yaml_seeds() -> list[str]:
    return [*_files("journeys/yaml/*.yaml", "tests/hostile/files/yaml/*.yaml"), *_blocks("yaml")]


def _expression_seeds() -> list[str]:
    said = [text.partition("condition c = ")[2].strip() for text in _files("tests/hostile/files/expressions/*.journey")]
    for text in (*_files("journeys/dsl/*.journey"), *_blocks("journey")):
        said += re.findall(r"(?:^|[{;]) *(?:if|where|condition \w+ =|requires) ([^{}\n;#]+)", text, re.MULTILINE)
    return [*filter(None, said), "customer.n / 2 > 1 and (e within 3d where total > 5 EUR) or not customer.a"]


def _toml_seeds() -> list[str]:
    return [*_files("journeys/*/safar.toml", "tests/hostile/files/settings/*/safar.toml"), *_blocks("toml")]


def _row_seeds(kind: str, ending: str) -> Callable[[], list[str]]:
    return lambda: [*_files(f"tests/hostile/files/{kind}/*{ending}", f"journeys/*/customers/*{ending}"), _GOOD[ending]]


_GOOD = {
    ".csv": "customer,event,at,orders,birthday\na,bought,2027-01-02T10:00,3,2000-01-31\n",
    ".jsonl": '{"customer": "a", "event": "bought", "at": "2027-01-02T10:00", "total": "3 EUR", "orders": 3}\n',
    ".yaml": "- {customer: a, orders: 3, birthday: 2000-01-31, email_ok: yes, cart: 20 EUR}\n",
}

TARGETS = {
    "dsl": Target(_dsl, _dsl_seeds, ".journey"),
    "yaml": Target(_yaml, _yaml_seeds, ".journey.yaml"),
    "expression": Target(_expression, _expression_seeds, ".expression"),
    "customers-csv": Target(_customers(".csv"), _row_seeds("customers", ".csv"), ".csv"),
    "customers-jsonl": Target(_customers(".jsonl"), _row_seeds("customers", ".jsonl"), ".jsonl"),
    "customers-yaml": Target(_customers(".yaml"), _row_seeds("customers", ".yaml"), ".yaml"),
    "happenings-csv": Target(_happenings(".csv"), _row_seeds("events", ".csv"), ".csv"),
    "happenings-jsonl": Target(_happenings(".jsonl"), _row_seeds("events", ".jsonl"), ".jsonl"),
    "settings": Target(_settings, _toml_seeds, ".toml"),
}
