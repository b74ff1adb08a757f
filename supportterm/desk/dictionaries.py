"""Dictionaries for spelling, loaded when a reply in their language is first checked; none where there is no library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from supportterm.domain.hints.spelling import Known

_SHIPPED = {"en": "en_US"}
"""Dictionaries that come with the library."""


class Dictionaries(Mapping[str, Known]):
    """What tells whether a word is one, by language."""

    def __getitem__(self, lang: str) -> Known:
        """Return a language's dictionary; raises KeyError where there is none."""
        known = _loaded(lang)
        if known is None:
            raise KeyError(lang)
        return known

    def __iter__(self) -> Iterator[str]:
        return iter(_SHIPPED)

    def __len__(self) -> int:
        return len(_SHIPPED)


@cache
def _loaded(lang: str) -> Known | None:
    if lang not in _SHIPPED:
        return None
    try:
        from hunspell import Hunspell
    except ImportError:
        return None
    spell = Hunspell(_SHIPPED[lang]).spell

    @lru_cache(maxsize=50_000)
    def known(word: str) -> bool:
        return bool(spell(word))

    return known
