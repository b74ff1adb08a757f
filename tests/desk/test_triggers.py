"""Triggers: what a warning makes happen, once, whatever dies in between; and what never happens by itself."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import subprocess
import sys
from contextlib import AbstractContextManager
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from supportterm.config import Policy, Trigger, TriggerCommands
from supportterm.desk import escalating, merging, noticing, promising, reminding, triggering, verbs
from supportterm.desk.replying import reply
from supportterm.desk.trigger_commands import TriggerCommands as Runner
from supportterm.desk.trigger_commands import run_one
from supportterm.domain.events import EventKind
from supportterm.domain.promises import Promise
from supportterm.domain.ticket import MessageKind, Status, Ticket
from supportterm.mail.gateway import Answer
from supportterm.store import clocks, journal, warned
from supportterm.store.rows import tuples
from supportterm.store.views import Views
from supportterm.store.views import reading as opened
from tests.desk.fakes import ADDRESS, World, letter
from tests.desk.test_clockwork import arrived, only

HOUR = timedelta(hours=1)
BOSS = "boss@acme.example"


def watching(world: World, *triggers: Trigger, **limits: object) -> World:
    """Return the world with triggers in its configuration."""
    commands = TriggerCommands(**limits)  # type: ignore[arg-type] # by name
    config = dataclasses.replace(world.desk.config, triggers=triggers, trigger_commands=commands)
    return World(dataclasses.replace(world.desk, config=config), world.server, world.clock)


async def later(world: World, by: timedelta) -> Ticket:
    world.clock.advance(by.total_seconds())
    await world.sync()
    return only(world)


def told(world: World) -> list[tuple[str, str]]:
    """Return who did what by itself, as the timeline tells it."""
    with reading(world) as views:
        return [(e.by, str(e.payload.get("why", ""))) for e in views.events(only(world).key) if e.kind == "triggered"]


def reading(world: World) -> AbstractContextManager[Views]:
    return opened(world.desk.database.path)


async def test_a_warning_and_a_breach_each_do_what_is_asked_once(world: World) -> None:
    world = watching(
        world,
        Trigger("nearly", at="75%", clock="first reply", tags=("soon",)),
        Trigger("late", clock="first reply", priority="raise", assign="kai", note="Call them."),
    )
    ticket = await arrived(world)
    assert (await later(world, 17 * HOUR)).tags == frozenset()
    assert (await later(world, 2 * HOUR)).tags == {"soon"}
    before = only(world).priority
    after = await later(world, 6 * HOUR)
    assert after.assignee == "kai"
    assert after.override is not None
    assert after.override < before
    for _ in range(3):
        after = await later(world, HOUR)
    with reading(world) as views:
        notes = [m for m in views.messages(ticket.key) if m.kind is MessageKind.NOTE]
        assert [(note.author, note.text) for note in notes] == [("the policy", "Call them.")]
        changed = [e for e in views.events(ticket.key) if e.kind is EventKind.CHANGED]
        assert [e.by for e in changed] == ["the policy", "the policy"]
    assert [by for by, _ in told(world)] == ["the policy", "the policy"]
    assert "first reply at 75 %" in told(world)[0][1]


async def test_what_a_trigger_did_is_taken_back_on_its_ticket_and_by_no_other_undo(world: World) -> None:
    world = watching(world, Trigger("late", tags=("late",)))
    ticket = await arrived(world)
    assert (await later(world, 25 * HOUR)).tags == {"late"}
    with pytest.raises(Exception, match="nothing of yours"):
        verbs.undo(world.desk)
    verbs.undo(world.desk, ticket.ref)
    assert only(world).tags == frozenset()


async def test_a_trigger_acts_only_for_its_policy_its_clock_and_its_query(world: World) -> None:
    world = watching(
        world,
        Trigger("other policy", policy="gold", tags=("a",)),
        Trigger("other clock", clock="next reply", tags=("b",)),
        Trigger("other tickets", when="tag:vip", tags=("c",)),
        Trigger("these", policy="default", clock="first reply", when="subject:question", tags=("d",)),
    )
    await arrived(world)
    assert (await later(world, 25 * HOUR)).tags == {"d"}


async def test_an_answer_in_time_keeps_every_trigger_still(world: World) -> None:
    world = watching(world, Trigger("late", tags=("late",)))
    ticket = await arrived(world)
    reply(world.desk, ticket.key, "It leaves today.", status=Status.PENDING)
    await later(world, HOUR)
    assert (await later(world, 48 * HOUR)).tags == frozenset()


async def test_promises_and_reminders_warn_as_well(world: World) -> None:
    world = watching(
        world,
        Trigger("promise soon", at="90%", clock="promise", tags=("p90",)),
        Trigger("promise broken", clock="promise", tags=("broken",)),
        Trigger("reminder soon", at="75%", clock="reminder", tags=("r75",)),
    )
    ticket = await arrived(world)
    now = world.clock.now()
    promising.promise(world.desk, ticket.key, Promise("a call", now + 10 * HOUR))
    reminding.remind(world.desk, ticket.key, now + 4 * HOUR, "the log")
    assert (await later(world, 3 * HOUR)).tags == {"r75"}
    assert (await later(world, 6.1 * HOUR)).tags == {"r75", "p90"}
    assert (await later(world, HOUR)).tags == {"r75", "p90", "broken"}


@pytest.mark.parametrize("is_rung", [False, True], ids=["nobody is there", "a console rings first"])
async def test_a_reminder_that_is_over_acts_once_whether_it_rang_or_not(world: World, *, is_rung: bool) -> None:
    world = watching(world, Trigger("over", clock="reminder", note="nobody looked"))
    ticket = await arrived(world)
    reminding.remind(world.desk, ticket.key, world.clock.now() + 4 * HOUR, "the log")
    await later(world, 3.9 * HOUR)
    assert told(world) == []
    world.clock.advance(360)
    if is_rung:
        assert len(reminding.ring(world.desk)) == 1
    for _ in range(3):
        await later(world, HOUR)
    assert len(told(world)) == 1
    assert noticing.claim(world.desk) == []


async def test_one_that_was_done_in_time_asks_for_nothing(world: World) -> None:
    world = watching(world, Trigger("over", clock="reminder", note="nobody looked"))
    ticket = await arrived(world)
    reminding.remind(world.desk, ticket.key, world.clock.now() + 4 * HOUR, "the log")
    await later(world, 3 * HOUR)
    reminding.done(world.desk, ticket.key)
    await later(world, 3 * HOUR)
    assert told(world) == []


async def test_a_promise_given_another_time_warns_anew(world: World) -> None:
    world = watching(world, Trigger("soon", at="90%", clock="promise", note="soon"))
    ticket = await arrived(world)
    promising.promise(world.desk, ticket.key, Promise("a call", world.clock.now() + 10 * HOUR))
    await later(world, 9.5 * HOUR)
    with world.desk.database.write() as session:
        clock = next(c for c in clocks.load(session, [ticket.key])[ticket.key] if c.kind == "promise")
    promising.move(world.desk, clock.id, world.clock.now() + 10 * HOUR)
    await later(world, HOUR)
    assert len(told(world)) == 1
    await later(world, 7.5 * HOUR)
    assert len(told(world)) == 2


async def test_what_was_late_before_anybody_looked_asks_for_nothing(world: World) -> None:
    """The history of the first sync, and what a new policy makes late at once."""
    world = watching(world, Trigger("late", tags=("late",)))
    world.server.put(letter("Where is it?", at=world.clock.now() - 72 * HOUR), at=world.clock.now() - 72 * HOUR)
    await world.sync()
    assert only(world).due_at is not None
    assert (await later(world, HOUR)).tags == frozenset()
    config = dataclasses.replace(world.desk.config, policy=Policy(first_reply_hours=1))
    world.desk.ranking.follow(config)
    assert (await later(world, HOUR)).tags == frozenset()


async def test_a_mail_goes_to_the_named_address_marked_as_automatic_and_exactly_once(world: World) -> None:
    world = watching(world, Trigger("boss", mail=BOSS))
    await arrived(world)
    await later(world, 25 * HOUR)
    await later(world, HOUR)
    (envelope,) = world.server.accepted
    mail = message_from_bytes(envelope.raw)
    assert (envelope.recipients, envelope.sender) == ((BOSS,), "")
    assert mail["Auto-Submitted"]
    assert mail["To"] == BOSS
    assert mail["From"].endswith(f"<{ADDRESS}>")
    assert only(world).ref in mail["Subject"]
    assert only(world).last_reply_at is None, "nobody answered the customer by it"
    assert [words for _, words in told(world)][-1] == f"the mail server took the mail to {BOSS}"
    world.server.put(envelope.raw, "Sent", world.clock.now())
    await world.sync()
    with reading(world) as views:
        kinds = [m.kind for m in views.messages(only(world).key)]
    assert kinds == [MessageKind.CUSTOMER, MessageKind.NOTE]


async def test_a_mail_never_goes_to_the_customer(world: World) -> None:
    world = watching(world, Trigger("customer", mail="Mara@lind.example"))
    await arrived(world)
    await later(world, 25 * HOUR)
    assert world.server.accepted == []
    assert "never told by a trigger" in told(world)[0][1]


async def test_mails_are_counted_by_the_hour(world: World) -> None:
    world = watching(world, Trigger("one", mail=BOSS), Trigger("two", mail="b2@acme.example"), mails_per_hour=1)
    await arrived(world)
    await later(world, 25 * HOUR)
    await later(world, HOUR)
    assert [envelope.recipients for envelope in world.server.accepted] == [(BOSS,)]
    assert any("within the hour" in words for _, words in told(world))


async def test_a_refused_mail_is_told_and_asks_nobody_for_anything(world: World) -> None:
    world = watching(world, Trigger("boss", mail=BOSS))
    await arrived(world)
    world.server.answers[BOSS] = (Answer.REFUSED, 550, "no such user")
    for _ in range(3):
        await later(world, 25 * HOUR)
    assert "did not leave" in told(world)[-1][1]
    assert "no such user" in told(world)[-1][1]
    with reading(world) as views:
        assert views.outbox() == []


async def test_a_worker_that_dies_in_the_middle_has_done_all_or_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = watching(world, Trigger("late", tags=("late",), note="Call them.", mail=BOSS))
    await arrived(world)
    dies = RuntimeError("killed")

    def die(*_: object) -> None:
        raise dies

    with monkeypatch.context() as patched:
        patched.setattr(triggering, "refresh", die)
        world.clock.advance(25 * 3600)
        with pytest.raises(RuntimeError, match="killed"):
            await world.sync()
        assert only(world).tags == frozenset()
        assert told(world) == []
    assert (await later(world, HOUR)).tags == {"late"}
    await later(world, HOUR)
    assert len(world.server.accepted) == 1
    assert len([words for by, words in told(world) if by == "the policy"]) == 1


def pen(folder: Path, rest: str = "") -> tuple[tuple[str, ...], Path]:
    """Return a command that writes what it is given as one more line of a file."""
    out = folder / "out.jsonl"
    code = f"import sys\nopen({str(out)!r}, 'a').write(sys.stdin.read() + '\\n')\n{rest}"
    return (sys.executable, "-c", code, "; echo no shell > $HOME"), out


async def settled(world: World, runner: Runner) -> None:
    runner.look(world.desk)
    await runner.close()


async def test_a_command_is_given_the_ticket_as_json_and_runs_once(world: World, tmp_path: Path) -> None:
    argv, out = pen(tmp_path)
    world = watching(world, Trigger("page", run=argv), allowed=True)
    ticket = await arrived(world)
    world.clock.advance(25 * 3600)
    worker = world.worker()
    await worker.once()
    await worker.close()
    worker = world.worker()
    await worker.once()
    await worker.close()
    (line,) = out.read_text().splitlines()
    given = json.loads(line)
    assert (given["ticket"]["ref"], given["clock"]["kind"], given["clock"]["breached"]) == (
        ticket.ref,
        "first reply",
        True,
    )
    assert told(world)[-1][1].endswith("“page”: done")


async def test_commands_are_off_unless_they_are_allowed(world: World, tmp_path: Path) -> None:
    argv, out = pen(tmp_path)
    world = watching(world, Trigger("page", run=argv))
    await arrived(world)
    await later(world, 25 * HOUR)
    assert not out.exists()
    assert "commands are off" in told(world)[0][1]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import sys; print('no \\x1b[2J pager'); sys.exit(3)", "status 3: no ␛[2J pager"),
        ("print('x' * 10_000_000); import sys; sys.exit(1)", "status 1: xxx"),
        ("import time; time.sleep(60)", "longer than"),
        ("import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])", "longer"),
        ("", ""),
    ],
)
async def test_what_goes_wrong_is_one_bounded_sentence(code: str, said: str) -> None:
    patience = 1.5 if said.startswith("longer") else 30.0
    words = await run_one([sys.executable, "-c", code], "{}", patience)
    assert said in words
    assert len(words) < 500
    assert bool(words) == bool(said)


async def test_a_command_that_is_not_there_is_told(world: World) -> None:
    world = watching(world, Trigger("page", run=("/nowhere/pager",)), allowed=True)
    await arrived(world)
    world.clock.advance(25 * 3600)
    worker = world.worker()
    await worker.once()
    await worker.close()
    assert "cannot be started: No such file" in told(world)[-1][1]
    with reading(world) as views:
        (failed,) = views.failed_runs(0)
    assert failed["name"] == "page"
    assert "cannot be started" in failed["said"]


_WORKER = """
import asyncio, sys
from pathlib import Path
from tests.desk.fakes import make_world
from supportterm.desk.trigger_commands import TriggerCommands

async def work():
    runner = TriggerCommands()
    runner.look(make_world(Path(sys.argv[1])).desk)
    await asyncio.sleep(30)

asyncio.run(work())
"""


async def test_a_worker_killed_while_a_command_runs_does_not_run_it_again(world: World, tmp_path: Path) -> None:
    ticket = await arrived(world)
    argv, out = pen(tmp_path, "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)")
    with world.desk.database.write() as session:
        warned.queue_run(session, ticket.key, "page", list(argv), "{}", world.clock.now())
    dead = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", _WORKER, str(world.desk.database.path.parent)], timeout=60, check=False
    )
    assert dead.returncode == -9
    for _ in range(2):
        await settled(world, Runner())
    assert out.read_text() == "{}\n"
    assert "not run again" in told(world)[-1][1]
    assert len(told(world)) == 1


async def test_tickets_that_are_joined_do_not_warn_twice(world: World) -> None:
    world = watching(world, Trigger("late", note="late"))
    ticket = await arrived(world)
    await later(world, 25 * HOUR)
    with world.desk.database.write() as session:
        before = tuples(session, "SELECT count(*) FROM warning")
        assert journal.touched(session, json.dumps([ticket.key])) == set()
    world.server.put(letter("Also this.", message_id="m2@lind.example", at=world.clock.now()), at=world.clock.now())
    await world.sync()
    with world.desk.database.write() as session:
        other = next(key for (key,) in tuples(session, "SELECT key FROM ticket") if key != ticket.key)
    merging.merge(world.desk, [ticket.key], other)
    await later(world, HOUR)
    with world.desk.database.write() as session:
        assert tuples(session, "SELECT count(*) FROM warning WHERE percent = 100") == [(1,)]
        assert before == [(3,)]


async def test_a_query_of_a_trigger_sees_the_texts_and_what_is_on_the_ticket(world: World) -> None:
    world = watching(
        world,
        Trigger("in the text", when="parcel", tags=("a",)),
        Trigger("a phrase", when='"where is my parcel"', tags=("b",)),
        Trigger("not there", when="refund OR has:call OR has:attachment", tags=("c",)),
        Trigger("a note", when="has:note -has:reply", tags=("d",)),
        Trigger("a draft", when="has:draft", tags=("e",)),
        Trigger("who wrote", when="lind.example", tags=("f",)),
        Trigger("a colleague named", when="mentions:kai", tags=("g",)),
        Trigger("another named", when="mentions:grace", tags=("h",)),
    )
    world.server.put(letter("Hello,\nwhere is my parcel?"), at=world.clock.now())
    await world.sync()
    verbs.note(world.desk, only(world).key, "@Kai asked the carrier")
    assert (await later(world, 25 * HOUR)).tags == {"a", "b", "d", "f", "g"}


async def test_a_trigger_offers_to_hand_the_ticket_on_until_that_is_done_or_they_were_answered(world: World) -> None:
    world = watching(world, Trigger("late", clock="first reply", offer_escalation=True))
    ticket = await arrived(world)
    with reading(world) as views:
        assert views.signs(ticket).reason == ""
    late = await later(world, 25 * HOUR)
    with reading(world) as views:
        assert views.signs(late).reason == "First reply past its time"
    assert "offers to hand" in told(world)[0][1]
    escalating.escalate(world.desk, late.key, "kai", "find out why", world.clock.now() + HOUR)
    with reading(world) as views:
        assert views.signs(only(world)).reason == ""


async def test_it_may_ask_whom_a_note_names(world: World) -> None:
    world = watching(
        world,
        Trigger("kai", at="75%", when="mentions:kai", tags=("kai",)),
        Trigger("bob", at="75%", when="mentions:bob", tags=("bob",)),
    )
    ticket = await arrived(world)
    verbs.note(world.desk, ticket.key, "@kai, look at this.")
    assert (await later(world, 19 * HOUR)).tags == {"kai"}
