"""From 600 corrected tickets in the store to a learned line in the queue, and what may go wrong on the way."""

from __future__ import annotations

import dataclasses
import json
import random
from datetime import timedelta
from pathlib import Path

import pytest

from supportterm.config import Agent, Triage
from supportterm.desk import blocking, learned, rejecting, training, verbs
from supportterm.desk.learned import Learned
from supportterm.desk.ranking import Ranking
from supportterm.desk.rerank import follow
from supportterm.desk.rulepacks import TriagePacks
from supportterm.desk.verbs import Change
from supportterm.domain.errors import RefusedError
from supportterm.domain.learning import learn
from supportterm.domain.ticket import Priority, Status, Ticket
from supportterm.domain.triage import Words
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import NOW, World
from tests.desk.test_config_watch import at_work, save, told
from tests.domain.lessons import SPEECH, lessons, sentence
from tests.screens.tickets import mail

PRESSING = "Hello, the map looks odd on the loading ramp. Could you have a look?"
RAISED, LOWERED, SPAM = Change(priority=Priority.P2), Change(priority=Priority.P4), Change(status=Status.SPAM)


def tickets_of(world: World, address: str) -> list[Ticket]:
    with reading(world.desk.database.path) as views:
        return views.earlier(address, "")[0]


@pytest.fixture
def weights() -> dict[str, float]:
    return learn(lessons(teaches=True))


@pytest.fixture
def trusting(world: World) -> World:
    """A world whose ranking counts what lies beside its store."""
    file = learned.beside(world.desk.database.path)
    ranking = Ranking(TriagePacks(), world.desk.config.policy, learned=Learned(file))
    world.desk = dataclasses.replace(world.desk, ranking=ranking)
    return world


async def corrected(world: World, count: int) -> None:
    """Let agents correct so many tickets: raised or lowered by hand, or spam."""
    random_ = random.Random(3)  # noqa: S311 no secret
    wishes: dict[str, Change] = {}
    for number in range(count):
        special, sender = random_.randrange(2), f"c{number}@lind{number}.example"
        text = sentence(random_, tuple(SPEECH)[number % 4], special)
        mail(world, text, number, sender=sender, subject=f"Note {number}", at=NOW - timedelta(hours=1))
        wishes[sender] = (RAISED if special == 0 else LOWERED) if number % 7 else (RAISED if special == 0 else SPAM)
    await world.sync()
    with reading(world.desk.database.path) as views:
        keys = {each.requester_address: each.key for each in views.queue(Where("1"), count)}
    senders = list(wishes)
    for start in range(0, count, 60):
        for wish in (RAISED, LOWERED, SPAM):
            meant = [keys[sender] for sender in senders[start : start + 60] if wishes[sender] is wish]
            world.clock.advance(1)
            if meant:
                verbs.change_many(world.desk, meant, wish)


async def test_six_hundred_corrected_tickets_teach_and_fewer_do_not(trusting: World) -> None:
    world = trusting
    await corrected(world, 600)
    with reading(world.desk.database.path) as views:
        taught = training.lessons(views, world.desk.ranking)
    assert len(taught) == 600
    assert {lesson.wanted for lesson in taught} == {Priority.P2, Priority.P4, Priority.P5}
    made = training.train(taught)
    assert made is not None
    assert made.gain.is_real
    assert made.gain.after > 0.9 > 0.7 > made.gain.before
    assert training.train(taught[:499]) is None


async def test_what_is_taken_back_or_done_by_machines_teaches_nothing(world: World) -> None:
    mail(world, PRESSING)
    await world.sync()
    ticket = tickets_of(world, "mara@lind.example")[0]
    verbs.change(world.desk, ticket.key, RAISED)
    with reading(world.desk.database.path) as views:
        assert [each.override for each in views.corrections(10)] == [Priority.P2]
    verbs.change(world.desk, ticket.key, Change(computed=True))
    with reading(world.desk.database.path) as views:
        assert views.corrections(10) == []
    world.clock.advance(1)
    by_policy = dataclasses.replace(world.desk.config, agent=Agent("the policy"))
    verbs.change(dataclasses.replace(world.desk, config=by_policy), ticket.key, RAISED)
    with reading(world.desk.database.path) as views:
        assert views.corrections(10) == []


async def test_spam_and_what_is_solved_unanswered_are_corrections_unless_the_rules_said_so(world: World) -> None:
    for number, text in enumerate((PRESSING, "I was charged twice.", "Great, thank you so much!")):
        mail(world, text, number, sender=f"c{number}@lind{number}.example", subject=f"Note {number}")
    await world.sync()
    for number, wanted in enumerate((Status.SPAM, Status.SOLVED, Status.SOLVED)):
        verbs.change(world.desk, tickets_of(world, f"c{number}@lind{number}.example")[0].key, Change(status=wanted))
    with reading(world.desk.database.path) as views:
        assert len(views.corrections(10)) == 3
        taught = training.lessons(views, world.desk.ranking)
    assert [(lesson.wanted, lesson.direction) for lesson in taught] == [(Priority.P5, -1), (Priority.P5, -1)]


async def test_a_blocked_sender_is_a_correction(world: World) -> None:
    mail(world, PRESSING)
    await world.sync()
    blocking.block(world.desk, [tickets_of(world, "mara@lind.example")[0].key])
    with reading(world.desk.database.path) as views:
        assert [each.no_answer for each in views.corrections(10)] == [True]


async def test_a_rejected_line_is_a_correction(world: World) -> None:
    mail(world, "We lose 400 euro every hour since the update.")
    await world.sync()
    ticket = tickets_of(world, "mara@lind.example")[0]
    rejecting.reject(world.desk, ticket.key, next(line for line in ticket.reasons if line.id == "money-loss"))
    with reading(world.desk.database.path) as views:
        (lesson,) = training.lessons(views, world.desk.ranking)
    assert lesson.given is Priority.P1
    assert lesson.direction == -1


async def test_it_counts_only_where_switched_on_follows_its_file_and_may_be_rejected(
    trusting: World, weights: dict[str, float]
) -> None:
    world, file = trusting, learned.beside(trusting.desk.database.path)
    learned.save(file, weights, {})
    mail(world, PRESSING)
    await world.sync()
    before = tickets_of(world, "mara@lind.example")[0]
    assert all(line.id != "learned" for line in before.reasons)
    on = dataclasses.replace(world.desk.config, triage=Triage(learned=True))
    follow(world.desk, on, reads_anew=True)
    after = tickets_of(world, "mara@lind.example")[0]
    (line,) = (line for line in after.reasons if line.id == "learned")
    plain = before.score - sum(each.points for each in before.reasons if each.id == "leaning")
    assert (line.source, line.points, after.score) == ("model", 5, plain + 5)
    assert all(each.id != "leaning" for each in after.reasons)
    assert line.evidence in PRESSING
    assert after.score == sum(each.points for each in after.reasons)

    learned.save(file, {"nothing": 1.0}, {})
    assert world.desk.ranking.packs_changed()
    follow(world.desk, on, reads_anew=True)
    assert tickets_of(world, "mara@lind.example")[0].score == before.score

    learned.save(file, weights, {})
    follow(world.desk, on, reads_anew=True)
    rejecting.reject(world.desk, after.key, line)
    assert tickets_of(world, "mara@lind.example")[0].score == before.score


async def test_a_running_worker_follows_the_switch_and_the_file(
    trusting: World, weights: dict[str, float], tmp_path: Path
) -> None:
    world, file = trusting, learned.beside(trusting.desk.database.path)
    learned.save(file, weights, {})
    mail(world, PRESSING)

    def lines() -> set[str]:
        return {line.id for ticket in tickets_of(world, "mara@lind.example") for line in ticket.reasons}

    path = save(tmp_path / "config.toml", "")
    async with at_work(world, path) as until:
        await until(lambda: tickets_of(world, "mara@lind.example"))
        assert "learned" not in lines()
        save(path, "[triage]\nlearned = true\n")
        await until(lambda: "learned" in lines())
        file.write_text("{}", encoding="utf-8")
        await until(lambda: "learned" not in lines())
        await until(lambda: "store.learned.json is left out" in told(world)["config"])


def test_automatic_mail_gets_no_learned_line(tmp_path: Path, weights: dict[str, float]) -> None:
    file = tmp_path / "x.json"
    learned.save(file, weights, {})
    assert Learned(file, is_on=True).add(Words(intent="auto"), [PRESSING]).lines == ()
    assert Learned(file, is_on=True).add(Words(), [PRESSING]).lines != ()
    assert Learned(file).add(Words(), [PRESSING]).lines == ()


def signed(model: object) -> bytes:
    return json.dumps({"format": 1, "sha256": learned._sum(model), "model": model}).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b'{"format": 2}',
        b'{"format": 1, "sha256": "00", "model": {"weights": {"refund": 1}}}',
        b'{"format": 1, "model": {"weights": {"refund": NaN}}}',
        b" " * (9 << 20),
        signed(None),
        signed({"weights": []}),
        signed({"weights": {"refund": "1"}}),
        signed({"weights": {"refund": True}}),
        signed({"weights": {"refund": 1e300}}),
        signed({"weights": {"refund": int("9" * 400)}}),
    ],
)
def test_a_file_that_is_not_as_written_is_refused_with_a_sentence_and_triage_goes_on(
    tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "store.learned.json"
    file.write_bytes(content)
    with pytest.raises(RefusedError, match=r"is left out: .+\. Triage goes on without"):
        learned.read(file)
    held = Learned(file, is_on=True)
    assert "store.learned.json" in held.problem
    assert held.add(Words(), ["refund"]) == Words()


def test_one_changed_weight_is_noticed_and_the_file_is_its_owners(tmp_path: Path, weights: dict[str, float]) -> None:
    file = tmp_path / "store.learned.json"
    learned.save(file, weights, {"corrected": 600})
    assert learned.read(file) == weights
    assert file.stat().st_mode & 0o777 == 0o600
    word, weight = next(iter(weights.items()))
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(f'"{word}": {weight}', f'"{word}": {weight + 1}'), encoding="utf-8")
    assert file.read_text(encoding="utf-8") != text
    with pytest.raises(RefusedError, match="changed since"):
        learned.read(file)
