"""The story's last scenes: the network goes and comes, and a colleague is faster meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime

from supportterm.demo.customers import colleague_answer
from supportterm.demo.plot import Plot, Seen
from supportterm.demo.stage import Ran
from supportterm.domain.operations import Operation, State
from supportterm.domain.ticket import MessageKind, Ticket

COLLEAGUE = "Ada"
_WORDS = {
    "en": "On it now. You hear from me again today.",
    "ru": "Уже занимаюсь этим. Сегодня напишу ещё раз.",
    "tr": "Şu an ilgileniyorum. Bugün tekrar yazacağım.",
    "ja": "ただいま対応中です。本日中に改めてご連絡いたします。",
}


async def offline(plot: Plot) -> Seen:
    """Without a network the ticket is read and answered as ever."""
    ticket = plot.chosen[1]
    ran, mail = await _queued_off_line(plot, ticket)
    words = _words(ticket)
    shown = plot.done(await plot.stage.run("show", ticket.ref))
    plot.expect(words in shown.printed, "the reply in its ticket", shown.printed[-300:])
    return Seen(
        (f"The network is gone and sync says so. The ticket reads as ever, the reply waits as mail {mail.id}.",),
        {"ref": ticket.ref, "mail": mail.id, "state": mail.state.value, "sync": "offline", "readable": True},
        ran,
    )


async def online(plot: Plot) -> Seen:
    """The network is back: what waited leaves, once."""
    mail = plot.newest_mail(plot.chosen[1].key)
    await plot.stage.host.network(True)
    mail = await plot.moved(mail.id or 0, State.ACCEPTED)
    message_id = await plot.once_accepted(mail)
    await plot.sync("online")
    return Seen(
        (f"The network is back: mail {mail.id} left by itself, accepted once.",),
        {"mail": mail.id, "message_id": message_id, "times": 1, "sync": "online"},
    )


async def crossing(plot: Plot) -> Seen:
    """A reply that crosses a colleague's is held, not sent."""
    ticket = plot.chosen[2]
    with plot.stage.views() as views:
        theirs = [m for m in views.messages(ticket.key) if m.kind is MessageKind.CUSTOMER]
    original = next(
        sample.raw for sample in plot.samples if f"<{theirs[-1].message_id}>".encode() in _header(sample.raw)
    )
    ran, mail = await _queued_off_line(plot, ticket)
    now = datetime.now(UTC)
    await plot.stage.host.deliver(colleague_answer(original, now, COLLEAGUE), "Sent", now, ["\\Seen"])
    await plot.stage.host.network(True)
    mail = await plot.moved(mail.id or 0, State.REVIEW)
    times = await plot.times_accepted(mail.message_id or "")
    plot.expect(times == 0, "the crossed reply to stay here", f"accepted {times} times")
    return Seen(
        (
            f"{COLLEAGUE} had answered from elsewhere while we were off line.",
            f"Mail {mail.id} is held for review, not sent:",
            f"  {mail.said}",
        ),
        {"ref": ticket.ref, "mail": mail.id, "state": mail.state.value, "said": mail.said, "times": times},
        ran,
    )


async def release(plot: Plot) -> Seen:
    """The agent reads both and sends it all the same."""
    mail = plot.newest_mail(plot.chosen[2].key)
    ran = plot.done(await plot.stage.run("outbox", "retry", str(mail.id)))
    mail = await plot.moved(mail.id or 0, State.ACCEPTED)
    message_id = await plot.once_accepted(mail)
    return Seen(
        (f"Read and released: the server took mail {mail.id} once.",),
        {"mail": mail.id, "message_id": message_id, "times": 1, "state": mail.state.value},
        ran,
    )


async def drained(plot: Plot) -> Seen:
    """Nothing is left to do, and the server has each mail exactly once."""

    async def look() -> bool:
        with plot.stage.views() as views:
            return not views.outbox() and not views.waiting_operations() and views.sync().get("state") == "online"

    await plot.stage.until("an empty outbox", look)
    went = [mail.message_id for mail in await plot.stage.host.accepted()]
    plot.expect(went == plot.left, "each mail accepted once, in order", went)
    copies = [len(await plot.on_server("Sent", message_id)) for message_id in plot.left]
    plot.expect(copies == [1] * len(copies), "each mail in Sent once", copies)
    plot.expect(not await plot.on_server("Sent", plot.undone), "the undone mail nowhere", "it is in Sent")
    return Seen(
        (f"Nothing is left: {len(went)} replies went, accepted once, filed once.",),
        {"outbox": 0, "waiting": 0, "accepted": len(went), "copies": copies},
    )


async def _queued_off_line(plot: Plot, ticket: Ticket) -> tuple[Ran, Operation]:
    """Cut the network and queue a reply, which then waits."""
    before = len(await plot.stage.host.accepted())
    await plot.stage.host.network(False)
    await plot.sync("offline")
    ran = plot.done(await plot.stage.run("reply", ticket.ref, _words(ticket)))
    mail = plot.newest_mail(ticket.key)
    plot.expect(mail.state is State.QUEUED, "the reply to wait", mail.state)
    after = len(await plot.stage.host.accepted())
    plot.expect(after == before, "nothing new on the server", f"{after - before} mails")
    return ran, mail


def _words(ticket: Ticket) -> str:
    return _WORDS.get((ticket.lang or "en").partition("-")[0], _WORDS["en"])


def _header(raw: bytes) -> bytes:
    return raw.partition(b"\r\n\r\n")[0]
