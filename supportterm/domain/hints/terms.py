"""Terms of the trade in a reply that the customer's own words do not hold."""

from __future__ import annotations

from collections.abc import Iterator

from supportterm.domain.hints.subject import Finding, Subject
from supportterm.domain.lexicon import fold

TERM, NO_EXPERT = "term", "no-expert"
"""Concepts of the wording packs: terms; how customers say that they know little of the matter."""
_FEWEST = 2


def jargon(subject: Subject) -> Iterator[Finding]:
    """Find two terms that the customer does not use, one where the customer is no expert."""
    reading, pack = subject.wording, subject.packs.wording.get(subject.reply.lang)
    if reading is None or pack is None or not subject.customer.strip() or TERM not in reading.concepts:
        return
    theirs = fold(subject.customer, subject.reply.lang)
    places = [reading.place(hit) for sentence in reading.sentences for hit in sentence.hits.get(TERM, ())]
    strange: dict[str, tuple[int, int]] = {}
    for start, end in sorted(places):
        word = fold(subject.raw[start:end], subject.reply.lang)
        if word not in theirs:
            strange.setdefault(word, (start, end))
    theirs_read = subject.asker.wording
    fewest = 1 if theirs_read is not None and NO_EXPERT in theirs_read.concepts else _FEWEST
    if len(strange) >= fewest:
        terms = ", ".join(subject.raw[start:end] for start, end in strange.values())
        glossary = pack.lists.get("glossary", {})
        for word, (start, end) in strange.items():
            yield Finding(start, end, {"terms": terms}, glossary.get(word))
