"""The views on their digits, each with how many tickets it has; the open one stands in brackets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from supportterm.domain.saved_views import VIEWS, SavedView
from supportterm.screens import format as shown_as
from supportterm.screens.base import DeskScreen
from supportterm.screens.widgets.words_line import Word, WordsLine, length

DIGITS = "1234567890"


class ViewsBar(WordsLine):
    """One line; where room is short titles are shortened, then views left out, never the open one."""

    def __init__(self, mailbox: str, views: Sequence[SavedView] = VIEWS) -> None:
        """Begin with the mailbox's name and the first view."""
        super().__init__()
        self._mailbox = mailbox
        self._views = tuple(views)
        self._counts: Mapping[str, str] = {}
        self._active = views[0]

    def show(self, active: SavedView, counts: Mapping[str, str]) -> None:
        """Show the open view and the counts, by the views' names."""
        if (active, counts) != (self._active, self._counts):
            self._active, self._counts = active, counts
            self.refresh()

    def words(self, width: int) -> Sequence[Word]:
        """Return the views that fit; one that has no place here is shown behind the others while it is open."""
        head = Word(f" {self._mailbox}  ", "name")
        listed = self._views if self._active in self._views else (*self._views, self._active)
        for brief in (False, True):
            views = [self._view(number, view, brief=brief) for number, view in enumerate(listed)]
            found = [head, *(word for view in views for word in view)]
            if length(found) <= width:
                return found
        active = listed.index(self._active)
        room = width - length([head]) - length(views[active]) - 2
        shown = {active}
        for number, words in enumerate(views):
            if number != active and length(words) > room:
                break
            room -= 0 if number == active else length(words)
            shown.add(number)
        return [head, *(word for number in sorted(shown) for word in views[number]), Word("…")]

    def _view(self, number: int, view: SavedView, *, brief: bool) -> list[Word]:
        has_digit = number < min(len(DIGITS), len(self._views))
        command = f"queue.view-{DIGITS[number]}" if has_digit else "queue.view"
        argument = "" if has_digit else view.name
        screen = self.screen
        key = screen.key_of(command) if has_digit and isinstance(screen, DeskScreen) else ""
        count = self._counts.get(view.name, "0")
        name = shown_as.line((view.brief if brief else view.tab) + (f" {count}" if count != "0" else ""))
        blank = Word(" " if brief else "  ")
        if view == self._active:
            return [Word(f"[{key} {name}]" if key else f"[{name}]", "active", command, argument), blank]
        words = [Word(key, "key", command, argument)] if key else []
        return [*words, Word(f" {name}" if key else name, "plain", command, argument), blank]
