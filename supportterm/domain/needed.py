"""What a text must hold for a pattern to match at all: a look that costs a twentieth of a search."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from re import _constants, _parser  # type: ignore[attr-defined] # how the library itself reads a pattern
from typing import Any

_MOST = 64
"""Of more words than these, a search is as quick."""


def may_match(pattern: re.Pattern[str], text: str) -> bool:
    """Tell whether a pattern can match somewhere in a text; False is certain."""
    words = needed(pattern)
    return not words or any(word in text for word in words)


@lru_cache(maxsize=1024)
def needed(pattern: re.Pattern[str]) -> frozenset[str]:
    """Return words of which every match holds at least one; none where that cannot be said.

    Case is as written: a pattern that ignores it has none.
    """
    if pattern.flags & re.IGNORECASE:
        return frozenset()
    found = _of_sequence(_parser.parse(pattern.pattern, pattern.flags))
    return frozenset() if found is None or len(found) > _MOST else found


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    """Return the most telling words of parts that all match, one behind the other."""
    choices: list[frozenset[str]] = []
    run = ""
    for operator, argument in items:
        if operator is _constants.LITERAL:
            run += chr(argument)
            continue
        if operator is _constants.AT:  # a place takes no character: the run goes on
            continue
        if run:
            choices.append(frozenset({run}))
            run = ""
        if (found := _of_part(operator, argument)) is not None:
            choices.append(found)
    if run:
        choices.append(frozenset({run}))
    return max(choices, key=lambda words: (min(map(len, words)) > 1, -len(words)), default=None)


def _of_part(operator: Any, argument: Any) -> frozenset[str] | None:
    if operator is _constants.SUBPATTERN:
        _, on, _, inner = argument
        return None if on else _of_sequence(inner)
    if operator is _constants.ATOMIC_GROUP:
        return _of_sequence(argument)
    if operator in (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT):
        least, _, inner = argument
        return _of_sequence(inner) if least else None
    if operator is _constants.BRANCH:
        branches = [_of_sequence(branch) for branch in argument[1]]
        return None if any(branch is None for branch in branches) else frozenset().union(*branches)  # type: ignore[arg-type] # none of them is None
    if operator is _constants.IN and all(kind is _constants.LITERAL for kind, _ in argument):
        return frozenset(chr(code) for _, code in argument)
    return None
