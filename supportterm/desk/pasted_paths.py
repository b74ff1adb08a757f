"""Paths in a pasted text: what a file manager copies and what a terminal types when files are dropped on it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

MOST = 20
"""Files of one paste; more are no drop but a list."""
_LONGEST = 20_000
_BEGINNINGS = ("/", "~/", "file://", '"/', "'/", '"~/', "'~/", '"file://', "'file://")
_HERE = frozenset({"", "localhost"})


def may_be_paths(text: str) -> bool:
    """Tell whether it is worth a look at the disk: every line begins as a path does; touches no file."""
    lines = [line.strip() for line in text[: _LONGEST + 1].splitlines() if line.strip()]
    return len(text) <= _LONGEST and 0 < len(lines) <= MOST and all(line.startswith(_BEGINNINGS) for line in lines)


def paths(text: str) -> tuple[Path, ...]:
    """Return the files a pasted text names and nothing besides, each once; empty where it is anything else.

    Reads the disk. Known forms: a path a line, `file://` URLs, quoted paths,
    and several in one line with blanks escaped, as terminals type them.
    """
    if not may_be_paths(text):
        return ()
    for words in _readings(text):
        found = [_path(word) for word in words]
        if 0 < len(found) <= MOST and all(path is not None and _is_file(path) for path in found):
            return tuple(dict.fromkeys(path for path in found if path is not None))
    return ()


def _readings(text: str) -> Iterator[list[str]]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    yield lines
    try:
        yield [word for line in lines for word in shlex.split(line)]
    except ValueError:
        return


def _path(word: str) -> Path | None:
    if len(word) > 1 and word[0] == word[-1] and word[0] in "'\"":
        word = word[1:-1]
    if word.lower().startswith("file://"):
        try:
            url = urlsplit(word)
        except ValueError:
            return None
        if url.netloc.lower() not in _HERE:
            return None
        word = unquote(url.path, errors="surrogateescape")
    try:
        path = Path(word).expanduser()
    except RuntimeError:
        return None
    return path if path.is_absolute() and "\0" not in word else None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
