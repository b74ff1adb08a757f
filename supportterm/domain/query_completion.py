"""What could be typed next in a query."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from supportterm.domain.query_fields import FIELDS, SORTS, UNITS, parse_duration

_LIMITS = ("10", "20", "50", "100")


def complete(text: str, cursor: int, known: Mapping[str, Sequence[str]] | None = None) -> list[str]:
    """Suggest what the word before the cursor could become, best first.

    Each suggestion replaces that whole word, its `-` included. `known` adds
    values only the store knows, by field: tags, assignees.
    """
    word = _word_before(text[: max(0, cursor)])
    sign = "-" if word.startswith("-") else ""
    bare = word.removeprefix("-")
    match = re.fullmatch(r"([a-zA-Z]+)(<=|>=|[:<>])(.*)", bare)
    if match is None:
        if not re.fullmatch(r"[a-zA-Z]*", bare):
            return []
        names = FIELDS if sign else [*FIELDS, "sort", "limit"]
        return [
            f"{sign}{name}{FIELDS[name].usual if name in FIELDS else ':'}"
            for name in names
            if name.startswith(bare.lower())
        ]
    name, operator, typed = match[1].lower(), match[2], match[3].lower()
    before, comma, typed = typed.rpartition(",") if operator == ":" else ("", "", typed)
    given = before.split(",")
    values = (value for value in _values(name, typed, known or {}) if value != typed and value not in given)
    return [
        f"{sign}{name}{operator}{before}{comma}{value}"
        for value in values
        if operator != ":" or parse_duration(value) is None
    ]


def finished(text: str, known: Mapping[str, Sequence[str]] | None = None) -> str:
    """Return a query as far as it is written out: without a last word that may yet become a field or a known value."""
    word = _word_before(text)
    return text[: len(text) - len(word)].rstrip() if word and complete(text, len(text), known) else text


def _word_before(text: str) -> str:
    """Return the unfinished word at the end; empty inside a phrase."""
    if text.count('"') % 2:
        return '"'
    return re.split(r"[\s()]", text)[-1]


def _values(name: str, typed: str, known: Mapping[str, Sequence[str]]) -> list[str]:
    if name == "sort":
        return [f"{order}{field}" for order in ("", "-") for field in SORTS if f"{order}{field}".startswith(typed)]
    if name == "limit":
        return [number for number in _LIMITS if number.startswith(typed)]
    if name not in FIELDS:
        return []
    values = [*FIELDS[name].suggestions, *known.get(name, ())]
    if FIELDS[name].compares and re.fullmatch(r"[+-]?\d{1,5}", typed):
        values += [typed + unit for unit in UNITS]
    found = (f'"{value}"' if re.search(r"\s", value) else value for value in values if value.lower().startswith(typed))
    return list(dict.fromkeys(found))
