"""Since you left: what happened meanwhile, kind by kind, on one calm page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from supportterm.domain.saved_views import SavedView
from supportterm.domain.since import Line as NewsLine
from supportterm.domain.ticket import Ticket
from supportterm.screens import format as shown_as
from supportterm.screens import keys
from supportterm.screens.commands import Scope
from supportterm.screens.listing import ListScreen
from supportterm.screens.widgets.footer import Footer
from supportterm.screens.widgets.row_list import Line, Row, RowList
from supportterm.screens.widgets.sync_line import SyncLine

_SHOWN = 4
"""Tickets named under each kind."""
_NOTHING = "Nothing happened since you left.\n\nNew mail, clocks, answers of colleagues and promises due stand here."


class SinceScreen(ListScreen[SavedView]):
    """A row for each kind of news, under it the first tickets; Enter lists them, or opens the one selected."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.SINCE, Scope.LIST)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.SINCE, Scope.LIST)]
    CSS_PATH: ClassVar[str] = "shift.tcss"
    TITLE_WORDS = "Since you left"

    def __init__(self, since: datetime, lines: Sequence[NewsLine]) -> None:
        """Show what happened since an instant."""
        super().__init__()
        self._since = since
        self._lines = tuple(lines)

    def compose(self) -> ComposeResult:
        """Lay out head, list and footer."""
        with Horizontal(id="head"):
            yield Static("", id="title", markup=False)
            yield SyncLine()
        yield RowList(self.console.glyphs.cursor)
        yield Static(_NOTHING, id="empty", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Show the list."""
        self.rows.focus()
        self._draw()

    def store_changed(self) -> None:
        """Read it again: mail that came while nobody was here may still be on its way in."""
        self.in_background(self._look(), opens=False)

    async def _look(self) -> None:
        from supportterm.desk import attending

        config, now, since = self.console.config, self.console.now(), self._since
        lines = tuple(await self.console.ask(lambda views: attending.news(views, config, since, now)))
        if self.is_here and lines != self._lines:
            self._lines = lines
            self._draw()

    def _draw(self) -> None:
        now = self.console.now()
        self.query_one(SyncLine).show(self.console.views.sync(), now)
        ago = shown_as.ago(self._since, now)
        title = f"Since you left   {shown_as.when(self._since, now)}, {ago} ago"
        self.query_one("#title", Static).update(title)
        rows: list[Row] = []
        for line in self._lines:
            rows += [Row(None, lambda _cells: [[]])] if rows else []
            rows.append(Row(line.news, _headed(line)))
            rows += [Row((line.news, t.key), self._drawn(line, t, now)) for t in line.tickets[:_SHOWN]]
        self.set_class(not rows, "empty")
        self.rows.show(rows)
        self.query_one(Footer).refresh()

    def _drawn(self, line: NewsLine, ticket: Ticket, now: datetime) -> Callable[[int], Sequence[Line]]:
        remark = shown_as.line(line.remarks.get(ticket.key, ""), 200)
        kind, left = shown_as.due(ticket, now)
        due = f"{kind} {left}".strip() if ticket.status.is_ours else str(ticket.status)

        def draw(cells: int) -> Sequence[Line]:
            more = self.console.glyphs.more
            who = min(24, cells // 4)
            said = min(34, cells // 4) if line.remarks else 0
            rest = max(cells - 6 - who - said - 2 - 16, 4)
            return [
                [
                    ("      ", ""),
                    (shown_as.fit(shown_as.customer(ticket), who, more), ""),
                    ("  " + shown_as.fit(shown_as.subject(ticket), rest, more), "quiet"),
                    ("  " + shown_as.fit(remark, said - 2, more) if said else "", "accent"),
                    ("  " + shown_as.fit(due, 14, more), "warning" if kind == "late" else "quiet"),
                ]
            ]

        return draw

    @on(RowList.Chosen)
    def chosen(self) -> None:
        """Show what was chosen."""
        self.action_open()

    def action_open(self) -> None:
        """List the tickets of this kind, or open the one selected."""
        selected = self.rows.selected
        for line in self._lines:
            if selected == line.news:
                self.dismiss(line.view)
            elif isinstance(selected, tuple) and selected[0] == line.news:
                from supportterm.screens.ticket import TicketScreen

                self.app.push_screen(TicketScreen(selected[1]))


def _headed(line: NewsLine) -> Callable[[int], Sequence[Line]]:
    count = len(line.tickets)
    more = f"   {count - _SHOWN} more" if count > _SHOWN else ""
    words = [(f"{count:>5} ", "accent"), (str(line.news), "strong"), (more, "quiet")]

    def draw(_cells: int) -> Sequence[Line]:
        return [words]

    return draw
