"""What a text asks: its sentences that end in a question mark, or in the particle that asks in Japanese."""

from __future__ import annotations

import re

MOST = 6
LONGEST = 300

_SENTENCE_END = re.compile(r"(?<=[.!?…؟])[\"'»”)\]]*\s+|(?<=[。！？])[」』）]*\s*|\n")
_ASKS = re.compile(r"[?？؟][\"'»”)\]」』）!！?？\s]*$|(?:ます|です|でしょう|ません|した)か[。．]?$")
_MARK = re.compile(r"^(?:[-*•·–—>]+|\(?\d{1,2}[.)])\s*")
_OPENING = re.compile(r"^[\"'“„«(\[¿]+")
_CLOSING = "\"'”»)]"
_LETTER = re.compile(r"[^\W\d_]")


def questions(text: str, most: int = MOST) -> list[str]:
    """Return the questions of a text in its order, each once, on one line; lists lose their marks."""
    found: dict[str, None] = {}
    for paragraph in re.split(r"\n\s*\n", text):
        for sentence in _SENTENCE_END.split(_unwrapped(paragraph)):
            line = _OPENING.sub("", _MARK.sub("", " ".join(sentence.split()))).rstrip(_CLOSING)
            if len(line) <= LONGEST and _ASKS.search(line) and _LETTER.search(line):
                found.setdefault(line)
                if len(found) == most:
                    return list(found)
    return list(found)


def _unwrapped(paragraph: str) -> str:
    """Join lines that a mail program broke: those that begin small or follow a long one, and begin no list."""
    lines: list[str] = []
    before = ""
    for line in map(str.strip, paragraph.split("\n")):
        if lines and (len(before) > 50 or line[:1].islower()) and not _MARK.match(line):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
        before = line
    return "\n".join(lines)
