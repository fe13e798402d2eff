"""The pages of the rules: found as files beside the rules, read into name, code, severity, text and examples."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from safar.engine.diagnostic import Severity
from safar.engine.names import nearest

OFF = " (off)"
"""Behind the severity of a rule that counts only where it is selected."""
_FOLDERS = ("dsl/pages", "engine/check", "engine/simulate/pages")
MARK = "# <- "
"""Ends a line of an example on which the rules named behind it must find something."""


class Example(msgspec.Struct, frozen=True):
    """A fenced block.  `language` is journey, yaml or toml; `file` is set for a file that the next block uses."""

    language: str
    file: str
    text: str

    def marks(self) -> set[tuple[str, int]]:
        """Rule and line (from 1) of each finding that must be there."""
        found = set()
        for number, line in enumerate(self.text.split("\n"), 1):
            if MARK in line:
                names = line.rpartition(MARK)[2].split(",")
                found |= {(name.strip(), number) for name in names}
        return found


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What `safar explain` shows of a rule.  `bad` and `good` are its examples in order."""

    name: str
    code: str
    severity: Severity
    summary: str
    text: str
    bad: tuple[Example, ...] = ()
    good: tuple[Example, ...] = ()
    near: tuple[Example, ...] = ()
    """What looks like the mistake and is none."""
    default: bool = True
    """Whether the rule counts without being selected."""


class PageError(ValueError):
    """A page that is not written as a page must be; the message says where."""


def parse(text: str) -> Page:
    """Read a page.

    >>> page = parse("# a-rule\\n\\nSF999 · error · Something is wrong.\\n\\nWhy.\\n")
    >>> page.name, page.code, page.severity.value, page.summary
    ('a-rule', 'SF999', 'error', 'Something is wrong.')
    """
    lines = text.split("\n")
    facts = [part.strip() for part in lines[2].split(" · ", 2)] if len(lines) > 2 else []
    if not lines[0].startswith("# ") or len(facts) != 3:
        raise PageError(f"{lines[0]!r}: a page begins with `# name`, an empty line and `CODE · severity · Summary.`")
    examples = list(_examples(lines))
    return Page(
        name=lines[0][2:].strip(),
        code=facts[0],
        severity=Severity(facts[1].removesuffix(OFF)),
        summary=facts[2],
        text=text,
        bad=tuple(example for heading, example in examples if heading == "Bad"),
        good=tuple(example for heading, example in examples if heading == "Good"),
        near=tuple(example for heading, example in examples if heading == "Near miss"),
        default=not facts[1].endswith(OFF),
    )


def _examples(lines: list[str]) -> Iterator[tuple[str, Example]]:
    heading = ""
    info: str | None = None
    block: list[str] = []
    for line in lines:
        if info is not None and line.strip() == "```":
            language, _, file = info.partition(" ")
            yield heading, Example(language, file.strip(), "\n".join(block) + "\n")
            info, block = None, []
        elif info is not None:
            block.append(line)
        elif line.startswith("```"):
            info = line[3:].strip()
        elif line.startswith("## "):
            heading = line[3:].strip()


def files() -> tuple[Path, ...]:
    """The English page files of this installation, sorted by name."""
    here = Path(__file__).parent
    found = (file for folder in _FOLDERS for file in (here / folder).glob("*.md"))
    return tuple(sorted((file for file in found if "." not in file.stem), key=lambda file: file.name))


def translated(page: Page, language: str) -> Page | None:
    """The page in another language (`NAME.fa.md` beside it) with the examples of the English one, if there is one.

    >>> page = find("zero-wait")
    >>> translated(page, "fa").code, translated(page, "tlh")
    ('SF108', None)
    """
    here = Path(__file__).parent
    files = (here / folder / f"{page.name}.{language}.md" for folder in _FOLDERS)
    file = next((file for file in files if file.is_file()), None)
    if file is None:
        return None
    other = parse(file.read_text(encoding="utf-8"))
    start = page.text.find("\n## ")
    text = other.text.rstrip("\n") + "\n" + (page.text[start:] if start >= 0 else "")
    return msgspec.structs.replace(page, summary=other.summary, text=text)


@functools.cache
def _read(file: Path) -> Page:
    return parse(file.read_text(encoding="utf-8"))


@functools.cache
def rules() -> tuple[Page, ...]:
    """The pages of all rules, by code."""
    return tuple(sorted((_read(file) for file in files()), key=lambda page: page.code))


_FAMILIES = {
    "SF0": "Reading a file",
    "SF1": "The shape of a journey",
    "SF2": "Names and types",
    "SF3": "Conditions",
    "SF4": "Marketing practice",
    "SF5": "The map and its words",
    "SF6": "Assumptions and runs",
}


def index() -> str:
    """All rules as a Markdown document, by family, with links to their pages."""
    lines = ["# Rules", "", "Each rule has a page: `safar explain NAME`. A rule marked *off* counts only where it is"]
    lines += ['selected, as by `select = ["default", "missing-goal"]` in `safar.toml`.']
    lines += ["[What other tools check](coverage.md) is compared with ours.", ""]
    where = {file.stem: file.parent.relative_to(Path(__file__).parent).as_posix() for file in files()}
    for family, title in _FAMILIES.items():
        lines += [
            f"## {family}xx: {title.lower()}",
            "",
            "| Code | Rule | Severity | What it finds |",
            "|---|---|---|---|",
        ]
        for page in (page for page in rules() if page.code.startswith(family)):
            link = f"[{page.name}](../../safar/{where[page.name]}/{page.name}.md)"
            severity = page.severity.value + ("" if page.default else ", off")
            lines.append(f"| {page.code} | {link} | {severity} | {page.summary} |")
        lines.append("")
    return "\n".join(lines)


@functools.cache
def stems() -> frozenset[str]:
    """The names of all rules, which are the names of their pages: nothing is opened."""
    here = Path(__file__).parent
    found = (file for folder in _FOLDERS for file in os.listdir(here / folder))  # noqa: PTH208 - Path is slower
    return frozenset(file[:-3] for file in found if file.endswith(".md") and file.count(".") == 1)


@functools.cache
def names() -> frozenset[str]:
    """Names and codes of all rules."""
    return frozenset(name for page in rules() for name in (page.name, page.code))


def find(rule: str) -> Page | None:
    """The page of a rule, by name or code in any case.

    >>> find("sf050").name
    'unexplained-ignore'
    """
    wanted = rule.strip().lower()
    if wanted in stems():
        here = Path(__file__).parent
        file = next(file for folder in _FOLDERS if (file := here / folder / f"{wanted}.md").is_file())
        return _read(file)
    return next((page for page in rules() if wanted in (page.name, page.code.lower())), None)


def suggestion(rule: str) -> str | None:
    """The name of the rule that was probably meant."""
    return nearest(rule, names())
