"""Files with which a house adds to the shipped packs, read from a folder beside the configuration.

A file that cannot be used is named with its line in a problem. Where it could
be used before, it counts as it was then; else it is left out.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from supportterm.desk.pack_files import FORMAT, LANGUAGES, table
from supportterm.domain.errors import ConfigError


@dataclass(frozen=True, slots=True)
class HouseFile:
    """One file of additions, as it was read."""

    path: Path
    text: str
    data: dict[str, Any]

    @property
    def words(self) -> int:
        """How many words it adds."""
        tables = [*self.data.get("concepts", {}).values(), *self.data.get("words", {}).values()]
        return sum(len(words) for words in tables)

    def error(self, problem: str, needle: str = "") -> ConfigError:
        """Return a problem with the file's name, and the line that holds a text where there is one."""
        lines = (number for number, line in enumerate(self.text.splitlines(), 1) if needle and needle in line)
        line = next(lines, None)
        return ConfigError(f"{self.path}{f', line {line}' if line else ''}: {problem}")

    def of(self, key: str) -> Mapping[str, Any]:
        """Return one of its tables."""
        found: Mapping[str, Any] = self.data.get(key, {})
        return found

    def texts(self, key: str, value: object) -> list[str]:
        """Return a value of `key` that must be a list of texts; raises ConfigError."""
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.error(f'`{key}` must be a list of texts, like ["…"].', key)
        return value

    def known(self, name: str, known: Iterable[str], what: str) -> None:
        """Refuse a name that is not there, with the nearest one; raises ConfigError."""
        if name not in (known := set(known)):
            raise self.error(f"there is no {what} `{name}`.{_meant(name, known)}", name)


class HouseFiles:
    """The files of one folder; those that were good before count as they were where they are no more."""

    def __init__(
        self, folder: Path | None, keys: Iterable[str], tables: Iterable[str], before: HouseFiles | None = None
    ) -> None:
        """Take the folder, the keys its files may have, and those of them that are tables."""
        self.folder = folder
        self._keys, self._tables = tuple(keys), tuple(tables)
        self._good: dict[Path, HouseFile] = dict(before._good) if before else {}
        self._stamp = self._stamped()

    def changed(self) -> bool:
        """Tell whether a file came, went or was written since."""
        return self._stamp != self._stamped()

    def again(self) -> HouseFiles:
        """Return the folder's files read anew, knowing which were good."""
        return HouseFiles(self.folder, self._keys, self._tables, self)

    def of(self, lang: str) -> list[HouseFile]:
        """Return the files that could be read for a language, by name; one that no more can, as it last could."""
        return [file for file in self._read[0] if file.data["lang"] == lang]

    @property
    def unreadable(self) -> tuple[str, ...]:
        """Say which files could not even be read, and why."""
        return tuple(self._read[1])

    def add(self, lang: str, add: Callable[[HouseFile], None]) -> tuple[str, ...]:
        """Hand each file of a language to `add`, which refuses it whole or takes it; return what was wrong."""
        problems = []
        for file in self.of(lang):
            try:
                add(file)
            except ConfigError as problem:
                problems.append(str(problem))
                if (good := self._good.get(file.path)) is not None and good is not file and good.data["lang"] == lang:
                    with suppress(ConfigError):
                        add(good)
            else:
                self._good[file.path] = file
        return tuple(problems)

    @cached_property
    def _read(self) -> tuple[list[HouseFile], list[str]]:
        files, problems = [], []
        for path in sorted(self.folder.glob("*.toml")) if self.folder else ():
            try:
                files.append(self._file(path))
            except ConfigError as problem:
                problems.append(str(problem))
                if path in self._good:
                    files.append(self._good[path])
        return files, problems

    def _file(self, path: Path) -> HouseFile:
        data = table(path)
        file = HouseFile(path, path.read_text(encoding="utf-8"), data)
        for key in data:
            if key not in self._keys:
                raise file.error(f"unknown key `{key}`.{_meant(key, self._keys)}", key)
        if data.get("format") != FORMAT:
            raise file.error(f"format {data.get('format')!r} is not known here. Write `format = {FORMAT}`.", "format")
        if data.get("lang") not in LANGUAGES:
            raise file.error(f"`lang` must be one of {', '.join(LANGUAGES)}, not {data.get('lang')!r}.", "lang")
        for key in self._tables:
            if not isinstance(data.get(key, {}), dict):
                raise file.error(f"`{key}` is a table: write [{key}].", key)
        return file

    def _stamped(self) -> list[tuple[str, int, int]]:
        if self.folder is None or not self.folder.is_dir():
            return []
        with os.scandir(self.folder) as entries:
            files = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(".toml")]
        return sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in files)


def _meant(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), 1, 0.5)
    return f" Did you mean `{near[0]}`?" if near else f" Known: {', '.join(sorted(known))}."
