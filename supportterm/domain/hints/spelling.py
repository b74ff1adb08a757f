"""Typing errors: doubled words, known confusions, and words one slip of the hand from one in the dictionary."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from supportterm.domain.hints.subject import Finding, Subject
from supportterm.domain.lexicon import fold

Known = Callable[[str], bool]
"""Tells whether a dictionary holds a word."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_DOUBLED = re.compile(r"(?<![\w'’-])([^\W\d_]+)([ \t]+|[ \t]*\n[ \t]*)\1(?![\w'’-])", re.IGNORECASE)
_PART_OF_A_NAME = re.compile(r"[\w@#/\\.:=&$%+~-]")
_SHORTEST = 5
_MOST = 40
"""Unknown words looked at in one reply; a text of more is no text."""
_VOWELS = "aeiou"
_PART = 3


def spelling(subject: Subject) -> Iterator[Finding]:
    """Find typing errors; names, codes, house words and the customer's own words are none."""
    pack = subject.pack
    if pack is None:
        return
    house = " ".join((subject.reply.customer, subject.reply.customer_name or "", *subject.reply.known))
    theirs = frozenset(word.lower() for word in _WORD.findall(house))
    yield from _doubled(subject, pack.lists)
    yield from _confused(subject, pack.lists, theirs)
    known = subject.packs.dictionaries.get(subject.reply.lang)
    if known is not None:
        yield from _slips(subject, known, theirs | frozenset(pack.lists.get("words", ())))


def _doubled(subject: Subject, lists: dict[str, object] | object) -> Iterator[Finding]:
    fine = _strings(lists, "doubled-fine")
    only = _strings(lists, "doubled-only")
    for found in _DOUBLED.finditer(subject.plain):
        word = fold(found[1], subject.reply.lang)
        twice_a_name = found[1][0].isupper() and found.group()[-len(found[1])].isupper()
        if len(found[1]) > 1 and not twice_a_name and word not in fine and (not only or word in only):
            yield Finding(found.start(), found.end(), {"word": " ".join(found.group().split())}, found[1])


def _confused(subject: Subject, lists: object, theirs: frozenset[str]) -> Iterator[Finding]:
    lower = _lower(subject.plain)
    for find, put in _table(lists, "typos").items():
        at = lower.find(find)
        while at >= 0:
            end = at + len(find)
            part = lower[max(at - 1, 0) : at].isalnum() or lower[end : end + 1].isalpha()
            whole = subject.reply.lang == "ja" or not part
            if whole and find not in theirs:
                word = subject.raw[at:end]
                yield Finding(at, end, {"word": word}, _as_large(word, put))
            at = lower.find(find, end)
    for find, put in _table(lists, "typo-patterns").items():
        for found in re.finditer(find, lower):
            word = subject.raw[found.start() : found.end()]
            if found.group() not in theirs and not (put == "" and word[:1].isupper() and found.start()):
                yield Finding(found.start(), found.end(), {"word": word}, found.expand(put) if put else None)


def _slips(subject: Subject, known: Known, fine: frozenset[str]) -> Iterator[Finding]:
    unknown = 0
    for found in _WORD.finditer(subject.plain):
        word, start, end = found.group(), found.start(), found.end()
        if len(word) < _SHORTEST or not (word.isascii() and word.islower()) or word.endswith("'s"):
            continue
        if word in fine or known(word):
            continue
        around = subject.plain[max(start - 1, 0) : start] + subject.plain[end : end + 1].strip(".:")
        if _PART_OF_A_NAME.search(around) or subject.plain[end : end + 2].strip()[1:].isalnum():
            continue
        unknown += 1
        if unknown > _MOST:
            return
        if not _is_variant(word, known) and (meant := _meant(word, known)):
            yield Finding(start, end, {"word": word}, meant)


def _meant(word: str, known: Known) -> str | None:
    """Return the word one slip away: letters swapped, doubled or not, left out, or a vowel for another."""
    return next((other for other in _one_slip_away(word) if len(other) >= _SHORTEST - 1 and known(other)), None)


def _one_slip_away(word: str) -> Iterator[str]:
    for at in range(len(word) - 1):
        if word[at] != word[at + 1]:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for at in range(1, len(word)):
        if word[at] == word[at - 1]:
            yield word[:at] + word[at + 1 :]
    for at in range(1, len(word)):
        yield word[:at] + word[at - 1] + word[at:]
    if len(word) > _SHORTEST:
        for at in range(1, len(word)):
            for letter in "aeioudnrtsclmhgpwyvkbf":
                yield word[:at] + letter + word[at:]
        for at in range(1, len(word)):
            if word[at] in _VOWELS:
                yield from (word[:at] + vowel + word[at + 1 :] for vowel in _VOWELS if vowel != word[at])
        for at in range(1, len(word) - 1):
            yield word[:at] + word[at + 1 :]


_VARIANTS = (
    ("our", "or"), ("is", "iz"), ("ys", "yz"), ("tre", "ter"), ("ll", "l"), ("l", "ll"), ("ogue", "og"),
    ("ence", "ense"), ("ae", "e"), ("oe", "e"), ("mme", "m"), ("gement", "gment"), ("que", "ck"), ("re", "er"), ("pp", "p"), ("ph", "f"),
    ("tt", "t"), ("e", ""), ("xion", "ction"),
)  # fmt: skip
_PREFIXES = (
    "un",
    "re",
    "pre",
    "non",
    "auto",
    "multi",
    "sub",
    "over",
    "mis",
    "co",
    "anti",
    "inter",
    "micro",
    "web",
    "e",
)
_ENDINGS = (
    "s", "es", "ed", "ing", "er", "ers", "able", "ly", "ness", "less", "ish", "like", "wise", "free", "in", "up", "out", "off",
)  # fmt: skip


def _is_variant(word: str, known: Known) -> bool:
    """Tell whether a word the dictionary lacks is one anyway: British, put together, or with an ending of its own."""
    for old, new in _VARIANTS:
        at = word.rfind(old)
        if at >= 0 and known(word[:at] + new + word[at + len(old) :]):
            return True
    if any(known(word[:at]) and known(word[at:]) for at in range(3, len(word) - 2)):
        return True
    rests = [word[len(part) :] for part in _PREFIXES if word.startswith(part) and len(word) - len(part) > _PART]
    rests += [word[: -len(part)] for part in _ENDINGS if word.endswith(part) and len(word) - len(part) >= _PART]
    return any(map(known, rests))


def _lower(text: str) -> str:
    """Return the text in lower case, code point for code point as long."""
    return "".join(low if len(low := c.lower()) == 1 else c for c in text.replace("İ", "i").replace("’", "'"))


def _as_large(word: str, put: str) -> str:
    return put[:1].upper() + put[1:] if word[:1].isupper() else put


def _strings(lists: object, key: str) -> frozenset[str]:
    values: Iterable[str] = lists.get(key, ()) if isinstance(lists, dict) else ()
    return frozenset(values)


def _table(lists: object, key: str) -> dict[str, str]:
    values = lists.get(key, {}) if isinstance(lists, dict) else {}
    return dict(values)
