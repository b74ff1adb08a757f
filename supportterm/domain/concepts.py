"""Rules over concepts: which kinds of words must stand near each other, so that unseen wordings count too.

A lexicon finds concepts (`lose`, `money`, `nobody`); a rule says which of them
must meet within one sentence. A `not` beside them undoes a match.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from supportterm.domain.lexicon import Hit, Lexicon, calmed, fold
from supportterm.domain.nearness import choices, within

LONGEST = 20_000
"""Code points read of one text; a customer's matter stands before that."""

IDIOM = "idiom"
"""The concept whose words mean nothing else: `at all`, `legal pad`."""
PRODUCT = "product"
"""The concept of this house's product names: words in them mean nothing else, the whole is a thing that may fail."""
_THINGS = (PRODUCT, "device", "control")
_COVERS_ALL = 1_000

NEGATION_BEFORE = "not"
NEGATION_AFTER = "not-after"

_MOST = 48
"""Hits of one slot that are tried within one sentence."""

_CLAUSE = re.compile(r"[,;:()、，；：–—]|\s-\s")
_SENTENCE_END = re.compile(r"[!?。！？…]+|\.+(?=[\s\"'»”)]|$)|\n\s*\n|\n(?!\s*[^\W\d_A-ZА-ЯЁÇĞİÖŞÜ])")


@dataclass(frozen=True, slots=True)
class Rule:
    """Concepts that must stand near each other in one sentence.

    Written `lose + money|amount + !price + @rate /6`: each slot a different
    place, in any order (`>` instead of `+`: in this order), `!` absent from the
    sentence but for the slots' own words, `@` anywhere in it,
    `&` there or in a sentence next to it, `~` anywhere in the text, `/n` at most
    n tokens between the slots.
    `question` stands for a sentence that asks.
    """

    slots: tuple[tuple[str, ...], ...]
    absent: tuple[str, ...] = ()
    present: tuple[tuple[str, ...], ...] = ()
    beside: tuple[tuple[str, ...], ...] = ()
    elsewhere: tuple[tuple[str, ...], ...] = ()
    ordered: bool = False
    window: int | None = None

    @classmethod
    def parse(cls, text: str) -> Rule:
        """Read a rule.

        Raises:
            ValueError: the text is not a rule; its message says where.
        """
        body, slash, number = text.partition("/")
        if slash and not number.strip().isdigit():
            raise ValueError(f"`{text}`: a whole number belongs after /")
        slots: list[tuple[str, ...]] = []
        absent: list[str] = []
        present: list[tuple[str, ...]] = []
        beside: list[tuple[str, ...]] = []
        elsewhere: list[tuple[str, ...]] = []
        for term in re.split(r"[+>]", body):
            names = tuple(name.strip() for name in term.strip().lstrip("!@&~").split("|"))
            if not all(re.fullmatch(r"[a-z][a-z0-9-]*", name) for name in names):
                raise ValueError(f"`{text}`: `{term.strip()}` is no concept's name")
            if term.strip().startswith("!"):
                absent.extend(names)
            elif term.strip().startswith("@"):
                present.append(names)
            elif term.strip().startswith("&"):
                beside.append(names)
            elif term.strip().startswith("~"):
                elsewhere.append(names)
            else:
                slots.append(names)
        if not slots:
            raise ValueError(f"`{text}`: no slot to look for")
        window = int(number) if slash else None
        near, far = tuple(beside), tuple(elsewhere)
        return cls(tuple(slots), tuple(absent), tuple(present), near, far, ">" in body, window)

    def concepts(self) -> Iterator[str]:
        """Yield every concept the rule names."""
        for names in (*self.slots, *self.present, *self.beside, *self.elsewhere):
            yield from names
        yield from self.absent


@dataclass(slots=True)
class Sentence:
    """Tokens `first` to `last` (exclusive) with the concepts found in them."""

    first: int
    last: int
    asks: bool
    marked: bool = False
    """It ends in a question mark."""
    hits: dict[str, list[Hit]] = field(default_factory=dict)

    @property
    def span(self) -> Hit:
        """All its tokens."""
        return Hit(self.first, self.last)

    def has(self, name: str) -> bool:
        """Tell whether a concept is in it; `question` is where it asks."""
        return self.asks if name == "question" else name in self.hits

    def may_hold(self, rule: Rule) -> bool:
        """Tell whether there is something in it for each slot of a rule."""
        lacks = self.hits.keys().isdisjoint
        for names in rule.slots:  # noqa: SIM110 asked for every rule of every sentence: a generator takes twice as long
            if lacks(names) and not (self.asks and "question" in names):
                return False
        return True

    @property
    def question(self) -> Hit:
        """Where it asks: from its question word on where that leads, past a greeting; else all of it."""
        start = min((hit.start for hit in self.hits.get("asks", ())), default=self.first)
        return Hit(start if start - self.first <= self.last - start else self.first, self.last)


class Reading:
    """A text read through a lexicon: sentences with the concepts found in each."""

    def __init__(self, text: str, lexicon: Lexicon, window: int, like: Reading | None = None) -> None:
        """Read a text; `like` is the same text read through other words of its language."""
        self.text = text
        self.window = window
        self._reach = 3 if lexicon.kind == "words" else 8
        self._stretch = 1 if lexicon.kind == "words" else 3
        if like is None:
            self._folded = calmed(fold(text[:LONGEST], lexicon.lang))
            found_words = lexicon.tokens(self._folded)
            self._words = [word.group() for word in found_words]
            self._tokens = [word.span() for word in found_words]
            self._starts = [start for start, _ in self._tokens]
            self._clauses = self._first_tokens_after(self._folded, _CLAUSE, self._starts)
            self._breaks: list[int] = []
            self.sentences = self._split(self._folded)
        else:
            self._folded, self._words, self._tokens = like._folded, like._words, like._tokens
            self._starts, self._clauses, self._breaks = like._starts, like._clauses, like._breaks
            self.sentences = [Sentence(one.first, one.last, one.marked, one.marked) for one in like.sentences]
        words = self._words
        self.concepts: set[str] = set()
        found = list(lexicon.hits(self._folded, words, self._starts, self._breaks))
        self.found = len(found)
        idiom = [0] * len(words)
        for name, hit in found:
            if name in (IDIOM, PRODUCT):
                length = hit.end - hit.start if name == IDIOM else _COVERS_ALL
                for token in range(hit.start, hit.end):
                    idiom[token] = max(idiom[token], length)
        owner = [0] * len(words)
        for number, sentence in enumerate(self.sentences):
            owner[sentence.first : sentence.last] = [number] * (sentence.last - sentence.first)
        for name, hit in found:
            start, end = hit
            length = end - start
            covered = idiom[start] > length or (length > 1 and max(idiom[start:end]) > length)
            if owner[start] == owner[end - 1] and (not covered or name in (IDIOM, PRODUCT)):
                for known in _THINGS if name == PRODUCT else (name,):
                    self.sentences[owner[start]].hits.setdefault(known, []).append(hit)
                    self.concepts.add(known)
        for sentence in self.sentences:
            sentence.asks = sentence.asks or "asks" in sentence.hits
            if sentence.asks:
                self.concepts.add("question")

    def _first_tokens_after(self, folded: str, mark: re.Pattern[str], starts: Sequence[int]) -> frozenset[int]:
        """Return the indices of tokens that a mark stands right before."""
        return frozenset(bisect_left(starts, found.end()) for found in mark.finditer(folded)) - {0}

    def _split(self, folded: str) -> list[Sentence]:
        sentences: list[Sentence] = []
        first = 0
        original = self.text
        for end in (*_SENTENCE_END.finditer(original[:LONGEST]), None):
            at = len(folded) if end is None else end.start()
            last = bisect_left(self._starts, at, first)
            if end is not None and end.group().startswith("\n"):
                self._breaks.append(at)
            if last > first:
                asks = end is not None and any(mark in end.group() for mark in "?？")
                sentences.append(Sentence(first, last, asks, asks))
                first = last
        return sentences

    @property
    def size(self) -> int:
        """The number of tokens read."""
        return len(self._tokens)

    @property
    def asks(self) -> bool:
        """True where any sentence is a question."""
        return "question" in self.concepts

    def find(self, rule: Rule, *, negatable: bool = True, unless: Sequence[Rule] = ()) -> tuple[int, int] | None:
        """Return where the rule first holds, as offsets into the text; None where it does not.

        A negated match counts only where `negatable` is False; a sentence in
        which one of `unless` holds is passed over.
        """
        for names in (*rule.slots, *rule.beside, *rule.elsewhere):
            if self.concepts.isdisjoint(names):
                return None
        for sentence in self.sentences:
            if not sentence.may_hold(rule):
                continue
            found = self._in_sentence(rule, sentence, negatable)
            if found and not any(self._in_sentence(guard, sentence, False) for guard in unless):
                return self._tokens[found.start][0], self._tokens[found.end - 1][1]
        return None

    def places(self, rule: Rule, *, negatable: bool = True) -> Iterator[tuple[Hit, Sentence]]:
        """Yield where the rule holds: in each sentence every match that no shorter one overlaps, by its start."""
        if any(self.concepts.isdisjoint(names) for names in (*rule.slots, *rule.beside, *rule.elsewhere)):
            return
        for sentence in self.sentences:
            if not sentence.may_hold(rule):
                continue
            kept: list[Hit] = []
            for hit in sorted(self._matches(rule, sentence, negatable), key=lambda hit: hit.end - hit.start):
                if all(hit.end <= other.start or other.end <= hit.start for other in kept):
                    kept.append(hit)
            for hit in sorted(kept):
                yield hit, sentence

    def place(self, hit: Hit) -> tuple[int, int]:
        """Return where tokens stand in the text."""
        return self._tokens[hit.start][0], self._tokens[hit.end - 1][1]

    def _in_sentence(self, rule: Rule, sentence: Sentence, negatable: bool) -> Hit | None:
        return min(self._matches(rule, sentence, negatable), key=lambda hit: hit.end - hit.start, default=None)

    def _matches(self, rule: Rule, sentence: Sentence, negatable: bool) -> Iterator[Hit]:
        if not sentence.may_hold(rule):
            return
        barred = [hit for name in rule.absent for hit in sentence.hits.get(name, ())]
        if sentence.asks and "question" in rule.absent:
            return
        if not all(any(sentence.has(name) for name in names) for names in rule.present):
            return
        if any(self.concepts.isdisjoint(names) for names in rule.elsewhere):
            return
        if rule.beside and not self._stand_near(sentence, rule.beside):
            return
        places: list[list[Hit]] = []
        for names in rule.slots:
            hits = [hit for name in names for hit in sentence.hits.get(name, ())]
            if "question" in names and sentence.asks:
                hits.append(sentence.question)
            if not hits:
                return
            places.append(sorted(set(hits), key=lambda hit: (hit.start, hit.end))[:_MOST])
        if barred and not all(within(hit, [own for hits in places for own in hits]) for hit in barred):
            return
        window = self.window if rule.window is None else rule.window * self._stretch
        for chosen in choices(places, rule.ordered, window, ()):
            if not (negatable and any(self._negated(hit, chosen, sentence) for hit in chosen)):
                yield Hit(min(hit.start for hit in chosen), max(hit.end for hit in chosen))

    def _stand_near(self, sentence: Sentence, groups: Sequence[Sequence[str]]) -> bool:
        """Tell whether something of each group stands in the sentence, or in the one before or behind it."""
        at = bisect_left(self.sentences, sentence.first, key=attrgetter("first"))
        near = self.sentences[max(at - 1, 0) : at + 2]
        return all(any(one.has(name) for one in near for name in names) for names in groups)

    def _negated(self, hit: Hit, chosen: tuple[Hit, ...], sentence: Sentence) -> bool:
        def free(negator: Hit) -> bool:
            return not any(negator.start < used.end and used.start < negator.end for used in chosen)

        before = hit.start
        while before > max(sentence.first, hit.start - self._reach) and before not in self._clauses:
            before -= 1
        after = hit.end
        while after < min(sentence.last, hit.end + self._reach) and after not in self._clauses:
            after += 1
        return any(
            before <= negator.start and negator.end <= hit.start and free(negator)
            for negator in sentence.hits.get(NEGATION_BEFORE, ())
        ) or any(
            hit.end <= negator.start < after and free(negator) for negator in sentence.hits.get(NEGATION_AFTER, ())
        )
