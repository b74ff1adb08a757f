"""What an agent does with the text they write: send it, keep it inside, fill it, throw it away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from supportterm.desk import drafts, enclosing, forwarding
from supportterm.domain.drafts import Mode, Why
from supportterm.domain.message import Message
from supportterm.domain.ticket import MessageKind
from supportterm.screens import attaching, reply_mailing, reply_snippets
from supportterm.screens import format as shown_as
from supportterm.screens.asking import Choice, Confirm, Pick
from supportterm.screens.commands import named
from supportterm.screens.hint_muting import mute
from supportterm.screens.recipients import EditRecipients
from supportterm.screens.reply_sending import handing_over, keep_note, send, send_next, send_with, send_with_next, turn
from supportterm.screens.reply_snippets import language
from supportterm.screens.reply_words import checks
from supportterm.screens.send_later import send_later

if TYPE_CHECKING:
    from supportterm.screens.reply import ReplyScreen
    from supportterm.screens.widgets.editor import Editor


def carry_out(screen: ReplyScreen, command_id: str) -> None:
    """Carry a command out in the background, or say why it cannot be; one after the other, none once it is left."""
    command = named(command_id)
    if screen.is_acting or screen.app.screen is not screen or command is None:
        return
    if reason := screen.why_not(command):
        screen.complain(reason)
        return

    async def act() -> None:
        try:
            await _VERBS[command_id](screen)
        finally:
            screen.is_acting = False

    screen.is_acting = True
    screen.in_background(act())


async def outside(screen: ReplyScreen) -> None:
    """Write on in the agent's own editor."""
    from supportterm.screens.external_editor import edit_outside

    screen.keeper.now(Why.EDITOR)
    text = await edit_outside(screen.app, screen.editor.text)
    if text is not None:
        screen.editor.rewrite(text)
        screen.touch()
        screen.show()


async def recipients(screen: ReplyScreen) -> None:
    """Ask whom it goes to."""
    if screen.mode is Mode.NOTE:
        screen.complain(f"A note goes to nobody. {screen.key_of('reply.note')} makes it a reply.")
        return
    subject = forward_subject(screen) if screen.mode is Mode.FORWARD else None
    answer = await screen.ask_for(EditRecipients(screen.people, screen.own, subject))
    if answer is not None:
        people, subject = answer
        screen.change(people=people, subject=subject)


async def attach(screen: ReplyScreen) -> None:
    """Ask what goes along."""
    if screen.mode is Mode.NOTE:
        screen.complain(f"A note carries no files. {screen.key_of('reply.note')} makes it a reply.")
        return
    added, removed, screen.folder = await attaching.choose(screen, screen.key, screen.draft.files, screen.folder)
    if removed is not None:
        screen.change(files=tuple(f for f in screen.draft.files if f != removed))
    if added is None:
        return
    await reply_mailing.add(screen, [added])


async def attach_text(screen: ReplyScreen, refused: Editor.PasteRefused) -> None:
    """Offer to let what is too long to paste go along as a file."""
    if screen.mode is Mode.NOTE:
        screen.complain(f"{len(refused.text):,} letters are too long for a note, and it carries no files.")
        return
    if screen.is_busy:
        return
    detail = f"They begin: {shown_as.line(refused.text[:400], 160)}"
    if await screen.ask_for(Confirm(refused.sentence, detail, {"a": "attach them as the file pasted.txt"})) == "a":
        content = await asyncio.to_thread(refused.text.encode, "utf-8", "replace")
        await reply_mailing.add(
            screen, [await asyncio.to_thread(enclosing.enclosed, "pasted.txt", "text/plain", content)]
        )


async def discard(screen: ReplyScreen) -> None:
    """Ask, then throw the draft away."""
    draft = screen.written()
    if draft.is_empty and not screen.console.views.revisions(screen.key, screen.console.me, screen.mode.kind):
        screen.keeper.now()
        screen.dismiss(None)
        return
    what = "note" if screen.mode is Mode.NOTE else "draft"
    answers = {"y": "throw it away", "e": "look at earlier versions"}
    first = shown_as.line(draft.text, 160)
    answer = await screen.ask_for(Confirm(f"Throw this {what} away?", first, answers))
    if answer == "e":
        await versions(screen)
    elif answer == "y":
        draft = screen.written()
        done = await handing_over(screen, lambda desk: drafts.discard(desk, draft))
        if done is not None:
            screen.say(f"{done.ref}  {done.words}   {screen.key_after('desk.undo')} brings it back")


async def versions(screen: ReplyScreen) -> None:
    """Ask which earlier version is to be the draft."""
    found = screen.console.views.revisions(screen.key, screen.console.me, screen.mode.kind)
    if not found:
        screen.say("There are no earlier versions of this draft yet.")
        return
    now = screen.console.now()
    choices = [Choice(f"{shown_as.when(v.at, now)}  {v.why.value}", v, shown_as.line(v.draft.text, 60)) for v in found]
    version = await screen.ask_for(Pick("Earlier versions", choices, preview=lambda v: v.draft.text))
    if version is not None:
        screen.keeper.now()
        screen.take_in(await screen.console.do(lambda desk: drafts.bring_back(desk, version.id)))
        screen.say("That version is the draft again; what stood there is an earlier version now.")


def quote(screen: ReplyScreen, selected: str) -> None:
    """Put a selection in as a quote, else the customer's latest mail; what is inside stays inside."""
    latest = next((m for m in reversed(screen.conversation) if m.kind is MessageKind.CUSTOMER), None)
    text = selected.strip() or (latest.reply_text.strip() if latest else "")
    if not text:
        screen.complain("The customer has not written anything to quote.")
        return
    if screen.mode is not Mode.NOTE and selected.strip() and is_inside(selected, screen.conversation):
        screen.complain("That is from a note or from inside mail and stays inside; it was not quoted.")
        return
    source = next((m for m in reversed(screen.conversation) if selected.strip() and selected.strip() in m.text), latest)
    if source is not None:
        screen.editor.quote(text, source.sender.name or source.sender.address, source.at, language(screen))
        screen.touch()


def is_inside(selected: str, conversation: list[Message]) -> bool:
    """Tell whether a line of a selection stands in what is inside, and in nothing that the customer has seen."""
    seen = [_plain(m.text) for m in conversation if m.kind in (MessageKind.CUSTOMER, MessageKind.REPLY)]
    inside = [_plain(m.text) for m in conversation if m.kind in (MessageKind.NOTE, MessageKind.INSIDE)]
    lines = [plain for line in selected.splitlines() if len(plain := _plain(line)) > 2]
    return any(any(line in text for text in inside) and not any(line in text for text in seen) for line in lines)


def forwarded(screen: ReplyScreen) -> str:
    """Return the text a forward begins with: room to write, then the conversation."""
    views, zone = screen.console.views, ZoneInfo(screen.console.config.policy.time_zone)
    quoted = forwarding.quoted(screen.conversation, views.outbox(screen.key, everything=True), zone)
    return f"\n\n{quoted}" if quoted else ""


def forward_subject(screen: ReplyScreen) -> str:
    """Return the subject of the forward, as the agent changed it or as it would be."""
    from supportterm.mail.answering import forward_subject as made

    ticket = screen.ticket
    return screen.draft.subject or (made(ticket.subject, ticket.ref) if ticket else "")


def go_to_first(screen: ReplyScreen) -> None:
    """Go to the first thing that is still to do."""
    first = next((check for check in checks(screen) if not check.is_done), None)
    if first is None:
        screen.say("Nothing is left to do before it goes.")
    elif first.command == "reply.next-blank":
        screen.editor.go_to_blank(screen.editor.unfilled[0].number)
    elif first.command == "reply.read":
        screen.action_read()
    elif first.command:
        carry_out(screen, first.command)


def verb(command_id: str) -> Callable[[ReplyScreen], Coroutine[Any, Any, None]]:
    """Return what carries a command out."""
    return _VERBS[command_id]


def _plain(text: str) -> str:
    return " ".join(text.split()).lower()


_VERBS: dict[str, Callable[[ReplyScreen], Coroutine[Any, Any, None]]] = {
    "reply.send": send,
    "reply.send-with": send_with,
    "reply.send-next": send_next,
    "reply.send-with-next": send_with_next,
    "reply.send-later": send_later,
    "reply.keep-note": keep_note,
    "reply.snippet": reply_snippets.pick,
    "reply.mute-hint": mute,
    "reply.editor": outside,
    "reply.note": turn,
    "reply.recipients": recipients,
    "reply.from": reply_mailing.send_as,
    "reply.attach": attach,
    "reply.discard": discard,
    "reply.versions": versions,
}
