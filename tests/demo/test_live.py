"""The demo's world while somebody works in it: a colleague at another desk, new mail, a cable."""

import asyncio
import email
import socket
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest

from supportterm.cli.live_demo import cable
from supportterm.config import load
from supportterm.demo import scratch
from supportterm.demo.arriving import PAUSES, Arrivals
from supportterm.demo.colleague import LEAVES_THE_FIRST, Colleague, free_ticket, is_crossed
from supportterm.demo.conversation import arrivals, conversation_of
from supportterm.demo.live import Account, Live
from supportterm.demo.samples import arriving
from supportterm.demo.samples import load as sample_mails
from supportterm.demo.server import AcceptedMail, ServerMail
from supportterm.desk import replying
from supportterm.mail import parse
from supportterm.store.views import reading
from tests.desk.fakes import ADDRESS, NOW, World, make_world


class Mailbox:
    """A host that writes down what is delivered."""

    user, password, imap_port, smtp_port = ADDRESS, "throw-away", 1, 2

    def __init__(self) -> None:
        self.delivered: list[tuple[str, bytes]] = []
        self.came = asyncio.Event()

    async def deliver(
        self, raw: bytes, folder: str = "INBOX", when: datetime | None = None, flags: Sequence[str] = ()
    ) -> int:
        self.delivered.append((folder, raw))
        self.came.set()
        return len(self.delivered)

    async def network(self, up: bool) -> None:
        raise AssertionError("nobody but the agent pulls the cable")

    async def accepted(self, after: int = 0) -> list[AcceptedMail]:
        return []

    async def mails(self, folder: str) -> list[ServerMail]:
        return []


@pytest.fixture
async def world(tmp_path: Path) -> World:
    made = make_world(tmp_path, undo_seconds=600)
    for sample in sample_mails(NOW - timedelta(minutes=5), ADDRESS):
        made.server.put(sample.raw, sample.folder, sample.received_at)
    await made.sync()
    return made


async def seen(world: World, host: Mailbox, takes_seconds: float) -> None:
    """Let the colleague work until she has written, and a little longer."""
    task = asyncio.create_task(Colleague(host, world.desk.database.path, world.desk.now, takes_seconds).run())
    try:
        await asyncio.wait_for(host.came.wait(), 10)
        await asyncio.sleep(0.7)
    finally:
        task.cancel()


async def test_the_colleague_crosses_the_third_reply_and_leaves_the_first_two_alone(world: World) -> None:
    assert [number for number in range(1, 12) if is_crossed(number)] == [3, 7, 11]
    host = Mailbox()
    with reading(world.desk.database.path) as views:
        names = [row.ref for row in views.queue(_open(world))[:3]]
    for name in names:
        replying.reply(world.desk, name, "I am looking into it and write again today.")
    await seen(world, host, 3600)
    ((folder, raw),) = host.delivered
    assert folder == "Sent"
    with reading(world.desk.database.path) as views:
        (third,) = views.find(names[2])
    said = parse.parse(raw)
    assert [address.address for address in said.to] == [third.requester_address]
    world.server.put(raw, "Sent", NOW)
    world.clock.advance(601)
    await world.sync()
    with reading(world.desk.database.path) as views:
        assert sorted(mail.state.value for mail in views.outbox(everything=True)) == ["accepted", "accepted", "review"]


async def test_the_colleague_takes_a_ticket_that_is_nobodys_and_not_among_the_first(world: World) -> None:
    host = Mailbox()
    await seen(world, host, 0.6)
    with reading(world.desk.database.path) as views:
        open_ = views.queue(_open(world))
        chosen = free_ticket(views, NOW, [])
    assert chosen is not None
    assert chosen.key not in [ticket.key for ticket in open_[:LEAVES_THE_FIRST]]
    assert {folder for folder, _ in host.delivered} == {"Sent"}
    assert parse.parse(host.delivered[0][1]).to[0].address == chosen.requester_address


async def test_the_colleague_waits_while_there_is_no_store_yet(tmp_path: Path) -> None:
    host = Mailbox()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.8):
            await Colleague(host, tmp_path / "none.sqlite3", takes_seconds=0).run()
    assert host.delivered == []


async def test_new_mail_comes_alone_and_together_until_there_is_none_left() -> None:
    host = Mailbox()
    await Arrivals(host, [(0, together) for _, together in PAUSES], lambda: NOW).run()
    assert len(host.delivered) == len(arrivals()) == sum(together for _, together in PAUSES)
    assert max(together for _, together in PAUSES) == 3
    assert {folder for folder, _ in host.delivered} == {"INBOX"}
    for _, raw in host.delivered:
        mail = parse.parse(raw)
        assert mail.text.strip()
        assert mail.message_id is not None
        assert conversation_of((mail.message_id,)) in arrivals()
        assert email.message_from_bytes(raw).defects == []
    assert arriving(len(arrivals()), NOW, ADDRESS) is None


def test_the_scratch_configuration_is_anybodys_and_holds_no_password(tmp_path: Path) -> None:
    config = scratch.configure(tmp_path, Account(ADDRESS, "throw-away", 143, 25), undo_seconds=7, poll_seconds=15)
    assert config == load(tmp_path / scratch.CONFIG)
    assert (config.sending.undo_seconds, config.sync.poll_seconds, config.store) == (7, 15, tmp_path / scratch.STORE)
    assert "throw-away" not in (tmp_path / scratch.CONFIG).read_text()


async def test_the_cable_is_pulled_and_plugged_in_by_name(tmp_path: Path) -> None:
    app = MagicMock()
    with Live(tmp_path / scratch.STORE, ADDRESS) as live:
        account = await asyncio.to_thread(live.account)
        commands = cable(live, app)
        assert set(commands) == {"offline", "online"}
        assert all(help_ for help_, _ in commands.values())
        assert reachable(account.smtp_port)
        await commands["offline"][1]("")
        assert not reachable(account.smtp_port)
        assert not reachable(account.imap_port)
        await commands["online"][1]("")
        assert reachable(account.imap_port)
    said = [call.args[0].split(".")[0] for call in app.notify.call_args_list]
    assert said == ["The cable is out", "The cable is in again"]
    assert not reachable(account.imap_port)


def reachable(port: int) -> bool:
    """Tell whether something listens on a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _open(world: World) -> Any:
    from supportterm.domain import query
    from supportterm.store.filters import compile_query

    return compile_query(query.parse("is:open"), me="ada", now_ms=int(world.desk.now().timestamp() * 1000))
