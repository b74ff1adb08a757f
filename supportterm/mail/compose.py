"""Writes outgoing mail: what a person or the desk wants said, as bytes for the wire.

The MIME body comes from the standard library; the header block is written
here, since its values may carry a stranger's bytes (the subject, names and
ids of the mail being answered) and must neither break a line nor be read anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from supportterm.domain.errors import SupporttermError
from supportterm.domain.mail import Address
from supportterm.mail import rich
from supportterm.mail.answering import quote, reply_subject
from supportterm.mail.flowed import flowed

__all__ = [
    "ComposeError",
    "Enclosure",
    "Outgoing",
    "compose",
    "make_message_id",
    "quote",
    "reply_subject",
    "text_parts",
    "wire_address",
    "with_blind_copies",
]

REFERENCES = 40
"""How many ids References keeps: the first, which is the thread's root, and the latest."""

REFERENCES_LENGTH = 4_000
"""Letters of ids that References keeps, where these are long: some servers refuse a header of many kilobytes."""

_POLICY = SMTP.clone(cte_type="7bit")
_BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ID = re.compile(r"[!-;=?-~]{1,900}")
_LOCAL = re.compile(r'[A-Za-z0-9.!#$%&\'*+/=?^_`{|}~-]{1,64}|"(?:[ !#-;=?-\[\]-~]|\\[ -~]){1,64}"')
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252}[A-Za-z0-9])?|\[[0-9A-Za-z:.]{2,64}\]")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_INDEX = re.compile(r"[A-Za-z0-9+/]{28,800}={0,2}")
_TYPE = re.compile(r"(?!multipart/|message/)([a-z0-9][\w.+-]{0,63})/([a-z0-9][\w.+-]{0,126})", re.ASCII)


class ComposeError(SupporttermError):
    """A mail that cannot be written as asked."""

    exit_status = 1


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes along."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail to be written. Ids stand without angle brackets; `date` is aware.

    There is no Bcc: who gets a blind copy stands in the envelope alone.
    """

    sender: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    message_id: str
    date: datetime
    cc: tuple[Address, ...] = ()
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    attachments: tuple[Enclosure, ...] = ()
    auto_submitted: bool = False
    """True for what no person wrote (RFC 3834): the acknowledgement."""
    thread_index: str = ""
    """Outlook's own, in base64; `mail.outlook` carries one on."""
    thread_topic: str = ""
    is_rich: bool = False
    """True where an HTML alternative made from the text goes along."""


def compose(mail: Outgoing) -> bytes:
    """Write a mail: ASCII only, CRLF line ends, header lines folded (RFC 5322 2.2.3).

    Broken ids of the mail being answered are left out. Raises:
        ComposeError: an address, our own id or the date cannot stand in a mail.
    """
    if not mail.to and not mail.cc:
        raise ComposeError("The mail has no recipient. Add one.")
    if not _ID.fullmatch(mail.message_id):
        raise ComposeError(f"{mail.message_id!r} is no Message-ID. Make one by make_message_id.")
    if mail.date.tzinfo is None:
        raise ComposeError("The mail's date lacks its time zone. Give an aware date.")
    fields = [
        ("From", _addresses((mail.sender,))),
        ("To", _addresses(mail.to)),
        ("Cc", _addresses(mail.cc)),
        ("Subject", _unstructured(mail.subject, "Subject")),
        ("Date", format_datetime(mail.date)),
        ("Message-ID", f"<{mail.message_id}>"),
        *_thread(mail),
    ]
    if mail.auto_submitted:
        fields += [("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")]
    header = _block(fields)
    return header.encode("ascii") + _body(mail)


def with_blind_copies(raw: bytes, people: tuple[Address, ...]) -> bytes:
    """Return a mail's bytes as they are filed in Sent: with the Bcc that was never on the wire.

    Raises:
        ComposeError: an address cannot stand in a mail.
    """
    return _block([("Bcc", _addresses(people))]).encode("ascii") + raw


def text_parts(mail: Outgoing) -> int:
    """Return how many leaf parts of a mail are its text; the attachments are those behind them."""
    return 2 if mail.is_rich and rich.html(mail.text) else 1


def make_message_id(domain: str, random_hex: str) -> str:
    """Return a Message-ID without brackets from the sender's domain and fresh randomness.

    Raises:
        ComposeError: the domain is none.
    """
    made = f"{random_hex}@{_wire_domain(domain)}"
    if not _ID.fullmatch(made):
        raise ComposeError(f"{made!r} is no Message-ID. Give random hexadecimal digits.")
    return made


def wire_address(address: str) -> str:
    """Return an address as it stands on the wire, its domain in IDNA's ASCII form.

    Raises:
        ComposeError: it is no mail address, holds a line break or `>`, or
            needs a server that speaks SMTPUTF8.
    """
    local, at, domain = address.rpartition("@")
    shown = _CONTROLS.sub("\ufffd", address[:80])
    if not local.isascii():
        raise ComposeError(f"{shown} has letters before the @ that not every server takes. Use another address.")
    if not at or not _LOCAL.fullmatch(local):
        raise ComposeError(f"{shown!r} is no mail address. Write one like mara@example.com.")
    return f"{local}@{_wire_domain(domain)}"


def _wire_domain(domain: str) -> str:
    try:
        wire = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        wire = ""
    if not _DOMAIN.fullmatch(wire) or ".." in wire:
        raise ComposeError(
            f"{_CONTROLS.sub(chr(0xFFFD), domain[:80])!r} is no mail domain. Write one like example.com."
        )
    return wire


def _block(fields: list[tuple[str, str]]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in fields if value)


def _thread(mail: Outgoing) -> list[tuple[str, str]]:
    parent = mail.in_reply_to if mail.in_reply_to and _ID.fullmatch(mail.in_reply_to) else None
    chain = list(dict.fromkeys(each for each in mail.references if _ID.fullmatch(each) and each != parent))
    if parent:
        chain.append(parent)
    if len(chain) > REFERENCES:
        chain = [chain[0], *chain[1 - REFERENCES :]]
    while len(chain) > 3 and sum(map(len, chain)) > REFERENCES_LENGTH:
        del chain[1]
    return [
        ("In-Reply-To", f"<{parent}>" if parent else ""),
        ("References", "\r\n ".join(f"<{each}>" for each in chain)),
        *_outlook(mail),
    ]


def _outlook(mail: Outgoing) -> list[tuple[str, str]]:
    if not _INDEX.fullmatch(mail.thread_index):
        return []
    lines = [mail.thread_index[start : start + 60] for start in range(0, len(mail.thread_index), 60)]
    return [
        ("Thread-Topic", _unstructured(mail.thread_topic, "Thread-Topic")),
        ("Thread-Index", "\r\n ".join(lines)),
    ]


def _addresses(people: tuple[Address, ...]) -> str:
    return ",\r\n ".join(map(_address, people))


def _address(person: Address) -> str:
    wire, name = wire_address(person.address), _line(person.name)
    if not name:
        return wire
    if _is_plain(name):
        quoted = name if _ATOMS.fullmatch(name) else '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
        return f"{quoted}\r\n <{wire}>" if len(quoted) + len(wire) > 60 else f"{quoted} <{wire}>"
    return f"{_encoded(name, 'Reply-To')}\r\n <{wire}>"


def _unstructured(text: str, name: str) -> str:
    line = _line(text)
    if not _is_plain(line):
        return _encoded(line, name)
    folded = [""]
    for word in line.split(" "):
        if folded[-1] and len(folded[-1]) + len(word) > 66:
            folded.append(word)
        else:
            folded[-1] = f"{folded[-1]} {word}" if folded[-1] else word
    return "\r\n ".join(folded)


def _line(text: str) -> str:
    """Return a text as one line without controls or lone surrogates, its blanks single."""
    return " ".join(_SURROGATES.sub("\ufffd", _CONTROLS.sub(" ", text)).split())


def _is_plain(line: str) -> bool:
    """Tell whether a line may stand in a header as it is; what looks like an encoded word may not."""
    return line.isascii() and "=?" not in line and all(len(word) < 200 for word in line.split(" "))


def _encoded(line: str, name: str) -> str:
    """Return a line as RFC 2047 encoded words, folded."""
    return Header(line, "utf-8", maxlinelen=75, header_name=name).encode(linesep="\r\n")


def _body(mail: Outgoing) -> bytes:
    message = EmailMessage(policy=_POLICY)
    text = _SURROGATES.sub("\ufffd", _CONTROLS.sub("", _BREAKS.sub("\n", mail.text)))
    text = text.rstrip("\n") + "\n"
    page = rich.html(text) if mail.is_rich else ""
    if page:
        message.set_content(flowed(text), charset="utf-8", params={"format": "flowed"})
        message.add_alternative(page, subtype="html", charset="utf-8")
    else:
        message.set_content(text, charset="utf-8")
    for enclosure in mail.attachments:
        kind = _TYPE.fullmatch(enclosure.content_type.strip().lower())
        main, sub = (kind[1], kind[2]) if kind else ("application", "octet-stream")
        name = _line(re.split(r"[/\\]", enclosure.filename)[-1])[:150] or "attachment"
        message.add_attachment(enclosure.content, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()
