"""The story's first scene: a shared mailbox becomes a queue, and its top is opened."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from supportterm.demo.plot import Plot, Seen
from supportterm.domain.ticket import MessageKind, Tier

_TIERS = {Tier.NOW: "now", Tier.TODAY: "today", Tier.CAN_WAIT: "can wait", Tier.NO_ANSWER: "need no answer"}

_NEVER = datetime.max.replace(tzinfo=UTC)


async def connect(plot: Plot) -> Seen:
    """The worker signs in."""
    host = plot.stage.host
    sync = await plot.sync("online")
    return Seen(
        (f"The worker is signed in to {host.user} on this machine.",),
        {"address": host.user, "imap_port": host.imap_port, "smtp_port": host.smtp_port, "state": sync["state"]},
    )


async def first_sync(plot: Plot) -> Seen:
    """Every mail of the server is in the store once."""
    host = plot.stage.host
    on_server = [*await host.mails("INBOX"), *await host.mails("Sent")]
    there = Counter(mail.message_id for mail in on_server)

    async def look() -> bool:
        with plot.stage.views() as views:
            tickets = plot.named(views, "")
            here = Counter(message.message_id or "" for ticket in tickets for message in views.messages(ticket.key))
        return here == there

    await plot.stage.until(f"each of the server's {there.total()} mails in the store once", look)
    with plot.stage.views() as views:
        tickets, queue = plot.named(views, ""), plot.queue(views)
    tiers = Counter(ticket.tier for ticket in queue)
    statuses = Counter(ticket.status.value for ticket in tickets)
    counted = " · ".join(f"{tiers[tier]} {words}" for tier, words in _TIERS.items() if tiers[tier])
    return Seen(
        (f"{there.total()} mails are {len(tickets)} tickets, {len(queue)} of them in the queue:", f"  {counted}"),
        {
            "mails": there.total(),
            "tickets": len(tickets),
            "tiers": {tier.title: tiers[tier] for tier in Tier},
            "statuses": dict(statuses),
        },
    )


async def queue(plot: Plot) -> Seen:
    """The most pressing tickets stand first, with their reasons."""
    with plot.stage.views() as views:
        tickets = plot.queue(views)
        plot.choose(views, tickets)
    order = [(ticket.tier, ticket.due_at or _NEVER, ticket.created_at) for ticket in tickets]
    plot.expect(order == sorted(order), "the queue by tier, then by its clock", "another order")
    first = tickets[:3]
    plot.expect(all(ticket.reasons for ticket in first), "reasons with the first three", [t.words for t in first])
    lines = ["The most pressing first, each with its reasons:"]
    for ticket in first:
        lines += [f"{ticket.ref}  {ticket.requester_name or ticket.requester_address}", f"  {ticket.words}"]
    return Seen(
        tuple(lines),
        {
            "first": [
                {"ref": t.ref, "tier": t.tier.title, "score": t.score, "reasons": [r.words for r in t.reasons]}
                for t in first
            ]
        },
    )


async def open_top(plot: Plot) -> Seen:
    """The conversation at the top is read."""
    ticket = plot.chosen[0]
    ran = plot.done(await plot.stage.run("show", ticket.ref))
    with plot.stage.views() as views:
        spoken = [m for m in views.messages(ticket.key) if m.kind is MessageKind.CUSTOMER]
    plot.expect(spoken, "the customer's mail in the ticket", "no mail of a customer")
    said = (spoken[-1].reply_text or spoken[-1].text).strip()
    first = next((line.strip() for line in said.splitlines() if line.strip()), "")
    plot.expect(first in ran.printed, "the customer's words on the screen", ran.printed[:200])
    words = " ".join(said.split())
    return Seen(
        (ticket.subject, f"  “{words if len(words) <= 110 else words[:109] + '…'}”"),
        {"ref": ticket.ref, "subject": ticket.subject, "lang": ticket.lang, "messages": ticket.messages},
        ran,
    )
