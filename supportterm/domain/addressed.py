"""Whom a reply goes to beside whom the conversation was with: what is worth a look before it leaves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from supportterm.domain.drafts import Mode, Recipients
from supportterm.domain.mail import Address
from supportterm.domain.message import Message
from supportterm.domain.ticket import MessageKind

MANY = 8
"""Recipients from which a reply to all is worth a second look."""
_NAMED = 2
_BETWEEN_US = (MessageKind.CUSTOMER, MessageKind.REPLY)


def changes(
    conversation: Sequence[Message], people: Recipients, ours: Iterable[str]
) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
    """Return who is new since the last mail between desk and customer, and who was on it and is left out."""
    last = next((m for m in reversed(conversation) if m.kind in _BETWEEN_US), None)
    if last is None:
        return (), ()
    own = {address.lower() for address in ours}
    before = {
        a.address.lower(): a
        for a in (last.sender, *last.reply_to, *last.to, *last.cc)
        if a.address and a.address.lower() not in own
    }
    now = {a.address.lower(): a for a in people.everyone}
    answered = {a.address.lower() for a in last.reply_to}
    gone = {key: a for key, a in before.items() if key not in now and not (answered & now.keys() and a is last.sender)}
    return tuple(a for key, a in now.items() if key not in before), tuple(gone.values())


def remarks(
    conversation: Sequence[Message], people: Recipients, mode: Mode, requester: str, ours: Iterable[str]
) -> list[str]:
    """Return what is to be said of a reply's recipients, each a sentence; nothing where they are as they were.

    Somebody new is one who was on no mail of this conversation; somebody left
    out was on the last one. What we have answered so before is not said again.
    """
    if mode not in (Mode.REPLY, Mode.REPLY_ALL):
        return []
    own = {address.lower() for address in ours}
    known = {requester.lower(), *own}
    told: set[str] = set()
    for message in conversation:
        if message.kind in _BETWEEN_US:
            known |= {a.address.lower() for a in _on(message)}
        if message.kind is MessageKind.REPLY:
            told |= {a.address.lower() for a in message.to}
    found = []
    to = {a.address.lower() for a in people.to}
    if requester and requester.lower() not in to and not to <= told:
        first = people.to[0].address if people.to else "nobody"
        found.append(f"it goes to {first}, not to {requester} who began the conversation")
    new = [a for a in people.everyone if a.address.lower() not in known]
    if new:
        found.append(f"{_names(new)} {'was' if len(new) == 1 else 'were'} not in this conversation before")
    _, gone = changes(conversation, people, own)
    gone = tuple(
        a for a in gone if (a.address.lower() != requester.lower() or not found) and not _was_left_out(a, conversation)
    )
    if gone:
        found.append(f"{_names(gone)} {'was' if len(gone) == 1 else 'were'} on the last mail and will not get this")
    count = len(people.everyone)
    if mode is Mode.REPLY_ALL and count >= MANY and not {a.address.lower() for a in people.everyone} <= told:
        found.append(f"it goes to {count} people")
    return found


def _was_left_out(person: Address, conversation: Sequence[Message]) -> bool:
    """Tell whether an earlier answer of ours left somebody out as well who was on a mail before it."""
    is_known = False
    for message in conversation:
        named = {a.address.lower() for a in _on(message)}
        is_there = person.address.lower() in named
        if message.kind is MessageKind.REPLY and is_known and not is_there:
            return True
        is_known = is_known or is_there
    return False


def _on(message: Message) -> tuple[Address, ...]:
    """Return everybody a mail was from or went to, blind copies too."""
    return (message.sender, *message.reply_to, *message.to, *message.cc, *message.bcc)


def _names(people: Sequence[Address]) -> str:
    named = [a.address for a in people[:_NAMED]]
    more = len(people) - len(named)
    return " and ".join(named) if not more else f"{', '.join(named)} and {more} more"
