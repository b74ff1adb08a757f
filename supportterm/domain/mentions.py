"""Colleagues named in a note: `@kai`."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MENTION = re.compile(r"(?<![\w@.+-])@(\w[\w.-]{0,63})")


def mentioned(text: str) -> tuple[str, ...]:
    """Return the ids of those a note names, in lower case, each once; an address names nobody."""
    found = (match[1].rstrip(".-").casefold() for match in _MENTION.finditer(text))
    return tuple(dict.fromkeys(found))[:50]


def completed(typed: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the agents whose id begins as was typed, without the `@`, in order; all where nothing was."""
    begun = typed.casefold()
    return tuple(sorted(agent for agent in set(known) if agent.casefold().startswith(begun)))
