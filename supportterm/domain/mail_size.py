"""How large a mail is on the wire: what is attached grows by base64 (RFC 2045 6.8)."""

from __future__ import annotations

from collections.abc import Iterable

_LINE_IN, _LINE_OUT = 57, 78
"""Bytes of a file that one line holds, and the bytes of that line with its end."""
_PART = 300
"""Bytes of a part's own header and boundary, about."""
_HEADER = 2_000


def encoded(size: int) -> int:
    """Return the bytes a file of so many takes in a mail."""
    return -(-size // _LINE_IN) * _LINE_OUT + _PART


def mail_size(files: Iterable[int], text: str = "", *, is_rich: bool = False) -> int:
    """Return about how many bytes a mail with files of these sizes and this text has."""
    words = len(text.encode("utf-8", "replace"))
    words = words if text.isascii() else encoded(words)
    return sum(map(encoded, files)) + words * (3 if is_rich else 1) + _HEADER


def in_words(size: int) -> str:
    """Return a number of bytes as a person says it: `12 MB`, `1.5 MB`, `340 KB`."""
    if size < 1_000_000:
        return f"{size} B" if size < 1000 else f"{size / 1000:.0f} KB"
    mega = size / 1e6
    return f"{mega:.0f} MB" if mega >= 10 else f"{mega:.1f} MB"


def of_limit(size: int, limit: int) -> str:
    """Return a mail's size beside what the server takes, so that a mail that is too large never reads as if it fit."""
    is_close = in_words(size) == in_words(limit) and size != limit
    shown = [f"{one / 1e6:.3f} MB" if is_close else in_words(one) for one in (size, limit)]
    return f"{shown[0]} of {shown[1]} the server takes"


def too_large(size: int, limit: int) -> str:
    """Return the sentence that stops a mail larger than the server takes; empty where it fits or nothing is known."""
    if not 0 < limit < size:
        return ""
    return f"This mail has {of_limit(size, limit)}. Take a file off, send a smaller one, or send a link to it."
