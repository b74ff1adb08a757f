"""Where the agent is while writing: at the text, in the conversation, or at what is still to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportterm.screens import reply_verbs

if TYPE_CHECKING:
    from supportterm.screens.reply import ReplyScreen


def read(screen: ReplyScreen) -> None:
    """Go to the conversation, or back to the editor."""
    conversation = screen.view
    if screen.has_class("-reading") or conversation.has_focus:
        screen.to_editor()
        return
    screen.remove_class("-listing")
    screen.add_class("-reading")
    conversation.focus()
    if screen.news:
        conversation.focus_message(screen.news[-1].id)
        screen.change(seen=screen.console.views.seen(screen.key))
        screen.news = []
        screen.show()


def checklist(screen: ReplyScreen) -> None:
    """Go to what is still to do; where there is no room for the list, show it first."""
    if screen.has_class("-narrow") and not screen.has_class("-listing"):
        screen.remove_class("-reading")
        screen.add_class("-listing")
        screen.set_focus(None)
        return
    screen.to_editor()
    reply_verbs.go_to_first(screen)


def up(screen: ReplyScreen) -> None:
    """Go back to the editor, else leave; the draft is kept."""
    if screen.focused is not screen.editor:
        screen.to_editor()
        return
    screen.save_now()
    if screen.editor.text.strip() or screen.draft.files:
        screen.say("Draft kept.")
    screen.dismiss(None)
