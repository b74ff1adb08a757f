"""Mail coming in: what becomes a ticket, what joins one, what is history."""

from __future__ import annotations

from datetime import timedelta

from supportterm.domain.ticket import MessageKind, Status, Ticket, Tier
from supportterm.store.filters import Where
from supportterm.store.views import Views, reading
from tests.desk.fakes import ADDRESS, NOW, World, letter


def tickets(world: World) -> list[Ticket]:
    with reading(world.desk.database.path) as views:
        return views.queue(Where("1"), 1000)


def kinds(world: World, ticket: Ticket) -> list[MessageKind]:
    with reading(world.desk.database.path) as views:
        return [m.kind for m in views.messages(ticket.key)]


async def begin(world: World) -> None:
    """Let the first sync be over, so that what follows is live."""
    await world.sync()
    world.clock.advance(3600)


async def test_a_mail_becomes_a_new_ticket_with_a_clock(world: World) -> None:
    await begin(world)
    world.server.put(letter("When will it ship?"), at=world.clock.now())
    await world.sync()
    [ticket] = tickets(world)
    assert (ticket.status, ticket.requester_address, ticket.subject) == (Status.NEW, "mara@lind.example", "A question")
    assert ticket.due_at == ticket.created_at + timedelta(hours=24)
    assert ticket.ref.startswith("ST-")
    assert ticket.key.startswith(ticket.ref.removeprefix("ST-"))


async def test_points_always_add_up(world: World) -> None:
    await begin(world)
    world.server.put(letter("Third time I write: our shop is down for everyone, we lose 400 euro every hour!!"))
    await world.sync()
    [ticket] = tickets(world)
    assert ticket.score == sum(reason.points for reason in ticket.reasons)
    assert ticket.tier is Tier.NOW


async def test_an_answer_joins_by_references_whatever_comes_first(world: World) -> None:
    world.server.put(letter("And another thing", message_id="m3@x", refs=["m1@x", "m2@x"]), at=NOW)
    world.server.put(letter("More", message_id="m2@x", refs=["m1@x"]), at=NOW - timedelta(hours=1))
    world.server.put(letter("Hello", message_id="m1@x"), at=NOW - timedelta(hours=2))
    await world.sync()
    [ticket] = tickets(world)
    assert ticket.messages == 3
    assert ticket.created_at == NOW - timedelta(hours=2)


async def test_a_mail_that_links_two_tickets_joins_them_and_both_references_lead_there(world: World) -> None:
    world.server.put(letter("One", message_id="a@x"), at=NOW - timedelta(hours=3))
    world.server.put(letter("Two", message_id="b@x"), at=NOW - timedelta(hours=2))
    await world.sync()
    refs = [ticket.ref for ticket in tickets(world)]
    assert len(refs) == 2
    world.server.put(letter("Both are one matter", message_id="c@x", refs=["a@x", "b@x"]), at=NOW)
    await world.sync()
    [ticket] = tickets(world)
    assert ticket.messages == 3
    with reading(world.desk.database.path) as views:
        assert {views.find(ref)[0].key for ref in refs} == {ticket.key}
        assert sum(views.counts("ada").values()) == sum(Views.counts(views, "ada").values())
        assert views.counts("ada")["unassigned"] == 1


async def test_never_by_the_subject_alone_but_by_the_reference_in_it(world: World) -> None:
    await begin(world)
    world.server.put(letter("One", message_id="a@x", subject="Invoice"), at=world.clock.now())
    await world.sync()
    [first] = tickets(world)
    world.server.put(letter("Two", message_id="b@x", subject="Re: Invoice"), at=world.clock.now())
    world.server.put(letter("Three", message_id="c@x", subject=f"Re: Invoice [{first.ref}]"), at=world.clock.now())
    await world.sync()
    found = {ticket.key: ticket.messages for ticket in tickets(world)}
    assert found[first.key] == 2
    assert len(found) == 2


async def test_a_reused_message_id_of_another_sender_neither_hides_nor_joins(world: World) -> None:
    world.server.put(letter("Mine", message_id="1@localhost"))
    world.server.put(letter("Quite another matter", message_id="1@localhost", sender="jo@park.example"))
    world.server.put(letter("Without any id", message_id=None, sender="kim@lad.example"))
    world.server.put(letter("Without any id", message_id=None, sender="kim@lad.example"))
    for _ in range(3):
        await world.sync()
    assert sorted(ticket.messages for ticket in tickets(world)) == [1, 1, 2]


async def test_a_second_copy_in_another_folder_is_the_same_message(world: World) -> None:
    raw = letter("Hello")
    world.server.put(raw)
    world.server.put(raw, "Sent")
    await world.sync()
    [ticket] = tickets(world)
    assert ticket.messages == 1


async def test_a_new_uidvalidity_shows_nothing_twice_and_changes_nothing(world: World) -> None:
    for number in range(30):
        world.server.put(letter(f"Mail {number}", message_id=None if number % 3 else f"{number}@x"))
    await world.sync()
    before = sorted(ticket.key for ticket in tickets(world))
    world.server.validity = 2
    await world.sync()
    await world.sync()
    assert sorted(ticket.key for ticket in tickets(world)) == before
    assert sum(ticket.messages for ticket in tickets(world)) == 30
    assert not world.server.accepted


async def test_history_as_settled(world: World) -> None:
    def put(
        name: str, days: float, sender: str = "mara@lind.example", folder: str = "INBOX", refs: tuple[str, ...] = ()
    ) -> None:
        at = NOW - timedelta(days=days)
        to = ADDRESS if folder == "INBOX" else "mara@lind.example"
        world.server.put(letter(name, message_id=f"{name}@x", sender=sender, to=to, refs=refs, at=at), folder, at)

    put("old-theirs", 30)
    put("recent-theirs", 3)
    put("answered", 5)
    put("our-answer", 4, ADDRESS, "Sent", ("answered@x",))
    put("again", 6)
    put("we", 5, ADDRESS, "Sent", ("again@x",))
    put("they-again", 2, refs=("again@x", "we@x"))
    put("old-question", 40)
    put("old-answer", 39, ADDRESS, "Sent", ("old-question@x",))
    await world.sync()
    assert len(tickets(world)) == 5
    by_count = sorted((t.status.value, t.messages, t.history, t.due_at is None) for t in tickets(world))
    assert by_count == [
        ("closed", 1, True, True),
        ("new", 1, False, False),
        ("open", 3, False, False),
        ("pending", 2, False, True),
        ("pending", 2, True, True),
    ]
    with reading(world.desk.database.path) as views:
        assert views.counts("ada")["waiting"] == 1


async def test_automatic_mail_is_no_work(world: World) -> None:
    await begin(world)
    world.server.put(letter("I am on holiday", Auto_Submitted="auto-replied"), at=world.clock.now())
    await world.sync()
    [ticket] = tickets(world)
    assert (ticket.tier, ticket.due_at) == (Tier.NO_ANSWER, None)
    assert kinds(world, ticket) == [MessageKind.AUTOMATIC]


async def test_thanks_neither_reopen_nor_start_a_clock(world: World) -> None:
    await begin(world)
    at = world.clock.now()
    world.server.put(letter("How do I export?", message_id="q@x", at=at), at=at)
    world.server.put(
        letter("Press E.", message_id="a@x", sender=ADDRESS, to="mara@lind.example", refs=["q@x"], at=at), "Sent", at
    )
    await world.sync()
    [ticket] = tickets(world)
    assert ticket.status is Status.PENDING
    world.clock.advance(60)
    world.server.put(letter("That solved it, thank you!", message_id="t@x", refs=["q@x", "a@x"]), at=world.clock.now())
    await world.sync()
    [ticket] = tickets(world)
    assert (ticket.status, ticket.due_at, ticket.messages) == (Status.PENDING, None, 3)
    world.clock.advance(60)
    world.server.put(letter("It is broken again!", message_id="u@x", refs=["q@x", "a@x"]), at=world.clock.now())
    await world.sync()
    [ticket] = tickets(world)
    assert ticket.status is Status.OPEN
    assert ticket.due_at is not None


async def test_a_colleagues_mail_on_a_ticket_is_inside_and_stops_no_clock(world: World) -> None:
    await begin(world)
    world.server.put(letter("Broken!", message_id="q@x"), at=world.clock.now())
    await world.sync()
    [before] = tickets(world)
    world.clock.advance(60)
    world.server.put(
        letter("Fixed in 2.4.1", message_id="k@x", sender="Kai <kai@acme.example>", refs=["q@x"]), at=world.clock.now()
    )
    await world.sync()
    [after] = tickets(world)
    assert kinds(world, after) == [MessageKind.CUSTOMER, MessageKind.INSIDE]
    assert after.due_at == before.due_at


async def test_mail_on_a_closed_ticket_opens_a_linked_one_and_answers_stay_there(world: World) -> None:
    world.server.put(letter("Long ago", message_id="old@x", at=NOW - timedelta(days=40)), at=NOW - timedelta(days=40))
    await begin(world)
    [old] = tickets(world)
    assert old.status is Status.CLOSED
    world.server.put(letter("It is back", message_id="new@x", refs=["old@x"]), at=world.clock.now())
    await world.sync()
    world.clock.advance(60)
    world.server.put(letter("Anyone?", message_id="newer@x", refs=["old@x", "new@x"]), at=world.clock.now())
    await world.sync()
    found = {ticket.key: ticket for ticket in tickets(world)}
    assert found.pop(old.key).messages == 1
    [new] = found.values()
    assert (new.follows, new.status, new.messages) == (old.key, Status.NEW, 2)
