"""Sending what was written, or keeping it inside: what has to be so first, and what follows."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from supportterm.desk import drafts, verbs
from supportterm.desk.context import Desk
from supportterm.domain import held
from supportterm.domain.drafts import Draft, Kind, Mode, Recipients, Seen
from supportterm.domain.held import Hold
from supportterm.domain.message import Message
from supportterm.domain.promises import Promise
from supportterm.domain.ticket import Status
from supportterm.screens import after_sending, promise_lines, reply_mailing, sending_remarks
from supportterm.screens import format as shown_as
from supportterm.screens.asking import Choice, Pick
from supportterm.screens.reply_words import checks
from supportterm.screens.send_check import Answer, Remark, SendCheck
from supportterm.screens.widgets.signature_line import SignatureLine

if TYPE_CHECKING:
    from supportterm.desk.replying import Queued
    from supportterm.screens.reply import ReplyScreen

T = TypeVar("T")
_AFTER: tuple[tuple[Status | None, str], ...] = (
    (Status.PENDING, "the customer owes the next step"),
    (Status.OPEN, "we still owe something"),
    (Status.ON_HOLD, "somebody else owes something"),
    (Status.SOLVED, "done"),
    (None, "leave it as it is"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class _After:
    """A status after sending, or None for the one it has."""

    status: Status | None


@dataclasses.dataclass(frozen=True, slots=True)
class Going:
    """How a mail goes: when it leaves where that is not at once, and where the agent is then (empty: as configured)."""

    hold: Hold | None = None
    then: str = ""


AT_ONCE = Going()


async def send(screen: ReplyScreen, going: Going = AT_ONCE) -> None:
    """Queue the mail and leave, unless something about it has to be looked at first."""
    promises = await _may_go(screen, going)
    if promises is not None:
        await _queue(screen, promises, going)


async def send_next(screen: ReplyScreen) -> None:
    """Send it, then go on to the next ticket."""
    await send(screen, Going(then="next"))


async def send_with_next(screen: ReplyScreen) -> None:
    """Ask for the status, send it, then go on to the next ticket."""
    await send_with(screen, Going(then="next"))


async def send_with(screen: ReplyScreen, going: Going = AT_ONCE) -> None:
    """Ask for the ticket's status after sending, then send."""
    choices = [Choice(str(status or "as it is"), _After(status), remark) for status, remark in _AFTER]
    chosen = await screen.ask_for(Pick("Send, and the ticket is then", choices))
    if chosen is not None:
        status = chosen.status
        if status is None and screen.ticket is not None and screen.mode.kind is Kind.REPLY:
            status = screen.ticket.status
        screen.change(status=status)
        await send(screen, going)


async def keep_note(screen: ReplyScreen) -> None:
    """Keep the note, and leave."""
    if not _is_whole(screen):
        return
    note = screen.written()
    done = await handing_over(screen, lambda desk: verbs.note(desk, note.ticket_key, note.text, draft=note))
    if done is not None:
        screen.say(f"{done.ref}  {done.words}   {screen.key_after('desk.undo')} takes it back")


async def turn(screen: ReplyScreen) -> None:
    """Make a note of it, or a reply again; whom it goes to is kept meanwhile."""
    before = screen.written()
    mode = screen.was if screen.mode is Mode.NOTE else Mode.NOTE
    after = dataclasses.replace(before, mode=mode)
    screen.keeper.stop()
    try:
        await screen.console.do(lambda desk: drafts.move(desk, before, after))
        screen.was = Mode.REPLY if before.mode is Mode.NOTE else before.mode
        screen.draft = after
    finally:
        screen.keeper.go_on()
        screen.show()


def is_ready(screen: ReplyScreen) -> bool:
    """Tell whether there is a text, whole, and somebody to send it to; else say what is missing."""
    if not screen.people.to:
        screen.complain(f"Nobody is named to send this to. {screen.key_of('reply.recipients')} names them.")
        return False
    undone = next((c for c in checks(screen) if c.command == "reply.recipients" and not c.is_done), None)
    if undone is not None:
        screen.complain(f"{undone.words} {screen.key_of('reply.recipients')} changes it.")
        return False
    return _is_whole(screen) and reply_mailing.fits(screen)


async def _may_go(screen: ReplyScreen, going: Going) -> tuple[Promise, ...] | None:
    """Return the promises to keep with what may go now; None to go back to writing."""
    if not is_ready(screen):
        return None
    leaves = going.hold.at if going.hold is not None else None
    hints, promises = await asyncio.gather(screen.hinting.before_sending(), promise_lines.found(screen, leaves))
    screen.news = news = screen.console.views.since(screen.key, screen.draft.seen, screen.console.me)
    remarks = sending_remarks.of(screen, hints, going.hold)
    remarks += [Remark(promises.words(place), promise=place) for place in range(len(promises))]
    detail = news[-1].reply_text.strip()[:600] if news else ""
    if not remarks:
        return ()
    when = f", to leave {held.in_words(going.hold, screen.console.now())}" if going.hold is not None else ""
    signed = screen.query_one(SignatureLine).said(screen)
    question = f"Send to {_whom(screen.people)}{when}?"
    answer = await screen.ask_for(SendCheck(question, remarks, detail, promises, signed))
    if answer is not None and answer.wish == "send":
        if news:
            screen.change(seen=_later(screen.draft.seen, screen.console.views.seen(screen.key), news[-1]))
        return promises.kept
    await _looked_at(screen, answer)
    return None


async def _looked_at(screen: ReplyScreen, answer: Answer | None) -> None:
    """Do what the agent wants instead of sending."""
    screen.to_editor()
    hint = answer.remark.hint if answer is not None else None
    if answer is None:
        return
    if answer.wish == "show":
        screen.action_read()
    elif answer.wish == "note":
        await turn(screen)
    elif answer.wish == "run":
        from supportterm.screens import reply_verbs

        await reply_verbs.verb(answer.remark.command)(screen)
    elif hint is not None and answer.wish == "add":
        screen.hinting.carry_out(hint)
    elif hint is not None and hint.start is not None:
        screen.editor.go_to(hint.start)


def _later(before: Seen, now: Seen, shown: Message) -> Seen:
    """Return what the agent has seen: up to the message that was shown, not what came while they looked."""
    return now if now.message == (shown.id or 0) else Seen(max(before.message, shown.id or 0), before.at_ms)


def _is_whole(screen: ReplyScreen) -> bool:
    """Tell whether there is a text without open blanks; else say so and go there."""
    if not screen.editor.text.strip():
        screen.complain("There is no text yet. Write it first.")
        return False
    blanks = screen.editor.unfilled
    if blanks:
        screen.to_editor()
        screen.editor.go_to_blank(blanks[0].number)
        count = f" ({len(blanks)} are open)" if len(blanks) > 1 else ""
        screen.complain(
            f"Blank {blanks[0].number} is not filled: “{shown_as.line(blanks[0].shown, 80)}”{count}. Fill it first."
        )
        return False
    return True


async def _queue(screen: ReplyScreen, promises: tuple[Promise, ...], going: Going) -> None:
    draft, people, status = screen.written(), screen.people, screen.status
    draft = dataclasses.replace(draft, people=people if draft.people is None else draft.people)
    given_back = dataclasses.replace(draft, people=screen.draft.people)
    queued = await handing_over(
        screen, lambda desk: _queued(desk, draft, given_back, people, status, promises, going.hold)
    )
    if queued is not None:
        await screen.hinting.went()
        undo, seconds = screen.key_after("desk.undo"), screen.console.config.sending.undo_seconds
        leaves = f"Sent in {seconds} s" if seconds else "On its way"
        if going.hold is not None:
            leaves = f"Leaves {held.in_words(going.hold, screen.console.now())}"
        screen.say(f"{queued.ref}  {leaves} to {_whom(people)}   {undo} takes it back")
        if queued.warning:
            screen.say(queued.warning)
        await after_sending.follow(screen, going.then or screen.console.config.console.after_send)


def _queued(
    desk: Desk,
    draft: Draft,
    kept: Draft,
    people: Recipients,
    status: Status | None,
    promises: tuple[Promise, ...],
    hold: Hold | None,
) -> Queued:
    from supportterm.desk.replying import forward, reply

    tags = frozenset(draft.add_tags)
    if draft.mode is Mode.FORWARD:
        return forward(
            desk, draft.ticket_key, draft.text, people, subject=draft.subject, status=status, add_tags=tags,
            also=draft.also, seen=draft.seen, draft=kept, sender=draft.sender, hold=hold,
        )  # fmt: skip
    return reply(
        desk, draft.ticket_key, draft.text, status=status, add_tags=tags, also=draft.also,
        people=people, seen=draft.seen, draft=kept, sender=draft.sender, promises=promises,
        hold=hold,
    )  # fmt: skip


async def handing_over(screen: ReplyScreen, verb: Callable[[Desk], T]) -> T | None:
    """Let a verb take the draft over and leave; where it is refused the draft is still here."""
    screen.is_busy = True
    screen.editor.read_only = True
    screen.keeper.stop()
    try:
        done = await screen.console.do(verb)
    except BaseException:
        screen.keeper.go_on()
        raise
    finally:
        screen.is_busy = False
        screen.editor.read_only = False
    screen.dismiss(None)
    return done


def _whom(people: Recipients) -> str:
    first = people.to[0]
    more = len(people.everyone) - 1
    return shown_as.line(first.name or first.address, 60) + (f" and {more} more" if more else "")
