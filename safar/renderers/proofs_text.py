"""Verdicts on rules for people: every rule, and of each that is not proved the reason, or what happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safar.engine.diagnostic import Diagnostic, Severity
from safar.engine.prove.verdict import Method, Outcome, Verdict
from safar.renderers import findings_full, terminal
from safar.renderers.findings import Where
from safar.renderers.table import shown
from safar.renderers.terminal import BOLD, GREEN, RED, YELLOW, Style
from safar.renderers.trace_text import trace_text

COLOURS = {Outcome.PROVED: GREEN, Outcome.REFUTED: RED, Outcome.UNDECIDED: YELLOW}
_METHODS = {
    Method.WAYS: "no way leads there",
    Method.JOINED: "all ways",
    Method.BOXES: "all ways, every combination",
    Method.LIMITS: "the channels' limits",
    Method.SOLVER: "z3",
    Method.REPLAY: "a customer, replayed",
}
_FIRST, _LAST = 40, 20
"""Lines of a timeline that are shown where it is longer than both together."""


def proofs_text(verdicts: Sequence[Verdict], style: Style, width: int, where: Where, *, why: bool = False) -> str:
    """The verdicts of one project; with `why` the argument of each in words."""
    lines = list(_listed(verdicts, style, where, why=why))
    for one in verdicts:
        if one.outcome is not Outcome.PROVED:
            lines += ["", *_explained(one, style, width, where)]
    return "".join(f"{line}\n" for line in lines)


def summary(verdicts: Sequence[Verdict], style: Style, seconds: float) -> str:
    """How many are proved, refuted, undecided."""
    numbers = {outcome: sum(one.outcome is outcome for one in verdicts) for outcome in Outcome}
    parts = [style(f"{n:,} {outcome.value}", COLOURS[outcome], BOLD) for outcome, n in numbers.items() if n]
    return f"{', '.join(parts) or 'no rule was asked'} in {seconds:.1f} s"


def _listed(verdicts: Sequence[Verdict], style: Style, where: Where, *, why: bool) -> Iterator[str]:
    heading = ""
    for one in sorted(verdicts, key=lambda one: one.rule.span.source.path):
        path = one.rule.span.source.path
        if path != heading:
            heading = path
            yield style(terminal.path(where(path)), BOLD)
        outcome = style(f"{one.outcome.value:<9}", COLOURS[one.outcome])
        method = f"  {_METHODS[one.method]}" if one.method is not None else ""
        left_out = f", {one.left_out} transactional left out" if one.left_out else ""
        yield f"  {outcome}  {shown(one.rule.name):<20}{method}{left_out}, {_time(one.seconds)}"
        if why:
            yield from (f"             {terminal.prose(sentence)}" for sentence in one.why)


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def _explained(one: Verdict, style: Style, width: int, where: Where) -> Iterator[str]:
    """One rule that is not proved."""
    of = shown(one.journey) if one.journey else f"the project, in {', '.join(map(shown, _whose(one)))}"
    yield style(f"{one.outcome.value}: rule {shown(one.rule.name)} of {of}", COLOURS[one.outcome], BOLD)
    yield ""
    yield findings_full.finding(finding(one), style=style, width=width, where=where)
    example = one.counterexample
    if example is None:
        return
    text = trace_text(one.project, example.story, colour=style.colour, marks=frozenset(example.broken.about))
    lines = text.rstrip("\n").split("\n")
    if len(lines) > _FIRST + _LAST:
        lines = [*lines[:_FIRST], f"  ... {len(lines) - _FIRST - _LAST:,} more lines ...", *lines[-_LAST:]]
    yield ""
    yield style("what happens to this customer:", BOLD)
    yield from (f"  {line}".rstrip() for line in lines)


def _whose(one: Verdict) -> list[str]:
    """The journey of a rule; of a project's rule those that the customer is in."""
    runs = one.counterexample.story.runs if one.counterexample is not None and not one.journey else ()
    return list(dict.fromkeys(run.journey for run in runs)) or [one.at]


def finding(one: Verdict) -> Diagnostic:
    """A rule that is not proved, as a finding at its own place."""
    claim = one.rule.claim
    refuted = one.outcome is Outcome.REFUTED
    return Diagnostic(
        rule="rule",
        code=one.outcome.value,
        severity=Severity.ERROR if refuted else Severity.WARNING,
        message=message(one),
        span=claim.span if claim is not None and claim.span.source.path else one.rule.name_span,
        label="broken" if refuted else "undecided",
    )


def message(one: Verdict) -> str:
    """What breaks the rule, or why that cannot be told."""
    if one.counterexample is not None:
        return one.counterexample.broken.message
    if one.outcome is Outcome.REFUTED:
        return f"no customer{f' of persona `{one.persona}`' if one.persona else ''} can ever come there"
    return one.reason
