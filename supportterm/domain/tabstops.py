r"""Reads a snippet's body: VS Code's tab stops and `{{…}}` placeholders.

`$1`, `${1:default}`, `${1|a,b|}`, `$0` where the cursor ends, nested where
wanted; `\$` is a plain dollar sign. A default in square brackets,
`${1:[what happened]}`, asks for a text of the agent's own. Blanks are read
before any value goes in, and what goes in is never read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from supportterm.domain.blanks import EMPTY, Blank, Expansion, MacroError, Span

_DEPTH = 8
_NUMBERS = 100
_PIECES = 2000
_LENGTH = 1_000_000
_STOP = re.compile(r"\$(?:(\d{1,9})|\{(\d{1,9})([:|}]))")
_PLAIN = re.compile(r"[^\\${}]+")
_CHOICES = re.compile(r"((?:\\.|[^|\\\n])*)\|\}")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A `{{…}}`: what stands between the braces, and its place in the body."""

    source: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Stop:
    number: int
    start: int
    end: int
    inner: tuple[_Piece, ...] = ()
    choices: tuple[str, ...] = ()


_Piece = str | Placeholder | _Stop


def blanks(body: str) -> tuple[Blank, ...]:
    """Return the blanks of a snippet's body, spans over the body itself.

    Raises:
        MacroError: the syntax is broken; the line counts within the body.
    """
    places: dict[int, list[Span]] = {}
    for piece in _walk(_Reader(body).pieces()):
        if isinstance(piece, _Stop):
            places.setdefault(piece.number, []).append((piece.start, piece.end))
    flat = expand(body, lambda source: f"{{{{{source}}}}}")
    return tuple(replace(blank, spans=tuple(places[blank.number])) for blank in flat.blanks)


def placeholders(body: str) -> tuple[Placeholder, ...]:
    """Return the placeholders of a snippet's body in order. Raises `MacroError` like `blanks`."""
    return tuple(piece for piece in _walk(_Reader(body).pieces()) if isinstance(piece, Placeholder))


def within_blanks(body: str) -> tuple[Placeholder, ...]:
    """Return the placeholders that stand inside a blank. Raises `MacroError` like `blanks`."""
    stops = (piece for piece in _Reader(body).pieces() if isinstance(piece, _Stop))
    return tuple(piece for stop in stops for piece in _walk(stop.inner) if isinstance(piece, Placeholder))


def renumbered(body: str, by: int) -> str:
    """Return a body with its blanks' numbers raised, to stand within another; its `$0` goes.

    Raises:
        MacroError: the syntax is broken, or a number becomes too high.
    """
    edits: list[tuple[int, int, str]] = []
    for piece in _walk(_Reader(body).pieces()):
        if not isinstance(piece, _Stop):
            continue
        match = _STOP.match(body, piece.start)
        assert match is not None  # noqa: S101 the reader found it there by this very pattern
        if piece.number + by >= _NUMBERS:
            raise MacroError(f"with the snippets within it, it has more than {_NUMBERS - 1} blanks. Simplify it.")
        if piece.number or piece.choices:
            group = 1 if match[1] else 2
            edits.append((match.start(group), match.end(group), str(piece.number + by)))
        else:
            edits.append((piece.start, match.end() if piece.inner else piece.end, ""))
            edits += [(piece.end - 1, piece.end, "")] if piece.inner else []
    for start, end, text in sorted(edits, reverse=True):
        body = body[:start] + text + body[end:]
    return body


def expand(body: str, resolve: Callable[[str], str | None]) -> Expansion:
    """Put values into a body.

    `resolve` is given what stands in a placeholder and returns its text, or
    None where there is none: that becomes a blank of its own.

    Raises:
        MacroError: the syntax is broken.
    """
    return _Writer(_Reader(body).pieces(), resolve).expansion()


def _walk(pieces: Iterable[_Piece]) -> Iterable[_Piece]:
    for piece in pieces:
        yield piece
        if isinstance(piece, _Stop):
            yield from _walk(piece.inner)


class _Reader:
    """Reads a body into pieces, left to right, once."""

    def __init__(self, body: str) -> None:
        self._body = body
        self._at = 0

    def pieces(self, depth: int = 0) -> tuple[_Piece, ...]:
        """Read to the end, or within a blank to the brace that closes it."""
        found: list[_Piece] = []
        while self._at < len(self._body) and not (depth and self._body[self._at] == "}"):
            found.append(self._piece(depth))
        return tuple(found)

    def _piece(self, depth: int) -> _Piece:
        body, start = self._body, self._at
        if plain := _PLAIN.match(body, start):
            self._at = plain.end()
            return plain[0]
        if body[start] == "\\" and body[start + 1 : start + 2] in ("\\", "$", "{", "}"):
            self._at += 2
            return body[start + 1]
        if body.startswith("{{", start):
            return self._placeholder()
        if body.startswith("{%", start):
            raise self._error("only `{{…}}` placeholders work here, not `{%…%}` tags.", start)
        if match := _STOP.match(body, start):
            return self._stop(match, depth)
        if body.startswith("${", start):
            raise self._error("a blank has a number, like ${1:text}; write \\$ for a plain dollar sign.", start)
        self._at += 1
        return body[start]

    def _placeholder(self) -> Placeholder:
        start = self._at
        end = self._body.find("}}", start)
        if end < 0:
            raise self._error("this `{{` is not closed. Add `}}`.", start)
        self._at = end + 2
        return Placeholder(self._body[start + 2 : end].strip(), start, self._at)

    def _stop(self, match: re.Match[str], depth: int) -> _Stop:
        start, number, opened = match.start(), int(match[1] or match[2]), match[3]
        if number >= _NUMBERS:
            raise self._error(f"`{match[0]}` would be a blank; write \\{match[0]} for an amount of money.", start)
        if depth >= _DEPTH:
            raise self._error(f"blanks nest deeper than {_DEPTH}. Simplify them.", start)
        self._at = match.end()
        if opened == "|":
            return _Stop(number, start, self._at, choices=self._choices(start))
        inner = self.pieces(depth + 1) if opened == ":" else ()
        if opened == ":":
            if self._at >= len(self._body):
                raise self._error("this blank is not closed. Add `}`.", start)
            self._at += 1
        return _Stop(number, start, self._at, inner)

    def _choices(self, start: int) -> tuple[str, ...]:
        match = _CHOICES.match(self._body, self._at)
        if match is None:
            raise self._error("these choices are not closed. Add `|}`.", start)
        self._at = match.end()
        raw = re.split(r"(?<!\\),", match[1])
        choices = tuple(re.sub(r"\\([\\,|$}])", r"\1", choice).strip() for choice in raw)
        if not all(choices):
            raise self._error("a choice is empty. Write ${1|one,other|}.", start)
        if any("{{" in choice for choice in choices):
            raise self._error("a choice is plain text; put the placeholder outside.", start)
        return choices

    def _error(self, problem: str, at: int) -> MacroError:
        return MacroError(problem, line=self._body.count("\n", 0, at) + 1)


class _Writer:
    """Writes pieces as text and notes where each blank came to stand."""

    def __init__(self, pieces: tuple[_Piece, ...], resolve: Callable[[str], str | None]) -> None:
        self._resolve = resolve
        self._parts: list[str] = []
        self._length = 0
        self._written = 0
        self._found: dict[int, Blank] = {}
        self._missing: dict[str, int] = {}
        stops = [piece for piece in _walk(pieces) if isinstance(piece, _Stop)]
        self._highest = max((stop.number for stop in stops), default=0)
        self._origin = {stop.number: stop for stop in reversed(stops) if stop.inner or stop.choices}
        self._write(pieces, frozenset())

    def expansion(self) -> Expansion:
        order = sorted(self._found.values(), key=lambda blank: (blank.number == 0, blank.number))
        return Expansion("".join(self._parts), tuple(order))

    def _write(self, pieces: Iterable[_Piece], inside: frozenset[int]) -> None:
        for piece in pieces:
            self._written += 1
            if self._written > _PIECES or self._length > _LENGTH:
                raise MacroError("its blanks repeat each other too often. Simplify them.")
            if isinstance(piece, str):
                self._put(piece)
            elif isinstance(piece, _Stop):
                self._stop(piece.number, inside)
            elif (value := self._resolve(piece.source)) is not None:
                self._put(value)
            else:
                self._gap(piece.source, inside)

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _stop(self, number: int, inside: frozenset[int]) -> None:
        if number in inside:
            raise MacroError(f"blank {number} stands within itself. Give the inner one another number.")
        origin, start, first = self._origin.get(number), self._length, len(self._parts)
        choices = origin.choices if origin else ()
        if choices:
            self._put(choices[0])
        elif origin:
            self._write(origin.inner, inside | {number})
        default = "".join(self._parts[first:])
        if not default and number:
            self._put(EMPTY)
        self._note(Blank(number, ((start, self._length),), default, choices, "", inside))

    def _gap(self, source: str, inside: frozenset[int]) -> None:
        if source not in self._missing:
            self._highest += 1
            self._missing[source] = self._highest
        blank = Blank(self._missing[source], (), label=source, inside=inside)
        start = self._length
        self._put(blank.shown)
        self._note(replace(blank, spans=((start, self._length),)))

    def _note(self, blank: Blank) -> None:
        before = self._found.get(blank.number)
        if before is not None:
            blank = replace(blank, spans=before.spans + blank.spans, inside=before.inside | blank.inside)
        self._found[blank.number] = blank
