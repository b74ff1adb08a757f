"""What an agent types to change a ticket: tags, for whom, until when."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo

from supportterm.domain import moments
from supportterm.domain.errors import NotFoundError

_TAG = re.compile(r"[\w.:-]{1,50}")


def tags(words: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the tags to add and those to take off, which a minus stands before.

    Raises:
        NotFoundError: a word is no tag.
    """
    lower = [word.strip().lower() for word in words]
    added = {_tag(word.removeprefix("+")) for word in lower if not word.startswith("-")}
    return frozenset(added), frozenset(_tag(word[1:]) for word in lower if word.startswith("-"))


def _tag(word: str) -> str:
    if not _TAG.fullmatch(word):
        raise NotFoundError(f"“{word}” is no tag: letters, digits, and . : - _ only.")
    return word


def agent(word: str, me: str) -> str | None:
    """Return the id of the agent named, `me` included, or None for nobody."""
    word = word.strip()
    return None if word.lower() in ("none", "nobody") else me if word.lower() == "me" else word


def until(text: str, now: datetime, zone: tzinfo | None = None) -> datetime:
    """Return the instant to come that was named, on the machine's clock without a zone; see `moments.read`.

    Raises:
        NotFoundError: it is none.
    """
    instant = moments.snooze(text, now, zone)
    if instant is None:
        raise NotFoundError(
            f"“{text}” is no time to come. Write one like 2h, 3d, 14:30, friday 9:00, 2026-12-01 or until they write."
        )
    return instant


def reminder(text: str, now: datetime, zone: tzinfo | None = None) -> tuple[datetime, str]:
    """Return when to be reminded, and of what: `tomorrow 9:00 call Jo`.

    Raises:
        NotFoundError: it does not begin with a time to come.
    """
    found = moments.split(text, now, zone)
    if found is None:
        raise NotFoundError(f"“{text}” begins with no time to come. Write one like `tomorrow 9:00 call Jo` or `2h`.")
    return found
