"""Looking through everything for garbage takes as long as several keys: it is done while they rest."""

from __future__ import annotations

import gc
from time import monotonic

REST_SECONDS = 1.0
_ENOUGH, _AT_LATEST = 10, 100
"""After how many looks among what is younger it is worth it, and after how many it is done whatever the keys do."""


def begin() -> None:
    """Begin to look for garbage, but not in what has been loaded so far: that stays."""
    gc.freeze()
    young, older, _ = gc.get_threshold()
    gc.set_threshold(young, older, _AT_LATEST)
    gc.enable()


def look(key_at: float) -> None:
    """Look through everything where it is worth it and keys have rested since `key_at`, as `monotonic` counts."""
    if gc.isenabled() and gc.get_count()[2] >= _ENOUGH and monotonic() - key_at > REST_SECONDS:
        gc.collect()
