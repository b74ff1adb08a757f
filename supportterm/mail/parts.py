"""The MIME tree of a message (RFC 2045, RFC 2046), read by one linear scan with caps on depth and number.

The standard library's parser needs seconds for some hostile trees and raises
on others; this one gives the same leaves for sound mail and never raises.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from supportterm.mail import headers
from supportterm.mail.headers import Headers
from supportterm.mail.words import base64_bytes, parameters

DEPTH_LIMIT = 50
PARTS_LIMIT = 1_000

_TYPE = re.compile(r"[!-.0-~]+/[!-.0-~]+")


@dataclass(slots=True)
class Part:
    """One node: a leaf has no children; `index` counts leaves in document order, -1 for the others."""

    headers: Headers
    type: str
    parameters: dict[str, str]
    body: bytes
    children: list[Part] = field(default_factory=list)
    index: int = -1

    @property
    def is_multipart(self) -> bool:
        """True where the node only holds others."""
        return self.index < 0

    def leaves(self) -> Iterator[Part]:
        """Yield the leaves in document order."""
        if not self.is_multipart:
            yield self
        for child in self.children:
            yield from child.leaves()

    def encoding(self) -> str:
        """Return the transfer encoding's name in lower case, without what mailers add to it."""
        name = self.headers.plain("content-transfer-encoding")
        return name.split(";")[0].split("(")[0].strip(" \t\"'.").replace(" ", "")

    def payload(self) -> tuple[bytes, str]:
        """Undo the transfer encoding; what cannot be undone stays raw, and the second value says so."""
        encoding = self.encoding()
        if encoding == "base64":
            content, whole = base64_bytes(self.body)
            if not content and self.body.strip():
                return self.body, "base64 that cannot be read"
            return content, "" if whole else "damaged base64"
        if encoding in ("quoted-printable", "quotedprintable", "qp"):
            return quopri.decodestring(self.body), ""
        if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
            found = _uudecode(self.body)
            return (self.body, "uuencoded text that cannot be read") if found is None else (found, "")
        known = encoding in ("", "7bit", "8bit", "binary", "7-bit", "8-bit")
        return self.body, "" if known else f"unknown transfer encoding {encoding[:40]}"

    def size(self) -> int:
        """Return the decoded size in bytes, without decoding base64."""
        if self.encoding() != "base64":
            return len(self.payload()[0])
        body = self.body.translate(None, b" \t\r\n")
        return max(0, len(body) * 3 // 4 - body[-2:].count(b"="))


@dataclass(slots=True)
class _Scan:
    leaves: int = 0
    defects: dict[str, None] = field(default_factory=dict)


def read(raw: bytes) -> tuple[Part, list[str]]:
    """Read a message's tree; the second value lists what was wrong with its structure."""
    if b"\n" not in raw[:100_000] and b"\r" in raw[:100_000]:
        raw = raw.replace(b"\r", b"\n")
    scan = _Scan()
    root = _part(raw, "text/plain", 0, scan)
    return root, list(scan.defects)


def _part(block: bytes, default: str, depth: int, scan: _Scan) -> Part:
    fields, start = headers.split(block)
    scan.defects.update(dict.fromkeys(fields.defects))
    body = block[start:]
    declared = fields.raw("content-type")
    kind, options = parameters(declared, fields.hints) if declared else (default, {})
    if not _TYPE.fullmatch(kind):
        if declared:
            scan.defects["a content type that is none"] = None
        kind = (
            "multipart/mixed"
            if kind == "multipart" and "boundary" in options
            else "text/plain"
            if kind in ("", "text")
            else kind
        )
        kind = kind if _TYPE.fullmatch(kind) else "application/octet-stream" if declared and depth else "text/plain"
    part = Part(fields, kind, options, body)
    if kind.startswith("multipart/"):
        boundary = _boundary(declared or b"", options)
        if depth >= DEPTH_LIMIT:
            scan.defects[f"parts nested deeper than {DEPTH_LIMIT}"] = None
        elif not boundary:
            scan.defects["a multipart without a boundary"] = None
            boundary = _guess_boundary(body)
        if boundary and depth < DEPTH_LIMIT:
            blocks = _blocks(body, boundary, scan)
            inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
            for one in blocks:
                if scan.leaves >= PARTS_LIMIT:
                    scan.defects[f"more than {PARTS_LIMIT} parts"] = None
                    break
                part.children.append(_part(one, inner, depth + 1, scan))
            if part.children:
                part.body = b""
                return part
            scan.defects["a multipart without parts"] = None
        part.type = "text/plain"
    part.index = scan.leaves
    scan.leaves += 1
    return part


def _boundary(declared: bytes, options: dict[str, str]) -> bytes:
    """Return the boundary as bytes of the mail, trailing blanks off (RFC 2046 5.1.1)."""
    value = options.get("boundary", "")
    if value and value.isascii():
        return value.rstrip().encode("ascii")
    match = re.search(rb'boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;]{1,200}))', declared, re.I)
    return (match[1] or match[2]).rstrip() if match else b""


def _guess_boundary(body: bytes) -> bytes:
    """A body that opens with a delimiter and a content field tells its boundary itself."""
    match = re.search(rb"(?:^|\n)--([^\s-][^\r\n]{0,199}?)[ \t]*\r?\ncontent-[a-z-]+:", body[:20_000], re.I)
    return match[1] if match else b""


def _blocks(body: bytes, boundary: bytes, scan: _Scan) -> list[bytes]:
    """Cut a multipart's body at its delimiters; the line end before a delimiter belongs to it."""
    delimiter = re.compile(rb"(?:\A|\r\n|\n|\r)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r|\n|\Z)")
    blocks: list[bytes] = []
    start: int | None = None
    closed = False
    for match in delimiter.finditer(body):
        if start is not None:
            blocks.append(_after_line(body, start, match.start()))
        if len(blocks) > PARTS_LIMIT:
            start = None
            break
        start = match.end()
        if match[1]:
            closed, start = True, None
            break
    if start is not None:
        rest = _after_line(body, start, len(body))
        if rest.strip() or not blocks:
            blocks.append(rest)
    if not closed:
        scan.defects["a multipart that does not end"] = None
    return blocks


def _after_line(body: bytes, start: int, end: int) -> bytes:
    if body[start : start + 2] == b"\r\n":
        start += 2
    elif body[start : start + 1] in (b"\n", b"\r"):
        start += 1
    return body[start:end]


def _uudecode(body: bytes) -> bytes | None:
    lines = body.replace(b"\r\n", b"\n").split(b"\n")
    begin = next((n for n, line in enumerate(lines) if line.startswith(b"begin ")), None)
    if begin is None:
        return None
    content = bytearray()
    for line in lines[begin + 1 :]:
        if line.strip() in (b"end", b"`"):
            break
        try:
            content += binascii.a2b_uu(line)
        except binascii.Error:
            length = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
            try:
                content += binascii.a2b_uu(line[:length])
            except binascii.Error:
                return None
    return bytes(content)
