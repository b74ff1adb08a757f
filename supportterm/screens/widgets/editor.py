"""The editor of replies and notes: soft wrap, undo by step, snippets by trigger, blanks one cannot overlook."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.reactive import reactive

from supportterm.domain import filling
from supportterm.domain.blanks import Blank, Expansion, accept, unfilled
from supportterm.domain.filling import Change
from supportterm.screens import format as shown_as
from supportterm.screens.commands import Scope, of
from supportterm.screens.keys import keys_of
from supportterm.screens.widgets import pasting, quoting, rows, triggers
from supportterm.screens.widgets.blank_places import content
from supportterm.screens.widgets.editor_keys import BINDINGS, OWN_COMMANDS
from supportterm.screens.widgets.text_pad import Pad
from supportterm.screens.widgets.written_text import BREAKS_AND_CONTROLS

PASTE_LIMIT = 200_000
"""Code points up to which what is pasted is put into the text."""
_COMMANDING = "alt+"
"""What a key begins with that terminals send together with its letter, though it is a command and no letter."""
NOTE_LABEL = "NOTE, stays inside"


class Editor(Pad, inherit_bindings=False):
    """Writes a text with blanks.

    `find_snippet(trigger)` gives a known trigger's text, `known_triggers()`
    what could have been meant; `say(words)` tells the agent why nothing
    happened. None of the text's signs for blanks are part of `state.text`.
    """

    DEFAULT_CSS = rows.LOOK
    BINDINGS: ClassVar[list[BindingType]] = [*BINDINGS]

    note: reactive[bool] = reactive(False, init=False)
    """True where the text stays inside the team."""
    label: reactive[str] = reactive("", init=False)
    """What stands over a text that is no note."""

    class Written(Pad.Written):
        """Text, cursor or blanks have changed: look again at `state`."""

    class PasteRefused(pasting.PasteRefused):
        """What was pasted is too long for a letter."""

    class Pasted(pasting.Pasted):
        """What was pasted may be paths."""

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
        super().__init__(text, say, ascii_signs=ascii_signs, id=id, classes=classes)
        self._find_snippet = find_snippet
        self._known_triggers = known_triggers

    def on_mount(self) -> None:
        """Take the registry's keys for what the editor does itself, and let go of those of every other command."""
        keymap = getattr(getattr(self.app, "support", None), "keymap", {})
        for command in of(Scope.REPLY):
            for key in keys_of(command.id, keymap):
                self._bindings.key_to_bindings.pop(key, None)
                if command.id in OWN_COMMANDS:
                    self._bindings.bind(key, command.action, command.title, show=False)

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

    @property
    def choices(self) -> tuple[str, ...]:
        """What Up and Down put into the blank the cursor is in; empty where it has no choices."""
        blank = self._written.blank(self._written.active)
        return blank.choices if blank and content(blank, self._written) in blank.choices else ()

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
        if self.selection.is_empty and not self.read_only and self._expand():
            return
        here = self.here
        if here and not self.read_only and not here.filled and here.can_be_accepted:
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
        elif here:
            end = here.spans[0][1]
            self._written.active = None
            self._show(end, end)
            self._say("Every blank is filled.")
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

    async def _on_key(self, event: events.Key) -> None:
        """Write what is typed: also blanks and joiners that count as unprintable, and over an open question."""
        character = event.character
        if event.key.startswith(_COMMANDING):
            event.prevent_default()
        elif character and (event.is_printable or character in quoting.UNPRINTABLE_LETTERS):
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

    def watch_note(self, note: bool) -> None:
        """Show whom the text is for."""
        self.set_class(note, "-note")
        self.watch_label()

    def watch_label(self) -> None:
        """Write over the text what it is."""
        words = NOTE_LABEL if self.note else shown_as.line(self.label, 300)
        self.border_title = Text(words) if words else None

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
        if self.read_only or blank is None or not self.choices:
            return False
        here = content(blank, self._written)
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
        if self.read_only:
            return
        if len(text) > PASTE_LIMIT:
            self.post_message(self.PasteRefused(self, text))
        elif clean := shown_as.body(text):
            self._end_step()
            start, end = sorted(self.state.selection)
            self._change(Change(start, end, clean.translate(BREAKS_AND_CONTROLS)), alone=True)
            if pasting.may_be_paths(text):
                self.post_message(self.Pasted(self, text, self.state))
