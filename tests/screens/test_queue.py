"""The queue: what it shows, what its keys do, and that nothing moves that the agent did not move."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from supportterm.app import SupporttermApp
from supportterm.desk import verbs
from supportterm.desk.verbs import Change
from supportterm.domain.ticket import Priority, Status, Ticket
from supportterm.screens import keys
from supportterm.screens.asking import Pick
from supportterm.screens.commands import Scope, of
from supportterm.screens.leaving import LeavingScreen
from supportterm.screens.queue import QueueScreen
from supportterm.screens.reply import Mode, ReplyScreen
from supportterm.screens.ticket import TicketScreen
from supportterm.screens.why import WhyScreen
from supportterm.screens.widgets.footer import Footer
from supportterm.screens.widgets.preview import Preview
from supportterm.screens.widgets.ticket_list import TicketList
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import World, letter
from tests.screens.office import SIZES, office, seed, text_of, told, until


async def customers(world: World, number: int, first: int = 0) -> None:
    """Let so many customers write, one minute after the other."""
    await world.sync()
    for each in range(first, first + number):
        world.clock.advance(60)
        mail = letter(
            f"Question {each}. Where is my parcel?",
            sender=f"Customer {each:02} <c{each}@x.example>",
            subject=f"Parcel {each:02}",
            message_id=f"p{each}@x",
            at=world.clock.now(),
        )
        world.server.put(mail, at=world.clock.now())
    await world.sync()


def listed(app: SupporttermApp) -> TicketList:
    return next(screen for screen in app.screen_stack if isinstance(screen, QueueScreen)).listed


def subjects(app: SupporttermApp) -> list[str]:
    """Return what the list holds, in its order."""
    found = listed(app).fetch(listed(app).order.keys(0, 999))
    return [ticket.subject for ticket in found]


def selected(app: SupporttermApp) -> str:
    ticket = app.support.views.ticket(listed(app).selected or "")
    return ticket.subject if ticket else ""


def stored(world: World, subject: str) -> Ticket:
    with reading(world.desk.database.path) as views:
        return next(ticket for ticket in views.queue(Where("1"), 999) if ticket.subject == subject)


def remark(app: SupporttermApp) -> str:
    return app.screen.query_one(Footer).remark


def screen_line(app: SupporttermApp) -> int:
    """Return the line of the screen on which the cursor stands."""
    return next(y for y, line in enumerate(text_of(app).split("\n")) if line.startswith("▌"))


async def settled(pilot: Pilot[int], rows: int) -> None:
    await until(pilot, lambda: len(listed(pilot.app).order) == rows)  # type: ignore[arg-type] # the office opens this app


async def test_the_queue_says_what_presses_why_and_how_long_is_left(world: World) -> None:
    seed(world)
    await world.sync()
    async with office(world, (120, 36)) as (app, pilot):
        await until(pilot, lambda: "NOW" in text_of(app))
        text = text_of(app)
        assert "TODAY" in text
        assert text.index("NOW") < text.index("TODAY")
        top = text.split("\n")[screen_line(app)]
        assert "!!" in top
        assert "reply" in top or "late" in top
        await until(pilot, lambda: "why" in text_of(app) and "“" in text_of(app))


@pytest.mark.parametrize("size", [*SIZES, (60, 18), (20, 5), (47, 11), (100, 24), (161, 30)])
@pytest.mark.parametrize("glyphs", ["unicode", "ascii"])
async def test_every_line_is_exactly_as_wide_as_the_screen(world: World, size: tuple[int, int], glyphs: str) -> None:
    await world.sync()
    world.clock.advance(60)
    for number, (name, subject) in enumerate(
        [
            ("伊藤 健二", "二重請求されています。" * 9),
            ("👩‍💻 Dev 👨‍👩‍👧‍👦", "🏴‍☠️ flags 🇯🇵🇹🇷 and more 👍🏽" * 4),
            ("Zoe\u0308 O\u0301lafsson\u0301", "combi\u0301ning ma\u0308rks " * 9),
            ("مريم", "سؤال عن الطلب"),
            ("x" * 200, "y" * 900),
            ("\x1b[2Jname", "\x1b]0;title\x07 tab\there"),
            ("", ""),
        ]
    ):
        mail = letter("Where is it?", message_id=f"w{number}@x", sender=f"w{number}@x.example", at=world.clock.now())
        world.server.put(mail, at=world.clock.now())
        await world.sync()
        with world.desk.database.write() as session:
            from supportterm.store.rows import execute

            execute(
                session,
                "UPDATE ticket SET requester_name = ?, subject = ? WHERE requester_address = ?",
                [name, subject, f"w{number}@x.example"],
            )
    async with office(world, size, glyphs=glyphs) as (app, pilot):
        await settled(pilot, 7)
        for key in ("j", "j", "x", "k"):
            await pilot.press(key)
        await pilot.pause()
        assert {cell_len(line) for line in text_of(app).split("\n")} == {size[0]}
        assert "\x1b" not in text_of(app)


async def test_the_cursor_stays_on_its_ticket_and_line_while_others_come_and_go(world: World) -> None:
    await customers(world, 12)
    async with office(world) as (app, pilot):
        await settled(pilot, 12)
        await pilot.press("j", "j", "j", "j", "j")
        assert selected(app) == "Parcel 05"
        line = screen_line(app)
        verbs.change(world.desk, stored(world, "Parcel 02").key, Change(status=Status.SOLVED))
        await settled(pilot, 11)
        assert selected(app) == "Parcel 05"
        shift = line - screen_line(app)
        assert shift in (0, 1)
        before = subjects(app)
        await customers(world, 3, first=20)
        verbs.change(world.desk, stored(world, "Parcel 09").key, Change(priority=Priority.P1))
        await until(pilot, lambda: "3 new" in remark(app))
        assert "1 more pressing" in remark(app)
        assert "press ." in remark(app)
        assert subjects(app) == before
        assert selected(app) == "Parcel 05"
        await pilot.press("full_stop")
        await settled(pilot, 14)
        assert subjects(app)[0] == "Parcel 09"
        assert selected(app) == "Parcel 05"
        await until(pilot, lambda: "▌" in text_of(app))
        await until(pilot, lambda: not remark(app))


async def test_a_long_list_keeps_the_cursors_line_when_rows_above_it_leave(world: World) -> None:
    await customers(world, 40)
    async with office(world, (100, 24)) as (app, pilot):
        await settled(pilot, 40)
        for _ in range(30):
            await pilot.press("j")
        here, line = selected(app), screen_line(app)
        with reading(world.desk.database.path) as views:
            gone = [
                ticket.key for ticket in views.queue(Where("1"), 999) if ticket.subject in ("Parcel 03", "Parcel 04")
            ]
        verbs.change_many(world.desk, gone, Change(assignee="bob"))
        await settled(pilot, 38)
        assert (selected(app), screen_line(app)) == (here, line)


async def test_what_the_agent_finished_makes_room_for_the_next_and_undo_brings_it_back(world: World) -> None:
    await customers(world, 5)
    async with office(world) as (app, pilot):
        await settled(pilot, 5)
        await pilot.press("j", "e")
        await settled(pilot, 4)
        assert selected(app) == "Parcel 02"
        assert stored(world, "Parcel 01").status is Status.SOLVED
        await pilot.press("z")
        await settled(pilot, 5)
        assert subjects(app) == [f"Parcel {n:02}" for n in range(5)]
        assert selected(app) == "Parcel 01"


async def test_a_ticket_that_a_colleague_took_stays_until_the_cursor_leaves_it(world: World) -> None:
    await customers(world, 4)
    async with office(world) as (app, pilot):
        await settled(pilot, 4)
        await pilot.press("j")
        with world.desk.database.write() as session:
            from supportterm.store.rows import execute

            execute(session, "UPDATE ticket SET assignee = 'bob' WHERE subject = 'Parcel 01'", [])
        await until(pilot, lambda: "bob" in text_of(app))
        await pilot.pause(0.1)
        assert selected(app) == "Parcel 01"
        await pilot.press("j")
        await settled(pilot, 3)
        assert selected(app) == "Parcel 02"


async def test_a_customer_who_writes_right_after_my_step_moves_no_cursor(world: World) -> None:
    await customers(world, 4)
    async with office(world) as (app, pilot):
        await settled(pilot, 4)
        verbs.change(world.desk, stored(world, "Parcel 00").key, Change(status=Status.PENDING))
        await settled(pilot, 3)
        await pilot.press("j")
        here = selected(app)
        world.clock.advance(30)
        mail = letter(
            "One more thing: where is it now?",
            sender="Customer 00 <c0@x.example>",
            subject="Re: Parcel 00",
            message_id="again@x",
            refs=["p0@x"],
            at=world.clock.now(),
        )
        world.server.put(mail, at=world.clock.now())
        await world.sync()
        await until(pilot, lambda: "1 new, press ." in text_of(app).replace("more pressing, ", ""))
        assert selected(app) == here


async def test_marks_are_changed_in_one_step_that_one_undo_takes_back(world: World) -> None:
    await customers(world, 6)
    async with office(world) as (app, pilot):
        await settled(pilot, 6)
        await pilot.press("x", "j", "j", "j", "asterisk")
        await until(pilot, lambda: "4 marked" in remark(app))
        await pilot.press("j", "x", "x", "t", *"outage", "enter")
        await until(pilot, lambda: "outage" in stored(world, "Parcel 03").tags)
        assert [("outage" in stored(world, f"Parcel {n:02}").tags) for n in range(6)] == [True] * 4 + [False] * 2
        await pilot.press("z")
        await until(pilot, lambda: not stored(world, "Parcel 00").tags)
        assert not any(stored(world, f"Parcel {n:02}").tags for n in range(6))
        await until(pilot, lambda: "took back: tag +outage" in told(app))
        assert "z takes it back" not in told(app)
        await pilot.press("X")
        await until(pilot, lambda: "6 marked" in remark(app))
        await pilot.press("escape")
        await until(pilot, lambda: not remark(app))
        assert app.is_running


async def test_a_filter_narrows_as_one_types_says_what_is_wrong_and_is_cleared(world: World) -> None:
    await customers(world, 12)
    async with office(world) as (app, pilot):
        await settled(pilot, 12)
        await pilot.press("slash", *"subj")
        await pilot.pause(0.4)
        assert len(listed(app).order) == 12, "half a field is no word to look for"
        await pilot.press(*"ect:07")
        await settled(pilot, 1)
        await pilot.press("enter")
        await until(pilot, lambda: "shows all" in text_of(app))
        await until(pilot, lambda: "subject:07" in text_of(app))
        assert selected(app) == "Parcel 07"
        await pilot.press("escape")
        await settled(pilot, 12)
        assert selected(app) == "Parcel 07"
        await pilot.press("slash", *"satus:open", "enter")
        await until(pilot, lambda: "Did you mean `status`" in text_of(app))
        await pilot.press("escape")
        await pilot.press("slash", *"nothinglikethis", "enter")
        await until(pilot, lambda: "meets the filter" in text_of(app))
        await pilot.press("q")
        await settled(pilot, 12)
        assert app.is_running


async def test_views_are_on_digits_and_remember_where_they_were_left(world: World) -> None:
    await customers(world, 6)
    async with office(world) as (app, pilot):
        await settled(pilot, 6)
        await pilot.press("j", "j", "c")
        await until(pilot, lambda: stored(world, "Parcel 02").assignee == "ada")
        await pilot.press("2")
        await settled(pilot, 1)
        await until(pilot, lambda: "[2 Mine 1]" in text_of(app))
        await pilot.press("4")
        await until(pilot, lambda: "No customer owes you an answer" in text_of(app))
        await pilot.press("1")
        await settled(pilot, 6)
        assert selected(app) == "Parcel 02"
        for digit in "3567890":
            await pilot.press(digit)
            await until(pilot, lambda digit=digit: f"[{digit} " in text_of(app))
        await pilot.press("2", "c")
        await until(pilot, lambda: "Nothing is yours" in text_of(app))
        assert stored(world, "Parcel 02").assignee is None


async def test_an_empty_store_says_so_and_fills_by_itself(world: World) -> None:
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "No mail has been read yet" in text_of(app))
        await pilot.press(*"jkgGxX*.fnwercatsby!", "enter")
        await customers(world, 30)
        await settled(pilot, 30)
        assert selected(app) == "Parcel 00"
        assert screen_line(app) < 8


async def test_the_next_clock_and_the_next_ticket_are_one_key_away(world: World) -> None:
    await customers(world, 5)
    async with office(world) as (app, pilot):
        await settled(pilot, 5)
        await until(pilot, lambda: "go there" in text_of(app))
        await pilot.press("G", "f")
        assert selected(app) == "Parcel 00"
        opened = []
        for _ in range(3):
            await pilot.press("n")
            await until(pilot, lambda: isinstance(app.screen, TicketScreen))
            opened.append(app.screen.key)  # type: ignore[attr-defined] # the screen was just told apart
            app.screen.dismiss(None)
            await until(pilot, lambda: isinstance(app.screen, QueueScreen))
        assert len(set(opened)) == 3
        assert selected(app) == "Parcel 03"


async def test_neighbours_follow_the_order_that_is_shown(world: World) -> None:
    await customers(world, 3)
    async with office(world) as (app, pilot):
        await settled(pilot, 3)
        queue = app.screen
        assert isinstance(queue, QueueScreen)
        order = queue.listed.order
        assert queue.neighbour(order.key(0), 1) == order.key(1)
        assert queue.selected() == order.key(1)
        assert queue.neighbour(order.key(0), -1) is None
        assert queue.neighbour(order.key(2), 1) is None


async def test_the_mouse_selects_opens_and_switches(world: World) -> None:
    await customers(world, 5)
    async with office(world) as (app, pilot):
        await settled(pilot, 5)
        first = screen_line(app) - listed(app).region.y
        await pilot.click(TicketList, offset=(30, first + 2))
        assert selected(app) == "Parcel 02"
        await pilot.click(TicketList, offset=(30, first + 3), control=True)
        await until(pilot, lambda: "1 marked" in remark(app))
        await pilot.click(TicketList, offset=(30, first + 1), times=2)
        await until(pilot, lambda: isinstance(app.screen, TicketScreen))
        app.screen.dismiss(None)
        await until(pilot, lambda: isinstance(app.screen, QueueScreen))
        bar = text_of(app).split("\n")[0]
        await pilot.click("ViewsBar", offset=(bar.index("Unassigned" if "Unassigned" in bar else "Unas"), 0))
        await until(pilot, lambda: "[3 " in text_of(app))


async def test_the_preview_follows_the_cursor_and_can_be_put_away(world: World) -> None:
    await customers(world, 3)
    for size in SIZES:
        async with office(world, size) as (app, pilot):
            await settled(pilot, 3)
            await pilot.press("j")
            await until(pilot, lambda: "Question 1" in text_of(app))
            await until(pilot, lambda: "asks" in text_of(app))
            await pilot.press("v")
            await until(pilot, lambda: "Question 1" not in text_of(app))
            assert not app.screen.query_one(Preview).display
            await pilot.press("v", "j")
            await until(pilot, lambda: "Question 2" in text_of(app))


async def test_ten_tickets_are_triaged_from_the_keyboard(world: World) -> None:
    await customers(world, 10)
    async with office(world) as (_, pilot):
        await settled(pilot, 10)
        await pilot.press("e")
        await settled(pilot, 9)
        await pilot.press("s", *"spam", "enter")
        await settled(pilot, 8)
        await pilot.press("b", "enter")
        await settled(pilot, 7)
        await pilot.press("a", *"kai", "enter")
        await settled(pilot, 6)
        await pilot.press("c", "j")
        await pilot.press("exclamation_mark", *"urgent", "enter", *"it is a wedding", "enter")
        await until(pilot, lambda: stored(world, "Parcel 05").override is Priority.P1)
        await pilot.press("j", "t", *"billing vip", "enter")
        await until(pilot, lambda: stored(world, "Parcel 06").tags == {"billing", "vip"})
        await pilot.press("j", "s", *"hold", "enter")
        await settled(pilot, 5)
        await pilot.press("x", "j", "x", "s", *"solved", "enter")
        await settled(pilot, 3)
        standing = {n: stored(world, f"Parcel {n:02}") for n in range(10)}
        assert [standing[n].status for n in (0, 1, 7, 8, 9)] == [
            Status.SOLVED, Status.SPAM, Status.ON_HOLD, Status.SOLVED, Status.SOLVED,
        ]  # fmt: skip
        assert standing[2].snoozed_until == world.clock.now() + timedelta(hours=1)
        assert (standing[3].assignee, standing[4].assignee) == ("kai", "ada")
        await pilot.press("z")
        await until(pilot, lambda: stored(world, "Parcel 09").status is Status.NEW)
        assert stored(world, "Parcel 08").status is Status.NEW


async def test_why_explains_the_place_and_copy_takes_the_reference(world: World) -> None:
    await customers(world, 2)
    async with office(world) as (app, pilot):
        await settled(pilot, 2)
        await pilot.press("w")
        await until(
            pilot, lambda: isinstance(app.screen, WhyScreen) and "The policy “default” allows 24 h" in text_of(app)
        )
        await until(pilot, lambda: "points" in text_of(app))
        await pilot.press("j", "k", "escape")
        await pilot.press("y", "enter")
        await until(pilot, lambda: app.clipboard.startswith("ST-"))


@pytest.mark.parametrize(
    ("key", "mode"), [("r", Mode.REPLY), ("R", Mode.REPLY_ALL), ("F", Mode.FORWARD), ("i", Mode.NOTE)]
)
async def test_writing_opens_the_editor_on_the_ticket_under_the_cursor(world: World, key: str, mode: Mode) -> None:
    await customers(world, 3)
    async with office(world) as (app, pilot):
        await settled(pilot, 3)
        await pilot.press("j", "x", "j", key)
        await until(pilot, lambda: isinstance(app.screen, ReplyScreen))
        screen: Any = app.screen
        assert (screen.key, screen.mode) == (stored(world, "Parcel 02").key, mode)


async def test_every_key_of_the_queue_is_bound_and_survives_being_pressed(world: World) -> None:
    await customers(world, 8)
    leaving = ("queue.leave", "list.back")
    commands = [command for command in of(Scope.QUEUE, Scope.TICKET, Scope.LIST) if command.id not in leaving]
    async with office(world) as (app, pilot):
        await settled(pilot, 8)
        for command in commands:
            assert callable(getattr(app.screen, f"action_{command.action}", None))
            for key in command.keys:
                await pilot.press(key)
                await pilot.pause()
                while not isinstance(app.screen, QueueScreen):
                    app.pop_screen()
                    await pilot.pause()
        assert app.is_running
        await pilot.press("escape", "escape", "1", "escape")
        assert app.is_running
        await pilot.press("q")
        await until(pilot, lambda: not app.is_running or isinstance(app.screen, LeavingScreen))
        if app.is_running:
            await pilot.press("k")
        await until(pilot, lambda: not app.is_running)


@pytest.mark.parametrize("preset", ["support", "mutt", "gmail"])
def test_no_key_of_the_queue_means_two_things(preset: str) -> None:
    keymap = keys.load(preset, None)
    owners: dict[str, str] = {}
    for command in of(Scope.QUEUE, Scope.TICKET, Scope.LIST, Scope.EVERYWHERE):
        for key in keys.keys_of(command.id, keymap) if command.id != "list.back" else ():
            assert owners.setdefault(key, command.id) == command.id


async def test_an_answer_is_about_the_ticket_it_was_asked_about(world: World) -> None:
    seed(world)
    await world.sync()
    async with office(world) as (app, pilot):
        await until(pilot, lambda: len(listed(app).order) > 3)
        queue = app.screen
        key = listed(app).selected
        assert isinstance(queue, QueueScreen)
        assert key is not None
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        verbs.change(world.desk, key, Change(status=Status.SOLVED))
        queue._orders.hurry()
        await until(pilot, lambda: not queue._reading)
        await pilot.pause(0.2)
        await pilot.press(*"on-hold", "enter")
        held = Where("status = 'on-hold'")
        await until(pilot, lambda: app.support.views.queue(held, 9))
        assert [ticket.key for ticket in app.support.views.queue(held, 9)] == [key]


async def test_a_range_whose_beginning_has_gone_marks_this_ticket_alone(world: World) -> None:
    seed(world)
    await world.sync()
    async with office(world) as (app, pilot):
        await until(pilot, lambda: len(listed(app).order) > 3)
        queue = app.screen
        assert isinstance(queue, QueueScreen)
        await pilot.press("x", "x", "j", "j")
        queue._anchor = "gone"
        queue.action_mark_range()
        assert listed(app).marks == {listed(app).selected}
