"""A conversation as rows: which message each row belongs to, what is at the top, what a selection holds."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

from textual.geometry import Offset
from textual.selection import Selection

from supportterm.domain.message import Message
from supportterm.domain.ticket import MessageKind
from supportterm.screens.widgets.message_view import INDENT, MessageView

_ENDLESS = 1 << 30
_ANSWERS = (MessageKind.REPLY, MessageKind.CALL)
_NEWS = (MessageKind.CUSTOMER, MessageKind.BOUNCE, MessageKind.INSIDE)
"""What is read first where it came after our last answer."""


class Anchor(NamedTuple):
    """A row that stays where it is: its message, its place among that one's rows, and in its text if it has one."""

    message: int | None
    inner: int
    text: int | None


class ConversationRows:
    """The views of some messages one below the other."""

    def __init__(self) -> None:
        self.views: list[MessageView] = []
        self.starts: list[int] = []
        self.height = 0

    def lay_out(self, messages: Sequence[Message], view: Callable[[Message, MessageView | None], MessageView]) -> bool:
        """Take these messages, each by way of `view` and what it was before; return whether rows above moved."""
        kept = {one.message.id: one for one in self.views}
        self.views = [view(message, kept.get(message.id)) for message in messages]
        before = self.starts
        *self.starts, self.height = accumulate((len(one) for one in self.views), initial=0)
        return self.starts[: len(before)] != before

    def at(self, row: int) -> tuple[int, int]:
        """Return which message a row belongs to, and which of its rows it is."""
        place = max(bisect_right(self.starts, row) - 1, 0)
        return place, row - self.starts[place]

    def end(self, place: int) -> int:
        """Return the row behind a message's last."""
        return self.starts[place] + len(self.views[place])

    def anchor(self, row: int) -> Anchor:
        """Return what stands in a row, to find it again when rows have changed."""
        place, inner = self.at(min(row, self.height - 1))
        view = self.views[place]
        body = view.body_row(inner)
        return Anchor(view.message.id, inner, None if body is None else view.body.span(body)[0])

    def row_of(self, anchor: Anchor) -> int | None:
        """Return the row where it stands now, None where its message is gone."""
        for start, view in zip(self.starts, self.views, strict=True):
            if view.message.id == anchor.message:
                inner = anchor.inner
                if anchor.text is not None:
                    inner = len(view.heading) + view.body.row_at(anchor.text)
                return start + min(inner, len(view) - 1)
        return None

    def span_of(self, place: int, words: str) -> tuple[Offset, Offset] | None:
        """Return where words stand in a message's body as it is shown; None where they do not."""
        if not words.split():
            return None
        body, view = self.views[place].body, self.views[place]
        found = re.search(r"\s+".join(map(re.escape, words.split())), body.text)
        if found is None or view.beside:
            return None
        first, last = body.row_at(found.start()), body.row_at(found.end() - 1)
        top = self.starts[place] + len(view.heading)
        start = Offset(INDENT + found.start() - body.span(first)[0], top + first)
        return start, Offset(INDENT + found.end() - body.span(last)[0], top + last)

    def selected(self, selection: Selection) -> str:
        """Return what a selection holds, the lines of bodies as they were written."""
        first, start = (selection.start.y, selection.start.x) if selection.start else (0, 0)
        last, end = (selection.end.y, selection.end.x) if selection.end else (self.height - 1, _ENDLESS)
        parts, row, last = [], first, min(last, self.height - 1)
        while row <= last:
            place, inner = self.at(row)
            view = self.views[place]
            left, right = (start if row == first else 0), (end if row == last else _ENDLESS)
            body = view.body_row(inner)
            if body is None:
                parts.append("".join(piece.text for piece in view.row(inner))[left:right].strip())
                row += 1
                continue
            until = min(last, row + view.body_rows - 1 - body)
            right = end if until == last else _ENDLESS
            stop = body + until - row
            parts.append(view.body.between(body, max(left - INDENT, 0), stop, max(right - INDENT, 0)))
            row = until + 1
        return "\n".join(parts).rstrip("\n")


def beginning(messages: Sequence[Message]) -> tuple[int, int]:
    """Return which message a reader begins at, the customer's latest, and the first that came since our last answer."""
    spoken = [n for n, m in enumerate(messages) if m.kind is MessageKind.CUSTOMER]
    answered = max((n for n, m in enumerate(messages) if m.kind in _ANSWERS), default=-1)
    fresh = [n for n, m in enumerate(messages) if n > answered and m.kind in _NEWS]
    latest = [n for n in spoken if n > answered] or fresh or spoken or [len(messages) - 1]
    return latest[-1], fresh[0] if fresh else latest[-1]
