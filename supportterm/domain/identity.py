"""What tells one mail from every other."""

from __future__ import annotations

import hashlib

from supportterm.domain.mail import ParsedMail


def fingerprint(mail: ParsedMail) -> str:
    """Return a mail's fingerprint, the same under whatever folder or UID it lies.

    A Message-ID alone does not identify: broken mailers reuse it or leave it out.
    """
    date = mail.date.isoformat() if mail.date else ""
    people = [f"{a.name}<{a.address}>" for a in (mail.sender, *mail.to, *mail.cc, *mail.reply_to)]
    links = [*mail.references, *mail.in_reply_to]
    facts = "\0".join((mail.message_id or "", date, mail.subject, mail.body_hash, *people, "", *links))
    return hashlib.sha256(facts.encode("utf-8", "surrogatepass")).hexdigest()
