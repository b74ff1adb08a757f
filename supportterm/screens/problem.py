"""One problem: what is known of it, and the customers who wait to hear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from supportterm.domain.problem import LONGEST_CAUSE, LONGEST_TITLE, Problem, ProblemState, named
from supportterm.domain.ticket import Ticket
from supportterm.screens import format as shown_as
from supportterm.screens import keys
from supportterm.screens.commands import Command, Scope
from supportterm.screens.listing import ListScreen
from supportterm.screens.widgets.footer import Footer
from supportterm.screens.widgets.row_list import Line, Row, RowList, heading
from supportterm.screens.widgets.sync_line import SyncLine

_OF_A_TICKET = ("problem.open", "problem.unlink")
_WIDE = 100


class ProblemScreen(ListScreen[None]):
    """The tickets behind a problem, those whose customers wait first; Enter opens one."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.PROBLEM, Scope.LIST)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.PROBLEM, Scope.LIST)]
    DEFAULT_CSS = """
    ProblemScreen #head { height: 1; background: $surface; padding: 0 1; }
    ProblemScreen #title { width: 1fr; height: 1; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
    ProblemScreen #facts { height: 1; color: $quiet; padding: 0 1; }
    ProblemScreen #cause { height: auto; max-height: 6; padding: 0 1; background: $note; display: none; }
    ProblemScreen.explained #cause { display: block; }
    ProblemScreen RowList { height: 1fr; margin: 1 0 0 0; }
    """
    TITLE_WORDS = "A problem"

    def __init__(self, number: int) -> None:
        """Show a problem by its number."""
        super().__init__()
        self._number = number
        self._problem: Problem | None = None
        self._tickets: list[Ticket] = []

    def compose(self) -> ComposeResult:
        """Lay out head, what is known, the tickets and the footer."""
        with Horizontal(id="head"):
            yield Static("", id="title", markup=False)
            yield SyncLine()
        yield Static("", id="facts", markup=False)
        yield Static("", id="cause", markup=False)
        yield RowList(self.console.glyphs.cursor)
        yield Footer()

    def on_mount(self) -> None:
        """Show the list."""
        self.rows.focus()
        self.store_changed()

    def store_changed(self) -> None:
        """Read it again."""
        views, now = self.console.views, self.console.now()
        self._problem, self._tickets = views.problem(self._number), views.behind(self._number)
        self.query_one(SyncLine).show(views.sync(), now)
        self._draw(now)

    def tick(self, now: datetime) -> None:
        """Let the clocks run."""
        self.query_one(SyncLine).show(self.console.views.sync(), now)
        self._draw(now)

    def why_not(self, command: Command) -> str:
        """Say what is missing for a command."""
        if command.scope is Scope.PROBLEM and self._problem is None:
            return f"{named(self._number)} was taken back."
        if command.id in _OF_A_TICKET and not isinstance(self.rows.selected, str):
            return "There is no ticket behind it."
        if command.id == "problem.reply-each" and not self._waiting():
            return "No customer waits to hear of it."
        return super().why_not(command)

    def title_of(self, command: Command) -> str:
        """Return what the foot calls a command: what is fixed can be reopened."""
        is_fixed = self._problem is not None and self._problem.state is ProblemState.FIXED
        return "reopen" if command.id == "problem.fixed" and is_fixed else super().title_of(command)

    def _waiting(self) -> list[Ticket]:
        return [ticket for ticket in self._tickets if ticket.status.value in ("new", "open", "pending", "on-hold")]

    def _draw(self, now: datetime) -> None:
        problem, waiting = self._problem, self._waiting()
        title = f"{problem.ref}  {shown_as.line(problem.title)}" if problem is not None else named(self._number)
        self.query_one("#title", Static).update(title)
        self.query_one("#facts", Static).update(self._facts(now))
        cause = shown_as.body(problem.cause).strip() if problem is not None else ""
        self.query_one("#cause", Static).update(f"INSIDE  {cause}")
        self.set_class(bool(cause), "explained")
        told = [ticket for ticket in self._tickets if ticket not in waiting]
        rows = [heading(f" WAIT TO HEAR {len(waiting)}")] if waiting else []
        rows += [Row(ticket.key, self._drawn(ticket, now)) for ticket in waiting]
        rows += [heading(f" DONE {len(told)}")] if told else []
        rows += [Row(ticket.key, self._drawn(ticket, now)) for ticket in told]
        self.rows.show(rows or [heading(" No ticket is behind it.")])
        self.query_one(Footer).refresh()

    def _facts(self, now: datetime) -> str:
        problem = self._problem
        if problem is None:
            return "taken back"
        facts = [f"known since {shown_as.when(problem.opened_at, now)}", f"by {shown_as.line(problem.by, 40)}"]
        if problem.fixed_at is not None:
            facts.insert(0, f"fixed {shown_as.when(problem.fixed_at, now)}")
        if waiting := self._waiting():
            oldest = min(waiting, key=lambda ticket: ticket.waiting_since or ticket.created_at)
            since = shown_as.ago(oldest.waiting_since or oldest.created_at, now)
            facts.append(f"{shown_as.customer(oldest)} waits longest, {since}")
        return f" {self.console.glyphs.dot} ".join(facts)

    def _drawn(self, ticket: Ticket, now: datetime) -> Callable[[int], Sequence[Line]]:
        kind, left = shown_as.due(ticket, now)
        clock = f"{kind} {left}".strip() if ticket.status.is_ours else str(ticket.status)
        late = "warning" if kind == "late" else "quiet"
        me, more, dash = self.console.me, self.console.glyphs.more, self.console.glyphs.dash
        whose = "you" if ticket.assignee == me else shown_as.line(ticket.assignee or dash, 40)

        def draw(cells: int) -> Sequence[Line]:
            who = min(max(cells // 4, 12), 26)
            ref = 10 if cells >= _WIDE else 0
            subject = max(cells - who - ref - 28, 4)
            return [
                [
                    (shown_as.fit(f" {shown_as.customer(ticket)}", who, more) + "  ", "strong"),
                    (shown_as.fit(ticket.ref, ref, more), "quiet"),
                    (shown_as.fit(shown_as.subject(ticket), subject, more) + "  ", ""),
                    (shown_as.fit(clock, 15, more), late),
                    (" " + shown_as.fit(whose, 7, more), "quiet"),
                ]
            ]

        return draw

    @on(RowList.Chosen)
    def chosen(self) -> None:
        """Open what was chosen."""
        self.action_open()

    def action_open(self) -> None:
        """Open the selected ticket."""
        from supportterm.screens.ticket import TicketScreen

        if isinstance(key := self.rows.selected, str):
            self.app.push_screen(TicketScreen(key))

    def action_unlink(self) -> None:
        """Take the selected ticket out of the problem."""
        from supportterm.desk import problems

        if isinstance(key := self.rows.selected, str):
            self.perform(lambda desk: problems.unlink(desk, [key]))

    def action_rename(self) -> None:
        """Ask for another title."""
        from supportterm.desk import problems
        from supportterm.screens.asking import Prompt

        async def ask() -> None:
            before = self._problem.title if self._problem is not None else ""
            typed = await self.ask_for(Prompt("title:", shown_as.line(before, LONGEST_TITLE)))
            if typed and typed.strip() and typed.strip() != before:
                self.perform(lambda desk: problems.rename(desk, named(self._number), typed))

        self.in_background(ask())

    def action_cause(self) -> None:
        """Ask what is known of its cause."""
        from supportterm.desk import problems
        from supportterm.screens.asking import Prompt

        async def ask() -> None:
            before = shown_as.line(self._problem.cause, LONGEST_CAUSE) if self._problem is not None else ""
            typed = await self.ask_for(Prompt("cause, stays inside:", before))
            if typed is not None and typed.strip() != before:
                self.perform(lambda desk: problems.explain(desk, named(self._number), typed))

        self.in_background(ask())

    def action_fixed(self) -> None:
        """Say that it is fixed, or open it again."""
        from supportterm.desk import problems

        is_open = self._problem is None or self._problem.state is ProblemState.OPEN
        self.perform(lambda desk: (problems.fixed if is_open else problems.reopen)(desk, named(self._number)))

    def action_reply_each(self) -> None:
        """Write to each customer who waits, out of one snippet."""
        from supportterm.screens.deck_making import reply_to_each

        self.in_background(reply_to_each(self, self._waiting()))
