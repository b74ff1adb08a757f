"""A reply for each: one card a customer, out of one snippet; approved, edited or skipped, then sent together."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, VerticalScroll
from textual.widgets import Static

from supportterm.desk import decks, drafts, signing
from supportterm.domain import deck
from supportterm.domain.deck import Card, Verdict
from supportterm.domain.drafts import Draft, Kind, Mode
from supportterm.screens import format as shown_as
from supportterm.screens import keys
from supportterm.screens.commands import Command, Scope
from supportterm.screens.listing import ListScreen
from supportterm.screens.widgets.footer import Footer
from supportterm.screens.widgets.row_list import Line, Row, RowList
from supportterm.screens.widgets.sync_line import SyncLine

_ROLES = {Verdict.APPROVED: "success", Verdict.SKIPPED: "quiet", Verdict.SENT: "success"}


class DeckScreen(ListScreen[None]):
    """A row a customer; below it the text they would get."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.DECK, Scope.LIST)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.DECK, Scope.LIST)]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (160, "-wide")]  # noqa: RUF012 Textual declares it so
    CSS_PATH: ClassVar[str] = "deck.tcss"
    TITLE_WORDS = "A reply for each"

    def __init__(self, cards: Sequence[Card], title: str, *, keep_status: bool = False) -> None:
        """Look at these cards; with `keep_status` their tickets stay as they are."""
        super().__init__()
        self._cards = {card.key: card for card in cards}
        self._verdicts = {card.key: Verdict.SKIPPED if card.remark else Verdict.OPEN for card in cards}
        self._title = title
        self._keep_status = keep_status
        self._editing: tuple[str, datetime] | None = None
        self._written: tuple[str, datetime] | None = None
        """The card that was last open in the editor, and since when."""
        self._is_sending = False

    def compose(self) -> ComposeResult:
        """Lay out head, list, text and footer."""
        with Horizontal(id="head"):
            yield Static("", id="title", markup=False)
            yield SyncLine()
        with Container(id="body"):
            yield RowList(self.console.glyphs.cursor)
            with VerticalScroll(id="detail", can_focus=False):
                yield Static("", id="card", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Show the first card."""
        self.rows.focus()
        self._draw()

    def on_screen_resume(self) -> None:
        """Take in what was written in the editor."""
        if self._editing is not None and self.query("#card"):
            self._written, self._editing = self._editing, None
            self.store_changed()

    def store_changed(self) -> None:
        """Take in what was written in the editor: its last words are kept only after it is left."""
        if (
            self._written is not None
            and self._verdicts[self._written[0]] in (Verdict.OPEN, Verdict.SKIPPED)
            and self.query("#card")
        ):
            self._edited(*self._written)

    def _edited(self, key: str, since: datetime) -> None:
        views, card = self.console.views, self._cards[key]
        draft = views.draft(key, self.console.me, Kind.REPLY)
        if draft is not None and not draft.is_empty:
            ticket = views.ticket(key)
            lang = ticket.lang if ticket else None
            self._cards[key] = decks.edited(card, draft.text, lang, self.console.config, self.console.now())
        elif any(mail.created_at >= since for mail in views.outbox(key, everything=True)):
            self._verdicts[key] = Verdict.SENT
        self._draw()

    def _draw(self) -> None:
        self.query_one(SyncLine).show(self.console.views.sync(), self.console.now())
        told = deck.summary(list(self._verdicts.values()))
        self.query_one("#title", Static).update(f"{self._title}   {told}")
        self.rows.show([Row(card.key, self._drawn(card)) for card in self._cards.values()])
        self._show_card()
        self.query_one(Footer).refresh()

    def _drawn(self, card: Card) -> Callable[[int], Sequence[Line]]:
        verdict = self._verdicts[card.key]
        gaps = card.open_gaps
        word = (
            f"{len(gaps)} to fill" if gaps and verdict is Verdict.OPEN else "" if verdict is Verdict.OPEN else verdict
        )
        word = card.remark if card.remark and verdict in (Verdict.SKIPPED, Verdict.OPEN) else word
        role = "warning" if gaps and verdict is Verdict.OPEN else _ROLES.get(verdict, "")

        def draw(cells: int) -> Sequence[Line]:
            more = self.console.glyphs.more
            who = min(26, cells // 4)
            rest = max(cells - 18 - 10 - who - 2 - (7 if card.edited else 0), 4)
            quiet = "quiet" if verdict is Verdict.SKIPPED else ""
            return [
                [
                    (shown_as.fit(str(word), 16, more) + "  ", role),
                    (shown_as.fit(card.ref, 10, more), "quiet"),
                    (shown_as.fit(shown_as.line(card.customer, 100), who, more), quiet),
                    ("  " + shown_as.fit(shown_as.line(card.subject, 300), rest, more), "quiet"),
                    ("edited " if card.edited else "", "accent"),
                ]
            ]

        return draw

    @on(RowList.Marked)
    def marked(self) -> None:
        """Show what the customer would get."""
        self._show_card()
        self.query_one(Footer).refresh()

    def _show_card(self) -> None:
        card = self._card
        words = Text()
        if card is not None:
            asked = shown_as.line(card.asked, 300)
            glyphs = self.console.glyphs
            head = [f"To {shown_as.line(card.customer, 100)}"]
            head += [f"They wrote {glyphs.open_quote}{asked}{glyphs.close_quote}"] if asked else []
            head += [f"Still to fill: {shown_as.line(', '.join(card.open_gaps), 300)}"] if card.open_gaps else []
            head += [
                f"Promise {glyphs.open_quote}{shown_as.line(each.words, 100)}{glyphs.close_quote}: a clock until"
                f" {shown_as.when(each.due_at, self.console.now())}"
                for each in card.promises
            ]
            head += [f"No clock for {shown_as.line(doubt, 200)}" for doubt in card.doubts]
            words.append("\n".join(head) + "\n\n", "dim").append(shown_as.body(self._signed(card)), "not dim")
        self.query_one("#card", Static).update(words)
        self.query_one("#detail").scroll_home(animate=False)

    def _signed(self, card: Card) -> str:
        """Return the text as it leaves, its signature below."""
        ticket = self.console.views.ticket(card.key)
        return card.text if ticket is None else signing.signed(card.text, self.console.config, ticket)

    @on(RowList.Chosen)
    def chosen(self) -> None:
        """Approve it."""
        self.action_approve()

    @property
    def _card(self) -> Card | None:
        return self._cards.get(str(self.rows.selected))

    @property
    def _approved(self) -> list[Card]:
        return [card for key, card in self._cards.items() if self._verdicts[key] is Verdict.APPROVED]

    def why_not(self, command: Command) -> str:
        """Say what keeps a card from going."""
        if command.scope is not Scope.DECK:
            return ""
        if command.id == "deck.send":
            return "" if self._approved else "Nothing is approved yet."
        card = self._card
        if card is None:
            return "There is no card here."
        if self._verdicts[card.key] is Verdict.SENT and command.id != "deck.ticket":
            return "It was sent by hand already."
        if command.id == "deck.approve" and self._verdicts[card.key] is not Verdict.APPROVED:
            if card.open_gaps:
                return f"{card.open_gaps[0]} is not filled. {self.key_of('deck.edit')} goes to the text."
            if card.remark:
                return f"It cannot go: {card.remark}. {self.key_of('deck.edit')} goes to the text."
        return ""

    def _decide(self, verdict: Verdict) -> None:
        if (card := self._card) is not None:
            before = self._verdicts[card.key]
            self._verdicts[card.key] = Verdict.OPEN if before is verdict else verdict
            self._draw()
            if before is not verdict:
                self.rows.move(1)

    def action_approve(self) -> None:
        """Let it go as it stands, or decide anew."""
        self._decide(Verdict.APPROVED)

    def action_skip(self) -> None:
        """Leave this customer out, or decide anew."""
        self._decide(Verdict.SKIPPED)

    def action_alike(self) -> None:
        """Approve all that are made like this one and nobody has decided about."""
        if (card := self._card) is None:
            return
        found = [one for one in deck.alike(self._cards.values(), card) if self._verdicts[one.key] is Verdict.OPEN]
        for one in found:
            self._verdicts[one.key] = Verdict.APPROVED
        self._draw()
        self.say(f"{len(found)} approved." if found else "None of those alike can go as it stands.")

    def action_edit(self) -> None:
        """Write on in the editor, with the card's text as the draft."""
        card, now = self._card, self.console.now()
        if card is None:
            return

        async def write() -> None:
            from supportterm.screens.reply import ReplyScreen

            if not card.remark:
                draft = Draft(card.key, self.console.me, Mode.REPLY, card.text, seen=card.seen)
                tags = dataclasses.replace(draft, status=card.status, add_tags=card.add_tags)
                await self.console.do(lambda desk: drafts.save(desk, tags))
            self._cards[card.key] = dataclasses.replace(card, edited=True)
            self._editing = (card.key, now)
            self.app.push_screen(ReplyScreen(card.key, Mode.REPLY))

        self.in_background(write())

    def action_ticket(self) -> None:
        """Go to the ticket."""
        from supportterm.screens.ticket import TicketScreen

        if (card := self._card) is not None:
            self.app.push_screen(TicketScreen(card.key))

    def action_send(self) -> None:
        """Send what is approved, in one step, and leave."""
        cards, keep = self._approved, self._keep_status
        if not self._is_sending:
            self._is_sending = True
            self.perform(lambda desk: decks.send(desk, cards, keep_status=keep), lambda _done: self._sent())

    def _sent(self) -> None:
        if self.is_here and self.app.screen is self:
            self.dismiss(None)

    def action_back(self) -> None:
        """Leave; ask first where something is approved and was not sent."""
        from supportterm.screens.asking import Confirm

        count = len(self._approved)
        if not count or self._is_sending:
            self.dismiss(None)
            return

        async def ask() -> None:
            title = f"Leave without sending {count} approved repl{'y' if count == 1 else 'ies'}?"
            detail = "What was edited stays as a draft on its ticket; nothing has left."
            answer = await self.ask_for(Confirm(title, detail, {"S": "send them now", "d": "leave, send none"}))
            if answer == "S":
                self.action_send()
            elif answer == "d":
                self.dismiss(None)

        self.in_background(ask())
