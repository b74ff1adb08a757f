"""The snippet trigger before the cursor: the longest known one that begins a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from supportterm.domain.query_fields import nearest

_RUN = re.compile(r"\S{2,64}\Z")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f]"
)


def candidates(before: str) -> Iterator[str]:
    """Give what stands before the cursor and could be a trigger, the longest first."""
    run = _RUN.search(before)
    if run is None:
        return
    text, first = run[0], run.start()
    for at, sign in enumerate(text[:-1]):
        if not (sign.isalnum() or sign == "_") and _begins(before, first + at):
            yield text[at:]


def correction(before: str, known: Iterable[str]) -> str:
    """Return a sentence about a word that was meant as a trigger and is none; empty where none was meant."""
    triggers = sorted(known)
    signs = {trigger[0] for trigger in triggers}
    meant = [word for word in candidates(before) if word[0] in signs]
    return f"No snippet `{meant[-1]}`. {nearest(meant[-1], triggers)}" if meant else ""


def _begins(before: str, at: int) -> bool:
    """A word begins at the line's start, behind a blank or sign, and anywhere in scripts without blanks."""
    if at == 0:
        return True
    last = before[at - 1]
    return not (last.isalnum() or last == "_") or _UNSPACED.match(last) is not None
