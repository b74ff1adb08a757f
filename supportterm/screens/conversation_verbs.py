"""What an agent does in an open ticket's conversation: go along it, unfold, follow a link, save a file, copy."""

from __future__ import annotations

from textual import on

from supportterm.domain.ticket import Ticket
from supportterm.screens import attachments, links
from supportterm.screens import format as shown_as
from supportterm.screens.asking import Choice, Pick
from supportterm.screens.form_verb import FormVerb
from supportterm.screens.link_places import Link
from supportterm.screens.reply import Mode, ReplyScreen
from supportterm.screens.source import SourceScreen
from supportterm.screens.ticket_verbs import TicketVerbs
from supportterm.screens.timeline import TimelineScreen
from supportterm.screens.widgets.clicked import FileChosen, LinkChosen
from supportterm.screens.widgets.conversation import Conversation
from supportterm.screens.widgets.ticket_pane import TicketPane


class ConversationVerbs(TicketVerbs, FormVerb):
    """A screen that shows a ticket's conversation; it says which pane is in hand by `active`."""

    @property
    def active(self) -> TicketPane:
        """The ticket that verbs act on."""
        raise NotImplementedError

    @property
    def conversation(self) -> Conversation:
        """The messages of the active ticket."""
        return self.active.conversation

    @property
    def ticket(self) -> Ticket | None:
        """The active ticket, None where it is gone."""
        return self.active.ticket

    @on(FileChosen)
    def attachment_clicked(self, event: FileChosen) -> None:
        """Ask what to do with a file."""
        for message in self.conversation.messages:
            for attachment in message.attachments:
                if (message.id, attachment.part) == (event.message, event.part):
                    self.in_background(attachments.ask(self, message, attachment))

    @on(LinkChosen)
    def link_clicked(self, event: LinkChosen) -> None:
        """Show a link in full, and ask whether to open it."""
        self.in_background(links.ask(self, Link(event.address, event.words, event.warning)))

    def action_down(self) -> None:
        """Go to the next message."""
        self.conversation.move(1)

    def action_up(self) -> None:
        """Go to the message before."""
        self.conversation.move(-1)

    def action_page_down(self) -> None:
        """Go a screen down."""
        self.conversation.action_pages(1)

    def action_page_up(self) -> None:
        """Go a screen up."""
        self.conversation.action_pages(-1)

    def action_top(self) -> None:
        """Go to the first message."""
        self.conversation.action_top()

    def action_bottom(self) -> None:
        """Go to the end."""
        self.conversation.action_bottom()

    def action_fold(self) -> None:
        """Unfold the current message, or fold it again."""
        self.conversation.toggle()

    def action_links(self) -> None:
        """Pick a link of the current message."""
        if (message := self.conversation.current) is not None:
            self.in_background(links.choose(self, message))

    def action_attachments(self) -> None:
        """Pick a file of this ticket."""
        self.in_background(attachments.choose(self, self.conversation.messages))

    def action_source(self) -> None:
        """Read the current mail as it came."""
        message = self.conversation.current
        if message is not None and message.raw is None:
            self.say("A note has no source: it was written here." if message.author else "Its source is not kept here.")
        elif message is not None:
            self.app.push_screen(SourceScreen(message))

    def action_split(self) -> None:
        """Ask how much, and make it a ticket of its own."""
        from supportterm.desk import splitting
        from supportterm.screens.asking import Confirm

        ticket, message = self.ticket, self.conversation.current
        if ticket is None or message is None or message.id is None:
            return
        ref, number = ticket.ref, message.id
        after = sum((m.at, m.id or 0) > (message.at, number) for m in self.conversation.messages)
        answers = {"m": "this message alone"}
        if after:
            answers["a"] = f"this message and the {after} after it"
        gist = shown_as.line(" ".join((message.reply_text or message.text).split()), 200)

        async def ask() -> None:
            question = f"Make a ticket of its own out of {ref}?"
            answer = await self.ask_for(
                Confirm(question, f"{shown_as.when(message.at, self.console.now())}  {gist}", answers)
            )
            if answer is not None:
                self.perform(lambda desk: splitting.split(desk, ref, number, onward=answer == "a"))

        self.in_background(ask())

    def action_timeline(self) -> None:
        """Read what happened to this ticket."""
        if self.ticket is not None:
            self.app.push_screen(TimelineScreen(self.ticket))

    def action_copy(self) -> None:
        """Copy what is selected, this message's text, the reference or the address."""
        ticket, message = self.ticket, self.conversation.current
        if ticket is None:
            return
        offered = [
            (self.conversation.selected_text(), "what is selected"),
            (ticket.ref, "reference"),
            (shown_as.line(ticket.requester_address), "address"),
            (self.conversation.text_of(message) if message is not None else "", "this message's text"),
            (shown_as.line(ticket.requester_name), "customer"),
            (shown_as.line(ticket.subject), "subject"),
        ]
        choices = [Choice(" ".join(text[:200].split()), text, remark) for text, remark in offered if text]

        async def ask() -> None:
            text = await self.ask_for(Pick("Copy", choices))
            if text is not None:
                self.app.copy_to_clipboard(text)
                self.say(f"Copied {' '.join(text[:80].split())}")

        self.in_background(ask())

    def _write(self, mode: Mode) -> None:
        key = self.selected()
        if key is not None:
            screen: ReplyScreen = ReplyScreen(key, mode, self.conversation.selected_text())
            self.app.push_screen(screen)
