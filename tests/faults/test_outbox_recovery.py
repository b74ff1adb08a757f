"""P1, P2 one by one: what a crash, a refusal, an undo and a restored backup mean for a mail on its way."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiosmtplib.protocol import SMTPProtocol

from supportterm.desk import outbox, verbs
from supportterm.desk.replying import Queued, reply
from supportterm.desk.worker import Doors, Worker
from supportterm.domain.errors import RefusedError
from supportterm.domain.operations import State
from supportterm.mail.errors import FolderError
from supportterm.mail.gateway import Answer, Delivery, Envelope, Transport
from supportterm.store.views import reading
from tests.faults import worker_process
from tests.faults.mailbox import FileMailbox, deliver
from tests.faults.scene import NOW, SOAK, InlineReader, Scene, letter, scaled
from tests.servers.smtpd import Faults, SmtpServer

CUSTOMER, COPY = "mara@buyer.example", "shipping@buyer.example"
YES = (Answer.ACCEPTED, 250, "taken")
NOT_YET = (Answer.LATER, 451, "not now")
NO = (Answer.REFUSED, 550, "unknown here")
LOST = (Answer.UNCERTAIN, 0, "the connection was lost")

if SOAK:
    pytestmark = pytest.mark.soak


class PowerCut(BaseException):
    """Ends the worker where it stands."""


class Scripted(Transport):
    """A server that answers as written, mail by mail; `sent` is what it was handed, with recipients."""

    def __init__(self, *answers: dict[str, tuple[Answer, int, str]] | None) -> None:
        self.sent: list[tuple[str, tuple[str, ...]]] = []
        self._answers = list(answers)

    async def deliver(self, envelope: Envelope, before_end: Callable[[], Awaitable[None]]) -> Delivery:
        answers = self._answers.pop(0)
        if answers is None or any(answer[0] is not Answer.REFUSED for answer in answers.values()):
            await before_end()
        if answers is None:
            raise PowerCut
        self.sent.append((envelope.message_id, envelope.recipients))
        return Delivery({address: answers[address] for address in envelope.recipients})

    async def size_limit(self) -> int | None:
        return None

    async def close(self) -> None:
        return None


async def queued(place: Path, *, copy: bool = True, smtp: SmtpServer | None = None) -> tuple[Scene, Queued]:
    """Return a scene with a reply in the outbox whose undo time is over."""
    scene = Scene(place, smtp.server()) if smtp else Scene(place)
    mail = letter(
        f"Mara <{CUSTOMER}>", "The parcel", "Where is it?", message_id="<1@buyer.example>", cc=COPY if copy else ""
    )
    deliver(scene.root, mail, NOW - timedelta(hours=1))
    await scene.sync()
    with scene.desk() as desk:
        made = reply(desk, scene.refs()[CUSTOMER], "On its way.", everyone=True)
    scene.clock.advance(11)
    return scene, made


def states(scene: Scene) -> dict[str, State]:
    (operation,) = scene.outbox()
    return {recipient.address: recipient.state for recipient in operation.recipients}


async def cut(scene: Scene, transport: Transport) -> None:
    with pytest.raises(PowerCut):
        await scene.sync(transport=lambda: transport)


async def test_a_temporary_refusal_is_tried_again_for_that_recipient_alone(tmp_path: Path) -> None:
    scene, made = await queued(tmp_path)
    server = Scripted({CUSTOMER: YES, COPY: NOT_YET}, {COPY: NOT_YET}, {COPY: YES})
    with scene.desk() as desk:
        await scene.settle(desk, scene.worker(desk, transport=lambda: server))
    assert server.sent == [(made.message_id, (CUSTOMER, COPY)), (made.message_id, (COPY,)), (made.message_id, (COPY,))]
    assert states(scene) == {CUSTOMER: State.ACCEPTED, COPY: State.ACCEPTED}


async def test_the_time_of_the_next_try_outlives_the_worker(tmp_path: Path) -> None:
    """Each worker tries once and ends; the pauses grow all the same, and nothing is tried before its time."""
    scene, _ = await queued(tmp_path, copy=False)
    pauses = []
    for _ in range(5):
        server = Scripted({CUSTOMER: NOT_YET})
        await scene.sync(transport=lambda server=server: server)
        assert len(server.sent) == 1
        (operation,) = scene.outbox()
        pause = operation.next_attempt_at - scene.clock.now()
        pauses.append(pause.total_seconds())
        scene.clock.advance(pause.total_seconds() - 0.5)
        await scene.sync(transport=lambda: Scripted())
        scene.clock.advance(0.5)
    assert pauses == sorted(set(pauses))
    assert pauses[0] > 0


async def test_a_copy_in_sent_proves_acceptance_after_a_crash(tmp_path: Path) -> None:
    scene, made = await queued(tmp_path, copy=False)
    await cut(scene, Scripted(None))
    deliver(scene.root, source(scene), scene.clock.now(), "Sent")
    await scene.sync(transport=lambda: Scripted())
    assert states(scene) == {CUSTOMER: State.ACCEPTED}
    assert made.message_id


async def test_the_copy_of_an_earlier_try_proves_nothing_of_a_later_one(tmp_path: Path) -> None:
    """One recipient has it and Sent its copy; the worker dies while it is tried again for the other."""
    scene, _ = await queued(tmp_path)
    await scene.sync(transport=lambda: Scripted({CUSTOMER: YES, COPY: NOT_YET}))
    scene.clock.advance(4)
    await scene.sync(transport=lambda: Scripted())
    assert len(list((scene.root / "Sent").glob("*.eml"))) == 1
    scene.clock.advance(10)
    await cut(scene, Scripted(None))
    await scene.work(timedelta(minutes=1))
    assert states(scene) == {CUSTOMER: State.ACCEPTED, COPY: State.UNCERTAIN}


async def test_a_copy_in_sent_does_not_say_which_of_two_recipients_it_went_to(tmp_path: Path) -> None:
    """A refusal of one of them may have died with the worker."""
    scene, _ = await queued(tmp_path)
    await cut(scene, Scripted(None))
    deliver(scene.root, source(scene), scene.clock.now(), "Sent")
    await scene.work(timedelta(minutes=1))
    assert states(scene) == {CUSTOMER: State.UNCERTAIN, COPY: State.UNCERTAIN}


async def test_a_refused_recipient_stays_refused_when_the_others_turn_out_to_have_it(tmp_path: Path) -> None:
    scene, _ = await queued(tmp_path)
    await scene.sync(transport=lambda: Scripted({CUSTOMER: LOST, COPY: NO}))
    deliver(scene.root, source(scene), scene.clock.now(), "Sent")
    await scene.work(timedelta(minutes=1))
    assert states(scene) == {CUSTOMER: State.ACCEPTED, COPY: State.REFUSED}
    (operation,) = scene.outbox()
    assert operation.state is State.REFUSED


async def test_an_uncertain_mail_goes_again_only_when_asked(tmp_path: Path) -> None:
    scene, made = await queued(tmp_path, copy=False)
    await cut(scene, Scripted(None))
    for _ in range(3):
        await scene.work(timedelta(days=1))
    assert states(scene) == {CUSTOMER: State.UNCERTAIN}
    with scene.desk() as desk:
        outbox.retry(desk, made.operation)
    server = Scripted({CUSTOMER: YES})
    with scene.desk() as desk:
        await scene.settle(desk, scene.worker(desk, transport=lambda: server))
    assert server.sent == [(made.message_id, (CUSTOMER,))]


async def test_a_reply_that_left_after_the_backup_is_not_sent_again_from_it(tmp_path: Path) -> None:
    """P6: the store is lost and yesterday's backup takes its place, with the reply still in its outbox."""
    scene, made = await queued(tmp_path)
    with scene.desk() as desk:
        backup = desk.database.backup(tmp_path / "backup.sqlite3")
    server = Scripted({CUSTOMER: YES, COPY: YES})
    await scene.sync(transport=lambda: server)
    assert len(server.sent) == 1
    scene.restore(backup)
    await scene.work(timedelta(days=1))
    (operation,) = scene.outbox()
    assert operation.state is State.REVIEW
    with scene.desk() as desk:
        outbox.retry(desk, made.operation)
    again = Scripted({CUSTOMER: YES, COPY: YES})
    await scene.sync(transport=lambda: again)
    assert len(again.sent) == 1


def source(scene: Scene) -> bytes:
    """Return the reply as it was, or would have been, sent."""
    import sqlite3
    import zlib

    with sqlite3.connect(scene.store) as store:
        (data,) = store.execute(
            "SELECT data FROM raw WHERE sha = (SELECT raw FROM message WHERE author IS NOT NULL)"
        ).fetchone()
    store.close()
    return zlib.decompress(data)


def take_back(scene: Scene) -> bool:
    """Undo the reply as a command in another process would; True where it was taken back."""
    other = Scene(scene.place, start=scene.clock.now())
    with other.desk() as desk:
        try:
            verbs.undo(desk)
        except RefusedError:
            return False
        return True


async def test_undo_at_any_step_of_sending_wins_or_is_refused(
    tmp_path: Path, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken back means never on the server; refused means there once, or stopped and listed."""
    taken_back = sent = steps = 0
    write = SMTPProtocol.write
    while True:
        scene, made = await queued(tmp_path / str(steps), smtp=smtp_server)
        smtp_server.taken.clear()
        left = [steps]
        won: list[bool] = []

        def step(left: list[int] = left, won: list[bool] = won, scene: Scene = scene) -> None:
            left[0] -= 1
            if left[0] == -1:
                won.append(take_back(scene))

        def stepped(self: SMTPProtocol, data: bytes, step: Callable[[], None] = step) -> None:
            step()
            write(self, data)

        monkeypatch.setattr(SMTPProtocol, "write", stepped)
        with scene.desk() as desk:
            await scene.settle(desk, scene.worker(desk, step))
        if not won:
            break
        there = [mail.recipients for mail in smtp_server.taken]
        (operation,) = scene.outbox()
        if won[0]:
            assert (there, operation.state) == ([], State.UNDONE), f"undone at step {steps}"
        else:
            assert (there, operation.state) == ([[CUSTOMER, COPY]], State.ACCEPTED), f"refused at step {steps}"
        taken_back += won[0]
        sent += not won[0]
        steps += 1
    print(f"\nundo at each of {steps} steps: {taken_back} taken back and never sent, {sent} refused and sent once")
    assert taken_back > 10
    assert sent > 10
    assert made.operation


async def test_undo_and_worker_at_the_same_instant(tmp_path: Path, smtp_server: SmtpServer) -> None:
    """Two processes: the undo begins when the server hears of the first recipient."""
    races = scaled(12, 200)
    outcomes = {True: 0, False: 0}
    for number in range(races):
        scene, _ = await queued(tmp_path / str(number), smtp=smtp_server)
        smtp_server.taken.clear()
        heard = threading.Event()
        smtp_server.faults = Faults(recipients=Heard(heard))
        with ThreadPoolExecutor(1) as pool:
            worker = pool.submit(worker_process.run, scene.place, smtp_server.server(), scene.clock.now(), 0)
            assert heard.wait(30)
            won = take_back(scene)
            assert worker.result() == 0
        (operation,) = scene.outbox()
        expected = ([], State.UNDONE) if won else ([[CUSTOMER, COPY]], State.ACCEPTED)
        assert ([mail.recipients for mail in smtp_server.taken], operation.state) == expected
        outcomes[won] += 1
    print(f"\n{races} races: {outcomes[True]} taken back and never sent, {outcomes[False]} refused and sent once")


class Heard(dict[str, str]):
    """No faults, but an event that is set by the first look for one."""

    def __init__(self, event: threading.Event) -> None:
        super().__init__()
        self._event = event

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]  # one signature is enough here
        self._event.set()
        return default


async def test_what_some_have_got_can_be_discarded_for_the_others(tmp_path: Path) -> None:
    """Otherwise a mistyped copy address would stand in the outbox for ever."""
    scene, made = await queued(tmp_path)
    await scene.sync(transport=lambda: Scripted({CUSTOMER: YES, COPY: NO}))
    with scene.desk() as desk:
        done = outbox.drop(desk, made.operation)
        with pytest.raises(RefusedError):
            outbox.drop(desk, made.operation)
    assert COPY in done.words
    assert states(scene) == {CUSTOMER: State.ACCEPTED, COPY: State.UNDONE}
    with reading(scene.store) as views:
        assert views.outbox() == []
    await scene.work(timedelta(days=1))
    assert states(scene) == {CUSTOMER: State.ACCEPTED, COPY: State.UNDONE}


async def test_a_sent_folder_that_refuses_keeps_no_mail_from_leaving(tmp_path: Path) -> None:
    """Over quota, say: filing is tried again later, replies and flags go on."""
    scene, _ = await queued(tmp_path, copy=False)
    await scene.sync(transport=lambda: Scripted({CUSTOMER: YES}))
    other = letter("Oleg <oleg@buyer.example>", "Other", "And me?", message_id="<2@buyer.example>")
    deliver(scene.root, other, scene.clock.now())
    await scene.sync()
    with scene.desk() as desk:
        second = reply(desk, scene.refs()["oleg@buyer.example"], "You too.")
    scene.clock.advance(11)
    server = Scripted({"oleg@buyer.example": YES})
    with scene.desk() as desk:
        worker = Worker(desk, Doors(lambda: FullMailbox(scene.root), lambda: server, InlineReader()))
        await worker.once()
    assert server.sent == [(second.message_id, ("oleg@buyer.example",))]
    await scene.work(timedelta(minutes=1))
    assert len(list((scene.root / "Sent").glob("*.eml"))) == 2


class FullMailbox(FileMailbox):
    """A mailbox over its quota."""

    async def append(self, folder: str, raw: bytes, flags: Sequence[str], when: datetime) -> None:
        raise FolderError(f"{folder} takes no more mail: over quota.")
