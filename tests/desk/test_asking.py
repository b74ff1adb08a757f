"""`has:question`: the tickets on which what the customer wrote last asks something."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from supportterm.config import Receipt
from supportterm.desk import verbs
from supportterm.desk.rerank import keep_up
from supportterm.domain.query import parse
from supportterm.domain.ticket import Status
from supportterm.store.filters import compile_query
from supportterm.store.mapping import to_ms
from supportterm.store.rows import execute
from supportterm.store.views import reading
from tests.desk.office import Office, open_office


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    found = await open_office(tmp_path / "office", Receipt())
    yield found
    found.desk.database.close()


def subjects(office: Office, query: str = "has:question") -> set[str]:
    where = compile_query(parse(query), me="me", now_ms=to_ms(office.clock.now()))
    with reading(office.desk.database.path) as views:
        return {ticket.subject for ticket in views.queue(where)}


async def test_it_names_those_who_ask_in_any_language(office: Office) -> None:
    await office.gets("The parcel came late.", subject="Told", message_id="m0@lind.example")
    await office.gets("The parcel came late. Can I send it back?", subject="Asked", message_id="m1@lind.example")
    await office.gets("Посылка пришла поздно. Можно её вернуть?", subject="Спросил", message_id="m2@lind.example")
    await office.gets("荷物が遅れました。返品できますか。", subject="質問", message_id="m3@lind.example")
    await office.gets("It came late.\n\n> Was it in time?", subject="Quoted", message_id="m4@lind.example")
    assert subjects(office) == {"Asked", "Спросил", "質問"}
    assert subjects(office, "-has:question is:open") == {"Told", "Quoted"}


async def test_the_subject_of_a_first_mail_may_ask(office: Office) -> None:
    await office.gets("I mean the blue one.", subject="Can I send it back?")
    assert subjects(office) == {"Can I send it back?"}


async def test_it_follows_the_conversation(office: Office) -> None:
    await office.gets("It came late.", subject="Parcel", message_id="m1@lind.example")
    await office.gets(
        "Can I send it back?", subject="Re: Parcel", message_id="m2@lind.example", refs=("m1@lind.example",)
    )
    assert subjects(office) == {"Parcel"}
    (ticket,) = office.tickets()
    verbs.change(office.desk, ticket.key, verbs.Change(status=Status.SOLVED))
    assert subjects(office) == set()
    verbs.undo(office.desk, ticket.key)
    assert subjects(office) == {"Parcel"}


async def test_a_store_of_before_is_looked_through_by_the_next_ranking(office: Office) -> None:
    await office.gets("Can I send it back?", subject="Parcel")
    with office.desk.database.write() as session:
        execute(session, "UPDATE ticket SET asks = NULL, rank_changes_at = 0")
    assert subjects(office) == set()
    keep_up(office.desk.database, office.desk.ranking, office.clock)
    assert subjects(office) == {"Parcel"}
