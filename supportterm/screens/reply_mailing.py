"""What goes out with a text besides its words: from which address, how large, and files dropped or carried on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from supportterm.domain import mail_size
from supportterm.domain.drafts import Mode
from supportterm.screens import format as shown_as
from supportterm.screens.asking import Confirm

if TYPE_CHECKING:
    from supportterm.desk.enclosing import Packed
    from supportterm.screens.reply import ReplyScreen
    from supportterm.screens.widgets.editor import Editor

_NAMED = 6
"""Files that a question names one by one."""


def sender(screen: ReplyScreen) -> str:
    """Return the address it is from: as the agent chose, else the one the customer wrote to."""
    from supportterm.desk.sending_as import written_to

    return screen.draft.sender or written_to(screen.console.config.mailbox, screen.conversation)


async def send_as(screen: ReplyScreen) -> None:
    """Send from the mailbox's next address."""
    from supportterm.desk.sending_as import addresses, after

    mailbox = screen.console.config.mailbox
    if screen.mode is Mode.NOTE:
        screen.complain(f"A note is sent from nowhere. {screen.key_of('reply.note')} makes it a reply.")
    elif len(addresses(mailbox)) < 2:
        screen.complain(f"This mailbox has one address. `aliases` under [mailbox] adds more to {mailbox.address}.")
    else:
        screen.change(sender=after(mailbox, sender(screen)))
        screen.say(f"From {shown_as.line(screen.draft.sender, 80)} now.")


def size_words(screen: ReplyScreen) -> str:
    """Say how much too large the mail is for the server; empty where it fits, or no limit is known."""
    size, limit = _size(screen)
    return mail_size.of_limit(size, limit) if 0 < limit < size else ""


def fits(screen: ReplyScreen) -> bool:
    """Tell whether the server takes a mail so large; else say what to do."""
    problem = mail_size.too_large(*_size(screen))
    if problem:
        screen.complain(f"{problem} {screen.key_of('reply.attach')} takes one off.")
    return not problem


def _size(screen: ReplyScreen) -> tuple[int, int]:
    """Return how large the mail is about, and what the server takes; zeros where nothing goes along."""
    if not screen.draft.files:
        return 0, 0
    config = screen.console.config
    limit = screen.console.views.size_limit(config.mailbox.smtp.host)
    files = (file.size for file in screen.draft.files)
    return mail_size.mail_size(files, screen.editor.text, is_rich=config.sending.html), limit


async def pasted(screen: ReplyScreen, event: Editor.Pasted) -> None:
    """Offer to attach files whose paths were pasted; declined, the paths stay the text they are."""
    from supportterm.desk import enclosing, pasted_paths

    if screen.mode is Mode.NOTE or screen.is_busy or screen.app.screen is not screen:
        return
    found = await asyncio.to_thread(pasted_paths.paths, event.text)
    if not found or screen.is_busy or screen.app.screen is not screen:
        return
    named = [shown_as.line(path.name, 100) for path in found[:_NAMED]]
    more = f"\nand {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    what = "this file" if len(found) == 1 else f"these {len(found)} files"
    answers = {"a": "attach, and take the path out of the text", "t": "leave it as text"}
    if await screen.ask_for(Confirm(f"Attach {what}?", "\n".join(named) + more, answers)) != "a":
        return
    added = [await asyncio.to_thread(enclosing.read, path) for path in found]
    await add(screen, added)
    if screen.editor.state.text == event.state.text:
        screen.editor.undo()


async def offer_files(screen: ReplyScreen) -> None:
    """Ask whether the files of a conversation go along where it is forwarded."""
    from supportterm.desk import forwarding

    views = screen.console.views
    found = forwarding.originals(screen.conversation, views.outbox(screen.key, everything=True))
    if screen.mode is not Mode.FORWARD or not found:
        return
    named = [f"{shown_as.line(a.filename, 80)}  {mail_size.in_words(a.size)}" for _, a in found[:_NAMED]]
    more = f"\nand {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    count = "the file of" if len(found) == 1 else f"the {len(found)} files of"
    answers = {"y": "with them", "n": "without"} if len(found) > 1 else {"y": "with it", "n": "without"}
    answer = await screen.ask_for(Confirm(f"Forward {count} the conversation too?", "\n".join(named) + more, answers))
    if answer == "y":
        from supportterm.screens.attaching import packed

        await add(screen, [await packed(screen, message, attachment) for message, attachment in found])


async def add(screen: ReplyScreen, added: list[Packed]) -> None:
    """Let files go along, and keep them."""
    from supportterm.desk import drafts
    from supportterm.domain.drafts import FILES_WARNED
    from supportterm.domain.errors import SupporttermError

    before = screen.draft.files
    new = {file.sha: file for file, _ in added}
    screen.change(files=(*(f for f in before if f.sha not in new), *new.values()))
    draft = screen.written()
    try:
        await screen.console.do(lambda desk: drafts.save(desk, draft, files=[packed for _, packed in added]))
    except SupporttermError:
        screen.change(files=before)
        raise
    total = sum(f.size for f in screen.draft.files)
    if words := size_words(screen):
        screen.complain(f"{words}. {screen.key_of('reply.attach')} takes a file off; a link carries more.")
    elif total > FILES_WARNED:
        screen.complain(
            f"{mail_size.in_words(total)} go along: many mail servers refuse more than 20 MB. A link is safer."
        )
