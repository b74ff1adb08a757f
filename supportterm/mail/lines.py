"""What a line of a mail's body is: the names the other rules work with."""

from __future__ import annotations

import re
from enum import Enum

from supportterm.mail.markers import lowered, markers

LOOK = 400
"""Code points of a line that are looked at."""

_QUOTE = re.compile(r"\s{0,8}(?:[>＞»]|&gt;)")
SIGNATURE = re.compile(r"\s{0,3}(?:--|—|–|__|ᐧ)\s*$")
RULE = re.compile(r"\s*([-_=~*+#—–─━＝＿ー―/])\1{4,}[\s-]*$")
"""A line of one repeated sign."""
DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d{2}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}"
    r"|\d{1,2}[-/. ]{1,2}\d{1,2}[-/. ]{1,2}(?:19|20)?\d{2}(?!\d)"
    r"|(?:19|20)\d{2}년?)(?!\d)"
    r"|(?<!\d)\d{1,2}\.?\s(?:de\s)?[^\W\d]{3,10}\.?,?\s(?:de\s)?(?:19|20)\d{2}"
    r"|[^\W\d]{3,10}\.?\s\d{1,2}(?:st|nd|rd|th)?,\s"
)
TIME = re.compile(r"\d{1,2}[:.h]\d{2}(?!\d)|\d{1,2}\s?[ap]\.?m\b|\d{1,2}[时時시]", re.I)
_DIGIT = re.compile(r"\d")
_ORNAMENTS = " \t*_()[]<>.\"“”'|-—"
_URL = re.compile(r"[<(\[]?(?:https?://|www\.|mailto:)\S+")


class Kind(Enum):
    """What a line is; the values spell the shape of a whole mail."""

    EMPTY = "e"
    TEXT = "t"
    QUOTE = "q"
    INTRO = "b"
    """A line that introduces a quote: "On <date>, <name> wrote:"."""
    HEADER = "h"
    """A separator or header block above a quoted mail."""
    TAIL = "s"
    """A signature's delimiter."""
    DEVICE = "d"


def simple_kind(line: str) -> Kind:
    """Name a line by itself."""
    bare = line.strip()
    if not bare:
        return Kind.EMPTY
    if bare[0] in ">＞»&" and _QUOTE.match(line):
        return Kind.QUOTE
    if len(bare) < 4 and SIGNATURE.match(line):
        return Kind.TAIL
    return Kind.DEVICE if len(bare) <= 200 and _is_device(bare) else Kind.TEXT


def _is_device(line: str) -> bool:
    """Tell a phone's advertisement from a sentence: short, no clause, a known opening or a product's name."""
    known = markers()
    low = lowered(line.strip(_ORNAMENTS))
    sure, begins, ends = (low.startswith(known.device_begins), *_beside(low))
    if not (sure or begins or ends):
        return False
    plain = _URL.sub("", low).strip(_ORNAMENTS)
    clause, comma, _ = plain.partition(", ")
    if not plain or len(plain) > 100 or len(clause.split()) > 11:
        return False
    if comma or not (sure or (begins and ends)):
        return known.products.within(clause)
    return True


def _beside(low: str) -> tuple[bool, bool]:
    beside = markers().device_beside
    return low.startswith(beside), low.endswith(beside)


def is_last_word(line: str) -> bool:
    """Tell "Sent from Something": no known product, yet a device's line where nothing follows it."""
    plain = line.strip(_ORNAMENTS)
    if len(plain) > 60 or "," in plain or len(plain.split()) > 4 or line.rstrip().endswith((".", "!", "?", ":")):
        return False
    low = lowered(plain)
    said = next((phrase for phrase in markers().device_beside if " " in phrase and low.startswith(phrase)), None)
    return said is not None and plain[len(said) :].strip()[:1].isupper()


def begins_dated(line: str) -> bool:
    """Tell a line with a date or a time in its first words."""
    head = line[:48]
    return _DIGIT.search(head) is not None and (DATE.search(head) or TIME.search(head)) is not None


def next_filled(kinds: list[Kind], number: int) -> int:
    """Return the next line that is not empty, or the end."""
    while number < len(kinds) and kinds[number] is Kind.EMPTY:
        number += 1
    return number
