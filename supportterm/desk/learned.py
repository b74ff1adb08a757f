"""The learned words of this house, in a file beside the store: written by `train`, read where it is switched on."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from supportterm.domain import learning, rejections
from supportterm.domain.errors import RefusedError
from supportterm.domain.leaning import LEANING
from supportterm.domain.own_words import own_words
from supportterm.domain.ticket import Reason
from supportterm.domain.triage import Words

_FORMAT = 1
_LARGEST = 8 << 20
_HEAVIEST = 10.0
_REMEMBERED = 1024


def beside(store: Path) -> Path:
    """Return where the learned words of a store lie."""
    return store.with_name(f"{store.stem}.learned.json")


def save(path: Path, weights: dict[str, float], facts: dict[str, Any]) -> None:
    """Write the learned words, readable by their owner alone; a crash leaves the file as it was.

    Raises:
        RefusedError: it cannot be written.
    """
    model = {"weights": weights, "facts": facts}
    text = json.dumps({"format": _FORMAT, "sha256": _sum(model), "model": model}, ensure_ascii=False, indent=1)
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise RefusedError(f"{path} cannot be written: {error.strerror}. Free the place, then train again.") from None


def read(path: Path) -> dict[str, float]:
    """Return the weights that `save` wrote.

    Raises:
        RefusedError: there is no such file, or it is not as it was written.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except FileNotFoundError:
        raise RefusedError("Nothing is learned yet: `supportterm train` learns; triage goes on without.") from None
    except OSError as error:
        raise RefusedError(f"{path} cannot be read: {error.strerror}. Triage goes on without it.") from None
    try:
        return _checked(raw)
    except (ValueError, OverflowError, RecursionError) as error:
        why = str(error) if type(error) is ValueError else "it is not JSON in UTF-8"
        raise RefusedError(
            f"{path} is left out: {why}. Triage goes on without; `supportterm train` makes it."
        ) from None


def _checked(raw: bytes) -> dict[str, float]:
    if len(raw) > _LARGEST:
        raise ValueError("it is larger than any that was learned")
    data = json.loads(raw.decode("utf-8"), parse_constant=_no_number)
    if not isinstance(data, dict) or data.get("format") != _FORMAT:
        raise ValueError("its format is not known here")
    model = data.get("model")
    if data.get("sha256") != _sum(model):
        raise ValueError("it was changed since it was written")
    weights = model.get("weights") if isinstance(model, dict) else None
    if not (isinstance(weights, dict) and all(_is_weight(weight) for weight in weights.values())):
        raise ValueError("a weight is none that is ever learned")
    return weights


def _is_weight(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _HEAVIEST


def _no_number(_: str) -> NoReturn:
    raise ValueError("a weight is no number")


def _sum(model: Any) -> str:
    return hashlib.sha256(json.dumps(model, ensure_ascii=True, sort_keys=True).encode()).hexdigest()


class Learned:
    """What was learned, followed while its file changes; nothing where it is off or cannot be used."""

    def __init__(self, path: Path | None = None, *, is_on: bool = False) -> None:
        """Take the file, and whether it counts."""
        self._path = path
        self._is_on = is_on
        self._stamp: tuple[int, int, int] | None = None
        self._load()

    def switched(self, is_on: bool) -> Learned:
        """Return the same file, read anew, switched on or off."""
        return Learned(self._path, is_on=is_on)

    def changed(self) -> bool:
        """Tell whether the file was written, came or went since it was read; never where it is off."""
        return self._is_on and self._stamped() != self._stamp

    def add(self, words: Words, texts: Sequence[str], rejected: frozenset[str] = frozenset()) -> Words:
        """Return what a customer's words say with the learned line, none beside automatic mail or where rejected."""
        if not self._weights or words.intent == "auto":
            return words
        if any(rejections.signal_of(mark) == learning.LEARNED for mark in rejected):
            return words
        found = self._line("\n".join(texts)[: learning.LONGEST])
        if not found:
            return words
        others = [line for line in words.lines if line.id != LEANING]
        return replace(words, lines=(*others, found))

    def _load(self) -> None:
        self._weights: dict[str, float] = {}
        self.problem = ""
        if self._is_on and self._path is not None:
            self._stamp = self._stamped()
            try:
                self._weights = read(self._path)
            except RefusedError as error:
                self.problem = str(error)
        self._line = lru_cache(_REMEMBERED)(self._read)

    def _read(self, text: str) -> Reason | None:
        return learning.line(own_words(text), self._weights)

    def _stamped(self) -> tuple[int, int, int] | None:
        try:
            stat = self._path.stat() if self._path else None
        except OSError:
            return None
        return (stat.st_mtime_ns, stat.st_size, stat.st_ino) if stat else None
