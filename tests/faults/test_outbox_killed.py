"""P1, P2: a worker killed anywhere loses no reply, sends none twice, and calls none sent that is not."""

from __future__ import annotations

import asyncio
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Literal

import pytest

from supportterm.desk.replying import reply
from supportterm.domain.operations import Operation, State
from supportterm.store.views import reading
from tests.faults import worker_process
from tests.faults.mailbox import copies, deliver
from tests.faults.scene import NOW, SOAK, Scene, letter, scaled
from tests.servers.smtpd import Faults, SmtpServer, Taken

Fault = Literal["none", "lost after the dot", "4xx first", "one of two refused", "files by itself"]
FAULTS: tuple[Fault, ...] = ("none", "lost after the dot", "4xx first", "one of two refused", "files by itself")
"""What goes wrong beside the kill; a server that files what it takes in Sent by itself does nothing wrong."""
POINTS = scaled(50, 500)
START = NOW + timedelta(seconds=11)
"""When the undo time is over."""
LISTED = {State.QUEUED, State.REFUSED, State.UNCERTAIN, State.REVIEW}

if SOAK:
    pytestmark = pytest.mark.soak


class Once(dict[str, str]):
    """Faults that pass: each is there for the first look only."""

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]  # one signature is enough here
        return self.pop(key, default)


@pytest.fixture(scope="module")
def server() -> Iterator[SmtpServer]:
    running = SmtpServer().start()
    yield running
    running.stop()


def customer(number: int) -> tuple[str, str]:
    return f"customer{number}@buyer.example", f"copy{number}@buyer.example"


def set_up(place: Path, replies: int) -> None:
    """Queue replies to as many customers, every second with a copy to another; the third is of 200 kB."""
    scene = Scene(place)
    for number in range(replies):
        sender, copy = customer(number)
        mail = letter(
            f"Customer <{sender}>",
            f"Where is parcel {number}?",
            "It has not come.",
            message_id=f"<parcel{number}@buyer.example>",
            cc=copy if number % 2 else "",
            when=NOW - timedelta(hours=2),
        )
        deliver(scene.root, mail, NOW - timedelta(hours=2, minutes=-number))
    asyncio.run(scene.sync())
    with scene.desk() as desk:
        found = scene.refs()
        for number in range(replies):
            text = f"It is on its way, number {number}.\n" * (5000 if number == 2 else 3)
            reply(desk, found[customer(number)[0]], text, everyone=True)


@dataclass
class Outcome:
    """What a killed and followed worker left behind."""

    lost: list[str]
    falsely_accepted: list[str]
    doubled: list[str]
    uncertain: list[str]
    uncertain_unlisted: list[str]
    sent_copies: list[str]


def judge(scene: Scene, taken: list[Taken]) -> Outcome:
    on_server: Counter[tuple[str, str]] = Counter(
        (str(message_from_bytes(mail.raw)["Message-ID"]).strip("<> "), address)
        for mail in taken
        for address in mail.recipients
    )
    with reading(scene.store) as views:
        everything = views.outbox(everything=True)
        listed = {operation.id for operation in views.outbox()}
        status = {o.id: ticket.status for o in everything if (ticket := views.ticket(o.ticket_key))}
    outcome = Outcome([], [], [], [], [], [])
    for operation in everything:
        for recipient in operation.recipients:
            name = f"mail {operation.id} to {recipient.address} ({recipient.state})"
            there = on_server[operation.message_id or "", recipient.address]
            if not there and not (recipient.state in LISTED and operation.id in listed):
                outcome.lost.append(name)
            if not there and recipient.state is State.ACCEPTED:
                outcome.falsely_accepted.append(name)
            if there > 1:
                outcome.doubled.append(name)
            if recipient.state is State.UNCERTAIN:
                outcome.uncertain.append(name)
        needs = operation.state is State.UNCERTAIN
        if needs and not (operation.id in listed and status[operation.id].is_ours):
            outcome.uncertain_unlisted.append(f"mail {operation.id}")
        filed = copies(scene.root, "Sent", operation.message_id or "")
        if filed > 1 or (filed == 0 and _some_accepted(operation)):
            outcome.sent_copies.append(f"mail {operation.id}: {filed} copies in Sent")
    return outcome


def _some_accepted(operation: Operation) -> bool:
    return any(r.state is State.ACCEPTED for r in operation.recipients)


class Filing(list[Taken]):
    """What a server takes, a copy of each put into Sent at once."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._root = root

    def append(self, mail: Taken) -> None:
        super().append(mail)
        deliver(self._root, mail.raw, START, "Sent")


def break_with(server: SmtpServer, fault: Fault, replies: int, place: Path) -> None:
    server.taken = Filing(place / "mailbox") if fault == "files by itself" else []
    server.faults = Faults()
    if fault == "lost after the dot":
        server.faults.end = "drop after dot"
    elif fault == "4xx first":
        server.faults.recipients = Once({customer(number)[number % 2]: "451 later" for number in range(replies)})
    elif fault == "one of two refused":
        server.faults.recipients = {customer(number)[1]: "550 unknown here" for number in range(replies)}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_killed_worker_loses_doubles_and_invents_nothing(fault: Fault, server: SmtpServer, tmp_path: Path) -> None:
    killed = uncertain_runs = 0
    done = 0
    bad: dict[str, list[str]] = {}
    replies = 3
    while done < POINTS:
        template = tmp_path / f"template{replies}"
        set_up(template, replies)
        place = tmp_path / "counting"
        shutil.copytree(template, place)
        break_with(server, fault, replies, place)
        assert worker_process.run(place, server.server(), START, 0) == 0
        total = worker_process.steps(place)
        shutil.rmtree(place)
        at_once = min(POINTS - done, total)
        for number in range(at_once):
            kill_at = 1 + number * (total - 1) // max(at_once - 1, 1)
            place = tmp_path / f"run{done + number}"
            shutil.copytree(template, place)
            break_with(server, fault, replies, place)
            status = worker_process.run(place, server.server(), START, kill_at)
            assert status in (0, -signal.SIGKILL), f"the worker ended with {status} at step {kill_at}"
            killed += status == -signal.SIGKILL
            scene = Scene(place, server.server(), start=START)
            asyncio.run(scene.work(timedelta(minutes=1)))
            asyncio.run(scene.work(timedelta(days=1)))
            outcome = judge(scene, server.taken)
            uncertain_runs += bool(outcome.uncertain)
            for what, found in vars(outcome).items():
                if found and what != "uncertain":
                    bad.setdefault(what, []).append(f"step {kill_at} of {total}: {', '.join(found)}")
            shutil.rmtree(place)
        done += at_once
        replies += 1
    print(f"\n{fault}: {done} runs, {killed} killed, {uncertain_runs} with an uncertain mail, {bad or 'nothing wrong'}")
    assert bad == {}
    assert killed >= done * 0.98
    if fault != "lost after the dot":
        assert uncertain_runs <= done * 0.1
