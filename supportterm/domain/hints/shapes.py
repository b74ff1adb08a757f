"""What looks alike in every language: placeholders, numbers, addresses, labels; a pack holds the expressions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from supportterm.domain.hints.courtesies import Courtesies


@dataclass(frozen=True, slots=True)
class Shapes:
    """Regular expressions by name, those of a person's data by what they find, and words by list."""

    patterns: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    personal: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    lists: Mapping[str, frozenset[str]] = field(default_factory=dict)
    courtesies: Mapping[str, Courtesies] = field(default_factory=dict)
    """What answers nothing, by language."""

    def __getitem__(self, name: str) -> re.Pattern[str]:
        """Return an expression by its name; KeyError where the pack lacks it."""
        return self.patterns[name]
