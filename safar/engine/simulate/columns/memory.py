"""What the C library does with memory that was freed.

Arrays of a chunk are half a megabyte each and live for microseconds.  By default glibc gives such memory back to the
system and asks for it again, page by page, which costs more than drawing the numbers that come into it.
"""

from __future__ import annotations

import ctypes
import functools

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Of `mallopt`, man page mallopt(3)."""


@functools.cache
def keep_freed() -> bool:
    """Let this process keep what it frees, for its next arrays.  Does nothing, and says so, where there is no glibc."""
    try:
        set_option = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return bool(set_option(_MMAP_THRESHOLD, 1 << 25) and set_option(_TRIM_THRESHOLD, 1 << 28))
