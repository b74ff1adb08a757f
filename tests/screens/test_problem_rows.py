"""Problems in the console: one row of the queue for many customers, and a screen of its own."""

from __future__ import annotations

from datetime import timedelta

from textual.pilot import Pilot

from supportterm.app import SupporttermApp
from supportterm.desk import problems, verbs
from supportterm.desk.verbs import Change
from supportterm.domain.ticket import Status
from supportterm.screens import problem_rows
from supportterm.screens.asking import Pick
from supportterm.screens.order import Order, compare
from supportterm.screens.problem import ProblemScreen
from supportterm.screens.queue import QueueScreen
from supportterm.screens.ticket import TicketScreen
from supportterm.screens.widgets.preview import Preview
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import World, letter
from tests.screens.office import office, text_of, told, until
from tests.screens.test_queue import customers, listed, selected, stored

KEYS = [f"{number:010d}" for number in range(200)]
ROW = problem_rows.key_of(3)


def order(*keys: str) -> Order:
    return Order("".join(f"{1 if number % 2 else 0}{key}" for number, key in enumerate(keys)))


def keys_of(world: World, *numbers: int) -> list[str]:
    return [stored(world, f"Parcel {number:02}").key for number in numbers]


def rows(app: SupporttermApp) -> list[str]:
    """Return who stands in the list, row by row."""
    keys = listed(app).order.keys(0, 99)
    found = {ticket.key: ticket.requester_name or ticket.subject for ticket in listed(app).fetch(keys)}
    return [found[key] for key in keys]


async def shown(app: SupporttermApp, pilot: Pilot[int], count: int) -> None:
    await until(pilot, lambda: len(listed(app).order) == count)


def bar(app: SupporttermApp) -> str:
    return text_of(app).split("\n")[0]


# The fold


def test_the_row_stands_where_its_first_ticket_stood() -> None:
    folded, groups = problem_rows.folded(order(*KEYS[:6]), {3: [KEYS[1], KEYS[4]], 9: [KEYS[2]]}, 2)
    assert folded.keys(0, 9) == [KEYS[0], ROW, KEYS[2], KEYS[3], KEYS[5]]
    assert folded.cells[11] == "1"
    assert groups == {ROW: (KEYS[1], KEYS[4])}
    assert problem_rows.spread([KEYS[0], ROW, problem_rows.key_of(5)], groups) == [KEYS[0], KEYS[1], KEYS[4]]


def test_many_problems_of_many_tickets_leave_the_others_as_they_are() -> None:
    members = {1: KEYS[::2], 2: KEYS[3:180:4]}
    folded, groups = problem_rows.folded(order(*KEYS), members, 1)
    left = [key for key in KEYS if key not in {*members[1], *members[2]}]
    assert folded.keys(0, 2) == [problem_rows.key_of(1), KEYS[1]]
    assert [key for key in folded.keys(0, 999) if key in KEYS] == left
    assert len(folded) == len(left) + len(groups) == len(left) + 2


def test_nothing_is_folded_where_tickets_are_asked_for() -> None:
    plain = order(*KEYS[:4])
    for least, members in ((0, {3: KEYS[:2]}), (2, {3: KEYS[:1]}), (1, {3: ["elsewhere0"]}), (2, {})):
        assert problem_rows.folded(plain, members, least) == (plain, {})


def test_tickets_that_come_in_another_shape_are_no_news() -> None:
    plain = order(*KEYS[:5])
    folded, groups = problem_rows.folded(plain, {3: KEYS[1:3]}, 2)
    assert problem_rows.reshaped(compare(plain, folded), plain, {}, groups) == {ROW}
    assert problem_rows.reshaped(compare(folded, plain), folded, groups, {}) == set(KEYS[1:3])
    more = order(*KEYS[:6])
    assert problem_rows.reshaped(compare(plain, more), plain, {}, {}) == set()


# The queue


async def test_customers_behind_one_problem_are_one_row(world: World) -> None:
    await customers(world, 6)
    world.clock.advance(60)
    problems.open_problem(world.desk, "Export fails", keys_of(world, 1, 3, 4))
    async with office(world) as (app, pilot):
        await shown(app, pilot, 4)
        await until(pilot, lambda: "+ 3 customers" in text_of(app) and "P-1 Export fails" in text_of(app))
        assert "7 Problems 1" in bar(app) or "7 Prob 1" in bar(app)
        assert "Now 6" in bar(app)
        listed(app).select(problem_rows.key_of(1))
        await until(pilot, lambda: "waits longest" in str(app.screen.query_one(Preview).render()))
        problems.link(world.desk, "P-1", keys_of(world, 5))
        await until(pilot, lambda: "+ 4 customers" in text_of(app) and len(listed(app).order) == 3)
        assert listed(app).selected == problem_rows.key_of(1)
        problems.rename(world.desk, "P-1", "Login fails")
        await until(pilot, lambda: "P-1 Login fails" in text_of(app))


async def test_what_is_done_to_the_row_is_done_to_all_and_taken_back(world: World) -> None:
    await customers(world, 5)
    keys = keys_of(world, 0, 2)
    problems.open_problem(world.desk, "Export fails", keys)
    async with office(world) as (app, pilot):
        await shown(app, pilot, 4)
        listed(app).select(problem_rows.key_of(1))
        await pilot.press("c")
        await until(pilot, lambda: {t.assignee for t in app.support.views.tickets(keys)} == {world.desk.me})
        await pilot.press("z")
        await until(pilot, lambda: {t.assignee for t in app.support.views.tickets(keys)} == {None})
        await pilot.press("r")
        await until(pilot, lambda: "P-1 stands for several tickets" in told(app))
        assert isinstance(app.screen, QueueScreen)
        await pilot.press("x")
        await until(pilot, lambda: "2 marked" in text_of(app))


async def test_p_opens_a_problem_and_joins_it(world: World) -> None:
    await customers(world, 5)
    async with office(world) as (app, pilot):
        await shown(app, pilot, 5)
        await pilot.press("x", "j", "x", "p")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        await pilot.press(*"Export", "space", *"fails")
        await until(pilot, lambda: "a new problem: Export fails" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: len(listed(app).order) == 4 and "+ 2 customers" in text_of(app))
        assert listed(app).selected == problem_rows.key_of(1)
        await pilot.press("escape", "G", "p")
        await until(pilot, lambda: isinstance(app.screen, Pick) and "P-1 Export fails" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: len(listed(app).order) == 3 and "+ 3 customers" in text_of(app))
        await pilot.press("z")
        await until(pilot, lambda: len(listed(app).order) == 4 and "+ 2 customers" in text_of(app))
        await pilot.press("z")
        await until(pilot, lambda: len(listed(app).order) == 5)


async def test_the_tickets_are_listed_where_they_are_asked_for(world: World) -> None:
    await customers(world, 4)
    problems.open_problem(world.desk, "Export fails", keys_of(world, 0, 2))
    problems.open_problem(world.desk, "Login fails", keys_of(world, 3))
    async with office(world) as (app, pilot):
        await shown(app, pilot, 3)
        await pilot.press("7")
        await until(pilot, lambda: rows(app) == ["+ 2 customers", "+ 1 customer"])
        await pilot.press("slash", *"problem:p1", "enter")
        await until(pilot, lambda: len(listed(app).order) == 2 and not any("+" in row for row in rows(app)))
        await pilot.press("escape")
        problems.fixed(world.desk, "P-1")
        await shown(app, pilot, 3)
        await until(pilot, lambda: sum("+" in row for row in rows(app)) == 1)


async def test_the_ticket_below_is_none_of_a_row(world: World) -> None:
    await customers(world, 4)
    problems.open_problem(world.desk, "Export fails", keys_of(world, 1, 3))
    async with office(world) as (app, pilot):
        await shown(app, pilot, 3)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, TicketScreen))
        await pilot.press("J")
        await until(pilot, lambda: selected(app) == "Parcel 02")


# Its own screen


async def test_the_screen_lists_who_waits_and_marks_it_fixed(world: World) -> None:
    await customers(world, 4)
    one, two, three = keys_of(world, 0, 1, 2)
    problems.open_problem(world.desk, "Export fails", [one, two, three], "A bad cache")
    verbs.change(world.desk, three, Change(status=Status.SOLVED))
    async with office(world) as (app, pilot):
        await shown(app, pilot, 2)
        listed(app).select(problem_rows.key_of(1))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ProblemScreen) and "WAIT TO HEAR 2" in text_of(app))
        page = text_of(app)
        assert all(words in page for words in ("P-1  Export fails", "A bad cache", "DONE 1", "known since"))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, TicketScreen) and "P-1" in text_of(app).split("\n")[0])
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ProblemScreen))
        await pilot.press("x")
        await until(pilot, lambda: "WAIT TO HEAR 1" in text_of(app))
        await pilot.press("z")
        await until(pilot, lambda: "WAIT TO HEAR 2" in text_of(app))
        await pilot.press("t", "ctrl+u", *"Login", "enter")
        await until(pilot, lambda: "P-1  Login" in text_of(app))
        await pilot.press("i", "ctrl+u", *"Mended", "enter")
        await until(pilot, lambda: "INSIDE  Mended" in text_of(app))
        await pilot.press("F")
        await until(pilot, lambda: "fixed today" in text_of(app) and "2 customers wait to be told" in told(app))
        assert not world.server.accepted
        await pilot.press("escape")
        await shown(app, pilot, 3)
        assert not any(row.startswith("+") for row in rows(app))


async def test_a_hostile_title_is_shown_as_what_it_is(world: World) -> None:
    at = world.clock.now() + timedelta(minutes=1)
    for number in range(2):
        world.server.put(letter("Help", message_id=f"h{number}@x", sender=f"c{number}@x.example"), at=at)
    await world.sync()
    with reading(world.desk.database.path) as views:
        keys = [ticket.key for ticket in views.queue(Where("1"))]
    problems.open_problem(world.desk, "[bold]It\x1b[31m fails\u202e", keys, "[link=x]\x07cause")
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "[bold]It" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ProblemScreen) and "[link=x]" in text_of(app))
        assert "\x1b" not in text_of(app)
        assert "\u202e" not in text_of(app)
