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

_BLANK = re.compile(rb"\s*")
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
    root = _part(memoryview(raw), "text/plain", 0, scan)
    return root, list(scan.defects)


def _part(block: memoryview, default: str, depth: int, scan: _Scan) -> Part:
    """Read one node; the tree shares the message's bytes, only leaves copy theirs."""
    fields, start = headers.split(block)
    scan.defects.update(dict.fromkeys(fields.defects))
    body = block[start:]
    declared = fields.raw("content-type") or b""
    kind, options = parameters(declared, fields.hints) if declared else (default, {})
    if not _TYPE.fullmatch(kind):
        scan.defects["a content type that is none"] = None
        kind = _mended(kind, "boundary" in options, depth)
    part = Part(fields, kind, options, b"")
    if kind.startswith("multipart/"):
        boundary = _boundary(declared, options)
        if depth >= DEPTH_LIMIT:
            scan.defects[f"parts nested deeper than {DEPTH_LIMIT}"] = None
        else:
            if not boundary:
                scan.defects["a multipart without a boundary"] = None
                boundary = _guess_boundary(body)
            part.children = _children(body, boundary, kind, depth, scan) if boundary else []
            if part.children:
                return part
            scan.defects["a multipart without parts"] = None
        part.type = "text/plain"
    part.body = bytes(body)
    part.index = scan.leaves
    scan.leaves += 1
    return part


def _mended(kind: str, bounded: bool, depth: int) -> str:
    """Guess what a content type that is none was meant to be."""
    if kind == "multipart" and bounded:
        return "multipart/mixed"
    return "text/plain" if kind in ("", "text") or depth == 0 else "application/octet-stream"


def _children(body: memoryview, boundary: bytes, kind: str, depth: int, scan: _Scan) -> list[Part]:
    default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
    found: list[Part] = []
    for block in _blocks(body, boundary, scan):
        if scan.leaves >= PARTS_LIMIT:
            scan.defects[f"more than {PARTS_LIMIT} parts"] = None
            break
        found.append(_part(block, default, depth + 1, scan))
    return found


def _boundary(declared: bytes, options: dict[str, str]) -> bytes:
    """Return the boundary as bytes of the mail, trailing blanks off (RFC 2046 5.1.1)."""
    value = options.get("boundary", "")
    if value and value.isascii():
        return value.rstrip().encode("ascii")
    match = re.search(rb'boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;]{1,200}))', declared, re.I)
    return (match[1] or match[2]).rstrip() if match else b""


def _guess_boundary(body: memoryview) -> bytes:
    """A body that opens with a delimiter and a content field tells its boundary itself."""
    match = re.search(rb"(?:^|\n)--([^\s-][^\r\n]{0,199}?)[ \t]*\r?\ncontent-[a-z-]+:", body[:20_000], re.I)
    return match[1] if match else b""


def _blocks(body: memoryview, boundary: bytes, scan: _Scan) -> list[memoryview]:
    """Cut a multipart's body at its delimiters; the line end before a delimiter belongs to it."""
    delimiter = re.compile(b"--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r|\n|\Z)")
    blocks: list[memoryview] = []
    start: int | None = None
    closed = False
    for match in delimiter.finditer(body):
        before = match.start()
        if before and body[before - 1] not in b"\r\n":
            continue
        if start is not None:
            blocks.append(body[start : max(start, _before_line_end(body, before))])
        if match[1] or len(blocks) > PARTS_LIMIT:
            closed, start = bool(match[1]), None
            break
        start = _after_line_end(body, match.end())
    if start is not None and not (blocks and _BLANK.fullmatch(body, start)):
        blocks.append(body[start:])
    if not closed:
        scan.defects["a multipart that does not end"] = None
    return blocks


def _before_line_end(body: memoryview, place: int) -> int:
    if bytes(body[max(0, place - 2) : place]) == b"\r\n":
        return place - 2
    return max(0, place - 1)


def _after_line_end(body: memoryview, place: int) -> int:
    if bytes(body[place : place + 2]) == b"\r\n":
        return place + 2
    return min(len(body), place + 1)


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
