"""Separators and header blocks above a quoted or forwarded mail: From, Sent, To, Subject in any language and order."""

from __future__ import annotations

import re

from supportterm.mail.lines import DATE, RULE, TIME, Kind, next_filled
from supportterm.mail.markers import lowered, markers

_FRAMED = re.compile(r"[\s>*|]*[-_=~*#]{2,}\s*\S.{1,80}?\s*[-_=~*#]{2,}[\s*]*$|[\s*]*\S[^:]{3,60}[:：][\s*]*$")
_DASHES = re.compile(r"[-_=~*#\s:：<>]+")
_LABEL = re.compile(r"[\s|]*[*_]{0,2}([^\W\d_][\w'’. \-/]{0,24}?)[*_]{0,2}\s?[:：][*_]{0,2}\s*(.*)", re.S)


def name_header_blocks(lines: list[str], kinds: list[Kind]) -> None:
    """Name the lines of every separator and header block."""
    number = 0
    while number < len(lines):
        if kinds[number] in (Kind.TEXT, Kind.TAIL):
            end = _header_block(lines, kinds, number)
            if end is None and _is_separator(lines, kinds, number):
                end = number + 1
                following = next_filled(kinds, end)
                end = _header_block(lines, kinds, following, after_rule=True) or end
            if end is not None:
                for inside in range(number, end):
                    kinds[inside] = Kind.HEADER
                number = end
                continue
        number += 1


def _is_separator(lines: list[str], kinds: list[Kind], number: int) -> bool:
    """Tell "----- Original Message -----" in any known language, or a rule above a header block."""
    line = lines[number]
    if len(line) > 160:
        return False
    if RULE.match(line):
        return _header_block(lines, kinds, next_filled(kinds, number + 1), after_rule=True) is not None
    if not _FRAMED.match(line):
        return False
    words = lowered(_DASHES.sub(" ", line).strip())
    framed = re.search(r"[-_=~*#]{2,}\s*\S.*[-_=~*#]{2,}", line) is not None
    if framed and markers().separators.search(words):
        return True
    if markers().separators.fullmatch(words):
        return line.rstrip(" *").endswith((":", "："))
    return framed and _header_block(lines, kinds, next_filled(kinds, number + 1), after_rule=True) is not None


def _header_block(lines: list[str], kinds: list[Kind], start: int, *, after_rule: bool = False) -> int | None:
    """Return where the header block that begins here ends (From, Sent, To, Subject in any language and order)."""
    if start >= len(lines) or kinds[start] is not Kind.TEXT or not _LABEL.match(lines[start]):
        return None
    roles: set[str] = set()
    first_roles: frozenset[str] = frozenset()
    labels = strays = 0
    address = moment = False
    end = number = start
    known = markers().roles
    while number < len(lines) and number - start < 40:
        line = lines[number]
        if kinds[number] is Kind.EMPTY:
            if labels >= 3 or number + 1 >= len(lines) or not _is_known_label(lines[number + 1]):
                break
            number += 1
            continue
        match = _LABEL.match(line) if kinds[number] in (Kind.TEXT, Kind.INTRO) else None
        meant = known.get(lowered(match[1].strip()).replace("\xa0", " "), frozenset()) if match else frozenset()
        if match and (meant or after_rule or labels):
            if labels == 0:
                first_roles = meant
            roles |= meant
            labels += 1
            strays = 0
            end = number + 1
            address = address or "@" in match[2]
            moment = moment or DATE.search(match[2]) is not None or TIME.search(match[2]) is not None
        elif labels and strays < 3 and kinds[number] is Kind.TEXT:
            strays += 1
        else:
            break
        number += 1
    main = len(roles & {"sent", "to", "subject"})
    if labels >= 2 and (first_roles or after_rule):
        if "from" in roles and main >= 1 and (labels >= 3 or address or moment):
            return end
        if main >= 2 and address and moment:
            return end
    return end if after_rule and labels >= 3 and (address or moment) else None


def _is_known_label(line: str) -> bool:
    match = _LABEL.match(line)
    return match is not None and lowered(match[1].strip()) in markers().roles
