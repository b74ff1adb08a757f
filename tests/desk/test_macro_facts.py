"""The dates a macro may name are the policy's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from supportterm.config import Config, Mailbox, Policy, Server
from supportterm.desk import macro_facts, rendering
from supportterm.domain.ledger import ClockState, TicketClock
from supportterm.domain.policies import ClockKind
from supportterm.domain.snippets import parse_macro
from supportterm.domain.ticket import Status, Ticket

SERVER = Server("mail.example.org", 993)
FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
TICKET = Ticket("7KQ2F00000", "ST-7KQ2F", "x", Status.OPEN, "email", "Mara Lind", "m@x.example", FRIDAY, FRIDAY, FRIDAY)


def config(**policy: object) -> Config:
    return Config(Mailbox("help@example.com", SERVER, SERVER), policy=Policy(time_zone="UTC", **policy))  # type: ignore[arg-type] # fields by name


def said(body: str, lang: str = "en", now: datetime = FRIDAY, **policy: object) -> str:
    macro = parse_macro(f'+++\nlang = "{lang}"\n+++\n{body}', "x/m.md")
    values = macro_facts.of(config(**policy), TICKET, macro, now, zone=ZoneInfo("UTC"))
    return rendering.render(macro, values).text


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "Monday, 30 November"),
        ("ru", "в понедельник, 30 ноября"),
        ("ja", "11月30日（月）"),
        ("tr", "30 Kasım Pazartesi"),
    ],
)
def test_the_next_working_day_is_said_in_the_macros_language(lang: str, words: str) -> None:
    assert said("{{sla.next_working_day}}", lang) == words


def test_days_pass_over_weekends_and_holidays() -> None:
    assert said("{{sla.in_2_working_days}}") == "Tuesday, 1 December"
    assert said("{{sla.in_2_working_days}}", holidays=("2026-11-30",)) == "Wednesday, 2 December"
    assert said("{{sla.in_5_working_days}}, {{sla.today}}") == "Friday, 4 December, Friday, 27 November"
    assert said("{{sla.end_of_week}}") == "Friday, 27 November"
    assert said("{{sla.end_of_week}}", now=FRIDAY + timedelta(days=1)) == "Friday, 4 December"


def test_the_day_ends_when_work_does() -> None:
    assert said("{{sla.end_of_day}}") == "today, Friday, 18:00"
    hours = {"mon-fri": ("09:00-14:00",)}
    assert said("{{sla.end_of_day}}", hours=hours) == "Monday, 30 November, 14:00"


def test_clocks_of_the_ticket_are_named_while_they_run() -> None:
    macro = parse_macro("+++\n+++\n{{sla.resolve_by}} {{sla.update_by}}", "x/m.md")
    clock = TicketClock("c", TICKET.key, ClockKind.RESOLUTION, ClockState.RUNNING, FRIDAY, FRIDAY + timedelta(hours=2))
    values = macro_facts.of(config(), TICKET, macro, FRIDAY, clocks=[clock], zone=ZoneInfo("UTC"))
    assert rendering.render(macro, values).text == "today, Friday, 17:00 {{sla.update_by}}"


def test_a_calendar_that_cannot_be_used_leaves_a_blank() -> None:
    assert said("by {{sla.next_working_day}}", country="XX") == "by {{sla.next_working_day}}"
