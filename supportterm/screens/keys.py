"""The registry as keys: bindings, presets, the agent's own `keys.toml`, and the clashes that stop the start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from textual.binding import Binding

from supportterm.domain.errors import ConfigError
from supportterm.screens import macro_keys
from supportterm.screens.commands import Command, Scope, named, of
from supportterm.screens.key_names import shown, types_text
from supportterm.screens.keys_file import KeysFile, read
from supportterm.screens.presets import PRESETS, Keymap

__all__ = ["PRESETS", "TOGETHER", "Keymap", "bindings", "clashes", "for_textual", "keys_of", "load", "shown"]

TOGETHER: tuple[tuple[Scope, ...], ...] = (
    (Scope.EVERYWHERE, Scope.QUEUE, Scope.TICKET),
    (Scope.EVERYWHERE, Scope.LIST, Scope.CONVERSATION, Scope.TICKET),
    (Scope.EVERYWHERE, Scope.LIST, Scope.OUTBOX),
    (Scope.EVERYWHERE, Scope.LIST, Scope.SEARCH),
    (Scope.EVERYWHERE, Scope.LIST, Scope.HELP),
    (Scope.EVERYWHERE, Scope.LIST, Scope.SOURCE),
    (Scope.EVERYWHERE, Scope.LIST, Scope.PROBLEM),
    (Scope.REPLY,),
)
"""Scopes whose commands answer at the same time, so that one key must not mean two of them."""

_NOT_TOGETHER = {"list.back": Scope.QUEUE}
"""The queue is left by commands of its own."""
_ALWAYS = frozenset({"desk.palette", "desk.quit", "desk.search"}) | {
    f"reply.{name}" for name in ("send", "send-with", "keep-note", "quote", "checklist", "note")
}
"""Commands that answer before a text field sees their key, unless the key types something."""
_TYPED = "/typed"
_NO_KEY = "no-key-for-"


def bindings(*scopes: Scope) -> list[Binding]:
    """Return the bindings of some scopes as the registry has them; the app's keymap changes their keys."""
    found = []
    for command in of(*scopes):
        keys, typed = _parted(command, command.keys)
        found.append(_binding(command, command.id, keys, priority=command.id in _ALWAYS))
        if command.id in _ALWAYS:
            found.append(_binding(command, command.id + _TYPED, typed, priority=False))
    return found


def for_textual(keymap: Keymap) -> dict[str, str]:
    """Return a keymap as Textual takes it, for the ids that `bindings` gives."""
    found: dict[str, str] = {}
    for command_id, given in keymap.items():
        command = named(command_id)
        if command is None:
            continue
        keys, typed = _parted(command, given)
        found[command_id] = ",".join(keys) or _NO_KEY + command_id
        if command_id in _ALWAYS:
            found[command_id + _TYPED] = ",".join(typed) or _NO_KEY + command_id + _TYPED
    return found


def _parted(command: Command, keys: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part the keys a text field must not take from those it must; only a command that always answers has both."""
    if command.id not in _ALWAYS:
        return keys, ()
    return tuple(k for k in keys if not types_text(k)), tuple(k for k in keys if types_text(k))


def _binding(command: Command, name: str, keys: tuple[str, ...], *, priority: bool) -> Binding:
    return Binding(
        ",".join(keys) or _NO_KEY + name,
        command.action,
        command.title,
        show=bool(command.footer),
        id=name,
        tooltip=command.help,
        priority=priority,
    )


def keys_of(command_id: str, keymap: Keymap) -> tuple[str, ...]:
    """Return the keys of a command under a keymap."""
    command = named(command_id)
    return keymap.get(command_id, command.keys if command else ())


def load(preset: str, path: Path | None) -> Keymap:
    """Return the preset's keys overlaid by those of a `keys.toml`, which need not exist.

    Raises:
        ConfigError: the file cannot be read, names what is not known, or
            gives one key to two commands that answer at the same time.
    """
    keymap = dict(PRESETS[preset])
    if path is None or not path.exists():
        for problem in clashes(keymap):
            raise ConfigError(problem)
        return keymap
    own = read(path)
    keymap |= own.keys | own.macros
    for problem in clashes(keymap, lambda command_id: _whence(command_id, preset, own)):
        raise ConfigError(f"{path}: {problem}")
    return keymap


def _whence(command_id: str, preset: str, own: KeysFile) -> str:
    """Say where a command got its keys from."""
    if command_id in own.keys or command_id in own.macros:
        return f" ({own.place(command_id).removeprefix(', ') or 'in this file'})"
    return f" (preset {preset})" if command_id in PRESETS[preset] else " (built in)"


def clashes(keymap: Keymap, whence: Callable[[str], str] = lambda _: "") -> list[str]:
    """Return a sentence for every key that two commands claim where both answer, or that could no longer be typed."""
    problems = dict.fromkeys(
        f"the key {shown([key])} is given to `{owner}`{whence(owner)} and to `{other}`{whence(other)}."
        " Change one of them."
        for key, owner, other in _claimed_twice(keymap)
    )
    for command in of(Scope.REPLY):
        for key in keys_of(command.id, keymap):
            if types_text(key):
                problems[
                    f"the key {shown([key])} of `{command.id}`{whence(command.id)} is for typing the reply."
                    ' Give it one like "ctrl+k" or "f5".'
                ] = None
    return [*problems, *macro_keys.clashes(keymap, whence)]


def _claimed_twice(keymap: Keymap) -> Iterator[tuple[str, str, str]]:
    for scopes in TOGETHER:
        owners: dict[str, str] = {}
        for command in of(*scopes):
            if _NOT_TOGETHER.get(command.id) in scopes:
                continue
            for key in keys_of(command.id, keymap):
                owner = owners.setdefault(key, command.id)
                if owner != command.id:
                    yield key, owner, command.id
