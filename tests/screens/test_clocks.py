"""Clocks on the screens: the clock line, how pressing a row is, reminders by keys, and their ringing."""

from __future__ import annotations

from datetime import timedelta

from supportterm.desk import reminding
from supportterm.domain.ledger import ClockState
from supportterm.screens import format as shown_as
from supportterm.screens.ticket import TicketScreen
from supportterm.store import clocks
from tests.desk.fakes import World, letter
from tests.screens.office import office, text_of, told, until


async def arrive(world: World, count: int = 2) -> None:
    await world.sync()
    for number in range(count):
        world.clock.advance(60)
        world.server.put(
            letter(
                "Where is my parcel?",
                sender=f"Kim {number} <kim{number}@home.example>",
                subject=f"Parcel {number}",
                message_id=f"m{number}@home.example",
                at=world.clock.now(),
            ),
            at=world.clock.now(),
        )
    await world.sync()


def reminders(world: World) -> list[ClockState]:
    with world.desk.database.write() as session:
        keys = [row[0] for row in session.connection().exec_driver_sql("SELECT key FROM ticket").all()]
        found = [clock for many in clocks.load(session, keys).values() for clock in many]
    return [clock.state for clock in found if clock.kind == "reminder"]


async def test_a_reminder_is_set_told_and_done_by_keys(world: World) -> None:
    await arrive(world)
    async with office(world, (120, 36)) as (app, pilot):
        await until(pilot, lambda: "Parcel 0" in text_of(app))
        await pilot.press("M")
        await until(pilot, lambda: "remind me of" in text_of(app))
        await pilot.press(*"nonsense", "enter")
        await until(pilot, lambda: "no time to come" in text_of(app))
        await pilot.press("ctrl+u", *"2h", "space", *"call", "space", *"Jo", "enter")
        await until(pilot, lambda: reminders(world) == [ClockState.RUNNING])
        await until(pilot, lambda: "call Jo remind 2 h" in text_of(app) or "call Jo remind 1 h 59" in text_of(app))
        world.clock.advance(3 * 3600)
        await until(pilot, lambda: any(note.title == "Reminder" for note in app._notifications))
        await until(pilot, lambda: "remind late" in text_of(app))
        assert len([note for note in app._notifications if note.title == "Reminder"]) == 1
        await pilot.press("M")
        await until(pilot, lambda: "not needed any more" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: reminders(world) == [ClockState.BROKEN])
        await pilot.press("z")
        await until(pilot, lambda: reminders(world) == [ClockState.RUNNING])


async def test_the_clock_line_stands_on_a_ticket_and_leads_to_the_next_clock(world: World) -> None:
    await arrive(world)
    async with office(world, (120, 36)) as (app, pilot):
        await until(pilot, lambda: "Parcel 0" in text_of(app))
        await pilot.press("j", "enter")
        await until(pilot, lambda: isinstance(app.screen, TicketScreen) and "Parcel 1" in text_of(app))
        await until(pilot, lambda: "Kim 0 reply 23 h 59" in text_of(app))
        await pilot.press("f")
        await until(pilot, lambda: "Parcel 0" in text_of(app).splitlines()[0])
        await pilot.press("r")
        await until(pilot, lambda: "REPLY" in text_of(app) and "Kim 0 reply 23 h" in text_of(app))


async def test_on_a_small_terminal_the_ticket_keeps_its_room(world: World) -> None:
    await arrive(world, 1)
    async with office(world, (80, 24)) as (app, pilot):
        await until(pilot, lambda: "Parcel 0" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, TicketScreen) and "Where is my parcel" in text_of(app))
        assert not [line for line in text_of(app).splitlines() if line.startswith(" next ")]


async def test_a_row_warns_at_three_quarters_and_nine_tenths_and_when_late(world: World) -> None:
    await arrive(world, 1)
    async with office(world, (120, 36)) as (app, pilot):
        await until(pilot, lambda: "Parcel 0" in text_of(app))
        for hours, shown in ((18.1, "5 h 54 !"), (3.6, "2 h 18 !!"), (2.5, "late    12 min !!")):
            world.clock.advance(hours * 3600)
            await until(pilot, lambda shown=shown: shown in text_of(app))


async def test_a_command_sets_and_ends_reminders(world: World) -> None:
    await arrive(world, 1)
    async with office(world, (120, 36)) as (app, pilot):
        await until(pilot, lambda: "Parcel 0" in text_of(app))
        await pilot.press("colon", *"remind", "space", *"2h", "space", *"call", "enter")
        await until(pilot, lambda: reminders(world) == [ClockState.RUNNING])
        at = shown_as.when(world.clock.now() + timedelta(hours=2), world.clock.now())
        await until(pilot, lambda: f"reminder set: call, {at}" in told(app))
        await pilot.press("colon", *"remind", "space", *"drop", "enter")
        await until(pilot, lambda: reminders(world) == [ClockState.ENDED])


async def test_many_reminders_at_once_are_told_together(world: World) -> None:
    await arrive(world, 1)
    for number in range(5):
        reminding.remind(world.desk, only(world), world.clock.now() + timedelta(hours=1), f"no {number}")
    world.clock.advance(7200)
    async with office(world, (120, 36)) as (app, pilot):
        await until(pilot, lambda: any("2 more have ended" in str(note.message) for note in app._notifications))
        assert len([note for note in app._notifications if note.title == "Reminder"]) == 4


def only(world: World) -> str:
    with world.desk.database.write() as session:
        return str(session.connection().exec_driver_sql("SELECT key FROM ticket").all()[0][0])
