"""The marker data of `packs/quotes`, one file a language, joined into patterns on first use."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

_NO_BLANKS = "\u2e80"
"""From here on scripts write words without blanks between them."""
_LETTER = "[^\\W\u2e80-\u9fff\uac00-\ud7a3]"


def lowered(text: str) -> str:
    """Return text in lower case, the Turkish capital İ as a plain i."""
    return text.replace("İ", "i").lower()


@dataclass(frozen=True, slots=True)
class Phrases:
    """Many phrases looked for at once: plain containment first, which is quick, word ends only then."""

    phrases: tuple[str, ...]
    pattern: re.Pattern[str]

    def within(self, text: str) -> bool:
        """Tell whether lowered text holds any of the phrases as whole words."""
        return any(phrase in text for phrase in self.phrases) and self.pattern.search(text) is not None


@dataclass(frozen=True, slots=True)
class Markers:
    """What all languages know, joined; phrases are in lower case."""

    wrote: Phrases
    separators: re.Pattern[str]
    roles: dict[str, frozenset[str]]
    """A header label's roles: a label may mean `from` in one language and `to` in another."""
    device_begins: tuple[str, ...]
    device_beside: tuple[str, ...]
    products: Phrases
    automatic: tuple[str, ...]
    bounce: tuple[str, ...]
    """Beginnings and parts of words too: they are looked for by plain containment."""
    form_name: frozenset[str]
    form_email: frozenset[str]
    words: dict[str, frozenset[str]]
    short: dict[str, frozenset[str]]
    """What tells a language in a few words: words, beginnings (`kargo*`), endings (`*yorum`)."""


@cache
def markers() -> Markers:
    """Load the marker data."""
    wrote: set[str] = set()
    separators: set[str] = set()
    roles: dict[str, set[str]] = {}
    begins: dict[str, None] = {}
    beside: dict[str, None] = {}
    products: set[str] = set()
    automatic: dict[str, None] = {}
    bounce: set[str] = set()
    name: set[str] = set()
    email: set[str] = set()
    words: dict[str, frozenset[str]] = {}
    short: dict[str, frozenset[str]] = {}
    folder = resources.files("supportterm.packs") / "quotes"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        wrote.update(data["wrote"])
        separators.update(data["separators"])
        for role, labels in data["labels"].items():
            for label in labels:
                roles.setdefault(label, set()).add(role)
        begins.update(dict.fromkeys(data["device"]["begins"]))
        beside.update(dict.fromkeys(data["device"]["beside"]))
        products.update(data["device"].get("products", ()))
        automatic.update(dict.fromkeys(data["automatic"]["subjects"]))
        bounce.update(data["bounce"]["phrases"])
        name.update(data["form"]["name"])
        email.update(data["form"]["email"])
        if data["guess"]["words"].strip():
            words[data["language"]] = frozenset(data["guess"]["words"].split())
            short[data["language"]] = frozenset(data["guess"].get("short", "").split())
    return Markers(
        wrote=Phrases(tuple(sorted(wrote)), _any(wrote)),
        separators=_any(separators),
        roles={label: frozenset(known) for label, known in roles.items()},
        device_begins=tuple(begins),
        device_beside=tuple(beside),
        products=Phrases(tuple(sorted(products)), _any(products)),
        automatic=tuple(sorted(automatic, key=len, reverse=True)),
        bounce=tuple(sorted(bounce)),
        form_name=frozenset(name),
        form_email=frozenset(email),
        words=words,
        short=short,
    )


def _any(phrases: set[str]) -> re.Pattern[str]:
    """Match any phrase as whole words; phrases of scripts without blanks need no word ends."""
    longest_first = [re.escape(phrase) for phrase in sorted(phrases, key=lambda phrase: (-len(phrase), phrase))]
    bounded = "|".join(one for one in longest_first if one[-1] < _NO_BLANKS)
    free = "|".join(one for one in longest_first if one[-1] >= _NO_BLANKS)
    return re.compile("|".join(filter(None, (f"(?<!{_LETTER})(?:{bounded})(?!{_LETTER})" if bounded else "", free))))
