"""The console's own colours: calm, one accent, colour only for state."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="supportterm-dark",
    primary="#7aa2f7",
    secondary="#9d8cd9",
    accent="#7aa2f7",
    foreground="#c8ccd8",
    background="#14171f",
    surface="#191d27",
    panel="#222836",
    success="#8fbf7f",
    warning="#d9a95b",
    error="#e5727f",
    dark=True,
    variables={
        "quiet": "#7b8296",
        "inside": "#232b3d",
        "note": "#2d2a1e",
        "selected": "#2a3246",
        "footer-background": "#14171f",
        "block-cursor-foreground": "#e6e9f0",
        "block-cursor-background": "#2a3246",
        "block-cursor-text-style": "none",
        "input-selection-background": "#3b4a70",
    },
)

LIGHT = Theme(
    name="supportterm-light",
    primary="#2f5fb3",
    secondary="#6a4fb0",
    accent="#2f5fb3",
    foreground="#2b303b",
    background="#fbfbf9",
    surface="#f3f3ef",
    panel="#e8e9e4",
    success="#3f7d3a",
    warning="#9a6410",
    error="#b83244",
    dark=False,
    variables={
        "quiet": "#6f7580",
        "inside": "#e6ecf6",
        "note": "#f6efd6",
        "selected": "#dfe6f3",
        "block-cursor-foreground": "#1b1f27",
        "block-cursor-background": "#dfe6f3",
        "block-cursor-text-style": "none",
        "input-selection-background": "#bcd0f2",
    },
)

_TERMINAL = {
    "quiet": "ansi_bright_black",
    "inside": "ansi_default",
    "note": "ansi_default",
    "selected": "ansi_bright_black",
    "block-cursor-text-style": "reverse",
    "block-cursor-foreground": "ansi_default",
    "block-cursor-background": "ansi_default",
}


def _terminal(name: str, *, dark: bool) -> Theme:
    """Return a theme of the terminal's own sixteen colours."""
    return Theme(
        name=name,
        ansi=True,
        primary="ansi_blue",
        secondary="ansi_magenta",
        accent="ansi_blue",
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        success="ansi_green",
        warning="ansi_yellow",
        error="ansi_red",
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
