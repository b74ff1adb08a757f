"""What a house adds to the shipped triage packs: its products, its critical systems, words, points, signals off.

A file of `packs/triage` beside the configuration holds additions for one
language; it is tried with its own examples and with the shipped ones. A file
that fails is named in `problems` and counts as it last was right, or not at all.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import RLock
from typing import Any

from supportterm.config import Triage
from supportterm.desk.house_files import HouseFile, HouseFiles
from supportterm.desk.pack_files import LANGUAGES, ByLanguage, table
from supportterm.desk.rulepacks import TriagePacks, build, failures, shipped_files
from supportterm.domain.concepts import PRODUCT
from supportterm.domain.errors import ConfigError
from supportterm.domain.signals import Pack

_KEYS = ("format", "lang", "off", "points", "concepts", "more", "examples")
_TABLES = ("points", "concepts", "more", "examples")
_SYSTEM = "our-system"
_SYSTEM_RULES = {"outage": f"{_SYSTEM} + down-hard|server-error /5", "blocked": f"{_SYSTEM} + inert|down|fault /5"}
_MOST_POINTS = 100


class HousePacks(ByLanguage[Pack]):
    """The shipped packs by language, with what this house adds to each; a pack is made when it is first asked for."""

    def __init__(
        self, house: Triage | None = None, folder: Path | None = None, before: HouseFiles | None = None
    ) -> None:
        self._house = house or Triage()
        self._lock = RLock()
        self._made: dict[str, tuple[Pack, tuple[str, ...]]] = {}
        self._files = before.again() if before else HouseFiles(folder, _KEYS, _TABLES)

    def __getitem__(self, lang: str) -> Pack:
        """Return a language's pack; raises KeyError where there is none."""
        return self._pack(lang)[0]

    @property
    def problems(self) -> tuple[str, ...]:
        """Say which files cannot be used, each with its line and what to mend; loads what is not loaded yet."""
        touched = [lang for lang in LANGUAGES if self.files(lang)]
        return (*self._files.unreadable, *(problem for lang in touched for problem in self._pack(lang)[1]))

    def changed(self) -> bool:
        """Tell whether a file came, went or was written since."""
        return self._files.changed()

    def of(self, house: Triage) -> HousePacks:
        """Return the packs of a changed configuration; files are read again, one that became wrong stays as it was."""
        return HousePacks(house, before=self._files)

    def again(self) -> HousePacks:
        """Return the packs with their files read again."""
        return self.of(self._house)

    def files(self, lang: str) -> list[HouseFile]:
        """Return the files that could be read for a language, by name."""
        return self._files.of(lang)

    def _pack(self, lang: str) -> tuple[Pack, tuple[str, ...]]:
        with self._lock:
            if lang not in self._made:
                self._made[lang] = self._make(lang)
            return self._made[lang]

    def _make(self, lang: str) -> tuple[Pack, tuple[str, ...]]:
        pack, files = TriagePacks()[lang], self.files(lang)
        if not (files or self._house.products or self._house.critical_systems):
            return pack, ()
        words, signals = shipped_files(lang)
        data, shared = table(words), table(signals)
        _name_own(data, self._house)
        pack = build(words.name, data, signals.name, shared)

        def add(file: HouseFile) -> None:
            nonlocal pack, data, shared
            tried = _added(file, data, shared)
            pack = _tried(file, tried, pack)
            data, shared = tried

        problems = self._files.add(lang, add)
        return pack, problems


def _name_own(data: dict[str, Any], house: Triage) -> None:
    """Let a language know this house's products and critical systems by name."""
    concepts, more = data["concepts"], data.setdefault("more", {})
    if house.products:
        concepts[PRODUCT] = list(_forms(house.products, data["lang"]))
    if house.critical_systems:
        concepts[_SYSTEM] = list(_forms(house.critical_systems, data["lang"]))
        for signal, rule in _SYSTEM_RULES.items():
            more[signal] = [*more.get(signal, ()), rule]


def _forms(names: Iterable[str], lang: str) -> Iterator[str]:
    """Yield names with the endings they may have in a sentence."""
    for name in names:
        yield name
        if lang == "en":
            yield f"{name}s"
        elif lang != "ja":
            yield f"{name}*" if len(name) > 4 else f"{name}'*"


def _added(file: HouseFile, data: dict[str, Any], shared: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a language's data and the shared rules with what a file adds.

    Raises:
        ConfigError: it names a concept or signal that is not there, or points that are none.
    """
    data, shared = copy.deepcopy(data), copy.deepcopy(shared)
    signals = {str(entry["id"]) for entry in shared["signal"]}
    known = {"concepts": set(data["concepts"]), "more": signals | {str(m["id"]) for m in shared["mark"]}}
    for key, words in file.data.get("concepts", {}).items():
        file.known(key, known["concepts"], "concept")
        data["concepts"][key] = [*data["concepts"][key], *file.texts(key, words)]
    for key, rules in file.data.get("more", {}).items():
        file.known(key, known["more"], "signal")
        data.setdefault("more", {})[key] = [*data.get("more", {}).get(key, ()), *file.texts(key, rules)]
    for key, both in file.data.get("examples", {}).items():
        file.known(key, known["more"], "signal")
        mine = data["examples"].setdefault(key, {"fires": [], "silent": []})
        for kind in ("fires", "silent"):
            mine[kind] = [*mine.get(kind, ()), *file.texts(kind, both.get(kind, []))]
    for key, points in file.data.get("points", {}).items():
        file.known(key, signals, "signal")
        if not isinstance(points, int) or isinstance(points, bool) or abs(points) > _MOST_POINTS:
            raise file.error(f"the points of `{key}` must be a whole number from -100 to 100, not {points!r}.", key)
        for entry in shared["signal"]:
            if entry["id"] == key:
                entry["points"] = points
    for key in (off := file.texts("off", file.data.get("off", []))):
        file.known(key, signals, "signal")
        data["examples"].pop(key, None)
    shared["signal"] = [entry if entry["id"] not in off else entry | {"rules": [_NEVER]} for entry in shared["signal"]]
    shared["off"] = [*shared.get("off", ()), *off]
    for key in shared["off"]:
        data["examples"][key] = {"fires": [""], "silent": [""]}
    return data, shared


_NEVER = "idiom + !idiom"
"""A rule that never holds: a signal that is switched off stays known by its name."""


def _tried(file: HouseFile, tried: tuple[dict[str, Any], dict[str, Any]], before: Pack) -> Pack:
    """Return the pack with a file's additions, where every example behaves that behaved before.

    Raises:
        ConfigError: a rule cannot be read, or an example does not behave as it says.
    """
    try:
        pack = build(file.path.name, tried[0], "signals.toml", tried[1])
    except ConfigError as error:
        problem = str(error).partition(": ")[2]
        raise file.error(problem, problem.partition("`")[2].partition("`")[0]) from None
    known = set(failures(before))
    for problem in failures(pack):
        if problem not in known and "“”" not in problem:
            raise file.error(f"{problem} Mend the rule or the example.", problem.partition("“")[2].rpartition("”")[0])
    return pack
