"""Sweep: what needs no answer, in one list; read it, keep any, close the rest together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, VerticalScroll
from textual.widgets import Static

from supportterm.domain import quiet
from supportterm.domain.ticket import Ticket
from supportterm.screens import format as shown_as
from supportterm.screens import keys
from supportterm.screens.commands import Command, Scope
from supportterm.screens.listing import ListOfMail
from supportterm.screens.widgets.footer import Footer
from supportterm.screens.widgets.row_list import Line, Row, RowList, heading
from supportterm.screens.widgets.sync_line import SyncLine

_READ = 20_000
"""Characters of a mail that are shown."""
_EMPTY = (
    "Nothing to sweep.\n\nThanks, automatic mail and newsletters stand here, unless they are kept or somebody else's."
)


class SweepScreen(ListOfMail[None]):
    """One row a ticket, by kind; below it what was written."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.SWEEP, Scope.LIST)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.SWEEP, Scope.LIST)]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (160, "-wide")]  # noqa: RUF012 Textual declares it so
    CSS_PATH: ClassVar[str] = "sweep.tcss"
    TITLE_WORDS = "Sweep"

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[str, tuple[Ticket, str]] = {}
        self._kept: dict[str, tuple[Ticket, str]] = {}
        self._deciding: set[str] = set()
        """What is being kept or let go just now: the store does not say so yet."""
        self._shown: str | None = None
        self._read = False

    def compose(self) -> ComposeResult:
        """Lay out head, list, mail and footer."""
        with Horizontal(id="head"):
            yield Static("Sweep", id="title", markup=False)
            yield SyncLine()
        with Container(id="body"):
            yield RowList(self.console.glyphs.cursor)
            with VerticalScroll(id="detail", can_focus=False):
                yield Static("", id="mail", markup=False)
        yield Static(_EMPTY, id="empty", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Read the list."""
        self.rows.focus()
        self.store_changed()

    def store_changed(self) -> None:
        """Read it again; the selection stays on its ticket, and what was kept here stays in sight."""
        self.in_background(self._look(), opens=False)

    async def _look(self) -> None:
        me = self.console.me
        found = await self.console.ask(lambda views: views.quiet(me))
        if not self.is_here:
            return
        there = {ticket.key for ticket, _ in found}
        self._kept = {key: kept for key, kept in self._kept.items() if key in self._deciding or key not in there}
        self._found = {ticket.key: (ticket, kind) for ticket, kind in found if ticket.key not in self._kept}
        self._read = True
        self._draw()

    def _draw(self) -> None:
        sync = self.console.views.sync()
        self.query_one(SyncLine).show(sync, self.console.now())
        counts = Counter(kind for _, kind in self._found.values())
        everything = sorted({**self._found, **self._kept}.values(), key=lambda each: (each[1], each[0].created_at))
        rows: list[Row] = []
        for kind in dict.fromkeys(kind for _, kind in everything):
            of_kind = [ticket for ticket, each in everything if each == kind]
            rows += [heading(f"{quiet.reason(kind).upper()} {len(of_kind)}")]
            rows += [Row(ticket.key, self._drawn(ticket)) for ticket in of_kind]
        self.set_class(self._read and not rows, "empty")
        told = quiet.counted(counts)
        kept = f", {len(self._kept)} kept" if self._kept else ""
        self.query_one("#title", Static).update(f"Sweep   {told}{kept}".rstrip())
        self.rows.show(rows)
        self.query_one(Footer).refresh()

    def _drawn(self, ticket: Ticket) -> Callable[[int], Sequence[Line]]:
        is_kept = ticket.key in self._kept
        now = self.console.now()

        def draw(cells: int) -> Sequence[Line]:
            more = self.console.glyphs.more
            who = min(26, cells // 4)
            rest = cells - who - 5 - 2 - 18
            return [
                [
                    ("kept " if is_kept else "     ", "accent"),
                    (shown_as.fit(shown_as.customer(ticket), who, more), "strong" if is_kept else ""),
                    ("  " + shown_as.fit(shown_as.subject(ticket), max(rest, 4), more), "quiet"),
                    ("  " + shown_as.fit(shown_as.when(ticket.last_message_at, now), 16, more), "quiet"),
                ]
            ]

        return draw

    @on(RowList.Marked)
    def marked(self) -> None:
        """Show what was written."""
        self.query_one(Footer).refresh()
        key = self._selected
        if key == self._shown:
            return
        self._shown = key
        said = self.console.views.messages(key) if key else []
        ticket = self._ticket_of(key)
        words = ""
        if ticket is not None and said:
            body = shown_as.body((said[-1].reply_text or said[-1].text)[:_READ])
            words = f"{shown_as.subject(ticket)}\n{shown_as.line(str(said[-1].sender))}\n\n{body}"
        self.query_one("#mail", Static).update(words)
        self.query_one("#detail").scroll_home(animate=False)

    @on(RowList.Chosen)
    def chosen(self) -> None:
        """Read the mail alone on the screen."""
        self.action_look()

    @property
    def _selected(self) -> str | None:
        selected = self.rows.selected
        return selected if isinstance(selected, str) else None

    def _ticket_of(self, key: str | None) -> Ticket | None:
        found = self._found.get(key or "") or self._kept.get(key or "")
        return found[0] if found else None

    def why_not(self, command: Command) -> str:
        """Say that there is nothing here to do it to."""
        if command.id == "sweep.close" and not self._found:
            return "There is nothing to sweep."
        if command.scope is Scope.SWEEP and command.id != "sweep.close" and self._selected is None:
            return "There is no ticket here."
        return ""

    def action_keep(self) -> None:
        """Keep the ticket out of the sweep, or let it in again."""
        from supportterm.desk import sweeping

        if (key := self._selected) is None:
            return
        if key in self._found:
            self._kept[key] = self._found.pop(key)
        elif key in self._kept:
            self._found[key] = self._kept.pop(key)
        self._deciding.add(key)
        self._draw()
        self.rows.move(1)
        self.perform(lambda desk: sweeping.keep(desk, key), lambda _done: self._deciding.discard(key))

    def action_ticket(self) -> None:
        """Go to the ticket."""
        from supportterm.screens.ticket import TicketScreen

        if (key := self._selected) is not None:
            self.app.push_screen(TicketScreen(key))

    def action_close(self) -> None:
        """Solve all that is not kept, in one step, and leave."""
        from supportterm.desk import sweeping

        seen = {key: ticket.last_message_at for key, (ticket, _) in self._found.items()}
        self.perform(lambda desk: sweeping.sweep(desk, seen), lambda _done: self._swept())

    def _swept(self) -> None:
        if self.is_here and self.app.screen is self:
            self.dismiss(None)
