"""What an IMAP server's lines mean: pure, and in linear time whatever they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

from supportterm.mail.errors import ProtocolError

MAX_UID = 0xFFFFFFFF
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_DEPTH = 16
_MAX_FETCH_TEXT = 256 << 10

# An unfinished quotation runs to the end of the text, so that no byte is looked at twice.
_TOKEN = re.compile(
    rb'[()]|"(?:[^"\\]|\\.)*(?:"|\\?\Z)|\{\d+\}|[^\s()"\[{]+(?:\[[^\]]*(?:\]|\Z))?(?:<\d+>)?|[^\s()]', re.DOTALL
)
_DATE = re.compile(rb"\s*(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
_MONTH_NAMES = b"jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}

Value = bytes | list[Any] | None
"""A word or text, a list, or NIL."""


def parse_list(text: bytes, literals: list[bytes]) -> list[Value]:
    """Read words, quotations, `{n}` places of literals and parenthesised lists.

    Raises:
        ProtocolError: parentheses nest absurdly or do not match, or a literal is missing.
    """
    top: list[Value] = []
    open_lists = [top]
    waiting = iter(literals)
    for token in _TOKEN.findall(text):
        if token == b"(":
            inner: list[Value] = []
            open_lists[-1].append(inner)
            open_lists.append(inner)
            if len(open_lists) > _MAX_DEPTH:
                raise ProtocolError("The mail server's answer nests without end. The connection was closed.")
        elif token == b")":
            open_lists.pop()
            if not open_lists:
                raise ProtocolError("The mail server's answer closes what it never opened. The connection was closed.")
        elif token[:1] == b'"':
            open_lists[-1].append(re.sub(rb"\\(.)", rb"\1", token.strip(b'"') if b"\\" not in token else token[1:-1]))
        elif token[:1] == b"{" and token[-1:] == b"}" and token[1:-1].isdigit():
            literal = next(waiting, None)
            if literal is None:
                raise ProtocolError("The mail server announced text that never came. The connection was closed.")
            open_lists[-1].append(literal)
        else:
            open_lists[-1].append(None if token.upper() == b"NIL" else token)
    return top


def parse_fetch(text: bytes, literals: list[bytes]) -> dict[bytes, Value]:
    """Read what stands behind `* n FETCH`: the items by name in capitals, `<0>` of partial bodies left out.

    Raises:
        ProtocolError: it is no list of names and values.
    """
    if len(text) > _MAX_FETCH_TEXT:
        raise ProtocolError("The mail server's answer to FETCH is far too long. The connection was closed.")
    parsed = parse_list(text, literals)
    items = parsed[0] if parsed else None
    if not isinstance(items, list) or len(items) % 2:
        raise ProtocolError("The mail server's answer to FETCH is incomplete. The connection was closed.")
    found: dict[bytes, Value] = {}
    for name, value in zip(items[::2], items[1::2], strict=True):
        if not isinstance(name, bytes):
            raise ProtocolError("The mail server's answer to FETCH is garbled. The connection was closed.")
        found.setdefault(name.upper().partition(b"<")[0], value)
    return found


def number(value: Value, limit: int = MAX_UID) -> int | None:
    """Read a number from 0 to `limit`; None where it is none."""
    if isinstance(value, bytes) and len(value) < 25 and value.isdigit():
        found = int(value)
        return found if found <= limit else None
    return None


def flags(value: Value) -> frozenset[str]:
    """Read a list of flags; what is no flag is left out."""
    if not isinstance(value, list):
        return frozenset()
    return frozenset(flag.decode("ascii") for flag in value if isinstance(flag, bytes) and flag.isascii())


def internal_date(value: Value) -> datetime:
    """Read an INTERNALDATE as aware UTC (RFC 3501 section 9, date-time); 1970 where it is none."""
    match = _DATE.fullmatch(value) if isinstance(value, bytes) else None
    if match is None:
        return EPOCH
    day, month, year, hour, minute, second, sign, zone_hours, zone_minutes = match.groups()
    offset = timedelta(hours=int(zone_hours), minutes=int(zone_minutes)) * (1 if sign == b"+" else -1)
    try:
        when = datetime(
            int(year),
            _MONTHS[month.lower()],
            int(day),
            int(hour),
            int(minute),
            min(int(second), 59),
            tzinfo=timezone(offset),
        )
        return when.astimezone(UTC)
    except (ValueError, OverflowError, KeyError):
        return EPOCH


def date_time(when: datetime) -> bytes:
    """Write an instant as a quoted date-time (RFC 3501 section 9), in UTC."""
    there = when.astimezone(UTC)
    month = _MONTH_NAMES[there.month - 1].decode("ascii").title()
    return f'"{there.day:2}-{month}-{there.year:04} {there:%H:%M:%S} +0000"'.encode("ascii")


def quoted(text: str) -> bytes:
    """Write a quoted string (RFC 3501 section 9, quoted); the text is printable ASCII."""
    return b'"' + text.replace("\\", "\\\\").replace('"', '\\"').encode("ascii") + b'"'


def uid_set(uids: Iterable[int]) -> bytes:
    """Write UIDs as a sequence set; neighbours become ranges, and nothing is named that was not given."""
    ordered = sorted(set(uids))
    if not ordered:
        return b""
    parts: list[str] = []
    start = ordered[0]
    for left, right in [*pairwise(ordered), (ordered[-1], ordered[-1] + 2)]:
        if right != left + 1:
            parts.append(str(start) if start == left else f"{start}:{left}")
            start = right
    return ",".join(parts).encode("ascii")
