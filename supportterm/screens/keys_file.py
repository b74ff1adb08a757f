"""`keys.toml`: the agent's own keys, every mistake named with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supportterm.config.toml import broken
from supportterm.domain.errors import ConfigError
from supportterm.domain.query_fields import nearest
from supportterm.screens import macro_keys
from supportterm.screens.commands import COMMANDS, named
from supportterm.screens.key_names import UnknownKeyError, canonical

_HEADER = re.compile(r"\s*\[\s*([^\]]+?)\s*\]")
_ENTRY = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[\w\-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w\-]+))*)\s*=""")


@dataclass(frozen=True, slots=True)
class KeysFile:
    """The keys of a file by command, and the line each stands on."""

    path: Path
    keys: dict[str, tuple[str, ...]]
    lines: dict[str, int]
    macros: dict[str, tuple[str, ...]]
    """Keys of single macros, by `macro_keys.ID` and the macro's trigger or id."""

    def place(self, command_id: str) -> str:
        """Return `, line 3` for a command the file names; empty otherwise."""
        line = self.lines.get(command_id)
        return f", line {line}" if line else ""


def read(path: Path) -> KeysFile:
    """Read a keys file: a command's name and its key or keys; an empty list takes its keys away.

    Under `[macros]` stand triggers or ids of macros, and theirs.

    Raises:
        ConfigError: it cannot be read, or names a command or key that does
            not exist; the text has the line and the nearest known name.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}. Check that it is UTF-8 text you may read.") from None
    except tomllib.TOMLDecodeError as error:
        raise broken(path, error) from None
    except RecursionError:
        raise ConfigError(f"{path} is nested too deep. Write a command's name and its keys on one line.") from None
    lines = _lines(text)
    found: dict[str, tuple[str, ...]] = {}
    macros: dict[str, tuple[str, ...]] = {}
    for name, value in macro_keys.entries(data.pop("macros", {}), path):
        line = lines.get(f"macros.{name}")
        macros[macro_keys.ID + name] = _keys(f"{path}, line {line}" if line else str(path), name, value)
        lines[macro_keys.ID + name] = line or 1
    for name, value in _flat(data, ""):
        line = lines.get(name)
        where = f"{path}, line {line}" if line else str(path)
        if named(name) is None:
            known = [command.id for command in COMMANDS]
            raise ConfigError(f"{where}: unknown command `{name}`. {_meant(name, known)}")
        found[name] = _keys(where, name, value)
    return KeysFile(path, found, lines, macros)


def _keys(where: str, name: str, value: object) -> tuple[str, ...]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or not all(isinstance(key, str) for key in given):
        raise ConfigError(f'{where}: the keys of `{name}` must be text in quotes, or a list like ["c", "ctrl+k"].')
    keys = []
    for key in given:
        try:
            keys.append(canonical(key))
        except UnknownKeyError as problem:
            raise ConfigError(f"{where}: `{key}` for `{name}` is no key. {problem}") from None
    return tuple(dict.fromkeys(keys))


def _meant(name: str, known: list[str]) -> str:
    """Name the nearest command; one without its first part is found by the rest."""
    same = [one for one in known if one.partition(".")[2] == name]
    if same:
        return f"Did you mean `{same[0]}`?"
    told = nearest(name, known)
    return told if told.startswith("Did") else "`supportterm` with the key ? lists them all."


def _flat(data: dict[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    """Yield names and values, whichever way the tables were nested: `[keys]`, `[ticket]`, `ticket.claim = …`."""
    for key, value in data.items():
        name = f"{above}.{key}" if above else key
        if isinstance(value, dict):
            yield from _flat(value, "" if name == "keys" else name)
        else:
            yield name, value


def _lines(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _plain(header[1])
            table = "" if table == "keys" else table.removeprefix("keys.")
        elif entry := _ENTRY.match(line):
            name = _plain(entry[1]).removeprefix("keys.")
            found.setdefault(f"{table}.{name}" if table else name, number)
    return found


def _plain(name: str) -> str:
    return re.sub(r"[\s\"']", "", name)
