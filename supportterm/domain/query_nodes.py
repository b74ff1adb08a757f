"""What a query is once it is read: terms that know their place in the line, and the mistake that points at one."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from supportterm.domain.errors import SupporttermError
from supportterm.domain.query_fields import Operator, Value


class QueryError(SupporttermError):
    """A query that cannot be read; `start` and `end` are code-point offsets of the word it is about."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.text = ""
        """The whole query, where `parse` read it."""

    def pointed(self, room: int = 76) -> str:
        """Return the query on one line of so many columns and a line below it that marks the word."""
        if not self.text:
            return ""
        flat = "".join(" " if not letter.isprintable() else letter for letter in self.text)
        first = max(0, min(self.start - room // 4, len(flat) - room)) if _columns(flat) > room else 0
        before, word = flat[first : self.start], flat[self.start : self.end]
        marks = "^" * max(1, min(_columns(word), room - _columns(before)))
        shown = flat[first:]
        while _columns(shown) > room:
            shown = shown[:-1]
        return f"  {shown}\n  {' ' * _columns(before)}{marks}"


@dataclass(frozen=True, slots=True)
class Words:
    """A free word, or a phrase that must stand as written; `partial` lets a longer word match."""

    text: str
    partial: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Test:
    """One field compared with one value."""

    __test__ = False

    field: str
    operator: Operator
    value: Value
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Not:
    """Everything the term does not name."""

    term: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class All:
    """What every term names."""

    terms: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Either:
    """What at least one term names."""

    terms: tuple[Node, ...]
    start: int
    end: int


Node = Words | Test | Not | All | Either


@dataclass(frozen=True, slots=True)
class Sort:
    """An order: the field, and whether its far end comes first."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A query as read: no `root` names every ticket, no `sort` means the queue's own order."""

    root: Node | None = None
    sort: tuple[Sort, ...] = ()
    limit: int | None = None


def _columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(unicodedata.category(letter) in ("Mn", "Me", "Cf") for letter in text)
