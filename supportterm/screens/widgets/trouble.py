"""The line that says what stays wrong for now: the store cannot be read, the worker does not run."""

from __future__ import annotations

import re
from typing import Any

from rich.cells import cell_len
from textual.screen import Screen
from textual.widgets import Static

from supportterm.screens import format as shown_as
from supportterm.screens.base import DeskScreen, run

_PATH = re.compile(r"(/[^/\s]+)/\S*(/[^/\s]+)")
_LONG_PATH = 30
_MOST_LINES = 2
_TWICE_ENDED = re.compile(r"(?<!\.)\.\.(?=\s|$)")


def shortened(words: str) -> str:
    """Return a sentence without the middle of its long paths, and with one full stop where it ends."""
    cut = _PATH.sub(lambda path: f"{path[1]}/…{path[2]}" if len(path[0]) > _LONG_PATH else path[0], words)
    return _TWICE_ENDED.sub(".", cut)


def in_two_lines(words: str, width: int, key: str) -> str:
    """Return as many whole words as two lines of `width` cells hold, and the key that tells the rest."""
    more = f" … {key} tells more"
    kept = words.split()
    if _lines(words, width) <= _MOST_LINES:
        return words
    while kept and _lines(" ".join(kept) + more, width) > _MOST_LINES:
        kept.pop()
    return " ".join(kept) + more


def _lines(words: str, width: int) -> int:
    lines, used = 1, 0
    for size in map(cell_len, words.split()):
        if used and used + 1 + size > width:
            lines, used = lines + 1, size
        else:
            used += size + bool(used)
        lines, used = lines + max(0, used - 1) // max(1, width), used if used <= width else used % max(1, width)
    return lines


class TroubleLine(Static):
    """One line, or two, at the head of a screen; gone as soon as all is well.

    It grows where words need it and never shrinks while it is there, so that
    a countdown in it does not move the page. A screen of the class `-troubled`
    gives it the room of a rule, so that the list stays where it is.
    """

    DEFAULT_CSS = """
    TroubleLine { dock: top; width: 1fr; height: auto; max-height: 2; padding: 0 1; color: $warning;
                  background: $panel; pointer: pointer; }
    """

    @classmethod
    def show(cls, screen: Screen[Any], words: str) -> None:
        """Show a trouble on a screen, or take the line away where there is none."""
        if not isinstance(screen, DeskScreen) or not screen.is_mounted:
            return
        shown = shortened(shown_as.line(words, 300))
        lines = screen.query(cls)
        screen.set_class(bool(shown), "-troubled")
        if not shown:
            if lines:
                lines.remove()
        else:
            line = lines.first() if lines else cls("", markup=False)
            line._say(shown, screen.key_of("desk.sync-problems"))
            if not lines:
                screen.mount(line)

    def _say(self, words: str, key: str) -> None:
        needed = 1 if cell_len(words) <= self.app.size.width - 2 else 2
        self.styles.min_height = max(needed, int(self.styles.min_height.value if self.styles.min_height else 0))
        self.update(in_two_lines(words, self.app.size.width - 2, key))

    def on_click(self) -> None:
        """Tell more."""
        self.call_later(run, self.screen, "desk.sync-problems")
