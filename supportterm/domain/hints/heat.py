"""Smiles drawn with signs, which no word list finds: emoji, `:-)`, `)))`, `(笑)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from supportterm.domain.hints.subject import Finding, Subject

_SAD = "😐-😒😓-😖😞-😡😢-😫😭-😱😳😵😶🙁🙍🙎🙏🤒🤕🥀🥺💔☹"
"""Faces that suffer with the customer, and folded hands: no joke."""
_SMILE = re.compile(
    rf"[ \t]*(?![{_SAD}\U0001f4c0-\U0001f4ff\U0001f500-\U0001f53d\U0001f680-\U0001f6ff])"
    r"[\U0001f300-\U0001f64f\U0001f900-\U0001f9ff\U0001fa70-\U0001faff☺☻♥❤]\ufe0f?"
    r"|[:;=][-'^oо]?[)D]+(?!\w)|(?<!\S)(?:[:;]-?[pP]|[xX]D+)(?!\w)|\^[_.]?\^"
    r"|[(（]笑[)）]|(?<=[^\W\d_])(?:笑|[wｗ]{2,})(?=[。！!\s]|$)|(?<=[。！!])[wｗ]+(?=\s|$)"
)
_BRACKETS = re.compile(r"\){2,}|\)")


def smiles(subject: Subject) -> Iterator[Finding]:
    """Find smiles in an answer to an upset customer; deleting them is suggested."""
    if not subject.reply.customer.strip():
        return
    found = [match.span() for match in _SMILE.finditer(subject.text)]
    found += _unopened(subject.text, fewest=1 if subject.reply.lang == "ru" else 2)
    if found and subject.upset:
        for start, end in found:
            yield Finding(start, end, suggestion="")


def _unopened(text: str, fewest: int) -> Iterator[tuple[int, int]]:
    """Yield closing brackets after a word that close nothing: the smile of Russian mails."""
    for match in _BRACKETS.finditer(text):
        start, end = match.span()
        line = text.rfind("\n", 0, start) + 1
        opened = text.count("(", line, start) - text.count(")", line, start)
        numbers_a_line = not text[line:start].strip(" \t") or len(text[line:start].strip(" \t")) <= 2
        if end - start >= fewest and opened <= 0 and not numbers_a_line and text[start - 1] not in ":;=-":
            yield start, end
