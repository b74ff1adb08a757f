"""The priority score: what a customer's own words and the ticket's facts add up to, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from types import MappingProxyType

from supportterm.domain.concepts import LONGEST, Pack, fold
from supportterm.domain.own_words import own_words
from supportterm.domain.ticket import Assessment, Priority, Reason, Tier

CRITICAL = frozenset(("safety", "security", "money-loss", "outage", "data-loss"))
"""The signals that count in full."""
TROUBLE = CRITICAL | {"blocked", "billing-error", "fault", "legal-threat", "churn-threat", "public-threat", "cancel"}
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
_SHORT = 12
_SHOUTED = 3


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


@dataclass(frozen=True, slots=True)
class Words:
    """What a customer's words say by themselves: their lines, what they want, and the mood."""

    lines: tuple[Reason, ...] = ()
    intent: str = "question"
    upset: bool = False


def assess(text: str, lang: str | None, packs: Mapping[str, Pack], *, facts: Facts | None = None) -> Assessment:
    """Score a customer's new words together with the ticket's facts: `score` over `read_words`."""
    return score(read_words(text, lang, packs), facts)


def read_words(text: str, lang: str | None, packs: Mapping[str, Pack]) -> Words:
    """Find the signals in one message.

    Args:
        text: the customer's new text; quotes and signatures left in it are passed over.
        lang: its language, None where unknown: then it is guessed among `packs`.
        packs: the rule packs by language; a language without one is judged by facts and question marks alone.
    """
    own = own_words(text[:LONGEST])
    lang = lang or language(own, packs)
    found = (
        _found(own, packs[lang])
        if lang is not None and lang in packs
        else _Found({}, asks=any(mark in own for mark in "?？"))
    )
    if auto := _automatic(found):
        return Words((_with_evidence(auto, text),), "auto")
    intent = _settle(found, own)
    lines = tuple(_with_evidence(line, text) for line in found.lines.values() if line.source != "mark")
    return Words(lines, intent, "upset" in found.lines)


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
    if facts.automatic:
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
        lines.append(Reason("vip", 15, "important customer", source="meta"))
    capped = sum(line.points for line in (*lines, *waiting) if line.id not in CRITICAL)
    cap = [Reason("cap", CAP - capped, f"at most {CAP} beside a critical signal", source="meta")]
    due = [] if intent in NO_ANSWER else list(_due(facts))
    lines = sorted(lines, key=lambda line: -line.points)
    timeless = _priority(sum(line.points for line in lines) + (cap[0].points if capped > CAP else 0))
    lines += waiting + (cap if capped > CAP else []) + due
    score = sum(line.points for line in lines)
    if facts.waiting_hours >= FLOOR_HOURS and score < 3 and intent not in NO_ANSWER:
        lines.append(Reason("floor", 3 - score, f"waits {facts.waiting_hours:.0f} h for an answer", source="meta"))
        score = 3
    priority = _priority(score)
    if priority is Priority.P1 and timeless is not Priority.P1:
        priority = Priority.P2
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


# ------------------------------------------------------------------ the words


@dataclass(slots=True)
class _Found:
    lines: dict[str, Reason]
    asks: bool
    words: int = 0

    def any(self, ids: frozenset[str]) -> bool:
        return not ids.isdisjoint(self.lines)

    def drop(self, *ids: str) -> None:
        for id_ in ids:
            self.lines.pop(id_, None)


def _found(own: str, pack: Pack) -> _Found:
    reading = pack.read(own)
    lines: dict[str, Reason] = {}
    for signal in pack.signals:
        known = lines.get(signal.id)
        points = signal.points or 0
        if (known is None or abs(points) > abs(known.points)) and (place := signal.find(reading)):
            source = "mark" if signal.points is None else "text"
            lines[signal.id] = Reason(signal.id, points, signal.words, *place, source=source)
    return _Found(lines, reading.asks, reading.size)


def _automatic(found: _Found) -> Reason | None:
    """Return the gate's line: automatic by its own word, or an absence with nothing to fix."""
    away = found.lines.get("away")
    if away and not found.asks and not found.any(TROUBLE):
        return replace(away, id="auto-mail", points=-40, words="automatic mail", source="text")
    return found.lines.get("auto-mail")


def _with_evidence(line: Reason, text: str) -> Reason:
    return line if line.start is None else replace(line, evidence=text[line.start : line.end])


def _settle(found: _Found, own: str) -> str:
    """Let the findings silence each other, and return the intent."""
    lines = found.lines
    trouble = found.any(TROUBLE)
    if found.any(CRITICAL):
        found.drop("blocked")
    if trouble or "request" in lines or found.asks:
        if abuse := lines.pop("abuse", None):
            lines.setdefault("upset", replace(abuse, id="upset", points=12, words="furious"))
    elif "abuse" in lines:
        return "abuse"
    _mood(found, own, trouble)
    if trouble:
        found.drop("feature-request", "how-to", "resolved-thanks")
    if found.asks or "request" in lines:
        found.drop("resolved-thanks")
    if found.any(frozenset(("resolved-thanks", "upset", "feature-request", "not-urgent"))):
        found.drop("how-to")
    if "compliment" in lines and (trouble or "upset" in lines):
        found.drop("compliment")
    elif "compliment" in lines and (found.asks or "feature-request" in lines):
        lines["compliment"] = replace(lines["compliment"], points=0)
    if not trouble:
        found.drop("many-affected")
        if "compliment" in lines:
            found.drop("repeat-contact")
    if "not-urgent" in lines:
        found.drop("explicit-urgent")
    return _intent(found, trouble)


def _mood(found: _Found, own: str, trouble: bool) -> None:
    lines = found.lines
    threats = [lines[id_] for id_ in ("legal-threat", "public-threat") if id_ in lines]
    sarcasm = lines.get("compliment") if trouble else None
    shouted = [word for word in own.split() if len(word) > _SHOUTED and word.isalpha() and word.isupper()]
    loud = "!!" in own or "！！" in own or len(shouted) >= 2
    because = [*threats, *([sarcasm] if sarcasm else [])]
    if "upset" not in lines and because:
        lines["upset"] = replace(because[0], id="upset", points=8, words="upset")
    elif "upset" not in lines and loud and not found.any(frozenset(("compliment", "resolved-thanks", "thanks"))):
        at = own.find("!!") if "!!" in own else own.find("！！") if "！！" in own else own.find(shouted[0])
        lines["upset"] = Reason("upset", 8, "upset", at, at + 2)


def _intent(found: _Found, trouble: bool) -> str:
    lines = found.lines
    if found.any(CRITICAL - {"safety"}):
        return "bug"
    if "safety" in lines:
        return "complaint"
    if "billing-error" in lines:
        return "billing"
    if "cancel" in lines:
        return "cancel"
    if "feature-request" in lines:
        return "feature"
    if "blocked" in lines:
        return "bug"
    if found.any(frozenset(("legal-threat", "churn-threat", "public-threat", "upset"))):
        return "complaint"
    if "fault" in lines and not ("resolved-thanks" in lines or "compliment" in lines):
        return "bug"
    if "resolved-thanks" in lines:
        return "thanks"
    if found.asks:
        return "question"
    if "compliment" in lines:
        return "compliment"
    if "thanks" in lines and found.words <= _SHORT and "request" not in lines:
        lines["resolved-thanks"] = replace(
            lines["thanks"], id="resolved-thanks", points=-25, words="thanks", source="text"
        )
        return "thanks"
    if "billing" in lines:
        return "billing"
    return "question" if found.any(frozenset(("not-urgent", "request"))) and not trouble else "bug"


def language(text: str, packs: Mapping[str, Pack]) -> str | None:
    """Guess which of the packs' languages a text is in, by its script and its everyday words; None where none fits."""
    letters = [c for c in text[:2000] if c.isalpha()]
    if not letters:
        return None
    for lang, low, high in (("ja", "\u3040", "\u30ff"), ("ru", "\u0400", "\u04ff")):
        if lang in packs and sum(low <= c <= high for c in letters) * 5 > len(letters):
            return lang
    if "ja" in packs and sum("\u4e00" <= c <= "\u9fff" for c in letters) * 2 > len(letters):
        return "ja"
    words = text[:2000].split()
    marked = sum(c in "ğşıİĞŞ" for c in letters)
    counts: dict[str, int] = {}
    for lang in packs:
        if lang not in ("ja", "ru"):
            everyday = {fold(word, lang) for word in packs[lang].common}
            found = sum(fold(word, lang).strip(".,;:!?()\"'") in everyday for word in words)
            counts[lang] = found + (3 * marked if lang == "tr" else 0)
    if not any(counts.values()) and len(words) <= _SHORT:
        counts = {lang: packs[lang].read(text).found for lang in counts}
    best = max(counts, key=lambda lang: counts[lang], default=None)
    return best if best and counts[best] else None


# ------------------------------------------------------------------ the queue


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
    lines = [r for r in assessment.reasons if r.id not in ("base", "cap", "floor")]
    lines.sort(key=lambda r: (r.id != "override", -abs(r.points)))
    return ", ".join(dict.fromkeys(r.words for r in lines[:most]))
