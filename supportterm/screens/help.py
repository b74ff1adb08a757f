"""The help page: every key of a screen and what it does, from the registry."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from supportterm import paths
from supportterm.screens import format as shown_as
from supportterm.screens import keys, macro_keys
from supportterm.screens.base import DeskScreen, run
from supportterm.screens.commands import Command, Scope
from supportterm.screens.key_names import shown
from supportterm.screens.likeness import ranked
from supportterm.screens.listing import ListScreen
from supportterm.screens.widgets.footer import Footer
from supportterm.screens.widgets.row_list import Line, Row, RowList, heading

_KEYS_WIDE = 22


class HelpScreen(ListScreen[None]):
    """The commands of the screen it was opened from, by where they work; Enter or a click carries one out."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.HELP, Scope.LIST)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.HELP, Scope.LIST)]
    CSS_PATH: ClassVar[str] = "help.tcss"
    TITLE_WORDS = "Keys"

    def __init__(self, about: DeskScreen[Any]) -> None:
        """Show the keys of that screen."""
        super().__init__()
        self._about = about
        self._listed_for = 0

    def compose(self) -> ComposeResult:
        """Lay out head, line, list and footer."""
        config = self.console.config
        beside = (config.path or paths.config_file()).with_name("keys.toml")
        with Horizontal(id="head"):
            yield Static(f"Keys: {self._about.TITLE_WORDS}", id="title", markup=False)
            yield Static(
                f"preset {config.console.keys}, yours in {shown_as.line(_short(beside))}", id="preset", markup=False
            )
        with Horizontal(id="line"):
            yield Static("Only", id="label", markup=False)
            yield Input("", placeholder="words", select_on_focus=False, compact=True)
        yield RowList(self.console.glyphs.cursor, at_once=True)
        yield Footer()

    def on_mount(self) -> None:
        """List the commands."""
        self.rows.focus()
        self._list("")

    def on_resize(self) -> None:
        """List them anew where their words have more or less room."""
        if self._cells != self._listed_for:
            self._list(self.query_one(Input).value)

    @property
    def _cells(self) -> int:
        """Return the cells of a row, beside the scroll bar."""
        return self.app.size.width - 1

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        self._list(event.value)

    @on(Input.Submitted)
    def entered(self) -> None:
        """Go into what is left."""
        self.rows.focus()

    @on(RowList.Chosen)
    def chosen(self) -> None:
        """Carry it out."""
        self.action_run()

    def on_key(self, event: events.Key) -> None:
        """Go from the line into the list."""
        if event.key == "down" and self.query_one(Input).has_focus:
            self.rows.focus()
            event.stop()

    def action_narrow(self) -> None:
        """Type words that the commands must hold."""
        self.add_class("narrowing")
        self.query_one(Input).focus()

    def action_back(self) -> None:
        """Show everything again, then leave."""
        if self.has_class("narrowing"):
            self.remove_class("narrowing")
            self.query_one(Input).value = ""
            self.rows.focus()
        else:
            self.dismiss(None)

    def action_run(self) -> None:
        """Leave, and carry out the selected command where the page was opened from."""
        chosen, about = self.rows.selected, self._about
        if not isinstance(chosen, str):
            return
        self.dismiss(None)
        if chosen.startswith(macro_keys.ID):
            self.app.call_later(about.run_action, f"macro_key({chosen.removeprefix(macro_keys.ID)!r})")
        else:
            self.app.call_later(run, about, chosen)

    def _list(self, typed: str) -> None:
        self._listed_for = self._cells
        commands = sorted(self._about.commands(), key=lambda one: self._order(one.scope))
        titles = [command.title for command in commands]
        places = set(ranked(typed, titles, [f"{c.help} {self._keys(c)} {c.cli}" for c in commands]))
        rows: list[Row] = []
        scope: Scope | None = None
        for place, command in enumerate(commands):
            if place not in places:
                continue
            if command.scope is not scope:
                rows += [Row(None, lambda _cells: [[]])] if rows else []
                rows.append(heading(command.scope.value.upper()))
                scope = command.scope
            reason = self._about.why_not(command)
            rows.append(self._row(command.id, self._keys(command), command.help, command.cli, reason))
        self.rows.show([*rows, *self._macros(typed, bool(rows))])

    def _macros(self, typed: str, below: bool) -> list[Row]:
        """Return the rows of macros that have a key here."""
        known = list(macro_keys.listed(self._about, self.console.keymap))
        places = ranked(typed, [words for _, _, words in known], ["macro" for _ in known]) if known else []
        rows = [self._row(*known[place], "macro apply", "") for place in sorted(places)]
        gap = [Row(None, lambda _cells: [[]])] if below else []
        return [*gap, heading("MACROS WITH A KEY"), *rows] if rows else []

    def _order(self, scope: Scope) -> int:
        """This screen's own scopes first, what works everywhere next, moving in lists last."""
        own = [one for one in self._about.SCOPES if one is not Scope.LIST]
        return [*own, Scope.EVERYWHERE, Scope.LIST].index(scope)

    def _keys(self, command: Command) -> str:
        given = keys.keys_of(command.id, self.console.keymap)
        return "  ".join(shown([key]) for key in given) or f":{command.name}"

    def _row(self, command: str, given: str, words_: str, cli: str, reason: str) -> Row:
        """Return a command's row, as high as its words need in this width; none of them is cut off."""
        more = self.console.glyphs.more
        cli = f"supportterm {cli}" if cli else ""
        cells = self._cells
        wide = _KEYS_WIDE if cells >= 100 else 18
        right = 34 if cells >= 110 and cli else 0
        words = textwrap.wrap(shown_as.line(words_, 400), max(cells - wide - 2 - right, 20)) or [""]
        ink, room = "quiet" if reason else "", max(cells - wide - 2 - right, 20)

        def draw(_cells: int) -> Sequence[Line]:
            keys_ = [(" ", ""), (shown_as.fit(given, wide - 1, more) + " ", "quiet" if reason else "accent")]
            first: Line = [*keys_, (shown_as.fit(words[0], room, more), ink)]
            if right:
                first = [*first, (shown_as.fit("  " + cli, right, more), "quiet")]
            return [first, *([(" " * (wide + 1), ""), (line, ink)] for line in words[1:])]

        return Row(command, draw, len(words))


def _short(path: Path) -> str:
    """Return a path with the home folder as `~`."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)
