"""What a text asks: its sentences that end in a question mark, or in the particle that asks in Japanese."""

from __future__ import annotations

import re

MOST = 6
LONGEST = 300

_SENTENCE_END = re.compile(r"(?<=[.!?…؟])[\"'»”)\]]*\s+|(?<=[。！？])[」』）]*\s*|\n")
_ASKS = re.compile(r"[?？؟][\"'»”)\]」』）!！?？\s]*$|(?:ます|です|でしょう|ません|した)か[。．]?$")
_MARK = re.compile(r"^(?:[-*•·–—>]+|\(?\d{1,2}[.)])\s*")
_LETTER = re.compile(r"[^\W\d_]")


def questions(text: str, most: int = MOST) -> list[str]:
    """Return the questions of a text in its order, each once, on one line; lists lose their marks."""
    found: dict[str, None] = {}
    for paragraph in re.split(r"\n\s*\n", text):
        for sentence in _SENTENCE_END.split(_unwrapped(paragraph)):
            line = _MARK.sub("", " ".join(sentence.split()))
            if len(line) <= LONGEST and _ASKS.search(line) and _LETTER.search(line):
                found.setdefault(line)
                if len(found) == most:
                    return list(found)
    return list(found)


def _unwrapped(paragraph: str) -> str:
    """Join lines that a mail program broke: those that follow a long one and begin no list."""
    lines: list[str] = []
    for line in paragraph.split("\n"):
        if lines and len(lines[-1].rsplit("\n", 1)[-1]) > 50 and not _MARK.match(line.strip()):
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(line.strip())
    return "\n".join(lines)


_LONGEST = 300
"""Code points of a question that are kept: its end, where it asks."""
_PARAGRAPH = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*•]|\d{1,2}[.)])\s)")
_END = re.compile(r"(?:[.!?]+(?=[\s\"'”»)\]]|$)|[。！？؟])")
_ASKING = frozenset("?？؟")
_BEFORE = re.compile(r"[\s\"'“”«»()\[\]¿>•*-]*(?:\d{1,2}[.)]\s+)?")


def asked(text: str, most: int = 8) -> list[str]:
    """Return the sentences of a text that ask, each once, as single lines.

    A question mark inside an address (`?page=2`) ends no sentence.
    """
    found: dict[str, None] = {}
    for paragraph in _PARAGRAPH.split(text[:20_000]):
        line = " ".join(paragraph.split())
        start = 0
        for end in _END.finditer(line):
            sentence = line[start : end.end()]
            start = end.end()
            if not _ASKING.isdisjoint(end[0]):
                question = _BEFORE.sub("", sentence[-_LONGEST:], count=1)
                if any(character.isalpha() for character in question):
                    found[question] = None
    return list(found)[:most]
