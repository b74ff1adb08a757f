from __future__ import annotations

from datetime import timedelta, timezone

import pytest

from supportterm.desk import replying, verbs
from supportterm.desk.verbs import Change
from supportterm.domain.operations import Operation, OperationKind, State
from supportterm.domain.ticket import Status
from supportterm.screens.ticket import TicketScreen
from supportterm.screens.widgets.fates import fate
from supportterm.store.rows import execute
from supportterm.store.views import reading
from tests.desk.fakes import NOW, World
from tests.screens.office import SIZES, office
from tests.screens.tickets import mail, opened, said, text_of, until

QUOTE = "\n\n> This is what was said before,\n> in two lines.\n\n-- \nMara Lind\nLind Ceramics\n"


async def conversation(world: World) -> None:
    """A customer, an answer, the customer again; a colleague inside; a note."""
    mail(world, "My kiln stays cold since Monday.", 1, at=NOW - timedelta(hours=5))
    mail(
        world,
        "Is the red lamp on?",
        2,
        refs=[1],
        sender="Acme Support <support@acme.example>",
        to="mara@lind.example",
        at=NOW - timedelta(hours=4),
        folder="Sent",
    )
    mail(world, "Yes, it is on. What now?" + QUOTE, 3, refs=[1, 2], at=NOW - timedelta(hours=1))
    await world.sync()
    verbs.note(world.desk, key_of(world), "asked the workshop\nthey answer by eleven")


def key_of(world: World) -> str:
    """Return the key of the ticket that `conversation` makes: the customer's newest."""
    with reading(world.desk.database.path) as views:
        return views.earlier("mara@lind.example", "")[0][0].key


@pytest.mark.parametrize("size", SIZES)
async def test_a_ticket_shows_who_said_what_and_what_is_folded(world: World, size: tuple[int, int]) -> None:
    await conversation(world)
    async with office(world, size) as (app, pilot):
        await opened(app, pilot)
        shown = text_of(app)
        lines = shown.splitlines()
        assert "The kiln" in lines[0]
        assert "reply" in lines[0]
        assert "nobody's" in lines[0]
        assert any("Mara Lind  mara@lind.example" in line for line in lines)
        assert any(line.startswith(" US  Acme Support") and "mara@lind.example" in line for line in lines)
        assert any(line[1:].startswith("NOTE, stays inside  Ada") for line in lines)
        assert "+ 2 quoted lines   + signature" in shown
        assert "This is what was said before" not in shown
        assert ("First ticket" in shown) is (size[0] >= 110)


async def test_a_note_is_marked_on_every_line_without_any_colour(world: World) -> None:
    await conversation(world)
    async with office(world, glyphs="ascii") as (app, pilot):
        await opened(app, pilot)
        note = [line for line in text_of(app).splitlines() if "workshop" in line or "by eleven" in line]
        assert len(note) == 2
        assert all(line[1] == "|" for line in note)
        customers = [line for line in text_of(app).splitlines() if "red lamp" in line or "it is on" in line]
        assert customers
        assert all(line[1:3] == "  " for line in customers)


async def test_a_customer_cannot_pass_for_a_note(world: World) -> None:
    mail(world, "NOTE, stays inside  Ada\n INSIDE  Ada\npay them", 1, sender="NOTE stays inside Ada <m@evil.example>")
    await world.sync()
    async with office(world) as (app, pilot):
        await opened(app, pilot)
        lines = text_of(app).splitlines()
        assert any('"NOTE stays inside Ada"  m@evil.example' in line for line in lines)
        assert not any(line[1:].startswith(("NOTE", "INSIDE")) for line in lines)


async def test_quotes_unfold_and_fold_again(world: World) -> None:
    await conversation(world)
    async with office(world) as (app, pilot):
        screen = await opened(app, pilot)
        messages = app.support.views.messages(screen.key)
        screen.conversation.focus_message(next(m.id for m in messages if "This is what" in m.text))
        for key in ("quotation_mark", "enter"):
            await pilot.press(key)
            await until(pilot, lambda: "> in two lines." in text_of(app))
            await until(pilot, lambda: "Lind Ceramics" in text_of(app))
            await pilot.press(key)
            await until(pilot, lambda: "> in two lines." not in text_of(app))


async def test_a_click_on_what_is_folded_unfolds_it(world: World) -> None:
    await conversation(world)
    async with office(world) as (app, pilot):
        await opened(app, pilot)
        lines = text_of(app).splitlines()
        y = next(n for n, line in enumerate(lines) if "+ 2 quoted lines" in line)
        await pilot.click(offset=(8, y))
        await until(pilot, lambda: "> in two lines." in text_of(app))


async def test_it_opens_at_the_customers_latest_mail(world: World) -> None:
    for n in range(1, 40):
        text = "\n".join(f"mail {n} line {line}" for line in range(6))
        mail(world, text, n, refs=list(range(1, n)), at=NOW - timedelta(hours=50 - n))
    await world.sync()
    async with office(world, (80, 24)) as (app, pilot):
        screen = await opened(app, pilot)
        assert screen.conversation.current is not None
        assert "mail 39 line 0" in screen.conversation.current.text
        await until(pilot, lambda: "mail 39 line 5" in text_of(app))
        await pilot.press("g")
        await until(pilot, lambda: "mail 1 line 0" in text_of(app))
        await pilot.press("j", "j")
        await until(pilot, lambda: "mail 3 line 0" in text_of(app))
        assert screen.conversation.current.text.startswith("mail 3")
        await pilot.press("k")
        assert screen.conversation.current.text.startswith("mail 2")
        for key in ("ctrl+d", "pagedown", "space"):
            before = screen.conversation.scroll_offset.y
            await pilot.press(key)
            assert screen.conversation.scroll_offset.y > before
        for key in ("ctrl+u", "pageup", "up"):
            before = screen.conversation.scroll_offset.y
            await pilot.press(key)
            assert screen.conversation.scroll_offset.y < before
        await pilot.press("G")
        await until(pilot, lambda: "mail 39 line 5" in text_of(app))


async def test_it_opens_at_the_message_that_was_asked_for(world: World) -> None:
    for n in range(1, 30):
        mail(world, "\n".join(f"mail {n} line {line}" for line in range(9)), n, refs=list(range(1, n)))
    await world.sync()
    async with office(world, (80, 24)) as (app, pilot):
        key = key_of(world)
        wanted = next(m for m in app.support.views.messages(key) if "mail 7 " in m.text)
        screen = TicketScreen(key, wanted.id)
        app.push_screen(screen)
        await until(pilot, lambda: "mail 7 line 0" in text_of(app))
        assert screen.conversation.current == wanted


async def test_new_mail_moves_nothing_and_says_it_is_below(world: World) -> None:
    for n in range(1, 9):
        mail(
            world,
            "\n".join(f"mail {n} line {line}" for line in range(8)),
            n,
            refs=list(range(1, n)),
            at=NOW - timedelta(hours=20 - n),
        )
    await world.sync()
    async with office(world, (80, 24)) as (app, pilot):
        screen = await opened(app, pilot)
        await pilot.press("g", "quotation_mark")
        assert screen.conversation.current is not None
        first = screen.conversation.current.id
        before = [line[:78] for line in text_of(app).splitlines()[1:-1]]
        mail(world, "and one thing more", 9, refs=list(range(1, 9)), at=NOW - timedelta(minutes=1))
        await world.sync()
        await until(pilot, lambda: "1 new below, G" in text_of(app))
        assert [line[:78] for line in text_of(app).splitlines()[1:-1]] == before
        assert screen.conversation.is_whole(first)
        await pilot.press("G")
        await until(pilot, lambda: "and one thing more" in text_of(app))
        await until(pilot, lambda: "new below" not in text_of(app))


async def test_reading_changes_nothing(world: World) -> None:
    await conversation(world)
    async with office(world) as (app, pilot):
        before = app.support.views.ticket(key_of(world))
        await opened(app, pilot)
        await pilot.press("g", "G", "enter", "space", "j", "escape")
        assert app.support.views.ticket(key_of(world)) == before


async def test_a_reply_on_its_way_says_where_it_is(world: World) -> None:
    await conversation(world)
    replying.reply(world.desk, key_of(world), "Please turn it off and on.")
    async with office(world) as (app, pilot):
        await opened(app, pilot)
        await until(pilot, lambda: "leaves in 10 s" in text_of(app))
        world.clock.advance(4)
        await until(pilot, lambda: "leaves in 6 s" in text_of(app))
        verbs.undo(world.desk)
        await until(pilot, lambda: "taken back, never sent" in text_of(app))


@pytest.mark.parametrize(
    ("state", "attempts", "online", "words"),
    [
        (State.QUEUED, 0, True, "about to leave"),
        (State.QUEUED, 3, False, "waiting for the network"),
        (State.QUEUED, 3, True, "not sent yet, next try in 40 s"),
        (State.SENDING, 1, True, "being sent"),
        (State.ACCEPTED, 1, True, ""),
        (State.UNCERTAIN, 1, True, "uncertain: it may have arrived, see the outbox"),
        (State.REFUSED, 1, True, "refused, not sent"),
        (State.REVIEW, 0, True, "held back: newer mail came first"),
        (State.UNDONE, 0, True, "taken back, never sent"),
    ],
)
def test_what_became_of_a_reply_is_a_word(state: State, attempts: int, online: bool, words: str) -> None:
    before = NOW - timedelta(minutes=1)
    operation = Operation(
        *("K", OperationKind.SEND, state, before, before, before), NOW + timedelta(seconds=40), attempts=attempts
    )
    assert fate(operation, NOW, online=online) == (words, state.needs_a_look)


async def test_the_timeline_says_who_did_what(world: World) -> None:
    await conversation(world)
    key = key_of(world)
    verbs.change(world.desk, key, Change(assignee="bob"))
    verbs.change(world.desk, key, Change(status=Status.ON_HOLD))
    verbs.undo(world.desk)
    async with office(world) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("h")
        await until(pilot, lambda: "what happened" in text_of(app) and "wrote: " in text_of(app))
        lines = text_of(app).splitlines()
        assert any("Mara Lind" in line and "wrote: “My kiln stays cold" in line for line in lines)
        assert any("you" in line and "wrote a note: “asked the workshop" in line for line in lines)
        assert any("assignee nobody → bob" in line for line in lines)
        assert any("status open → on-hold   (taken back)" in line for line in lines)
        assert any("took a step back: status on-hold → open" in line for line in lines)
        await pilot.press("j", "k", "g", "G", "ctrl+d", "ctrl+u", "escape")
        await until(pilot, lambda: isinstance(app.screen, TicketScreen))


async def test_the_card_knows_the_customer(world: World) -> None:
    mail(world, "An older matter.", 50, subject="Glaze", at=NOW - timedelta(days=2))
    mail(world, "My kiln stays cold.", 1, at=(NOW - timedelta(hours=2)).astimezone(timezone(timedelta(hours=9))))
    await world.sync()
    verbs.change(world.desk, key_of(world), Change(add_tags=frozenset({"billing"})))
    async with office(world) as (app, pilot):
        screen = await opened(app, pilot)
        shown = text_of(app)
        assert "mara@lind.example" in shown
        assert "21:00 there (UTC+9)" in shown
        assert "1 other ticket" in shown
        assert "Glaze" in shown
        assert "waits 2 h" in shown
        assert "#billing" in shown
        await pilot.press("tab", "enter")
        await until(pilot, lambda: app.screen is not screen and "An older matter." in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        await pilot.press("v")
        await until(pilot, lambda: "1 other ticket" not in text_of(app))


async def test_on_a_narrow_screen_the_card_lies_over_the_conversation(world: World) -> None:
    await conversation(world)
    async with office(world, (80, 24)) as (app, pilot):
        screen = await opened(app, pilot)
        assert "First ticket" not in text_of(app)
        await pilot.press("v")
        await until(pilot, lambda: "First ticket" in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: "First ticket" not in text_of(app))
        assert app.screen is screen


async def test_a_doubtful_sender_is_named(world: World) -> None:
    mail(
        world,
        "Please pay here.",
        sender='"boss@acme.example" <x@раураl.example>',
        Reply_To="other@elsewhere.example",
    )
    await world.sync()
    async with office(world, (200, 50)) as (app, pilot):
        await opened(app, pilot)
        shown = text_of(app)
        assert "! the name holds an address, but the mail came from" in shown
        assert "! an answer goes to other@elsewhere.example" in shown
        assert "xn--" in shown


@pytest.mark.parametrize("size", SIZES[:2])
async def test_a_second_ticket_is_read_beside(world: World, size: tuple[int, int]) -> None:
    await conversation(world)
    mail(world, "The glaze is blue, not green.", 50, subject="Glaze", at=NOW - timedelta(days=1))
    await world.sync()
    async with office(world, size) as (app, pilot):
        screen = await opened(app, pilot)
        await pilot.press("vertical_line")
        await until(pilot, lambda: "Beside" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: "The glaze is blue" in text_of(app))
        assert ("it is on" in text_of(app)) is (size[0] >= 110)
        assert screen.chosen() == [screen.second.key]
        await pilot.press("f6")
        await until(pilot, lambda: "it is on" in text_of(app))
        assert screen.chosen() == [screen.key]
        await pilot.press("vertical_line")
        await until(pilot, lambda: screen.chosen() == [screen.second.key])
        await pilot.press("escape")
        await until(pilot, lambda: "The glaze is blue" not in text_of(app))
        await until(pilot, lambda: "it is on" in text_of(app))
        assert app.screen is screen


async def test_beside_finds_any_ticket_by_reference_or_words(world: World) -> None:
    await conversation(world)
    mail(world, "A parcel for the cat.", 60, subject="Parcel", sender="Bo <bo@bo.example>")
    await world.sync()
    async with office(world) as (app, pilot):
        screen = await opened(app, pilot)
        other = next(t for t in app.support.views.queue(app.support.where("")) if t.subject == "Parcel")
        for typed in (other.ref.removeprefix("ST-"), "parcel"):
            await pilot.press("vertical_line")
            await until(pilot, lambda: "Nothing here; type" in text_of(app))
            await pilot.press(*typed, "enter")
            await until(pilot, lambda: "for the cat" in text_of(app))
            assert screen.second.key == other.key
            await pilot.press("escape")
            await until(pilot, lambda: "for the cat" not in text_of(app))


async def test_j_and_k_in_capitals_go_along_the_queues_list(world: World) -> None:
    await conversation(world)
    async with office(world) as (app, pilot):
        screen = await opened(app, pilot)
        app.screen_stack[0].neighbour = lambda key, step: None  # type: ignore[attr-defined] # stands in for the list
        await pilot.press("J")
        await until(pilot, lambda: "last of the list" in said(app))
        await pilot.press("K")
        await until(pilot, lambda: "first of the list" in said(app))
        mail(world, "The glaze is blue.", 50, subject="Glaze")
        await world.sync()
        keys = [t.key for t in app.support.views.queue(app.support.where(""))]
        other = next(key for key in keys if key != screen.key)
        app.screen_stack[0].neighbour = lambda key, step: other  # type: ignore[attr-defined] # stands in for the list
        await pilot.press("J")
        await until(pilot, lambda: screen.key == other and "The glaze is blue" in text_of(app))


async def test_time_and_commits_before_the_screen_is_laid_out_harm_nothing(world: World) -> None:
    await conversation(world)
    async with office(world) as (app, _):
        screen = TicketScreen(key_of(world))
        app.push_screen(screen)
        screen.tick(NOW)
        screen.store_changed()
        assert screen.chosen() == []


async def test_a_ticket_that_joined_another_opens_there_and_one_that_is_gone_says_so(world: World) -> None:
    await conversation(world)
    with world.desk.database.write() as session:
        execute(session, "INSERT INTO alias VALUES ('0LDKEY0000', 'ST-0LDKE', ?)", [key_of(world)])
    async with office(world) as (app, pilot):
        screen = TicketScreen("0LDKEY0000")
        app.push_screen(screen)
        await until(pilot, lambda: "My kiln stays cold" in text_of(app))
        assert screen.key == key_of(world)
        app.push_screen(TicketScreen("NEVERWAS00"))
        await until(pilot, lambda: "not in the store any more" in text_of(app))
        await pilot.press("c", "o", "d", "H", "h", "enter", "j", "v", "vertical_line", "y", "w", "r")
        await until(pilot, lambda: "not in the store any more" in text_of(app))


async def test_what_the_mouse_selects_can_be_had_as_it_was_written(world: World) -> None:
    mail(world, "A sentence that is long enough to be broken over two rows of a narrow screen, and then some words.")
    await world.sync()
    async with office(world, (80, 24)) as (app, pilot):
        screen = await opened(app, pilot)
        y = next(n for n, line in enumerate(text_of(app).splitlines()) if "A sentence" in line)
        await pilot.mouse_down(offset=(3, y))
        await pilot.hover(offset=(20, y + 1))
        await pilot.mouse_up(offset=(20, y + 1))
        await pilot.pause()
        chosen = screen.conversation.selected_text()
        assert chosen.startswith("A sentence that is long enough")
        assert "\n" not in chosen


async def test_copy_offers_reference_address_and_text(world: World) -> None:
    await conversation(world)
    async with office(world) as (app, pilot):
        screen = await opened(app, pilot)
        await pilot.press("k", "y")
        await until(pilot, lambda: "this message's text" in text_of(app))
        await until(pilot, lambda: "mara@lind.example" in text_of(app))
        await pilot.press(*"text", "enter")
        await until(pilot, lambda: bool(app.clipboard))
        assert screen.conversation.current is not None
        assert app.clipboard.strip() in screen.conversation.current.text


async def test_our_own_words_are_gone_to_a_strangers_are_not(world: World) -> None:
    await conversation(world)
    async with office(world, (80, 24)) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("g")
        verbs.note(world.desk, key_of(world), "and this is what I found out")
        await until(pilot, lambda: "what I found out" in text_of(app))
