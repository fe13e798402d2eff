from __future__ import annotations

import datetime

import pytest

from safar.engine.expression import Base, Type
from safar.engine.simulate import literals
from safar.engine.simulate.literals import Bad

EUR = Type(Base.MONEY, currency="EUR")
TIER = Type(Base.ONE_OF, options=("bronze", "طلایی"))
TEXTS = Type(Base.LIST, item=Type(Base.TEXT))


@pytest.mark.parametrize(
    ("type", "text", "value"),
    [
        (Type(Base.TEXT), " Sara ", "Sara"),
        (Type(Base.TEXT), '"unknown"', "unknown"),
        (Type(Base.TEXT), "unknown", None),
        (Type(Base.INTEGER), "۱۲٬۰۰۰", 12000),
        (Type(Base.INTEGER), "-3", -3),
        (Type(Base.NUMBER), "۰٫۵", 0.5),
        (Type(Base.PERCENT), "۱۲٪", 0.12),
        (Type(Base.PERCENT), "12.5 %", 0.125),
        (EUR, "12 EUR", 120_000),
        (EUR, "0.0001eur", 1),
        (Type(Base.MONEY, currency="IRT"), "۱۲۰٬۰۰۰ IRT", 12_000_000),
        (Type(Base.YES_NO), "yes", True),
        (Type(Base.YES_NO), "FALSE", False),
        (Type(Base.DATE), "2027-03-21", datetime.date(2027, 3, 21)),
        (Type(Base.TIME), "2027-01-01T00:00:00Z", 1_798_761_600),
        (Type(Base.TIME), "2027-01-01 03:30:00.9+03:30", 1_798_761_600),
        (Type(Base.DURATION), "2w", 1_209_600),
        (TIER, "BRONZE", "bronze"),
        (TIER, "طلايي", "طلایی"),
        (TEXTS, "[sport; books; sport]", ("sport", "books")),
        (TEXTS, "ورزش، کتاب", ("ورزش", "کتاب")),
        (TEXTS, ("a,b", "c"), ("a,b", "c")),
        (TEXTS, "", ()),
    ],
)
def test_reads(type: Type, text: str, value: object) -> None:
    assert literals.read(type, text) == value


@pytest.mark.parametrize(
    ("type", "text"),
    [
        (Type(Base.INTEGER), "3.5"),
        (Type(Base.INTEGER), "9" * 5000),
        (Type(Base.INTEGER), "9223372036854775808"),
        (Type(Base.NUMBER), "nan"),
        (Type(Base.NUMBER), "1e5"),
        (Type(Base.NUMBER), "1,234.5"),
        (Type(Base.PERCENT), "12"),
        (EUR, "12"),
        (EUR, "12 USD"),
        (EUR, "12 XYZ"),
        (EUR, "0.00001 EUR"),
        (EUR, "=cmd|' /C calc'!A0"),
        (Type(Base.YES_NO), "maybe"),
        (Type(Base.DATE), "2027-02-30"),
        (Type(Base.DATE), "21.3.2027"),
        (Type(Base.DATE), "20270321"),
        (Type(Base.TIME), "2027-01-01T00:00:00"),
        (Type(Base.TIME), "2016-12-31T23:59:60Z"),
        (Type(Base.DURATION), "3"),
        (Type(Base.DURATION), "9" * 50 + "w"),
        (TIER, "gold"),
        (Type(Base.TEXT), "a\udcff"),
        (Type(Base.TEXT), ("a",)),
        (TEXTS, ";".join(str(n) for n in range(2000))),
        (Type(Base.PERSONA), "planner"),
    ],
)
def test_refuses_in_a_sentence(type: Type, text: str) -> None:
    bad = literals.read(type, text)
    assert isinstance(bad, Bad)
    assert bad.message and len(bad.message) < 200


def test_missing_zone_is_told_apart_from_nonsense() -> None:
    assert "zone" in literals.instant("2027-01-01T09:00").message  # type: ignore[union-attr]
    assert "no instant" in literals.instant("yesterday").message  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("type", "value"),
    [
        (EUR, 125_000),
        (EUR, 20),
        (EUR, -1),
        (Type(Base.PERCENT), 0.07),
        (Type(Base.PERCENT), 1 / 8),
        (Type(Base.DURATION), 5400),
        (Type(Base.DURATION), 0),
        (Type(Base.DATE), datetime.date(1, 1, 1)),
        (Type(Base.TIME), -1),
        (Type(Base.INTEGER), 12),
        (TEXTS, ("a", "b")),
    ],
)
def test_what_is_written_reads_back(type: Type, value: object) -> None:
    written = literals.write(type, value)  # type: ignore[arg-type]
    cell = tuple(map(str, written)) if isinstance(written, list) else str(written)
    assert literals.read(type, cell) == value
