"""The editor of replies and notes: soft wrap, undo by step, snippets by trigger, blanks one cannot overlook."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.document._document import EditResult, Selection
from textual.document._edit import Edit
from textual.geometry import Region
from textual.message import Message
from textual.reactive import Reactive, reactive
from textual.strip import Strip
from textual.widgets import TextArea

from supportterm.domain import filling
from supportterm.domain.blanks import Blank, Expansion, accept, unfilled
from supportterm.domain.filling import Change
from supportterm.screens import format as shown_as
from supportterm.screens.commands import Scope, of
from supportterm.screens.keys import keys_of
from supportterm.screens.widgets import quoting, rows, triggers
from supportterm.screens.widgets.blank_places import Places, content, places
from supportterm.screens.widgets.editor_keys import BINDINGS, OWN_COMMANDS
from supportterm.screens.widgets.editor_state import EditorState
from supportterm.screens.widgets.steps import Standing
from supportterm.screens.widgets.written_text import BREAKS_AND_CONTROLS, WrittenText

PASTE_LIMIT = 200_000
"""Code points up to which what is pasted is put into the text."""
NOTE_LABEL = "NOTE, stays inside"


class Editor(TextArea, inherit_bindings=False):
    """Writes a text with blanks.

    `find_snippet(trigger)` gives a known trigger's text, `known_triggers()`
    what could have been meant; `say(words)` tells the agent why nothing
    happened. None of the text's signs for blanks are part of `state.text`.
    """

    DEFAULT_CSS = rows.LOOK
    COMPONENT_CLASSES: ClassVar[set[str]] = {"editor--blank", "editor--blank-here", "editor--sign"}
    BINDINGS: ClassVar[list[BindingType]] = [*BINDINGS]

    note: reactive[bool] = reactive(False, init=False)
    """True where the text stays inside the team."""
    label: reactive[str] = reactive("", init=False)
    """What stands over a text that is no note."""

    selection: Reactive[Selection] = reactive(Selection(), init=False, always_update=True, repaint=False)
    """Where selecting began and where the cursor is; only the rows this changes are drawn again."""

    class Written(Message):
        """Text, cursor or blanks have changed: look again at `state`."""

        def __init__(self, editor: Editor) -> None:
            super().__init__()
            self.editor = editor

        @property
        def control(self) -> Editor:
            """The editor."""
            return self.editor

        def can_replace(self, message: Message) -> bool:
            """One look is enough for many keys."""
            return isinstance(message, Editor.Written)

    class PasteRefused(Message):
        """What was pasted is too long for a letter; `text` is it, uncleaned, as a file could hold it."""

        def __init__(self, editor: Editor, text: str) -> None:
            super().__init__()
            self.editor = editor
            self.text = text

        @property
        def sentence(self) -> str:
            """What to tell the agent."""
            return f"{len(self.text):,} letters are too long to paste. Attach them as a file instead."

    def __init__(
        self,
        text: str = "",
        *,
        find_snippet: Callable[[str], Expansion | None] = lambda _trigger: None,
        known_triggers: Callable[[], Iterable[str]] = lambda: (),
        say: Callable[[str], object] = lambda _words: None,
        ascii_signs: bool = False,
        id: str | None = None,  # noqa: A002 Textual's own name for it
        classes: str | None = None,
    ) -> None:
        self._written = WrittenText(text)
        self._find_snippet = find_snippet
        self._known_triggers = known_triggers
        self._say = say
        self._ascii_signs = ascii_signs
        self._places = Places()
        self._busy = False
        self._rows = rows.Rows()
        super().__init__(text, id=id, classes=classes, highlight_cursor_line=False)
        self.cursor_blink = False

    def on_mount(self) -> None:
        """Take the registry's keys for what the editor does itself, and let go of those of every other command."""
        keymap = getattr(getattr(self.app, "support", None), "keymap", {})
        for command in of(Scope.REPLY):
            for key in keys_of(command.id, keymap):
                self._bindings.key_to_bindings.pop(key, None)
                if command.id in OWN_COMMANDS:
                    self._bindings.bind(key, command.action, command.title, show=False)

    # What stands here

    @property
    def state(self) -> EditorState:
        """The text, the cursor and the blanks, for drafts and for sending."""
        anchor, cursor = (self._written.offset(place) for place in self.selection)
        return EditorState(self._written.text, cursor, (anchor, cursor), self._written.blanks)

    def restore(self, state: EditorState) -> None:
        """Put a state back; what was written before it cannot be undone any more."""
        self._written = WrittenText(state.text, state.blanks)
        self._set_document(state.text, None)
        self._select(*state.selection)
        self._written.steps.clear()
        self.post_message(self.Written(self))

    @property
    def text(self) -> str:
        """The whole text, without the signs of blanks."""
        return self._written.text

    @text.setter
    def text(self, value: str) -> None:
        self.restore(EditorState(value))

    def load_text(self, text: str) -> None:
        """Begin with another text."""
        self.restore(EditorState(text))

    @property
    def unfilled(self) -> tuple[Blank, ...]:
        """The blanks that keep the text from being sent, in tab order."""
        return tuple(sorted(unfilled(self._written.expansion), key=lambda blank: blank.number))

    @property
    def here(self) -> Blank | None:
        """The blank the cursor is in."""
        return self._written.blank(self._written.active) or filling.holding(
            self._written.expansion, *sorted(self.state.selection)
        )

    # Snippets and blanks

    def insert_expansion(self, expansion: Expansion, replacing: tuple[int, int] | None = None) -> None:
        """Put a snippet in, over the selection or another part of the text, as one step; go to its first blank."""
        self._end_step()
        start, end = replacing or (min(self.state.selection), max(self.state.selection))
        safe = Expansion(expansion.text.translate(BREAKS_AND_CONTROLS), expansion.blanks)
        before = self._standing
        after, changes = filling.insert(self._written.expansion, start, end, safe)
        self._written.active = None
        cursor = self._written.commit(changes, after.blanks, before)
        new = [blank for blank in after.blanks if start <= blank.spans[0][0] <= cursor]
        self._show(cursor, cursor)
        if first := next(iter(sorted(new, key=lambda blank: blank.number or 1_000)), None):
            self._enter(first)

    def tab(self) -> None:
        """Expand the trigger before the cursor, else accept this blank's default and go to the next one."""
        if self.selection.is_empty and self._expand():
            return
        here = self.here
        if here and not here.filled and here.can_be_accepted:
            self._accept(here.number)
        open_ones = [blank for blank in self.unfilled if here is None or blank.number != here.number]
        if here:
            after = [blank for blank in open_ones if blank.number > here.number]
        else:
            after = [blank for blank in open_ones if blank.spans[0][0] >= self.state.cursor]
            after.sort(key=lambda blank: blank.spans[0])
        if found := next(iter(after or open_ones), here if here and here in self.unfilled else None):
            self._enter(found)
        elif last := self._written.blank(0):
            self._written.blanks = filling.forget(self._written.expansion, 0).blanks
            self._show(last.spans[0][0], last.spans[0][1])
        else:
            self._say("No blank is open. A snippet's trigger, then Tab, puts the snippet in.")

    def back_tab(self) -> None:
        """Go back to the blank before, filled or not."""
        here = self.here
        every = sorted((blank for blank in self._written.blanks if blank.number), key=lambda blank: blank.number)
        if here:
            before = [blank for blank in every if blank.number < here.number]
        else:
            before = sorted((b for b in every if b.spans[0][0] < self.state.cursor), key=lambda blank: blank.spans[0])
        if found := (before or every)[-1:]:
            self._enter(found[0])
        else:
            self._say("There is no blank to go back to.")

    def go_to_blank(self, number: int) -> None:
        """Go to a blank and select what stands in it, so that typing replaces it."""
        if blank := self._written.blank(number):
            self._enter(blank)

    def quote(self, text: str, who: str, when: Any, lang: str = "en") -> None:
        """Put somebody's words in behind `> `, on lines of their own, after a line saying who wrote them when."""
        quoted = quoting.quoted(shown_as.body(text), shown_as.line(who, 200), when, lang)
        start, end = sorted(self.state.selection)
        lead = "" if start == 0 or self._written.text[:start].endswith("\n\n") else "\n\n"
        lead = "\n" if lead and self._written.text[:start].endswith("\n") else lead
        self._end_step()
        self._change(Change(start, end, f"{lead}{quoted}\n\n"), alone=True)

    def rewrite(self, text: str) -> None:
        """Take a text that was changed elsewhere for this one, as one step; blanks left as they were stay open."""
        old, new = self._written.text, text.translate(BREAKS_AND_CONTROLS)
        if new == old:
            return
        found = filling.found_again(new, self._written.expansion)
        start = filling.alike(old, new)
        same = filling.alike(old[start:][::-1], new[start:][::-1])
        before = self._standing
        self._written.active = None
        change = Change(start, len(old) - same, new[start : len(new) - same])
        cursor = self._written.commit((change,), found.blanks, before)
        self._show(cursor, cursor)

    # Steps

    def undo(self) -> None:
        """Take the last step back, its blanks too."""
        self._stand(self._written.undo(), "Nothing to take back.")

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._stand(self._written.redo(), "Nothing to do again.")

    # How Textual's parts meet the text

    def edit(self, edit: Edit) -> EditResult:
        """Carry out an edit of Textual's, blanks and mirrors included."""
        start, end = self._written.offset(edit.top), self._written.offset(edit.bottom)
        replaced = self._written.text[start:end]
        text = edit.text.translate(BREAKS_AND_CONTROLS)
        if text or replaced:
            self._change(Change(start, end, text), alone=len(text) > 1 or len(replaced) > 4 or "\n" in text + replaced)
        return EditResult(self.cursor_location, replaced)

    def action_next_blank(self) -> None:
        """Do what Tab does."""
        self.tab()

    def action_previous_blank(self) -> None:
        """Do what Shift+Tab does."""
        self.back_tab()

    def action_cursor_up(self, select: bool = False) -> None:
        """Go a row up, or to the choice before."""
        if select or not self._cycle(-1):
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        """Go a row down, or to the next choice."""
        if select or not self._cycle(1):
            super().action_cursor_down(select)

    def action_delete_left(self) -> None:
        """Delete the letter before the cursor; of a question that is still open, the whole."""
        if not self._select_question(before=True):
            super().action_delete_left()

    def action_delete_right(self) -> None:
        """Delete the letter at the cursor; of a question that is still open, the whole."""
        if not self._select_question(before=False):
            super().action_delete_right()

    def action_paste(self) -> None:
        """Put in what was copied here."""
        self._paste(self.app.clipboard)

    def action_text_start(self) -> None:
        """Go to the beginning."""
        self.move_cursor((0, 0))

    def action_text_end(self) -> None:
        """Go to the end."""
        self.move_cursor(self.document.end)

    @property
    def cursor_row(self) -> int:
        """The row the cursor is in, from the text's first."""
        return self._cursor_offset[1]

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw some rows."""
        self._rows.prepare(self)
        return super(TextArea, self).render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        row = self._rows.drawn[y] = self._row(y + self.scroll_offset.y)
        return self._rows.draw(row)

    async def _on_key(self, event: events.Key) -> None:
        """Write what is typed: also blanks and joiners that count as unprintable, and over an open question."""
        character = event.character
        if character and (event.is_printable or character in quoting.UNPRINTABLE_LETTERS):
            event.prevent_default()
            event.stop()
            if self.selection.is_empty:
                self._select_question()
            self._replace_via_keyboard(character, *self.selection)

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self._paste(event.text)

    async def _on_mouse_up(self, event: events.MouseUp) -> None:
        """A click on an open blank goes to it."""
        self._end_step()
        if self._selecting and self.selection.is_empty:
            cursor = self.state.cursor
            blank = filling.holding(self._written.expansion, cursor)
            if blank and not blank.filled and any(a <= cursor < b for a, b in blank.spans):
                self._end_mouse_selection()
                self._enter(blank)

    def _set_document(self, text: str, language: str | None) -> None:
        self.document = self._written.document
        self.wrapped_document = self._written.layout
        self.navigator = self._written.navigator
        self._places = places(self._written, ascii_signs=self._ascii_signs)
        self._written.mark(self._places.marks)
        self._rewrap_and_refresh_virtual_size()
        self.selection = Selection.cursor((0, 0))

    def _watch_selection(self, previous_selection: Selection, selection: Selection) -> None:
        if not self.is_mounted:
            return
        self.app.clear_selection()
        if not self._busy:
            if previous_selection != selection:
                self._written.steps.end()
            if self._written.leave(self._written.offset(selection.end)):
                self._mark()
        self.scroll_cursor_visible()
        self.app.cursor_position = self.cursor_screen_offset
        if self._busy:
            return
        self._redraw()
        if previous_selection != selection:
            self.post_message(self.Written(self))

    def watch_note(self, note: bool) -> None:
        """Show whom the text is for."""
        self.set_class(note, "-note")
        self.watch_label()

    def watch_label(self) -> None:
        """Write over the text what it is."""
        words = NOTE_LABEL if self.note else shown_as.line(self.label, 300)
        self.border_title = Text(words) if words else None

    # Within

    @property
    def _standing(self) -> Standing:
        anchor, cursor = self.state.selection
        return Standing(anchor, cursor, self._written.blanks, self._written.active)

    def _change(self, change: Change, *, alone: bool = False) -> None:
        cursor = self._written.edit(change, self._standing, alone=alone)
        self._show(cursor, cursor)

    def _show(self, anchor: int, cursor: int) -> None:
        """Draw what has changed and put the cursor there."""
        self._written.leave(cursor)
        self._mark()
        self._refresh_size()
        self._select(anchor, cursor)
        self._redraw()
        self.post_message(self.Written(self))

    def _select(self, anchor: int, cursor: int) -> None:
        self._busy = True
        self.selection = Selection(self._written.location(anchor), self._written.location(cursor))
        self._busy = False
        self.record_cursor_width()

    def _mark(self) -> None:
        self._places = places(self._written, ascii_signs=self._ascii_signs)
        self._written.mark(self._places.marks)

    def _row(self, y: int) -> rows.Row | None:
        whole = (active := self._written.blank(self._written.active)) and self.state.selection == active.spans[0]
        cursor = self.cursor_row if self.has_focus and not whole else -1
        return rows.read(self._written, self._places, self.selection, cursor, y)

    def _redraw(self) -> None:
        """Draw those rows again that changed."""
        top, drawn = self.scroll_offset.y, self._rows.drawn
        for y in range(self.size.height):
            if y not in drawn or drawn[y] != self._row(y + top):
                self.refresh_lines(y + top)

    def _stand(self, standing: Standing | None, words: str) -> None:
        if standing is None:
            self._say(words)
        else:
            self._show(standing.anchor, standing.cursor)

    def _end_step(self) -> None:
        self._written.steps.end()

    def _enter(self, blank: Blank) -> None:
        self._end_step()
        self._written.active = blank.number or None
        self._written.drop_cleared()
        self._show(*blank.spans[0])

    def _accept(self, number: int) -> None:
        before = self._standing
        self._written.commit((), accept(self._written.expansion, number).blanks, before)

    def _expand(self) -> bool:
        """Expand the trigger before the cursor; say what was meant where there is none of that name."""
        row, column = self.cursor_location
        before = self.document.get_line(row)[max(column - 80, 0) : column]
        cursor = self.state.cursor
        for word in triggers.candidates(before):
            if (found := self._find_snippet(word)) is not None:
                self.insert_expansion(found, (cursor - len(word), cursor))
                return True
        words = triggers.correction(before, self._known_triggers())
        if words:
            self._say(words)
        return bool(words)

    def _cycle(self, step: int) -> bool:
        """Put another of its choices into the blank being filled."""
        blank = self._written.blank(self._written.active)
        if blank is None or (here := content(blank, self._written)) not in blank.choices:
            return False
        choice = blank.choices[(blank.choices.index(here) + step) % len(blank.choices)]
        after, changes = filling.choose(self._written.expansion, blank.number, choice)
        self._written.commit(changes, after.blanks, self._standing)
        if blank := self._written.blank(blank.number):
            self._show(*blank.spans[0])
        return True

    def _select_question(self, before: bool | None = None) -> bool:
        """Select an open question as a whole where the cursor is within it, or at the edge a deletion would cross."""
        if not self.selection.is_empty:
            return False
        cursor = self.state.cursor
        blank = filling.holding(self._written.expansion, cursor)
        if blank is None or blank.filled or blank.can_be_accepted:
            return False
        for a, b in blank.spans:
            if a < cursor < b or (cursor == b and before is True) or (cursor == a and before is False):
                self._written.active = blank.number
                self._show(a, b)
                return True
        return False

    def _paste(self, text: str) -> None:
        if len(text) > PASTE_LIMIT:
            self.post_message(self.PasteRefused(self, text))
        elif clean := shown_as.body(text):
            self._end_step()
            start, end = sorted(self.state.selection)
            self._change(Change(start, end, clean.translate(BREAKS_AND_CONTROLS)), alone=True)
