"""The tables `[spelling]` and `[hints]`: what helps while one writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Spelling:
    """Which words are underlined as not in the dictionary."""

    enabled: bool = True
    dictionaries: tuple[Path, ...] = ()
    """Folders with Hunspell dictionaries (`ru_RU.aff` beside `ru_RU.dic`), looked through before the usual ones."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What is said of a reply while it is written."""

    reading_level: bool = False
    """Whether the grade a reply reads as is shown, beside the customer's own."""
