"""A header's fields as bytes in, cleaned text out (RFC 5322, RFC 2047, RFC 2231)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from supportterm.domain.text import clean
from supportterm.mail.words import decode_words

FIELDS_LIMIT = 2_000
HEADER_LIMIT = 4_000_000
"""Bytes of one header that are read."""
VALUE_LIMIT = 65_536
IDS_LIMIT = 400

_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:(.*)", re.S)
_ID = re.compile(r"<([^<>]{1,998})>")
_BARE_ID = re.compile(r"[^\s<>,;\"()]+@[^\s<>,;\"()]+")
_DATE = re.compile(
    r"(\d{1,2})[ -]{1,3}([A-Za-z]{3})[a-z]*[ -]{1,3}(\d{4}),? {1,3}(\d{1,2}:\d{2}(?::\d{2})?)[^+\-]{0,3}([+-]\d{4}\b)?"
)
_EMPTY_LINE = re.compile(rb"\A\r?\n|\n\r?\n|\r\r")
_MBOX = re.compile(rb">?From(?: |: \S+ +(?:[A-Z][a-z]{2} ){2} ?\d{1,2} \d\d:\d\d:\d\d \d{4}$)")
"""The line that mbox files put before a mail; some exports give it a colon."""


@dataclass(slots=True)
class Headers:
    """The fields of one header in order, names in lower case, values unfolded but undecoded."""

    fields: list[tuple[str, bytes]]
    hints: tuple[str, ...] = ()
    defects: list[str] = field(default_factory=list)

    def raw(self, name: str) -> bytes | None:
        """Return the first field of this name."""
        return next((value for key, value in self.fields if key == name), None)

    def all(self, name: str) -> list[bytes]:
        """Return every field of this name."""
        return [value for key, value in self.fields if key == name]

    def has(self, name: str) -> bool:
        """Tell whether a field of this name stands here."""
        return any(key == name for key, _ in self.fields)

    def plain(self, name: str) -> str:
        """Return a structured field's value in lower case, comments left in place, for comparing."""
        value = self.raw(name)
        return "" if value is None else clean(value.decode("ascii", "replace")).lower()

    def text(self, name: str) -> str:
        """Return an unstructured field decoded and cleaned."""
        value = self.raw(name)
        return "" if value is None else clean(decode_words(value, self.hints))


def split(block: bytes | memoryview) -> tuple[Headers, int]:
    """Read the header that `block` begins with.

    Returns:
        The fields, and the offset at which the body begins.
    """
    end, body = _end(block)
    fields: list[tuple[str, bytes]] = []
    defects: list[str] = []
    head = bytes(block[: min(end, HEADER_LIMIT)])
    lines = head.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if _MBOX.match(lines[0]):
        lines = lines[1:]
    offset_lost = False
    for number, line in enumerate(lines):
        if not line:
            continue
        if line[:1] in b" \t" and fields:
            name, value = fields[-1]
            if len(value) < VALUE_LIMIT:
                fields[-1] = (name, value + b"\n" + line)
            continue
        match = _FIELD.match(line)
        if match is None:
            if not _headers_follow(lines[number + 1 : number + 200]):
                offset_lost = True
                break
            defects.append("a line in the header is no field")
            continue
        if len(fields) >= FIELDS_LIMIT and not _KNOWN.match(line):
            defects.append(f"more than {FIELDS_LIMIT} header fields")
            continue
        if len(fields) >= 2 * FIELDS_LIMIT:
            break
        fields.append((match[1].decode("ascii").lower(), match[2][:VALUE_LIMIT].strip(b" \t")))
    if offset_lost:
        defects.append("no blank line between header and body")
        body = max(head.find(line), 0)
    return Headers(fields, _hints(fields), list(dict.fromkeys(defects))), body


def _end(block: bytes | memoryview) -> tuple[int, int]:
    """Find the first empty line: where the header ends and where the body begins."""
    match = _EMPTY_LINE.search(block)
    return match.span() if match else (len(block), len(block))


_KNOWN = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|received|mime-version|content-[a-z-]+|reply-to|return-path|references|in-reply-to"
    rb"|auto-submitted|precedence|list-id|sender)[ \t]*:",
    re.I,
)


def _headers_follow(lines: list[bytes]) -> bool:
    return any(_KNOWN.match(line) for line in lines)


def _hints(fields: list[tuple[str, bytes]]) -> tuple[str, ...]:
    """Return the charsets the header itself names, which its undeclared bytes most likely share."""
    named: dict[str, None] = {}
    for key, value in fields:
        if key in ("content-type", "subject", "from", "to"):
            for found in re.findall(rb"charset=[\"']?([\w.:-]{2,40})|=\?([\w.:-]{2,40})[*?]", value[:2000]):
                named[(found[0] or found[1]).decode("ascii", "replace")] = None
    return tuple(named)[:8]


def message_ids(value: bytes | None) -> tuple[str, ...]:
    """Read the ids of a Message-ID, In-Reply-To or References field, without brackets, in order, each once.

    Whatever stands in angle brackets counts; without any, words with an `@` do.
    """
    if value is None:
        return ()
    text = value[:VALUE_LIMIT].decode("utf-8", "replace")
    found = _ID.findall(text) or _BARE_ID.findall(text)
    ids = dict.fromkeys(one for one in (message_id(raw) for raw in found) if one)
    if len(ids) > IDS_LIMIT:
        kept = list(ids)
        return (kept[0], *kept[-IDS_LIMIT + 1 :])
    return tuple(ids)


def message_id(raw: str) -> str | None:
    """Return one id without blanks and controls, None where nothing of it is left."""
    text = clean(re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", "", raw), 998)
    return text if text.strip("[]@.<>") else None


def own_id(value: bytes | None) -> str | None:
    """Read a Message-ID field: what stands in brackets, else the whole of it."""
    if value is None:
        return None
    text = value[:4000].decode("utf-8", "replace")
    match = _ID.search(text)
    return message_id(match[1] if match else text.strip().strip("<>"))


def date(value: bytes | None) -> datetime | None:
    """Read a Date field (RFC 5322 3.3); None where it is absent, unreadable, before 1970 or after 2100."""
    if value is None:
        return None
    text = value[:200].decode("ascii", "replace")
    try:
        parsed = parsedate_tz(text) or parsedate_tz(_lenient_date(text))
        if parsed is None:
            return None
        offset = parsed[9] or 0
        zone = UTC if offset == 0 else timezone(timedelta(seconds=offset))
        when = datetime(*parsed[:6], tzinfo=zone)
        when.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return when if 1970 <= when.year <= 2100 and abs(offset) <= 16 * 3600 else None


def _lenient_date(text: str) -> str:
    """Keep of a damaged date what can be read: day, month, year, time, offset."""
    match = _DATE.search(text)
    if match is None:
        return ""
    day, month, year, clock, zone = match.groups()
    return f"{day} {month} {year} {clock} {zone or '+0000'}"
