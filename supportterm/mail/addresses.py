"""Address lists of real and hostile mail, read in one pass (RFC 5322 3.4)."""

from __future__ import annotations

import re

from supportterm.domain.mail import Address
from supportterm.domain.text import clean
from supportterm.mail.words import decode_words

ADDRESSES_LIMIT = 200
FIELD_LIMIT = 32_768
COMMENTS_LIMIT = 30
NAME_LIMIT = 4_000
"""Bytes of a display name that are read."""

_TOKEN = re.compile(
    rb"(=\?[\w.:*+-]{1,80}\?[bBqQ]\?[^?]{0,2000}\?=)"
    rb'|"((?:[^"\\]|\\.){0,500})"|<([^<>]*)>|([()])|([,;:])|(\\.)|([^"<>(),;:=\\]+)|(.)',
    re.S,
)
_SPEC = re.compile(r"[^\s<>(),;:\"\\\[\]@]+(?:@(?:[^\s<>(),;:\"\\\[\]@]+|\[[0-9A-Za-z.:]+\]))")
_QUOTED_SPEC = re.compile(r'"(?:[^"\\\r\n]|\\.){1,64}"@[^\s<>(),;:"\\\[\]@]+')


def read(
    value: bytes, hints: tuple[str, ...] = (), limit: int = ADDRESSES_LIMIT
) -> tuple[tuple[Address, ...], list[str]]:
    """Read an address field.

    Returns:
        At most `limit` addresses, and what was wrong with the field, in words.
        What holds no address comes back as a name, so that it can be shown.
    """
    defects: list[str] = []
    if len(value) > FIELD_LIMIT:
        value = value[:FIELD_LIMIT]
        defects.append("an address field was cut")
    found: list[Address] = []
    phrase: list[bytes] = []
    comment: list[bytes] = []
    angle: bytes | None = None
    depth = 0
    deepest = 0

    def finish() -> None:
        nonlocal angle
        if phrase or comment or angle is not None:
            one = _address(phrase, comment, angle, hints)
            if one is not None:
                found.append(one)
        phrase.clear()
        comment.clear()
        angle = None

    for match in _TOKEN.finditer(value):
        word, quoted, inner, bracket, mark, escaped, text, _ = match.groups()
        if bracket == b")" and not depth:
            phrase.append(bracket)
        elif bracket is not None:
            depth += 1 if bracket == b"(" else -1
            deepest = max(deepest, depth)
        elif depth:
            comment.append(escaped[1:] if escaped else match[0])
        elif word is not None or quoted is not None or escaped is not None:
            phrase.append(match[0])
        elif inner is not None:
            angle = inner if angle is None else angle
        elif mark in (b",", b";"):
            finish()
            if len(found) >= limit:
                defects.append(f"more than {limit} addresses in a field")
                break
        elif mark == b":":
            if b"@" in b"".join(phrase):
                phrase.append(mark)
            else:
                phrase.clear()
        elif text is not None:
            phrase.append(text)
        else:
            phrase.append(match[0])
    else:
        finish()
    if deepest > COMMENTS_LIMIT:
        defects.append("comments nested too deep in an address")
    return tuple(found[:limit]), defects


def _address(phrase: list[bytes], comment: list[bytes], angle: bytes | None, hints: tuple[str, ...]) -> Address | None:
    before = b"".join(phrase).strip()
    remark = b" ".join(comment)
    if angle is not None:
        spec = _spec(angle, hints)
        name = _name(before, hints) or _name(remark, hints)
        if spec:
            return Address(name, spec)
        if _looks_like(name):
            return Address("", name)
        rest = clean(angle.decode("utf-8", "replace"))
        shown = " ".join(filter(None, (name, f"<{rest}>" if rest else "")))
        return Address(shown, "") if shown else None
    text = clean(before.decode("utf-8", "replace")) if before.isascii() else clean(decode_words(before, hints))
    match = _QUOTED_SPEC.search(text) or _SPEC.search(text)
    if match and ")" in text and text.count("@") > 1:
        return Address(text, "")
    if match:
        around = (text[: match.start()] + " " + text[match.end() :]).strip(" \"'")
        return Address(_name(remark, hints) or clean(around), match[0])
    name = _name(before, hints)
    inside = _SPEC.fullmatch(name)
    if inside:
        return Address(_name(remark, hints), inside[0])
    name = name or _name(remark, hints)
    return Address(name, "") if name else None


def _looks_like(text: str) -> bool:
    return _SPEC.fullmatch(text) is not None


def _spec(angle: bytes, hints: tuple[str, ...]) -> str:
    """Return the address in angle brackets: routes, blanks, `mailto:` and stray quotes taken off."""
    text = clean(decode_words(angle, hints)).strip()
    if text.lower().startswith("mailto:"):
        text = text[7:]
    if text.startswith("@") and ":" in text:
        text = text.partition(":")[2]
    if _QUOTED_SPEC.fullmatch(text):
        return text
    text = re.sub(r"\([^()]*\)", "", text).replace(" ", "").strip("\"'")
    if _SPEC.fullmatch(text):
        return text
    found = _SPEC.search(text)
    return found[0] if found and text.count("@") == 1 else ""


def _name(raw: bytes, hints: tuple[str, ...]) -> str:
    """Return a display name: quotes undone, encoded words decoded."""
    if not raw:
        return ""
    raw = raw[:NAME_LIMIT]
    raw = re.sub(rb'"((?:[^"\\]|\\.){0,500})"', lambda m: re.sub(rb"\\(.)", rb"\1", m[1], flags=re.S), raw, flags=re.S)
    name = clean(decode_words(raw, hints))
    if len(name) > 1 and name[0] == name[-1] and name[0] in "\"'":
        name = name[1:-1].strip()
    return name
