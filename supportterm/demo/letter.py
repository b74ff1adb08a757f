"""Putting the demo's mails into RFC 5322 bytes, each in the charset and encoding of its writer's mail program."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email import charset as charsets
from email import encoders
from email.header import Header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr

from supportterm.demo.attachments import content
from supportterm.domain.mail import Address

_WIRE = compat32.clone(linesep="\r\n", max_line_length=78, mangle_from_=False)
_TRANSFERS = {"quoted-printable": charsets.QP, "base64": charsets.BASE64, "7bit": None, "8bit": None}


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to be written down; Message-IDs stand without brackets, `date` carries the writer's offset."""

    sender: Address
    to: Address
    subject: str
    date: datetime
    message_id: str
    references: tuple[str, ...] = ()
    text: str = ""
    html: str = ""
    charset: str = "utf-8"
    transfer: str = "quoted-printable"
    headers: dict[str, str] = field(default_factory=dict)
    attachments: tuple[dict[str, str], ...] = ()


def encode(letter: Letter) -> bytes:
    """Write a mail down, with CRLF line ends."""
    return _sealed(_body(letter), letter)


def delivery_report(letter: Letter, returned: bytes, recipient: str, status: str, diagnostic: str) -> bytes:
    """Write a bounce (RFC 3464) about a mail: the words of `letter`, the report, and the returned mail's header."""
    report = MIMEMultipart("report", report_type="delivery-status")
    report.attach(_text(letter.text, "plain", letter))
    facts = MIMEBase("message", "delivery-status")
    about, whom = Message(), Message()
    about["Reporting-MTA"] = f"dns; {letter.sender.address.rpartition('@')[2]}"
    about["Arrival-Date"] = format_datetime(letter.date)
    whom["Final-Recipient"] = f"rfc822; {recipient}"
    whom["Action"] = "failed"
    whom["Status"] = status
    whom["Diagnostic-Code"] = f"smtp; {diagnostic}"
    facts.set_payload([about, whom])
    report.attach(facts)
    header = returned.partition(b"\r\n\r\n")[0].decode("ascii", "replace").replace("\r\n", "\n") + "\n"
    report.attach(MIMEText(header, "rfc822-headers", "us-ascii"))
    return _sealed(report, letter)


def _sealed(message: Message, letter: Letter) -> bytes:
    """Put the header above the body's own fields; the same letter gives the same bytes."""
    for number, part in enumerate(message.walk()):
        if part.get_content_maintype() == "multipart":
            part.set_boundary(f"=_{number}_{letter.message_id.partition('@')[0]}")
    about_body = message.items()
    for name, _ in about_body:
        del message[name]
    for name, value in [*_head(letter).items(), *about_body]:
        message[name] = value
    return message.as_bytes(policy=_WIRE)


def _head(letter: Letter) -> dict[str, str]:
    named = {name.casefold() for name in letter.headers}
    head = {
        "From": _address(letter.sender, letter.charset),
        "To": _address(letter.to, letter.charset),
        "Subject": _words(letter.subject, letter.charset),
        "Date": format_datetime(letter.date),
        "Message-ID": f"<{letter.message_id}>",
    }
    if letter.references:
        head["In-Reply-To"] = f"<{letter.references[-1]}>"
        head["References"] = " ".join(f"<{reference}>" for reference in letter.references)
    written = {
        name: value if value.isascii() else _words(value, letter.charset) for name, value in letter.headers.items()
    }
    return {name: value for name, value in head.items() if name.casefold() not in named} | written


def _body(letter: Letter) -> Message:
    shown = [(letter.text, "plain"), (letter.html, "html")]
    texts = [_text(text, kind, letter) for text, kind in shown if text]
    body = texts[0] if len(texts) == 1 else MIMEMultipart("alternative", _subparts=texts)
    if not letter.attachments:
        return body
    return MIMEMultipart("mixed", _subparts=[body, *(_file(made, letter.charset) for made in letter.attachments)])


def _text(text: str, kind: str, letter: Letter) -> MIMEText:
    name = _fitting(text, letter.charset)
    written = charsets.Charset("us-ascii" if text.isascii() else name)
    if not text.isascii():
        transfer = letter.transfer if name == letter.charset else "base64"
        written.body_encoding = _TRANSFERS[transfer]  # type: ignore[assignment]  # None is 7bit or 8bit there
    return MIMEText(text.rstrip() + "\n", kind, written)  # type: ignore[arg-type]  # it takes a Charset too


def _file(made: dict[str, str], charset: str) -> MIMEBase:
    data, kind = content(made)
    part = MIMEBase(*kind.split("/", 1))
    part.set_payload(data)
    encoders.encode_base64(part)
    name = made["name"]
    part.add_header("Content-Disposition", "attachment", filename=name if name.isascii() else (charset, "", name))
    return part


def _address(address: Address, charset: str) -> str:
    return formataddr((address.name, address.address), _fitting(address.name, charset))


def _words(text: str, charset: str) -> str:
    return (
        text if text.isascii() else Header(text, _fitting(text, charset), maxlinelen=76, header_name="Subject").encode()
    )


def _fitting(text: str, charset: str) -> str:
    """Return the writer's charset, or UTF-8 where the text does not fit it."""
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return "utf-8"
    return charset
