"""Commands by their name: the palette ranks and remembers, the line takes arguments, both say what is wrong."""

from __future__ import annotations

from textual.widgets import Input

from supportterm.domain.ticket import Priority, Status, Ticket
from supportterm.screens.asking import Pick, Prompt
from supportterm.screens.outbox import OutboxScreen
from supportterm.screens.search import SearchScreen
from supportterm.screens.ticket import TicketScreen
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import World, letter
from tests.screens.office import office, text_of, told, until


def ticket(world: World) -> Ticket:
    with reading(world.desk.database.path) as views:
        return views.queue(Where("1"), 1)[0]


async def with_a_ticket(world: World) -> None:
    world.server.put(letter("Where is my parcel?"))
    await world.sync()


def typed(words: str) -> list[str]:
    names = {" ": "space", ":": "colon", "-": "minus", "#": "number_sign"}
    return [names.get(character, character) for character in words]


async def test_a_command_is_found_done_and_then_stands_first(world: World) -> None:
    async with office(world) as (app, pilot):
        await pilot.press("ctrl+p", *"outb")
        await until(pilot, lambda: "See the mail on its way" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, OutboxScreen))
        await pilot.press("q", "ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, Pick) and "Commands" in text_of(app))
        assert isinstance(app.screen, Pick)
        assert app.screen._choices[0].words == "Outbox"


async def test_what_cannot_be_done_here_is_listed_with_its_reason(world: World) -> None:
    async with office(world) as (app, pilot):
        await pilot.press("O", "ctrl+p", *"discard")
        await until(pilot, lambda: "There is no mail here." in text_of(app))
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, Pick)


async def test_the_line_changes_tickets_by_words(world: World) -> None:
    await with_a_ticket(world)
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "A question" in text_of(app))

        async def say(line: str) -> None:
            await pilot.press("colon")
            await until(pilot, lambda: isinstance(app.screen, Prompt) and app.screen.is_mounted)
            app.screen.query_one(Input).value = line
            await pilot.press("enter")
            await until(pilot, lambda: not isinstance(app.screen, Prompt))

        await say("tag billing soon")
        await until(pilot, lambda: ticket(world).tags == {"billing", "soon"})
        await say("tag -soon")
        await until(pilot, lambda: ticket(world).tags == {"billing"})
        await say("assign me")
        await until(pilot, lambda: ticket(world).assignee == "ada")
        await say("priority high")
        await until(pilot, lambda: ticket(world).override is Priority.P2)
        await say("snooze yesteryear")
        await until(pilot, lambda: "is no time to come" in told(app))
        await say("status bogus")
        await until(pilot, lambda: "There is no status" in told(app))
        await say("status pending")
        await until(pilot, lambda: ticket(world).status is Status.PENDING)
        await say("view waiting")
        await until(pilot, lambda: "A question" in text_of(app))
        await say("assign bob")
        await until(pilot, lambda: ticket(world).assignee == "bob")
        await say("snooze 2h")
        await until(pilot, lambda: ticket(world).snoozed_until is not None)
        await say("filter lid")
        await say("theme light")
        assert app.theme == "supportterm-light"
        await say("search parcel")
        await until(pilot, lambda: isinstance(app.screen, SearchScreen) and "1 mail in 1 ticket" in text_of(app))


async def test_a_reference_opens_its_ticket_with_and_without_the_word(world: World) -> None:
    await with_a_ticket(world)
    ref = ticket(world).ref
    async with office(world) as (app, pilot):
        for line in (f":{ref.lower()}", f":open {ref}", f"#{ref.removeprefix('ST-')}"):
            await pilot.press(*typed(line), "enter")
            await until(pilot, lambda: isinstance(app.screen, TicketScreen))
            await pilot.press("q")
            await until(pilot, lambda: not isinstance(app.screen, TicketScreen))
        await pilot.press(*typed(":go ST-ZZZZZ"), "enter")
        await until(pilot, lambda: "There is no ticket" in told(app))


async def test_unknown_names_and_needless_words_are_told_before_anything_is_done(world: World) -> None:
    async with office(world) as (app, pilot):
        await pilot.press(*typed(":outbux"), "enter")
        await until(pilot, lambda: "Did you mean `outbox`?" in text_of(app))
        app.screen.query_one(Input).value = "outbox now"
        await pilot.press("enter")
        await until(pilot, lambda: "`outbox` takes nothing" in text_of(app))
        await pilot.press("escape")
        assert not isinstance(app.screen, OutboxScreen)


async def test_names_and_what_they_take_are_completed(world: World) -> None:
    async with office(world) as (app, pilot):
        await pilot.press(*typed(":sta"), "tab")
        line = app.screen.query_one(Input)
        assert line.value == "status "
        await until(pilot, lambda: "pending" in text_of(app))
        assert "Open the selected ticket." not in text_of(app), "a status is not the command of the same name"
        await pilot.press("p", "tab")
        await until(pilot, lambda: line.value == "status pending ")


async def test_commands_of_a_demo_are_offered_in_both(world: World) -> None:
    done: list[str] = []

    async def offline(argument: str) -> None:
        done.append(argument)

    async with office(world) as (app, pilot):
        app.extra_commands["offline"] = ("Pull the cable.", offline)
        await pilot.press(*typed(":offline soon"), "enter")
        await until(pilot, lambda: done == ["soon"])
        await pilot.press("ctrl+p", *"cable")
        await until(pilot, lambda: "Pull the cable." in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: done == ["soon", ""])
