"""A screen whose middle is one list: the list commands move it."""

from __future__ import annotations

from typing import TypeVar

from textual.widget import Widget

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


class ListOfMail(ListScreen[Result]):
    """A list above the mail of its selected row, `#detail`; Enter gives that the screen, the list keys scroll it."""

    def action_look(self) -> None:
        """Give the whole screen to the mail, or the list its place again."""
        self.toggle_class("reading")
        self._detail.scroll_home(animate=False)

    def action_back(self) -> None:
        """Leave the mail, then the list."""
        if self._is_read:
            self.remove_class("reading")
        else:
            super().action_back()

    def action_down(self) -> None:
        """Go one down, or one line down in the mail."""
        if self._is_read:
            self._detail.scroll_down(animate=False)
        else:
            super().action_down()

    def action_up(self) -> None:
        """Go one up, or one line up in the mail."""
        if self._is_read:
            self._detail.scroll_up(animate=False)
        else:
            super().action_up()

    def action_page_down(self) -> None:
        """Go a screen down, in the mail while it is read."""
        if self._is_read:
            self._detail.scroll_page_down(animate=False)
        else:
            super().action_page_down()

    def action_page_up(self) -> None:
        """Go a screen up, in the mail while it is read."""
        if self._is_read:
            self._detail.scroll_page_up(animate=False)
        else:
            super().action_page_up()

    @property
    def _is_read(self) -> bool:
        return self.has_class("reading")

    @property
    def _detail(self) -> Widget:
        return self.query_one("#detail")
