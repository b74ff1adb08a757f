"""A poison mail hides nothing else (P4): read in the real child, each is shown with its source, the good ones whole."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from supportterm.desk.worker import Doors, Worker
from supportterm.domain.identity import fingerprint
from supportterm.mail.parse import parse
from supportterm.mail.reading import Reader
from supportterm.store import messages
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import NOW, FakeMailbox, FakeTransport, World, letter, make_world
from tests.faults.scene import scaled
from tests.mail.hostile import HOSTILE


async def test_hostile_mail_among_good_hides_nothing(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    hostile = list(HOSTILE.values())
    good = scaled(300, 1000)
    for number in range(good):
        at = NOW - timedelta(minutes=number)
        world.server.put(letter(f"Good mail {number}", message_id=f"good-{number}@x"), at=at)
        if number < len(hostile):
            world.server.put(hostile[number], at=at - timedelta(seconds=30))
    await sync(world)
    await sync(world)
    with reading(world.desk.database.path) as views:
        shown = [m for ticket in views.queue(Where("1"), 5000) for m in views.messages(ticket.key)]
    assert sum(m.text.startswith("Good mail") for m in shown) == good
    with world.desk.database.write() as session:
        kept = {messages.source(session, m.raw) for m in shown if m.raw}
    told_apart = {fingerprint(parse(raw)) for raw in hostile}
    assert told_apart <= {fingerprint(parse(raw)) for raw in kept if raw is not None}
    print(f"{len(told_apart)} hostile mails among {good}: all {good} good ones shown, every source kept")
    world.desk.database.close()


async def sync(world: World) -> None:
    async with Reader() as reader:
        doors = Doors(lambda: FakeMailbox(world.server), lambda: FakeTransport(world.server), reader)
        await Worker(world.desk, doors).once()
