"""The queue: what is most pressing, why, and how long is left."""

from __future__ import annotations

from functools import partialmethod
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal
from textual.timer import Timer

from supportterm.domain import query
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.query import QueryError
from supportterm.domain.saved_views import narrowed
from supportterm.screens import format as shown_as
from supportterm.screens import keys
from supportterm.screens.commands import Command, Scope, of
from supportterm.screens.commands_ticket import of_view
from supportterm.screens.query_line import Place, known, place_of
from supportterm.screens.queue_problems import QueueProblems
from supportterm.screens.shift_verbs import ShiftVerbs
from supportterm.screens.widgets.footer import Footer
from supportterm.screens.widgets.next_line import NextLine
from supportterm.screens.widgets.preview import Preview
from supportterm.screens.widgets.sync_line import SyncLine
from supportterm.screens.widgets.ticket_list import TicketList
from supportterm.screens.widgets.views_bar import DIGITS, ViewsBar
from supportterm.screens.widgets.words_line import FilterChip, RuleLine

PREVIEW_SECONDS = 0.12
"""How long the cursor rests before the preview follows, and how long that is put off at most."""
TYPING_SECONDS = 0.2
"""How long typing rests before the list is narrowed."""
WIDE, ROOMY, SHORT, FLAT = 160, 30, 16, 10
_NAME = 12
ARRIVAL_SECONDS = 2.0
"""How long after the first screen it is told what happened during a pause."""


class QueueScreen(QueueProblems, ShiftVerbs):
    """The list the agent works from."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.QUEUE, Scope.TICKET, Scope.LIST)
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings(Scope.QUEUE, Scope.TICKET),
        *(binding for binding in keys.bindings(Scope.LIST) if binding.id != "list.back"),
    ]
    CSS_PATH = "queue.tcss"
    TITLE_WORDS = "Queue"

    def __init__(self) -> None:
        """Open the first view."""
        super().__init__()
        self._preview_off = False
        self._preview_timer: Timer | None = None
        self._typing: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the head, the list, the preview and the footer."""
        self._arrange()  # before there is anything below that its classes would style anew
        mailbox, glyphs = self.console.config.mailbox, self.console.glyphs
        with Horizontal(id="head"):
            yield ViewsBar(_short(shown_as.line(mailbox.name), mailbox.address), self.console.shelf.views)
            yield SyncLine()
        yield NextLine()
        yield RuleLine(glyphs.rule, id="line-above")
        yield FilterChip(id="chip")
        with Container(id="desk"):
            yield TicketList(self.console.me, glyphs)
            yield RuleLine(glyphs.rule, id="line-below")
            yield Preview(glyphs)
        yield Footer()

    def on_mount(self) -> None:
        """Show the first page."""
        self.listed.fetch = self.fetch
        self.listed.written = self.console.views.drafts
        self.listed.focus()
        self.view = self.console.shelf.views[0]
        self._begin()
        self.begin_shift(ARRIVAL_SECONDS)

    def on_resize(self) -> None:
        """Give the preview the place there is."""
        self._arrange()

    def _arrange(self) -> None:
        width, height = self.app.size
        wide = width >= WIDE
        self.set_class(wide, "-wide")
        self.set_class(height >= ROOMY and not wide, "-roomy")
        self.set_class(self._preview_off or height < SHORT, "-alone")
        self.set_class(height < FLAT, "-flat")

    # What others see of it

    def open_ticket(self, key: str, message: int | None = None, words: str = "") -> None:
        """Put the cursor on a ticket, where the list has it, and open it."""
        self.listed.select(key)
        super().open_ticket(key, message, words)

    def commands(self) -> tuple[Command, ...]:
        """Return what can be done here; leaving is the queue's own, and digits stand for the views there are."""
        digits = zip(DIGITS, self.console.shelf.views, strict=False)
        views = {command.id: command for command in (of_view(digit, view) for digit, view in digits)}
        return tuple(
            views.get(command.id, command)
            for command in of(*self.SCOPES, Scope.EVERYWHERE)
            if command.id != "list.back" and (command.id in views or not command.id.startswith("queue.view-"))
        )

    def why_not(self, command: Command) -> str:
        """Say that there is nothing to do it to, where the list is empty."""
        if command.id in ("queue.open", "queue.mark", "queue.mark-all", "queue.mark-range") and not self.selected():
            return "There is no ticket in this list."
        return super().why_not(command)

    def changed_shape(self) -> None:
        """Tell in the footer what came in and what is marked."""
        parts = []
        if self.listed.marks:
            parts.append(f"{len(self.chosen())} marked")
        if self.waiting is not None:
            came = self.waiting.difference.came - len(self.waiting.back)
            parts += [f"{came} new"] if came else []
            parts += [f"{self.waiting.difference.risen} more pressing"] if self.waiting.difference.risen else []
            parts.append(f"press {self.key_of('queue.show-new')}")
        parts += self.load
        footer = self.query_one(Footer)
        footer.remark = ", ".join(parts)
        footer.renew()

    # The preview

    @on(TicketList.Moved)
    def moved(self) -> None:
        """Let the preview follow once the cursor rests: nothing else moves while it runs."""
        if self._preview_timer is not None:
            self._preview_timer.stop()
        self._preview_timer = self.set_timer(PREVIEW_SECONDS, self._preview)

    def _preview(self) -> None:
        self._preview_timer = None
        preview, key = self.query_one(Preview), self.listed.selected
        if preview.display:
            preview.show(self.glimpse_of(key) if key else None, self.console.now())

    def action_preview(self) -> None:
        """Show or hide the preview."""
        self._preview_off = not self._preview_off
        self._arrange()
        self.call_after_refresh(self._preview)

    # Views and the filter

    def _switch(self, number: int) -> None:
        """Switch to a view by its place."""
        if number < len(self.console.shelf.views):
            self.show_view(self.console.shelf.views[number])
        else:
            self.say(f"There are {len(self.console.shelf.views)} views.")

    action_view_1 = partialmethod(_switch, 0)
    action_view_2 = partialmethod(_switch, 1)
    action_view_3 = partialmethod(_switch, 2)
    action_view_4 = partialmethod(_switch, 3)
    action_view_5 = partialmethod(_switch, 4)
    action_view_6 = partialmethod(_switch, 5)
    action_view_7 = partialmethod(_switch, 6)
    action_view_8 = partialmethod(_switch, 7)
    action_view_9 = partialmethod(_switch, 8)
    action_view_0 = partialmethod(_switch, 9)

    def action_view(self) -> None:
        """Ask for a view by its name."""
        from supportterm.screens.palette import type_command

        self.in_background(type_command(self, "view "))

    def command_view(self, argument: str) -> None:
        """Switch to a view by its name.

        Raises:
            NotFoundError: there is no such view.
        """
        view = self.console.shelf.named(argument)
        if view is None:
            raise NotFoundError(self.console.shelf.unknown(argument))
        self.show_view(view)

    def command_filter(self, argument: str) -> None:
        """Narrow the view to a query.

        Raises:
            RefusedError: the query cannot be read.
        """
        if problem := self._problem(argument):
            raise RefusedError(problem)
        self.narrow(argument)

    def action_sweep(self) -> None:
        """Read what needs no answer, keep any, close the rest."""
        from supportterm.screens.sweep import SweepScreen

        self.app.push_screen(SweepScreen())

    @on(TicketList.Remarked)
    def remarked(self) -> None:
        """Open the sweep by a click on its heading."""
        self.action_sweep()

    def action_show_new(self) -> None:
        """Take in what came since the list was read."""
        self.show_new()

    def action_filter(self) -> None:
        """Ask for a query, and narrow the view to it as it is typed."""
        from supportterm.screens.asking import Prompt

        before = self.stand.narrowed
        words = known(self.console.views)

        def typed(text: str) -> None:
            if self._typing is not None:
                self._typing.stop()
            self._typing = self.set_timer(TYPING_SECONDS, lambda: self._narrow_quietly(query.finished(text, words)))

        async def ask() -> None:
            prompt = Prompt(
                "/", before, lambda text, at: query.complete(text, at, words), self._problem, typed, where=self._mistake
            )
            text = await self.ask_for(prompt)
            if self._typing is not None:
                self._typing.stop()
            self.narrow(before if text is None else text)

        self.in_background(ask())

    def _narrow_quietly(self, text: str) -> None:
        if not self._problem(text):
            self.narrow(text)

    def _problem(self, text: str) -> str:
        """Say what is wrong with a filter, and where."""
        error = self._misread(text)
        if error is None:
            return ""
        word = shown_as.line(text[error.start : error.end], 40)
        return error.message if not word else f"{error.message} (at {cell_len(text[: error.start]) + 1}: {word})"

    def _mistake(self, text: str) -> Place | None:
        """Return where a filter is wrong."""
        error = self._misread(text)
        return place_of(error) if error is not None else None

    def _misread(self, text: str) -> QueryError | None:
        try:
            self.console.compiled(narrowed(self.view, text))
        except QueryError as error:
            return error
        return None

    def action_clear(self) -> None:
        """Take the marks off, else the filter."""
        if self.listed.marks:
            self.listed.mark(list(self.listed.marks), on=False)
        else:
            self.narrow("")

    async def action_leave(self) -> None:
        """Clear marks and filter; then leave the console."""
        if self.listed.marks or self.stand.narrowed:
            self.action_clear()
        else:
            await self.app.action_quit()


def _short(name: str, address: str) -> str:
    """Return what the mailbox is called at the head of the screen: its name, else its domain's first word."""
    domain = shown_as.line(address.rpartition("@")[2].split(".")[0])
    return name if name and cell_len(name) <= _NAME else domain[:_NAME]
