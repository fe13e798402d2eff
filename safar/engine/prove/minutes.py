"""Sets of minutes of a day or a week, as bits: the first minute is the lowest one."""

from __future__ import annotations


def turned(minutes: int, by: int, size: int) -> int:
    """Each so many minutes later, round and round in a day or week of `size` minutes.

    >>> bin(turned(0b1001, 1, 4))
    '0b11'
    """
    by %= size
    return ((minutes << by) | (minutes >> (size - by))) & ((1 << size) - 1)


def smeared(minutes: int, width: int, size: int) -> int:
    """The minutes and so many after each.

    >>> bin(smeared(0b1, 2, 8))
    '0b111'
    """
    done = 0
    while done < width:
        step = min(max(done, 1), width - done)
        minutes |= turned(minutes, step, size)
        done += step
    return minutes
