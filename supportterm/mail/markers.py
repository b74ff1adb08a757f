"""The marker data of `packs/quotes`, one file a language, joined into patterns on first use."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Markers:
    """What all languages know, joined; phrases are in lower case."""

    wrote: re.Pattern[str]
    separators: re.Pattern[str]
    roles: dict[str, frozenset[str]]
    """A header label's roles: a label may mean `from` in one language and `to` in another."""
    device_begins: tuple[str, ...]
    device_ends: tuple[str, ...]
    automatic: tuple[str, ...]
    bounce: re.Pattern[str]
    form_name: frozenset[str]
    form_email: frozenset[str]
    words: dict[str, frozenset[str]]


@cache
def markers() -> Markers:
    """Load the marker data."""
    wrote: set[str] = set()
    separators: set[str] = set()
    roles: dict[str, set[str]] = {}
    begins: dict[str, None] = {}
    ends: dict[str, None] = {}
    automatic: dict[str, None] = {}
    bounce: set[str] = set()
    name: set[str] = set()
    email: set[str] = set()
    words: dict[str, frozenset[str]] = {}
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
        ends.update(dict.fromkeys(data["device"]["ends"]))
        automatic.update(dict.fromkeys(data["automatic"]["subjects"]))
        bounce.update(data["bounce"]["phrases"])
        name.update(data["form"]["name"])
        email.update(data["form"]["email"])
        if data["guess"]["words"].strip():
            words[data["language"]] = frozenset(data["guess"]["words"].split())
    return Markers(
        wrote=_any(wrote),
        separators=_any(separators),
        roles={label: frozenset(known) for label, known in roles.items()},
        device_begins=tuple(begins),
        device_ends=tuple(ends),
        automatic=tuple(sorted(automatic, key=len, reverse=True)),
        bounce=re.compile("|".join(re.escape(phrase) for phrase in sorted(bounce, key=len, reverse=True))),
        form_name=frozenset(name),
        form_email=frozenset(email),
        words=words,
    )


def _any(phrases: set[str]) -> re.Pattern[str]:
    """Match any phrase as whole words; scripts without blanks need no word ends."""
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    alternatives = [
        (r"(?<!\w)" if phrase[0].isascii() or (phrase[0].isalpha() and phrase[0] < "\u3000") else "")
        + re.escape(phrase)
        + (r"(?!\w)" if phrase[-1] < "\u3000" else "")
        for phrase in longest_first
    ]
    return re.compile("|".join(alternatives))
