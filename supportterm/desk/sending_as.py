"""Which of the mailbox's addresses a mail is from: the one the customer wrote to, unless the agent chose another."""

from __future__ import annotations

from collections.abc import Sequence

from supportterm.config import Mailbox
from supportterm.domain.errors import RefusedError
from supportterm.domain.message import Message
from supportterm.domain.text import clean
from supportterm.domain.ticket import MessageKind
from supportterm.mail.compose import ComposeError, wire_address


def addresses(mailbox: Mailbox) -> tuple[str, ...]:
    """Return the addresses mail may be sent from, the mailbox's own first; an alias that is none is left out."""
    own = {mailbox.address.lower(): mailbox.address}
    for alias in mailbox.aliases:
        try:
            wire_address(alias)
        except ComposeError:
            continue
        own.setdefault(alias.lower(), alias)
    return tuple(own.values())


def written_to(mailbox: Mailbox, conversation: Sequence[Message]) -> str:
    """Return the address of ours that the customer's latest mail went to; the mailbox's own where it names none."""
    own = {address.lower(): address for address in addresses(mailbox)}
    latest = next((m for m in reversed(conversation) if m.kind is MessageKind.CUSTOMER), None)
    named = (*latest.to, *latest.cc) if latest else ()
    return next((own[a.address.lower()] for a in named if a.address.lower() in own), mailbox.address)


def chosen(mailbox: Mailbox, wanted: str, conversation: Sequence[Message]) -> str:
    """Return the address a mail is from; `wanted` empty: the one the customer wrote to.

    Raises:
        RefusedError: it is none of the mailbox's own.
    """
    if not wanted.strip():
        return written_to(mailbox, conversation)
    own = addresses(mailbox)
    found = next((address for address in own if address.lower() == wanted.strip().lower()), None)
    if found is None:
        raise RefusedError(
            f"{clean(wanted, 80)} is no address of this mailbox, so nothing was queued. Send from {' or '.join(own)},"
            " or add it to `aliases` under [mailbox]."
        )
    return found


def after(mailbox: Mailbox, address: str) -> str:
    """Return the address that comes after this one, the first after the last."""
    own = addresses(mailbox)
    place = next((n for n, one in enumerate(own) if one.lower() == address.lower()), -1)
    return own[(place + 1) % len(own)]
