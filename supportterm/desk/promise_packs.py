"""The promise packs from TOML to values, checked as they are loaded: a pack that fails its own examples is not used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from supportterm.desk.pack_files import FORMAT, LANGUAGES, ByLanguage, table
from supportterm.domain import promises
from supportterm.domain.concepts import Rule
from supportterm.domain.errors import ConfigError
from supportterm.domain.lexicon import Lexicon
from supportterm.domain.promises import PromisePack

_KEYS = frozenset(
    ("format", "lang", "kind", "window", "common", "rules", "nearby", "anywhere", "halves", "next_is_clear",
     "concepts", "patterns", "examples")
)  # fmt: skip


class PromisePacks(ByLanguage[PromisePack]):
    """The shipped packs by language, each loaded when it is first asked for."""

    def __getitem__(self, lang: str) -> PromisePack:
        """Return a language's pack; raises KeyError where there is none, ConfigError where it is unusable."""
        if lang not in LANGUAGES:
            raise KeyError(lang)
        return _shipped(lang)


@cache
def _shipped(lang: str) -> PromisePack:
    return load(resources.files("supportterm.packs") / "promises" / f"{lang}.toml")


def load(file: Traversable) -> PromisePack:
    """Read a language's pack, and try it on its own examples.

    Raises:
        ConfigError: the file is not TOML, a rule names an unknown concept, or
            an example is missing or does not behave as it says.
    """
    pack = _build(file.name, table(file))
    for problem in failures(pack):
        raise ConfigError(f"{file.name}: {problem} Mend the rule or the example.")
    return pack


def failures(pack: PromisePack) -> Iterator[str]:
    """Yield a sentence for each example of the pack that does not behave as it says."""
    for text, expected in [(text, True) for text in pack.fires] + [(text, False) for text in pack.silent]:
        if bool(promises.find(text, pack.lang, {pack.lang: pack})) is not expected:
            yield f"it {'misses' if expected else 'wrongly fires on'} “{text}”."


def _build(name: str, data: dict[str, Any]) -> PromisePack:
    if data.get("format") != FORMAT:
        raise ConfigError(f"{name}: format {data.get('format')!r} is not known here. This version reads {FORMAT}.")
    if unknown := set(data) - _KEYS:
        raise ConfigError(f"{name}: unknown key `{min(unknown)}`. Known: {', '.join(sorted(_KEYS))}.")
    try:
        lexicon = Lexicon(
            data["concepts"] | {promises.TIME: []},
            data.get("patterns", {}),
            lang=data["lang"],
            kind=data.get("kind", "words"),
        )
        pack = PromisePack(
            lang=data["lang"],
            lexicon=lexicon,
            rules=tuple(Rule.parse(rule) for rule in data["rules"]),
            nearby=tuple(Rule.parse(rule) for rule in data["nearby"]),
            anywhere=tuple(Rule.parse(rule) for rule in data["anywhere"]),
            halves=data.get("halves", {}),
            window=data.get("window", 12),
            common=frozenset(data.get("common", ())),
            next_is_clear=data.get("next_is_clear", True),
            fires=tuple(data["examples"]["fires"]),
            silent=tuple(data["examples"]["silent"]),
        )
    except KeyError as error:
        raise ConfigError(f"{name}: the key {error} is missing. Add it.") from None
    except (ValueError, TypeError, AttributeError, re.error) as error:
        raise ConfigError(f"{name}: {error}.") from None
    named = {concept for rule in (*pack.rules, *pack.nearby, *pack.anywhere) for concept in rule.concepts()}
    for concept in sorted(named - lexicon.names):
        raise ConfigError(f"{name}: `{concept}`, which a rule needs, is missing in [concepts].")
    if not pack.fires or not pack.silent:
        raise ConfigError(f"{name}: [examples] needs texts that fire and texts that are silent.")
    return pack
