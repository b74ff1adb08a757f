"""The outbox: what became of each mail, what an agent can do about it, and what cannot be done and why."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from supportterm.desk.replying import reply
from supportterm.domain.drafts import Kind
from supportterm.domain.operations import Operation, OperationKind, Recipient, State
from supportterm.domain.ticket import Ticket
from supportterm.mail.gateway import Answer
from supportterm.screens import mail_states
from supportterm.screens.outbox import OutboxScreen
from supportterm.screens.widgets.footer import Footer
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import NOW, World, letter
from tests.screens.office import SIZES, office, text_of, told, until

TEXT = "It leaves today, you have it on Friday."


def mails(world: World) -> list[Operation]:
    with reading(world.desk.database.path) as views:
        return views.outbox(everything=True)


def ticket(world: World) -> Ticket:
    with reading(world.desk.database.path) as views:
        return views.queue(Where("1"), 1)[0]


async def written(world: World, answer: Answer | None, code: int = 0, said: str = "") -> None:
    """Let a customer write and an agent answer; the server says so of it, or has not been asked yet."""
    await world.sync()
    world.clock.advance(60)
    world.server.put(letter("Where is my parcel?", message_id="q@x"), at=world.clock.now())
    await world.sync()
    reply(world.desk, ticket(world).ref, TEXT)
    if answer is not None:
        world.server.answers["mara@lind.example"] = (answer, code, said)
        world.clock.advance(11)
        await world.sync()


async def test_an_empty_outbox_says_so(world: World) -> None:
    async with office(world) as (app, pilot):
        await pilot.press("O")
        await until(pilot, lambda: "every mail has left" in text_of(app))
        for key in ("enter", "r", "m", "d", "t"):
            await pilot.press(key)
            await until(pilot, lambda: "There is no mail here." in told(app))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, OutboxScreen))


@pytest.mark.parametrize("size", SIZES)
async def test_a_mail_counts_down_and_shows_whom_it_goes_to_and_what_it_says(
    world: World, size: tuple[int, int]
) -> None:
    await written(world, None)
    async with office(world, size) as (app, pilot):
        await pilot.press("O")
        await until(pilot, lambda: "leaves in 10 s" in text_of(app))
        for words in ("ON THEIR WAY 1", "queued", "mara@lind.example", TEXT, "undo time"):
            await until(pilot, lambda words=words: words in text_of(app))
        world.clock.advance(4)
        await until(pilot, lambda: "leaves in 6 s" in text_of(app))
        await pilot.press("r")
        await until(pilot, lambda: "It leaves by itself" in told(app))
        await pilot.press("m")
        await until(pilot, lambda: "Only an uncertain mail" in told(app))
        assert mails(world)[0].state is State.QUEUED


async def test_an_uncertain_mail_is_sent_again_only_after_a_yes(world: World) -> None:
    await written(world, Answer.UNCERTAIN, said="lost after the end")
    async with office(world) as (app, pilot):
        await pilot.press("O")
        await until(pilot, lambda: "? uncertain" in text_of(app))
        await until(pilot, lambda: "STOPPED 1" in text_of(app))
        await until(pilot, lambda: "lost after the end" in text_of(app))
        await pilot.press("r")
        await until(pilot, lambda: "may get it twice" in text_of(app))
        await pilot.press("escape")
        await pilot.pause()
        assert mails(world)[0].state is State.UNCERTAIN
        await pilot.press("r")
        await until(pilot, lambda: "may get it twice" in text_of(app))
        await pilot.press("y")
        await until(pilot, lambda: mails(world)[0].state is State.QUEUED)


async def test_an_uncertain_mail_is_marked_as_sent(world: World) -> None:
    await written(world, Answer.UNCERTAIN)
    async with office(world) as (app, pilot):
        await pilot.press("O")
        await until(pilot, lambda: "? uncertain" in text_of(app))
        await pilot.press("m")
        await until(pilot, lambda: mails(world)[0].state is State.ACCEPTED)
        await until(pilot, lambda: "every mail has left" in text_of(app))
        await pilot.press("a")
        await until(pilot, lambda: "LEFT OR TAKEN BACK 1" in text_of(app))
        await pilot.press("d")
        await until(pilot, lambda: "cannot be taken back" in told(app))
        await pilot.press("a")
        await until(pilot, lambda: "LEFT OR TAKEN BACK" not in text_of(app))


async def test_a_refused_mail_is_sent_again_at_once_and_says_what_the_server_said(world: World) -> None:
    await written(world, Answer.REFUSED, 550, "no such user")
    async with office(world) as (app, pilot):
        await pilot.press("O")
        await until(pilot, lambda: "refused" in text_of(app))
        await until(pilot, lambda: "550 no such user" in text_of(app))
        await pilot.press("r")
        await until(pilot, lambda: mails(world)[0].state is State.QUEUED)


async def test_discarding_asks_and_makes_the_text_a_draft_again(world: World) -> None:
    await written(world, Answer.REFUSED, 550, "no such user")
    async with office(world) as (app, pilot):
        await pilot.press("O")
        await until(pilot, lambda: "refused" in text_of(app))
        await pilot.press("d")
        await until(pilot, lambda: "Discard this mail?" in text_of(app))
        await pilot.press("escape")
        await pilot.pause()
        assert mails(world)[0].state is State.REFUSED
        await pilot.press("d")
        await until(pilot, lambda: "Discard this mail?" in text_of(app))
        await pilot.press("d")
        await until(pilot, lambda: mails(world)[0].state is State.UNDONE)
        await until(pilot, lambda: "is a draft again" in told(app))
        await until(pilot, lambda: "t opens it" in told(app))
        draft = app.support.views.draft(ticket(world).key, "ada", Kind.REPLY)
        assert draft is not None
        assert draft.text == TEXT


async def test_reading_the_mail_alone_and_back_and_to_its_ticket(world: World) -> None:
    await written(world, Answer.REFUSED, 550, "no such user")
    async with office(world, (80, 24)) as (app, pilot):
        await pilot.press("O")
        await until(pilot, lambda: "STOPPED 1" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: "STOPPED" not in text_of(app))
        await until(pilot, lambda: TEXT in text_of(app))
        await pilot.press("j", "k", "space", "ctrl+u", "g", "G")
        await pilot.press("q")
        await until(pilot, lambda: "STOPPED 1" in text_of(app))
        await pilot.press("t")
        await until(pilot, lambda: type(app.screen).__name__ == "TicketScreen")


async def test_the_footer_can_be_clicked_and_leaves_out_what_cannot_be_done(world: World) -> None:
    await written(world, Answer.REFUSED, 550, "no such user")
    async with office(world) as (app, pilot):
        await pilot.press("O")
        await until(pilot, lambda: "d discard" in text_of(app))
        line = text_of(app).splitlines()[-1]
        assert "mark sent" not in line
        assert line.rstrip().endswith("? keys")
        await pilot.click(Footer, offset=(line.index("d discard"), 0))
        await until(pilot, lambda: "Discard this mail?" in text_of(app))


async def test_marks_and_copies_that_wait_are_told(world: World) -> None:
    await written(world, None)
    waiting = Operation(ticket(world).key, OperationKind.FLAG, State.QUEUED, NOW, NOW, NOW, NOW + timedelta(days=1))
    with world.desk.database.write() as session:
        from supportterm.store import operations

        operations.add(session, waiting)
        operations.add(session, waiting)
        operations.add(session, dataclasses.replace(waiting, kind=OperationKind.FILE))
    async with office(world) as (app, pilot):
        await pilot.press("O")
        await until(pilot, lambda: "2 flags, 1 copy to file in Sent wait for the server" in text_of(app))


STATES = [
    (State.QUEUED, State.QUEUED, 0, 8, "leaves in 8 s"),
    (State.QUEUED, State.QUEUED, 2, -10, "next try 12:02:00, 3rd"),
    (State.SENDING, State.SENDING, 0, -1, "on its way now"),
]


@pytest.mark.parametrize(("state", "each", "tries", "seconds", "expected"), STATES)
def test_times_are_told_in_words(state: State, each: State, tries: int, seconds: int, expected: str) -> None:
    at = NOW.astimezone().replace(hour=12, minute=1, second=30)
    mail = Operation(
        "k", OperationKind.SEND, state, at, at, at + timedelta(seconds=seconds), at + timedelta(seconds=30),
        attempts=tries, recipients=(Recipient("a@b", each),),
    )  # fmt: skip
    assert mail_states.timing(mail, at, online=True) == expected


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_sign_a_word_and_advice(state: State) -> None:
    mail = Operation("k", OperationKind.SEND, state, NOW, NOW, NOW, NOW, recipients=(Recipient("a@b", state),))
    assert mail_states.word(state)
    assert mail_states.advice(mail, NOW, online=False).endswith(".")
    refusals = [f(mail) for f in (mail_states.cannot_retry, mail_states.cannot_mark_sent, mail_states.cannot_discard)]
    assert all(not refusal or refusal.endswith(".") for refusal in refusals)
    assert (state in (State.REFUSED, State.REVIEW, State.UNCERTAIN, State.UNDONE)) == (not refusals[0])
