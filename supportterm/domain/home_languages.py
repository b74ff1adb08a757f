"""The language a country's addresses mostly stand for: the weakest evidence, asked where nothing else tells."""

from __future__ import annotations

_BY_COUNTRY = {
    "en": "uk ie us au nz",
    "ru": "ru su xn--p1ai",
    "ja": "jp",
    "tr": "tr",
    "de": "de at",
    "fr": "fr",
    "es": "es mx ar cl pe uy",
    "it": "it",
    "pt": "pt br",
    "nl": "nl",
    "pl": "pl",
    "sv": "se",
    "no": "no",
    "da": "dk",
    "fi": "fi",
    "cs": "cz",
    "hu": "hu",
    "ro": "ro",
    "el": "gr",
    "uk": "ua",
    "ko": "kr",
    "zh": "cn tw",
    "vi": "vn",
    "he": "il",
}
"""Countries of one language; those of several, and domains sold to all the world (io, me, tv), tell nothing."""
_HOME = {country: lang for lang, countries in _BY_COUNTRY.items() for country in countries.split()}


def of_address(address: str) -> str | None:
    """Return the language of the country an address lies in, None where that tells nothing."""
    return _HOME.get(address.rpartition("@")[2].rpartition(".")[2].lower())
