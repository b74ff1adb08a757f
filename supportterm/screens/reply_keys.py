"""The keys of the screen for writing: which of them work there, what they are called, what they start."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from textual import on

from supportterm.domain.drafts import Mode, Recipients
from supportterm.domain.ticket import Status
from supportterm.screens import format as shown_as
from supportterm.screens import keys, macro_keys, reply_mailing, reply_snippets, reply_verbs
from supportterm.screens.base import DeskScreen
from supportterm.screens.commands import Command
from supportterm.screens.hinting import Hinting
from supportterm.screens.widgets.clicked import LinkChosen
from supportterm.screens.widgets.editor import Editor

if TYPE_CHECKING:
    from supportterm.screens.reply import ReplyScreen

_SENDS = ("reply.send", "reply.send-with", "reply.send-next", "reply.send-with-next", "reply.send-later")
_NO_TEXT = frozenset({"tab", "escape", "pagedown", "pageup", "home", "end", "up", "down"})
_LOOK = 2.0
"""Seconds between looks at the macros' files."""
_FUNCTION_KEY = re.compile(r"f\d{1,2}")


class WritingKeys(DeskScreen[None]):
    """What each key does; the screen itself has the text."""

    editor: Editor
    """Where the text is written; it outlives the screen, so that the last key is saved too."""
    hinting: Hinting
    """What there is to say about the text."""

    def on_mount(self) -> None:
        """Look from time to time whether macros were written meanwhile."""
        screen = cast("ReplyScreen", self)
        macro_keys.bind(self, self.console.keymap)
        self.set_interval(
            _LOOK, lambda: self.run_worker(reply_snippets.look(screen), group="macros", exit_on_error=False)
        )

    def on_resize(self) -> None:
        """Say what is said on lines of their own as far as there is room now."""
        screen = cast("ReplyScreen", self)
        if self.is_mounted and screen.ticket is not None:
            self.call_after_refresh(screen.show_hints)

    @on(Editor.PasteRefused)
    def _refused(self, event: Editor.PasteRefused) -> None:
        self.in_background(reply_verbs.attach_text(cast("ReplyScreen", self), event))

    @on(Editor.Pasted)
    def _pasted(self, event: Editor.Pasted) -> None:
        self.in_background(reply_mailing.pasted(cast("ReplyScreen", self), event))

    @property
    def mode(self) -> Mode:
        """Whom the text is for."""
        raise NotImplementedError

    @property
    def people(self) -> Recipients:
        """Whom it goes to."""
        raise NotImplementedError

    @property
    def status(self) -> Status | None:
        """The status after sending."""
        raise NotImplementedError

    def key_of(self, command_id: str) -> str:
        """Return the key that works while one writes: letters and signs go into the text."""
        typed = keys.keys_of(command_id, self.console.keymap)
        return keys.shown(key for key in typed if "+" in key or key in _NO_TEXT or _FUNCTION_KEY.fullmatch(key))

    def key_after(self, command_id: str) -> str:
        """Return the key of a command once this screen is left."""
        return super().key_of(command_id)

    def title_of(self, command: Command) -> str:
        """Say in the foot what follows from sending."""
        if command.id == "reply.send":
            then = {"next": ", next ticket", "queue": ", queue"}.get(self.console.config.console.after_send, "")
            return f"send, then {self.status}{then}" if self.status else f"send, status as it is{then}"
        return command.title

    def why_not(self, command: Command) -> str:
        """Say why a text of this kind cannot go that way."""
        if self.mode is Mode.NOTE and command.id in _SENDS:
            key, other = self.key_of("reply.keep-note"), self.key_of("reply.note")
            return f"This is a note and stays inside: {key} keeps it. {other} makes it a reply."
        if self.mode is not Mode.NOTE and command.id == "reply.keep-note":
            send, note = self.key_of("reply.send"), self.key_of("reply.note")
            return f"This goes to {_whom(self.people)}: {send} sends it, {note} makes it a note."
        return ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let every key through: what cannot be done is said where it is tried."""
        return True

    @on(LinkChosen)
    def link_clicked(self, event: LinkChosen) -> None:
        """Show a link of the conversation in full, and ask whether to open it."""
        from supportterm.screens import links
        from supportterm.screens.link_places import Link

        self.in_background(links.ask(self, Link(event.address, event.words, event.warning)))

    def run_verb(self, command_id: str) -> None:
        """Carry a command out in the background, or say why it cannot be."""
        reply_verbs.carry_out(cast("ReplyScreen", self), command_id)

    def action_send(self) -> None:
        """Send it; it leaves after the undo time."""
        self.run_verb("reply.send")

    def action_send_with(self) -> None:
        """Ask for the status, then send."""
        self.run_verb("reply.send-with")

    def action_send_next(self) -> None:
        """Send it, then go on to the next ticket."""
        self.run_verb("reply.send-next")

    def action_send_with_next(self) -> None:
        """Ask for the status, send it, then go on to the next ticket."""
        self.run_verb("reply.send-with-next")

    def action_send_later(self) -> None:
        """Ask when it is to leave."""
        self.run_verb("reply.send-later")

    def action_keep_note(self) -> None:
        """Keep the note."""
        self.run_verb("reply.keep-note")

    def action_snippet(self) -> None:
        """Pick a snippet."""
        self.run_verb("reply.snippet")

    def action_closing(self) -> None:
        """End with the next closing."""
        from supportterm.screens import reply_closing

        reply_closing.cycle(cast("ReplyScreen", self))

    def action_macro_key(self, name: str) -> None:
        """Put in the macro that has this key."""
        macro_keys.expand(cast("ReplyScreen", self), name)

    def action_next_hint(self) -> None:
        """Go to the next hint."""
        self.hinting.next()

    def action_question(self) -> None:
        """Quote the next open question."""
        self.hinting.quote_open()

    def action_rewrite(self) -> None:
        """Do what the hint at the cursor suggests."""
        self.hinting.rewrite()

    def action_word(self) -> None:
        """Put the marked word right, or have it known."""
        self.run_verb("reply.word")

    def action_mute_hint(self) -> None:
        """Hear the hint at the cursor no more: here, on this ticket, for me, for the team."""
        self.run_verb("reply.mute-hint")

    def action_editor(self) -> None:
        """Write on in another editor."""
        self.run_verb("reply.editor")

    def action_note(self) -> None:
        """Make it a note, or a reply again."""
        self.run_verb("reply.note")

    def action_recipients(self) -> None:
        """Change whom it goes to."""
        self.run_verb("reply.recipients")

    def action_from(self) -> None:
        """Send from the mailbox's next address."""
        self.run_verb("reply.from")

    def action_attach(self) -> None:
        """Add a file, or take one off."""
        self.run_verb("reply.attach")

    def action_discard(self) -> None:
        """Throw the draft away."""
        self.run_verb("reply.discard")

    def action_versions(self) -> None:
        """Bring an earlier version back."""
        self.run_verb("reply.versions")

    def action_undo(self) -> None:
        """Take back the last step of writing."""
        self.editor.undo()

    def action_redo(self) -> None:
        """Write again what was taken back."""
        self.editor.redo()

    def action_next_blank(self) -> None:
        """Expand the trigger, or go to the next blank."""
        self.editor.tab()

    def action_previous_blank(self) -> None:
        """Go to the blank before."""
        self.editor.back_tab()


def _whom(people: Recipients) -> str:
    return shown_as.line(people.to[0].address, 80) if people.to else "nobody yet"
