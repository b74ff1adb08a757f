"""Which mail may be acknowledged, and that no guard is there for nothing."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from supportterm.domain import receipts
from supportterm.domain.mail import Address, ParsedMail
from supportterm.domain.receipts import Arrived, Rules, Sent, Standing, held_back, refusal, sender_key
from supportterm.domain.ticket import MessageKind, Status, Ticket

NOW = datetime(2026, 11, 23, 9, 26, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
RULES = Rules(NOW - timedelta(days=3))
MARA = Address("Mara Lind", "mara@lind.example")
OTHER = Address("", "kai@lad.example")


def arrived(kind: MessageKind = MessageKind.CUSTOMER, **changes: Any) -> Arrived:
    """Return a mail that may be acknowledged but for these changes, wherever their names belong."""
    ticket = Ticket("K", "ST-K", "", Status.NEW, "email", "", MARA.address, NOW, NOW, NOW)
    ticket = dataclasses.replace(ticket, due_at=NOW + 24 * HOUR, due_kind="first reply")
    mail = ParsedMail("m1@lind.example", sender=MARA, date=NOW - MINUTE, subject="Where is it?")
    parts: dict[type, Any] = {Ticket: ticket, ParsedMail: mail, Standing: None, Arrived: None}
    names = {field.name: part for part in (Standing, Ticket, ParsedMail, Arrived) for field in dataclasses.fields(part)}
    for part in (Ticket, ParsedMail):
        of_part = {name: value for name, value in changes.items() if names[name] is part}
        parts[part] = dataclasses.replace(parts[part], **of_part)
    of_standing = {"at": NOW - MINUTE} | {n: v for n, v in changes.items() if names[n] is Standing}
    of_arrived = {name: value for name, value in changes.items() if names[name] is Arrived}
    return Arrived(parts[ParsedMail], kind, Standing(parts[Ticket], **of_standing), **of_arrived)


def sent(number: int, ago: timedelta, sender: str = MARA.address) -> list[Sent]:
    return [Sent(sender, NOW - ago)] * number


REFUSED: list[tuple[str, Arrived, Rules, list[Sent], str]] = [
    ("_off", arrived(), Rules(), [], "off"),
    ("_before_switched_on", arrived(), Rules(NOW), [], "switched on"),
    ("_before_switched_on", arrived(date=NOW - 2 * HOUR), Rules(NOW - HOUR), [], "switched on"),
    ("_was_there", arrived(was_there=True), RULES, [], "before this store"),
    ("_sent_long_ago", arrived(date=NOW - 25 * HOUR), RULES, [], "24 hours"),
    ("_automatic", arrived(is_auto=True, auto_reason="Precedence: bulk"), RULES, [], "Precedence: bulk"),
    ("_automatic", arrived(MessageKind.AUTOMATIC), RULES, [], "a machine wrote it"),
    ("_automatic", arrived(is_bounce=True), RULES, [], "delivery report"),
    ("_automatic", arrived(MessageKind.BOUNCE), RULES, [], "delivery report"),
    ("_automatic", arrived(subject="AUTO: Where is it?"), RULES, [], "subject"),
    ("_inside", arrived(is_inside=True), RULES, [], "colleague"),
    ("_inside", arrived(MessageKind.INSIDE), RULES, [], "colleague"),
    ("_unconfirmed", arrived(original_sender=OTHER), RULES, [], "not confirmed"),
    ("_unconfirmed", arrived(reply_to=(OTHER,)), RULES, [], "another address"),
    ("_unwelcome", arrived(may_acknowledge=False, no_receipt="List-Id is set"), RULES, [], "List-Id is set"),
    ("_unwelcome", arrived(may_acknowledge=False), RULES, [], "forbids"),
    ("_unclear_sender", arrived(defects=("more than one From field",)), RULES, [], "who sent it"),
    ("_unclear_sender", arrived(sender=Address("Mara", "")), RULES, [], "who sent it"),
    ("_not_to_us", arrived(is_addressed=False), RULES, [], "none of our addresses"),
    ("_asks_nothing", arrived(intent="thanks"), RULES, [], "no answer"),
    ("_at_rest", arrived(history=True), RULES, [], "history"),
    *(("_at_rest", arrived(status=s), RULES, [], s.value) for s in Status if not s.is_ours),
    ("_has_one", arrived(has_receipt=True), RULES, [], "already"),
    ("_answered", arrived(has_reply=True), RULES, [], "already"),
    ("_being_written", arrived(is_being_written=True), RULES, [], "being written"),
    ("_no_time_to_name", arrived(due_at=None), RULES, [], "no clock"),
    ("_no_time_to_name", arrived(due_kind="update"), RULES, [], "no clock"),
    ("_no_time_to_name", arrived(due_at=NOW), RULES, [], "late"),
    ("_per_sender", arrived(), RULES, sent(3, 23 * HOUR), "its sender has had 3"),
    ("_per_sender", arrived(), dataclasses.replace(RULES, per_sender_per_day=9), sent(3, HOUR), "its sender has had 3"),
    ("_per_hour", arrived(), RULES, sent(60, 59 * MINUTE, "x@y.example"), "within the hour"),
]


def test_a_plain_new_mail_of_a_customer_is_acknowledged() -> None:
    assert refusal(arrived(), RULES, [], NOW) == ""


@pytest.mark.parametrize(
    "allowed",
    [
        arrived(status=Status.OPEN),
        arrived(due_kind="next reply"),
        arrived(date=None),
        arrived(date=NOW + HOUR),
        arrived(reply_to=(Address("Mara", "Mara@Lind.example"),)),
        arrived(intent="question"),
        arrived(subject="Re: Auto: Where is it?"),
    ],
)
def test_what_looks_strange_and_is_not(allowed: Arrived) -> None:
    assert refusal(allowed, RULES, [], NOW) == ""


def test_the_counts_end_with_their_hours() -> None:
    assert refusal(arrived(), RULES, sent(3, 24 * HOUR), NOW) == ""
    assert refusal(arrived(), RULES, sent(60, HOUR, "x@y.example"), NOW) == ""
    assert refusal(arrived(), RULES, sent(59, MINUTE, "x@y.example"), NOW) == ""


@pytest.mark.parametrize(("guard", "case", "rules", "before", "says"), REFUSED)
def test_each_guard_refuses_in_words(guard: str, case: Arrived, rules: Rules, before: list[Sent], says: str) -> None:
    assert says in refusal(case, rules, before, NOW), guard


@pytest.mark.parametrize(("guard", "case", "rules", "before", "says"), REFUSED)
def test_without_its_guard_each_would_go_out(
    guard: str, case: Arrived, rules: Rules, before: list[Sent], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for group in ("LETTER_GUARDS", "TICKET_GUARDS", "RATE_GUARDS"):
        others = tuple(one for one in getattr(receipts, group) if one.__name__ != guard)
        monkeypatch.setattr(receipts, group, others)
    assert refusal(case, rules, before, NOW) == "", says


def test_every_guard_has_its_case() -> None:
    guards = {one.__name__ for one in (*receipts.LETTER_GUARDS, *receipts.TICKET_GUARDS, *receipts.RATE_GUARDS)}
    assert guards - {"_arrived_long_ago"} == {name for name, *_ in REFUSED}


def test_a_receipt_that_waited_too_long_stays() -> None:
    assert held_back(arrived(date=None, at=NOW - 23 * HOUR).standing, NOW) == ""
    assert "24 hours" in held_back(arrived(date=None, at=NOW - 25 * HOUR).standing, NOW)


def test_tags_behind_a_plus_make_nobody_else_of_a_sender() -> None:
    assert sender_key("Mara+shop@Lind.example") == sender_key("mara@lind.example") == "mara@lind.example"
    assert sender_key("+@lind.example") == "+@lind.example"
    assert sender_key("nobody") == "nobody"
