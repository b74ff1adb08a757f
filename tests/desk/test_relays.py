"""Contact forms and forwarders: once an agent says so, their mail is the customer's, now and later."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from supportterm.desk import relays, verbs
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.ticket import MessageKind, Ticket
from supportterm.mail import parse
from supportterm.store.views import reading
from tests.desk.office import Office, open_office

FORM = "noreply@forms.example"
MARA = "mara@lind.example"
FILLED = "Name: Mara Lind\nEmail: mara@lind.example\n\nWhere is my parcel? It has not come."


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    found = await open_office(tmp_path / "office")
    yield found
    found.desk.database.close()


async def form(office: Office, number: int, text: str = FILLED, **headers: Any) -> None:
    await office.gets(text, **({"sender": f"Shop <{FORM}>", "message_id": f"f{number}@forms.example"} | headers))
    await office.sync()


def newest(office: Office) -> Ticket:
    return max(office.tickets(), key=lambda ticket: (ticket.created_at, ticket.key))


async def test_a_form_is_asked_about_once_and_its_waiting_mail_is_acknowledged_then(office: Office) -> None:
    await form(office, 1)
    (ticket,) = office.tickets()
    assert ticket.requester_address == MARA
    assert office.receipts == []
    with reading(office.desk.database.path) as views:
        asked = views.relayed(ticket.key)
        assert asked is not None
        assert (asked.relay, asked.customer.address, asked.is_trusted) == (FORM, MARA, None)
    relays.decide(office.desk, ticket.ref, trust=True)
    await office.sync()
    (receipt,) = office.receipts
    assert receipt.recipients == (MARA,)
    with reading(office.desk.database.path) as views:
        asked = views.relayed(ticket.key)
        assert asked is not None
        assert asked.is_trusted is True
    with pytest.raises(RefusedError, match="so already"):
        relays.decide(office.desk, FORM, trust=True)


async def test_later_mail_of_a_confirmed_form_is_acknowledged_by_itself_within_the_rules(office: Office) -> None:
    await form(office, 1)
    relays.decide(office.desk, FORM, trust=True)
    for number in range(2, 7):
        office.clock.advance(60)
        await form(office, number)
    assert [mail.recipients for mail in office.receipts] == [(MARA,)] * 3, "the form's customer has had three in a day"


async def test_what_a_confirmed_form_says_of_machines_goes_on_to_hold(office: Office) -> None:
    await form(office, 1)
    relays.decide(office.desk, FORM, trust=True)
    await office.sync()
    office.clock.advance(60)
    other = FILLED.replace(MARA, "kai@lad.example")
    await form(office, 2, other, Auto_Submitted="auto-generated")
    await form(office, 3, FILLED.replace(MARA, "noreply@lad.example"))
    await form(office, 4, FILLED.replace(MARA, "anna@acme.example"))
    await form(office, 5, other, X_Auto_Response_Suppress="All")
    assert [mail.recipients for mail in office.receipts] == [(MARA,)]


async def test_a_form_that_is_refused_speaks_for_itself_here_and_later(office: Office) -> None:
    await form(office, 1, sender="Shop <website@shop.example>")
    (ticket,) = office.tickets()
    relays.decide(office.desk, ticket.ref, trust=False)
    assert office.tickets()[0].requester_address == "website@shop.example"
    office.clock.advance(60)
    await form(office, 2, sender="Shop <website@shop.example>")
    assert newest(office).requester_address == "website@shop.example"
    assert MARA not in {to for mail in office.receipts for to in mail.recipients}
    relays.decide(office.desk, newest(office).ref, trust=True)
    assert newest(office).requester_address == MARA


async def test_a_colleagues_forward_is_the_customers_once_that_is_said(office: Office) -> None:
    text = "See below.\n\n---------- Forwarded message ---------\nFrom: Mara Lind <mara@lind.example>"
    text += "\nSubject: Parcel\n\nWhere?"
    await form(office, 1, text, sender="Anna <anna@acme.example>", subject="Fwd: Parcel")
    (ticket,) = office.tickets()
    assert ticket.requester_address == MARA
    assert office.receipts == []
    relays.decide(office.desk, "Anna@acme.example", trust=True)
    await office.sync()
    (receipt,) = office.receipts
    assert receipt.recipients == (MARA,)
    assert b"Auto:" in receipt.raw
    assert parse.parse(receipt.raw).is_auto


async def test_a_no_leaves_the_customer_of_a_ticket_they_began_themselves(office: Office) -> None:
    await office.gets("Where is it?", message_id="m1@lind.example")
    office.clock.advance(60)
    await form(office, 2, sender="website@shop.example", refs=("m1@lind.example",))
    (ticket,) = office.tickets()
    relays.decide(office.desk, ticket.ref, trust=False)
    assert office.tickets()[0].requester_address == MARA
    assert len(office.messages(office.tickets()[0], MessageKind.CUSTOMER)) == 2


async def test_undo_takes_the_word_back_and_the_customer_with_it(office: Office) -> None:
    await form(office, 1)
    (ticket,) = office.tickets()
    relays.decide(office.desk, ticket.ref, trust=False)
    assert office.tickets()[0].requester_address == FORM
    assert "took back" in verbs.undo(office.desk).words
    assert office.tickets()[0].requester_address == MARA
    with reading(office.desk.database.path) as views:
        (one,) = views.relays()
    assert (one.address, one.mails, one.is_trusted) == (FORM, 1, None)


async def test_old_mail_is_not_acknowledged_when_the_form_is_confirmed(office: Office) -> None:
    await form(office, 1)
    office.clock.advance(timedelta(hours=25).total_seconds())
    relays.decide(office.desk, FORM, trust=True)
    await office.sync()
    assert office.receipts == []


async def test_what_came_through_no_form_is_refused_in_words(office: Office) -> None:
    await office.gets(message_id="m1@lind.example")
    with pytest.raises(NotFoundError, match="did not come through"):
        relays.decide(office.desk, office.tickets()[0].ref, trust=True)
    with pytest.raises(NotFoundError, match="came through nobody@lad"):
        relays.decide(office.desk, "nobody@lad.example", trust=True)
