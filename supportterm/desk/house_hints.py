"""What a house adds to the shipped hints: words a rule speaks of, words it leaves alone, terms explained, rules off.

A file of `packs/hints` beside the configuration holds additions for one
language; it is tried with its own examples and with the shipped ones. Its keys:
`off`, rules that are not wanted; `[words]`, a rule and its words, a list or a
table of words and what to write instead; `[fine]`, words a rule leaves alone;
`[glossary]`, terms and what to say instead; `[concepts]`, more words for a
concept of the shipped packs; `[more]`, a rule and further slots;
`[examples.RULE]`, `fires` and `silent`.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from threading import RLock
from typing import Any

from supportterm import paths
from supportterm.config import Config
from supportterm.desk import hint_packs
from supportterm.desk.dictionaries import Dictionaries
from supportterm.desk.hint_packs import STRUCTURE, WORDING
from supportterm.desk.house_files import HouseFile, HouseFiles
from supportterm.desk.house_packs import HousePacks
from supportterm.desk.pack_files import LANGUAGES, ByLanguage, table
from supportterm.desk.promise_packs import PromisePacks
from supportterm.domain.errors import ConfigError
from supportterm.domain.hints.catalogue import CATALOGUE, REPLY
from supportterm.domain.hints.hint import Level
from supportterm.domain.hints.packs import HintPack, Packs
from supportterm.domain.hints.slips import Verdict
from supportterm.domain.hints.terms import TERM
from supportterm.domain.lexicon import fold

_TABLES = ("words", "fine", "glossary", "concepts", "more", "examples")
_KEYS = ("format", "lang", "off", *_TABLES)
_PARTS = (WORDING, STRUCTURE)
_JARGON = "jargon"
Data = dict[str, dict[str, Any]]
"""The tables of a language's two packs, by part."""
Made = tuple[dict[str, HintPack], tuple[str, ...]]


class HouseHints:
    """The hint packs by part and language, with what this house adds to each, as its files are now.

    Any thread may ask; a pack is made when it is first asked for.
    """

    def __init__(self, folder: Path | None = None, triage: HousePacks | None = None) -> None:
        """Take the folder of the files, and the packs that tell how a customer feels."""
        self._triage = triage or HousePacks()
        self._files = HouseFiles(folder, _KEYS, _TABLES)
        self._made: dict[str, Made] = {}
        self._lock = RLock()
        self._told: frozenset[str] = frozenset()

    def packs(self, dictionaries: Mapping[str, Verdict] | None = None) -> Packs:
        """Return everything that checking a reply reads; files that were written meanwhile are read again."""
        self.look()
        with self._lock:
            wording, structure = (_Part(self, self._files, self._made, part) for part in _PARTS)
        verdicts = Dictionaries() if dictionaries is None else dictionaries
        return Packs(wording, structure, self._triage, PromisePacks(), hint_packs.shapes(), verdicts)

    def look(self) -> bool:
        """Take in files that were written meanwhile, and return whether any were. Takes a stat for each file."""
        with self._lock:
            if self._triage.changed():
                self._triage = self._triage.again()
            if not self._files.changed():
                return False
            self._files, self._made = self._files.again(), {}
            return True

    @property
    def problems(self) -> tuple[str, ...]:
        """Say which files cannot be used, each with its line and what to mend; loads what is not loaded yet."""
        with self._lock:
            touched = [lang for lang in LANGUAGES if self._files.of(lang)]
            found = (problem for lang in touched for problem in self._pack(self._files, self._made, lang)[1])
            return (*self._files.unreadable, *found)

    def news(self, problems: Iterable[str]) -> tuple[str, ...]:
        """Return those of the `problems` that nobody was told of."""
        problems = tuple(problems)
        fresh = tuple(problem for problem in problems if problem not in self._told)
        self._told = frozenset(problems)
        return fresh

    def files(self, lang: str) -> list[HouseFile]:
        """Return the files that could be read for a language, by name."""
        return self._files.of(lang)

    def _pack(self, files: HouseFiles, made: dict[str, Made], lang: str) -> Made:
        with self._lock:
            if lang not in made:
                made[lang] = _make(files, lang)
            return made[lang]


def of(config: Config | None) -> HouseHints:
    """Return the hints of a configuration, with what lies beside it; without one, beside its usual place."""
    beside = config.path if config else None
    triage = HousePacks(config.triage if config else None, paths.user_packs(beside))
    return HouseHints(paths.user_hints(beside), triage)


class _Part(ByLanguage[HintPack]):
    """One part's packs, of the files as they were when the check began."""

    def __init__(self, house: HouseHints, files: HouseFiles, made: dict[str, Made], part: str) -> None:
        self._house, self._files, self._made, self._part = house, files, made, part

    def __getitem__(self, lang: str) -> HintPack:
        """Return a language's pack; raises KeyError where there is none."""
        if lang not in LANGUAGES:
            raise KeyError(lang)
        return self._house._pack(self._files, self._made, lang)[0][self._part]


def _make(files: HouseFiles, lang: str) -> Made:
    """Return a language's packs with its files' additions, and what was wrong with them."""
    packs = {part: hint_packs.HintPacks(part)[lang] for part in _PARTS}
    if not files.of(lang):
        return packs, ()
    data = {part: table(hint_packs.shipped_file(lang, part)) for part in _PARTS}
    known: frozenset[str] | None = None

    def add(file: HouseFile) -> None:
        nonlocal packs, data, known
        if known is None:
            known = frozenset(_failures(packs))
        tried = _added(file, data)
        packs = _tried(file, tried, known)
        data = tried

    problems = files.add(lang, add)
    return packs, problems


def _added(file: HouseFile, data: Data) -> Data:
    """Return a language's tables with what a file adds.

    Raises:
        ConfigError: it names a rule or a concept that is not there, or holds what is no list of texts.
    """
    data = copy.deepcopy(data)
    for rule in (off := file.texts("off", file.data.get("off", []))):
        file.known(rule, CATALOGUE, "rule")
        if CATALOGUE[rule].level is Level.CONFIRM:
            raise file.error(f"`{rule}` asks before a mail leaves: it cannot be switched off.", rule)
    data[WORDING]["off"] = [*data[WORDING].get("off", ()), *off]
    for rule, words in file.of("words").items():
        _speak_of(file, data, rule, words)
    for rule, words in file.of("fine").items():
        concept = f"our-fine-{rule}"
        for part in _PARTS:
            for entry in _entries(data[part], rule):
                _more(data[part], concept, file.texts(rule, words))
                entry["unless"] = [*entry.get("unless", ()), concept]
        file.known(rule, _by_words(data), "rule of words")
    if glossary := file.of("glossary"):
        _more(data[WORDING], TERM, file.texts("glossary", list(glossary)))
        explained = data[WORDING].setdefault("lists", {}).setdefault("glossary", {})
        for term, words in zip(glossary, file.texts("glossary", list(glossary.values())), strict=True):
            explained[fold(term, file.data["lang"])] = words
    for concept, words in file.of("concepts").items():
        file.known(concept, {name for part in _PARTS for name in data[part]["concepts"]}, "concept")
        for part in _PARTS:
            if concept in data[part]["concepts"]:
                _more(data[part], concept, file.texts(concept, words))
    for rule, slots in file.of("more").items():
        part = _part_of(file, data, rule)
        data[part]["rule"].append({**_bare(data[part], rule), "slots": file.texts(rule, slots)})
    for rule, both in file.of("examples").items():
        file.known(rule, CATALOGUE, "rule")
        part = next((part for part in _PARTS if any(_entries(data[part], rule))), STRUCTURE)
        mine = data[part].setdefault("examples", {}).setdefault(rule, {})
        for kind in ("fires", "silent"):
            mine[kind] = [*mine.get(kind, ()), *_replies(file, kind, both)]
    return data


def _speak_of(file: HouseFile, data: Data, rule: str, words: object) -> None:
    """Let a rule speak of words, and suggest what stands for them where that is said."""
    if rule == _JARGON:
        raise file.error("terms stand under [glossary], each with what to say instead.", rule)
    part, lang = _part_of(file, data, rule), file.data["lang"]
    phrases = file.texts(rule, list(words) if isinstance(words, dict) else words)
    concept = f"our-{rule}"
    if concept not in data[part]["concepts"]:
        bare = _bare(data[part], rule) | {"slots": [concept], "unless": [], "negatable": False}
        data[part]["rule"].insert(0, bare)  # of two that speak of the same words the first is heard
    _more(data[part], concept, phrases)
    if isinstance(words, dict):
        entry = next(one for one in _entries(data[part], rule) if concept in one.get("slots", ()))
        put = {phrase: _text(file, phrase, said) for phrase, said in words.items()}
        entry["rewrite"] = [*entry.get("rewrite", ()), *_rewrites(put, lang)]


def _rewrites(put: Mapping[str, str], lang: str) -> Iterator[dict[str, str]]:
    """Yield how each phrase is written better; one that begins a sentence begins it still."""
    for phrase, said in put.items():
        words = r"\s+".join(re.escape(word).replace(r"\*", r"\w*") for word in phrase.split())
        large = r"\s+".join(re.escape(w).replace(r"\*", r"\w*") for w in (phrase[:1].upper() + phrase[1:]).split())
        safe = said.replace("\\", "\\\\")
        if lang != "ja":
            yield {"find": f"(?-i:^{large})$", "put": safe[:1].upper() + safe[1:]}
        yield {"find": f"^{words}$", "put": safe}


def _tried(file: HouseFile, data: Data, known: frozenset[str]) -> dict[str, HintPack]:
    """Return the packs with a file's additions, where every example behaves that behaved before.

    Raises:
        ConfigError: a rule cannot be read, or an example does not behave as it says.
    """
    try:
        packs = {part: hint_packs.build(file.path.name, data[part]) for part in _PARTS}
    except ConfigError as error:
        problem = str(error).partition(": ")[2]
        raise file.error(problem, problem.partition("`")[2].partition("`")[0]) from None
    for problem in _failures(packs):
        if problem not in known:
            raise file.error(f"{problem} Mend the rule or the example.", problem.partition("“")[2].rpartition("”")[0])
    return packs


def _failures(packs: Mapping[str, HintPack]) -> Iterator[str]:
    """Yield what does not behave as an example of the packs says, but for rules that are off."""
    lang, off = packs[WORDING].lang, packs[WORDING].off
    all_ = Packs(
        {lang: packs[WORDING]}, {lang: packs[STRUCTURE]}, HousePacks(), PromisePacks(), hint_packs.shapes(), {}
    )
    for part in _PARTS:
        for rule, problem in hint_packs.missed(packs[part], all_):
            if rule not in off:
                yield problem


def _entries(data: Mapping[str, Any], rule: str) -> Iterator[dict[str, Any]]:
    """Yield a pack's rules of one id that are about words, none about what is missing or too much."""
    for entry in data.get("rule", ()):
        is_about_words = not entry.get("absent") and entry.get("least", 1) == 1 and CATALOGUE[rule].scope != REPLY
        if entry["id"] == rule and is_about_words:
            yield entry


def _by_words(data: Data) -> set[str]:
    return {rule for rule in CATALOGUE for part in _PARTS if any(_entries(data[part], rule))}


def _part_of(file: HouseFile, data: Data, rule: str) -> str:
    file.known(rule, _by_words(data), "rule of words")
    return next(part for part in _PARTS if any(_entries(data[part], rule)))


def _bare(data: Mapping[str, Any], rule: str) -> dict[str, Any]:
    """Return a shipped rule's circumstances and guards, without what it finds and suggests."""
    entry = next(one for one in _entries(data, rule) if one.get("slots") != [f"our-{rule}"])
    kept = ("id", "unless", "unless-scope", "negatable", "when", "where")
    return {key: copy.deepcopy(entry[key]) for key in kept if key in entry}


def _more(data: dict[str, Any], concept: str, words: list[str]) -> None:
    data["concepts"][concept] = [*data["concepts"].get(concept, ()), *words]


def _text(file: HouseFile, key: str, value: object) -> str:
    if not isinstance(value, str):
        raise file.error(f"what stands for `{key}` must be a text; an empty one takes it out.", key)
    return value


def _replies(file: HouseFile, kind: str, both: object) -> list[Any]:
    """Return the examples of a kind: texts, or tables with a `reply` and circumstances."""
    items = both.get(kind, []) if isinstance(both, dict) else None
    if not isinstance(items, list) or not all(
        isinstance(item, str) or (isinstance(item, dict) and isinstance(item.get("reply"), str)) for item in items
    ):
        raise file.error(f'`{kind}` must be a list of texts, or of tables with a `reply`, like ["…"].', kind)
    return items
