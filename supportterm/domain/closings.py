"""How a reply ends: which closing suits a ticket's stage and the customer's mood, and where it stands in the text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from supportterm.domain import signatures
from supportterm.domain.questions import questions
from supportterm.domain.ticket import Status, Ticket

Shelf = Mapping[tuple[str, str], Sequence[str]]
"""(stage, tone) -> closings, the first to be offered first."""

_WARM = frozenset({"compliment", "thanks", "resolved-thanks"})
_UPSET = frozenset({"upset", "abuse", "legal-threat", "churn-threat", "public-threat", "repeat-contact"})


class Stage(StrEnum):
    """What comes after the reply."""

    RECEIVED = "received"
    """We have it and look into it; nothing was answered yet."""
    IN_PROGRESS = "in-progress"
    """The next step is ours."""
    ASKED = "asked"
    """The reply asks the customer something."""
    ANSWERED = "answered"
    """The reply says what there is to say."""
    ON_HOLD = "on-hold"
    """Somebody else owes something."""
    SOLVED = "solved"


class Tone(StrEnum):
    """How it is said."""

    PLAIN = "plain"
    SORRY = "sorry"
    """To somebody who is upset, with reason."""
    WARM = "warm"
    """To somebody who thanks or praises."""


def stage(ticket: Ticket, after: Status | None, text: str) -> Stage:
    """Return the stage a reply leads to: by the status after it, and by whether it asks something."""
    status = after or ticket.status
    if status in (Status.SOLVED, Status.CLOSED):
        return Stage.SOLVED
    if status is Status.ON_HOLD:
        return Stage.ON_HOLD
    if status.is_ours:
        return Stage.IN_PROGRESS if ticket.first_replied_at is not None else Stage.RECEIVED
    return Stage.ASKED if questions(text[: signatures.end_of_words(text)]) else Stage.ANSWERED


def tone(ticket: Ticket) -> Tone:
    """Return the tone that suits the customer's mood, by what their words said."""
    found = {reason.id for reason in ticket.reasons} - ticket.rejected
    if found & _UPSET:
        return Tone.SORRY
    return Tone.WARM if found & _WARM or ticket.intent in _WARM else Tone.PLAIN


def order(shelf: Shelf, wanted: Stage, suits: Tone) -> list[str]:
    """Return the closings of a stage, those of a tone first; no praise is answered that is not there."""
    tones = [suits, *(each for each in (Tone.PLAIN, Tone.SORRY) if each is not suits)]
    return list(dict.fromkeys(text for each in tones for text in shelf.get((wanted, each), ())))


def standing(text: str, known: Sequence[str]) -> tuple[int, int] | None:
    """Return where one of the known closings ends a text's own words, as a paragraph of its own."""
    end = signatures.end_of_words(text)
    for closing in sorted(known, key=len, reverse=True):
        start = end - len(closing)
        if closing and start >= 0 and text[start:end] == closing and re.search(r"(?:\A|\n)\s*\Z", text[:start]):
            return start, end
    return None


def cycled(text: str, offered: Sequence[str], known: Sequence[str]) -> tuple[int, int, str] | None:
    """Return which part of a text gives way to what, so that the next closing ends it; after the last there is none.

    `known` are all closings there are: one of them that stands there is
    replaced, and nothing else ever. None where nothing is offered.
    """
    place = standing(text, [*known, *offered])
    if place is None:
        if not offered:
            return None
        end = signatures.end_of_words(text)
        after = "\n\n" if text[end:].strip() and not text[end:].startswith("\n\n") else ""
        return end, end, ("\n\n" if text[:end].strip() else "") + offered[0] + after
    start, end = place
    here = text[start:end]
    following = offered.index(here) + 1 if here in offered else 0
    if following < len(offered):
        return start, end, offered[following]
    return len(text[:start].rstrip()), end, ""
