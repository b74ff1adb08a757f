"""A mail that came through a contact form or a forwarder, read as if the customer it names had written it."""

from __future__ import annotations

import dataclasses

from supportterm.domain.mail import ParsedMail
from supportterm.domain.text import clean
from supportterm.mail import automatic, headers
from supportterm.mail.origin import is_own


def as_customer(mail: ParsedMail, raw: bytes, own: frozenset[str]) -> ParsedMail:
    """Return the mail with its customer as sender; what its header says of machines and lists goes on to hold.

    That the form itself asks for no reply says nothing of the customer (RFC 3834 section 2 is about who is answered).
    """
    who = mail.original_sender
    if who is None or mail.is_bounce:
        return mail
    fields = headers.split(raw)[0]
    reason = automatic.reason(fields, mail.subject, who.address, own)
    ours = "our own address or domain sent it" if is_own(who.address, own) else ""
    no_receipt = reason or ours or automatic.forbids_receipt(fields, who.address)
    return dataclasses.replace(
        mail,
        sender=who,
        reply_to=(),
        original_sender=None,
        is_auto=bool(reason),
        auto_reason=clean(reason),
        may_acknowledge=not no_receipt,
        no_receipt=clean(no_receipt),
    )
