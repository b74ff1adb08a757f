"""Search: all mail and notes, as you type."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from supportterm.domain import excerpts, query
from supportterm.domain.query import QueryError
from supportterm.domain.ticket import MessageKind
from supportterm.screens import format as shown_as
from supportterm.screens import keys
from supportterm.screens.commands import Command, Scope
from supportterm.screens.listing import ListScreen
from supportterm.screens.query_line import Pointer, known, place_of
from supportterm.screens.widgets.footer import Footer
from supportterm.screens.widgets.row_list import Line, Row, RowList
from supportterm.store.filters import Where
from supportterm.store.views import PAGE, Hit, Views

_DEBOUNCE = 0.12
"""Seconds of rest after a key before the store is asked."""
_CLEANED = 20_000
_ROOMY = 100
"""Cells from which the ticket's status has a place."""
_TAGS = {
    MessageKind.NOTE: "NOTE ",
    MessageKind.INSIDE: "INSIDE ",
    MessageKind.REPLY: "you: ",
    MessageKind.AUTOMATIC: "automatic: ",
    MessageKind.BOUNCE: "bounce: ",
    MessageKind.RECEIPT: "receipt: ",
    MessageKind.CALL: "call: ",
}
_EXAMPLES = """Type words of a mail, a note, a name or an address; the newest comes first.

  refund invoice              both words, anywhere in a ticket
  "cannot sign in"            exactly so
  from:oleg export            from someone
  tag:billing -is:auto        by fields, and without machines
  created>-7d has:attachment  of the last seven days
  ST-7KQ2F  or  #7KQ2F        one ticket by its reference

Tab completes fields and values. Down goes into the list, Esc comes back."""
_NOTHING = """Nothing found.

Try fewer words, or the beginning of one: the last word may go on.
`is:open`, `tag:` and other fields narrow the search; take them away to widen it."""


class SearchScreen(ListScreen[None]):
    """A line to type in and the messages that hold its words; Enter opens the ticket at that message."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.SEARCH, Scope.LIST)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.SEARCH, Scope.LIST)]
    CSS_PATH: ClassVar[str] = "search.tcss"
    TITLE_WORDS = "Search"

    def __init__(self, words: str = "") -> None:
        """Begin with some words, or none."""
        super().__init__()
        self._first = words
        self._words_shown = ""
        self._asked = 0
        self._hits: list[Hit] = []
        self._words: list[query.Words] = []
        self._where: Where | None = None
        self._complete = True
        self._fetching = False
        self._pointer = Pointer()

    def compose(self) -> ComposeResult:
        """Lay out line, list and footer."""
        with Horizontal(id="line"):
            yield Static("Search", id="label", markup=False)
            yield Input(
                self._first,
                placeholder="words, names, fields",
                highlighter=self._pointer,
                select_on_focus=False,
                compact=True,
            )
        yield Static("", id="said", markup=False)
        yield Static(_EXAMPLES, id="empty", markup=False)
        yield RowList(self.console.glyphs.cursor)
        yield Footer()

    def on_mount(self) -> None:
        """Begin in the line."""
        self.query_one(Input).focus()
        self._ask()

    def look_for(self, words: str) -> None:
        """Search for other words."""
        line = self.query_one(Input)
        line.value = words
        line.cursor_position = len(words)

    @on(Input.Changed)
    def typed(self) -> None:
        """Ask once the typing rests."""
        self._pointer.place = None
        self._asked += 1
        asked = self._asked
        self.set_timer(_DEBOUNCE, lambda: self._ask() if asked == self._asked else None)

    @on(Input.Submitted)
    def entered(self) -> None:
        """Open what is selected, or ask at once."""
        if self._hits and self._words_shown == self.query_one(Input).value:
            self.action_open()
        else:
            self._ask()

    @on(RowList.Chosen)
    def chosen(self) -> None:
        """Open it."""
        self.action_open()

    @on(RowList.Marked)
    def marked(self) -> None:
        """Show what the keys do now."""
        self.query_one(Footer).renew()

    @on(RowList.NearEnd)
    def near_end(self) -> None:
        """Fetch the next page."""
        if not self._complete and not self._fetching and self._where is not None:
            self._fetching = True
            self.in_background(self._more(self._where, self._asked))

    def on_key(self, event: events.Key) -> None:
        """Go from the line into the list; from its first row back."""
        line, rows = self.query_one(Input), self.rows
        if line.has_focus and event.key in ("down", "pagedown") and self._hits:
            rows.focus()
            event.stop()
        elif rows.has_focus and event.key == "up" and rows.selected == (self._hits[0].message.id if self._hits else 0):
            line.focus()
            event.stop()
            event.prevent_default()

    def why_not(self, command: Command) -> str:
        """Say what cannot be done here right now."""
        in_line = self.query_one(Input).has_focus
        if command.id == "search.open" and not self._hits:
            return "Nothing is found yet."
        if command.id == "search.line" and in_line:
            return "You are in the line."
        if command.id == "search.complete" and not in_line:
            return "Tab completes in the line."
        return ""

    def action_line(self) -> None:
        """Go back to the line."""
        self.query_one(Input).focus()

    def action_complete(self) -> None:
        """Take the first suggestion for the word before the cursor."""
        line = self.query_one(Input)
        found = query.complete(line.value, line.cursor_position, known(self.console.views))
        if not found:
            return
        before, after = line.value[: line.cursor_position], line.value[line.cursor_position :]
        start = max(before.rfind(" "), before.rfind("("), before.rfind(")")) + 1
        line.value = before[:start] + found[0] + after
        line.cursor_position = start + len(found[0])

    def action_back(self) -> None:
        """Go back to the line, then leave."""
        if self.rows.has_focus:
            self.action_line()
        else:
            self.dismiss(None)

    def action_open(self) -> None:
        """Open the ticket at the selected message."""
        from supportterm.screens.ticket import TicketScreen

        hit = next((hit for hit in self._hits if hit.message.id == self.rows.selected), None)
        if hit is not None:
            self.app.push_screen(TicketScreen(hit.ticket.key, message=hit.message.id))

    def _ask(self) -> None:
        """Read the line and put it to the store; what is wrong with it is said under it."""
        text = self.query_one(Input).value
        self._asked += 1
        if not text.strip():
            self._where, self._words_shown = None, text
            self._show([], "", _EXAMPLES)
            return
        try:
            read = query.parse(text)
            where = self.console.compiled(read)
        except QueryError as error:
            self._say(str(error), problem=True)
            self._pointer.place = place_of(error)
            self.query_one(Input).refresh()
            return
        self.in_background(self._answer(where, excerpts.wanted(read), self._asked, text))

    async def _answer(self, where: Where, words: list[query.Words], asked: int, text: str) -> None:
        await asyncio.sleep(0)
        if asked != self._asked:
            return
        found = await self.console.ask(lambda views: _page(views, where, 0))
        if asked != self._asked or not self.is_attached:
            return
        self._where, self._words, self._words_shown = where, words, text
        self._complete = len(found) < PAGE
        self._show(found, self._counted(found), _NOTHING)

    async def _more(self, where: Where, asked: int) -> None:
        offset = len(self._hits)
        try:
            found = await self.console.ask(lambda views: _page(views, where, offset))
        finally:
            self._fetching = False
        if asked == self._asked and self.is_attached:
            self._complete = len(found) < PAGE
            known = {hit.message.id for hit in self._hits}
            hits = [*self._hits, *(hit for hit in found if hit.message.id not in known)]
            self._show(hits, self._counted(hits), _NOTHING)

    def _counted(self, hits: Sequence[Hit]) -> str:
        mails, tickets = len(hits), len({hit.ticket.key for hit in hits})
        more = "" if self._complete else " and more"
        return f"{mails} mail{'s' * (mails != 1)} in {tickets} ticket{'s' * (tickets != 1)}{more}, newest first"

    def _show(self, hits: Sequence[Hit], said: str, empty: str) -> None:
        self._hits = list(hits)
        self.set_class(not hits, "empty")
        self.query_one("#empty", Static).update(empty)
        self._say("" if not hits else said)
        now = self.console.now()
        self.rows.show([Row(hit.message.id, self._drawn(hit, now), 2) for hit in hits])

    def _say(self, words: str, *, problem: bool = False) -> None:
        said = self.query_one("#said", Static)
        said.update(shown_as.line(words, 300))
        said.set_class(problem, "problem")

    def _drawn(self, hit: Hit, now: datetime) -> Callable[[int], Sequence[Line]]:
        words, more = self._words, self.console.glyphs.more
        who = shown_as.line(hit.message.sender.name or hit.message.sender.address) or shown_as.NOBODY
        subject = shown_as.line(hit.message.subject) or shown_as.subject(hit.ticket)
        when, status = shown_as.when(hit.message.at, now), hit.ticket.status.value

        @functools.cache
        def draw(cells: int) -> Sequence[Line]:
            name = min(24, cells // 4)
            told = f"  {shown_as.fit(status, 8)} {when:>16}" if cells >= _ROOMY else f"  {when:>16}"
            rest = cells - 10 - name - 2 - len(told)
            head: list[tuple[str, str]] = [(f"{shown_as.fit(hit.ticket.ref, 9)} ", "quiet")]
            head.append((shown_as.fit(who, name, more) + "  ", "strong"))
            head += _marked(excerpts.Excerpt(subject, tuple(excerpts.places(subject, words))), rest, more, "")
            head.append((told, "quiet"))
            label = _TAGS.get(hit.message.kind, "")
            body = _piece(hit, words, cells)
            return [head, [(" " * 10, ""), (label, "warning"), *_marked(body, cells - 11 - len(label), more, "quiet")]]

        return draw


def _page(views: Views, where: Where, offset: int) -> list[Hit]:
    """Fetch a page: messages that hold the words, else the last message of each ticket that is named."""
    ask = views.search if where.text is not None else views.latest
    return ask(where, PAGE, offset)


def _piece(hit: Hit, words: Sequence[query.Words], cells: int) -> excerpts.Excerpt:
    """Return the part of the message around the words: of what was written, else of what was quoted."""
    for text in (hit.message.reply_text, hit.message.text):
        flat = shown_as.line(" ".join(shown_as.body(text[:_CLEANED]).split()), _CLEANED)
        found = excerpts.excerpt(flat, words, cells)
        if found.found:
            return found
    return excerpts.excerpt(shown_as.line(" ".join(hit.message.reply_text[:_CLEANED].split())), (), cells)


def _marked(piece: excerpts.Excerpt, cells: int, more: str, role: str) -> list[tuple[str, str]]:
    """Return a text with its words marked, exactly so many cells wide."""
    shown = shown_as.fit(piece.text, cells, more)
    same = len(shown) if shown == piece.text else max(len(shown.rstrip()) - len(more), 0)
    parts: list[tuple[str, str]] = []
    at = 0
    for start, end in piece.found:
        if end > same and shown[:end] != piece.text[:end]:
            break
        parts += [(shown[at:start], role), (shown[start:end], "found")]
        at = end
    return [*parts, (shown[at:], role)]
