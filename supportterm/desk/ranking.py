"""How pressing a ticket is: the domain's rules, fed with what the store knows."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from supportterm.config import Config, Policy
from supportterm.desk.house_packs import HousePacks
from supportterm.domain import clocks, triage
from supportterm.domain.concepts import Pack
from supportterm.domain.standing import SOLVED_FOR
from supportterm.domain.ticket import Priority, Status, Ticket
from supportterm.domain.vips import Vips
from supportterm.store import messages, tickets
from supportterm.store.mapping import to_ms

if TYPE_CHECKING:
    from supportterm.store.database import Session

_REPEAT_WITHIN = timedelta(days=14)
_READ_AT_MOST = 8_000
"""Characters of one mail that are scored."""
_REMEMBERED = 1024
"""Mails whose words are remembered."""


class Ranking:
    """Ranks tickets; what it stores with them says when time alone would change it."""

    def __init__(self, packs: Mapping[str, Pack], policy: Policy, *, vips: Vips | None = None) -> None:
        self._packs = packs
        self._vips = vips or Vips()
        self._policy = policy
        self._zone = ZoneInfo(policy.time_zone)
        self._holidays = frozenset(date.fromisoformat(day) for day in policy.holidays)
        self._words = lru_cache(_REMEMBERED)(self._read)

    @property
    def problems(self) -> tuple[str, ...]:
        """Say which packs of this house cannot be used, and why; the shipped rules hold in their place."""
        return self._packs.problems if isinstance(self._packs, HousePacks) else ()

    def packs_changed(self) -> bool:
        """Tell whether a file of this house's packs was written since they were read."""
        return isinstance(self._packs, HousePacks) and self._packs.changed()

    def follow(self, config: Config) -> None:
        """Rank by the policies and words of another configuration from now on."""
        self._policy = config.policy
        self._zone = ZoneInfo(config.policy.time_zone)
        self._holidays = frozenset(date.fromisoformat(day) for day in config.policy.holidays)
        self._vips = Vips.of(config.triage.vip)
        if isinstance(self._packs, HousePacks):
            self._packs = self._packs.of(config.triage)
            self._words.cache_clear()

    def words(
        self, subject: str, text: str, lang: str | None, *, first: bool, rejected: frozenset[str] = frozenset()
    ) -> triage.Words:
        """Say what one mail of a customer means; remembered, so that a transaction need not wait for it.

        The subject of a `first` mail is the customer's own wording and counts as its first line.
        """
        said = f"{subject}\n\n{text}" if first and subject else text
        return self._words(said[:_READ_AT_MOST], lang, rejected)

    def _read(self, text: str, lang: str | None, rejected: frozenset[str]) -> triage.Words:
        return triage.read_words(text, lang, self._packs, rejected)

    def rank(self, session: Session, ticket: Ticket, now: datetime) -> Ticket:
        """Return the ticket with its clock, score, tier and reasons as of now; none where nobody waits on us."""
        if not ticket.status.is_ours:
            return dataclasses.replace(
                ticket,
                due_at=None,
                due_kind=None,
                score=0,
                reasons=(),
                words="",
                priority=Priority.P3,
                rank_changes_at=ticket.updated_at + SOLVED_FOR
                if ticket.status is Status.SOLVED
                else ticket.snoozed_until,
            )
        due_at, due_kind = self._due(ticket)
        since = ticket.waiting_since or ticket.last_customer_at or ticket.created_at
        unanswered = messages.unanswered(session, ticket.key, to_ms(since))
        words = triage.combine(
            [
                self.words(m.subject, m.reply_text or m.text, m.lang, first=not m.references, rejected=ticket.rejected)
                for m in unanswered
            ]
        )
        assessment = triage.score(words, self._facts(session, ticket, due_at, now))
        tier = triage.tier(assessment, due_at=due_at, now=now, tz=self._zone)
        changes_at = triage.rank_changes_at(
            now=now, waiting_since=ticket.waiting_since, due_at=due_at, channel=ticket.channel, tz=self._zone
        )
        if ticket.snoozed_until is not None:
            changes_at = min(changes_at or ticket.snoozed_until, ticket.snoozed_until)
        return dataclasses.replace(
            ticket,
            due_at=due_at,
            due_kind=due_kind,
            priority=assessment.priority,
            tier=tier,
            score=assessment.score,
            reasons=assessment.reasons,
            words=triage.reasons_in_words(assessment),
            intent=assessment.intent,
            rank_changes_at=changes_at,
        )

    def _due(self, ticket: Ticket) -> tuple[datetime | None, str | None]:
        """Return when the customer must have heard from us: 24 hours after the first unanswered word."""
        if ticket.waiting_since is None or ticket.automatic or ticket.history:
            return None, None
        hours = self._policy.first_reply_hours
        due = clocks.first_reply_due(ticket.waiting_since, hours, self._holidays, self._zone)
        return due, "first reply" if ticket.first_replied_at is None else "next reply"

    def _facts(self, session: Session, ticket: Ticket, due_at: datetime | None, now: datetime) -> triage.Facts:
        earlier = 0
        if ticket.requester_address:
            since = to_ms(ticket.created_at - _REPEAT_WITHIN)
            earlier = tickets.earlier(session, ticket.requester_address, since, but=ticket.key)
        organisation = self._vips.match(ticket.requester_address)
        waited = (now - ticket.waiting_since) / timedelta(hours=1) if ticket.waiting_since else 0.0
        return triage.Facts(
            waiting_hours=waited,
            due_in_hours=None if due_at is None else (due_at - now) / timedelta(hours=1),
            vip="vip" in ticket.tags or bool(organisation),
            organisation=organisation,
            rejected=ticket.rejected,
            earlier_tickets=earlier,
            automatic=ticket.automatic,
            bounced=ticket.undelivered,
            channel=ticket.channel,
            override=ticket.override,
        )
