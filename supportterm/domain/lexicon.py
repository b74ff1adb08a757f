"""Words by concept, looked up in a text token by token: time is linear in the text, whatever the lexicon's size."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Literal, NamedTuple

from supportterm.domain.needed import needed

Kind = Literal["words", "characters"]

_WORDS = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_PHRASE_WORDS = re.compile(r"[^\W_]*\*?(?:[^\W_]|\*)+(?:'(?:[^\W_]|\*)+)*")
_CHARACTERS = re.compile(r"[0-9a-z]+|\w")
_PRONOUN = len("there's")
"""Longer words before `'s` are nouns: `shop's` is also `shop`, `that's` is not `that`."""
_PARAGRAPHS = 400
"""Of so many paragraphs it is remembered what they hold: of a long reply, and of the mail it answers."""
_FOLD_ALL = {ord("’"): "'", ord("ʼ"): "'", ord("İ"): "i", ord("ё"): "е", ord("Ё"): "е", ord("\u3000"): " "} | {
    code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)
}
_FOLD_TURKISH = dict(zip(map(ord, "çğıöşüâîûÇĞIÖŞÜÂÎÛ"), "cgiosuaiucgiosuaiu", strict=True))


def fold(text: str, lang: str) -> str:
    """Return the text in the form words are compared in, code point for code point as long as the original.

    Lower case; full-width letters narrow; in Turkish without its diacritics,
    since many customers type without them.
    """
    table = _FOLD_ALL | _FOLD_TURKISH if lang == "tr" else _FOLD_ALL
    folded = text.translate(table)
    lower = folded.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in folded)


_RUNS = re.compile(r"[0-9a-z.,_+-]{200,}|(?<=\n)[ \t\n]{3,}")


def calmed(folded: str) -> str:
    """Return a folded text with blanks for endless runs, which cost patterns the square of their length."""
    return _RUNS.sub(lambda run: " " * len(run.group()), folded)


class Hit(NamedTuple):
    """A concept found: tokens `start` to `end` (exclusive)."""

    start: int
    end: int


class Lexicon:
    """Words and phrases by concept: `word`, `stem*`, `pre*post`, several words for a phrase."""

    def __init__(
        self, concepts: Mapping[str, Sequence[str]], patterns: Mapping[str, str], *, lang: str, kind: Kind
    ) -> None:
        self.lang = lang
        self.kind = kind
        self.names = frozenset(concepts) | frozenset(patterns) | {"question"}
        self._exact: dict[str, list[_Entry]] = {}
        self._stems: dict[str, list[_Entry]] = {}
        self._shapes: list[_Entry] = []
        compiled = [(name, re.compile(pattern)) for name, pattern in patterns.items()]
        self._patterns = [(name, pattern, needed(pattern)) for name, pattern in compiled]
        self._seen: dict[str, _Openings | None] = {}
        self._known: dict[tuple[bool, str], tuple[tuple[str, Hit], ...]] = {}
        for concept, phrases in concepts.items():
            for phrase in phrases:
                self._add(concept, fold(phrase, lang))

    def tokens(self, folded: str) -> list[re.Match[str]]:
        """Cut a folded text into what the lexicon's phrases are made of."""
        return list((_WORDS if self.kind == "words" else _CHARACTERS).finditer(folded))

    def _add(self, concept: str, phrase: str) -> None:
        parts = (_PHRASE_WORDS if self.kind == "words" else _CHARACTERS).findall(phrase)
        if not parts:
            raise ValueError(f"`{concept}` holds an empty phrase")
        plain = tuple(parts[1:]) if not any("*" in part for part in parts[1:]) else None
        entry = _Entry(concept, len(parts), tuple(_element(part) for part in parts[1:]), _element(parts[0]), plain)
        first = parts[0]
        if "*" not in first:
            self._exact.setdefault(first, []).append(entry)
        elif first.index("*") == len(first) - 1 > 0:
            self._stems.setdefault(first[:-1], []).append(entry)
        else:
            self._shapes.append(entry)

    def _starting_with(self, token: str) -> _Openings | None:
        """Return what a token begins, None for nothing; kept for the next time."""
        found = list(self._exact.get(token, ()))
        if token.endswith("'s") and len(token) > _PRONOUN:
            found += self._exact.get(token[:-2], ())
        for length in range(1, len(token) + 1):
            found += self._stems.get(token[:length], ())
        found += [entry for entry in self._shapes if entry.first(token)]
        openings = _Openings.of(found) if found else None
        if len(self._seen) < 50_000:
            self._seen[token] = openings
        return openings

    def hits(
        self, folded: str, tokens: Sequence[str], starts: Sequence[int], breaks: Sequence[int] = ()
    ) -> Iterator[tuple[str, Hit]]:
        """Yield each concept found in the tokens; `starts` are the tokens' offsets in the folded text.

        `breaks` are the offsets of newlines over which no concept reaches. A
        paragraph that was read before is not read again.
        """
        first = 0
        for begin, end in pairwise((0, *breaks, len(folded))):
            last = bisect_left(starts, end, first)
            if first == last:
                continue
            key = begin == 0, folded[begin : end + 1]
            found = self._known.get(key)
            if found is None:
                found = (
                    *self._in_words(tokens[first:last]),
                    *self._in_patterns(folded, (begin, end + 1), starts, (first, last)),
                )
                if len(self._known) >= _PARAGRAPHS:
                    self._known.clear()
                self._known[key] = found
            for name, hit in found:
                yield name, Hit(hit.start + first, hit.end + first)
            first = last

    def _in_words(self, tokens: Sequence[str]) -> Iterator[tuple[str, Hit]]:
        count = len(tokens)
        seen = self._seen
        for index, token in enumerate(tokens):
            openings = seen[token] if token in seen else self._starting_with(token)
            if openings is None:
                continue
            for concept in openings.alone:
                yield concept, Hit(index, index + 1)
            for length, phrases in openings.plain:
                for concept in phrases.get(tuple(tokens[index + 1 : index + length]), ()):
                    yield concept, Hit(index, index + length)
            if openings.by_shape and index + 1 < count:
                following = tokens[index + 1]
                for entry in openings.by_shape:
                    if entry.rest[0](following) and index + entry.length <= count and _follow(entry, tokens, index):
                        yield entry.concept, Hit(index, index + entry.length)

    def _in_patterns(
        self, folded: str, part: tuple[int, int], starts: Sequence[int], within: tuple[int, int]
    ) -> Iterator[tuple[str, Hit]]:
        """Yield what patterns find in a part of the text, as tokens counted from the first `within` it."""
        passage = folded[slice(*part)]
        for name, pattern, words in self._patterns:
            if words and not any(word in passage for word in words):
                continue
            for match in pattern.finditer(folded, *part):
                begin, end = match.span("it") if match.lastgroup == "it" else match.span()
                first, last = bisect_left(starts, begin, *within), bisect_left(starts, end, *within)
                if first < last:
                    yield name, Hit(first - within[0], last - within[0])


def _follow(entry: _Entry, tokens: Sequence[str], index: int) -> bool:
    return all(matches(tokens[index + offset]) for offset, matches in enumerate(entry.rest, 1))


@dataclass(frozen=True, slots=True)
class _Entry:
    concept: str
    length: int
    rest: tuple[Callable[[str], object], ...]
    first: Callable[[str], object]
    plain: tuple[str, ...] | None
    """The words after the first where all of them are spelled out."""


@dataclass(frozen=True, slots=True)
class _Openings:
    """What a token may begin: concepts by itself, phrases by their length and further words, or by their shape."""

    alone: tuple[str, ...]
    plain: tuple[tuple[int, Mapping[tuple[str, ...], Sequence[str]]], ...]
    by_shape: tuple[_Entry, ...]

    @classmethod
    def of(cls, entries: Sequence[_Entry]) -> _Openings:
        plain: dict[int, dict[tuple[str, ...], list[str]]] = {}
        for entry in entries:
            if entry.length > 1 and entry.plain is not None:
                plain.setdefault(entry.length, {}).setdefault(entry.plain, []).append(entry.concept)
        by_shape = tuple(entry for entry in entries if entry.length > 1 and entry.plain is None)
        alone = dict.fromkeys(entry.concept for entry in entries if entry.length == 1)
        return cls(tuple(alone), tuple(plain.items()), by_shape)


def _element(part: str) -> Callable[[str], object]:
    if "*" not in part:
        return part.__eq__
    if part.index("*") == len(part) - 1:
        return partial(_starts, part[:-1])
    return re.compile(re.escape(part).replace(r"\*", ".*")).fullmatch


def _starts(stem: str, token: str) -> bool:
    return token.startswith(stem)
