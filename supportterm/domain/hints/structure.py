"""Rules about what a reply must hold: acknowledgement, timing, answers, a check that it works."""

from __future__ import annotations

import re
from collections.abc import Iterator

from supportterm.domain.concepts import LONGEST
from supportterm.domain.hints.likeness import ALIKE, ratio, words
from supportterm.domain.hints.subject import Finding, Subject

_RESTATED = 2
"""Content words of the customer's that the opening must share to restate their matter."""
_SAID = 70
_ANSWER_BY_KIND = {
    "q-price": re.compile(r"[$€£¥₽₺円]|\d+\s?(?:euro|dollar|руб|lira|tl\b|円)|free|беспл|ücretsiz|無料", re.IGNORECASE),
    "q-time": re.compile(r"\d"),
    "q-number": re.compile(r"\d"),
}
"""What answers a question whose words the answer need not share."""
_ASKS_FOR_WORDS = "q-word"
"""The concept of questions that yes or no does not answer."""
_YES_NO = re.compile(
    r"(?:^|[.!?。！？:\n])[ \u3000]*(?:(?:yes|no|yep|nope|да|нет|evet|hayır)\b|はい|いいえ)", re.IGNORECASE
)
"""A sentence that begins with yes or no: it answers one question, whatever words that had."""
_STEP = re.compile(r"(?m)^[ \u3000]*(?:\d{1,2}[.)、．]|[①-⑳]|[-*•・])[ \u3000]?\S")
_STEPS = 2
"""Lines of a list that tell how something is done."""
_FEWEST = 6
"""Words below which a text says nothing that could be repeated."""
_SETTLED = frozenset(("ball", "time-said"))
"""Concepts: the customer has the ball; a time that is no expression of a promise's."""
_SCREAM = re.compile(r"[?？!！]{2,}")


def not_restated(subject: Subject) -> bool:
    """Tell whether the opening leaves the customer's own words out."""
    opening = subject.plain[slice(*subject.part("opening"))]
    shared = subject.stems(opening) & subject.stems(subject.customer)
    return len(shared) < _RESTATED


def no_time_given(subject: Subject) -> bool:
    """Tell whether work is announced without a time, and the next step is ours."""
    if subject.structure is None or subject.structure.asks or not _SETTLED.isdisjoint(subject.structure.concepts):
        return False
    return not _names_a_time(subject, subject.text)


def _names_a_time(subject: Subject, text: str) -> bool:
    """Tell whether a text, the reply or a part of it, names any time to come, in whatever words."""
    reading = subject.promise_reading if text is subject.text else subject.promises_in(text)
    return reading is not None and any(
        all(not word.concept.startswith("past") for word in words)
        for sentence in reading.sentences
        for _, words in reading.times(sentence.first, sentence.last)
    )


def not_confirmed(subject: Subject) -> bool:
    """Tell whether neither the reply asks nor the customer just said that it works."""
    if subject.structure is not None and subject.structure.asks:
        return False
    return subject.mood.intent not in ("thanks", "compliment") or not subject.customer.strip()


def promises_made(subject: Subject) -> Iterator[Finding]:
    """Find commitments with a time."""
    if subject.promise_reading is not None:
        for found in subject.promise_reading.promises():
            said = found.said(subject.raw)
            what = said if len(said) <= _SAID else said[: _SAID - 1] + "…"
            yield Finding(found.start, found.end, {"what": what, "when": found.when(subject.raw)})


def unanswered(subject: Subject) -> Iterator[Finding]:
    """Find the customer's questions that the reply does not touch; a single one only where a snippet answers it."""
    covered = coverage(subject, subject.text)
    if len(covered) == 1 and not subject.macro_is_unchanged:
        return
    for question, is_touched in covered:
        if not is_touched:
            yield Finding(
                values={"question": question}, suggestion=f"> {question}\n", insert_at=len(subject.reply.text)
            )


def answers(subject: Subject) -> tuple[tuple[str, bool], ...]:
    """Return each question the customer asks in earnest, and whether what the reply says answers it.

    Thanks, a receipt, the promise to come back and a closing answer nothing,
    but for a question that is about our writing or calling.
    """
    lang = subject.reply.lang
    courtesies = subject.packs.shapes.courtesies.get(lang)
    touched = coverage(subject, subject.text)
    if courtesies is None or not any(is_touched for _, is_touched in touched):
        return touched
    matter = coverage(subject, courtesies.left_out(subject.text, lang))
    return tuple(
        (one, is_touched and (is_said or courtesies.is_about_word(one, lang)))
        for (one, is_touched), (_, is_said) in zip(touched, matter, strict=True)
    )


def coverage(subject: Subject, text: str) -> tuple[tuple[str, bool], ...]:
    """Return each question the customer asks in earnest, and whether a text, of the reply, touches it.

    Nothing is returned where the two write in different languages: no words could tell.
    """
    lang = subject.reply.lang
    if subject.pack is None or subject.structure is None or subject.reply.customer_lang not in (None, lang):
        return ()
    asked = [(one, concepts) for one, concepts in subject.asker.questions if _is_real(one, concepts)]
    said = subject.stems(text)
    answers_all = "answers-all" in subject.structure.concepts
    plain_answers = len(_YES_NO.findall(text))
    covered = []
    for one, concepts in asked:
        is_touched = answers_all or _is_touched(subject, one, concepts, text, said)
        if not is_touched and plain_answers and _ASKS_FOR_WORDS not in concepts:
            is_touched, plain_answers = True, plain_answers - 1
        covered.append((one, is_touched))
    return tuple(covered)


def _is_touched(subject: Subject, question: str, concepts: frozenset[str], text: str, said: frozenset[str]) -> bool:
    about = subject.stems(question)
    return not about or bool(about & said) or _answered_by_kind(subject, concepts, text)


def _is_real(question: str, concepts: frozenset[str]) -> bool:
    return "rhetorical" not in concepts and not _SCREAM.search(question)


def _answered_by_kind(subject: Subject, concepts: frozenset[str], text: str) -> bool:
    if "q-time" in concepts and _names_a_time(subject, text):
        return True
    if "q-how" in concepts and len(_STEP.findall(text)) >= _STEPS:
        return True
    return any(kind in concepts and answer.search(text) for kind, answer in _ANSWER_BY_KIND.items())


def unchanged(subject: Subject) -> Iterator[Finding]:
    """Find a reply that is its snippet."""
    if subject.macro_is_unchanged:
        yield Finding()


def repeated(subject: Subject) -> Iterator[Finding]:
    """Find a reply that this customer got before."""
    name = subject.reply.customer_name
    now = words(subject.text, name) if subject.reply.sent_before else []
    if len(now) >= _FEWEST and any(
        ratio(now, words(sent[:LONGEST], name)) >= ALIKE for sent in subject.reply.sent_before
    ):
        yield Finding()
