"""Contact forms and forwarders: senders whose mail speaks for somebody else, and what an agent said about each."""

from __future__ import annotations

from dataclasses import dataclass

from supportterm.domain.mail import Address


@dataclass(frozen=True, slots=True)
class Relayed:
    """A message that came through a form or a forwarder.

    `is_trusted` is None while nobody has said whether this sender's mail is the named customer's.
    """

    message: int
    relay: str
    """The address that sent it, folded; it is decided about once for all its mail."""
    customer: Address
    is_trusted: bool | None = None
    is_first: bool = False
    """It opened its ticket, so that the ticket's customer hangs on it."""


@dataclass(frozen=True, slots=True)
class Relay:
    """A form or forwarder, how many of its mails came, and what was decided, by whom; empty where nothing was."""

    address: str
    mails: int
    is_trusted: bool | None = None
    decided_by: str = ""


def question(relayed: Relayed) -> str:
    """Return what an agent is asked about a form, in one line."""
    who = relayed.customer.address
    return f"This came through {relayed.relay} for {who}. Treat its mail as theirs?"


def in_words(address: str, trusted: bool | None) -> str:
    """Say what holds of a form's mail: `mail of form@shop.example is the customer's it names`."""
    if trusted is None:
        return f"nobody has said whose the mail of {address} is"
    return f"mail of {address} is {'the customer’s it names' if trusted else 'its own, not the customer’s it names'}"
