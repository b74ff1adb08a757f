"""“I need five minutes”: the customer is told until when, and that promise is the clock from then on."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from supportterm.desk import macros, promising, rendering
from supportterm.desk.context import Desk
from supportterm.desk.replying import reply
from supportterm.desk.verbs import Done, find
from supportterm.domain import reply_times
from supportterm.domain.blanks import unfilled
from supportterm.domain.errors import RefusedError
from supportterm.domain.promises import Promise
from supportterm.domain.ticket import Status, Ticket

MINUTES = 5
LONGEST = 240
_MACRO = "later"
_SPOKEN = ("phone",)
"""Channels in which the customer hears it at once."""


def later(desk: Desk, named: str, minutes: int = MINUTES, *, told: bool = False) -> Done:
    """Tell a ticket's customer that it takes some minutes, and promise to be back by then.

    A reply in their language goes out and stops the clock of the reply; once it
    is accepted the promise runs instead, and breaks where nobody writes again in
    time. Where they were `told` already, as on the phone, only the promise is
    set. Either is one step, which undo takes back.

    Raises:
        NotFoundError: no such ticket, or no macro for it.
        RefusedError: the minutes make no sense, the ticket is over, or there is nobody to write to.
    """
    if not 1 <= minutes <= LONGEST:
        raise RefusedError(f"Say from 1 to {LONGEST} minutes. For a later time give a promise, or snooze it.")
    with desk.database.write() as session:
        ticket = find(session, named)
    if ticket.status.is_over:
        raise RefusedError(f"{ticket.ref} is {ticket.status}: nobody waits for an answer.")
    due = _full_minute(desk.now() + timedelta(minutes=minutes))
    promise = Promise(f"back in {minutes} minute{'s' * (minutes != 1)}", due)
    if told or ticket.channel in _SPOKEN:
        return promising.promise(desk, ticket.key, promise)
    queued = reply(desk, ticket.key, _text(desk, ticket, due), status=Status.OPEN, promises=[promise])
    return Done(queued.ref, f"told them that it takes {minutes} min: it leaves in a moment, and the promise runs then")


def _text(desk: Desk, ticket: Ticket, due: datetime) -> str:
    lang = ticket.lang or macros.DEFAULT_LANG
    macro = macros.of(desk.config).find(_MACRO, lang)
    zone = ZoneInfo(desk.config.policy.time_zone)
    words = reply_times.spoken(due, desk.now(), macro.lang or lang, zone)
    mailbox, agent = desk.config.mailbox, desk.config.agent
    expansion = rendering.render(
        macro,
        rendering.facts(
            ticket,
            agent_name=agent.name,
            mailbox_name=mailbox.name,
            mailbox_address=mailbox.address,
            reply_by=f"{words} ({reply_times.offset_name(due, zone)})",
        ),
    )
    if unfilled(expansion):
        raise RefusedError(f"The macro `{_MACRO}` has blanks that only you can fill. Write it as a reply instead.")
    return expansion.text


def _full_minute(instant: datetime) -> datetime:
    whole = instant.replace(second=0, microsecond=0)
    return whole if whole == instant else whole + timedelta(minutes=1)
