"""A ticket's messages one below the other, quotes and signatures folded, what is inside marked as such."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
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
from supportterm.screens.widgets.message_view import INDENT, MessageView, Piece

WIDEST = 104
"""Cells of a line of text, however wide the screen: longer ones are hard to read."""

_NEWS = (MessageKind.CUSTOMER, MessageKind.BOUNCE, MessageKind.INSIDE)
"""What is read first where it came after our last answer."""

Fates = Mapping[int, tuple[str, bool]]
"""Message ids to what became of a reply, and whether somebody has to look at it."""


class Conversation(ScrollView, can_focus=True, inherit_bindings=False):
    """The messages of a ticket, oldest first; only what is visible is drawn."""

    DEFAULT_CSS = """
    Conversation { background: $background; color: $foreground; overflow-x: hidden; overflow-y: scroll;
                   scrollbar-size-vertical: 1; scrollbar-color: $panel; scrollbar-background: $background;
                   scrollbar-color-hover: $quiet; scrollbar-background-hover: $background;
                   scrollbar-color-active: $quiet; scrollbar-background-active: $background; }
    Conversation > .conversation--author { text-style: bold; }
    Conversation > .conversation--quiet, Conversation > .conversation--quote { color: $quiet; }
    Conversation > .conversation--fold { color: $accent; }
    Conversation > .conversation--state { color: $accent; }
    Conversation > .conversation--warning { color: $warning; }
    Conversation > .conversation--word { color: $quiet; text-style: bold; }
    Conversation > .conversation--word-inside { color: $accent; text-style: bold; }
    Conversation > .conversation--word-note { color: $warning; text-style: bold; }
    Conversation > .conversation--cursor { color: $quiet; }
    Conversation:focus > .conversation--cursor { color: $accent; }
    Conversation > .conversation--inside { background: $inside; }
    Conversation > .conversation--note { background: $note; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"conversation--{name}"
        for name in (
            *("author", "quiet", "quote", "fold", "state", "warning", "cursor", "inside", "note"),
            *("word", "word-inside", "word-note"),
        )
    }
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

    class Chosen(Event):
        """An attachment was clicked."""

        def __init__(self, message: int, part: int) -> None:
            super().__init__()
            self.message, self.part = message, part

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 Textual's own name for it
        super().__init__(id=id)
        self._messages: list[Message] = []
        self._views: list[MessageView] = []
        self._starts: list[int] = []
        self._whole: set[int | None] = set()
        self._fates: Fates = {}
        self._now: datetime | None = None
        self._cursor = 0
        self._below: set[int | None] = set()
        self._opened = False
        self._wanted: int | None = None
        self._styles: dict[tuple[str, str], Style] = {}

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
            self.focus_message(mine[-1].id)
        self._seen()

    def forget(self) -> None:
        """Begin anew: what is shown next is another ticket's."""
        self._messages, self._views, self._starts = [], [], []
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

    def focus_message(self, number: int | None) -> None:
        """Go to the message of that id; before the first layout it is remembered."""
        places = [place for place, message in enumerate(self._messages) if message.id == number]
        if not places or not self._views:
            self._wanted = number
            return
        self._cursor = places[0]
        self._reveal()
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
        self._cursor = self._at(row)[0]
        meta = event.style.meta
        if "fold" in meta:
            self.toggle(meta["fold"])
        elif "attachment" in meta:
            self.post_message(self.Chosen(*meta["attachment"]))
        self._tell()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Keep the cursor among what is visible."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value) and self._views:
            top, height = round(new_value), self.size.height
            first, last = self._starts[self._cursor], self._starts[self._cursor] + len(self._views[self._cursor]) - 1
            if last <= top:
                self._cursor = self._at(top)[0]
            elif first >= top + height:
                self._cursor = self._at(top + height - 1)[0]
            self._seen()
            self._tell()

    def notify_style_update(self) -> None:
        """Look the colours up again."""
        super().notify_style_update()
        self._styles.clear()

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        row, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if not self._views or row >= self.virtual_size.height:
            return Strip.blank(width, self.rich_style)
        place, inner = self._at(row)
        view = self._views[place]
        blank = inner == len(view) - 1
        ground = "" if blank else view.background
        pieces = view.row(inner)
        base = self._style("text", ground)
        if place == self._cursor and not blank:
            lead = Segment(self._glyphs.cursor, self._style("cursor", ground))
            pieces = [Piece(pieces[0].text[1:], *pieces[0][1:]), *pieces[1:]] if pieces else pieces
            segments = [lead, *self._segments(pieces, ground)]
        else:
            segments = self._segments(pieces, ground)
        strip = Strip(self._marked(segments, row)).adjust_cell_length(width, base)
        return strip.apply_offsets(0, row)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text, its lines as they were written."""
        total = self.virtual_size.height
        if not self._views:
            return None
        first, start = (selection.start.y, selection.start.x) if selection.start else (0, 0)
        last, end = (selection.end.y, selection.end.x) if selection.end else (total - 1, 1 << 30)
        parts, row, last = [], first, min(last, total - 1)
        while row <= last:
            place, inner = self._at(row)
            view = self._views[place]
            left, right = (start if row == first else 0), (end if row == last else 1 << 30)
            body = view.body_row(inner)
            if body is None:
                parts.append("".join(piece.text for piece in view.row(inner))[left:right].strip())
                row += 1
                continue
            until = min(last, row + view.body_rows - 1 - body)
            right = end if until == last else 1 << 30
            stop = body + until - row
            parts.append(view.body.between(body, max(left - INDENT, 0), stop, max(right - INDENT, 0)))
            row = until + 1
        return "\n".join(parts).rstrip("\n"), "\n"

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
        anchor = self._anchor()
        kept = {view.message.id: view for view in self._views}
        self._views = [self._view(message, width, now, kept.get(message.id)) for message in self._messages]
        ends = list(accumulate((len(view) for view in self._views), initial=0))
        if ends[: len(self._starts)] != self._starts and self.text_selection is not None:
            self.screen.clear_selection()
        self._starts = ends[:-1]
        self.virtual_size = Size(width, ends[-1])
        if anchor is not None:
            self._return_to(*anchor)
        if self._wanted is not None and self._opened:
            wanted, self._wanted = self._wanted, None
            self.focus_message(wanted)
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

    def _anchor(self) -> tuple[int | None, int, int | None] | None:
        """Return what is at the top: the message, the row in it, the place in its text."""
        if not self._views or not self._opened:
            return None
        place, inner = self._at(min(self.scroll_offset.y, self.virtual_size.height - 1))
        view = self._views[place]
        body = view.body_row(inner)
        return view.message.id, inner, None if body is None else view.body.span(body)[0]

    def _return_to(self, number: int | None, inner: int, text: int | None) -> None:
        for start, view in zip(self._starts, self._views, strict=True):
            if view.message.id == number:
                row = inner if text is None else len(view.heading) + view.body.row_at(text)
                self._scroll(start + min(row, len(view) - 1))

    def _open(self) -> None:
        """Begin at what came in since our last answer; at the customer's latest of it where that is too long."""
        if not self._views:
            return
        self._opened = True
        spoken = [n for n, m in enumerate(self._messages) if m.kind is MessageKind.CUSTOMER]
        answered = max((n for n, m in enumerate(self._messages) if m.kind is MessageKind.REPLY), default=-1)
        fresh = [n for n, m in enumerate(self._messages) if n > answered and m.kind in _NEWS]
        latest = [n for n in spoken if n > answered] or fresh or spoken or [len(self._messages) - 1]
        self._cursor = latest[-1]
        first = fresh[0] if fresh else self._cursor
        end = self._starts[self._cursor] + len(self._views[self._cursor])
        fits = end - self._starts[first] <= self.size.height
        self._scroll(self._starts[first if fits else self._cursor])
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.focus_message(wanted)
        self._tell()

    def _reveal(self) -> None:
        """Scroll as little as shows the current message, or its beginning."""
        start, length = self._starts[self._cursor], len(self._views[self._cursor])
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
            for start, view in zip(self._starts, self._views, strict=True):
                if start + 1 < end:
                    self._below.discard(view.message.id)

    def _tell(self) -> None:
        self.post_message(self.Moved())

    def _at(self, row: int) -> tuple[int, int]:
        """Return which message a row belongs to, and which of its rows it is."""
        place = max(bisect_right(self._starts, row) - 1, 0)
        return place, row - self._starts[place]

    def _segments(self, pieces: Sequence[Piece], ground: str) -> list[Segment]:
        def style(piece: Piece) -> Style:
            found = self._style(piece.style, ground)
            return found + Style.from_meta(dict(piece.meta)) if piece.meta else found

        return [Segment(piece.text, style(piece)) for piece in pieces if piece.text]

    def _marked(self, segments: list[Segment], row: int) -> list[Segment]:
        """Give the selected part of a row its colour."""
        selection = self.text_selection
        span = selection.get_span(row) if selection is not None else None
        if span is None:
            return segments
        start, end = span[0], span[1] if span[1] >= 0 else 1 << 30
        mark = self.screen.get_component_rich_style("screen--selection")
        marked, place = [], 0
        for text, style, _ in segments:
            cuts = [min(max(edge - place, 0), len(text)) for edge in (start, end)]
            for run, chosen in ((text[: cuts[0]], False), (text[cuts[0] : cuts[1]], True), (text[cuts[1] :], False)):
                if run:
                    marked.append(Segment(run, style + mark if chosen and style is not None else style))
            place += len(text)
        return marked

    def _style(self, name: str, ground: str) -> Style:
        found = self._styles.get((name, ground))
        if found is None:
            found = self.rich_style
            if ground:
                found += Style(bgcolor=self.get_component_rich_style(f"conversation--{ground}").bgcolor)
            if name.startswith("word-") and f"conversation--{name}" not in self.COMPONENT_CLASSES:
                name = "word"
            if name == "bar":
                name = f"word-{ground}"
            if f"conversation--{name}" in self.COMPONENT_CLASSES:
                part: Any = self.get_component_rich_style(f"conversation--{name}")
                found += Style(color=part.color, bold=part.bold, dim=part.dim, italic=part.italic)
            self._styles[(name, ground)] = found
        return found
