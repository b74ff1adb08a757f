"""Hunspell dictionaries: where they lie, how they are had, and a word looked up in one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib import util
from pathlib import Path

from supportterm import paths
from supportterm.domain.errors import ConfigError
from supportterm.domain.hints.slips import Known, Verdict, meant

NAMES: Mapping[str, tuple[str, ...]] = {
    "en": ("en_US", "en_GB", "en_AU", "en_CA", "en"),
    "ru": ("ru_RU", "ru"),
    "tr": ("tr_TR", "tr"),
}
"""What a language's dictionary is called, the first that is there counts."""
PACKAGES: Mapping[str, str] = {"en": "hunspell-en-us", "ru": "hunspell-ru", "tr": "hunspell-tr"}
"""What installs it on Debian and its kin."""
_EVERYDAY = {
    "en": ("the", "and", "please", "we", "is", "have", "your", "answer"),
    "ru": ("и", "не", "что", "это", "для", "как", "ответ", "пожалуйста"),
    "tr": ("ve", "bir", "için", "bu", "ile", "çok", "evet", "cevap"),
}
"""Words that every dictionary of a language holds; one that lacks most of them is broken."""
_LONGEST = 64


def folders(configured: Iterable[Path] = ()) -> tuple[Path, ...]:
    """Return where dictionaries are looked for: as configured, the user's own, the system's, those shipped."""
    usual = [
        paths.user_dictionaries(),
        *(Path(place) for place in ("/usr/share/hunspell", "/usr/share/myspell/dicts", "/usr/share/myspell")),
        *(Path(place) for place in ("/usr/local/share/hunspell", "/opt/homebrew/share/hunspell")),
    ]
    if sys.platform == "darwin":
        usual += [Path("~/Library/Spelling").expanduser(), Path("/Library/Spelling")]
    library = util.find_spec("hunspell")
    shipped = [Path(library.origin).parent / "dictionaries"] if library and library.origin else []
    return (*configured, *usual, *shipped)


def find(lang: str, places: Iterable[Path]) -> Path | None:
    """Return a language's dictionary, its `.dic` file; None where there is none."""
    names = NAMES.get(lang, ())
    found = (place / f"{name}.dic" for place in places for name in names)
    return next((file for file in found if _is_there(file)), None)


def load(lang: str, file: Path) -> Dictionary:
    """Read a dictionary.

    Raises:
        ConfigError: it cannot be read, or is none of its language; the text says what to do.
    """
    try:
        from hunspell import Hunspell
    except ImportError:
        raise ConfigError("No spelling: the library chunspell is not installed. Install supportterm anew.") from None
    if not (_is_there(file) and os.access(file, os.R_OK) and os.access(file.with_suffix(".aff"), os.R_OK)):
        raise ConfigError(f"The dictionary {file} cannot be read. Check that you may read it and its .aff file.")
    try:
        dictionary = Dictionary(Hunspell(file.stem, hunspell_data_dir=str(file.parent), system_encoding="utf-8"))
        held = sum(dictionary.knows(word, where_it_has_no_letters=False) for word in _EVERYDAY[lang])
    except Exception as error:  # whatever the library makes of a damaged file
        raise ConfigError(f"The dictionary {file} is broken ({type(error).__name__}). {_again(lang)}") from None
    if held * 2 <= len(_EVERYDAY[lang]):
        raise ConfigError(f"The dictionary {file} is broken: it lacks everyday words. {_again(lang)}")
    return dictionary


class Dictionary:
    """One language's words, looked up in this process: `suggest` may take a second."""

    def __init__(self, library: object) -> None:
        self._spell = library.spell  # type: ignore[attr-defined] # the library has no types
        self._suggest = library.suggest  # type: ignore[attr-defined] # the library has no types

    def knows(self, word: str, *, where_it_has_no_letters: bool = True) -> bool:
        """Tell whether it holds a word; what it has no letters for is none of its business."""
        try:
            return len(word) > _LONGEST or bool(self._spell(word))
        except UnicodeError:
            return where_it_has_no_letters

    def suggest(self, word: str) -> tuple[str, ...]:
        """Return what may have been meant, likeliest first."""
        try:
            return tuple(self._suggest(word[:_LONGEST]))
        except UnicodeError:
            return ()


class Dictionaries(Mapping[str, Verdict]):
    """What tells slips of the hand, by language, for commands that may wait: English, from the dictionary shipped."""

    def __getitem__(self, lang: str) -> Verdict:
        """Return a language's verdicts; raises KeyError where there is no dictionary."""
        verdict = _loaded() if lang == "en" else None
        if verdict is None:
            raise KeyError(lang)
        return verdict

    def __iter__(self) -> Iterator[str]:
        return iter(("en",))

    def __len__(self) -> int:
        return 1


@cache
def _loaded() -> Verdict | None:
    file = find("en", folders()[-1:])
    if file is None:
        return None
    try:
        knows = load("en", file).knows
    except ConfigError:
        return None
    return remembering("en", knows)


def remembering(lang: str, known: Known) -> Verdict:
    """Return verdicts that are found once."""
    remembered = lru_cache(maxsize=50_000)(known)
    return lru_cache(maxsize=10_000)(lambda word: meant(word, remembered, lang))


def _is_there(file: Path) -> bool:
    try:
        return file.is_file() and file.with_suffix(".aff").is_file()
    except OSError:
        return False


def _again(lang: str) -> str:
    return f"Install it anew: `apt install --reinstall {PACKAGES[lang]}`, or copy a good one in its place."
