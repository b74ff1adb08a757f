"""A header's fields as bytes in, cleaned text out (RFC 5322, RFC 2047, RFC 2231)."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from supportterm.domain.text import clean
from supportterm.mail import charsets

FIELDS_LIMIT = 2_000
VALUE_LIMIT = 65_536
PARAMETERS_LIMIT = 100
IDS_LIMIT = 400

_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:(.*)", re.S)
_WORD = re.compile(r"=\?([\w.:+-]{1,60})(?:\*[\w-]*)?\?([bBqQ])\?([^?]*(?:\?(?!=)[^?=]*){0,8})\?=")
_BETWEEN = re.compile(r"(\?=)[ \t\r\n]+(?==\?[\w.:+*-]{1,80}\?[bBqQ]\?)")
_ID = re.compile(r"<([^<>]{1,998})>")
_BARE_ID = re.compile(r"[^\s<>,;\"()]+@[^\s<>,;\"()]+")
_DATE = re.compile(
    r"(\d{1,2})[ -]{1,3}([A-Za-z]{3})[a-z]*[ -]{1,3}(\d{4}),? {1,3}(\d{1,2}:\d{2}(?::\d{2})?)[^+\-]{0,3}([+-]\d{4}\b)?"
)
_MBOX = re.compile(rb">?From(?: |: \S+ +(?:[A-Z][a-z]{2} ){2} ?\d{1,2} \d\d:\d\d:\d\d \d{4}$)")
"""The line that mbox files put before a mail; some exports give it a colon."""
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")


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


def split(block: bytes) -> tuple[Headers, int]:
    """Read the header that `block` begins with.

    Returns:
        The fields, and the offset at which the body begins.
    """
    end, body = _end(block)
    fields: list[tuple[str, bytes]] = []
    defects: list[str] = []
    lines = block[:end].replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
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
            if not _headers_follow(lines[number + 1 :]):
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
        start = block.find(line)
        body = max(start, 0)
    return Headers(fields, _hints(fields), list(dict.fromkeys(defects))), body


def _end(block: bytes) -> tuple[int, int]:
    """Find the first empty line: where the header ends and where the body begins."""
    found = [(place, len(mark)) for mark in (b"\n\n", b"\n\r\n", b"\r\r") if (place := block.find(mark)) >= 0]
    if block[:1] == b"\n" or block[:2] == b"\r\n":
        return 0, 1 if block[:1] == b"\n" else 2
    if not found:
        return len(block), len(block)
    place, length = min(found)
    return place, place + length


_KNOWN = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|received|mime-version|content-[a-z-]+|reply-to|return-path|references|in-reply-to"
    rb"|auto-submitted|precedence|list-id|sender)[ \t]*:",
    re.I,
)


def _headers_follow(lines: list[bytes]) -> bool:
    return any(_KNOWN.match(line) for line in lines[:200])


def _hints(fields: list[tuple[str, bytes]]) -> tuple[str, ...]:
    """Return the charsets the header itself names, which its undeclared bytes most likely share."""
    named: dict[str, None] = {}
    for key, value in fields:
        if key in ("content-type", "subject", "from", "to"):
            for found in re.findall(rb"charset=[\"']?([\w.:-]{2,40})|=\?([\w.:-]{2,40})[*?]", value[:2000]):
                named[(found[0] or found[1]).decode("ascii", "replace")] = None
    return tuple(named)[:8]


def decode_words(value: bytes, hints: tuple[str, ...] = ()) -> str:
    """Decode a field's encoded words (RFC 2047) and its bare 8-bit bytes; not cleaned yet."""
    text = value.decode("ascii", "surrogateescape") if value.isascii() else charsets.decode(value, "", hints)[0]
    if "=?" not in text:
        return _unfold(text)
    text = _BETWEEN.sub(r"\1", text)
    pieces: list[str] = []
    pending: tuple[str, bytes] | None = None
    place = 0
    for match in _WORD.finditer(text):
        charset = match[1]
        raw = _word_bytes(match[2], match[3])
        if match.start() > place or (pending is not None and pending[0].lower() != charset.lower()):
            if pending is not None:
                pieces.append(charsets.decode(pending[1], pending[0], hints)[0])
                pending = None
            pieces.append(text[place : match.start()])
        pending = (charset, raw if pending is None else pending[1] + raw)
        place = match.end()
    if pending is not None:
        pieces.append(charsets.decode(pending[1], pending[0], hints)[0])
    pieces.append(text[place:])
    return _unfold("".join(pieces))


def _unfold(text: str) -> str:
    return re.sub(r"\r?\n[ \t]*", " ", text) if "\n" in text else text


def _word_bytes(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return _HEX.sub(lambda m: bytes([int(m[1], 16)]), raw.replace(b"_", b" ").replace(b"\n", b""))
    return base64_bytes(raw)[0]


def base64_bytes(raw: bytes) -> tuple[bytes, bool]:
    """Decode base64 as far as it goes; the flag says whether it was whole."""
    try:
        return binascii.a2b_base64(raw), True
    except binascii.Error:
        kept = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        kept = kept[: len(kept) - (len(kept) % 4 == 1)]
        try:
            return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4)), False
        except binascii.Error:
            return b"", False


def parameters(value: bytes, hints: tuple[str, ...] = ()) -> tuple[str, dict[str, str]]:
    """Read `type/subtype; name=value …` (RFC 2045, RFC 2231): the main value in lower case, the parameters decoded."""
    items = list(_split_parameters(value[:8192]))
    main = clean(items[0].decode("ascii", "replace")).lower() if items else ""
    plain: dict[str, bytes] = {}
    pieces: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for item in items[1 : PARAMETERS_LIMIT + 1]:
        key, found, content = item.partition(b"=")
        if not found:
            continue
        name = key.strip().decode("ascii", "replace").lower()
        content = _unquote(content.strip())
        base, star, rest = name.partition("*")
        if not star:
            plain.setdefault(name, content)
            continue
        number, encoded = rest.rstrip("*"), rest.endswith("*") or not rest
        index = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
        pieces.setdefault(base, {}).setdefault(index, (content, encoded))
    result = {name: clean(decode_words(content, hints)) for name, content in plain.items()}
    for name, parts in pieces.items():
        result[name] = clean(_extended(parts, hints))
    return main, result


def _extended(parts: dict[int, tuple[bytes, bool]], hints: tuple[str, ...]) -> str:
    charset, whole = "", b""
    for index in sorted(parts):
        content, encoded = parts[index]
        if encoded:
            if not charset and content.count(b"'") >= 2:
                name, _, content = content.split(b"'", 2)
                charset = name.decode("ascii", "replace")
            content = re.sub(rb"%([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), content)
        whole += content
    return charsets.decode(whole, charset, hints)[0] if not whole.isascii() or charset else decode_words(whole, hints)


def _split_parameters(value: bytes) -> Iterator[bytes]:
    """Cut at semicolons outside quotes."""
    if b'"' not in value:
        yield from (piece.strip() for piece in value.split(b";", PARAMETERS_LIMIT + 1))
        return
    for match in re.finditer(rb'((?:[^;"\\]|\\.|"(?:[^"\\]|\\.){0,2000}"|["\\])+)', value, re.S):
        yield match[1].strip()


def _unquote(value: bytes) -> bytes:
    if value[:1] == b'"':
        value = value[1:]
        end = re.search(rb'(?<!\\)"', value)
        value = re.sub(rb'\\(["\\])', rb"\1", value[: end.start()] if end else value)
    elif value[:1] == b"'" and value[-1:] == b"'" and len(value) > 1:
        value = value[1:-1]
    return value.replace(b"\n", b"")


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
