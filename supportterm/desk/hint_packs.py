"""The hint packs from TOML to values: two files a language, `LANG.wording.toml` and `LANG.structure.toml`.

A file holds `format`, `lang`, `kind`, `window` and `[concepts]` as the triage
packs do; `[patterns]` are regular expressions over the folded text (lower
case, Turkish without diacritics), `[lists]` what code needs besides. Each
`[[rule]]` names an `id` of the catalogue (several may share one) and:
`slots` and `patterns`, any of which makes it hold; `unless`, concepts or rules
that undo a match they overlap or, with `unless-scope = "sentence"`, share a
sentence with; `negatable = false` where a `not` beside the words undoes
nothing; `when`, the circumstances; `rewrite`, a list of `find` and `put`;
`absent = true` for what is missing, `least`, how many places it takes, `where`,
the part of the reply (`first-line`, `opening`, `last-lines`), `insert`, words to
insert, with `above = true` before the matter; `instead`, like `rewrite`, for a whole
clause. A `put` may name times: `{soon}`, `{day}` and `{day_end}`, `{week}` and
`{week_end}`, the next working day and the first of the next week;
`fires` and `silent`, texts or tables with `reply` and circumstances.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from supportterm.desk.dictionaries import Dictionaries
from supportterm.desk.pack_files import FORMAT, LANGUAGES, ByLanguage, table
from supportterm.desk.promise_packs import PromisePacks
from supportterm.desk.rulepacks import TriagePacks
from supportterm.domain.concepts import Rule
from supportterm.domain.errors import ConfigError
from supportterm.domain.hints.catalogue import CATALOGUE
from supportterm.domain.hints.checking import check
from supportterm.domain.hints.courtesies import Courtesies
from supportterm.domain.hints.packs import Example, HintPack, PackRule, Packs
from supportterm.domain.hints.reply import Reply
from supportterm.domain.hints.shapes import Shapes
from supportterm.domain.hints.slips import Verdict
from supportterm.domain.lexicon import Lexicon
from supportterm.domain.signals import Pack

WHERE = ("", "first-line", "opening", "last-lines")
WORDING, STRUCTURE = "wording", "structure"
_KEYS = frozenset(("format", "lang", "kind", "window", "concepts", "patterns", "lists", "rule", "examples", "off"))
_RULE_KEYS = frozenset(
    (
        "id",
        "slots",
        "patterns",
        "unless",
        "unless-scope",
        "negatable",
        "when",
        "rewrite",
        "absent",
        "least",
        "where",
        "insert",
        "above",
        "instead",
        "fires",
        "silent",
    )
)
_WHEN = frozenset(("state", "channel", "turn", "upset", "attachments", "approved"))
_FEWEST_EXAMPLES = 2


class HintPacks(ByLanguage[HintPack]):
    """The shipped packs of one part by language, each loaded when it is first asked for."""

    def __init__(self, part: str) -> None:
        self._part = part

    def __getitem__(self, lang: str) -> HintPack:
        """Return a language's pack; raises KeyError where there is none, ConfigError where it is unusable."""
        pack = _shipped(lang, self._part) if lang in LANGUAGES else None
        if pack is None:
            raise KeyError(lang)
        return pack


def shipped_file(lang: str, part: str) -> Traversable:
    """Return where a language's pack lies in the program."""
    return resources.files("supportterm.packs") / "hints" / f"{lang}.{part}.toml"


@cache
def _shipped(lang: str, part: str) -> HintPack | None:
    file = shipped_file(lang, part)
    return load(file) if file.is_file() else None


def shipped(triage: Mapping[str, Pack] | None = None, dictionaries: Mapping[str, Verdict] | None = None) -> Packs:
    """Return everything that checking a reply reads; a language's packs are loaded when a reply is in it."""
    verdicts = Dictionaries() if dictionaries is None else dictionaries
    return Packs(HintPacks(WORDING), HintPacks(STRUCTURE), triage or TriagePacks(), PromisePacks(), shapes(), verdicts)


@cache
def shapes() -> Shapes:
    """Return what looks alike in every language.

    Raises:
        ConfigError: the shipped file is broken.
    """
    file = resources.files("supportterm.packs") / "hints" / "shapes.toml"
    data = table(file)
    return Shapes(
        {name: _compiled(file.name, name, pattern) for name, pattern in data["shapes"].items()},
        {name: _compiled(file.name, name, pattern) for name, pattern in data["personal"].items()},
        {name: frozenset(words) for name, words in data["lists"].items()},
        {
            lang: Courtesies(**{part: _compiled(file.name, f"{lang}.{part}", held[part]) for part in held})
            for lang, held in data["courtesies"].items()
        },
    )


def load(file: Traversable) -> HintPack:
    """Read a pack; its examples are not tried.

    Raises:
        ConfigError: the file is not TOML, a key, rule or concept is unknown, a
            regular expression is broken, or an example is missing.
    """
    return build(file.name, table(file))


def build(name: str, data: dict[str, Any]) -> HintPack:
    """Make a pack of what a file holds.

    Raises:
        ConfigError: something in it is unknown, missing or broken.
    """
    if data.get("format") != FORMAT:
        raise ConfigError(f"{name}: format {data.get('format')!r} is not known here. This version reads {FORMAT}.")
    if unknown := set(data) - _KEYS:
        raise ConfigError(f"{name}: unknown key `{min(unknown)}`. Known: {', '.join(sorted(_KEYS))}.")
    for pattern in data.get("patterns", {}):
        _compiled(name, pattern, data["patterns"][pattern])
    try:
        lexicon = Lexicon(data["concepts"], data.get("patterns", {}), lang=data["lang"], kind=data.get("kind", "words"))
        rules = tuple(_rule(name, entry) for entry in data.get("rule", ()))
        examples = tuple(_examples(data))
    except KeyError as error:
        raise ConfigError(f"{name}: the key {error} is missing. Add it.") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise ConfigError(f"{name}: {error}.") from None
    pack = HintPack(
        name,
        data["lang"],
        lexicon,
        rules,
        data.get("window", 8),
        examples,
        data.get("lists", {}),
        frozenset(data.get("off", ())),
    )
    _check_names(pack)
    return pack


def _compiled(name: str, where: str, pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except (re.error, TypeError) as error:
        raise ConfigError(f"{name}: the pattern of `{where}` is broken: {error}. Mend it.") from None


def _rule(name: str, entry: dict[str, Any]) -> PackRule:
    id_ = entry["id"]
    if id_ not in CATALOGUE:
        raise ConfigError(f"{name}: there is no rule `{id_}`. Known: {', '.join(CATALOGUE)}.")
    if unknown := (set(entry) - _RULE_KEYS) or (set(entry.get("when", {})) - _WHEN):
        raise ConfigError(f"{name}: `{id_}` has an unknown key `{min(unknown)}`.")
    if (scope := entry.get("unless-scope", "overlap")) not in ("overlap", "sentence"):
        raise ConfigError(f"{name}: `unless-scope` of `{id_}` is overlap or sentence, not {scope!r}.")
    if (where := entry.get("where", "")) not in WHERE:
        raise ConfigError(f"{name}: `where` of `{id_}` is one of {', '.join(filter(None, WHERE))}, not {where!r}.")
    return PackRule(
        id_,
        tuple(Rule.parse(text) for text in (*entry.get("slots", ()), *entry.get("patterns", ()))),
        tuple(Rule.parse(text) for text in entry.get("unless", ())),
        scope == "sentence",
        entry.get("negatable", True),
        entry.get("when", {}),
        tuple((_compiled(name, id_, f"(?i){one['find']}"), one["put"]) for one in entry.get("rewrite", ())),
        entry.get("absent", False),
        entry.get("least", 1),
        where,
        entry.get("insert"),
        entry.get("above", False),
        tuple((_compiled(name, id_, f"(?i){one['find']}"), one["put"]) for one in entry.get("instead", ())),
    )


def _examples(data: dict[str, Any]) -> Iterator[Example]:
    groups = [(entry["id"], entry) for entry in data.get("rule", ())] + list(data.get("examples", {}).items())
    for id_, group in groups:
        for kind in ("fires", "silent"):
            for item in group.get(kind, ()):
                around = {"reply": item} if isinstance(item, str) else dict(item)
                yield Example(id_, around.pop("reply"), kind == "fires", around)


def _check_names(pack: HintPack) -> None:
    for rule in pack.rules:
        for part in (*rule.slots, *rule.unless):
            for concept in part.concepts():
                if concept not in pack.lexicon.names:
                    raise ConfigError(f"{pack.name}: `{concept}`, which `{rule.id}` needs, is no concept or pattern.")
    for id_ in {rule.id for rule in pack.rules} | {example.rule for example in pack.examples}:
        if id_ not in CATALOGUE:
            raise ConfigError(f"{pack.name}: [examples] names `{id_}`, which is no rule.")
        for fires in (True, False):
            if sum(one.rule == id_ and one.fires is fires for one in pack.examples) < _FEWEST_EXAMPLES:
                kind = "fires" if fires else "silent"
                raise ConfigError(f"{pack.name}: `{id_}` needs at least {_FEWEST_EXAMPLES} examples in `{kind}`.")


def failures(pack: HintPack, packs: Packs) -> Iterator[str]:
    """Yield a sentence for each example of the pack that does not behave as it says."""
    for _, problem in missed(pack, packs):
        yield f"{pack.name}: {problem}"


def missed(pack: HintPack, packs: Packs) -> Iterator[tuple[str, str]]:
    """Yield the rule, and a sentence, for each example of the pack that does not behave as it says."""
    for example in pack.examples:
        reply = reply_of(example, pack.lang)
        if any(hint.rule == example.rule for hint in check(reply, packs)) is not example.fires:
            kind = "misses" if example.fires else "wrongly fires on"
            yield example.rule, f"`{example.rule}` {kind} “{example.reply}”."


def reply_of(example: Example, lang: str) -> Reply:
    """Return an example as a reply; its circumstances are fields of `Reply`."""
    around: dict[str, Any] = {"lang": lang}
    for key, value in example.circumstances.items():
        around[key] = tuple(value) if isinstance(value, list) else value
    return Reply(example.reply, **around)
