"""The registry as keys: bindings, presets, the agent's own `keys.toml`, and the clashes that stop the start."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from textual.binding import Binding

from supportterm.domain.errors import ConfigError
from supportterm.domain.query_fields import nearest
from supportterm.screens.commands import COMMANDS, Scope, named, of

Keymap = Mapping[str, tuple[str, ...]]
"""Command ids to the keys that stand in for the registry's."""

PRESETS: dict[str, Keymap] = {
    "support": {},
    "mutt": {
        "queue.mark-range": ("T",),
        "queue.next-clock": ("F",),
        "list.page-down": ("space", "pagedown", "ctrl+d"),
        "list.page-up": ("minus", "pageup", "ctrl+u"),
        "queue.filter": ("l",),
        "desk.search": ("slash", "ctrl+f"),
        "ticket.reply-all": ("g",),
        "list.top": ("equals_sign", "home"),
        "list.bottom": ("asterisk", "end"),
        "ticket.forward": ("f",),
        "queue.mark": ("t",),
        "ticket.tag": ("Y",),
        "conversation.attachments": ("v",),
        "conversation.card": ("V",),
        "conversation.links": ("ctrl+b", "o"),
        "conversation.source": ("h",),
        "conversation.timeline": ("H",),
    },
    "gmail": {
        "queue.next-clock": ("F",),
        "ticket.reply-all": ("a",),
        "ticket.forward": ("f",),
        "ticket.assign": ("A",),
        "ticket.tag": ("l",),
        "desk.search": ("ctrl+f",),
        "queue.open": ("enter", "o"),
        "conversation.links": ("O",),
        "desk.outbox": ("B",),
        "list.back": ("u", "escape", "q"),
    },
}

TOGETHER: tuple[tuple[Scope, ...], ...] = (
    (Scope.EVERYWHERE, Scope.QUEUE, Scope.TICKET),
    (Scope.EVERYWHERE, Scope.CONVERSATION, Scope.TICKET),
    (Scope.EVERYWHERE, Scope.OUTBOX),
    (Scope.EVERYWHERE, Scope.LIST),
    (Scope.LIST, Scope.OUTBOX),
    (Scope.REPLY,),
)
"""Scopes whose commands answer at the same time, so that one key must not mean two of them."""

_SHOWN = {
    "question_mark": "?",
    "colon": ":",
    "full_stop": ".",
    "slash": "/",
    "exclamation_mark": "!",
    "quotation_mark": '"',
    "vertical_line": "|",
    "equals_sign": "=",
    "asterisk": "*",
    "minus": "-",
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "⇧Tab",
    "space": "Space",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "up": "Up",
    "down": "Down",
}
_KEY = re.compile(r"(ctrl\+|shift\+|alt\+)*([a-zA-Z0-9]|[a-z]+(_[a-z]+)*|f\d{1,2})")


def bindings(*scopes: Scope) -> list[Binding]:
    """Return the bindings of some scopes as the registry has them; the app's keymap changes their keys."""
    return [
        Binding(
            ",".join(command.keys) or f"unbound-{command.id}",
            command.action,
            command.title,
            show=bool(command.footer),
            id=command.id,
            tooltip=command.help,
            priority=command.id in _ALWAYS,
        )
        for command in of(*scopes)
    ]


_ALWAYS = frozenset({"desk.palette", "desk.quit", "desk.search", "reply.send", "reply.send-with"})
"""Commands that answer before a text field sees their key."""


def shown(keys: Iterable[str]) -> str:
    """Return the first key as people write it: `^S`, `?`, `F5`; empty where there is none."""
    key = next(iter(keys), "")
    if key.startswith("ctrl+"):
        return "^" + key.removeprefix("ctrl+").upper()
    return _SHOWN.get(key, key.upper() if re.fullmatch(r"f\d+", key) else key)


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
    if path is not None and path.exists():
        keymap |= _read(path)
    where = f"{path}: " if path is not None and path.exists() else ""
    for problem in clashes(keymap):
        raise ConfigError(f"{where}{problem}")
    return keymap


def clashes(keymap: Keymap) -> list[str]:
    """Return a sentence for every key that two commands claim where both answer."""
    problems: list[str] = []
    for scopes in TOGETHER:
        owners: dict[str, str] = {}
        for command in of(*scopes):
            for key in keys_of(command.id, keymap):
                owner = owners.setdefault(key, command.id)
                if owner != command.id:
                    sentence = (
                        f"the key {shown([key])} is given to `{owner}` and to `{command.id}`. Change one of them."
                    )
                    problems += [] if sentence in problems else [sentence]
    return problems


def _read(path: Path) -> dict[str, tuple[str, ...]]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}. Check that it is UTF-8 text you may read.") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}. Mend that line.") from None
    table = data.get("keys", data)
    if not isinstance(table, dict) or (set(data) - {"keys"} and table is not data):
        raise ConfigError(f"{path}: write one table, [keys], of command names and their keys.")
    found: dict[str, tuple[str, ...]] = {}
    for name, value in table.items():
        if named(name) is None:
            known = [command.id for command in COMMANDS]
            raise ConfigError(f"{path}: unknown command `{name}`. {nearest(name, known)}")
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list) or not all(isinstance(key, str) for key in given):
            raise ConfigError(f'{path}: the keys of `{name}` must be text in quotes, or a list like ["c", "ctrl+k"].')
        found[name] = tuple(_key(path, name, key) for key in given)
    return found


def _key(path: Path, name: str, text: str) -> str:
    """Read one key: as Textual names it, or as it is shown."""
    written = {shown_as: key for key, shown_as in _SHOWN.items()}
    key = written.get(text, text)
    if len(key) > 1 and key.startswith("^"):
        key = f"ctrl+{key[1:].lower()}"
    if len(key) > 1:
        key = key.lower()
    if not _KEY.fullmatch(key):
        raise ConfigError(f'{path}: `{text}` for `{name}` is no key. Write it like "c", "ctrl+k", "f5" or "enter".')
    return key
