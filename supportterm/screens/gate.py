"""The last gate before the terminal: no control character and no link leaves the console, whatever a widget let by.

It keeps widths: what enters a screen was given visible marks already (see
`format.line`); here a control becomes a blank cell, a zero-width one nothing.
"""

from __future__ import annotations

import re

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ACTS = re.compile(
    r"[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e001f]"
)
_MARKS = r"\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
_PILE = re.compile(rf"([{_MARKS}]{{8}})[{_MARKS}]+")
_UNSAFE = re.compile(rf"{_CONTROL.pattern}|{_ACTS.pattern}|{_PILE.pattern}|[\ud800-\udfff]")


class Gate(LineFilter):
    """Takes out of every segment what could act on a terminal."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with controls blanked and links removed."""
        return [_safe(segment) for segment in segments]


def _safe(segment: Segment) -> Segment:
    text, style, control = segment
    if control is not None:
        return segment
    if _UNSAFE.search(text):
        text = _PILE.sub(r"\1", _ACTS.sub("", _CONTROL.sub(" ", text))).encode("utf-8", "replace").decode()
    if style is not None and style.link:
        style = style.update_link(None)
    return segment if text is segment.text and style is segment.style else Segment(text, style)
