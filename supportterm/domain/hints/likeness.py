"""How alike two texts are: a reply and its snippet, a reply and one sent before."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_TOKEN = re.compile(r"[぀-ヿ㐀-鿿]|[^\W_]+")
_BLANK = re.compile(r"\{\{[^{}]{0,200}\}\}|\$\{[^{}]{0,200}\}|\$\d\b|\{[^{}\n]{1,40}\}|\[[^\[\]\n]{1,40}\]")
_PIECE = re.compile(r"[^\n.!?。！？]*\w[^\n.!?。！？]*[.!?。！？]*")
_GREETING_WORDS = 4
_OWN_WORDS = 3
SAME, ALIKE = 0.95, 0.9
_COMPARED = 400
"""Words compared of each text; the time grows with their square."""


def is_unchanged(text: str, macro: str, name: str | None) -> bool:
    """Tell whether a text is the snippet, but for the name, the blanks and a word here or there."""
    mine, theirs = words(text, name), words(_BLANK.sub(" ", macro), name)
    if not mine or ratio(mine, theirs) < SAME:
        return False
    known = set(theirs)
    for piece in _PIECE.findall(text):
        own = words(piece, name)
        if len(own) >= _OWN_WORDS and sum(word not in known for word in own) > len(own) / 2:
            return False
    return True


def words(text: str, name: str | None) -> list[str]:
    """Return a text's words for comparing, without the customer's name and the name in a greeting's line."""
    names = set(_TOKEN.findall((name or "").lower()))
    lines = text.strip().lower().split("\n")
    first = _TOKEN.findall(lines[0])
    if len(lines) > 1 and len(first) <= _GREETING_WORDS:
        lines[0] = first[0] if first else ""
    return [word for word in _TOKEN.findall("\n".join(lines)) if word not in names]


def ratio(one: list[str], other: list[str]) -> float:
    """Return how alike two lists of words are, 0 to 1."""
    if abs(len(one) - len(other)) > (1 - ALIKE) * 2 * max(len(one), len(other)):
        return 0.0
    matcher = SequenceMatcher(None, one[:_COMPARED], other[:_COMPARED], autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()
