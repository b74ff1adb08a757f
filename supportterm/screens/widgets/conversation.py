"""A ticket's messages one below the other, quotes and signatures folded, what is inside marked as such."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message as Event
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from supportterm.domain.message import Message
from supportterm.domain.ticket import MessageKind
from supportterm.screens.glyphs import UNICODE, Glyphs
from supportterm.screens.widgets.clicked import FileChosen, LinkChosen
from supportterm.screens.widgets.conversation_ink import CSS, STYLES, Ink
from supportterm.screens.widgets.conversation_rows import ConversationRows, beginning
from supportterm.screens.widgets.message_view import MessageView, Piece

WIDEST = 104
"""Cells of a line of text, however wide the screen: longer ones are hard to read."""

Fates = Mapping[int, tuple[str, bool]]
"""Message ids to what became of a reply, and whether somebody has to look at it."""


class Conversation(ScrollView, can_focus=True, inherit_bindings=False):
    """The messages of a ticket, oldest first; only what is visible is drawn."""

    DEFAULT_CSS = CSS
    COMPONENT_CLASSES: ClassVar[set[str]] = set(STYLES)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "rows(-1)", show=False),
        Binding("down", "rows(1)", show=False),
        Binding("pageup", "pages(-1)", show=False),
        Binding("pagedown", "pages(1)", show=False),
        Binding("home", "top", show=False),
        Binding("end", "bottom", show=False),
    ]

    class Moved(Event):
        """The view or its cursor went elsewhere."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 Textual's own name for it
        super().__init__(id=id)
        self._messages: list[Message] = []
        self._rows = ConversationRows()
        self._whole: set[int | None] = set()
        self._fates: Fates = {}
        self._now: datetime | None = None
        self._cursor = 0
        self._below: set[int | None] = set()
        self._opened = False
        self._wanted: int | None = None
        self._sought = ""
        self._ink = Ink(self)

    def show(self, messages: Sequence[Message], now: datetime, fates: Fates | None = None, me: str = "") -> None:
        """Show these messages; what was shown before stays where it is.

        `fates` says what became of replies; a message that `me` has just
        written is gone to, what others wrote below waits to be looked at.
        """
        known = {m.id for m in self._messages}
        current = self.current
        arrived = [m for m in messages if m.id not in known]
        self._messages, self._now, self._fates = list(messages), now, fates or {}
        ids = [m.id for m in messages]
        self._cursor = ids.index(current.id) if current is not None and current.id in ids else len(ids) - 1
        self._cursor = max(self._cursor, 0)
        self._lay_out()
        if not self._opened:
            self._open()
            return
        self._below |= {m.id for m in arrived if m.kind is MessageKind.CUSTOMER}
        mine = [m for m in arrived if me and m.author == me]
        if mine:
            self._wanted = mine[-1].id
        self._keep_going()
        self._seen()

    def forget(self) -> None:
        """Begin anew: what is shown next is another ticket's."""
        self._messages, self._rows = [], ConversationRows()
        self._whole, self._below, self._opened, self._wanted = set(), set(), False, None
        self._cursor = 0

    def fade(self, fates: Fates, now: datetime) -> None:
        """Show what became of replies meanwhile, and times in words of a new day; nothing else moves."""
        if fates != self._fates or (self._now is not None and self._now.astimezone().date() != now.astimezone().date()):
            self._fates, self._now = fates, now
            self._lay_out()

    @property
    def messages(self) -> Sequence[Message]:
        """The messages that are shown, oldest first."""
        return self._messages

    @property
    def current(self) -> Message | None:
        """The message the cursor is at."""
        return self._messages[self._cursor] if self._cursor < len(self._messages) else None

    @property
    def below(self) -> int:
        """How many of the customer's mails came meanwhile and stand below what is visible."""
        return len(self._below)

    def focus_message(self, number: int | None, words: str = "") -> None:
        """Go to the message of that id, and mark these words of it; before the first layout it is remembered."""
        places = [place for place, message in enumerate(self._messages) if message.id == number]
        self._sought = words or (self._sought if number == self._wanted else "")
        if not places or not self._views:
            self._wanted = number
            return
        self._cursor, self._wanted = places[0], None
        self._reveal()
        if self._sought and (span := self._rows.span_of(places[0], self._sought)) is not None:
            self.screen.selections = {self: Selection(*span)}
            self._scroll(max(self.scroll_offset.y, span[0].y - self.size.height // 2))
        self._tell()

    def selected_text(self) -> str:
        """Return what the mouse has selected here; empty for nothing."""
        selection = self.text_selection
        found = self.get_selection(selection) if selection is not None else None
        return found[0] if found else ""

    def text_of(self, message: Message) -> str:
        """Return a message's text as it is shown now, to be copied."""
        view = next((v for v in self._views if v.message.id == message.id), None)
        return view.body.text if view is not None else message.reply_text

    def toggle(self, number: int | None = None) -> None:
        """Fold or unfold a message, the current one by default; its heading stays where it is."""
        number = number if number is not None else (self.current.id if self.current else None)
        self._whole ^= {number}
        self._lay_out()

    def is_whole(self, number: int | None) -> bool:
        """Tell whether a message is unfolded."""
        return number in self._whole

    def move(self, step: int) -> None:
        """Go to the next or previous message."""
        if self._messages:
            self._cursor = min(max(self._cursor + step, 0), len(self._messages) - 1)
            self._reveal()
            self._tell()

    def action_rows(self, step: int) -> None:
        """Scroll by rows."""
        self._scroll(self.scroll_offset.y + step)

    def action_pages(self, step: int) -> None:
        """Scroll by screens, two rows of the old one stay."""
        self._scroll(self.scroll_offset.y + step * max(self.size.height - 2, 1))

    def action_top(self) -> None:
        """Go to the first message."""
        self._cursor = 0
        self._scroll(0)

    def action_bottom(self) -> None:
        """Go to the end of the last message."""
        self._cursor = max(len(self._messages) - 1, 0)
        self._scroll(self.virtual_size.height)

    def on_resize(self) -> None:
        """Break the lines anew."""
        if self._messages and (not self._views or self._views[0].width != self._text_width):
            self._lay_out()
            if not self._opened:
                self._open()
        self._seen()

    def on_click(self, event: events.Click) -> None:
        """Go to the clicked message; a word for what is folded unfolds it."""
        row = event.y + self.scroll_offset.y
        if not self._views or row >= self.virtual_size.height or self.selected_text():
            return
        self._cursor = self._rows.at(row)[0]
        meta = event.style.meta
        if "fold" in meta:
            self.toggle(meta["fold"])
        elif "attachment" in meta:
            self.post_message(FileChosen(*meta["attachment"]))
        elif "link" in meta:
            self.post_message(LinkChosen(*meta["link"]))
        self._tell()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Keep the cursor among what is visible."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value) and self._views:
            top, height = round(new_value), self.size.height
            first, last = self._rows.starts[self._cursor], self._rows.end(self._cursor) - 1
            if last <= top:
                self._cursor = self._rows.at(top)[0]
            elif first >= top + height:
                self._cursor = self._rows.at(top + height - 1)[0]
            self._seen()
            self._tell()

    def notify_style_update(self) -> None:
        """Look the colours up again."""
        super().notify_style_update()
        self._ink.forget()

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        row, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if not self._views or row >= self.virtual_size.height:
            return Strip.blank(width, self.rich_style)
        place, inner = self._rows.at(row)
        view = self._views[place]
        blank = inner == len(view) - 1
        ground = "" if blank else view.background
        pieces = view.row(inner)
        base = self._ink.style("text", ground)
        if place == self._cursor and not blank:
            lead = Segment(self._glyphs.cursor, self._ink.style("cursor", ground))
            pieces = [Piece(pieces[0].text[1:], *pieces[0][1:]), *pieces[1:]] if pieces else pieces
            segments = [lead, *self._ink.segments(pieces, ground)]
        else:
            segments = self._ink.segments(pieces, ground)
        strip = Strip(self._ink.marked(segments, row)).adjust_cell_length(width, base)
        return strip.apply_offsets(0, row)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text, its lines as they were written."""
        return (self._rows.selected(selection), "\n") if self._views else None

    @property
    def _views(self) -> list[MessageView]:
        return self._rows.views

    @property
    def _glyphs(self) -> Glyphs:
        console = getattr(self.app, "support", None)
        return console.glyphs if console is not None else UNICODE

    @property
    def _text_width(self) -> int:
        return min(self.scrollable_content_region.width - 2, WIDEST)

    def _lay_out(self) -> None:
        """Make the rows anew; the row at the top stays at the top."""
        width, now = self._text_width, self._now
        if width <= 0 or now is None or not self.is_mounted:
            return
        anchor = self._rows.anchor(self.scroll_offset.y) if self._views and self._opened else None
        moved = self._rows.lay_out(self._messages, lambda message, kept: self._view(message, width, now, kept))
        if moved and self.text_selection is not None:
            self.screen.clear_selection()
        self.virtual_size = Size(width, self._rows.height)
        if anchor is not None and (row := self._rows.row_of(anchor)) is not None:
            self._scroll(row)
        self.refresh()

    def _view(self, message: Message, width: int, now: datetime, kept: MessageView | None) -> MessageView:
        whole, fate = message.id in self._whole, self._fates.get(message.id or 0, ("", False))
        if (
            kept is not None
            and (kept.width, kept.whole, kept.fate, kept.day) == (width, whole, fate, now.astimezone().date())
            and (kept.message is message or kept.message == message)
        ):
            return kept
        return MessageView(message, width, now, whole=whole, fate=fate, glyphs=self._glyphs)

    def _open(self) -> None:
        """Begin at what came in since our last answer; at the customer's latest of it where that is too long."""
        if not self._views:
            return
        self._opened = True
        self._cursor, first = beginning(self._messages)
        end = self._rows.end(self._cursor)
        fits = end - self._rows.starts[first] <= self.size.height
        self._scroll(self._rows.starts[first if fits else self._cursor])
        self._keep_going()
        self._tell()

    def _keep_going(self) -> None:
        """Go to the message that was asked for before it could be shown."""
        if self._wanted is not None:
            self.focus_message(self._wanted)

    def _reveal(self) -> None:
        """Scroll as little as shows the current message, or its beginning."""
        start, length = self._rows.starts[self._cursor], len(self._views[self._cursor])
        top, height = self.scroll_offset.y, self.size.height
        if start < top or length >= height:
            self._scroll(start)
        elif start + length > top + height:
            self._scroll(start + length - height)
        self.refresh()

    def _scroll(self, row: int) -> None:
        self.scroll_to(y=min(max(row, 0), max(self.virtual_size.height - self.size.height, 0)), animate=False)
        self.refresh()

    def _seen(self) -> None:
        if self._below and self._views:
            end = self.scroll_offset.y + self.size.height
            for start, view in zip(self._rows.starts, self._views, strict=True):
                if start + 1 < end:
                    self._below.discard(view.message.id)

    def _tell(self) -> None:
        self.post_message(self.Moved())
