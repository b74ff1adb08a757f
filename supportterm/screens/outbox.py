"""Outbox: the mail on its way, and what has stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, VerticalScroll
from textual.widgets import Static

from supportterm.desk import outbox
from supportterm.desk.context import Desk
from supportterm.desk.verbs import Done
from supportterm.domain.held import is_held
from supportterm.domain.operations import Operation, State, shown_state
from supportterm.domain.ticket import Ticket
from supportterm.screens import format as shown_as
from supportterm.screens import keys, mail_states
from supportterm.screens.asking import Confirm
from supportterm.screens.commands import Command, Scope
from supportterm.screens.listing import ListOfMail
from supportterm.screens.widgets.footer import Footer
from supportterm.screens.widgets.mail_detail import MailDetail
from supportterm.screens.widgets.row_list import Line, Row, RowList, heading
from supportterm.screens.widgets.sync_line import SyncLine

_ROOMY = 100
"""Cells from which the subject has a column of its own."""
_TIMING, _BOTH_CLOCKS = 23, 39
"""Cells of the column that says when a mail leaves; more where a time is told by two clocks."""
_EMPTY = "Nothing waits here: every mail has left.\n\nA reply waits out its undo time in this list before it goes."


class OutboxScreen(ListOfMail[None]):
    """One row a mail, what has stopped first; below it what became of the selected one."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.OUTBOX, Scope.LIST)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.OUTBOX, Scope.LIST)]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (160, "-wide")]  # noqa: RUF012 Textual declares it so
    CSS_PATH: ClassVar[str] = "outbox.tcss"
    TITLE_WORDS = "Outbox"

    def __init__(self) -> None:
        super().__init__()
        self._mails: dict[int, Operation] = {}
        self._left: list[Operation] = []
        self._everything = False

    def compose(self) -> ComposeResult:
        """Lay out head, list, detail and footer."""
        with Horizontal(id="head"):
            yield Static("Outbox", id="title", markup=False)
            yield SyncLine()
        with Container(id="body"):
            yield RowList(self.console.glyphs.cursor)
            with VerticalScroll(id="detail", can_focus=False):
                yield MailDetail()
        yield Static(_EMPTY, id="empty", markup=False)
        yield Static("", id="waiting", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Read the outbox."""
        self.rows.focus()
        self.store_changed()

    def store_changed(self) -> None:
        """Read it again; the selection stays on its mail."""
        if not self.query(MailDetail):
            return
        views = self.console.views
        self._left = views.left() if self._everything else []
        self._mails = {mail.id: mail for mail in (*views.outbox(), *self._left) if mail.id is not None}
        self._refs = {key: views.ticket(key) for key in {mail.ticket_key for mail in self._mails.values()}}
        self._draw(self.console.now())
        waiting = _waiting(views.waiting_operations())
        self.query_one("#waiting", Static).update(waiting)
        self.query_one("#waiting").display = bool(waiting)

    def tick(self, now: datetime) -> None:
        """Count down."""
        if self.query(MailDetail):
            self._draw(now)

    def _draw(self, now: datetime) -> None:
        sync = self.console.views.sync()
        online = sync.get("state") in ("online", "syncing")
        self.query_one(SyncLine).show(sync, now)
        mails = list(self._mails.values())
        stopped = [mail for mail in mails if shown_state(mail).needs_a_look]
        settled = [mail for mail in self._left if mail not in stopped]
        going = [mail for mail in mails if mail not in stopped and mail not in settled]
        rows: list[Row] = []
        for words, group in (("STOPPED", stopped), ("ON THEIR WAY", going), ("LEFT OR TAKEN BACK", settled)):
            rows += [heading(f"{words} {len(group)}")] if group else []
            rows += [Row(mail.id, self._drawn(mail, now, online=online)) for mail in group]
        self.set_class(not rows, "empty")
        told = [f"{len(stopped)} stopped"] if stopped else []
        told += [f"{len(going)} on their way"] if going else []
        self.query_one("#title", Static).update(f"Outbox   {', '.join(told)}".rstrip())
        self.rows.show(rows)

    def _drawn(self, mail: Operation, now: datetime, *, online: bool) -> Callable[[int], Sequence[Line]]:
        state = shown_state(mail)
        ticket = self._refs.get(mail.ticket_key)
        role = mail_states.ROLES[state]
        held = any(is_held(each) for each in self._mails.values())
        to = ", ".join(shown_as.line(r.address, 200) for r in mail.recipients)

        def draw(cells: int) -> Sequence[Line]:
            more = self.console.glyphs.more
            column = _BOTH_CLOCKS if held and cells >= _ROOMY else _TIMING
            timing = mail_states.timing(mail, now, online=online, room=column)
            rest = cells - 2 - 11 - 10 - column - 2
            whom = min(34, rest // 2) if cells >= _ROOMY else rest
            subject = rest - whom - 2
            line = [
                (f"{mail_states.sign(state, self.console.glyphs)} ", role),
                (f"{mail_states.word(state):<11}", role),
                (f"{shown_as.fit(ticket.ref if ticket else '', 9, more)} ", "quiet"),
                (shown_as.fit(to, whom, more), ""),
                ("  " + shown_as.fit(_subject(ticket), subject, more) if subject > 0 else "", "quiet"),
                ("  " + shown_as.fit(timing, column, more), "quiet" if mail.state.is_settled else ""),
            ]
            return [line]

        return draw

    @on(RowList.Marked)
    def marked(self) -> None:
        """Show what became of the selected mail."""
        mail, now = self._selected, self.console.now()
        self.query_one(Footer).renew()
        if mail is None:
            return
        message = self.console.views.message(mail.message) if mail.message else None
        online = self.console.views.sync().get("state") in ("online", "syncing")
        self.query_one(MailDetail).show(
            mail, self._refs.get(mail.ticket_key), message, mail_states.advice(mail, now, online=online), now
        )

    @on(RowList.Chosen)
    def chosen(self) -> None:
        """Read the mail alone on the screen."""
        self.action_look()

    @property
    def _selected(self) -> Operation | None:
        selected = self.rows.selected
        return self._mails.get(selected) if isinstance(selected, int) else None

    def why_not(self, command: Command) -> str:
        """Say why the selected mail cannot be treated so."""
        if command.scope is not Scope.OUTBOX or command.id == "outbox.all":
            return ""
        mail = self._selected
        if mail is None:
            return "There is no mail here."
        return {
            "outbox.retry": mail_states.cannot_retry,
            "outbox.mark-sent": mail_states.cannot_mark_sent,
            "outbox.discard": mail_states.cannot_discard,
            "outbox.edit": mail_states.cannot_edit,
            "outbox.time": mail_states.cannot_wait,
        }.get(command.id, lambda _: "")(mail)

    def action_all(self) -> None:
        """Show also what has left or was taken back, or hide it again."""
        self._everything = not self._everything
        self.store_changed()

    def action_ticket(self) -> None:
        """Go to the mail's ticket."""
        from supportterm.screens.ticket import TicketScreen

        if (mail := self._selected) is not None:
            self.app.push_screen(TicketScreen(mail.ticket_key, mail.message))

    def action_retry(self) -> None:
        """Send it again; asks first where it may arrive twice."""
        if (mail := self._selected) is None or mail.id is None:
            return
        number = mail.id
        if shown_state(mail) is State.UNCERTAIN:
            who = ", ".join(r.address for r in mail.recipients if r.state is not State.ACCEPTED)
            self._ask_then(
                Confirm("Send it again?", f"It may have arrived already: {who} may get it twice.", {"y": "send it"}),
                lambda desk: outbox.retry(desk, number),
            )
        else:
            self._act(lambda desk: outbox.retry(desk, number))

    def action_mark_sent(self) -> None:
        """Say that it did arrive."""
        if (mail := self._selected) is not None and mail.id is not None:
            number = mail.id
            self._act(lambda desk: outbox.resolve(desk, number, sent=True))

    def action_edit(self) -> None:
        """Take it back, and go on writing it."""
        from supportterm.screens.reply import ReplyScreen

        def edit(done: Done) -> None:
            if done.mode is not None:
                self.app.push_screen(ReplyScreen(done.key, done.mode))

        if (mail := self._selected) is not None and mail.id is not None:
            number = mail.id
            self.perform(lambda desk: outbox.drop(desk, number), edit, offers_undo=False)

    def action_time(self) -> None:
        """Ask when it is to leave instead."""
        if (mail := self._selected) is None or mail.id is None:
            return
        number, key = mail.id, mail.ticket_key

        async def ask() -> None:
            from supportterm.desk import holding
            from supportterm.screens.send_later import NOW, ask_when

            when = await ask_when(self, key, now_too=True)
            if when is not None:
                hold = None if when == NOW else when
                self._act(lambda desk: holding.change(desk, number, hold))

        self.in_background(ask())

    def action_discard(self) -> None:
        """Let it not be sent, asking first; its text is a draft again."""
        if (mail := self._selected) is not None and mail.id is not None:
            number = mail.id
            if any(r.state is State.ACCEPTED for r in mail.recipients):
                detail = "Those who have not got it will not get it."
            else:
                detail = "It will not be sent. Its text is a draft again, and its ticket is open."
            self._ask_then(
                Confirm("Discard this mail?", detail, {"d": "discard it"}), lambda desk: outbox.drop(desk, number)
            )

    def _ask_then(self, question: Confirm, verb: Callable[[Desk], Done]) -> None:
        async def ask() -> None:
            if await self.ask_for(question) is not None:
                self._act(verb)

        self.in_background(ask())

    def _act(self, verb: Callable[[Desk], Done]) -> None:
        async def act() -> None:
            done = await self.console.do(verb)
            words = f"{done.ref}  {done.words}"
            if done.mode is not None:
                words += f".   {self.key_of('outbox.ticket')} opens it"
            elif done.text:
                self.app.copy_to_clipboard(shown_as.body(done.text))
                words += ". Its text is in the clipboard, and stays in the journal."
            self.say(words)

        self.in_background(act())


def _subject(ticket: Ticket | None) -> str:
    return shown_as.subject(ticket) if ticket else ""


def _waiting(waiting: dict[str, int]) -> str:
    """Return what else the server has yet to learn: `3 flags, 1 copy to file wait for the server`."""
    flags, copies = waiting.get("flag", 0), waiting.get("file", 0)
    parts = [f"{flags} flag{'s' * (flags != 1)}"] if flags else []
    parts += [f"{copies} cop{'ies' if copies != 1 else 'y'} to file in Sent"] if copies else []
    return f"{', '.join(parts)} wait{'s' * (flags + copies == 1)} for the server" if parts else ""
