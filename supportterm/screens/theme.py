"""The console's own colours: calm, one accent, colour only for state.

Text stands out from every ground it may stand on by 7:1, quiet text and
states by 4.5:1 (WCAG 2.2). The terminal themes name no colour but the
terminal's own sixteen; see `plain` for how they show what is quiet or selected.
"""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

DARK = Theme(
    name="supportterm-dark",
    primary="#7fa6f5",
    secondary="#b0a1e6",
    accent="#86abf7",
    foreground="#d3d7e2",
    background="#14171f",
    surface="#181c26",
    panel="#1e2330",
    success="#94c583",
    warning="#dfb168",
    error="#f08d97",
    dark=True,
    variables={
        "quiet": "#959cb1",
        "inside": "#1c2536",
        "note": "#29261a",
        "selected": "#28304a",
        "border": "#2c3346",
        "border-blurred": "#232938",
        "block-cursor-foreground": "#e6e9f0",
        "block-cursor-background": "#28304a",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-foreground": "#d3d7e2",
        "block-cursor-blurred-background": "#28304a",
        "block-cursor-blurred-text-style": "none",
        "block-hover-background": "#232a3c",
        "input-cursor-background": "#d3d7e2",
        "input-cursor-foreground": "#14171f",
        "input-selection-background": "#303d62",
        "scrollbar": "#2c3346",
        "scrollbar-hover": "#414a63",
        "scrollbar-active": "#5d6884",
        "scrollbar-background": "transparent",
        "scrollbar-background-hover": "transparent",
        "scrollbar-background-active": "transparent",
        "scrollbar-corner-color": "transparent",
    },
)

LIGHT = Theme(
    name="supportterm-light",
    primary="#2855a6",
    secondary="#5f45a3",
    accent="#2855a6",
    foreground="#262b35",
    background="#fbfbf9",
    surface="#f5f5f1",
    panel="#eeeeea",
    success="#2d6629",
    warning="#824f00",
    error="#a3273a",
    dark=False,
    variables={
        "quiet": "#5b616d",
        "inside": "#e6ecf6",
        "note": "#f6efd6",
        "selected": "#dce5f5",
        "border": "#d3d5d0",
        "border-blurred": "#e1e2dd",
        "block-cursor-foreground": "#1b1f27",
        "block-cursor-background": "#dce5f5",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-foreground": "#262b35",
        "block-cursor-blurred-background": "#dce5f5",
        "block-cursor-blurred-text-style": "none",
        "block-hover-background": "#e8edf6",
        "input-cursor-background": "#262b35",
        "input-cursor-foreground": "#fbfbf9",
        "input-selection-background": "#bcd0f2",
        "scrollbar": "#d3d5d0",
        "scrollbar-hover": "#b6b9b3",
        "scrollbar-active": "#91958e",
        "scrollbar-background": "transparent",
        "scrollbar-background-hover": "transparent",
        "scrollbar-background-active": "transparent",
        "scrollbar-corner-color": "transparent",
    },
)

QUIET = "ansi_bright_black"
"""Stands for quiet text and for what is selected in the terminal themes; never shown as that colour, see `plain`."""
_TERMINAL = {
    "ansi-background": "ansi_default",
    "ansi-foreground": "ansi_default",
    "quiet": QUIET,
    "inside": "ansi_default",
    "note": "ansi_default",
    "selected": QUIET,
    "border": QUIET,
    "border-blurred": QUIET,
    "block-cursor-foreground": "ansi_default",
    "block-cursor-background": QUIET,
    "block-cursor-text-style": "none",
    "block-cursor-blurred-foreground": "ansi_default",
    "block-cursor-blurred-background": QUIET,
    "block-cursor-blurred-text-style": "none",
    "block-hover-background": "ansi_default",
    "input-cursor-background": QUIET,
    "input-cursor-foreground": "ansi_default",
    "input-cursor-text-style": "none",
    "input-selection-background": QUIET,
    "screen-selection-background": QUIET,
    "screen-selection-foreground": "ansi_default",
    "scrollbar": QUIET,
    "scrollbar-hover": QUIET,
    "scrollbar-active": QUIET,
    "scrollbar-background": "ansi_default",
    "scrollbar-background-hover": "ansi_default",
    "scrollbar-background-active": "ansi_default",
    "scrollbar-corner-color": "ansi_default",
}


def _terminal(name: str, *, dark: bool) -> Theme:
    """Return a theme of the terminal's own sixteen colours, of those that are legible on its ground."""
    return Theme(
        name=name,
        ansi=True,
        primary="ansi_cyan" if dark else "ansi_blue",
        secondary="ansi_magenta",
        accent="ansi_cyan" if dark else "ansi_blue",
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        success="ansi_green",
        warning="ansi_yellow" if dark else "ansi_magenta",
        error="ansi_bright_red" if dark else "ansi_red",
        dark=dark,
        variables=_TERMINAL | {"ansi-background": "ansi_default", "ansi-foreground": "ansi_default"},
    )


THEMES = {
    "dark": DARK,
    "light": LIGHT,
    "terminal": _terminal("supportterm-terminal", dark=True),
    "terminal-light": _terminal("supportterm-terminal-light", dark=False),
}
"""The `theme` settings, in the order the theme command goes through."""


def fitting(setting: str, environment: Mapping[str, str], *, few_colours: bool) -> dict[str, Theme]:
    """Return the themes a terminal can show, the one to begin with first.

    Where colours are not wanted, or there are sixteen, only the terminal's
    own do; which of the two, `COLORFGBG` says where the terminal sets it.
    """
    names = list(THEMES)
    if few_colours:
        ground = environment.get("COLORFGBG", "").rpartition(";")[2]
        names = ["terminal-light" if setting.endswith("light") or ground in ("7", "15") else "terminal"]
    elif setting in names:
        begin = names.index(setting)
        names = names[begin:] + names[:begin]
    return {name: THEMES[name] for name in names}
