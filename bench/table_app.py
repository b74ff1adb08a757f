"""The usual way: Textual's DataTable with every row in it. `python -m bench.table_app ROWS`."""

from __future__ import annotations

import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import DataTable

COLUMNS = ("", "From", "Subject", "Reasons", "Clock", "Whose")


class TableApp(App[None]):
    """A table and nothing else; the keys are the console's."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        ("j", "app.in_table('cursor_down')"),
        ("k", "app.in_table('cursor_up')"),
        ("ctrl+d", "app.in_table('page_down')"),
        ("ctrl+u", "app.in_table('page_up')"),
    ]

    def compose(self) -> ComposeResult:
        """Lay out the table."""
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        """Fill it."""
        table: DataTable[str] = self.query_one(DataTable)
        table.add_columns(*COLUMNS)
        table.add_rows(
            ("*", "Somebody Somewhere", f"row-{number:06d} of some length", "waits since yesterday", "41 min", "ada")
            for number in range(int(sys.argv[1]))
        )
        table.focus()

    def action_in_table(self, action: str) -> None:
        """Do what the table's own key does."""
        getattr(self.query_one(DataTable), f"action_{action}")()


if __name__ == "__main__":
    TableApp().run()
