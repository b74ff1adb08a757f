"""P1, P2 for mail held until a named time: a worker killed anywhere loses none, sends none twice, and none too early.

Half of the customers write before the time: theirs does not leave, and its text is a draft again, once.
"""

from __future__ import annotations

import asyncio
import shutil
import signal
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Literal

import pytest

from supportterm.desk.replying import reply
from supportterm.domain.drafts import Kind
from supportterm.domain.held import Hold
from supportterm.domain.operations import State
from supportterm.domain.ticket import MessageKind
from supportterm.store.views import reading
from tests.faults import worker_process
from tests.faults.mailbox import deliver
from tests.faults.scene import NOW, SOAK, Scene, letter, scaled
from tests.faults.test_outbox_killed import judge
from tests.servers.smtpd import Faults, SmtpServer

LEAVES = NOW + timedelta(days=3)
REPLIES = 4
CROSSED = (1, 3)
"""Those who write before the mail to them leaves."""
POINTS = scaled(25, 250)
FAULTS: tuple[Literal["", "drop after dot"], ...] = ("", "drop after dot")

if SOAK:
    pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def server() -> Iterator[SmtpServer]:
    running = SmtpServer().start()
    yield running
    running.stop()


def customer(number: int) -> str:
    return f"held{number}@buyer.example"


def text(number: int) -> str:
    return f"It leaves on Monday, number {number}."


def set_up(place: Path) -> None:
    """Hold a reply to each customer for three days; then half of them write, and nobody has looked yet."""
    scene = Scene(place)
    for number in range(REPLIES):
        mail = letter(
            customer(number), f"Parcel {number}", "Where is it?", message_id=f"<held{number}@buyer.example>",
            when=NOW - timedelta(hours=2),
        )  # fmt: skip
        deliver(scene.root, mail, NOW - timedelta(hours=2, minutes=-number))
    asyncio.run(scene.sync())
    with scene.desk() as desk:
        found = scene.refs()
        for number in range(REPLIES):
            reply(desk, found[customer(number)], text(number), hold=Hold(LEAVES, LEAVES.tzinfo or NOW.tzinfo))  # type: ignore[arg-type] # both are UTC
    for number in CROSSED:
        came = LEAVES - timedelta(minutes=5)
        mail = letter(
            customer(number), f"Re: Parcel {number}", "It came.", message_id=f"<again{number}@buyer.example>",
            answers=f"held{number}@buyer.example", when=came,
        )  # fmt: skip
        deliver(scene.root, mail, came)


def wrong_with(scene: Scene, taken: int) -> list[str]:
    """Say what is wrong with those whose customers wrote first."""
    bad = []
    with reading(scene.store) as views:
        for mail in views.outbox(everything=True):
            ticket = views.ticket(mail.ticket_key)
            assert ticket is not None
            number = int(ticket.requester_address.removeprefix("held").partition("@")[0])
            draft = views.draft(ticket.key, "me", Kind.REPLY)
            notes = [m for m in views.messages(ticket.key) if m.kind is MessageKind.NOTE]
            if number not in CROSSED:
                bad += (
                    [f"mail {mail.id} is {mail.state}"] if mail.state not in (State.ACCEPTED, State.UNCERTAIN) else []
                )
                bad += [f"mail {mail.id} left a draft"] if draft is not None else []
                continue
            bad += [f"mail {mail.id} is {mail.state}"] if mail.state is not State.UNDONE else []
            bad += [f"mail {mail.id}: its text is no draft"] if draft is None or draft.text != text(number) else []
            bad += [f"mail {mail.id}: {len(notes)} notes"] if len(notes) != 1 else []
            bad += [f"mail {mail.id}: the ticket is {ticket.status}"] if not ticket.status.is_ours else []
    if taken > REPLIES / 2:
        bad.append(f"{taken} mails left")
    return bad


@pytest.mark.parametrize("fault", FAULTS)
def test_a_killed_worker_loses_doubles_and_hurries_no_held_mail(
    fault: Literal["", "drop after dot"], server: SmtpServer, tmp_path: Path
) -> None:
    template = tmp_path / "template"
    set_up(template)
    killed = 0
    bad: dict[str, list[str]] = {}

    def broken(place: Path) -> None:
        shutil.copytree(template, place)
        server.taken, server.faults = [], Faults()
        if fault:
            server.faults.end = fault

    place = tmp_path / "counting"
    broken(place)
    asyncio.run(Scene(place, server.server(), start=LEAVES - timedelta(minutes=10)).sync())
    assert server.taken == []
    shutil.rmtree(place)
    broken(place)
    assert worker_process.run(place, server.server(), LEAVES, 0) == 0
    total = worker_process.steps(place)
    points = min(POINTS, total)
    for number in range(points):
        kill_at = 1 + number * (total - 1) // max(points - 1, 1)
        place = tmp_path / f"run{number}"
        broken(place)
        status = worker_process.run(place, server.server(), LEAVES, kill_at)
        assert status in (0, -signal.SIGKILL), f"the worker ended with {status} at step {kill_at}"
        killed += status == -signal.SIGKILL
        scene = Scene(place, server.server(), start=LEAVES)
        asyncio.run(scene.work(timedelta(minutes=1)))
        asyncio.run(scene.work(timedelta(days=1)))
        outcome = vars(judge(scene, server.taken))
        outcome["lost"] = [name for name in outcome["lost"] if not any(f" {customer(n)} " in name for n in CROSSED)]
        outcome["crossed"] = wrong_with(scene, len({message_from_bytes(m.raw)["Message-ID"] for m in server.taken}))
        for what, found in outcome.items():
            if found and what != "uncertain":
                bad.setdefault(what, []).append(f"step {kill_at} of {total}: {', '.join(found)}")
        shutil.rmtree(place)
    print(f"\nheld, {fault or 'no fault'}: {points} runs, {killed} killed, {bad or 'nothing wrong'}")
    assert bad == {}
    assert killed >= points * 0.96
