"""Learning from the team's corrected tickets, and what it gains, measured on the newest of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supportterm.desk.ranking import as_said
from supportterm.domain import learning, triage
from supportterm.domain.learning import LEAST, Gain, Lesson
from supportterm.domain.message import Message
from supportterm.domain.own_words import own_words
from supportterm.domain.ticket import MessageKind, Priority, Ticket

if TYPE_CHECKING:
    from supportterm.desk.ranking import Ranking
    from supportterm.store.corrections import Correction
    from supportterm.store.views import Views

_MOST = 5_000
"""Corrections that are learned from, the newest."""
_HELD_OUT = 5
"""One part of so many, the newest, is measured on."""
_MAILS = 6
_LOW = (Priority.P4, Priority.P5)
_ANSWERED = (MessageKind.REPLY, MessageKind.CALL)


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of it: weights out of all lessons, and the gain of those learned from the older ones alone."""

    lessons: int
    weights: dict[str, float]
    gain: Gain


def lessons(views: Views, ranking: Ranking) -> list[Lesson]:
    """Return what agents corrected, oldest first, each with what the rules of today say of the same words."""
    made = []
    for correction in views.corrections(_MOST):
        ticket = views.ticket(correction.ticket_key)
        if ticket is not None and (lesson := _lesson(ticket, correction, views.messages(ticket.key), ranking)):
            made.append(lesson)
    return made


def train(taught: Sequence[Lesson]) -> Trained | None:
    """Learn from at least `LEAST` lessons in the order of time; None where there are fewer."""
    if len(taught) < LEAST:
        return None
    older = len(taught) - len(taught) // _HELD_OUT
    gain = learning.measure(taught[older:], learning.learn(taught[:older]))
    return Trained(len(taught), learning.learn(taught), gain)


def _lesson(ticket: Ticket, correction: Correction, messages: Sequence[Message], ranking: Ranking) -> Lesson | None:
    """Return one lesson; None where no words are left or the rules said the same of a ticket nobody answered."""
    said = _asked(messages, correction)
    if not said or ticket.automatic:
        return None
    facts = triage.Facts(vip="vip" in ticket.tags, channel=ticket.channel)
    given = triage.score(ranking.said(said), facts)
    wanted, lean = given.priority, 0
    if correction.override is not None:
        wanted = correction.override
    elif correction.no_answer:
        if given.priority in _LOW:
            return None
        wanted = Priority.P5
    else:
        after = triage.score(ranking.said(said, ticket.rejected), dataclasses.replace(facts, rejected=ticket.rejected))
        wanted, lean = after.priority, after.score - given.score
        if not lean:
            return None
    text = "\n".join(as_said(m.subject, m.reply_text or m.text, first=not m.references) for m in said)
    return Lesson(own_words(text[: learning.LONGEST]), given.score, given.priority, wanted, lean)


def _asked(messages: Sequence[Message], correction: Correction) -> list[Message]:
    """Return the customer's mails that nobody had answered when the ticket was corrected, newest first."""
    asked: list[Message] = []
    for message in messages:
        if message.at > correction.at:
            break
        if message.kind in _ANSWERED:
            asked = []
        elif message.kind is MessageKind.CUSTOMER:
            asked.insert(0, message)
    return asked[:_MAILS] or [message for message in messages if message.kind is MessageKind.CUSTOMER][:1]
