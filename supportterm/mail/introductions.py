"""Lines that introduce a quote: "On <date>, <name> wrote:", in any language and wrapped anywhere."""

from __future__ import annotations

import re

from supportterm.mail.lines import DATE, LOOK, TIME, Kind, begins_dated
from supportterm.mail.markers import lowered, markers

INTRODUCTION_LINES = 7

_EDGES = " *_-\t"
_ADDRESS = re.compile(r"[\w.+\-]{1,64}@[\w.\-]{2,100}")
_BRACKET = re.compile(r"\s*>[^>]{0,30}[:：]?\s*$")
"""The rest of a wrapped introduction that begins with its address's closing bracket."""
_ZONED = re.compile(r"\b(?:GMT|UTC)[+-]\d{1,2}(?::?\d{2})?\b")


def name_introductions(lines: list[str], kinds: list[Kind]) -> None:
    """Name the lines above quotes; nearly all end in a colon, so that lines far from one need no look."""
    colons = [number for number, line in enumerate(lines) if line.rstrip(_EDGES).endswith((":", "："))]
    number = passed = 0
    while number < len(lines):
        while passed < len(colons) and colons[passed] < number:
            passed += 1
        near = passed < len(colons) and colons[passed] - number < INTRODUCTION_LINES
        if kinds[number] is Kind.TEXT and (near or begins_dated(lines[number].strip(_EDGES))):
            last = _introduction(lines, kinds, number)
            if last is not None:
                if _is_name_above(lines, kinds, number):
                    number -= 1
                for inside in range(number, last + 1):
                    kinds[inside] = Kind.INTRO
                number = last
        number += 1


def _introduction(lines: list[str], kinds: list[Kind], start: int) -> int | None:
    """Return the last line of the introduction that begins here."""
    first = lines[start].strip(_EDGES)
    dated = begins_dated(first)
    if not dated and "@" not in first and not markers().wrote.within(lowered(first)):
        return None
    joined = ""
    gaps = 0
    for last in range(start, min(start + INTRODUCTION_LINES, len(lines))):
        line = lines[last].strip(_EDGES)
        if kinds[last] is Kind.EMPTY:
            gaps += 1
            if gaps > 2 or not dated:
                break
            continue
        if kinds[last] is Kind.QUOTE and not (joined.count("<") > joined.count(">") and _BRACKET.match(lines[last])):
            break
        if last > start and not gaps and begins_dated(line) and "@" in line:
            return None
        joined = f"{joined} {line}".strip()
        if len(joined) > LOOK or (gaps and len(line) > 60):
            break
        if is_introduction(joined, dated, _quote_follows(kinds, last), single=last == start):
            return last
    return None


def _is_name_above(lines: list[str], kinds: list[Kind], start: int) -> bool:
    """Tell a name that a mailer's wrapping left on a line of its own, above the address in brackets."""
    if start == 0 or kinds[start - 1] is not Kind.TEXT or not lines[start].lstrip().startswith("<"):
        return False
    return len(lines[start - 1]) <= 78 and (start == 1 or kinds[start - 2] is Kind.EMPTY)


def _quote_follows(kinds: list[Kind], last: int) -> bool:
    after = last + 1
    while after < len(kinds) and kinds[after] is Kind.EMPTY and after - last < 7:
        after += 1
    return after < len(kinds) and kinds[after] is Kind.QUOTE


def is_introduction(text: str, dated: bool, quote_follows: bool, *, single: bool) -> bool:
    """Tell whether a line, its wrapping undone, introduces a quote.

    Args:
        text: the line.
        dated: a date or a time stands in its first words.
        quote_follows: the next line with text is a quote; without one more must speak for it.
        single: the line was not wrapped.
    """
    colon = text.endswith((":", "："))
    verb = markers().wrote.within(lowered(text))
    address = "@" in text and _ADDRESS.search(text) is not None
    clock = TIME.search(text) is not None
    moment = clock or DATE.search(text) is not None
    if colon and len(text) < 300:
        if address and (verb or moment):
            return True
        if verb and dated and clock:
            return True
        if quote_follows:
            return moment or address or (verb and single)
    if verb and moment and quote_follows:
        return True
    if dated and moment:
        if single and _ZONED.search(text) and clock and not text.endswith((".", "!", "?")):
            return len(text) < 120
        stamp = re.match(r"\d[\d/.\- :年月日]{7,}", text)
        return stamp is not None and address and text.endswith(">") and text.count("<") == 1
    return False
