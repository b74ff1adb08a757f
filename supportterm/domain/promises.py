"""Promises in a reply: the clause that commits us to a time, found by concepts, never by phrases.

A promise is a cue (`we will`, `вышлем`, `ご連絡いたします`, `göndereceğiz`) and
words of time in the same clauses. What lies between, stands in those clauses or
in the whole sentence can undo it: somebody else's duty, the past, a condition,
a general statement, opening hours, a question, a `not`.
"""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, takewhile
from operator import attrgetter

from supportterm.domain.concepts import LONGEST, Reading, Rule, Sentence
from supportterm.domain.languages import language
from supportterm.domain.lexicon import Hit, Lexicon, fold
from supportterm.domain.own_words import own_words
from supportterm.domain.promised_times import Word, is_time

TIME = "time"
"""The concept that whole expressions of time have in the rules."""
BETWEEN, APART = "between", "apart"
"""Concepts: what parts a cue from a time between them; where a new clause begins without a comma."""
_KINDS = (
    "weekday", "day", "part", "clock", "date", "ordinal", "number", "length", "unit", "period", "next", "this", "end",
    "start", "by", "within", "past", "or",
)  # fmt: skip
_GLUE, _LEADING = "glue", "past-lead"
"""Concepts: what may stand within a time; what before a time makes it none (`after Friday`)."""
_DAYS, _CLOSER = frozenset({"day", "weekday", "date"}), frozenset({"weekday", "date"})
"""Kinds that name a day, and those that name the same one closer behind a comma."""
_MARKS = re.compile(r"[,;()、，；—]|[:：–](?!\d)|\s-\s")
_DIGITS = re.compile(r"\d+")
_TIME_OF_DAY = re.compile(r"(\d{1,2})(?:\s?[:.時시h]\s?([0-5]\d))?")


@dataclass(frozen=True, slots=True)
class PromisePack:
    """One language's words and rules for promises."""

    lang: str
    lexicon: Lexicon
    rules: tuple[Rule, ...]
    nearby: tuple[Rule, ...]
    """What undoes a promise in its own clauses."""
    anywhere: tuple[Rule, ...]
    """What undoes it anywhere in its sentence."""
    halves: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """What stands in a time of day for `am`, `pm`, or a `half` hour more."""
    window: int = 12
    common: frozenset[str] = frozenset()
    next_is_clear: bool = True
    """`next Friday` is the one of next week and no other."""
    fires: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()

    def read(self, text: str, like: Reading | None = None) -> PromiseReading:
        """Read a text in this language; `like` is the same text read through other words of it."""
        return PromiseReading(text, self, like)


@dataclass(frozen=True, slots=True)
class Found:
    """A promise in a text: its clauses and, within them, its words of time, as offsets."""

    start: int
    end: int
    time_start: int
    time_end: int
    words: tuple[Word, ...]
    lang: str

    def said(self, text: str) -> str:
        """Return the clauses on one line."""
        return " ".join(text[self.start : self.end].split())

    def when(self, text: str) -> str:
        """Return the words of time."""
        return " ".join(text[self.time_start : self.time_end].split())


@dataclass(frozen=True, slots=True)
class Promise:
    """What is to be kept as a clock: the words, and when it is due, in UTC."""

    words: str
    due_at: datetime


def find(text: str, lang: str | None, packs: Mapping[str, PromisePack]) -> tuple[Found, ...]:
    """Return the promises in what is to be sent, in its order; quotes and the signature are passed over.

    Args:
        text: the reply.
        lang: its language where the text does not give it away.
        packs: the packs by language; without one for its language nothing is found.
    """
    own = own_words(text[:LONGEST])
    spoken = language(own, packs) or lang  # type: ignore[arg-type]  # both kinds of pack have what a guess needs
    if spoken is None or spoken not in packs:
        return ()
    return tuple(packs[spoken].read(own).promises())


def time_in(text: str, packs: Mapping[str, PromisePack]) -> Found | None:
    """Return the first words of time in what an agent typed, in any language; None where there are none."""
    for lang in packs:
        reading = packs[lang].read(text)
        for sentence in reading.sentences:
            for hit, words in reading.times(sentence.first, sentence.last):
                start, end = reading.place(hit)
                return Found(0, len(text), start, end, words, lang)
    return None


class PromiseReading(Reading):
    """A reply read through a pack: its times are put together, and a promise is looked for at each."""

    def __init__(self, text: str, pack: PromisePack, like: Reading | None = None) -> None:
        super().__init__(text, pack.lexicon, pack.window, like)
        self._pack = pack
        marks = {bisect_left(self._starts, found.end()) for found in _MARKS.finditer(text)}
        self._parts = frozenset(marks)

    def promises(self) -> Iterator[Found]:
        """Yield each promise."""
        for sentence in self.sentences:
            times = list(self.times(sentence.first, sentence.last))
            self.concepts.add(TIME)
            for when, words in times:
                sentence.hits[TIME] = [when]
                clauses = self._promised(sentence, when)
                if clauses is not None:
                    start, end = self.place(clauses)
                    yield Found(start, end, *self.place(when), words, self._pack.lang)

    def _promised(self, sentence: Sentence, when: Hit) -> Hit | None:
        """Return the clauses that promise at that time, None where none do."""
        if any(self._in_sentence(rule, sentence, False) for rule in self._pack.anywhere):
            return None
        for span in self._spans(sentence, when):
            clauses = self._clauses_of(span, sentence)
            within = _part(sentence, clauses)
            if not any(self._in_sentence(guard, within, False) for guard in self._pack.nearby):
                return clauses
        return None

    def _spans(self, sentence: Sentence, when: Hit) -> list[Hit]:
        """Return where a cue and the time stand together, those over the fewest clauses first."""
        found = [span for rule in self._pack.rules if (span := self._in_sentence(rule, sentence, True))]
        parting = sentence.hits.get(BETWEEN, ())
        begins = self._begins(sentence)
        return sorted(
            (span for span in found if not self._is_parted(span, when, parting)),
            key=lambda span: (sum(span.start < at < span.end for at in begins), span.end - span.start),
        )

    def _begins(self, sentence: Sentence) -> frozenset[int]:
        """Return the tokens that clauses begin with."""
        return self._parts | {hit.start for hit in sentence.hits.get(APART, ())}

    @staticmethod
    def _is_parted(span: Hit, when: Hit, parting: Iterable[Hit]) -> bool:
        return any(
            span.start <= one.start and one.end <= span.end and (one.end <= when.start or when.end <= one.start)
            for one in parting
        )

    def _clauses_of(self, span: Hit, sentence: Sentence) -> Hit:
        """Return the span widened to whole clauses."""
        begins = self._begins(sentence)
        start, end = span.start, span.end
        while start > sentence.first and start not in begins:
            start -= 1
        while end < sentence.last and end not in begins:
            end += 1
        return Hit(start, end)

    def times(self, first: int, last: int) -> Iterator[tuple[Hit, tuple[Word, ...]]]:
        """Yield the expressions of time among some tokens, each with its words."""
        best = self._longest(first, last)
        at = first
        while at < last:
            if at not in best or best[at][0] == _GLUE:
                at += 1
                continue
            words: list[Word] = []
            begin = end = at
            while at < last and at in best:
                concept, hit = best[at]
                closer = at not in self._parts or _narrows(self._behind(at, best, last), words)
                if at > begin and (not closer or concept == _LEADING):
                    break
                if concept != _GLUE:
                    words.append(self._word(concept, hit))
                    end = hit.end
                at = hit.end
            if is_time(words):
                yield Hit(begin, end), tuple(words)
            at = max(at, end)

    def _behind(self, at: int, best: Mapping[int, tuple[str, Hit]], last: int) -> str:
        """Return the concept there, or the hour a word such as `at` leads to; a day or its part only in an aside."""
        concept, hit = best[at]
        if concept.startswith("part-"):
            return concept if self._ends_there(hit, best, last) else _GLUE
        if concept not in (_GLUE, "by") or hit.end not in best:
            return concept
        after, said = best[hit.end]
        is_hour = after == "clock" or (concept == "by" and after.startswith("part-"))
        is_aside = concept == _GLUE and self._ends_there(said, best, last)
        return after if is_hour or is_aside else concept

    def _ends_there(self, said: Hit, best: Mapping[int, tuple[str, Hit]], last: int) -> bool:
        """Tell whether a clause or the sentence ends behind a word of time, or another such word follows."""
        return said.end in self._clauses or said.end in best or said.end == last

    def _longest(self, first: int, last: int) -> dict[int, tuple[str, Hit]]:
        best: dict[int, tuple[str, Hit]] = {}
        reached = bisect_left(self.sentences, first, key=attrgetter("last"))
        for sentence in takewhile(lambda one: one.first <= last, islice(self.sentences, reached, None)):
            for name, hits in sentence.hits.items():
                if name != _GLUE and name.partition("-")[0] not in _KINDS:
                    continue
                for hit in hits:
                    known = best.get(hit.start)
                    if known is None or hit.end > known[1].end or (hit.end == known[1].end and known[0] == _GLUE):
                        best[hit.start] = (name, hit)
        return best

    def _word(self, concept: str, hit: Hit) -> Word:
        start, end = self.place(hit)
        text = self.text[start:end]
        kind = concept.partition("-")[0]
        if kind == "clock" and concept == "clock":
            return Word(concept, text, clock=self._clock(text))
        digits = _DIGITS.findall(text)
        number = int(digits[-1]) if digits and kind in ("number", "ordinal") else None
        return Word(concept, text, number)

    def _clock(self, text: str) -> tuple[int, int, str] | None:
        """Read a time of day; of `10:00-12:00` the end."""
        said = fold(text, self._pack.lang)
        found = _TIME_OF_DAY.findall(said)
        if not found:
            return None
        hour, minute = found[-1]
        marks = {meant for word, meant in self._pack.halves.items() if word in said}
        half = next((mark for mark in ("am", "pm") if mark in marks), "")
        return min(int(hour), 24), 30 if "half" in marks else min(int(minute or 0), 59), half


def _narrows(concept: str, words: Sequence[Word]) -> bool:
    """Tell whether what stands behind a comma says the same time closer: `tomorrow, Tuesday, 24 November, 10:00`."""
    said, kind = {word.kind for word in words}, concept.partition("-")[0]
    if concept == "clock":
        return True
    if kind == "part":
        return bool(said & _DAYS) and not said & {"part", "clock"}
    return kind in _CLOSER and bool(said & _DAYS) and not said & {kind, "clock"}


def _part(sentence: Sentence, span: Hit) -> Sentence:
    """Return a part of a sentence with what was found in it."""
    hits = {
        name: inside
        for name, found in sentence.hits.items()
        if (inside := [hit for hit in found if span.start <= hit.start and hit.end <= span.end])
    }
    return Sentence(span.start, span.end, sentence.asks, sentence.marked, hits)
