"""The questions in a text: the sentences that end in a question mark."""

from __future__ import annotations

import re

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
