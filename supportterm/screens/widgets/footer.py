"""The foot of a screen: a remark at the left, what the keys do at the right; every word can be clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from supportterm.screens import format as shown_as
from supportterm.screens.base import run

if TYPE_CHECKING:
    from supportterm.screens.base import DeskScreen


class Footer(Widget):
    """One line made from the registry; what does not fit is left out from its end, the help key never."""

    DEFAULT_CSS = """
    Footer { dock: bottom; height: 1; background: $surface; color: $quiet; }
    Footer > .footer--key { color: $foreground; text-style: bold; }
    Footer > .footer--remark { color: $accent; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"footer--key", "footer--remark"}

    remark: reactive[str] = reactive("")

    def render_line(self, y: int) -> Strip:
        """Draw the line, commands as far as they fit."""
        desk = cast("DeskScreen[object]", self.screen)
        base, key_style = self.rich_style, self.get_component_rich_style("footer--key")
        remark = shown_as.line(self.remark, 200)
        room = self.size.width - 2 - (cell_len(remark) + 3 if remark else 0)
        parts: list[tuple[str, str, str]] = []
        asked = sorted((c for c in desk.commands() if c.footer and not desk.why_not(c)), key=lambda c: c.footer)
        last = [c for c in asked if c.id == "desk.keys"]
        for command in [*last, *(c for c in asked if c not in last)]:
            key, words = desk.key_of(command.id), desk.title_of(command)
            needed = cell_len(key) + 1 + cell_len(words) + 2
            if not key or needed > room:
                continue
            room -= needed
            parts.append((key, words.lower() if command.id == "desk.keys" else words, command.id))
        parts = [*parts[1:], *parts[:1]] if last and parts else parts
        segments = [Segment(" ", base)]
        if remark:
            segments.append(Segment(remark, self.get_component_rich_style("footer--remark")))
        segments.append(Segment(" " * max(room + (3 if remark else 0), 0), base))
        for key, words, command_id in parts:
            meta = Style.from_meta({"command": command_id})
            segments += [Segment(key, key_style + meta), Segment(f" {words}  ", base + meta)]
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def on_click(self, event: events.Click) -> None:
        """Do what the clicked word says."""
        if command_id := event.style.meta.get("command"):
            self.call_later(run, self.screen, command_id)
