"""Which hints deserve the eye of one who writes: carried through typing, one at a time, none on the word at hand."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from supportterm.domain.hints.hint import Hint, Level

QUIET_UNTIL = 25
"""Words a reply needs before anything is said about the whole of it."""
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
WARNINGS_AT_SENDING = 2
_LETTERS_A_WORD = 2
"""Letters of a script without spaces that count as a word."""


def moved(hints: Sequence[Hint], old: str, new: str) -> tuple[Hint, ...]:
    """Return the hints on `old` as they stand in `new`; those whose words were changed are gone."""
    if old == new:
        return tuple(hints)
    start = _alike(old, new)
    same = min(_alike(old[::-1], new[::-1]), min(len(old), len(new)) - start)
    end, by = len(old) - same, len(new) - len(old)
    return tuple(there for hint in hints if (there := _beside(hint, start, end, by)) is not None)


def _beside(hint: Hint, start: int, end: int, by: int) -> Hint | None:
    if hint.start is None or hint.end is None:
        return hint
    if hint.end <= start:
        return hint
    return replace(hint, start=hint.start + by, end=hint.end + by) if hint.start >= end else None


def _alike(one: str, other: str) -> int:
    """Count the code points both begin with."""
    return bisect_left(range(min(len(one), len(other))), True, key=lambda n: one[: n + 1] != other[: n + 1])


def settled(hints: Sequence[Hint], text: str, cursor: int) -> tuple[Hint, ...]:
    """Return the hints without one on the word that ends at the cursor: it is still being written."""
    left = re.search(r"\w+$", text[:cursor])
    if left is None:
        return tuple(hints)
    return tuple(h for h in hints if h.start is None or h.end is None or not h.start <= left.start() < cursor <= h.end)


def here(hints: Sequence[Hint], text: str, cursor: int) -> Hint | None:
    """Return the hint to put in words: the one at the cursor, else the nearest of its paragraph."""
    first = text.rfind("\n", 0, cursor) + 1
    last = text.find("\n", cursor)
    last = len(text) if last < 0 else last
    near = [
        (max(hint.start - cursor, cursor - hint.end, 0), -hint.level, hint.start, place)
        for place, hint in enumerate(hints)
        if hint.start is not None and hint.end is not None and hint.start <= last and hint.end >= first
    ]
    return hints[min(near)[3]] if near else None


def after(hints: Sequence[Hint], cursor: int) -> Hint | None:
    """Return the next hint on words behind the cursor, the first again after the last."""
    spans = sorted((h for h in hints if h.start is not None), key=lambda h: (h.start or 0, -h.level))
    return next((h for h in spans if (h.start or 0) > cursor), spans[0] if spans else None)


def about_all(hints: Sequence[Hint], text: str) -> tuple[Hint, ...]:
    """Return the hints on the whole reply, none before it has some words."""
    count = len(_WORD.findall(text)) + len(_UNSPACED.findall(text)) // _LETTERS_A_WORD
    return tuple(h for h in hints if h.start is None) if count >= QUIET_UNTIL else ()


def before_sending(hints: Sequence[Hint]) -> tuple[Hint, ...]:
    """Return what is worth stopping a reply for: whatever asks, and the first two warnings; a cause is told once."""
    once = list({hint.rule: hint for hint in reversed(hints)}.values())[::-1]
    asking = [hint for hint in once if hint.level is Level.CONFIRM]
    warning = [hint for hint in once if hint.level is Level.WARN]
    return (*asking, *warning[:WARNINGS_AT_SENDING])
