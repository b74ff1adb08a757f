"""The priority score: what a customer's own words and the ticket's facts add up to, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from types import MappingProxyType

from supportterm.domain import rejections
from supportterm.domain.findings import CRITICAL, Words, read_words
from supportterm.domain.leaning import LEANING
from supportterm.domain.learning import LEARNED
from supportterm.domain.signals import Pack
from supportterm.domain.ticket import Assessment, Priority, Reason, Tier

__all__ = ["Facts", "Words", "assess", "combine", "rank_changes_at", "read_words", "reasons_in_words", "score", "tier"]

THRESHOLDS = ((70, Priority.P1), (20, Priority.P2), (3, Priority.P3), (-9, Priority.P4))
CAP = 60
"""What everything but the critical signals and the due time may add."""
PROMISE_HOURS = 24
FLOOR_HOURS = 20
"""After so long whatever wants an answer is at least P3."""
CHANNEL_HOURS: Mapping[str, float] = MappingProxyType({"chat": 1 / 60, "social": 10 / 60})
NO_ANSWER = frozenset(("thanks", "compliment", "auto", "abuse"))
"""Intents that ask for no answer."""
_FIX = frozenset(("bug", "billing", "complaint", "cancel"))


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a ticket besides the words: times in hours, as of now."""

    waiting_hours: float = 0
    due_in_hours: float | None = None
    vip: bool = False
    earlier_tickets: int = 0
    """Tickets of the same customer in the last 14 days, before this one."""
    automatic: bool = False
    bounced: bool = False
    """Our answer came back undelivered."""
    channel: str = "email"
    override: Priority | None = None
    organisation: str = ""
    """The address or domain that makes the customer important; empty where a tag does."""
    rejected: frozenset[str] = frozenset()
    """Lines that an agent said are not true here; see `rejections`."""


def assess(text: str, lang: str | None, packs: Mapping[str, Pack], *, facts: Facts | None = None) -> Assessment:
    """Score a customer's new words together with the ticket's facts: `score` over `read_words`."""
    return score(read_words(text, lang, packs), facts)


def combine(words: Sequence[Words]) -> Words:
    """Add up what a customer's unanswered messages say, newest first: each signal once, thanks only where alone."""
    asking = [each for each in words if each.intent not in NO_ANSWER] or words[:1]
    if not asking:
        return Words()
    lines: dict[str, Reason] = {}
    for each in asking:
        for line in each.lines:
            lines.setdefault(line.id, line)
    intent = next((each.intent for each in asking if each.intent in _FIX), asking[0].intent)
    return Words(tuple(lines.values()), intent, any(each.upset for each in asking))


def score(words: Words, facts: Facts | None = None) -> Assessment:
    """Return the score of what the words say, `facts` being what is known besides them."""
    facts = facts or Facts()
    if facts.bounced:
        return _assessment([Reason("undelivered", 20, "our answer came back", source="meta")], "question", facts)
    if facts.automatic and "auto-mail" not in facts.rejected:
        return _assessment([Reason("auto-mail", -40, "automatic mail", source="meta")], "auto", facts)
    lines = list(words.lines)
    if words.intent in _FIX:
        lines.append(Reason("base", 8, "something to fix", source="meta"))
    if words.intent != "auto" and facts.earlier_tickets >= 2 and all(line.id != "repeat-contact" for line in lines):
        lines.append(Reason("repeat-contact", 15, f"ticket {facts.earlier_tickets + 1} in 14 days", source="meta"))
    return _assessment(lines, words.intent, facts, upset=words.upset)


def _assessment(lines: list[Reason], intent: str, facts: Facts, *, upset: bool = False) -> Assessment:
    waiting = [] if intent in NO_ANSWER else list(_waiting(facts))
    if facts.vip and intent != "auto":
        words = "important customer" + (f": {facts.organisation}" if facts.organisation else "")
        lines.append(Reason("vip", 15, words, source="meta"))
    lines = [line for line in lines if line.source != "meta" or rejections.mark(line) not in facts.rejected]
    capped = sum(line.points for line in (*lines, *waiting) if line.id not in CRITICAL)
    cap = [Reason("cap", CAP - capped, f"at most {CAP} beside a critical signal", source="meta")]
    due = [] if intent in NO_ANSWER else list(_due(facts))
    lines = sorted(lines, key=lambda line: -line.points)
    lasting = sum(line.points for line in lines if line.id not in (LEARNED, LEANING))
    timeless = _priority(lasting + (cap[0].points if capped > CAP else 0))
    lines += waiting + (cap if capped > CAP else []) + due
    score = sum(line.points for line in lines)
    if facts.waiting_hours >= FLOOR_HOURS and score < 3 and intent not in NO_ANSWER:
        lines.append(Reason("floor", 3 - score, f"waits {facts.waiting_hours:.0f} h for an answer", source="meta"))
        score = 3
    priority = _priority(score)
    if priority is Priority.P1 and timeless is not Priority.P1:
        priority = Priority.P2
    elif timeless is Priority.P1:
        priority = Priority.P1
    if facts.override is not None:
        priority = facts.override
        lines.append(Reason("override", 0, f"set by hand: {priority.word}", source="meta"))
    return Assessment(tuple(lines), priority, intent, upset)


def _priority(score: int) -> Priority:
    return next((priority for least, priority in THRESHOLDS if score >= least), Priority.P5)


def _waiting(facts: Facts) -> Iterator[Reason]:
    over = facts.waiting_hours - PROMISE_HOURS
    points = min(20, 12 + int(over // 2)) if over >= 0 else 0
    limit = CHANNEL_HOURS.get(facts.channel)
    if limit is not None and facts.waiting_hours >= limit:
        points = 20
    if points:
        yield Reason("waiting", points, f"waiting {_hours(facts.waiting_hours)}", source="meta")


def _due(facts: Facts) -> Iterator[Reason]:
    if facts.due_in_hours is None or facts.due_in_hours > 4:
        return
    points = 30 if facts.due_in_hours <= 1 else 15
    words = "past due" if facts.due_in_hours < 0 else f"due in {_hours(facts.due_in_hours)}"
    yield Reason("due", points, words, source="meta")


def _hours(hours: float) -> str:
    return f"{hours * 60:.0f} min" if hours < 1 else f"{hours:.0f} h"


def tier(assessment: Assessment, *, due_at: datetime | None, now: datetime, tz: tzinfo = UTC) -> Tier:
    """Return the queue's section for a ticket: `due_at` is its next clock, `tz` where our day ends."""
    if assessment.priority is Priority.P1:
        return Tier.NOW
    by_hand = any(reason.id == "override" for reason in assessment.reasons)
    if assessment.intent in NO_ANSWER and not by_hand:
        return Tier.NO_ANSWER
    if assessment.priority is Priority.P2 or (due_at is not None and due_at < _end_of_day(now, tz)):
        return Tier.TODAY
    return Tier.CAN_WAIT


def rank_changes_at(
    *, now: datetime, waiting_since: datetime | None, due_at: datetime | None, channel: str = "email", tz: tzinfo = UTC
) -> datetime | None:
    """Return the next instant at which time alone changes a ticket's score or tier, None where it never does."""
    instants: list[datetime] = []
    if waiting_since is not None:
        hours = [FLOOR_HOURS, *range(PROMISE_HOURS, PROMISE_HOURS + 17, 2), CHANNEL_HOURS.get(channel, FLOOR_HOURS)]
        instants += [waiting_since + timedelta(hours=count) for count in hours]
    if due_at is not None:
        instants += [due_at - timedelta(hours=4), due_at - timedelta(hours=1)]
        instants.append(_end_of_day(due_at, tz) - timedelta(days=1))
    return min((instant for instant in instants if instant > now), default=None)


def _end_of_day(instant: datetime, tz: tzinfo) -> datetime:
    day = instant.astimezone(tz).date() + timedelta(days=1)
    return datetime.combine(day, time.min, tz).astimezone(UTC)


def reasons_in_words(assessment: Assessment, most: int = 3) -> str:
    """Return the lines that count most, in words: `losing money, down for everyone`."""
    lines = [r for r in assessment.reasons if r.id not in ("base", "cap", "floor", LEANING)]
    lines.sort(key=lambda r: (r.id != "override", r.id in ("waiting", "due"), -abs(r.points)))
    return ", ".join(dict.fromkeys(r.words for r in lines[:most]))
