"""What the hints know of a reply: its ticket, whom it answers, what goes along, and whose hours count."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from supportterm.desk.hinting import with_languages
from supportterm.domain.drafts import Draft
from supportterm.domain.hints.packs import Packs
from supportterm.domain.hints.reply import CHANNELS, Reply
from supportterm.domain.hints.times import Times
from supportterm.domain.message import Message
from supportterm.domain.ticket import MessageKind, Status, Ticket

if TYPE_CHECKING:
    from supportterm.desk.house_hints import HouseHints
    from supportterm.domain.hints.hint import Hint
    from supportterm.domain.hints.slips import Verdict

_WORD = re.compile(r"[^\W\d_]{2,}")
_REMEMBERED = 5
"""Our latest answers that a reply is compared with."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a draft: its ticket, the conversation, the mails it answers, and what the agent may do."""

    ticket: Ticket
    conversation: Sequence[Message]
    asked: Sequence[Message]
    """The customer's mails it answers."""
    sent_elsewhere: tuple[str, ...] = ()
    """Our latest answers to this customer on other tickets, newest first."""
    may_refuse: bool = False
    """A supervisor writes it, or has approved that this customer is refused."""
    times: Times | None = None
    """What suggestions may promise."""


def reply_of(draft: Draft, around: Around, packs: Packs) -> Reply:
    """Return a draft as the rules see it."""
    ticket, conversation = around.ticket, around.conversation
    ours = [message for message in conversation if message.kind is MessageKind.REPLY]
    names = " ".join((ticket.requester_name, ticket.subject, *(m.sender.name for m in conversation)))
    reply = Reply(
        draft.text,
        ticket.lang or "en",
        customer="\n\n".join(message.reply_text for message in around.asked),
        state="resolved" if draft.status is Status.SOLVED else "pending",
        channel=ticket.channel if ticket.channel in CHANNELS else "email",
        turn="followup" if ours else "first",
        customer_name=ticket.requester_name or None,
        attachments=tuple(file.name for file in draft.files),
        sent_before=(*around.sent_elsewhere[::-1], *(message.reply_text for message in ours[-_REMEMBERED:])),
        macro_text=draft.snippets[0].text if len(draft.snippets) == 1 else None,
        supervisor_approved=around.may_refuse,
        known=frozenset(_WORD.findall(names)),
    )
    reply = with_languages(reply, packs.triage)
    return replace(reply, times=around.times.words(reply.lang)) if around.times is not None else reply


@dataclass(frozen=True, slots=True)
class Remarks:
    """What there is to say about a draft: its hints, and each question of the customer's with whether it is touched."""

    hints: tuple[Hint, ...] = ()
    asked: tuple[tuple[str, bool], ...] = ()
    lang: str = "en"
    """The language it is written in."""
    problems: tuple[str, ...] = ()
    """What this house adds and cannot be used."""


def remarks_on(
    draft: Draft, around: Around, verdicts: Mapping[str, Verdict] | None = None, house: HouseHints | None = None
) -> Remarks:
    """Look at a draft as it stands; takes some milliseconds, and longer the first time in a language.

    `verdicts` tell slips of the hand by language; without them a dictionary is
    read here. `house` is what this house adds to the shipped rules.

    Raises:
        ConfigError: a language's pack is unusable.
    """
    from supportterm.desk import hint_packs
    from supportterm.domain.hints.checking import hints_on
    from supportterm.domain.hints.structure import answers
    from supportterm.domain.hints.subject import Subject

    packs = house.packs(verdicts) if house is not None else hint_packs.shipped(dictionaries=verdicts)
    subject = Subject(reply_of(draft, around, packs), packs)
    return Remarks(hints_on(subject), answers(subject), subject.reply.lang, house.problems if house else ())
