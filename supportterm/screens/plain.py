"""How the terminal's own colours, or none, show what is quiet and what is selected: dim, and reversed.

The sixteen colours differ from terminal to terminal: bright black, the only
grey among them, is invisible on some and glaring on others. Dim and reverse
are legible on all, dark or light.
"""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

_GREY = RichColor.parse("color(8)")
_DEFAULT = RichColor.default()
_SELECTED = Style(color=_DEFAULT, bgcolor=_DEFAULT, reverse=True, dim=False)
_QUIET = Style(color=_DEFAULT, dim=True)


class Plain(LineFilter):
    """Turns the one grey of the terminal themes into dim text, and into reversed cells where it is the ground."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments without grey."""
        return [Segment(text, _plain(style) if style else style, control) for text, style, control in segments]


@lru_cache(1024)
def _plain(style: Style) -> Style:
    if _is_grey(style.bgcolor):
        return style + _SELECTED
    return style + _QUIET if _is_grey(style.color) else style


def _is_grey(color: RichColor | None) -> bool:
    return color is not None and color.number == _GREY.number and color.triplet is None


class AsciiOnly(LineFilter):
    """Turns the signs of lines, marks and quotes into ASCII ones of the same width, whoever wrote them."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with ASCII signs; letters of every script stay."""
        return [Segment(text.translate(_ASCII), style, control) for text, style, control in segments]


_ASCII = (
    dict.fromkeys(range(0x2500, 0x2580), "+")
    | dict.fromkeys(range(0x2580, 0x25A0), "#")
    | dict.fromkeys(map(ord, "─━┄┅┈┉╌╍═╴╶╸╺╼╾‐‑‒–—―−"), "-")
    | dict.fromkeys(map(ord, "│┃┆┇┊┋╎╏║╵╷╹╻╽╿▏▐▕❘❙"), "|")
    | dict.fromkeys(map(ord, "‘’‚‛′"), "'")
    | dict.fromkeys(map(ord, "“”„‟″"), '"')
    | dict.fromkeys(map(ord, "‹«←◀◂❮"), "<")
    | dict.fromkeys(map(ord, "›»→▶▸❯⏵"), ">")
    | dict.fromkeys(map(ord, "↑▲▴⇧"), "^")
    | dict.fromkeys(map(ord, "↓▼▾✓✔"), "v")
    | dict.fromkeys(map(ord, "✗✘×"), "x")
    | dict.fromkeys(map(ord, "•●▪■◆"), "*")
    | dict.fromkeys(map(ord, "·◦"), ".")
    | {ord("…"): "~", ord("▬"): "-", ord("○"): "o", ord("□"): "o"}
)
