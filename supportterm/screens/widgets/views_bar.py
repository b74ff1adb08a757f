"""The views on their digits, each with how many tickets it has; the open one stands in brackets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from supportterm.domain.saved_views import VIEWS
from supportterm.screens.base import DeskScreen
from supportterm.screens.widgets.words_line import Word, WordsLine, length

_DIGITS = 10


class ViewsBar(WordsLine):
    """One line; where room is short titles are shortened, then views left out, never the open one."""

    def __init__(self, mailbox: str) -> None:
        """Begin with the mailbox's name and the first view."""
        super().__init__()
        self._mailbox = mailbox
        self._counts: Mapping[str, str] = {}
        self._active = VIEWS[0].name

    def show(self, active: str, counts: Mapping[str, str]) -> None:
        """Show the open view and the counts, by the views' names."""
        if (active, counts) != (self._active, self._counts):
            self._active, self._counts = active, counts
            self.refresh()

    def words(self, width: int) -> Sequence[Word]:
        """Return the views that fit."""
        head = Word(f" {self._mailbox}  ", "name")
        for brief in (False, True):
            views = [self._view(number, brief=brief) for number in range(len(VIEWS))]
            found = [head, *(word for view in views for word in view)]
            if length(found) <= width:
                return found
        active = next(number for number, view in enumerate(VIEWS) if view.name == self._active)
        room = width - length([head]) - length(views[active]) - 2
        shown = {active}
        for number, view in enumerate(views):
            if number != active and length(view) > room:
                break
            room -= 0 if number == active else length(view)
            shown.add(number)
        return [head, *(word for number in sorted(shown) for word in views[number]), Word("…")]

    def _view(self, number: int, *, brief: bool) -> list[Word]:
        view = VIEWS[number]
        command = f"queue.view-{(number + 1) % 10}" if number < _DIGITS else "queue.view"
        screen = self.screen
        key = screen.key_of(command) if isinstance(screen, DeskScreen) else ""
        count = self._counts.get(view.name, "0").removeprefix("0")
        name = f"{view.brief if brief else view.tab}{f' {count}' if count else ''}"
        if view.name == self._active:
            return [Word(f"[{key} {name}]", "active", command), Word(" " if brief else "  ")]
        return [Word(key, "key", command), Word(f" {name}", "plain", command), Word(" " if brief else "  ")]
