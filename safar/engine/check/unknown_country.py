"""Days closed by the holidays of a country that there is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule
from safar.engine.model import Closed
from safar.engine.names import nearest

RULE = Rule("unknown-country", "SF420")


def find(subject: Subject) -> Iterator[Diagnostic]:
    closed = [one for one in subject.all(Closed) if one.country]
    if not closed:
        return
    from safar.engine.simulate import holidays

    if not holidays.is_installed():
        return
    for one in closed:
        if one.country not in holidays.countries():
            code = _meant(one.country, holidays.countries())
            yield RULE.at(
                first_line(one.span),
                f"no public holidays of `{one.country}` are known",
                label="no such country",
                help=f"did you mean `{code}`?" if code else 'write a code of two letters, such as `"IR"` or `"DE"`',
            )


def _meant(written: str, known: Mapping[str, str]) -> str:
    """The code that was meant: in small letters, or the country's name.

    >>> _meant("ir", {"IR": "iran"}), _meant("Irann", {"IR": "iran"}), _meant("xyzzy", {"IR": "iran"})
    ('IR', 'IR', '')
    """
    if written.upper() in known:
        return written.upper()
    codes = {name: code for code, name in known.items()}
    return codes.get(nearest("_".join(written.lower().split()), codes) or "", "")
