"""The clocks of a ticket, wound whenever it changes: derived from its history, written where they differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from supportterm.desk.policies import Policies
from supportterm.domain import deriving, query_matching, warned
from supportterm.domain.deriving import DERIVED, InForce
from supportterm.domain.events import Event, EventKind
from supportterm.domain.history import replay
from supportterm.domain.ledger import ClockState, TicketClock
from supportterm.domain.policies import Policy, PolicyBook
from supportterm.domain.query import Query
from supportterm.domain.standing import Beat
from supportterm.domain.ticket import Ticket
from supportterm.store import clocks, facts, journal, messages, meta, policies
from supportterm.store import warned as warnings
from supportterm.store.mapping import to_ms

if TYPE_CHECKING:
    from supportterm.store.database import Session

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a ticket's past, and its clocks as they were last written."""

    beats: Sequence[Beat] = ()
    events: Sequence[Event] = ()
    clocks: Sequence[TicketClock] = ()
    switches: Sequence[tuple[datetime, str]] = field(default=())


def pasts(session: Session, keys: Iterable[str]) -> dict[str, Past]:
    """Read the past of many tickets at once."""
    wanted = list(keys)
    beats, events = messages.beats(session, wanted), journal.told(session, wanted)
    kept, switches = clocks.load(session, wanted), policies.switches(session, wanted)
    return {
        key: Past(beats.get(key, ()), events.get(key, ()), kept.get(key, ()), switches.get(key, ())) for key in wanted
    }


class Clockwork:
    """Derives the clocks of tickets by the policies that hold, and held."""

    def __init__(self, policies: Policies, history: timedelta = timedelta(days=14)) -> None:
        """Take the policies, and how far back from the first sync work counts."""
        self._policies = policies
        self._history = history
        self._zone: ZoneInfo | None = None
        self._newest: int | None = None
        self._versions: list[tuple[datetime, PolicyBook]] = []
        self._begins: datetime | None = None
        self._is_told = False
        self._looked_in: Session | None = None
        self._unwritten: list[TicketClock] | None = None

    @contextmanager
    def together(self, session: Session) -> Iterator[None]:
        """Write the clocks of the tickets that are wound meanwhile at once, at the end."""
        self._unwritten = []
        try:
            yield
            clocks.put(session, self._unwritten)
        finally:
            self._unwritten = None

    def wind(self, session: Session, ticket: Ticket, now: datetime, past: Past | None = None) -> list[TicketClock]:
        """Bring a ticket's clocks up to date and return those that run; writes only what differs.

        A breach that time alone has brought is entered in the journal, once.
        """
        past = past or pasts(session, [ticket.key])[ticket.key]
        derived = [] if ticket.history or not past.beats else self._derive(session, ticket, past, now)
        stored = {clock.id: clock for clock in past.clocks}
        changed = [clock for clock in derived if stored.get(clock.id) != clock]
        if self._unwritten is not None:
            self._unwritten += changed
        elif changed:
            clocks.put(session, changed)
        ids = {clock.id for clock in derived}
        if gone := [clock.id for clock in past.clocks if clock.kind in DERIVED and clock.id not in ids]:
            clocks.remove(session, gone)
        for clock in changed:
            before = stored.get(clock.id)
            if before is not None and before.warned < 100 <= clock.warned:
                _breached(session, clock, now)
        found = [*derived, *self._set(session, ticket, past, now)]
        for clock in found:
            if (before := stored.get(clock.id)) != clock:
                self._warn(session, ticket, before, clock)
        return [clock for clock in found if clock.state is ClockState.RUNNING]

    def _set(self, session: Session, ticket: Ticket, past: Past, now: datetime) -> list[TicketClock]:
        """Return the clocks that agents set, with what they have warned of; writes those that differ."""
        kept = [clock for clock in past.clocks if clock.kind not in DERIVED]
        if not any(clock.state is ClockState.RUNNING for clock in kept):
            return kept
        warn_at = self.policy(session, ticket, now).warn_at
        found = [warned.told(clock, warn_at, now) for clock in kept]
        clocks.put(session, (after for before, after in zip(kept, found, strict=True) if before != after))
        warnings.add(session, (warned.broken(clock) for clock in found if warned.ended(clock, now)))
        for before, after in zip(kept, found, strict=True):
            if before.warns != after.warns and after.due_at is not None:
                warnings.moved(session, after.id, after.due_at)
        return found

    def _warn(self, session: Session, ticket: Ticket, before: TicketClock | None, after: TicketClock) -> None:
        """Enter what time has told of a clock; not of what came before the first sync, or before this policy."""
        if after.warned <= (before.warned if before is not None else 0) or self._begins is None:
            return
        since, book = self._versions[-1]
        policy = (
            book.of(after.policy, ticket.channel)
            if after.policy
            else self._choose(session, book, ticket, after.started_at)
        )
        if policy is not None:
            since = max(since, self._begins + self._history)
            warnings.add(session, (w for w in warned.risen(before, after, policy.warn_at) if w.came_at >= since))

    def follow(self, policies: Policies) -> None:
        """Derive by these policies from now on; what ran so far was under those before."""
        self._policies, self._is_told, self._zone = policies, False, None

    def policy(self, session: Session, ticket: Ticket, now: datetime) -> Policy:
        """Return the policy that counts for a ticket now."""
        self._look(session, now)
        return self._choose(session, self._versions[-1][1], ticket, max(now, self._versions[-1][0]))

    def is_stale(self, session: Session, now: datetime) -> bool:
        """Tell whether the policies changed since all clocks were last wound."""
        self._look(session, now)
        return meta.get(session, "clocks_by") != str(self._newest)

    def wound(self, session: Session) -> None:
        """Remember that all clocks were wound by the newest policies."""
        meta.put(session, "clocks_by", str(self._newest))

    def _derive(self, session: Session, ticket: Ticket, past: Past, now: datetime) -> list[TicketClock]:
        self._look(session, now)
        now = max(now, self._versions[-1][0])
        moments = replay(past.beats, past.events, now=now, status=ticket.status, snoozed_until=ticket.snoozed_until)
        return deriving.derive(
            ticket.key,
            moments,
            self._in_force(session, ticket, past, now),
            now,
            agent=ticket.assignee,
            begins=self._begins or _EVER,
        )

    def _look(self, session: Session, now: datetime) -> None:
        """See whether the policies changed; the first look of this process writes what it was configured with.

        Unless the file says something else by now: whoever read it later has written that.
        """
        if session is self._looked_in and self._is_told:
            return
        self._looked_in = session
        newest = policies.newest(session)
        if not self._is_told or newest is None:
            kept = policies.versions(session)
            if not kept or (kept[-1][1] != self._policies.content and self._policies.stand()):
                newest = 0 if newest is None else max(to_ms(now), newest + 1)
                policies.add_version(session, newest, self._policies.content)
            self._is_told = True
        if newest != self._newest or not self._versions:
            self._newest = newest
            self._versions = [(at, self._policies.book(content)) for at, content in policies.versions(session)]
        if self._begins is None and (first := meta.get(session, "first_sync_at")) is not None:
            self._begins = datetime.fromisoformat(first) - self._history

    def _in_force(self, session: Session, ticket: Ticket, past: Past, now: datetime) -> list[InForce]:
        """Return the ticket's policies; where it has another than before, that is written down first."""
        book = self._versions[-1][1]
        chosen = self._choose(session, book, ticket, now)
        names = list(past.switches)
        latest = max((clock for clock in past.clocks if clock.kind in DERIVED), key=_last_step, default=None)
        before = names[-1][1] if names else latest.policy if latest else chosen.name
        if before != chosen.name and latest is not None:
            names = names or [(_EVER, before)]
            names.append((now, chosen.name))
            for since, name in names if not past.switches else names[-1:]:
                policies.add_switch(session, ticket.key, since, name)
        if len(self._versions) == 1 and len(names) < 2:
            return [InForce(_EVER, chosen)]
        return [
            InForce(at, self._held(session, ticket, at, names, chosen, now))
            for at in sorted({*(at for at, _ in self._versions), *(at for at, _ in names)})
        ]

    def _held(
        self,
        session: Session,
        ticket: Ticket,
        at: datetime,
        names: Sequence[tuple[datetime, str]],
        chosen: Policy,
        now: datetime,
    ) -> Policy:
        """Return what held for a ticket at an instant."""
        book = next((book for since, book in reversed(self._versions) if since <= at), self._versions[0][1])
        name = next((name for since, name in reversed(names) if since <= at), chosen.name)
        return book.of(name, ticket.channel) or self._choose(session, book, ticket, now)

    def _choose(self, session: Session, book: PolicyBook, ticket: Ticket, now: datetime) -> Policy:
        zone = self._zone = self._zone or ZoneInfo(self._policies.time_zone)

        def holds(query: Query) -> bool:
            known = facts.of(session, ticket.key, query)
            return query_matching.matches(query, ticket, me="", now=now, zone=zone, facts=known)

        return book.pinned(ticket.tags, ticket.channel) or book.choose(ticket.channel, holds)


def _last_step(clock: TicketClock) -> tuple[datetime, datetime]:
    return clock.ledger[-1].at if clock.ledger else clock.started_at, clock.started_at


def _breached(session: Session, clock: TicketClock, now: datetime) -> None:
    due = next((step.at for step in reversed(clock.ledger) if step.kind == "breached"), now)
    payload = {"clock": clock.id, "kind": clock.kind, "due": due.isoformat(), "why": f"{clock.kind} past its time"}
    journal.append(session, clock.ticket_key, EventKind.CLOCK_BREACHED, payload, by="supportterm", at=now)
