"""How pressing a ticket is: the domain's rules, fed with what the store knows."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from supportterm.config import Config, Policy
from supportterm.desk.clockwork import Clockwork, Past
from supportterm.desk.house_packs import HousePacks
from supportterm.desk.learned import Learned
from supportterm.desk.policies import Policies
from supportterm.domain import triage
from supportterm.domain.ledger import OWN, TicketClock, owed
from supportterm.domain.message import Message
from supportterm.domain.questions import questions
from supportterm.domain.signals import Pack
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

    def __init__(
        self,
        packs: Mapping[str, Pack],
        policy: Policy,
        clockwork: Clockwork | None = None,
        *,
        vips: Vips | None = None,
        learned: Learned | None = None,
    ) -> None:
        """Take rule packs, the policy whose zone ends our day, clocks (else the policy's), VIPs, learned words."""
        self._packs = packs
        self._learned = learned or Learned()
        self._vips = vips or Vips()
        self._zone = ZoneInfo(policy.time_zone)
        self.clockwork = clockwork or Clockwork(Policies.of(policy))
        self._words = lru_cache(_REMEMBERED)(self._read)
        self._asks = lru_cache(_REMEMBERED)(lambda text: bool(questions(text, 1)))

    @property
    def problems(self) -> tuple[str, ...]:
        """Say which packs of this house cannot be used, and why; the shipped rules hold in their place."""
        packs = self._packs.problems if isinstance(self._packs, HousePacks) else ()
        return (*packs, self._learned.problem) if self._learned.problem else packs

    def packs_changed(self) -> bool:
        """Tell whether a file of this house's packs, or what was learned, was written since they were read."""
        return self._learned.changed() or (isinstance(self._packs, HousePacks) and self._packs.changed())

    def follow_packs(self) -> None:
        """Read this house's packs again where a file of theirs was written; a stat for each file where none was."""
        if isinstance(self._packs, HousePacks) and self._packs.changed():
            self._packs = self._packs.again()
            self._words.cache_clear()

    def follow(self, config: Config) -> None:
        """Rank by the policies and words of another configuration from now on."""
        self._zone = ZoneInfo(config.policy.time_zone)
        self.clockwork.follow(Policies(config))
        self._vips = Vips.of(config.triage.vip)
        self._learned = self._learned.switched(config.triage.learned)
        if isinstance(self._packs, HousePacks):
            self._packs = self._packs.of(config.triage)
            self._words.cache_clear()

    def words(
        self, subject: str, text: str, lang: str | None, *, first: bool, rejected: frozenset[str] = frozenset()
    ) -> triage.Words:
        """Say what one mail of a customer means; remembered, so that a transaction need not wait for it.

        The subject of a `first` mail is the customer's own wording and counts as its first line.
        """
        return self._words(as_said(subject, text, first=first), lang, rejected)

    def _read(self, text: str, lang: str | None, rejected: frozenset[str]) -> triage.Words:
        return triage.read_words(text, lang, self._packs, rejected)

    def rank(
        self, session: Session, ticket: Ticket, now: datetime, past: Past | None = None, *, unread: bool = False
    ) -> Ticket:
        """Wind the ticket's clocks and return it with the next of them, its score, tier and reasons as of now.

        Where nobody waits on us it has no score. `unread` says that nothing was
        written since it was ranked: then the words count as they were read.
        """
        running = self.clockwork.wind(session, ticket, now, past)
        ticket = _next(ticket, running)
        changes = [at for clock in running for at in (*clock.warns, clock.due_at) if at is not None and at > now]
        if ticket.snoozed_until is not None:
            changes.append(ticket.snoozed_until)
        if not ticket.status.is_ours:
            if ticket.status is Status.SOLVED:
                changes.append(ticket.updated_at + SOLVED_FOR)
            return dataclasses.replace(
                ticket,
                score=0,
                reasons=(),
                words="",
                asks=None,
                priority=Priority.P3,
                rank_changes_at=min(changes, default=None),
            )
        read = _as_read(ticket) if unread else None
        is_known = read is not None and ticket.asks is not None
        unanswered = [] if is_known else self._unanswered(session, ticket)
        words = read or self._said(unanswered, ticket.rejected)
        promised = min((clock.due_at for clock in running if clock.due_at and clock.kind not in OWN), default=None)
        earlier = 0 if words is read else self._earlier(session, ticket)
        assessment = triage.score(words, self._facts(ticket, promised, earlier, now))
        tier = triage.tier(assessment, due_at=ticket.due_at, now=now, tz=self._zone)
        for due in {promised, ticket.due_at}:
            since = ticket.waiting_since
            at = triage.rank_changes_at(now=now, waiting_since=since, due_at=due, channel=ticket.channel, tz=self._zone)
            changes += [at] if at is not None else []
        return dataclasses.replace(
            ticket,
            priority=assessment.priority,
            tier=tier,
            score=assessment.score,
            reasons=assessment.reasons,
            words=triage.reasons_in_words(assessment),
            intent=assessment.intent,
            asks=ticket.asks if is_known else any(map(self._asks, as_each_said(unanswered))),
            rank_changes_at=min(changes, default=None),
        )

    def _unanswered(self, session: Session, ticket: Ticket) -> list[Message]:
        since = ticket.waiting_since or ticket.last_customer_at or ticket.created_at
        return messages.unanswered(session, ticket.key, to_ms(since))

    def _said(self, unanswered: Sequence[Message], rejected: frozenset[str]) -> triage.Words:
        return self._learned.add(self.said(unanswered, rejected), as_each_said(unanswered), rejected)

    def said(self, unanswered: Sequence[Message], rejected: frozenset[str] = frozenset()) -> triage.Words:
        """Say what a customer's mails mean by the rules alone, the newest first."""
        return triage.combine(
            [
                self.words(m.subject, m.reply_text or m.text, m.lang, first=not m.references, rejected=rejected)
                for m in unanswered
            ]
        )

    def _earlier(self, session: Session, ticket: Ticket) -> int:
        if not ticket.requester_address:
            return 0
        since = to_ms(ticket.created_at - _REPEAT_WITHIN)
        return tickets.earlier(session, ticket.requester_address, since, but=ticket.key)

    def _facts(self, ticket: Ticket, due_at: datetime | None, earlier: int, now: datetime) -> triage.Facts:
        organisation = self._vips.match(ticket.requester_address)
        return triage.Facts(
            waiting_hours=(now - ticket.waiting_since) / timedelta(hours=1) if ticket.waiting_since else 0.0,
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


def as_said(subject: str, text: str, *, first: bool) -> str:
    """Return what is read of one mail: the subject of a `first` one is its first line."""
    return (f"{subject}\n\n{text}" if first and subject else text)[:_READ_AT_MOST]


def as_each_said(mails: Sequence[Message]) -> list[str]:
    """Return what is read of each of some mails."""
    return [as_said(m.subject, m.reply_text or m.text, first=not m.references) for m in mails]


def _next(ticket: Ticket, running: Sequence[TicketClock]) -> Ticket:
    """Return the ticket with the clock that ends next, of those it is on us to stop."""
    clock = next(iter(owed(running, ticket.status)), None)
    if clock is None:
        return dataclasses.replace(ticket, due_at=None, due_kind=None, due_warnings=())
    return dataclasses.replace(ticket, due_at=clock.due_at, due_kind=clock.kind, due_warnings=clock.warns)


def _as_read(ticket: Ticket) -> triage.Words | None:
    """Return what the customer's words said when they were last read; None where the ticket does not tell."""
    if not ticket.reasons or ticket.undelivered or ticket.automatic:
        return None
    lines = tuple(line for line in ticket.reasons if line.source != "meta" or line.id == "repeat-contact")
    return triage.Words(lines, ticket.intent or "question")
