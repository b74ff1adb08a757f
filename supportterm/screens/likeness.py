"""Which names are meant by what was typed, likest first: how pickers and the palette narrow."""

from __future__ import annotations

import re
from collections.abc import Sequence

from supportterm.domain.folding import fold

_WORD = re.compile(r"[\W_]+")
_LIKE_ENOUGH = 72
_MOST = 200


def ranked(typed: str, names: Sequence[str], remarks: Sequence[str] = ()) -> list[int]:
    """Return the places of the names that resemble what was typed, likest first; all of them for nothing typed.

    A name that begins so stands before one with such a word, that before one
    with such words in any order, in the remark too, that before one that holds
    the letters; last come likenesses for slips of the finger.
    """
    wanted = fold(typed)
    if not wanted:
        return list(range(len(names)))
    scored = []
    for place, name in enumerate(names):
        remark = fold(remarks[place]) if place < len(remarks) else ""
        if (score := _score(wanted, fold(name), remark)) is not None:
            scored.append((*score, place))
    if not scored:
        return _like(wanted, names, remarks)
    return [place for *_, place in sorted(scored)][:_MOST]


def _score(wanted: str, name: str, remark: str) -> tuple[int, int] | None:
    if name.startswith(wanted):
        return 0, len(name)
    if f" {wanted}" in f" {_WORD.sub(' ', name)}":
        return 1, len(name)
    asked, words = wanted.split(), _WORD.split(name)
    if all(any(word.startswith(one) for word in words) for one in asked):
        return 2, len(name)
    if wanted in name:
        return 3, name.index(wanted)
    words += _WORD.split(remark)
    if all(any(word.startswith(one) for word in words) for one in asked):
        return 4, 0
    initials = "".join(word[:1] for word in _WORD.split(name))
    if len(wanted) > 1 and initials.startswith(wanted):
        return 2, len(name)
    if wanted in remark:
        return 5, remark.index(wanted)
    return None


def _like(wanted: str, names: Sequence[str], remarks: Sequence[str]) -> list[int]:
    if len(wanted) < 3:
        return []
    from rapidfuzz import fuzz, process

    whole = [f"{fold(name)} {fold(remarks[place]) if place < len(remarks) else ''}" for place, name in enumerate(names)]
    found = process.extract(wanted, whole, scorer=fuzz.partial_ratio, score_cutoff=_LIKE_ENOUGH, limit=20)
    return [place for _, _, place in sorted(found, key=lambda match: (-match[1], match[2]))]
