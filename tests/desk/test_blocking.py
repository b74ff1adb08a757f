"""Senders refused, let in again, and the step undone."""

from __future__ import annotations

import pytest

from supportterm.desk import blocking, verbs
from supportterm.domain.errors import RefusedError
from supportterm.domain.ticket import Status, Ticket
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import World, letter


async def wrote(
    world: World, message_id: str, sender: str = "Spammer <win@prize.example>", refs: list[str] | None = None
) -> Ticket:
    world.clock.advance(60)
    world.server.put(letter("You won!", sender=sender, message_id=message_id, refs=refs or []), at=world.clock.now())
    await world.sync()
    with reading(world.desk.database.path) as views:
        rows = views._rows("SELECT ticket_key FROM message WHERE message_id = ?", [message_id])
        return views.tickets([rows[0]["ticket_key"]])[0]


def joined_by(world: World, key: str) -> list[str]:
    with reading(world.desk.database.path) as views:
        return [message.joined_by for message in views.messages(key)]


async def test_mail_of_a_blocked_sender_arrives_as_spam_and_says_why(world: World) -> None:
    await world.sync()
    first = await wrote(world, "1@p")
    blocking.block(world.desk, [first.ref])
    later = await wrote(world, "2@p", "WIN@Prize.example")
    assert later.status is Status.SPAM
    assert joined_by(world, later.key) == ["began the conversation; spam, for WIN@Prize.example is blocked"]
    answer = await wrote(world, "3@p", refs=["1@p"])
    assert (answer.key, answer.status) == (first.key, Status.SPAM)
    other = await wrote(world, "4@p", "Someone <else@prize.example>")
    assert other.status is Status.NEW


async def test_a_blocked_sender_spoils_nobody_elses_ticket(world: World) -> None:
    await world.sync()
    mine = await wrote(world, "1@x", "Mara <mara@lind.example>")
    blocking.block(world.desk, ["win@prize.example"])
    assert (await wrote(world, "2@p", refs=["1@x"])).key == mine.key
    with reading(world.desk.database.path) as views:
        assert views.queue(Where("1"))[0].status is Status.NEW


async def test_a_domain_is_blocked_with_what_lies_below_it(world: World) -> None:
    await world.sync()
    blocking.block(world.desk, ["@prize.example"])
    assert (await wrote(world, "1@p", "a@mail.prize.example")).status is Status.SPAM
    assert (await wrote(world, "2@p", "a@surprize.example")).status is Status.NEW


async def test_undo_takes_back_the_block_and_the_status(world: World) -> None:
    await world.sync()
    tickets = [await wrote(world, "1@p"), await wrote(world, "1@q", "b@q.example")]
    blocking.block(world.desk, [ticket.ref for ticket in tickets])
    done = verbs.undo(world.desk)
    assert "no longer blocked" in done.words
    with reading(world.desk.database.path) as views:
        assert views.blocked() == []
        assert {ticket.status for ticket in views.queue(Where("1"))} == {Status.NEW}
    assert (await wrote(world, "2@p")).status is Status.NEW


async def test_who_is_let_in_again_can_be_blocked_again_by_undo(world: World) -> None:
    blocking.block(world.desk, ["win@prize.example"])
    blocking.unblock(world.desk, " Win@prize.example ")
    with pytest.raises(RefusedError, match="not blocked"):
        blocking.unblock(world.desk, "win@prize.example")
    verbs.undo(world.desk)
    with reading(world.desk.database.path) as views:
        assert [address for address, _, _ in views.blocked()] == ["win@prize.example"]


@pytest.mark.parametrize(
    ("who", "domain", "words"),
    [
        ("support@acme.example", False, "own team"),
        ("@acme.example", False, "own team"),
        ("a@gmail.com", True, "public provider"),
        ("@gmail.com", False, "public provider"),
        ("nobody at all@", False, "no address"),
    ],
)
async def test_who_must_not_be_blocked_is_refused(world: World, who: str, domain: bool, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        blocking.block(world.desk, [who], domain=domain)


async def test_what_is_blocked_already_is_said(world: World) -> None:
    blocking.block(world.desk, ["win@prize.example"])
    with pytest.raises(RefusedError, match="already"):
        blocking.block(world.desk, ["win@prize.example"])
