"""Where a mail ends: below what its author says, above a quote that follows it; there the signature stands, once."""

from __future__ import annotations

import re

DELIMITER = "-- "
"""The line above a signature (RFC 3676, 4.3)."""

_BEGINS = re.compile(r"--[ \t]?")
_QUOTED = re.compile(r"[ \t]*[>＞]")
_INTRODUCES = re.compile(r".*[:：]\s*")
_FORWARDED = re.compile(r"-{5,}\s*\S.*?\s*-{5,}")


def end_of_words(text: str) -> int:
    """Return where its author's own words end: before the signature's delimiter, a trailing quote, a forwarded mail."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    last = len(lines)
    for number, line in enumerate(lines):
        if _FORWARDED.fullmatch(line.strip()) or (_BEGINS.fullmatch(line) and number):
            last = number
            break
    last = _above_quote(lines, last)
    return len(text[: starts[last]].rstrip()) if last < len(lines) else len(text.rstrip())


def signed(text: str, signature: str) -> str:
    """Return a mail's text with the signature below its words; as it was where it holds one already, or there is none.

    `signature` is its lines without the delimiter.
    """
    lines = signature.strip("\n").rstrip()
    if not lines.strip() or holds(text, lines):
        return text
    end = end_of_words(text)
    own, rest = text[:end].rstrip(), text[end:].strip("\n")
    block = f"{DELIMITER}\n{lines}"
    return "\n\n".join(part for part in (own, block, rest) if part)


def holds(text: str, signature: str) -> bool:
    """Tell whether a text is signed: by a delimiter of its own outside quotes, or by these very lines."""
    lines = text.split("\n")
    if any(_BEGINS.fullmatch(line) for line in lines[1:]):
        return True
    wanted = [_plain(line) for line in signature.split("\n") if line.strip()]
    own = [plain for line in lines if not _QUOTED.match(line) and (plain := _plain(line))]
    count = len(wanted)
    return bool(wanted) and any(own[at : at + count] == wanted for at in range(len(own) - count + 1))


def _above_quote(lines: list[str], last: int) -> int:
    """Return the first line of the quote that the lines before `last` end with, its introduction too."""
    place = last
    while place and not lines[place - 1].strip():
        place -= 1
    if not place or not _QUOTED.match(lines[place - 1]):
        return last
    while place and (_QUOTED.match(lines[place - 1]) or not lines[place - 1].strip()):
        place -= 1
    if not place:
        return last
    return place - 1 if _INTRODUCES.fullmatch(lines[place - 1]) else place


def _plain(line: str) -> str:
    return " ".join(line.split()).casefold()
