"""What of a mail is folded away: how much of it is quoted, and whether a signature is among it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from supportterm.domain.message import Message

LINES = 300
"""Lines of one message that are shown unasked."""
CHARACTERS = 60_000
"""Characters of one message that are shown unasked."""

_LOOKED_AT = 5_000
_QUOTE = re.compile(r"\s{0,8}(?:[>＞»|]|[A-Za-z]{1,3}>)")
_DELIMITER = re.compile(r"\s{0,3}(?:--|—|–|__)\s*$")
_HEADER = re.compile(r"\s{0,3}[*_]?[^\W\d_][\w .-]{1,20}[*_]?\s?[:：]\s?\S")
_FOOTER = 12
"""Lines below which the rest of a mail without quotes counts as its signature."""


@dataclass(frozen=True, slots=True)
class Folded:
    """Lines that are not shown at first, by what they are."""

    quoted: int = 0
    signature: int = 0
    more: int = 0
    """Lines of what was written that are too many to show unasked."""

    def __bool__(self) -> bool:
        return bool(self.quoted or self.signature or self.more)

    def in_words(self) -> list[str]:
        """Say what is folded: `14 quoted lines`, `signature`."""
        words = []
        if self.more:
            words.append(f"{self.more:,} more line{'s' * (self.more > 1)}")
        if self.quoted:
            words.append(f"{self.quoted:,} quoted line{'s' * (self.quoted > 1)}")
        return words + ["signature"] * bool(self.signature)


def visible(text: str) -> tuple[str, int]:
    """Return as much of what was written as is shown unasked, and how many lines are left out."""
    cut = text[:CHARACTERS]
    lines = cut.split("\n", LINES)
    shown = "\n".join(lines[:LINES])
    if len(shown) == len(text):
        return text, 0
    return shown, text.count("\n", len(shown)) or 1


def folded(message: Message) -> Folded:
    """Tell what of a message its first view leaves out."""
    new = message.reply_text or message.text
    _, more = visible(new)
    if new.strip() == message.text.strip():
        return Folded(more=more)
    rest = _rest(message.text, new)
    quoted, signature, others = 0, 0, []
    in_signature = False
    for line in rest:
        if _QUOTE.match(line):
            quoted, in_signature = quoted + 1, False
        elif _DELIMITER.match(line):
            in_signature = True
        elif in_signature:
            signature += 1
        else:
            others.append(line)
    if quoted or len(others) > _FOOTER or sum(bool(_HEADER.match(line)) for line in others) > 1:
        quoted += len(others)
    else:
        signature += len(others)
    return Folded(quoted, signature, more) if quoted or signature else Folded(quoted=len(rest), more=more)


def _rest(text: str, new: str) -> list[str]:
    """Return the filled lines of a text that are not among the new ones."""
    kept = [line.strip() for line in new.split("\n", _LOOKED_AT) if line.strip()]
    lines = text.split("\n")
    found, place = [line[:400] for line in lines[_LOOKED_AT:] if line.strip()], 0
    rest = []
    for line in lines[:_LOOKED_AT]:
        bare = line.strip()
        if not bare:
            continue
        if place < len(kept) and bare == kept[place]:
            place += 1
        else:
            rest.append(line[:400])
    return rest if place < len(kept) else rest + found
