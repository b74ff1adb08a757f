"""Small files the sample customers attach: pictures drawn here, one-page PDFs, plain text."""

from __future__ import annotations

import struct
import zlib

_PICTURES = {
    "cat": (
        "................",
        "..#..........#..",
        "..##........##..",
        "..#o#......#o#..",
        "..#oo######oo#..",
        "..#oooooooooo#..",
        ".#oooooooooooo#.",
        ".#oogoooooogoo#.",
        ".#oogoooooogoo#.",
        ".#ooooorroooooo#",
        ".#oo#oorroo#oo#.",
        ".#oooo####oooo#.",
        "..#oooooooooo#..",
        "...##oooooo##...",
        ".....######.....",
        "................",
    ),
    "screenshot": (
        "bbbbbbbbbbbbbbbbbbbbbbbb",
        "brbobgbwwwwwwwwwwwwwwwbb",
        "bbbbbbbbbbbbbbbbbbbbbbbb",
        "wwwwwwwwwwwwwwwwwwwwwwww",
        "w##########wwwwwwwwwwwww",
        "wwwwwwwwwwwwwwwwwwwwwwww",
        "w....................www",
        "w.................wwwwww",
        "w...................wwww",
        "wwwwwwwwwwwwwwwwwwwwwwww",
        "wrrrrrrrrrrrrrrrrrrrrrww",
        "wr##################wrww",
        "wrrrrrrrrrrrrrrrrrrrrrww",
        "wwwwwwwwwwwwwwwwwwwwwwww",
    ),
}
_COLOURS = {
    ".": (222, 226, 230),
    "#": (52, 58, 64),
    "o": (240, 160, 75),
    "g": (88, 170, 96),
    "r": (214, 84, 84),
    "b": (88, 118, 170),
    "w": (250, 250, 250),
}
_SCALE = 12


def content(made: dict[str, str]) -> tuple[bytes, str]:
    """Make a file from what a conversation says of it (`picture`, `pdf` or `text`); return its bytes and type."""
    if "picture" in made:
        return png(_PICTURES[made["picture"]]), "image/png"
    if "pdf" in made:
        return pdf(made["pdf"]), "application/pdf"
    return made["text"].encode(made.get("charset", "utf-8")), made.get("type", "text/csv")


def png(rows: tuple[str, ...]) -> bytes:
    """Draw rows of colour letters as a PNG picture, each letter a square (PNG specification, section 5)."""
    pixels = bytearray()
    width = max(len(row) for row in rows)
    for row in rows:
        line = b"".join(bytes(_COLOURS[letter]) * _SCALE for letter in row.ljust(width, row[-1]))
        pixels += (b"\0" + line) * _SCALE
    header = struct.pack(">IIBBBBB", width * _SCALE, len(rows) * _SCALE, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(pixels), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def pdf(text: str) -> bytes:
    """Set a few lines of plain ASCII text on one PDF page (ISO 32000-1, 7.5)."""
    shown = " ".join(f"({line.translate(_ESCAPED)}) Tj T*" for line in text.splitlines())
    page = f"BT /F1 12 Tf 16 TL 72 770 Td {shown} ET".encode("ascii", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
    )
    written, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    written += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(written)


_ESCAPED = str.maketrans({"(": r"\(", ")": r"\)", "\\": r"\\"})
