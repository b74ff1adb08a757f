"""Desktop notices as a terminal takes them: one escape sequence around a text that can be nothing but a text.

OSC 9 (iTerm2, kitty, Ghostty, WezTerm, foot, Windows Terminal) says one text,
OSC 777 (rxvt, VTE) a title and a text. tmux hands either on inside its own
pass-through (`DCS tmux; … ST`, each ESC doubled) where `allow-passthrough` is set.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

LONGEST = 160
"""Characters of one notice."""
TITLE = "supportterm"
_BEL, _ESC, _ST = "\x07", "\x1b", "\x1b\\"
_DEAF = ("linux", "dumb", "vt100", "vt220", "ansi", "cons25", "unknown", "")
"""Terminals that are no windows."""


def cleaned(text: str) -> str:
    """Return a text without control, format, private or unassigned characters, on one line of bounded length."""
    head = text[: 4 * LONGEST]
    plain = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in head)
    words = " ".join(plain.split())
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def can(environment: Mapping[str, str]) -> bool:
    """Tell whether a terminal may understand notices; GNU screen hands none on."""
    if environment.get("TMUX"):
        return True
    return not environment.get("STY") and environment.get("TERM", "") not in _DEAF


def sequence(text: str, environment: Mapping[str, str]) -> str:
    """Return what to write to the terminal for a notice of some text, foreign parts and all."""
    said = cleaned(text)
    if environment.get("VTE_VERSION") or environment.get("TERM", "").startswith("rxvt"):
        inner = f"{_ESC}]777;notify;{TITLE};{said}{_BEL}"
    else:
        inner = f"{_ESC}]9;{TITLE}: {said}{_BEL}"
    if environment.get("TMUX"):
        return f"{_ESC}Ptmux;{inner.replace(_ESC, _ESC + _ESC)}{_ST}"
    return inner


def tmux_allows(said: str) -> bool:
    """Tell whether tmux hands sequences on, from its version and its `allow-passthrough`: `3.4 on`.

    Before 3.3 there was no such option, and they were always handed on.
    """
    version, _, option = said.strip().partition(" ")
    number = tuple(int("".join(filter(str.isdigit, part)) or 0) for part in version.split(".")[:2])
    return option.strip() in ("on", "all", "1", "2") or (
        bool(version) and not option.strip() and (0,) < number < (3, 3)
    )
