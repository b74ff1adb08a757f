"""Encoded words and parameters: what a field's bytes mean (RFC 2047, RFC 2231)."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from supportterm.domain.text import clean
from supportterm.mail import charsets

PARAMETERS_LIMIT = 100

_WORD = re.compile(r"=\?([\w.:+-]{1,60})(?:\*[\w-]*)?\?([bBqQ])\?([^?]*(?:\?(?!=)[^?=]*){0,8})\?=")
_BETWEEN = re.compile(r"(\?=)[ \t\r\n]+(?==\?[\w.:+*-]{1,80}\?[bBqQ]\?)")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")


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
