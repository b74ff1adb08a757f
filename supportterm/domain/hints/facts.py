"""What the customer already sent: asking for it again makes them repeat themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from supportterm.domain.concepts import Reading, Sentence
from supportterm.domain.hints.subject import Finding, Subject
from supportterm.domain.lexicon import Hit

ASK, KIND, FRESH = "ask-info", "k-", "another-one"
"""Concepts: what asks for something; what may be asked for; that another one is meant."""
_WINDOW = 8
_VALUES = {
    "k-email": "e-mail",
    "k-phone": "phone",
    "k-browser": "browser",
    "k-system": "system",
    "k-version": "version",
}
"""Kinds that are known by their shape alone."""
_NEAR = 24
"""Code points between a kind's name and its value in the customer's text."""
_SPECIAL = frozenset(("k-photo",))


def asks_known(subject: Subject) -> Iterator[Finding]:
    """Find requests for what the customer's own text holds."""
    reading = subject.structure
    if reading is None or not subject.customer.strip() or ASK not in reading.concepts:
        return
    for sentence in reading.sentences:
        for kind in [name for name in sentence.hits if name.startswith(KIND)]:
            for noun in sentence.hits[kind]:
                asking = _asking(sentence, noun)
                if asking is None or FRESH in sentence.hits:
                    continue
                value = _sent(subject, kind)
                if value:
                    start, end = reading.place(asking)
                    yield Finding(start, end, {"value": value})


def _asking(sentence: Sentence, noun: Hit) -> Hit | None:
    """Return the words that ask for a thing: the asking ones nearest to its name, and that."""
    if any(not_.end <= noun.start and noun.start - not_.end <= _WINDOW for not_ in sentence.hits.get("not", ())):
        return None
    best: Hit | None = None
    for ask in sentence.hits.get(ASK, ()):
        start, end = min(ask.start, noun.start), max(ask.end, noun.end)
        if end - start - (noun.end - noun.start) <= _WINDOW * 3 and (
            best is None or end - start < best.end - best.start
        ):
            best = Hit(start, end)
    return best


def _sent(subject: Subject, kind: str) -> str:
    """Return what of a kind the customer's text holds; empty where it holds none."""
    text = subject.customer
    if kind in _VALUES:
        found = subject.packs.shapes[_VALUES[kind]].search(text)
        return found.group().strip() if found else ""
    reading = subject.customer_structure
    if reading is None:
        return ""
    if kind in _SPECIAL:
        place = next((reading.place(hit) for s in reading.sentences for hit in s.hits.get("sent-photo", ())), None)
        return " ".join(text[slice(*place)].split()) if place else ""
    places = _numbered(reading)
    numbers = [found for found in subject.packs.shapes["number"].finditer(text) if not _is_a_date(found.group())]
    for number in numbers:
        near = {
            name for name, start, end in places if -_NEAR <= number.start() - end <= _NEAR and start != number.start()
        }
        unnamed = not near and (number.group()[0] in "#№" or (not places and _is_code(number.group())))
        if kind in near or unnamed:
            return number.group().strip()
    return ""


def _numbered(reading: Reading) -> list[tuple[str, int, int]]:
    """Return what has a number in a text, with its place."""
    return [
        (name, *reading.place(hit))
        for sentence in reading.sentences
        for name, hits in sentence.hits.items()
        if name.startswith(KIND) and name not in _VALUES and name not in _SPECIAL
        for hit in hits
    ]


def _is_code(text: str) -> bool:
    return any(c.isalpha() for c in text) or len(text) >= 6


def _is_a_date(text: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d(?:-\d\d-\d\d)?", text))
