"""Delivery reports: by RFC 3464 where a mail system keeps to it, else by what reports have in common."""

from __future__ import annotations

import email
import logging
import re
from dataclasses import dataclass, field

from supportterm.domain.mail import Address, Bounce
from supportterm.domain.text import clean
from supportterm.mail import headers
from supportterm.mail.automatic import is_daemon
from supportterm.mail.markers import lowered, markers
from supportterm.mail.parts import Part

SCAN_LIMIT = 200_000
"""Bytes of a suspected report that are scanned for the forms RFC 3464 does not know."""
RECIPIENTS_LIMIT = 100
TEXT_LOOK = 6_000

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_SMTP = re.compile(r"(?<![\d.:/-])([45]\d{2})[ -](?=[\d\w<#])")
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_RETURNED_ID = re.compile(r"^[>\s]{0,4}message-id:\s*(<[^<>\s]{1,900}>)", re.I | re.M)
_RETURNED = re.compile(r"^[>\s]{0,4}(?:received|return-path|message-id|mime-version|date): ", re.I | re.M)
_ACTIONS = re.compile(r"^action:\s*(failed|delayed)", re.I | re.M)
_RETURNED_TYPES = frozenset(("message/rfc822", "text/rfc822-headers", "message/delivery-status"))
_ANSWER = re.compile(r"\s*\w{1,4}\s?[:：]")
_BOX = re.compile(
    r"(?<![\w.])mail(?:er)?[ ._-]?(?:daemon|deliver\w*[ ._-]?(?:sub)?system|system)|postmaster|ndr admin", re.I
)


@dataclass(slots=True)
class _Report:
    recipients: dict[str, None] = field(default_factory=dict)
    statuses: list[str] = field(default_factory=list)
    actions: set[str] = field(default_factory=set)


def read(root: Part, raw: bytes, sender: Address, subject: str, text: str) -> Bounce | None:
    """Return what a delivery report says, None where the mail is none."""
    leaves = list(root.leaves())
    report = _status_parts(leaves)
    if report.actions and report.actions <= {"delivered", "relayed", "expanded"}:
        return None
    failed = root.headers.text("x-failed-recipients")
    certain = bool(report.actions & {"failed", "delayed"}) or bool(failed)
    if not certain and not _is_suspect(root, leaves, sender, subject, text):
        return None
    for address in _ADDRESS.findall(failed):
        report.recipients.setdefault(address.lower())
    head = text[:TEXT_LOOK]
    returned = _RETURNED.search(head)
    said = head[: returned.start()] if returned and returned.start() > 40 else head
    if not report.recipients:
        _scan(raw, report)
    if not report.recipients:
        _from_text(said, sender, report)
    if not report.statuses:
        report.statuses = _STATUS.findall(said) or [f"{code[0]}.0.0" for code in _SMTP.findall(said)]
    status = next((one for one in report.statuses if not one.startswith("2")), None)
    permanent = status.startswith("5") if status else None
    if "failed" in report.actions:
        permanent = True if status is None or status.startswith("5") else permanent
    elif "delayed" in report.actions:
        permanent = False
    recipients = tuple(clean(one, 320) for one in list(report.recipients)[:RECIPIENTS_LIMIT])
    return Bounce(recipients, clean(status) if status else None, permanent, _original_ids(leaves, text))


def _is_suspect(root: Part, leaves: list[Part], sender: Address, subject: str, text: str) -> bool:
    """Weigh what reports have in common: who writes, the empty return path, the words, the returned mail, the codes."""
    if any(leaf.type in ("message/disposition-notification", "message/feedback-report") for leaf in leaves):
        return False
    fields = root.headers
    daemon = _daemon(sender)
    path = fields.raw("return-path")
    empty_path = path is not None and (path.strip() in (b"<>", b"") or b"mailer-daemon" in path.lower())
    report = root.parameters.get("report-type", "") == "delivery-status"
    returned = any(leaf.type in _RETURNED_TYPES for leaf in leaves)
    if not returned and "essage-" in text:
        returned = len(_RETURNED.findall(text[: 4 * TEXT_LOOK])) >= 2
    if not (daemon or empty_path or report or returned):
        return False
    low = lowered(text[:TEXT_LOOK])
    codes = _STATUS.search(low) is not None or _SMTP.search(low) is not None or _ACTIONS.search(low) is not None
    if fields.plain("auto-submitted").startswith("auto-replied") and fields.has("in-reply-to") and len(leaves) == 1:
        return daemon and codes
    said = markers().bounce
    by_subject = any(phrase in lowered(subject) for phrase in said)
    by_text = any(phrase in low for phrase in said)
    if daemon or report:
        return by_subject or by_text or codes or returned
    if empty_path:
        return (by_subject and (by_text or codes or returned)) or (returned and (by_text or codes))
    if _is_machine(sender):
        return returned and (by_subject or by_text)
    return returned and codes and by_subject and not _ANSWER.match(subject)


def _daemon(sender: Address) -> bool:
    local = sender.address.partition("@")[0]
    return is_daemon(local) or _BOX.search(sender.name) is not None


def _is_machine(sender: Address) -> bool:
    return re.match(r"(?:no-?reply|admin|root|system|sysadmin|daemon|mta)", sender.address, re.I) is not None


def _status_parts(leaves: list[Part]) -> _Report:
    """Read message/delivery-status parts (RFC 3464 2): groups of fields, one group a recipient."""
    report = _Report()
    for leaf in leaves:
        if leaf.type not in ("message/delivery-status", "message/global-delivery-status"):
            continue
        content = leaf.payload()[0][:SCAN_LIMIT].replace(b"\r\n", b"\n").lstrip(b"\n")
        for group in re.split(rb"\n[ \t]*\n", content)[: RECIPIENTS_LIMIT + 5]:
            fields = headers.split(group.lstrip(b"\n") + b"\n\n")[0]
            action = fields.plain("action").split(" ")[0].split("(")[0].strip(";.")
            if action:
                report.actions.add(action)
            if status := _STATUS.search(fields.plain("status")):
                report.statuses.append(status[1])
            if action in ("delivered", "relayed", "expanded"):
                continue
            for name in ("final-recipient", "original-recipient", "x-actual-recipient"):
                value = fields.text(name)
                found = _ADDRESS.search(value.partition(";")[2] or value)
                if found:
                    report.recipients.setdefault(found[0].lower().rstrip("."))
                    break
    return report


def _scan(raw: bytes, report: _Report) -> None:
    """Ask flufl.bounce, which knows the wordings of many systems; where it fails on hostile bytes, it does not know."""
    logging.getLogger("flufl.bounce").disabled = True
    try:
        from flufl.bounce import all_failures

        temporary, permanent = all_failures(email.message_from_bytes(raw[:SCAN_LIMIT]))
    except Exception:
        return
    for found in (*permanent, *temporary):
        address = found.decode("utf-8", "replace") if isinstance(found, bytes) else str(found)
        if _ADDRESS.fullmatch(address):
            report.recipients.setdefault(address.lower())


def _from_text(text: str, sender: Address, report: _Report) -> None:
    """Take the addresses a report's own words name, except the mail system's."""
    for address in _ADDRESS.findall(text):
        low = address.lower().strip(".'")
        if low != sender.address.lower() and not is_daemon(low.partition("@")[0]):
            report.recipients.setdefault(low)
        if len(report.recipients) >= 10:
            break


def _original_ids(leaves: list[Part], text: str) -> tuple[str, ...]:
    """Return the Message-IDs of the returned mail."""
    found: dict[str, None] = {}
    for leaf in leaves:
        if leaf.type in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers"):
            inner = headers.split(leaf.payload()[0][:SCAN_LIMIT].lstrip(b"\r\n"))[0]
            identifier = headers.own_id(inner.raw("message-id"))
            if identifier:
                found[identifier] = None
    for shown in _RETURNED_ID.findall(text[:SCAN_LIMIT]):
        if identifier := headers.message_id(shown.strip("<>")):
            found[identifier] = None
    return tuple(found)[:10]
