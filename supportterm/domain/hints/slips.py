"""Slips of the hand: whether a word that no dictionary holds is one anyway, and which word was meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator

Known = Callable[[str], bool]
"""Tells whether a dictionary holds a word."""
Verdict = Callable[[str], str | None]
"""Gives None for a word that is one, else the word that was meant, empty where none is near."""

SHORTEST = 5
"""Letters from which on a word is looked at for what was meant."""
_VOWELS = "aeiou"
_PART = 3


def meant(word: str, known: Known, lang: str) -> str | None:
    """Return None for a word that is one, else the word one slip away, empty where there is none.

    What is near is known for English alone: the slips are those of its letters.
    """
    if known(word):
        return None
    if lang != "en":
        return ""
    lower = word.lower()
    if not lower.isascii():
        return ""
    if _is_other_spelling(lower, known):
        return None
    if _is_variant(lower, known):
        return ""
    near = _near(lower, known) if len(lower) >= SHORTEST else None
    return "" if near is None else near[:1].upper() + near[1:] if word[:1].isupper() else near


def _near(word: str, known: Known) -> str | None:
    """Return the word one slip away: letters swapped, doubled or not, left out, or a vowel for another."""
    return next((other for other in _one_slip_away(word) if len(other) >= SHORTEST - 1 and known(other)), None)


def _one_slip_away(word: str) -> Iterator[str]:
    for at in range(len(word) - 1):
        if word[at] != word[at + 1]:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for at in range(1, len(word)):
        if word[at] == word[at - 1]:
            yield word[:at] + word[at + 1 :]
    for at in range(1, len(word)):
        yield word[:at] + word[at - 1] + word[at:]
    if len(word) > SHORTEST:
        for at in range(1, len(word)):
            for letter in "aeioudnrtsclmhgpwyvkbf":
                yield word[:at] + letter + word[at:]
        for at in range(1, len(word)):
            if word[at] in _VOWELS:
                yield from (word[:at] + vowel + word[at + 1 :] for vowel in _VOWELS if vowel != word[at])
        for at in range(1, len(word) - 1):
            yield word[:at] + word[at + 1 :]


_BRITISH = (
    ("our", "or"), ("is", "iz"), ("ys", "yz"), ("tre", "ter"), ("ogue", "og"), ("ence", "ense"), ("ae", "e"),
    ("oe", "e"), ("mme", "m"), ("gement", "gment"), ("xion", "ction"), ("lled", "led"), ("lling", "ling"),
    ("ller", "ler"), ("lment", "llment"), ("que", "ck"), ("ce", "se"),
)  # fmt: skip
_JOINED = frozenset(("web", "box", "app", "log", "net", "day", "out", "off", "pop", "zip", "key", "map", "tab", "job"))
"""Short words that many others are put together with."""
_BEFORE = ("re", "pre", "non", "auto", "multi", "sub", "over", "anti", "inter", "micro")
_WHOLE = 4


def _is_other_spelling(word: str, known: Known) -> bool:
    """Tell whether a word is right though a dictionary lacks it: British, or put together of two it holds."""
    for old, new in _BRITISH:
        at = word.rfind(old)
        if at >= 0 and known(word[:at] + new + word[at + len(old) :]):
            return True
    for at in range(_WHOLE - 1, len(word) - _WHOLE + 2):
        first, second = word[:at], word[at:]
        whole = (len(first) >= _WHOLE or first in _JOINED) and (len(second) >= _WHOLE or second in _JOINED)
        if whole and known(first) and known(second):
            return True
    rests = (word[len(part) :] for part in _BEFORE if word.startswith(part) and len(word) - len(part) >= _WHOLE)
    return any(map(known, rests))


_VARIANTS = (
    ("our", "or"), ("is", "iz"), ("ys", "yz"), ("tre", "ter"), ("ll", "l"), ("l", "ll"), ("ogue", "og"),
    ("ence", "ense"), ("ae", "e"), ("oe", "e"), ("mme", "m"), ("gement", "gment"), ("que", "ck"), ("re", "er"),
    ("pp", "p"), ("ph", "f"), ("tt", "t"), ("e", ""), ("xion", "ction"),
)  # fmt: skip
_PREFIXES = (
    "un", "re", "pre", "non", "auto", "multi", "sub", "over", "mis", "co", "anti", "inter", "micro", "web", "e",
)  # fmt: skip
_ENDINGS = (
    "s", "es", "ed", "ing", "er", "ers", "able", "ly", "ness", "less", "ish", "like", "wise", "free", "in", "up",
    "out", "off",
)  # fmt: skip


def _is_variant(word: str, known: Known) -> bool:
    """Tell whether a word may be one anyway: put together of any two, or with an ending of its own."""
    for old, new in _VARIANTS:
        at = word.rfind(old)
        if at >= 0 and known(word[:at] + new + word[at + len(old) :]):
            return True
    if any(known(word[:at]) and known(word[at:]) for at in range(3, len(word) - 2)):
        return True
    rests = [word[len(part) :] for part in _PREFIXES if word.startswith(part) and len(word) - len(part) > _PART]
    rests += [word[: -len(part)] for part in _ENDINGS if word.endswith(part) and len(word) - len(part) >= _PART]
    return any(map(known, rests))
