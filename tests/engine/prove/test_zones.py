"""Zones: bounds of the time since things happened."""

from __future__ import annotations

from safar.engine.prove.zones import ANY, Zone


def test_time_adds_up() -> None:
    zone = Zone().with_now("entry").later(10, 20).with_now("seen").later(1, ANY)
    assert (zone.least("seen"), zone.most("seen")) == (1, ANY)
    assert (zone.least("entry"), zone.most("entry")) == (11, ANY)


def test_what_is_known_of_one_instant_tells_of_another() -> None:
    zone = Zone().with_now("entry").later(10, 20).with_now("seen").later(0, ANY)
    later = zone.since("entry", 100, ANY)
    assert later is not None and later.least("seen") == 80
    assert zone.since("entry", 0, 9) is None


def test_a_zone_holds_what_lies_inside() -> None:
    wide, narrow = Zone().with_now("a").later(0, 10), Zone().with_now("a").later(3, 4)
    assert wide.holds(narrow) and not narrow.holds(wide)
    assert wide.joined(narrow) == wide
    assert not wide.holds(Zone().with_now("b").later(0, 10))


def test_far_differences_are_not_told_apart() -> None:
    far, farther = (Zone().with_now("a").later(n, n).within(1_000) for n in (5_000, 9_000))
    assert far == farther
    assert far.least("a") == 1_000 and far.most("a") == ANY


def test_only_the_longest_or_the_shortest_time_is_kept() -> None:
    zone = Zone().with_now("a").later(3, 9)
    late, early = zone.loosely(late=True), zone.loosely(late=False)
    assert (late.least("a"), late.most("a")) == (0, 9)
    assert (early.least("a"), early.most("a")) == (3, ANY)
