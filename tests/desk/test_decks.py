"""A reply for each: made out of one snippet in each customer's language, queued together, taken back together."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from supportterm import paths
from supportterm.desk import decks, drafts, verbs
from supportterm.desk.macros import MacroLibrary
from supportterm.domain import deck
from supportterm.domain.deck import Card, Verdict
from supportterm.domain.drafts import Draft, Kind, Mode
from supportterm.domain.errors import RefusedError
from supportterm.domain.operations import State
from supportterm.domain.ticket import Status, Ticket
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import NOW, World, letter

TEXTS = {
    1: "Where is my part? I wait for it since Monday.",
    2: "注文した部品がまだ届きません。いつ届きますか。",
    3: "Is it broken?",
}


NAMES = {1: "Mara", 2: "Kenji", 3: "Oleg"}


async def three(world: World) -> None:
    for number, text in TEXTS.items():
        sender = f"{NAMES[number]} Lind <c{number}@lind.example>"
        mail = letter(text, sender=sender, subject=f"Matter {number}", message_id=f"m{number}@x")
        world.server.put(mail, at=world.clock.now())
    await world.sync()


def all_tickets(world: World) -> list[Ticket]:
    with reading(world.desk.database.path) as views:
        return sorted(views.queue(Where("1"), 10), key=lambda ticket: ticket.subject)


def cards(world: World, snippet: str = "late", when: str = "17:00 today") -> list[Card]:
    library = MacroLibrary([paths.shipped_macros()])
    found = all_tickets(world)
    variants = decks.variants(library, library.find(snippet), found)
    with reading(world.desk.database.path) as views:
        now, config = world.clock.now(), world.desk.config
        return [decks.card(views, config, variants[t.key], t, {1: when} if when else {}, now) for t in found]


def states(world: World) -> list[State]:
    with reading(world.desk.database.path) as views:
        return [mail.state for mail in views.outbox(everything=True)]


async def test_each_customer_is_written_to_by_name_and_in_their_language(world: World) -> None:
    await three(world)
    made = cards(world)
    assert "Hello Mara," in made[0].text
    assert "“Matter 1”" in made[0].text
    assert "17:00 today" in made[0].text
    assert made[1].make == "late/ja"
    assert "回答" in made[1].text
    assert made[0].asked.startswith("Where is my part?")
    assert deck.alike(made, made[0]) == [made[0], made[2]]


async def test_what_a_text_promises_runs_as_a_clock_once_it_left(world: World) -> None:
    await three(world)
    first = cards(world)[0]
    assert [promise.words for promise in first.promises]
    decks.send(world.desk, [first], keep_status=True)
    world.clock.advance(60)
    await world.sync()
    with reading(world.desk.database.path) as views:
        running = [clock.kind for clock in views.clocks(first.key) if clock.state == "running"]
    assert "promise" in running


async def test_a_blank_nobody_filled_keeps_a_card_from_going(world: World) -> None:
    await three(world)
    made = cards(world, when="")
    assert made[0].open_gaps == ["[when]"]
    assert deck.alike(made, made[0]) == []
    with pytest.raises(RefusedError, match="not filled"):
        decks.send(world.desk, made)
    assert states(world) == []


async def test_one_undo_takes_back_all_that_has_not_left_and_gives_the_texts_back(world: World) -> None:
    await three(world)
    done = decks.send(world.desk, cards(world))
    assert done.ref == "3 replies"
    assert states(world) == [State.QUEUED] * 3
    assert {ticket.status for ticket in all_tickets(world)} == {Status.PENDING}
    verbs.undo(world.desk)
    assert states(world) == [State.UNDONE] * 3
    assert Status.PENDING not in {ticket.status for ticket in all_tickets(world)}
    with reading(world.desk.database.path) as views:
        kept = [views.draft(ticket.key, "ada", Kind.REPLY) for ticket in all_tickets(world)]
    assert all(draft is not None and draft.text for draft in kept)


async def test_what_has_left_stays_when_the_rest_is_taken_back(world: World) -> None:
    await three(world)
    decks.send(world.desk, cards(world))
    world.server.accepted.clear()
    world.clock.advance(60)
    with reading(world.desk.database.path) as views:
        first = views.outbox()[0]
    assert first.id is not None
    await world.worker().deliver(first.id, 5)
    left = len(world.server.accepted)
    assert 0 < left <= 3
    if left < 3:
        done = verbs.undo(world.desk)
        assert f"{left} had left" in done.words
    else:
        with pytest.raises(RefusedError, match="has left already"):
            verbs.undo(world.desk)
    assert states(world).count(State.ACCEPTED) == left


async def test_keeping_the_status_leaves_the_answer_owed(world: World) -> None:
    await three(world)
    before = [ticket.status for ticket in all_tickets(world)]
    decks.send(world.desk, cards(world), keep_status=True)
    after = [ticket.status for ticket in all_tickets(world)]
    assert all(status.is_ours for status in after)
    assert len(before) == len(after)


async def test_an_edited_text_goes_and_its_draft_with_it(world: World) -> None:
    await three(world)
    first = cards(world)[0]
    drafts.save(world.desk, Draft(first.key, "ada", Mode.REPLY, "In my own words."))
    again = cards(world)[0]
    assert again.remark == "you are writing there"
    config, now = world.desk.config, world.clock.now()
    decks.send(world.desk, [decks.edited(again, "In my own words.", "en", config, now)])
    with reading(world.desk.database.path) as views:
        assert views.draft(first.key, "ada", Kind.REPLY) is None
        assert views.messages(first.key)[-1].text.strip() == "In my own words."


def test_who_cannot_be_reached_in_time_misses_it() -> None:
    def missed(*minutes: int) -> list[str]:
        dues = [(str(number), NOW + timedelta(minutes=number)) for number in minutes]
        return deck.missed(dues, NOW, timedelta(minutes=10))

    assert missed(30, 45) == []
    assert missed(5, 45) == ["5"]
    assert missed(15, 16, 17, 59) == ["16", "17"]
    assert missed(-5) == ["-5"]
    assert missed(-90, 500) == []


def test_the_summary_names_what_is_open_first() -> None:
    assert deck.summary([Verdict.APPROVED, Verdict.OPEN, Verdict.APPROVED]) == "1 to look at, 2 approved"
    assert deck.summary([]) == ""
    assert dataclasses.replace(Card("k", "r", "c", "s", "t [x]", "m", gaps=("[x]",)), text="t").open_gaps == []


async def test_a_time_that_has_passed_is_named_with_the_card_and_runs_as_no_clock(world: World) -> None:
    await three(world)
    world.clock.advance(8 * 3600)
    first = cards(world, when="9:00 today")[0]
    assert first.promises == ()
    assert "9:00 today" in "".join(first.doubts)


async def test_a_machine_gets_no_reply_unless_somebody_writes_it(world: World) -> None:
    mail = letter("Your report is ready.", message_id="r@x", Auto_Submitted="auto-generated")
    world.server.put(mail, at=world.clock.now())
    await world.sync()
    assert cards(world)[0].remark == "only machines wrote"
