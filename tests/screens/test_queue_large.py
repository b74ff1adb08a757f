"""The queue over a hundred thousand tickets, and while a first sync pours them in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from supportterm.desk.verbs import Change, change
from supportterm.domain.ticket import Status, Ticket, Tier
from supportterm.screens.queue import QueueScreen
from supportterm.store import meta, tickets
from supportterm.store.mapping import TICKET_COLUMNS
from supportterm.store.rows import execute
from tests.desk.fakes import NOW, World
from tests.screens.office import office, text_of, until

MANY = 100_000


def made(number: int) -> Ticket:
    return Ticket(
        key=f"{number * 7919 % 1_000_003:010}",
        ref=f"ST-{number:07}",
        subject=f"Matter {number}",
        status=Status.OPEN if number % 3 else Status.NEW,
        channel="email",
        requester_name="伊藤 健二" if number % 2 else "Mara Lindqvist",
        requester_address=f"c{number}@x.example",
        created_at=NOW - timedelta(seconds=number),
        updated_at=NOW,
        last_message_at=NOW,
        waiting_since=NOW - timedelta(seconds=number),
        due_at=NOW + timedelta(hours=24, seconds=-number),
        due_kind="first reply",
        tier=Tier(0 if number % 1000 == 0 else 1 + number % 3),
    )


def fill(world: World, first: int, number: int, *, synced: bool) -> None:
    """Put so many tickets into the store: the first as the store writes it, the others after its pattern."""
    changed = {
        "key": "printf('%010d', n * 7919 % 1000003)",
        "ref": "printf('ST-%07d', n)",
        "subject": "'Matter ' || n",
        "due_at": "due_at - (n - ?1) * 1000",
        "tier": "CASE WHEN n % 1000 = 0 THEN 0 ELSE 1 + n % 3 END",
    }
    columns = ", ".join(changed.get(column, column) for column in TICKET_COLUMNS)
    with world.desk.database.write() as session:
        tickets.save(session, [made(first)])
        execute(
            session,
            "WITH RECURSIVE number(n) AS (SELECT ?1 + 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?2)"  # noqa: S608 our own columns
            f" INSERT INTO ticket ({', '.join(TICKET_COLUMNS)}) SELECT {columns} FROM ticket, number WHERE key = ?3",
            [first, first + number - 1, made(first).key],
        )
        if synced:
            meta.put(session, "sync", f'{{"state": "online", "success": "{NOW.isoformat()}"}}')


async def test_a_hundred_thousand_tickets_are_listed_and_only_what_is_seen_is_read(world: World) -> None:
    fill(world, 0, MANY, synced=True)
    async with office(world) as (app, pilot):
        queue = app.screen
        assert isinstance(queue, QueueScreen)
        read: list[str] = []
        fetch = queue.listed.fetch

        def counted(keys: Sequence[str]) -> list[Ticket]:
            read.extend(keys)
            return fetch(keys)

        queue.listed.fetch = counted
        await until(pilot, lambda: len(queue.listed.order) == MANY)
        await until(pilot, lambda: "NOW 100" in text_of(app))
        await pilot.press("G")
        await until(pilot, lambda: "NO ANSWER NEEDED" in text_of(app) or "▌" in text_of(app))
        await pilot.press(*["pageup"] * 5, *["k"] * 5, "g", *["j"] * 30)
        here = queue.selected()
        assert queue.listed.order.row(here) == 30
        change(world.desk, queue.listed.order.key(3), Change(status=Status.SOLVED))
        await until(pilot, lambda: len(queue.listed.order) == MANY - 1)
        assert queue.selected() == here
        assert len(read) < 2_000
        assert len(queue.listed._held) < 400
        await pilot.press("X", "e")
        await until(pilot, lambda: any("too many" in note.message for note in app._notifications))


async def test_a_first_sync_fills_the_screen_and_then_only_counts(world: World) -> None:
    async with office(world) as (app, pilot):
        queue = app.screen
        assert isinstance(queue, QueueScreen)
        for batch in range(4):
            fill(world, batch * 10 + 5, 10, synced=False)
            await pilot.pause(0.05)
        await until(pilot, lambda: len(queue.listed.order) >= queue.listed.size.height)
        held = queue.listed.order
        await pilot.press("j", "j")
        here = queue.selected()
        for batch in range(4):
            fill(world, 1000 + batch * 50, 50, synced=False)
            await pilot.pause(0.05)
        await until(pilot, lambda: "new, press ." in text_of(app).replace("more pressing, ", ""))
        assert (queue.selected(), queue.listed.order.cells) == (here, held.cells)
        await pilot.press("full_stop")
        await until(pilot, lambda: len(queue.listed.order) == 240)
        assert queue.selected() == here


async def test_the_end_of_a_first_sync_puts_the_list_in_order_for_who_has_not_moved_yet(world: World) -> None:
    async with office(world) as (app, pilot):
        queue = app.screen
        assert isinstance(queue, QueueScreen)
        fill(world, 1000, 60, synced=False)
        await until(pilot, lambda: len(queue.listed.order) == 60)
        fill(world, 5, 60, synced=False)
        await until(pilot, lambda: "60 new" in text_of(app) or "more pressing" in text_of(app))
        assert len(queue.listed.order) == 60
        fill(world, 200, 10, synced=True)
        await until(pilot, lambda: len(queue.listed.order) == 130)
        assert queue.selected() == queue.listed.order.key(0)
        fill(world, 300, 10, synced=True)
        await until(pilot, lambda: "10 new, press ." in text_of(app).replace("more pressing, ", ""))
        assert len(queue.listed.order) == 130
