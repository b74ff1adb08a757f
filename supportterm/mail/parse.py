"""One message's bytes to one `ParsedMail`: never raises, drops nothing without saying so."""

from __future__ import annotations

import hashlib
import re

from supportterm.domain.mail import Address, Attachment, ParsedMail
from supportterm.domain.text import clean
from supportterm.mail import addresses, attachments, automatic, body, bounces, headers, language, origin, parts, quotes
from supportterm.mail.attachments import attachment
from supportterm.mail.headers import Headers
from supportterm.mail.parts import Part

__all__ = ["attachment", "fallback", "parse"]

DEFECTS_LIMIT = 20
UNREADABLE = "This mail could not be read; its source is kept."


def parse(raw: bytes, *, own: frozenset[str] = frozenset()) -> ParsedMail:
    """Read one message.

    Args:
        raw: the message's bytes, whole or cut.
        own: our addresses and domains, to tell forms and forwards by.
    """
    try:
        return _parse(raw, own)
    except Exception as error:  # any mail is shown, also one that meets a mistake of ours
        return fallback(raw, f"reading failed ({type(error).__name__})")


def fallback(raw: bytes, why: str) -> ParsedMail:
    """Return what can be said of a mail that cannot be read: its few plain fields, and why."""
    try:
        fields = headers.split(raw[:65_536])[0]
        sender = addresses.read(fields.raw("from") or b"", limit=1)[0]
        return ParsedMail(
            message_id=headers.own_id(fields.raw("message-id")),
            in_reply_to=headers.message_ids(fields.raw("in-reply-to")),
            references=headers.message_ids(fields.raw("references")),
            sender=sender[0] if sender else Address("", ""),
            subject=fields.text("subject"),
            date=headers.date(fields.raw("date")),
            text=UNREADABLE,
            reply_text=UNREADABLE,
            may_acknowledge=False,
            defects=(clean(why),),
            body_hash=body_hash(raw),
        )
    except Exception:  # the last resort has none behind it
        return ParsedMail(
            text=UNREADABLE,
            reply_text=UNREADABLE,
            may_acknowledge=False,
            defects=(clean(why),),
            body_hash=body_hash(raw),
        )


def body_hash(raw: bytes) -> str:
    """Return the SHA-256 of what stands behind the header, line ends and trailing blanks normalised."""
    found = [(place, len(mark)) for mark in (b"\r\n\r\n", b"\n\n", b"\r\r") if (place := raw.find(mark)) >= 0]
    start = sum(min(found)) if found else len(raw)
    content = raw[start:].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b" \n" in content or b"\t\n" in content:
        content = re.sub(rb"[ \t]+(?=\n)", b"", content)
    return hashlib.sha256(content.rstrip(b" \t\n")).hexdigest()


def _parse(raw: bytes, own: frozenset[str]) -> ParsedMail:
    root, defects = parts.read(raw)
    fields = root.headers
    read = body.read(root)
    defects += read.defects
    who = {name: _addresses(fields, name, defects) for name in ("from", "to", "cc", "reply-to")}
    sender = _sender(fields, who["from"], defects)
    subject = fields.text("subject")
    date = headers.date(fields.raw("date"))
    if date is None and fields.has("date"):
        defects.append("a date that cannot be")
    text = read.text
    reply = quotes.reply_text(text)
    bounce = bounces.read(root, raw, sender, subject, text)
    reason = "a delivery report" if bounce else automatic.reason(fields, subject, sender.address, own)
    if not reason and any(
        leaf.type in ("message/disposition-notification", "message/feedback-report") for leaf in root.leaves()
    ):
        reason = "a report by a mail system"
    ours = "our own address or domain sent it" if origin.is_own(sender.address, own) else ""
    no_receipt = reason or ours or automatic.forbids_receipt(fields, sender.address)
    return ParsedMail(
        message_id=headers.own_id(fields.raw("message-id")),
        in_reply_to=_in_reply_to(fields, who),
        references=headers.message_ids(b" ".join(fields.all("references")) or None),
        sender=sender,
        to=who["to"],
        cc=who["cc"],
        reply_to=who["reply-to"],
        subject=subject,
        date=date,
        text=text,
        reply_text=reply,
        attachments=_attachments(root, read.used),
        is_auto=bool(reason),
        may_acknowledge=not no_receipt,
        is_bounce=bounce is not None,
        bounce=bounce,
        lang=language.guess(reply) or language.guess(f"{subject}\n{reply}"),
        defects=tuple(dict.fromkeys(clean(one, 200) for one in defects))[:DEFECTS_LIMIT],
        body_hash=body_hash(raw),
        original_sender=origin.original_sender(sender, who["reply-to"], subject, text, own) if not bounce else None,
        auto_reason=clean(reason),
        no_receipt=clean(no_receipt),
        bcc=_addresses(fields, "bcc", []),
    )


def _addresses(fields: Headers, name: str, defects: list[str]) -> tuple[Address, ...]:
    value = fields.raw(name) if name in ("from", "reply-to") else b",".join(fields.all(name))
    if not value:
        return ()
    found, wrong = addresses.read(value, fields.hints)
    defects += wrong
    return found


def _sender(fields: Headers, found: tuple[Address, ...], defects: list[str]) -> Address:
    """Return the author: From's first address; Sender or the return path where From is absent."""
    if len(fields.all("from")) > 1:
        defects.append("more than one From field")
    if found:
        return next((one for one in found if one.address), found[0])
    defects.append("no readable From field")
    for name in ("sender", "x-sender", "return-path"):
        value = fields.raw(name)
        others = addresses.read(value, fields.hints, limit=1)[0] if value else ()
        if others and others[0].address:
            return others[0]
    raw = fields.raw("from")
    return Address(clean(raw.decode("utf-8", "replace")), "") if raw else Address("", "")


def _in_reply_to(fields: Headers, who: dict[str, tuple[Address, ...]]) -> tuple[str, ...]:
    """Read In-Reply-To; old mailers put words and the author's address before the id."""
    value = fields.raw("in-reply-to")
    ids = headers.message_ids(value)
    words = re.sub(rb"<[^<>]*>", b"", value or b"")
    if not ids or not re.search(rb"[A-Za-z]{2}", words) or b"<" not in (value or b""):
        return ids
    people = {one.address.lower() for group in who.values() for one in group}
    last = ids[-1]
    named = last.lower() in people or (b"from" in words.lower() and not re.search(r"\d", last.partition("@")[0]))
    return () if named else (last,)


def _attachments(root: Part, used: set[int]) -> tuple[Attachment, ...]:
    """List the leaves that are not body text, two of one name told apart by a number."""
    listed: list[Attachment] = []
    for leaf in root.leaves():
        if leaf.index in used:
            continue
        one = attachments.describe(leaf)
        if one.size == 0 and leaf.type == "text/plain" and one.filename.startswith("attachment-"):
            continue
        listed.append(one)
    return tuple(listed)
