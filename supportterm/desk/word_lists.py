"""Words that no dictionary holds and that are right here: the house's lists beside its macros, and the agent's own.

A list is a text file, `words.txt`: one word a line, what follows a `#` is a
remark. It is read again when it was written to.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from supportterm import paths
from supportterm.config import Config
from supportterm.domain.errors import RefusedError
from supportterm.domain.text import clean
from supportterm.domain.vocabulary import Fine

FILE = "words.txt"
_LONGEST = 1 << 20
_LONGEST_WORD = 64


class WordList:
    """One file of words."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp: tuple[int, int] | None = None
        self._fine = Fine()

    @property
    def fine(self) -> Fine:
        """The words, none where the file is not there or cannot be read."""
        stamp = _stamp(self.path)
        if stamp != self._stamp:
            self._stamp, self._fine = stamp, Fine.of(_words(self._text()), ())
        return self._fine

    def holds(self, word: str) -> bool:
        """Tell whether a word stands in it."""
        return word.casefold() in (each.casefold() for each in _words(self._text()))

    def add(self, word: str) -> None:
        """Write a word at its end.

        Raises:
            RefusedError: the file cannot be written; the text says why.
        """
        word = _one_word(word)
        if self.holds(word):
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a+", encoding="utf-8") as file:
                end = file.seek(0, os.SEEK_END)
                needs_break = bool(end) and not self._text().endswith("\n")
                file.write(f"{chr(10) if needs_break else ''}{word}\n")
        except (OSError, UnicodeError) as error:
            raise self._refused(error) from None

    def take_out(self, word: str) -> None:
        """Take a word out of it; what else stands in the file stays.

        Raises:
            RefusedError: the file cannot be written; the text says why.
        """
        lines = self._text().splitlines(keepends=True)
        kept = [line for line in lines if line.partition("#")[0].strip().casefold() != word.casefold()]
        if kept == lines:
            return
        name = ""
        try:
            descriptor, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{FILE}-")
            with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 a descriptor is no path
                file.writelines(kept)
            Path(name).chmod(self.path.stat().st_mode & 0o777)
            Path(name).replace(self.path)
        except (OSError, UnicodeError) as error:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise self._refused(error) from None

    def _text(self) -> str:
        try:
            with self.path.open(encoding="utf-8", errors="replace") as file:
                return file.read(_LONGEST)
        except OSError:
            return ""

    def _refused(self, error: Exception) -> RefusedError:
        reason = error.strerror if isinstance(error, OSError) else error
        return RefusedError(f"{self.path} cannot be written ({reason}). Check that you may write there.")


class WordLists:
    """The agent's own list and the house's, which stands in the last of the shared folders of macros."""

    def __init__(self, own: Path, shared: Iterable[Path] = ()) -> None:
        self.own = WordList(own)
        self._shared = [WordList(folder / FILE) for folder in shared]

    @property
    def house(self) -> WordList | None:
        """The list that words are added to for everyone; None where no folder is shared."""
        return self._shared[-1] if self._shared else None

    @property
    def fine(self) -> Fine:
        """The words of all lists."""
        found = self.own.fine
        for each in self._shared:
            found |= each.fine
        return found

    def holding(self, word: str) -> WordList | None:
        """Return the list a word stands in, one's own first."""
        return next((each for each in (self.own, *reversed(self._shared)) if each.holds(word)), None)


def of(config: Config) -> WordLists:
    """Return the lists of a configuration."""
    return WordLists(paths.user_words(config.path), config.macros)


def _words(text: str) -> list[str]:
    return [word for line in text.splitlines() if (word := line.partition("#")[0].strip())]


def _one_word(word: str) -> str:
    word = clean(word, _LONGEST_WORD).replace("#", "").strip()
    if not word:
        raise RefusedError("There is no word to add.")
    return word


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size
