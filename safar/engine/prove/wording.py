"""A rule's claim as the language spells it."""

from __future__ import annotations

from safar.engine import spelling
from safar.engine.expression import Node
from safar.engine.promises import (
    Apart,
    AtMost,
    Claim,
    Deed,
    Ends,
    Follows,
    Never,
    NotBefore,
    NotInStage,
    OffHours,
    OnlyIf,
    Reachable,
)


def deed_text(deed: Deed) -> str:
    """What a rule speaks of, in its own words."""
    if deed.kind == "messages":
        return "any messages" if deed.every else "messages"
    text = deed.name + (f"({deed.answers})" if deed.answers else "") if deed.name else deed.kind
    return text + (f" where ({_said(deed.where)})" if deed.where is not None else "")


def _said(condition: Node) -> str:
    """A condition as it is written."""
    return " ".join(condition.span.text.split())


def claim_text(claim: Claim) -> str:
    """What a rule says, as a rule or a scenario takes it."""
    match claim:
        case Follows(cause=cause, effect=effect, within=within):
            return f"after {deed_text(cause)} always {deed_text(effect)} within {spelling.duration(within)}"
        case Ends(within=within):
            return f"always exit within {spelling.duration(within)}"
        case Reachable(name=name):
            return f"every persona can reach {name}"
        case AtMost():
            return f"at most {claim.count} {deed_text(claim.deed)}{_per(claim)}"
        case Never():
            return f"never {deed_text(claim.deed)}{_when(claim)}"
    return ""


def _per(claim: AtMost) -> str:
    if claim.window is not None:
        return f" per {spelling.duration(claim.window)}"
    return {"day": " per calendar day", "week": " per calendar week", "": ""}.get(claim.per, f" per {claim.per}")


def _when(claim: Never) -> str:
    match claim:
        case OnlyIf(condition=condition):
            return f" unless {_said(condition)}"
        case Apart(other=other, within=None):
            return f" on the same day as {deed_text(other)}"
        case Apart(other=other, within=int() as within):
            return f" within {spelling.duration(within)} of {deed_text(other)}"
        case OffHours(start=start, end=end):
            return f" from {spelling.time_of_day(start)} to {spelling.time_of_day(end)}"
        case NotInStage(stage=stage):
            return f" in stage {stage}"
        case NotBefore(other=other):
            return f" before {deed_text(other)}"
    return ""
