"""Who wrote a mail: us, a colleague, a customer, or a machine."""

from __future__ import annotations

from dataclasses import dataclass

from supportterm.config import Mailbox
from supportterm.domain.mail import Address, ParsedMail
from supportterm.domain.ticket import MessageKind

_PUBLIC_DOMAINS = frozenset(
    [
        *("aol.com", "fastmail.com", "gmail.com", "googlemail.com", "gmx.de", "gmx.net", "hotmail.com", "icloud.com"),
        *("live.com", "mail.ru", "me.com", "msn.com", "outlook.com", "proton.me", "protonmail.com", "qq.com"),
        *("t-online.de", "web.de", "ya.ru", "yahoo.co.jp", "yahoo.com", "yandex.ru"),
    ]
)
"""Domains where sharing one with us makes nobody a colleague."""


def is_public_domain(domain: str) -> bool:
    """Tell a provider where anybody may have an address."""
    return domain.lower() in _PUBLIC_DOMAINS


@dataclass(frozen=True, slots=True)
class People:
    """Our addresses and the team's, folded to lower case."""

    own: frozenset[str]
    team_addresses: frozenset[str]
    team_domains: frozenset[str]

    @classmethod
    def of(cls, mailbox: Mailbox) -> People:
        """Read them from the configuration; our own domain is the team's, unless it is a public provider's."""
        own = frozenset(a.lower() for a in (mailbox.address, *mailbox.aliases))
        domains = {d.lower().lstrip("@") for d in mailbox.team if "@" not in d.lstrip("@")}
        domains |= {a.rpartition("@")[2] for a in own} - _PUBLIC_DOMAINS
        team = frozenset(a.lower() for a in mailbox.team if "@" in a.lstrip("@"))
        return cls(own, team, frozenset(domains))

    @property
    def inside(self) -> frozenset[str]:
        """Every address and domain that is ours or the team's."""
        return self.own | self.team_addresses | self.team_domains

    def is_own(self, address: str) -> bool:
        """Tell whether this is the shared mailbox itself."""
        return address.lower() in self.own

    def is_team(self, address: str) -> bool:
        """Tell whether this is a colleague (or ourselves)."""
        folded = address.lower()
        return folded in self.own or folded in self.team_addresses or folded.rpartition("@")[2] in self.team_domains

    def kind_of(self, mail: ParsedMail, *, on_ticket: bool) -> MessageKind:
        """Say what a mail is, given whether it belongs to a ticket that exists."""
        outside = [a for a in (*mail.to, *mail.cc) if a.address and not self.is_own(a.address)]
        if self.is_own(mail.sender.address) and mail.original_sender is None and outside:
            return MessageKind.RECEIPT if mail.is_auto else MessageKind.REPLY
        if mail.is_bounce:
            return MessageKind.BOUNCE
        if mail.original_sender is not None:
            return MessageKind.CUSTOMER
        if mail.is_auto:
            return MessageKind.AUTOMATIC
        if on_ticket and self.is_team(mail.sender.address):
            return MessageKind.INSIDE
        return MessageKind.CUSTOMER

    def requester(self, mail: ParsedMail, kind: MessageKind) -> Address:
        """Return the customer a new ticket is for."""
        if kind in (MessageKind.REPLY, MessageKind.RECEIPT):
            outside = [a for a in (*mail.to, *mail.cc) if a.address and not self.is_own(a.address)]
            return outside[0] if outside else mail.sender
        return mail.original_sender or mail.sender
