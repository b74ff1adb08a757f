"""The text under the editor: offsets and locations, edits that carry blanks and mirrors along, undo by step."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from textual.document._document import Document, Location

from supportterm.domain import filling
from supportterm.domain.blanks import Blank, Expansion
from supportterm.domain.filling import Change
from supportterm.screens.widgets.layout import Layout, Marks, Navigator
from supportterm.screens.widgets.steps import Standing, Step, Steps

BREAKS_AND_CONTROLS: dict[int, int | str | None] = {
    **{code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A)},
    0x0B: " ",
    0x0C: " ",
    0x0D: " ",
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
    0x85: " ",
    0x2028: " ",
    0x2029: " ",
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD),
}
"""What would act on a terminal or break a line by itself, and what stands for it: one code point for one."""


class WrittenText:
    """Text, blanks and steps of one editor, and the rows they stand in."""

    def __init__(self, text: str = "", blanks: tuple[Blank, ...] = (), width: int = 0) -> None:
        self.text = text.translate(BREAKS_AND_CONTROLS)
        self.blanks = blanks
        self.active: int | None = None
        """The blank being filled: what is written at its edges belongs to it."""
        self.document = Document(self.text)
        self.layout = Layout(self.document, width)
        self.navigator = Navigator(self.layout)
        self.steps = Steps()
        self._starts = [0]

    @property
    def expansion(self) -> Expansion:
        """The text and its blanks as one value."""
        return Expansion(self.text, self.blanks)

    def location(self, offset: int) -> Location:
        """Return the line and column of a code point."""
        offset = max(0, min(offset, len(self.text)))
        while self._starts[-1] <= offset and len(self._starts) < self.document.line_count:
            self._next_start()
        line = bisect_right(self._starts, offset) - 1
        return line, offset - self._starts[line]

    def offset(self, location: Location) -> int:
        """Return the code point at a line and column."""
        line, column = location
        if line >= self.document.line_count:
            return len(self.text)
        while len(self._starts) <= line:
            self._next_start()
        return self._starts[line] + min(column, len(self.document.get_line(line)))

    def blank(self, number: int | None) -> Blank | None:
        """Return the blank of a number."""
        return next((blank for blank in self.blanks if blank.number == number), None)

    def edit(self, change: Change, before: Standing, *, alone: bool) -> int:
        """Carry out an edit and what follows from it; return where the cursor belongs."""
        here = self.expansion
        into = filling.written_into(here, change, self.active)
        after, changes = filling.edit(here, change, self.active)
        self.active = into if any(blank.number == into for blank in after.blanks) else None
        return self.commit(changes, after.blanks, before, alone=alone)

    def commit(
        self, changes: Sequence[Change], blanks: tuple[Blank, ...], before: Standing, *, alone: bool = True
    ) -> int:
        """Write changes as one step; return the end of the first, after all of them."""
        done = tuple((change, self._write(change)) for change in changes)
        self.blanks = blanks
        self.drop_cleared()
        cursor = self._after(changes) if changes else before.cursor
        after = Standing(cursor, cursor, self.blanks, self.active)
        self.steps.record(Step(done, before, after), alone=alone)
        return cursor

    def undo(self) -> Standing | None:
        """Take the last step back; return what stood before it."""
        step = self.steps.undo()
        return self._go(step.back(), step.before) if step else None

    def redo(self) -> Standing | None:
        """Do again what was taken back last; return what stood after it."""
        step = self.steps.redo()
        return self._go(step.again(), step.after) if step else None

    def leave(self, cursor: int) -> bool:
        """Let go of the blank being filled where the cursor has left it; say whether it has."""
        blank = self.blank(self.active)
        if self.active is None or (blank and any(a <= cursor <= b for a, b in blank.spans)):
            return False
        self.active = None
        self.drop_cleared()
        return True

    def drop_cleared(self) -> None:
        """Let go of blanks whose content was deleted, but for the one being filled."""
        self.blanks = tuple(
            blank
            for blank in self.blanks
            if not blank.number or blank.number == self.active or any(a < b for a, b in blank.spans)
        )

    def mark(self, marks: dict[int, Marks]) -> None:
        """Draw other signs between the letters."""
        old, self.layout.marks = self.layout.marks, marks
        self.layout.wrap_lines({line for line in {*old, *marks} if old.get(line) != marks.get(line)})

    def _go(self, changes: Iterable[Change], to: Standing) -> Standing:
        for change in changes:
            self._write(change)
        self.blanks, self.active = to.blanks, to.active
        return to

    def _write(self, change: Change) -> str:
        top, bottom = self.location(change.start), self.location(change.end)
        replaced = self.text[change.start : change.end]
        marks, layout = self.layout.marks, self.layout
        marked = any(top[0] <= line <= bottom[0] for line in marks)
        end = self.document.replace_range(top, bottom, change.text).end_location
        moved = end[0] - bottom[0]
        if marks and (moved or marked):
            layout.marks = {
                line + moved if line > bottom[0] else line: each
                for line, each in marks.items()
                if not top[0] <= line <= bottom[0]
            }
        layout.wrap_range(top, bottom, end)
        if marked:
            layout.wrap_lines({top[0]})
        self.text = self.text[: change.start] + change.text + self.text[change.end :]
        del self._starts[top[0] + 1 :]
        return replaced

    def _next_start(self) -> None:
        self._starts.append(self._starts[-1] + len(self.document.get_line(len(self._starts) - 1)) + 1)

    @staticmethod
    def _after(changes: Sequence[Change]) -> int:
        place = changes[0].start + len(changes[0].text)
        for change in changes[1:]:
            if change.end <= place:
                place += change.growth
        return place
