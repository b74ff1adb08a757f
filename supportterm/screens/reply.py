"""Writing: a reply to the customer, a forward, or a note that stays inside."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from supportterm.desk.people import People
from supportterm.domain.addressed import changes
from supportterm.domain.drafts import Draft, Kind, Mode, Recipients
from supportterm.domain.questions import questions
from supportterm.domain.ticket import Status, Ticket
from supportterm.screens import format as shown_as
from supportterm.screens import keys, reply_mailing, reply_places, reply_snippets, reply_verbs, reply_words
from supportterm.screens.commands import Scope
from supportterm.screens.hinting import Hinting
from supportterm.screens.keeper import Keeper
from supportterm.screens.reply_keys import WritingKeys
from supportterm.screens.widgets.checklist import Checklist
from supportterm.screens.widgets.conversation import Conversation
from supportterm.screens.widgets.editor import Editor
from supportterm.screens.widgets.editor_state import EditorState
from supportterm.screens.widgets.fates import fate
from supportterm.screens.widgets.footer import Footer
from supportterm.screens.widgets.next_line import NextLine
from supportterm.screens.widgets.recipients_line import Addressed, RecipientsLine
from supportterm.screens.widgets.signature_line import SignatureLine
from supportterm.screens.widgets.ticket_header import TicketHeader
from supportterm.screens.widgets.word import Word

if TYPE_CHECKING:
    from supportterm.domain.message import Message

__all__ = ["Mode", "ReplyScreen"]


class ReplyScreen(WritingKeys):
    """The editor under the conversation; leaving keeps the draft, and coming back goes on where it was."""

    CSS_PATH = "reply.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.REPLY,)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.REPLY)]
    TITLE_WORDS = "Reply"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-widest")]  # noqa: RUF012 Textual's declaration
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (12, "-short"), (34, "-tall")]  # noqa: RUF012 Textual's declaration
    AUTO_FOCUS: ClassVar[str] = "Editor"

    def __init__(self, key: str, mode: Mode = Mode.REPLY, quote: str = "") -> None:
        """Write on the ticket of that key; `quote` is put in as the customer's words."""
        super().__init__()
        self.key = key
        self.draft = Draft(key, "", mode)
        self.was = Mode.REPLY
        """What a note was before it was made one."""
        self.folder = Path.cwd()
        self.is_busy = False
        """A verb has the draft: it is not written meanwhile."""
        self.is_acting = False
        """A command is under way: a key that is pressed twice carries it out once."""
        self.conversation: list[Message] = []
        self._messages = self.conversation
        self.news: list[Message] = []
        self.ticket: Ticket | None = None
        self._quote = quote
        self.asks: tuple[str, ...] = ()
        self._saved = ""
        self._stamp: tuple[object, ...] = ()
        self._last = EditorState()
        self._is_kept = False
        self.hinting = Hinting(self)

    @property
    def mode(self) -> Mode:
        """Whom the text is for."""
        return self.draft.mode

    @property
    def own(self) -> People:
        """Our addresses and the team's."""
        return People.of(self.console.config.mailbox)

    @property
    def people(self) -> Recipients:
        """Whom it goes to: those the agent named, else those the conversation says."""
        if self.draft.people is not None or self.ticket is None or self.mode.kind is not Kind.REPLY:
            return self.draft.people or Recipients()
        from supportterm.desk.replying import recipients

        to, copies = recipients(self.ticket, self.conversation, self.own, everyone=self.mode is Mode.REPLY_ALL)
        return Recipients(tuple(to), tuple(copies))

    @property
    def status(self) -> Status | None:
        """The status after sending; None leaves it as it is."""
        return self.draft.status or (Status.PENDING if self.mode.kind is Kind.REPLY else None)

    def compose(self) -> ComposeResult:
        """Lay out heading, conversation, recipients, editor, checklist and footer."""
        self.editor = Editor(
            find_snippet=lambda trigger: reply_snippets.triggered(self, trigger),
            known_triggers=lambda: self.console.macros.triggers,
            say=self.say,
            ascii_signs=self.console.config.console.glyphs == "ascii",
        )
        self._header, self._foot, self._checklist = TicketHeader(), Footer(), Checklist()
        self.view, self._line, self._next = Conversation(), RecipientsLine(), NextLine("", counts=False)
        self._signature = SignatureLine()
        self._line.glyphs = self.console.glyphs
        self._words = {
            name: Word(f"reply.{command}", id=name)
            for name, command in (("summary", "read"), ("banner", "read"), ("files", "attach"), ("todo", "checklist"))
        }
        yield self._header
        yield self._next
        yield self._words["summary"]
        with Horizontal(id="body"):
            with Vertical(id="writing"):
                yield self.view
                yield self._words["banner"]
                yield self._line
                yield self._words["files"]
                yield self.editor
                yield self._signature
            yield self._checklist
        yield self._words["todo"]
        yield self._foot

    def on_mount(self) -> None:
        """Go on with the draft where there is one."""
        views, me = self.console.views, self.console.me
        self.key = views.resolve(self.key)
        self.keeper = Keeper(self.console, self.written, self._told)
        wanted = self.draft.mode
        kept = views.draft(self.key, me, wanted.kind)
        self._read()
        if kept is not None:
            widened = kept.mode is Mode.REPLY and wanted is Mode.REPLY_ALL
            self.take_in(dataclasses.replace(kept, mode=wanted, people=None) if widened else kept)
            self._told("saved", "")
        else:
            text = reply_verbs.forwarded(self) if wanted is Mode.FORWARD else ""
            self.take_in(Draft(self.key, me, wanted, text, seen=views.seen(self.key)))
            self.in_background(reply_mailing.offer_files(self))
        if self._quote:
            reply_verbs.quote(self, self._quote)
        self.run_worker(asyncio.to_thread(reply_snippets.warm, self.console), exit_on_error=False)

    def on_unmount(self) -> None:
        """Leave nothing unsaved; the editor has left the screen by now, and still holds its text."""
        if hasattr(self, "keeper"):
            self.save_now()
            self.keeper.leave()

    def take_in(self, draft: Draft) -> None:
        """Show a draft in place of what is there, its cursor where it was."""
        self.draft = dataclasses.replace(draft, ticket_key=self.key)
        state = EditorState.from_json(draft.editor) if draft.editor else EditorState(draft.text)
        self._last = state
        self.editor.restore(state)
        self._last = self.editor.state
        self._is_kept = not draft.is_empty
        self.keeper.knows(draft.text)
        self.news = self.console.views.since(self.key, self.draft.seen, self.console.me)
        self.show()
        self.editor.focus()

    def reopen(self, mode: Mode) -> None:
        """Show the draft of that kind as the store has it now: a verb has brought it back."""
        kept = self.console.views.draft(self.key, self.console.me, mode.kind)
        if kept is not None:
            self.take_in(kept)

    def written(self) -> Draft:
        """Return the draft as it is now."""
        state = self.editor.state
        return dataclasses.replace(self.draft, text=state.text, editor=state.as_json(), updated_at=self.console.now())

    def save_now(self) -> None:
        """Write what is not yet written, at once; returns before it is done, `Console.close` waits for it."""
        if not self.is_busy:
            self._take_note()
            self.keeper.now()

    def change(self, **values: object) -> None:
        """Change something about the draft besides its text, and keep it."""
        self.draft = dataclasses.replace(self.draft, **values)  # type: ignore[arg-type] # fields by name
        self.hinting.again()
        self.show()
        self.touch()

    def touch(self) -> None:
        """Keep what was written, soon; what is empty and was never kept is not worth a write."""
        if self._is_kept or self.editor.text.strip() or self.draft.files:
            self._is_kept = True
            self.keeper.touch()

    @on(Editor.Written)
    def _typed(self) -> None:
        is_new = self._take_note()
        self.hinting.written()
        if is_new:
            self.show_hints()

    def _take_note(self) -> bool:
        """See whether something was written; the editor's word of it may still be on its way when all ends."""
        state = self.editor.state
        is_new = state != self._last
        if is_new:
            self._last = state
            self.touch()
        return is_new

    def store_changed(self) -> None:
        """See whether somebody wrote meanwhile; the editor does not move."""
        if self.is_mounted and self.console.views.stamp(self.key) != self._stamp:
            before = self.ticket
            self._read()
            self.show()
            if before and self.ticket and (words := reply_words.meanwhile(self, before, self.ticket)):
                self.say(words)

    def tick(self, now: datetime) -> None:
        """Show the clock and how long ago the news is."""
        self._header.show(self.ticket, now, self.console.me)
        self._next.look(now)
        self._words["banner"].say(reply_words.news_words(self.news, now, self.console.me, self.key_of("reply.read")))

    def _read(self) -> None:
        views, now = self.console.views, self.console.now()
        key = views.resolve(self.key)
        if key != self.key:
            self.key = key
            self.draft = dataclasses.replace(self.draft, ticket_key=key)
        self._stamp = views.stamp(key)
        self.ticket = views.ticket(key)
        self._messages = views.messages_again(key, self._messages)
        mails = {o.message: o for o in views.outbox(key, everything=True)}
        self.view.show(self._messages, now, {id_: fate(o, now) for id_, o in mails.items() if id_ is not None})
        self.conversation = reply_words.said(self._messages, mails)
        self.asks = tuple(q for m in reply_words.asked_in(self.conversation) for q in questions(m.reply_text))[:6]
        self.news = views.since(key, self.draft.seen, self.console.me) if self.draft.agent else []

    def show(self) -> None:
        """Show everything but the text."""
        now, is_note = self.console.now(), self.mode is Mode.NOTE
        self.set_class(is_note, "-note")
        self.editor.note = is_note
        self.set_class(bool(self.news), "-news")
        self.set_class(bool(self.draft.files), "-files")
        self._words["files"].say(
            reply_words.file_words(self.draft.files, self.console.glyphs, self.key_of("reply.attach"))
        )
        new, gone = changes(self.conversation, self.people, self.own.own) if self.mode.kind is Kind.REPLY else ((), ())
        several = bool(self.console.config.mailbox.aliases)
        self._line.addressed = Addressed(self.mode, self.people, reply_mailing.sender(self), new, gone, several)
        self.tick(now)
        self.show_hints()

    def show_hints(self) -> None:
        """Show what there is to say about the text, and what is still to do."""
        found, said = reply_words.checks(self), self.hinting.said
        self._checklist.show(self.hinting.coverage(self.asks), found, reply_words.about(self), said)
        self._words["todo"].say(reply_words.to_do(self, found, said))
        self._words["summary"].say(reply_words.summary(self))
        self._signature.look(self)
        self.refresh_footer()

    def refresh_footer(self) -> None:
        """Show whether it is saved, the language, and what follows from sending."""
        parts = [self._saved, (self.ticket.lang if self.ticket else None) or "", *self.hinting.measure.parts]
        if self.mode is not Mode.NOTE:
            parts += [f"+{shown_as.line(tag, 40)}" for tag in self.draft.add_tags]
            parts += reply_words.also_words(self.draft.also)
        self._foot.remark = "  ".join(part for part in parts if part)
        self._foot.renew()

    def _told(self, word: str, problem: str) -> None:
        """Hear from the keeper whether the draft is on disk."""
        is_new, self._saved = word != self._saved, word
        if problem and self not in self.app.screen_stack:
            self.app.copy_to_clipboard(self.editor.text)
            self.complain(f"The draft could not be saved: {problem} Its text is in the clipboard.")
            return
        if self.is_mounted and is_new:
            self.refresh_footer()
            if problem:
                self.complain(f"The draft could not be saved: {problem}")

    def action_quote(self) -> None:
        """Put the customer's words in."""
        reply_verbs.quote(self, self.view.selected_text())

    def action_read(self) -> None:
        """Go to the conversation, or back to the editor."""
        reply_places.read(self)

    def action_checklist(self) -> None:
        """Go to what is still to do; where there is no room for the list, show it first."""
        reply_places.checklist(self)

    def to_editor(self) -> None:
        """Go back to writing."""
        self.remove_class("-reading")
        self.remove_class("-listing")
        self.editor.focus()

    def action_up(self) -> None:
        """Go back to the editor, else leave; the draft is kept."""
        reply_places.up(self)
