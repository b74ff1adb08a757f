"""Macros as files to write: a shipped one is copied first, what is saved is checked with all others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from supportterm.desk.macros import DEFAULT_LANG, MacroLibrary
from supportterm.domain.errors import RefusedError
from supportterm.domain.snippets import Macro

TEMPLATE = """+++
title = "{title}"
# trigger = ";word"
# [actions]
# status = "pending"
+++
Hello {{{{ticket.requester.first_name | default: "there"}}}},

${{1:[what you did]}}
"""
_LANG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


def file_of(macro: Macro, shipped: Path, own: Path) -> Path:
    """Return the file to change for a macro: its own; of a shipped one a copy among the agent's own, which then counts.

    Raises:
        RefusedError: the copy cannot be written.
    """
    path = Path(macro.path)
    if not path.resolve().is_relative_to(shipped.resolve()):
        return path
    copy = own / path.resolve().relative_to(shipped.resolve())
    if not copy.exists():
        try:
            _write(copy, path.read_text(encoding="utf-8"))
        except OSError as error:
            raise RefusedError(f"{copy} cannot be written: {error}. Look at the folder's rights.") from None
    return copy


def drop_unchanged(macro: Macro, path: Path) -> bool:
    """Take away a copy that says what the shipped macro says; True where it did."""
    original = Path(macro.path)
    try:
        if path.resolve() != original.resolve() and path.read_bytes() == original.read_bytes():
            path.unlink()
            return True
    except OSError:
        return False
    return False


def begin(title: str, own: Path, lang: str = DEFAULT_LANG) -> Path:
    """Write the file of a new macro among the agent's own, with what it needs, and return where it is.

    Raises:
        RefusedError: the title or language cannot be used, one of that name is there, or it cannot be written.
    """
    name = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", title).lower()).strip("-")[:48].strip("-")
    if not name:
        raise RefusedError(f"“{title}” has no letters to name a file by. Give it a title.")
    if not _LANG.fullmatch(lang):
        raise RefusedError(f"“{lang}” is no language code. Write one like en.")
    path = own / lang / f"{name}.md"
    if path.exists():
        raise RefusedError(f"{path} is there already: `supportterm macro edit {name}` changes it.")
    try:
        _write(path, TEMPLATE.format(title=title.strip().replace("\\", "").replace('"', "'")))
    except OSError as error:
        raise RefusedError(f"{path} cannot be written: {error}. Look at the folder's rights.") from None
    return path


def problems(path: Path, folders: Sequence[Path]) -> list[str]:
    """Return what is wrong with one file as it is now, among all others: sentences with file and line."""
    library = MacroLibrary(folders)
    places = {str(path), str(path.resolve())}
    return [problem for problem in library.check() if any(problem.startswith(f"{place}") for place in places)]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
