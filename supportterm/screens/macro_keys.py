"""Keys of single macros, as `keys.toml` gives them: on a ticket they carry it out, while one writes they put it in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supportterm.domain.errors import ConfigError, SupporttermError
from supportterm.screens.commands import Scope, of
from supportterm.screens.key_names import shown, types_text

if TYPE_CHECKING:
    from textual.screen import Screen

    from supportterm.screens.base import DeskScreen
    from supportterm.screens.reply import ReplyScreen

ID = "macro:"
"""What the id of a macro's key begins with in a keymap; its trigger or id follows."""
_SCOPES = (Scope.EVERYWHERE, Scope.QUEUE, Scope.TICKET, Scope.LIST, Scope.CONVERSATION, Scope.REPLY)
"""Where a macro's key works."""


def entries(table: object, path: Path) -> Iterator[tuple[str, object]]:
    """Yield triggers or ids and their keys.

    Raises:
        ConfigError: it is no table.
    """
    if not isinstance(table, dict):
        raise ConfigError(f'{path}: `macros` is a table: write [macros], and below it ";upset" = "f4".')
    yield from table.items()


def clashes(keymap: Mapping[str, tuple[str, ...]], whence: Callable[[str], str]) -> Iterator[str]:
    """Yield a sentence for every key of a macro that is somebody else's, or that types text."""
    owners: dict[str, str] = {}
    for command in of(*_SCOPES):
        for key in keymap.get(command.id, command.keys):
            owners.setdefault(key, command.id)
    for name, keys in keymap.items():
        if not name.startswith(ID):
            continue
        for key in keys:
            owner = owners.setdefault(key, name)
            if owner != name:
                other = f"`{owner.removeprefix(ID)}`{whence(owner)}"
                yield (
                    f"the key {shown([key])} is given to {other} and to the macro `{name.removeprefix(ID)}`"
                    f"{whence(name)}. Change one of them."
                )
            elif types_text(key):
                yield (
                    f"the key {shown([key])} of the macro `{name.removeprefix(ID)}`{whence(name)} is for typing the"
                    ' reply. Give it one like "f4" or "alt+1".'
                )


def bind(screen: Screen[Any], keymap: Mapping[str, tuple[str, ...]]) -> None:
    """Let the keys of macros work on a screen, before any text field sees them."""
    for name, keys in keymap.items():
        if name.startswith(ID) and keys:
            action = f"macro_key({name.removeprefix(ID)!r})"
            screen._bindings.bind(",".join(keys), action, show=False, priority=True)


def listed(screen: DeskScreen[Any], keymap: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str, str]]:
    """Yield id, keys and words of each macro that has a key and answers on a screen."""
    if not hasattr(screen, "action_macro_key"):
        return
    for name, keys in keymap.items():
        if name.startswith(ID) and keys:
            named = name.removeprefix(ID)
            yield name, "  ".join(shown([key]) for key in keys), f"{named}  {_title(screen, named)}".rstrip()


def _title(screen: DeskScreen[Any], name: str) -> str:
    try:
        return screen.console.macros.find(name).title
    except SupporttermError as error:
        return str(error)


def expand(screen: ReplyScreen, name: str) -> None:
    """Put a macro's text in at the cursor, and note what it does besides."""
    from supportterm.screens import reply_snippets

    try:
        macro = screen.console.macros.find(name, reply_snippets.language(screen), reply_snippets.suits(screen))
        expansion = reply_snippets.expansion_of(screen, macro)
    except SupporttermError as error:
        screen.complain(str(error))
        return
    screen.editor.focus()
    screen.editor.insert_expansion(expansion)
    reply_snippets.take(screen, macro, expansion)
