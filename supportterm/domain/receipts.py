"""Whether a mail may be acknowledged: each guard is one reason why it may not, in words (RFC 3834; SAFETY P11).

Where a guard is in doubt it refuses: a customer without a receipt still gets
an answer, while one receipt too many may go round for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from supportterm.domain.events import Event, EventKind
from supportterm.domain.mail import ParsedMail
from supportterm.domain.standing import THANKS
from supportterm.domain.ticket import MessageKind, Status, Ticket

OLDEST = timedelta(hours=24)
"""Mail older than this is answered, not acknowledged."""
DAY, HOUR = timedelta(hours=24), timedelta(hours=1)
PER_SENDER_PER_DAY = 3
"""The most receipts one sender gets in 24 hours, whatever the team allows."""

_OURS = (MessageKind.REPLY, MessageKind.RECEIPT, MessageKind.NOTE, MessageKind.INSIDE)
_REPLY_CLOCKS = ("first reply", "next reply")


@dataclass(frozen=True, slots=True)
class Rules:
    """What the team allows; `since` is the instant from which mail is acknowledged, None while that is off."""

    since: datetime | None = None
    per_sender_per_day: int = PER_SENDER_PER_DAY
    per_hour: int = 60


@dataclass(frozen=True, slots=True)
class Sent:
    """A receipt that was queued or sent: to which sender (as `sender_key` writes them), and when."""

    sender: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a ticket when one of its mails is to be acknowledged; `at` is when that mail came."""

    ticket: Ticket
    at: datetime
    has_receipt: bool = False
    has_reply: bool = False
    """A reply was sent, or is on its way."""
    is_being_written: bool = False


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail that has come in, with what is known of its sender and its ticket."""

    mail: ParsedMail
    kind: MessageKind
    standing: Standing
    intent: str = ""
    was_there: bool = False
    """It was in the mailbox before this store was, or may have been answered by a store that is lost."""
    is_inside: bool = False
    """A colleague or we ourselves wrote it."""
    is_addressed: bool = True
    """One of our addresses stands in its To or Cc."""


def refusal(arrived: Arrived, rules: Rules, sent: Sequence[Sent], now: datetime) -> str:
    """Return why a mail is not acknowledged, in words; empty where it may be.

    `sent` holds at least the receipts of the last 24 hours.
    """
    for letter_guard in LETTER_GUARDS:
        if why := letter_guard(arrived, rules, now):
            return why
    if why := held_back(arrived.standing, now):
        return why
    for rate_guard in RATE_GUARDS:
        if why := rate_guard(sender_key(arrived.mail.sender.address), rules, sent, now):
            return why
    return ""


def held_back(standing: Standing, now: datetime) -> str:
    """Return why a ticket gets no receipt as it stands, in words; asked again right before one leaves."""
    return next((why for guard in TICKET_GUARDS if (why := guard(standing, now))), "")


def in_words(journal: Iterable[Event]) -> list[str]:
    """Say what a ticket's journal holds about its acknowledgement, a sentence each; empty where it holds nothing."""
    told = []
    for event in journal:
        why = str(event.payload.get("why") or "").rstrip(".")
        if event.kind is EventKind.RECEIPT_SENT:
            told.append("The mail server took a receipt for the customer.")
        elif event.kind is EventKind.RECEIPT_STOPPED:
            told.append(f"A receipt was written and did not leave: {why}.")
        elif event.kind is EventKind.RECEIPT_WITHHELD:
            told.append(f"No receipt: {why}.")
    return list(dict.fromkeys(told))


def sender_key(address: str) -> str:
    """Return what makes a sender one for the daily count: the address in lower case, without what stands behind `+`."""
    local, at, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"


# -- guards that read the mail


def _off(_arrived: Arrived, rules: Rules, _now: datetime) -> str:
    return "" if rules.since is not None else "receipts are off"


def _before_switched_on(arrived: Arrived, rules: Rules, _now: datetime) -> str:
    too_early = rules.since is not None and _age_counts_from(arrived) < rules.since
    return "it is older than the day receipts were switched on" if too_early else ""


def _was_there(arrived: Arrived, _rules: Rules, _now: datetime) -> str:
    return "it was in the mailbox before this store, and may have been acknowledged" if arrived.was_there else ""


def _sent_long_ago(arrived: Arrived, _rules: Rules, now: datetime) -> str:
    return "it is more than 24 hours old" if now - _age_counts_from(arrived) > OLDEST else ""


def _automatic(arrived: Arrived, _rules: Rules, _now: datetime) -> str:
    mail = arrived.mail
    if mail.is_bounce or arrived.kind is MessageKind.BOUNCE:
        return "it is a delivery report"
    if mail.is_auto or arrived.kind is MessageKind.AUTOMATIC:
        return f"a machine wrote it ({mail.auto_reason or 'an answer to our own receipt'})"
    return "its subject says that a machine wrote it" if mail.subject.lower().startswith("auto:") else ""


def _inside(arrived: Arrived, _rules: Rules, _now: datetime) -> str:
    return "a colleague or we ourselves wrote it" if arrived.is_inside or arrived.kind in _OURS else ""


def _unconfirmed(arrived: Arrived, _rules: Rules, _now: datetime) -> str:
    mail = arrived.mail
    if mail.original_sender is not None:
        return "it came through a form or a forward, and who wrote is not confirmed"
    if any(one.address and sender_key(one.address) != sender_key(mail.sender.address) for one in mail.reply_to):
        return "it asks for answers at another address than it came from"
    return ""


def _unwelcome(arrived: Arrived, _rules: Rules, _now: datetime) -> str:
    return "" if arrived.mail.may_acknowledge else arrived.mail.no_receipt or "it forbids an automatic answer"


def _unclear_sender(arrived: Arrived, _rules: Rules, _now: datetime) -> str:
    mail = arrived.mail
    if "more than one From field" in mail.defects or "@" not in mail.sender.address.strip("@"):
        return "who sent it is not clear"
    return ""


def _not_to_us(arrived: Arrived, _rules: Rules, _now: datetime) -> str:
    return "" if arrived.is_addressed else "none of our addresses is among those it is written to"


def _asks_nothing(arrived: Arrived, _rules: Rules, _now: datetime) -> str:
    return "it asks for no answer" if arrived.intent in THANKS else ""


def _age_counts_from(arrived: Arrived) -> datetime:
    """Return when a mail was sent or came, whichever is earlier: in a mailbox that was moved, old mail comes anew."""
    sent = arrived.mail.date
    return min(arrived.standing.at, sent) if sent is not None else arrived.standing.at


LetterGuard = Callable[[Arrived, Rules, datetime], str]
LETTER_GUARDS: tuple[LetterGuard, ...] = (
    _off,
    _before_switched_on,
    _was_there,
    _sent_long_ago,
    _automatic,
    _inside,
    _unconfirmed,
    _unwelcome,
    _unclear_sender,
    _not_to_us,
    _asks_nothing,
)


# -- guards that look at the ticket


def _arrived_long_ago(standing: Standing, now: datetime) -> str:
    return "the mail is more than 24 hours old" if now - standing.at > OLDEST else ""


def _at_rest(standing: Standing, _now: datetime) -> str:
    ticket = standing.ticket
    if ticket.history:
        return "the conversation is history"
    if ticket.status is Status.SPAM or not ticket.status.is_ours:
        return f"the ticket is {ticket.status.value}"
    return ""


def _has_one(standing: Standing, _now: datetime) -> str:
    return "the ticket has its receipt already" if standing.has_receipt else ""


def _answered(standing: Standing, _now: datetime) -> str:
    return "a reply was written already" if standing.has_reply else ""


def _being_written(standing: Standing, _now: datetime) -> str:
    return "a reply is being written" if standing.is_being_written else ""


def _no_time_to_name(standing: Standing, now: datetime) -> str:
    ticket = standing.ticket
    if ticket.due_at is None or ticket.due_kind not in _REPLY_CLOCKS:
        return "no clock says when it will be answered"
    return "its answer is late already" if ticket.due_at <= now else ""


TicketGuard = Callable[[Standing, datetime], str]
TICKET_GUARDS: tuple[TicketGuard, ...] = (
    _arrived_long_ago,
    _at_rest,
    _has_one,
    _answered,
    _being_written,
    _no_time_to_name,
)


# -- guards that count


def _per_sender(sender: str, rules: Rules, sent: Sequence[Sent], now: datetime) -> str:
    most = min(rules.per_sender_per_day, PER_SENDER_PER_DAY)
    got = sum(one.sender == sender and one.at > now - DAY for one in sent)
    return f"its sender has had {got} in 24 hours" if got >= most else ""


def _per_hour(_sender: str, rules: Rules, sent: Sequence[Sent], now: datetime) -> str:
    left = sum(one.at > now - HOUR for one in sent)
    return f"{left} went out within the hour" if left >= rules.per_hour else ""


RateGuard = Callable[[str, Rules, Sequence[Sent], datetime], str]
RATE_GUARDS: tuple[RateGuard, ...] = (_per_sender, _per_hour)
