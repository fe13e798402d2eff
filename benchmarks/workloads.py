"""The journeys that simulate.py measures: the reference workload R, and others made from its text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

REFERENCE = Path(__file__).with_name("reference.journey")


class Figures(NamedTuple):
    """Per customer; cost and revenue in cents."""

    conversion: float
    reminders: float
    cost: float
    revenue: float


EXACT = Figures(0.27817305, 2.5252036, 13.2003201, 1637.859)
"""What R comes to, by an absorbing chain, with delays in whole seconds cut down."""

SPREAD = Figures(0.448, 1.09, 4.76, 3100.0)
"""Standard deviations of one customer, from above: bounds of the standard errors."""

_OWN = re.compile(
    r"\b(offering|reminding|purchase|experiment|loyalty|welcome|offer_[abc]|reminder|shipping|feedback)\b"
)
"""Names that each copy of R has for itself."""


def reference() -> str:
    return REFERENCE.read_text(encoding="utf-8")


def r200(copies: int = 8) -> str:
    """Copies of R's stages behind a split of equal arms.  All meet one `thank_you`, which the goal is about."""
    head, first, stages = reference().partition("  stage offering {")
    sent = " + ".join(f"reminder_{n}" for n in range(1, copies + 1))
    head = head.replace("= reminder per customer", f"= ({sent}) per customer")
    arms = "\n".join(f"      {100 / copies}% copy_{n} {{ go to offering_{n} }}" for n in range(1, copies + 1))
    choice = f"  stage choosing {{\n    split copy {{\n{arms}\n    }}\n  }}\n"
    body = (first + stages).rstrip().removesuffix("}")
    return head + choice + "".join(_copy(body, n) for n in range(1, copies + 1)) + "}\n"


def _copy(body: str, n: int) -> str:
    """The stages with names of their own."""
    again = f"touchpoint thank_you as thank_you_{n}"
    body = body if n == 1 else re.sub(r"touchpoint thank_you \{.*\}$", again, body, flags=re.MULTILINE)
    return _OWN.sub(rf"\g<1>_{n}", body)


def chain(steps: int) -> str:
    """A journey of so many messages, each with a wait for its answer."""
    lines = "\n".join(
        f'    touchpoint t{n} {{ send email {{ text "x" }}; responds {{ opened 40% after about 6h }} }}\n'
        f"    wait for opened(t{n}) up to 1d"
        for n in range(steps)
    )
    return (
        "event came\nevent opened\nchannel email { outbound }\n"
        f"journey chain {{\n  enter on came\n  horizon {steps + 1}d\n  stage all {{\n{lines}\n  }}\n}}\n"
    )


def side_by_side(journeys: int) -> str:
    """R so many times over, as journeys of one project."""
    head, _, _ = reference().partition("journey reference")
    body = reference()[len(head) :]
    return head + "\n".join(
        body.replace("journey reference", f"journey reference_{n}", 1) for n in range(1, journeys + 1)
    )
