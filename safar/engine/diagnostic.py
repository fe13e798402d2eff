"""Findings: what is wrong, where, and what to do.  Values, collected; nothing is printed here."""

from __future__ import annotations

import enum

import msgspec

from safar.engine.source import Span


class Severity(enum.Enum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Related(msgspec.Struct, frozen=True):
    """Another place that belongs to the finding, such as the first declaration of a name."""

    message: str
    span: Span


class Edit(msgspec.Struct, frozen=True):
    """Replace what the span covers by a text."""

    span: Span
    text: str


class Fix(msgspec.Struct, frozen=True):
    """Edits that mend the finding; `safe` ones keep the meaning of everything else."""

    edits: tuple[Edit, ...]
    safe: bool = True


class Diagnostic(msgspec.Struct, frozen=True, kw_only=True):
    """One finding.  `message` stands alone; `label` is said under the span; `help` says what to do.

    `way` is the witness of a finding about ways: the steps that a customer passes, in order, each said in a few words.
    """

    rule: str
    code: str
    severity: Severity
    message: str
    span: Span
    label: str = ""
    help: str = ""
    notes: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    way: tuple[Related, ...] = ()
    fix: Fix | None = None


class Rule(msgspec.Struct, frozen=True):
    """The name, code and usual severity of a kind of finding.  Its page is `NAME.md`.

    >>> rule = Rule("unknown-name", "SF201")
    >>> from safar.engine.source import NOWHERE
    >>> rule.at(NOWHERE, "no stage `x`").severity.value
    'error'
    """

    name: str
    code: str
    severity: Severity = Severity.ERROR
    default: bool = True
    """Whether it counts without being selected; what many good journeys would hear of for nothing does not."""

    def at(  # noqa: PLR0913 - the parts of a finding, all but two by keyword
        self,
        span: Span,
        message: str,
        *,
        label: str = "",
        help: str = "",
        notes: tuple[str, ...] = (),
        related: tuple[Related, ...] = (),
        way: tuple[Related, ...] = (),
        fix: Fix | None = None,
        near: str | None = None,
    ) -> Diagnostic:
        """A finding of this kind.  `near` is what was probably meant in place of the span: it is asked in the help,
        and put there by a fix that is not safe."""
        if near:
            help = help or f"did you mean `{near}`?"
            fix = fix or Fix((Edit(span, near),), safe=False)
        return Diagnostic(
            rule=self.name,
            code=self.code,
            severity=self.severity,
            message=message,
            span=span,
            label=label,
            help=help,
            notes=notes,
            related=related,
            way=way,
            fix=fix,
        )
