"""What of a reply its author says now: the rest is blanked, offsets stay."""

from __future__ import annotations

import re

_FENCE = re.compile(r"^[ \t]*(```|~~~)[^\n]*\n(?:[^\n]*\n)*?[ \t]*\1[ \t]*$", re.MULTILINE)
_CODE = re.compile(r"`[^`\n]{1,2000}`")
_BLOCK = re.compile(r"(?:(?<=\n\n)|\A)(?:(?: {4}|\t)[^\n]*(?:\n|\Z)(?:[ \t]*\n(?=(?: {4}|\t)))?)+")
_QUOTED_LINE = re.compile(r"^[ \t]*[>＞][^\n]*$", re.MULTILINE)
_URL = re.compile(
    r"\b(?:https?|ftp|mailto|tel)://?[^\s<>\"'»”）」]{1,2000}|\bwww\.[^\s<>\"'»”）」]{1,500}", re.IGNORECASE
)
_SIGNATURE = re.compile(r"^--[ \t]?\r?$", re.MULTILINE)
_QUOTATIONS = re.compile(
    r"\"[^\"\n]{1,300}\"|“[^”\n]{1,300}”|„[^“”\n]{1,300}[“”]|«[^»\n]{1,300}»|「[^」\n]{1,200}」|『[^』\n]{1,200}』"
    r"|‘[^’\n]{1,120}’(?!\w)|(?<!\w)'[^'\n]{1,120}'(?!\w)"
)
_BLANKED = re.compile(r"[^\n]")


def masked(text: str, *, addresses: bool = True) -> str:
    """Return the text as long as before, with blanks for quoted lines, code, addresses of pages and the signature."""
    if "\r" in text:
        text = text.replace("\r", " ")
    for pattern in (_FENCE, _CODE, _BLOCK, _QUOTED_LINE, *((_URL,) if addresses else ())):
        text = pattern.sub(_blank, text)
    signature = _SIGNATURE.search(text)
    if signature and text[: signature.start()].strip():
        text = text[: signature.start()] + _BLANKED.sub(" ", text[signature.start() :])
    return text


def without_quotations(text: str) -> str:
    """Return a masked text with blanks also for what stands in quotation marks: names, labels, error messages."""
    return _QUOTATIONS.sub(_blank, text)


def _blank(found: re.Match[str]) -> str:
    return _BLANKED.sub(" ", found.group())
