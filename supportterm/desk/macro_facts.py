"""What a macro may say about a ticket, its dates by the policy's calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, tzinfo

from supportterm.config import Config
from supportterm.desk import rendering, working_days
from supportterm.desk.working_days import WorkingDays
from supportterm.domain import reply_times
from supportterm.domain.ledger import ClockState, TicketClock
from supportterm.domain.policies import ClockKind
from supportterm.domain.snippets import Macro
from supportterm.domain.ticket import Ticket

_A_DAY = timedelta(days=1)
_FAR = 60
"""Days within which a working day is looked for."""
_AFTER = {"next_working_day": 1, "in_2_working_days": 2, "in_3_working_days": 3, "in_5_working_days": 5}
_kept: list[tuple[Config, WorkingDays]] = []
"""The calendar last asked for: it takes a while to build."""


def of(
    config: Config,
    ticket: Ticket,
    macro: Macro,
    now: datetime,
    *,
    clocks: Iterable[TicketClock] = (),
    lang: str = "",
    zone: tzinfo | None = None,
    agent_name: str | None = None,
) -> dict[str, object]:
    """Return the facts that a macro may name, nested by `rendering.PLACEHOLDERS`, in the macro's language.

    `lang` is for macros that suit any language, `clocks` are the ticket's own.
    Times are the machine's, unless a zone is given.
    """
    lang = macro.lang or lang or ticket.lang or "en"
    mailbox = config.mailbox
    return rendering.facts(
        ticket,
        agent_name=config.agent.name if agent_name is None else agent_name,
        mailbox_name=mailbox.name,
        mailbox_address=mailbox.address,
        reply_by=rendering.reply_by(ticket, lang, now, zone),
        dates=dates(config, lang, now, clocks, zone) if rendering.names(macro, "sla") else None,
    )


def dates(
    config: Config, lang: str, now: datetime, clocks: Iterable[TicketClock] = (), zone: tzinfo | None = None
) -> Mapping[str, str]:
    """Return the `sla` facts but `reply_by`: clocks that run, and days by the calendar for all tickets."""
    running = {clock.kind: clock.due_at for clock in clocks if clock.state is ClockState.RUNNING}

    def clock(kind: ClockKind) -> str:
        due = running.get(kind)
        return reply_times.spoken(due, now, lang, zone) if due and due > now else ""

    found = {"resolve_by": clock(ClockKind.RESOLUTION), "update_by": clock(ClockKind.UPDATE)}
    days = _working_days(config)
    if days is None:
        return found
    today = now.astimezone(days.zone).date()
    worked = [day for day in (today + n * _A_DAY for n in range(_FAR)) if days.end_of_day(day)]
    coming = [day for day in worked if day > today]
    found["today"] = reply_times.dated(today, today, lang)
    for name, number in _AFTER.items():
        found[name] = _said(coming[number - 1 : number], today, lang)
    this_week = today + (6 - today.weekday()) * _A_DAY
    next_week = this_week + 7 * _A_DAY
    within = [day for day in worked if day <= this_week] or [day for day in worked if day <= next_week]
    found["end_of_week"] = _said(within[-1:], today, lang)
    ends = (end for day in worked if (end := days.end_of_day(day)) is not None and end > now)
    found["end_of_day"] = next((reply_times.spoken(end, now, lang, zone) for end in ends), "")
    return found


def _said(days: list[date], today: date, lang: str) -> str:
    return reply_times.dated(days[0], today, lang) if days else ""


def _working_days(config: Config) -> WorkingDays | None:
    """Return the calendar; None where it cannot be used, which `config check` tells."""
    if _kept and _kept[0][0] is config:
        return _kept[0][1]
    try:
        days = working_days.of(config)
    except (ValueError, OSError):
        return None
    _kept[:] = [(config, days)]
    return days
