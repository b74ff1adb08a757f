"""The story's second scene: a reply from a snippet, taken back once, sent once, and answered."""

from __future__ import annotations

from supportterm import paths
from supportterm.demo.plot import Plot, Seen
from supportterm.desk import rendering
from supportterm.desk.macros import MacroLibrary
from supportterm.domain import blanks
from supportterm.domain.message import Message
from supportterm.domain.operations import Operation, State
from supportterm.domain.snippets import Expansion, Macro
from supportterm.domain.ticket import MessageKind, Ticket

TRIGGER = ";receipt"
LONG_UNDO = 30
"""Seconds of undo time while the story takes a reply back: even a slow machine is in time."""
SHORT_UNDO = 2
_BOTH = frozenset({"\\Seen", "\\Answered"})


async def snippet(plot: Plot) -> Seen:
    """The library offers the snippet in the ticket's language, with its blanks."""
    plot.stage.configure(undo_seconds=LONG_UNDO)
    ticket = plot.chosen[0]
    macro, expansion = _expanded(plot, ticket)
    asked = blanks.unfilled(expansion)
    plot.expect(asked, "a blank for the agent to fill", "none")
    languages = sorted(m.lang for m in _library().macros if m.id == macro.id)
    return Seen(
        (
            f"{TRIGGER} is “{macro.title}”, in the customer's language ({macro.lang} of {', '.join(languages)}).",
            f"  {expansion.text.strip().splitlines()[0]}",
        ),
        {"trigger": TRIGGER, "lang": macro.lang, "languages": languages, "blanks": [b.shown for b in asked]},
    )


async def blank(plot: Plot) -> Seen:
    """A blank left open is refused."""
    ticket = plot.chosen[0]
    ran = await plot.stage.run("reply", ticket.ref, "--snippet", TRIGGER)
    with plot.stage.views() as views:
        outbox = views.outbox(everything=True)
    plot.expect(ran.status == 1 and not outbox, "the open blank to be refused", f"{ran.status}, {len(outbox)} queued")
    said = ran.remarked.removeprefix("supportterm: ").partition("\n")[0]
    return Seen((f"Refused: {said}",), {"status": ran.status, "said": said}, ran)


async def reply(plot: Plot) -> Seen:
    """The filled reply waits out its undo time."""
    ticket = plot.chosen[0]
    _, expansion = _expanded(plot, ticket)
    about = f"“{ticket.subject if len(ticket.subject) <= 32 else ticket.subject[:31] + '…'}”"
    fills = []
    for asked in blanks.unfilled(expansion):
        fills += ["--fill", f"{asked.number}={asked.default if asked.can_be_accepted else about}"]
    ran = plot.done(await plot.stage.run("reply", ticket.ref, "--snippet", TRIGGER, *fills))
    mail = plot.newest_mail(ticket.key)
    plot.expect(mail.state is State.QUEUED, "the reply to be queued", mail.state)
    plot.undone = mail.message_id or ""
    to = ", ".join(r.address for r in mail.recipients)
    return Seen(
        (f"Queued to {to}, held for {LONG_UNDO} seconds.",),
        {"ref": ticket.ref, "mail": mail.id, "message_id": mail.message_id, "state": mail.state.value},
        ran,
    )


async def undo(plot: Plot) -> Seen:
    """Taken back in time: the text is handed back, the server never heard of it."""
    before = plot.chosen[0]
    ran = plot.done(await plot.stage.run("undo", before.ref))
    mail = plot.newest_mail(before.key)
    plot.expect(mail.state is State.UNDONE, "the reply to be undone", mail.state)
    text = _text(plot, before.key, mail)
    plot.expect(text and text in ran.printed, "the text handed back", ran.printed)
    accepted = await plot.stage.host.accepted()
    plot.expect(not accepted, "nothing on the server", f"{len(accepted)} mails")
    after = plot.ticket(before.key)
    plot.expect(after.status is before.status, f"the ticket to be {before.status} again", after.status)
    plot.draft = text
    return Seen(
        ("Taken back in time: the text is here, the server got nothing.",),
        {"ref": before.ref, "mail": mail.id, "state": mail.state.value, "text": text, "accepted": 0},
        ran,
    )


async def queue_again(plot: Plot) -> Seen:
    """The text handed back is queued as a new mail."""
    plot.stage.configure(undo_seconds=SHORT_UNDO)
    ticket = plot.chosen[0]
    ran = plot.done(await plot.stage.run("reply", ticket.ref, "--file", "-", typed=plot.draft))
    mail = plot.newest_mail(ticket.key)
    plot.expect(mail.message_id != plot.undone, "a mail of its own", "the one taken back")
    return Seen(
        (f"The same text, on standard input, and {SHORT_UNDO} seconds to undo.",),
        {"ref": ticket.ref, "mail": mail.id, "message_id": mail.message_id},
        ran,
    )


async def accepted(plot: Plot) -> Seen:
    """The server takes it, once."""
    mail = plot.newest_mail(plot.chosen[0].key)
    mail = await plot.moved(mail.id or 0, State.ACCEPTED)
    message_id = await plot.once_accepted(mail)
    return Seen(
        (f"The server took mail {mail.id} once; the one taken back never came.",),
        {"mail": mail.id, "message_id": message_id, "times": await plot.times_accepted(message_id)},
    )


async def in_sent(plot: Plot) -> Seen:
    """One copy lies in Sent, and the customer's mail is marked."""
    message_id = plot.left[-1]
    with plot.stage.views() as views:
        conversation = views.messages(plot.chosen[0].key)
    theirs = (m for m in reversed(conversation) if m.kind is MessageKind.CUSTOMER)
    asked = next(m for m in theirs if message_id not in m.references)

    async def look() -> frozenset[str] | None:
        copies = await plot.on_server("Sent", message_id)
        plot.expect(len(copies) < 2, "one copy in Sent", f"{len(copies)} copies")
        marks = [mail.flags for mail in await plot.on_server("INBOX", asked.message_id or "")]
        return marks[0] if copies and marks and marks[0] >= _BOTH else None

    flags = await plot.stage.until("one copy in Sent, and \\Seen \\Answered on the customer's mail", look)
    return Seen(
        ("One copy in Sent; the customer's mail is marked \\Seen \\Answered.",),
        {"copies": 1, "flags": sorted(flags), "answered": asked.message_id},
    )


async def answer(plot: Plot) -> Seen:
    """The customer writes back, into the same ticket."""
    ticket, message_id = plot.chosen[0], plot.left[-1]

    async def look() -> Message | None:
        with plot.stage.views() as views:
            conversation = views.messages(ticket.key)
        theirs = (m for m in conversation if m.kind is MessageKind.CUSTOMER)
        return next((m for m in theirs if message_id in m.references), None)

    came = await plot.stage.until("the customer's answer in the same ticket", look)
    said = next((line.strip() for line in came.reply_text.splitlines() if line.strip()), "")
    who = came.sender.name or came.sender.address
    now = plot.ticket(ticket.key)
    return Seen(
        (f"{who} wrote back. {now.ref} is {now.status}, with {now.messages} messages.", f"  “{said}”"),
        {"ref": now.ref, "status": now.status.value, "messages": now.messages, "joined_by": came.joined_by},
    )


def _library() -> MacroLibrary:
    return MacroLibrary([paths.shipped_macros()])


def _expanded(plot: Plot, ticket: Ticket) -> tuple[Macro, Expansion]:
    macro = _library().find(TRIGGER, ticket.lang or "en")
    mailbox = plot.config.mailbox
    values = rendering.facts(
        ticket,
        agent_name=plot.config.agent.name,
        mailbox_name=mailbox.name,
        mailbox_address=mailbox.address,
        reply_by=ticket.due_at.astimezone().strftime("%d %B %H:%M") if ticket.due_at else None,
    )
    return macro, rendering.render(macro, values)


def _text(plot: Plot, key: str, mail: Operation) -> str:
    with plot.stage.views() as views:
        return next((message.text for message in views.messages(key) if message.id == mail.message), "")
