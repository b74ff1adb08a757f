"""TOML to frozen dataclasses, by their annotations; every mistake is named with its file and line."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from supportterm.domain.errors import ConfigError

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\-\s\"']+?)\s*\]")
_KEY = re.compile(r"\s*[\"']?([\w\-]+)[\"']?\s*[.=]")


_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")


def broken(file: object, error: ValueError) -> ConfigError:
    """Return the mistake of a file that is not TOML, with its line where the parser names one."""
    place = _PLACE.search(str(error))
    line = f", line {place[1]}" if place and place[1] else ""
    why = str(error).replace(place[0], "") if line and place else str(error)
    return ConfigError(f"{file}{line}: this is not valid TOML: {why}. Mend that line.")


@dataclass(frozen=True, slots=True)
class Source:
    """A configuration file as written, so that a mistake can be pointed at."""

    path: Path
    text: str

    def error(self, where: str, problem: str) -> ConfigError:
        """Return the mistake with its place: `policy.hours.monday`, `policies.0.when` for the first of `[[policies]]`.

        A key that has no line of its own is placed at the table around it.
        """
        line = None
        while where and (line := self._line(where)) is None:
            where = where.rpartition(".")[0]
        return ConfigError(f"{self.path}{f', line {line}' if line else ''}: {problem}")

    def has(self, where: str) -> bool:
        """Tell whether a table or key is written in the file, by its place as `error` takes it."""
        return self._line(where) is not None

    def _line(self, where: str) -> int | None:
        table, _, key = where.rpartition(".")
        current = ""
        counts: dict[str, int] = {}
        for number, line in enumerate(self.text.splitlines(), 1):
            if header := _HEADER.match(line):
                name = current = re.sub(r"[\s\"']", "", header[2])
                if header[1] == "[[":
                    counts[current] = counts.get(current, -1) + 1
                    current = f"{current}.{counts[current]}"
                elif (parent := current.partition("."))[0] in counts:
                    current = f"{parent[0]}.{counts[parent[0]]}.{parent[2]}"
                if where in (current, name):
                    return number
            elif (found := _KEY.match(line)) and (current, found[1]) == (table, key):
                return number
        return None


def build(kind: Any, data: dict[str, Any], source: Source, where: str) -> Any:
    """Return a dataclass filled from a table; `where` is the table's name, empty for the file itself.

    Raises:
        ConfigError: an unknown key, a missing one, a value of the wrong kind.
    """
    hints = typing.get_type_hints(kind)
    known = {f.name: f for f in dataclasses.fields(kind) if f.name != "path"}
    values: dict[str, Any] = {}
    for key, value in data.items():
        here = f"{where}.{key}" if where else key
        if key in ("password", "pass", "secret"):
            raise source.error(here, "passwords do not belong in this file. Use password_command or the keyring.")
        if key not in known:
            import difflib

            near = difflib.get_close_matches(key, known, 1, 0.5)
            meant = f" Did you mean `{near[0]}`?" if near else f" Known here: {', '.join(known)}."
            raise source.error(here, f"unknown key `{key}`.{meant}")
        values[key] = _value(hints[key], value, source, here)
    for name, spec in known.items():
        needed = spec.default is dataclasses.MISSING and spec.default_factory is dataclasses.MISSING
        if needed and name not in values:
            raise source.error(where, f"`{name}` is missing{f' in {_heading(where)}' if where else ''}. Add it.")
    return kind(**values)


def _heading(where: str) -> str:
    table, _, last = where.rpartition(".")
    return f"[[{table}]]" if last.isdigit() else f"[{re.sub(r'[.][0-9]+(?=[.])', '', where)}]"


def _value(hint: Any, value: Any, source: Source, where: str) -> Any:
    name = where.rpartition(".")[2]
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        hint = next(a for a in typing.get_args(hint) if a is not type(None))
        origin = typing.get_origin(hint)
    if dataclasses.is_dataclass(hint):
        if not isinstance(value, dict):
            raise source.error(where, f"`{name}` is a table: write [{where}].")
        return build(hint, value, source, where)
    if origin is Literal:
        allowed = typing.get_args(hint)
        if value not in allowed:
            raise source.error(where, f"`{name}` must be one of {', '.join(allowed)}, not {value!r}.")
        return value
    if origin is Mapping:
        if not isinstance(value, dict):
            raise source.error(where, f"`{name}` is a table: write {_heading(where)}.")
        inner = typing.get_args(hint)[1]
        return {key: _value(inner, item, source, f"{where}.{key}") for key, item in value.items()}
    if origin is tuple:
        return _list(typing.get_args(hint)[0], value, source, where)
    if hint is Path:
        if not isinstance(value, str):
            raise source.error(where, f"`{name}` must be a path in quotes.")
        return Path(value).expanduser()
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if hint is date and (not isinstance(value, date) or isinstance(value, datetime)):
        raise source.error(where, f"`{name}` must be a day without quotes, like 2026-11-22, not {value!r}.")
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        words = {str: "text in quotes", int: "a whole number", float: "a number", bool: "true or false"}
        raise source.error(where, f"`{name}` must be {words[hint]}, not {value!r}.")
    return value


def _list(item: Any, value: Any, source: Source, where: str) -> tuple[Any, ...]:
    name = where.rpartition(".")[2]
    tables = dataclasses.is_dataclass(item)
    if not isinstance(value, list) or (tables and not all(isinstance(each, dict) for each in value)):
        shape = f"one table for each: write [[{where}]]" if tables else 'a list, like ["…"]'
        raise source.error(where, f"`{name}` must be {shape}.")
    if tables:
        return tuple(build(item, each, source, f"{where}.{number}") for number, each in enumerate(value))
    return tuple(_value(item, each, source, where) for each in value)
