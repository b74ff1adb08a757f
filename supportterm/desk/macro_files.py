"""The files that macros stand in: found in their folders, and read again only where they changed."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from supportterm.domain.snippets import LONGEST, Macro, MacroError, parse_macro

Stamp = tuple[int, int, int]
"""What changes when a file is written to."""
Found = Macro | MacroError

MOST = 10_000
"""As many files of a folder are looked at."""
_OTHERS = frozenset({"readme", "changelog", "contributing", "license", "licence", "code_of_conduct", "security"})
"""Pages that a checkout has beside its macros."""


def stamps(folder: Path) -> dict[Path, Stamp]:
    """Return the macro files of a folder and of those below it, hidden ones left out, in order of their paths."""
    return dict(sorted(_walk(folder)))


def read(folder: Path, wanted: Mapping[Path, Stamp], known: dict[Path, tuple[Stamp, Found]]) -> dict[Path, Found]:
    """Return what stands in some files of a folder; `known` keeps what was read, and is not read twice."""
    found: dict[Path, Found] = {}
    for path, stamp in wanted.items():
        before = known.get(path)
        if before is None or before[0] != stamp:
            before = known[path] = (stamp, _parsed(path, folder))
        found[path] = before[1]
    return found


def _walk(folder: Path) -> Iterator[tuple[Path, Stamp]]:
    count, waiting = 0, [str(folder)]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            try:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.name.endswith(".md") and entry.name[:-3].lower() not in _OTHERS and entry.is_file():
                    stat = entry.stat()
                    yield Path(entry.path), (stat.st_mtime_ns, stat.st_size, stat.st_ino)
                    count += 1
            except OSError:
                continue
            if count >= MOST:
                return


def _parsed(path: Path, folder: Path) -> Found:
    try:
        return dataclasses.replace(parse_macro(_text(path), path), root=str(folder))
    except MacroError as error:
        return error


def _text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(LONGEST + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise MacroError(
            f"the file cannot be read ({error}). Check that it is UTF-8 text you may read.", str(path)
        ) from None
