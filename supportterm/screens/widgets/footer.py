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
from supportterm.screens.key_names import shown, types_text
from supportterm.screens.keys import keys_of

if TYPE_CHECKING:
    from supportterm.screens.base import DeskScreen


class Footer(Widget):
    """One line made from the registry; what does not fit is left out from its end, the help key never."""

    DEFAULT_CSS = """
    Footer { dock: bottom; height: 1; background: $surface; color: $quiet; }
    Footer > .footer--key { color: $foreground; text-style: bold; }
    Footer > .footer--remark { color: $accent; }
    Footer > .footer--over { color: $accent; text-style: bold underline; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"footer--key", "footer--remark", "footer--over"}

    remark: reactive[str] = reactive("")

    _over: reactive[str] = reactive("")

    _drawn: object = None

    def renew(self) -> None:
        """Draw it anew where anything about it changed; a frame of its own at each key would be one too many."""
        if self._state() != self._drawn:
            self.refresh()

    def _state(self) -> object:
        return self.size.width, self.remark, self._fitting(self._room())

    def on_mount(self) -> None:
        """Show other keys once the agent begins or ends to type."""
        self.watch(self.screen, "focused", self._focus_moved)

    def _focus_moved(self) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the line, commands as far as they fit."""
        self._drawn = self._state()
        width, base = self.size.width, self.rich_style
        key_style, over = (self.get_component_rich_style(f"footer--{name}") for name in ("key", "over"))
        remark = self._remark()
        parts, left = self._fitting(self._room())
        segments = [Segment(" ", base)]
        if remark:
            segments += [Segment(remark, self.get_component_rich_style("footer--remark")), Segment("  ", base)]
        segments.append(Segment(" " * max(left, 0), base))
        for key, words, command_id in parts:
            meta = Style.from_meta({"command": command_id})
            pointed = command_id == self._over
            segments.append(Segment(key, (over if pointed else key_style) + meta))
            segments += [Segment(f" {words}", base + meta), Segment("  ", base)]
        return Strip(segments).adjust_cell_length(width, base)

    def _remark(self) -> str:
        remark, width = shown_as.line(self.remark, 200), self.size.width
        return shown_as.fit(remark, min(cell_len(remark), max(width // 2, width - 40)))

    def _room(self) -> int:
        remark = self._remark()
        return self.size.width - 2 - (cell_len(remark) + 2 if remark else 0)

    def _fitting(self, room: int) -> tuple[list[tuple[str, str, str]], int]:
        """Return keys, words and ids of the commands that fit, the help key last and always, and the cells left."""
        desk = cast("DeskScreen[object]", self.screen)
        typing = desk.focused is not None and desk.focused.check_consume_key("a", "a")
        asked = sorted((c for c in desk.commands() if c.footer and not desk.why_not(c)), key=lambda c: c.footer)
        last = [c for c in asked if c.id == "desk.keys"]
        parts: list[tuple[str, str, str]] = []
        for command in [*last, *(c for c in asked if c not in last)]:
            given = keys_of(command.id, desk.console.keymap)
            key, words = shown(k for k in given if not (typing and types_text(k))), desk.title_of(command)
            needed = cell_len(key) + cell_len(words) + 3
            if key and needed <= room + 2:
                room -= needed
                parts.append((key, words[:1].lower() + words[1:], command.id))
        return ([*parts[1:], *parts[:1]] if last and parts else parts), room + 1

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Light up the key under the mouse."""
        self._over = str(event.style.meta.get("command", ""))

    def on_leave(self) -> None:
        """Let it go dark again."""
        self._over = ""

    def on_click(self, event: events.Click) -> None:
        """Do what the clicked word says."""
        if command_id := event.style.meta.get("command"):
            self.call_later(run, self.screen, command_id)
