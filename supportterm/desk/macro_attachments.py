"""Files a macro lets go along: they lie in the library's folder, and nowhere else."""

from __future__ import annotations

from pathlib import Path

from supportterm.desk import enclosing
from supportterm.desk.enclosing import Packed
from supportterm.domain.errors import RefusedError
from supportterm.domain.snippets import Macro


def path_of(macro: Macro, name: str) -> Path:
    """Return where a file of a macro lies.

    Raises:
        RefusedError: it lies outside the library's folder, or cannot be attached.
    """
    if problem := wrong_with(macro, name):
        raise RefusedError(problem)
    return Path(macro.path).parent / name


def wrong_with(macro: Macro, name: str) -> str:
    """Return why a file of a macro cannot go along, as a sentence; empty where it can."""
    path = Path(macro.path).parent / name
    root = Path(macro.root) if macro.root else Path(macro.path).parent
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            return f"{name} lies outside {root}. Copy it beside the macro."
    except (OSError, RuntimeError, ValueError):
        return f"{name} cannot be found. Check the name."
    return enclosing.wrong_with(path)


def packed(macro: Macro) -> list[Packed]:
    """Read the files a macro lets go along; takes a while for large ones.

    Raises:
        RefusedError: one cannot be attached.
    """
    return [enclosing.read(path_of(macro, name)) for name in macro.actions.attach]
