"""What a key is called: by Textual, by people who write `keys.toml`, on the screen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from textual.keys import KEY_NAME_REPLACEMENTS, KEY_TO_UNICODE_NAME, Keys

from supportterm.domain.query_fields import nearest

_SHOWN = {
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "space": "Space",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "delete": "Del",
    "insert": "Ins",
    "backspace": "Backspace",
}
_ALSO = {
    "return": "enter",
    "esc": "escape",
    "del": "delete",
    "ins": "insert",
    "pgdn": "pagedown",
    "pgup": "pageup",
    "page_down": "pagedown",
    "page_up": "pageup",
    "spacebar": "space",
    "bksp": "backspace",
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+left_square_bracket": "escape",
    "hyphen": "minus",
    "dot": "full_stop",
    "period": "full_stop",
    "hash": "number_sign",
    "pipe": "vertical_line",
    "equals": "equals_sign",
    "double_quote": "quotation_mark",
}
"""Other names people write, and what a terminal cannot tell from another key."""
_MODIFIERS = ("ctrl", "alt", "shift", "super", "hyper", "meta")
_MODIFIED = re.compile(rf"((?:(?:{'|'.join(_MODIFIERS)})\+)*)(.+)", re.DOTALL | re.IGNORECASE)
_NAMED = frozenset(
    {str(key.value) for key in Keys if "+" not in str(key.value) and not str(key.value).startswith(("<", "scroll"))}
    | set(KEY_TO_UNICODE_NAME)
    | set(KEY_NAME_REPLACEMENTS.values())
    | {"comma", "colon", "semicolon", "apostrophe", "asterisk", "ampersand", "tilde", "minus", "space", "number_sign"}
)
_TYPES = frozenset({"space", "backspace", "delete", "up", "down", "left", "right", "home", "end"})


class UnknownKeyError(Exception):
    """What was written is no key; the text is the sentence that follows its name."""


def canonical(written: str) -> str:
    """Return a key as Textual names it, from what a person wrote: `?`, `^K`, `Ctrl+K`, `PgDn`, `comma`.

    Raises:
        UnknownKeyError: there is no such key.
    """
    text = written.strip() or written
    if len(text) > 1 and text.startswith("^"):
        text = f"ctrl+{text[1:]}"
    match = _MODIFIED.fullmatch(text)
    modifiers, base = (match[1].lower(), match[2]) if match else ("", text)
    held = [one for one in _MODIFIERS if f"{one}+" in modifiers]
    if len(base) == 1:
        name = _of_character(base.lower() if "ctrl" in held else base)
        if held == ["shift"] and name.isalpha() and len(name) == 1:
            held, name = [], name.upper()
    else:
        name = re.sub(r"[\s-]+", "_", base.strip().lower())
        name = _ALSO.get(name, name)
        name = KEY_NAME_REPLACEMENTS.get(name, name)
        if name not in _NAMED:
            raise UnknownKeyError(
                f'Write it like "c", "ctrl+k", "f5", "?" or "enter". {nearest(name, sorted(_NAMED))}'
                if len(name) > 2
                else 'Write it like "c", "ctrl+k", "f5", "?" or "enter".'
            )
    key = "+".join([*held, name])
    return _ALSO.get(key, key)


def _of_character(character: str) -> str:
    if character == " ":
        return "space"
    if character.isalnum():
        return character
    if not character.isprintable():
        raise UnknownKeyError('Write it like "c", "ctrl+k", "f5", "?" or "enter".')
    name = unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


def _character(key: str) -> str:
    """Return the character a key types; empty for a key that types none."""
    if len(key) == 1:
        return key
    name = {short: long for long, short in KEY_NAME_REPLACEMENTS.items()}.get(key, key)
    try:
        return unicodedata.lookup(KEY_TO_UNICODE_NAME.get(name, name.replace("_", " ")))
    except KeyError:
        return "-" if key == "minus" else ""


def types_text(key: str) -> bool:
    """Tell whether a text field takes this key as something typed."""
    return key in _TYPES or bool(key not in _SHOWN and _character(key))


def shown(keys: Iterable[str]) -> str:
    """Return the first key as people write it: `^S`, `?`, `F5`; empty where there is none."""
    key = next(iter(keys), "")
    if key in _SHOWN:
        return _SHOWN[key]
    if re.fullmatch(r"f\d+", key):
        return key.upper()
    *held, name = key.split("+")
    base = _SHOWN.get(name) or (name.upper() if re.fullmatch(r"f\d+", name) else _character(name) or name)
    if held == ["ctrl"]:
        return "^" + (base.upper() if len(base) == 1 else base)
    return "+".join([*(one.capitalize() for one in held), base])
