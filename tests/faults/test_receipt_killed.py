"""A worker killed anywhere between taking a mail in and its receipt's last byte leaves no second receipt."""

from __future__ import annotations

import asyncio
import shutil
import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from supportterm.domain.operations import OperationKind, State
from supportterm.domain.ticket import MessageKind, Status
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.faults import worker_process
from tests.faults.mailbox import deliver
from tests.faults.scene import NOW, SOAK, Scene, letter, scaled
from tests.servers.smtpd import Faults, SmtpServer

START = NOW + timedelta(hours=1)
CUSTOMERS = 3
POINTS = scaled(20, 300)

if SOAK:
    pytestmark = pytest.mark.soak


def set_up(place: Path) -> None:
    """Leave new mail of some customers in a mailbox that was read before it came."""
    place.mkdir()
    (place / "receipts").touch()
    scene = Scene(place)
    asyncio.run(scene.sync())
    for number in range(CUSTOMERS):
        at = NOW + timedelta(minutes=number + 1)
        sender = f"customer{number}@buyer.example"
        raw = letter(sender, f"Parcel {number}", "It has not come.", message_id=f"<{number}@buyer.example>", when=at)
        deliver(scene.root, raw, at)


@pytest.mark.parametrize("end", ["", "drop after dot"])
def test_a_killed_worker_acknowledges_nobody_twice(end: str, smtp_server: SmtpServer, tmp_path: Path) -> None:
    template = tmp_path / "template"
    set_up(template)
    smtp_server.faults = Faults(end=end)  # type: ignore[arg-type]  # one of its words
    counting = tmp_path / "counting"
    shutil.copytree(template, counting)
    assert worker_process.run(counting, smtp_server.server(), START, 0) == 0
    total = worker_process.steps(counting)
    doubled, lost, disturbed, uncertain, killed = [], [], [], 0, 0
    points = sorted({1 + number * (total - 1) // (POINTS - 1) for number in range(POINTS)})
    for kill_at in points:
        place = tmp_path / f"run{kill_at}"
        shutil.copytree(template, place)
        smtp_server.taken, smtp_server.faults = [], Faults(end=end)  # type: ignore[arg-type]  # one of its words
        killed += worker_process.run(place, smtp_server.server(), START, kill_at) == -signal.SIGKILL
        scene = Scene(place, smtp_server.server(), start=START)
        asyncio.run(scene.work(timedelta(minutes=1)))
        asyncio.run(scene.work(timedelta(hours=30)))
        got = Counter(recipient for mail in smtp_server.taken for recipient in mail.recipients)
        doubled += [f"step {kill_at}: {who}" for who, often in got.items() if often > 1]
        with reading(scene.store) as views:
            mails = [o for o in views.outbox(everything=True) if o.kind is OperationKind.RECEIPT]
            for ticket in views.queue(Where("1"), limit=100):
                mine = [o for o in mails if o.ticket_key == ticket.key]
                written = [m for m in views.messages(ticket.key) if m.kind is MessageKind.RECEIPT]
                if len(mine) != 1 or len(written) != 1:
                    lost.append(f"step {kill_at}: {ticket.requester_address} has {len(mine)}")
                elif not got[ticket.requester_address] and mine[0].state is not State.UNCERTAIN:
                    lost.append(f"step {kill_at}: {ticket.requester_address} is {mine[0].state} and got none")
                if ticket.status is not Status.NEW or ticket.first_replied_at is not None:
                    disturbed.append(f"step {kill_at}: {ticket.ref} is {ticket.status}")
            disturbed += [f"step {kill_at}: mail {mail.id} asks for a look" for mail in views.outbox()]
        uncertain += any(mail.state is State.UNCERTAIN for mail in mails)
        shutil.rmtree(place)
    print(
        f"\n{end or 'no fault'}: {len(points)} runs, {killed} killed, {uncertain} with an uncertain receipt, 0 doubled"
    )
    assert (doubled, lost, disturbed) == ([], [], [])
    assert killed >= len(points) * 0.95
