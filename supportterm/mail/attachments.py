"""Attachments: listed under safe names, decoded only when one is asked for."""

from __future__ import annotations

import re

from supportterm.domain.mail import Attachment
from supportterm.domain.text import clean
from supportterm.mail import headers, parts
from supportterm.mail.parts import Part
from supportterm.mail.words import parameters

NAME_LIMIT = 200
"""Bytes of UTF-8 in a file's name."""

_ENDINGS = {
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/x-vcard": ".vcf",
    "text/vcard": ".vcf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/svg+xml": ".svg",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/json": ".json",
    "application/pgp-signature": ".asc",
    "application/pgp-encrypted": ".asc",
    "application/pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m",
    "application/ms-tnef": ".dat",
    "message/rfc822": ".eml",
    "message/delivery-status": ".txt",
    "text/rfc822-headers": ".txt",
}
_DEVICES = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")


def safe_name(name: str, content_type: str = "", number: int = 0) -> str:
    """Return a name that stays in its folder: no path, no leading dot or dash, some `NAME_LIMIT` bytes, never empty."""
    base = clean(re.split(r"[/\\]", name.replace("\x00", ""))[-1])
    base = re.sub(r'[<>:"|?*]', "_", base).strip().rstrip(". ")
    base = re.sub(r"^[.\-~\s]+", "", base)
    if not base:
        return f"attachment-{number + 1}{_ENDINGS.get(content_type, '')}"
    if _DEVICES.match(base):
        base = f"_{base}"
    raw = base.encode("utf-8", "replace")
    if len(raw) > NAME_LIMIT:
        stem, dot, ending = base.rpartition(".")
        ending = dot + ending if dot and len(ending.encode()) <= 16 else ""
        stem = (stem if ending else base).encode()[: NAME_LIMIT - len(ending.encode())].decode("utf-8", "ignore")
        base = stem + ending
    return base


def disposition(part: Part) -> tuple[str, str]:
    """Return a leaf's disposition (`attachment`, `inline` or empty) and the file name it asks for, not yet safe."""
    declared = part.headers.raw("content-disposition")
    kind, options = parameters(declared, part.headers.hints) if declared else ("", {})
    name = (
        options.get("filename")
        or options.get("name")
        or part.parameters.get("name", "")
        or part.parameters.get("filename", "")
    )
    kind = "attachment" if kind.startswith("attachment") else "inline" if kind.startswith("inline") else ""
    return kind, name


def describe(part: Part) -> Attachment:
    """List a leaf as an attachment."""
    kind, name = disposition(part)
    if not name and part.type == "message/rfc822":
        subject = headers.split(part.body)[0].text("subject")
        name = f"{subject[:80]}.eml".replace("/", "_").replace("\\", "_") if subject else ""
    inline = kind == "inline" or (kind == "" and part.headers.has("content-id"))
    return Attachment(safe_name(name, part.type, part.index), part.type, part.size(), inline, part.index)


def attachment(raw: bytes, part: int) -> tuple[str, str, bytes]:
    """Decode one attachment for saving.

    Args:
        raw: the whole message.
        part: `Attachment.part`.

    Returns:
        A safe file name, the content type, the decoded bytes.

    Raises:
        LookupError: the message has no such part.
    """
    root, _ = parts.read(raw)
    for leaf in root.leaves():
        if leaf.index == part:
            content = leaf.body if leaf.type.startswith("message/") and leaf.encoding() == "" else leaf.payload()[0]
            return describe(leaf).filename, leaf.type, content
    raise LookupError(f"part {part}")
