"""One heap for all threads: glibc gives each its own, and keeps what each has let go of."""

from __future__ import annotations

import ctypes
import sys

_ARENA_MAX = -8
"""M_ARENA_MAX of glibc's mallopt(3)."""


def share() -> bool:
    """Have threads that begin from now on share one heap; False where the system's C library cannot.

    They take turns in the interpreter anyway. At a hundred thousand tickets
    it keeps the console 5 MB smaller.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    return bool(mallopt and mallopt(_ARENA_MAX, 1))
