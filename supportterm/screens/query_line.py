"""A line that holds a query: what it may be completed with, and where its mistake is."""

from __future__ import annotations

from collections.abc import Sequence

from rich.highlighter import Highlighter
from rich.text import Text

from supportterm.domain.query import QueryError
from supportterm.store.views import Views

Place = tuple[int, int]


def known(views: Views) -> dict[str, Sequence[str]]:
    """Return the values only the store knows, by field; a few steps in an index."""
    return {"tag": views.tags(), "assignee": views.agents()}


def place_of(error: QueryError) -> Place:
    """Return where a query's mistake stands in the line."""
    return error.start, error.end


class Pointer(Highlighter):
    """Underlines the word of a line that is wrong, as long as there is one."""

    def __init__(self) -> None:
        self.place: Place | None = None

    def highlight(self, text: Text) -> None:
        """Mark the word."""
        if self.place is not None:
            text.stylize("bold underline", *self.place)
