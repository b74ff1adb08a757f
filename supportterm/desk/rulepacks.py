"""Rule packs from TOML to values, checked as they are loaded: a pack that fails its own examples is not used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from supportterm.desk.pack_files import FORMAT, LANGUAGES, ByLanguage, table
from supportterm.domain.concepts import Rule
from supportterm.domain.errors import ConfigError
from supportterm.domain.leaning import Leaning
from supportterm.domain.lexicon import Lexicon
from supportterm.domain.signals import Pack, Signal

_KEYS = frozenset(("format", "lang", "kind", "window", "common", "concepts", "patterns", "more", "examples"))


class TriagePacks(ByLanguage[Pack]):
    """The shipped packs by language, each loaded when it is first asked for."""

    def __getitem__(self, lang: str) -> Pack:
        """Return a language's pack; raises KeyError where there is none, ConfigError where it is unusable."""
        if lang not in LANGUAGES:
            raise KeyError(lang)
        return _shipped(lang)


@cache
def _shipped(lang: str) -> Pack:
    words, signals = shipped_files(lang)
    return load(words, signals)


@cache
def _leaning() -> Leaning:
    data = table(resources.files("supportterm.packs") / "triage" / "leaning.toml")
    return Leaning(data["bias"], data["weights"])


def shipped_files(lang: str) -> tuple[Traversable, Traversable]:
    """Return a language's words and the rules they serve, as they are shipped."""
    folder = resources.files("supportterm.packs") / "triage"
    return folder / f"{lang}.toml", folder / "signals.toml"


def load(words: Traversable, signals: Traversable) -> Pack:
    """Read a language's words and the rules they serve, and try the pack on its own examples.

    Raises:
        ConfigError: a file is not TOML, names an unknown concept or signal,
            lacks an example, or an example does not behave as it says.
    """
    pack = build(words.name, table(words), signals.name, table(signals))
    for problem in failures(pack):
        raise ConfigError(f"{words.name}: {problem} Mend the rule or the example.")
    return pack


def failures(pack: Pack) -> Iterator[str]:
    """Yield a sentence for each example of the pack that does not behave as it says."""
    for id_, fires, silent in pack.examples:
        signals = [signal for signal in pack.signals if signal.id == id_]
        for text, expected in [(text, True) for text in fires] + [(text, False) for text in silent]:
            reading = pack.read(text)
            if any(signal.find(reading) for signal in signals) is not expected:
                yield f"`{id_}` {'misses' if expected else 'wrongly fires on'} “{text}”."


def build(name: str, data: dict[str, Any], shared_name: str, shared: dict[str, Any]) -> Pack:
    """Make a pack of a language's words and the shared rules; its examples are not tried yet.

    Raises:
        ConfigError: something in them is unknown or missing.
    """
    if data.get("format") != FORMAT:
        raise ConfigError(f"{name}: format {data.get('format')!r} is not known here. This version reads {FORMAT}.")
    if unknown := set(data) - _KEYS:
        raise ConfigError(f"{name}: unknown key `{min(unknown)}`. Known: {', '.join(sorted(_KEYS))}.")
    try:
        lexicon = Lexicon(data["concepts"], data.get("patterns", {}), lang=data["lang"], kind=data.get("kind", "words"))
        more: dict[str, list[str]] = data.get("more", {})
        entries = [(entry, True) for entry in shared.get("signal", ())] + [
            (entry, False) for entry in shared.get("mark", ())
        ]
        signals = tuple(_signal(entry, scored, more) for entry, scored in entries)
        examples = tuple(
            (id_, tuple(both.get("fires", ())), tuple(both.get("silent", ())))
            for id_, both in data.get("examples", {}).items()
        )
    except KeyError as error:
        raise ConfigError(f"{name} with {shared_name}: the key {error} is missing. Add it.") from None
    except (ValueError, TypeError, AttributeError, re.error) as error:
        raise ConfigError(f"{name} with {shared_name}: {error}.") from None
    _check(name, shared_name, lexicon, signals, more, examples)
    return Pack(
        data["lang"],
        lexicon,
        signals,
        data.get("window", 8),
        frozenset(data.get("common", ())),
        examples,
        _leaning(),
    )


def _signal(entry: dict[str, Any], scored: bool, more: dict[str, list[str]]) -> Signal:
    return Signal(
        entry["id"],
        int(entry["points"]) if scored else None,
        entry["words"] if scored else entry["id"],
        tuple(Rule.parse(rule) for rule in (*entry["rules"], *more.get(_key(entry), ()))),
        tuple(Rule.parse(rule) for rule in entry.get("unless", ())),
        entry.get("negatable", True),
    )


def _key(entry: dict[str, Any]) -> str:
    """Return what a language's `[more]` calls an entry: its id, for deadlines with the points (`deadline-20`)."""
    return f"{entry['id']}-{entry['points']}" if entry["id"] == "deadline" else str(entry["id"])


def _check(
    name: str,
    shared_name: str,
    lexicon: Lexicon,
    signals: tuple[Signal, ...],
    more: dict[str, list[str]],
    examples: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...],
) -> None:
    for signal in signals:
        for rule in (*signal.rules, *signal.unless):
            for concept in rule.concepts():
                if concept not in lexicon.names:
                    raise ConfigError(f"{name}: `{concept}`, which `{signal.id}` needs, is missing in [concepts].")
    ids = {signal.id for signal in signals}
    for where, used in (("more", {key.rstrip("-0123456789") for key in more}), ("examples", {e[0] for e in examples})):
        if strange := used - ids:
            raise ConfigError(f"{name}: [{where}] names `{min(strange)}`, which {shared_name} does not know.")
    shown = {id_ for id_, fires, silent in examples if fires and silent}
    missing = {signal.id for signal in signals if signal.points is not None} - shown - {"how-to"}
    if missing:
        raise ConfigError(f"{name}: `{min(missing)}` needs an example that fires and one that is silent.")
