"""Outlook's own thread fields: how a reply goes on in the conversation that Thread-Index counts ([MS-OXOMSG] 2.2.1.3).

The value is a block of 22 bytes, a time and an id, behind which each answer
puts 5 of its own. It comes from a stranger: what is not built so is left out.
"""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime, timedelta

from supportterm.mail import headers

HEAD = 22
CHILD = 5
LEVELS = 100
"""Answers up to which an index is carried on; a longer one is no conversation."""
TOPIC = 250
"""Letters of Thread-Topic that are carried on."""

_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_FAR = 49
"""A distance of 2^49 ticks of 100 ns, about 1.8 years, from which the coarser scale counts."""


def carried_on(head: bytes, now: datetime, chance: int) -> tuple[str, str]:
    """Return Thread-Index and Thread-Topic of an answer to the mail that `head` begins.

    Args:
        head: the beginning of the mail's source, its header whole.
        now: when the answer is written; aware.
        chance: any number; it tells answers of one moment apart.

    Returns:
        Both empty where the mail has no index that can be carried on; the topic alone empty where it names none.
    """
    fields, _ = headers.split(head)
    if len(fields.all("thread-index")) != 1:
        return "", ""
    index = child(fields.text("thread-index"), now, chance)
    return (index, fields.text("thread-topic")[:TOPIC].strip()) if index else ("", "")


def child(value: str, now: datetime, chance: int) -> str:
    """Return an index with one answer more, in base64; empty where `value` is no index."""
    packed = "".join(value.split())
    if len(packed) > 4 * (HEAD + CHILD * LEVELS):
        return ""
    try:
        parent = base64.b64decode(packed, validate=True)
    except (ValueError, binascii.Error):
        return ""
    levels, rest = divmod(len(parent) - HEAD, CHILD)
    if levels < 0 or rest or levels >= LEVELS or parent[0] != 1:
        return ""
    began = int.from_bytes(parent[:6], "big") << 16
    distance = max((now - _EPOCH) // timedelta(microseconds=1) * 10 - began, 0)
    is_far = distance >> _FAR != 0
    scaled = distance >> (23 if is_far else 18) & 0x7FFFFFFF
    block = (is_far << 31 | scaled).to_bytes(4, "big") + bytes([(chance & 0xF) << 4])
    return base64.b64encode(parent + block).decode("ascii")
