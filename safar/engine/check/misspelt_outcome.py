"""An outcome that is nearly the name of another one."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, interrupts
from safar.engine.diagnostic import Diagnostic, Edit, Fix, Related, Rule, Severity
from safar.engine.model import Journey
from safar.engine.names import fold
from safar.engine.source import Span
from safar.engine.steps.exit import Exit

RULE = Rule("misspelt-outcome", "SF128", Severity.WARNING)

_LONG = 6
"""Letters from which on one that is missing, too much or another is probably a slip; below that only two exchanged."""


def find(subject: Subject) -> Iterator[Diagnostic]:
    for journey in subject.journeys:
        exits = _exits(journey)
        goals = {fold(goal.name): goal.name_span for goal in journey.goals if goal.on is not None}
        for folded, spans in exits.items():
            if len(spans) == 1 and folded not in goals:
                meant = next((name for name in _meant(exits, goals, folded) if _is_slip(folded, name)), None)
                if meant is not None and not any(fold(error.span.text) == meant for error in subject.errors):
                    place = goals.get(meant) or exits[meant][0]
                    yield _finding(spans[0], place)


def _meant(exits: dict[str, list[Span]], goals: dict[str, Span], folded: str) -> Iterator[str]:
    """What may be meant: goals first, then outcomes of more than one exit, then those that stand further up."""
    yield from goals
    start = exits[folded][0].start
    yield from (name for name, spans in exits.items() if len(spans) > 1 or spans[0].start < start)


def _exits(journey: Journey) -> dict[str, list[Span]]:
    """The places of each outcome, by its folded name."""
    found: dict[str, list[Span]] = {}
    steps = (*(interrupt.reaction for interrupt in interrupts(journey)), *journey.steps)
    for step in steps:
        if isinstance(step, Exit):
            found.setdefault(fold(step.outcome), []).append(_word(step))
    return found


def _word(step: Exit) -> Span:
    """The outcome's name in the step's text."""
    text = step.span.text
    at = text.find(step.outcome, len("exit"))
    return (
        Span(step.span.source, step.span.start + at, step.span.start + at + len(step.outcome)) if at > 0 else step.span
    )


def _is_slip(written: str, meant: str) -> bool:
    """Whether one letter is missing, too much or another one, or two are exchanged.

    >>> _is_slip("wno", "won"), _is_slip("lost", "last")
    (True, False)
    >>> _is_slip("given_upp", "given_up"), _is_slip("answer_1", "answer_2")
    (True, False)
    """
    head = next(
        (n for n, (a, b) in enumerate(zip(written, meant, strict=False)) if a != b), min(len(written), len(meant))
    )
    one, other = written[head:], meant[head:]
    if len(one) == len(other) and one[:2] == other[1::-1] and one[2:] == other[2:]:
        return written != meant and min(len(written), 3) == 3
    is_close = one[1:] == other[1:] or one[1:] == other or one == other[1:]
    is_word = not any(letter.isdigit() for letter in one[:1] + other[:1])
    return is_close and is_word and min(len(written), len(meant)) >= _LONG


def _finding(span: Span, place: Span) -> Diagnostic:
    return RULE.at(
        span,
        f"outcome `{span.text}` is nearly the name of `{place.text}`",
        label="stands here only",
        help=f"did you mean `{place.text}`? else choose a name that is told apart more easily",
        related=(Related("the other one", place),),
        fix=Fix((Edit(span, place.text),), safe=False),
    )
