"""How a reply ends, in the screen for writing: the closing that one key cycles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportterm.domain.drafts import Kind

if TYPE_CHECKING:
    from supportterm.screens.reply import ReplyScreen


def cycle(screen: ReplyScreen) -> None:
    """Put the next closing at the end of the text, in place of the one before; after the last there is none."""
    from supportterm.desk import closings, macros, promising

    if screen.ticket is None or screen.mode.kind is not Kind.REPLY:
        screen.complain("A closing is for the customer; this does not go to them.")
        return
    console = screen.console
    known = closings.facts(console.config, screen.ticket, console.now())
    folders = macros.folders(console.config)
    text = screen.editor.text
    lang, config, now = screen.ticket.lang, console.config, console.now()

    def says_when(words: str) -> bool:
        return bool(promising.offers(words, lang, config, now))

    change = closings.cycled(folders, known, screen.ticket, screen.status, text, says_when)
    if change is None:
        screen.say("There is no closing for this yet. `closings.toml` among your macros takes your own.")
        return
    start, end, words = change
    screen.editor.focus()
    screen.editor.replace_words(start, end, words)
    if words and says_when(words) and says_when(text[:start]):
        screen.say(
            f"The text above says already by when. {screen.key_of('reply.closing')} goes on to the next closing."
        )
    elif not words:
        screen.say(f"That was the last closing; {screen.key_of('reply.closing')} begins with the first again.")
