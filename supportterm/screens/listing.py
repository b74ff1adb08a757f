"""A screen whose middle is one list: the list commands move it."""

from __future__ import annotations

from typing import TypeVar

from supportterm.screens.base import DeskScreen
from supportterm.screens.widgets.row_list import RowList

Result = TypeVar("Result")


class ListScreen(DeskScreen[Result]):
    """A screen with one `RowList`; Esc and `q` leave it."""

    @property
    def rows(self) -> RowList:
        """The list."""
        return self.query_one(RowList)

    def action_down(self) -> None:
        """Go one down."""
        self.rows.move(1)

    def action_up(self) -> None:
        """Go one up."""
        self.rows.move(-1)

    def action_top(self) -> None:
        """Go to the first."""
        self.rows.first()

    def action_bottom(self) -> None:
        """Go to the last."""
        self.rows.last()

    def action_page_down(self) -> None:
        """Go a screen down."""
        self.rows.page(1)

    def action_page_up(self) -> None:
        """Go a screen up."""
        self.rows.page(-1)

    def action_back(self) -> None:
        """Leave this screen."""
        self.dismiss(None)
