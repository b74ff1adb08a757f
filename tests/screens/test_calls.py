"""A call from the keyboard: begun, held, told, back, ended, wherever the agent is, and nothing typed triggers it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from textual.widgets import TextArea

from supportterm.desk import calling
from supportterm.domain.callers import Caller
from supportterm.domain.calls import Call, State, Turn
from supportterm.domain.drafts import Kind
from supportterm.domain.errors import RefusedError
from supportterm.domain.ticket import MessageKind, Status
from supportterm.screens import calling as asking
from supportterm.screens.call_ending import CallEnding
from supportterm.screens.pick import Pick
from supportterm.screens.reply import ReplyScreen
from supportterm.screens.ticket import TicketScreen
from supportterm.store.views import reading
from tests.desk.fakes import World
from tests.screens.office import office, seed, text_of, told, until

SMALL, USUAL = (80, 24), (120, 36)


@pytest.fixture
async def busy(world: World) -> World:
    seed(world)
    await world.sync()
    return world


def call_of(app: Any) -> Call | None:
    found: Call | None = app.support.views.call(app.support.me)
    return found


def state_of(app: Any) -> State | None:
    call = call_of(app)
    return call.state if call is not None else None


async def begin(app: Any, pilot: Any) -> None:
    """Call the customer of the ticket at hand."""
    await until(pilot, lambda: "? keys" in text_of(app) or "F1 keys" in text_of(app))
    await pilot.press("f2")
    await until(pilot, lambda: isinstance(app.screen, Pick))
    await pilot.press("enter")
    await until(pilot, lambda: call_of(app) is not None and " CALL " in text_of(app))


async def hold(app: Any, pilot: Any) -> None:
    await pilot.press("f3")
    await until(pilot, lambda: state_of(app) is State.ASKING)
    await pilot.press("f3")
    await until(pilot, lambda: state_of(app) is State.HOLD)


async def pass_time(app: Any, pilot: Any, world: World, seconds: float) -> None:
    """Let the clock go on, and the console see it."""
    world.clock.advance(seconds)
    await app._tick()
    await pilot.pause()


@pytest.mark.parametrize("size", [SMALL, USUAL])
async def test_a_call_from_its_first_word_to_its_record(busy: World, size: tuple[int, int]) -> None:
    async with office(busy, size) as (app, pilot):
        await begin(app, pilot)
        call = call_of(app)
        assert call is not None
        line = next(line for line in text_of(app).splitlines() if line.startswith(" CALL "))
        assert ("F2 end" in line, "F3 hold" in line, "F4 call back" in line, "F12 notes" in line) == (True,) * 4
        await pilot.press("f3")
        await until(pilot, lambda: "ask:" in text_of(app) and "F3 they agree" in text_of(app))
        assert state_of(app) is not State.HOLD
        await pilot.press("f3")
        await until(pilot, lambda: state_of(app) is State.HOLD)
        await pass_time(app, pilot, busy, 94)
        await until(pilot, lambda: "HOLD 1:34 !" in text_of(app))
        await until(pilot, lambda: "offer to call back" in text_of(app))
        await until(pilot, lambda: "on hold 1:34" in text_of(app).splitlines()[1])
        await pilot.press("f2")
        await until(pilot, lambda: "HOLD 0:00" in text_of(app))
        await pilot.press("f3")
        await until(pilot, lambda: state_of(app) is State.LINE)
        await pilot.press("f12")
        await until(pilot, lambda: isinstance(app.focused, TextArea))
        await pilot.press(*"refund", "f2")
        await until(pilot, lambda: isinstance(app.screen, CallEnding))
        await until(pilot, lambda: "Read this back to them" in text_of(app))
        await until(pilot, lambda: "refund" in text_of(app))
        await pilot.press("f3", "f2")
        await until(pilot, lambda: call_of(app) is None)
        views = app.support.views
        record = views.messages(call.ticket_key)
        [spoken] = [message for message in record if message.kind is MessageKind.CALL]
        assert spoken.text.startswith("refund\n\nTalked 0:0")
        assert "on hold 1:34, they agreed. The summary was read back to them." in spoken.text
        assert views.ticket(call.ticket_key).status is Status.SOLVED
        await until(pilot, lambda: " CALL " not in text_of(app))


async def test_the_bell_rings_at_the_target_and_each_minute_and_once_after_a_sleep(
    busy: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with office(busy) as (app, pilot):
        rung: list[int] = []
        monkeypatch.setattr(app, "bell", lambda: rung.append(1))
        await begin(app, pilot)
        await hold(app, pilot)
        for seconds, bells in ((119, 0), (1, 1), (30, 1), (30, 2), (60, 3)):
            await pass_time(app, pilot, busy, seconds)
            assert len(rung) == bells
        await pilot.press("f2")
        await until(pilot, lambda: "HOLD 0:00" in text_of(app))
        await pass_time(app, pilot, busy, 100)
        assert len(rung) == 3
        await pass_time(app, pilot, busy, 8 * 3600)
        assert len(rung) == 4
        await until(pilot, lambda: "HOLD 8:01:40 !!" in text_of(app))


async def test_what_can_be_nobodys_name_begins_no_call(busy: World) -> None:
    async with office(busy) as (app, pilot):
        await until(pilot, lambda: "? keys" in text_of(app))
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        await pilot.press(*":text")
        await until(pilot, lambda: "Nothing is like that" in text_of(app))
        await pilot.press("enter", "backspace", "backspace", "backspace", "backspace", "backspace", *"ST-ZZZZZ")
        await until(pilot, lambda: "ST-ZZZZZ" in text_of(app) and "Nothing is like that" in text_of(app))
        await pilot.press("enter", "escape")
        await until(pilot, lambda: not isinstance(app.screen, Pick))
        app.phone.begin("Jo Park")
        await until(pilot, lambda: "CALL Jo Park" in text_of(app))
        with pytest.raises(RefusedError, match="nobody's name"):
            asking.meant(app.support.views, ":text")


async def test_who_does_not_want_to_hold_is_not_put_on_hold(busy: World) -> None:
    async with office(busy) as (app, pilot):
        await begin(app, pilot)
        await pilot.press("f3", "f2")
        await until(pilot, lambda: (call := call_of(app)) is not None and len(call.turns) == 2)
        call = call_of(app)
        assert call is not None
        assert [turn for _, turn in call.turns] == [Turn.ASKED, Turn.REFUSED]
        assert app.support.views.of_kind("hold") == []


@pytest.mark.parametrize("size", [SMALL, USUAL])
async def test_the_call_goes_along_and_typing_a_reply_does_not_touch_it(busy: World, size: tuple[int, int]) -> None:
    async with office(busy, size) as (app, pilot):
        await begin(app, pilot)
        await pilot.press("j", "enter")
        await until(pilot, lambda: isinstance(app.screen, TicketScreen) and " CALL " in text_of(app))
        call = call_of(app)
        assert call is not None
        assert app.screen.key != call.ticket_key
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, ReplyScreen) and " CALL " in text_of(app))
        await pilot.press(*"Dear all 23")
        await hold(app, pilot)
        await pilot.press(*", hold")
        assert app.screen.editor.text == "Dear all 23, hold"
        await pilot.press("f12", *"the note", "f12", "!")
        assert app.screen.editor.text == "Dear all 23, hold!"
        await until(pilot, lambda: (now := call_of(app)) is not None and now.notes == "the note")
        assert state_of(app) is State.HOLD
        await pilot.press("escape", "escape")
        await until(pilot, lambda: not isinstance(app.screen, ReplyScreen) and " CALL " in text_of(app))


async def test_esc_leaves_the_notes_and_nothing_else(busy: World) -> None:
    async with office(busy) as (app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, TicketScreen))
        before = app.focused
        await begin(app, pilot)
        await pilot.press("f12", *"q", "escape")
        await until(pilot, lambda: app.focused is before)
        assert isinstance(app.screen, TicketScreen)
        await until(pilot, lambda: (call := call_of(app)) is not None and call.notes == "q")


async def test_an_unknown_caller_by_name_and_number(busy: World) -> None:
    async with office(busy) as (app, pilot):
        await until(pilot, lambda: "? keys" in text_of(app))
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        await pilot.press(*"Nil Ak 0049 30 123456")
        await until(pilot, lambda: "unknown caller: Nil Ak, +4930123456" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: call_of(app) is not None)
        call = call_of(app)
        assert call is not None
        ticket = app.support.views.ticket(call.ticket_key)
        assert (ticket.channel, ticket.requester_name, ticket.requester_address) == ("phone", "Nil Ak", "+4930123456")
        await until(pilot, lambda: "CALL Nil Ak" in text_of(app))
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, CallEnding))
        await pilot.press("f5")
        await until(pilot, lambda: "no address to mail to" in text_of(app))
        await pilot.press("f8")
        await until(pilot, lambda: call_of(app) is None)
        assert app.support.views.ticket(call.ticket_key) is None


async def test_a_known_customer_is_found_by_name_with_their_ticket(busy: World) -> None:
    async with office(busy) as (app, pilot):
        await until(pilot, lambda: "? keys" in text_of(app))
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        await pilot.press(*"jo park")
        await until(pilot, lambda: "something new" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: call_of(app) is not None)
        call = call_of(app)
        assert call is not None
        assert app.support.views.ticket(call.ticket_key).requester_name == "Jo Park"
        assert not call.opened


async def test_the_summary_becomes_a_draft_with_f5(busy: World) -> None:
    async with office(busy) as (app, pilot):
        await begin(app, pilot)
        call = call_of(app)
        assert call is not None
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, CallEnding))
        await pilot.press("f5", "f2")
        await until(pilot, lambda: "A mail needs a summary" in text_of(app))
        await pilot.press(*"agreed", "f2")
        await until(pilot, lambda: call_of(app) is None)
        draft = app.support.views.draft(call.ticket_key, app.support.me, Kind.REPLY)
        assert draft is not None
        assert "agreed" in draft.text


async def test_undo_brings_the_call_back_to_the_foot(busy: World) -> None:
    async with office(busy) as (app, pilot):
        await begin(app, pilot)
        await pilot.press("f12", *"so", "f2")
        await until(pilot, lambda: isinstance(app.screen, CallEnding))
        await pilot.press("f2")
        await until(pilot, lambda: call_of(app) is None and "ended after" in told(app))
        await pilot.press("z")
        await until(pilot, lambda: (call := call_of(app)) is not None and call.notes == "so")
        await pass_time(app, pilot, busy, 1)
        await until(pilot, lambda: " CALL " in text_of(app))


async def test_call_back_is_typed_in_words_and_rings_when_due(busy: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async with office(busy) as (app, pilot):
        rung: list[int] = []
        await until(pilot, lambda: "? keys" in text_of(app))
        await pilot.press("f4")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        await pilot.press(*"2h the invoice", "enter")
        await until(pilot, lambda: len(app.support.views.of_kind("callback")) == 1)
        await pilot.press("f4")
        await until(pilot, lambda: "done: the invoice" in text_of(app))
        await pilot.press("escape")
        [clock] = app.support.views.of_kind("callback")
        assert (clock.due_at, clock.agent) == (busy.clock.now() + timedelta(hours=2), app.support.me)
        monkeypatch.setattr(app, "bell", lambda: rung.append(1))
        await pass_time(app, pilot, busy, 2 * 3600 + 1)
        await until(pilot, lambda: "call back: the invoice" in told(app))
        assert rung == [], "the bell is for a hold and for an urgent breach"


async def test_a_call_left_behind_goes_on(busy: World) -> None:
    calling.begin(busy.desk, caller=Caller("Nil Ak", "+4930123456"))
    busy.clock.advance(3600)
    async with office(busy) as (app, pilot):
        await pass_time(app, pilot, busy, 0)
        await until(pilot, lambda: "was under way when the console closed" in text_of(app))
        await until(pilot, lambda: "F2 end it" in text_of(app))
        await pilot.press("f3")
        await until(pilot, lambda: "CALL Nil Ak 1:00:0" in text_of(app))
        assert state_of(app) is State.LINE


async def test_a_call_left_behind_ends_as_of_when_it_was_last_alive(busy: World) -> None:
    calling.begin(busy.desk, caller=Caller("Nil Ak", "+4930123456"))
    busy.clock.advance(600)
    call = calls_of(busy)
    calling.write(busy.desk, call.id, "An offer.")
    busy.clock.advance(3600)
    async with office(busy) as (app, pilot):
        await pass_time(app, pilot, busy, 0)
        await until(pilot, lambda: "F2 end it" in text_of(app))
        await pilot.press("f12", *" Now.", "f2")
        await until(pilot, lambda: isinstance(app.screen, CallEnding))
        await until(pilot, lambda: "It ends as of" in text_of(app))
        await pilot.press("f2")
        await until(pilot, lambda: call_of(app) is None)
        [record] = app.support.views.messages(call.ticket_key)
        assert record.text == "An offer. Now.\n\nTalked 10:00."


def calls_of(world: World) -> Call:
    with reading(world.desk.database.path) as views:
        found = views.call(world.desk.me)
    assert found is not None
    return found


async def test_keys_without_a_call_say_so(busy: World) -> None:
    async with office(busy) as (app, pilot):
        await until(pilot, lambda: "? keys" in text_of(app))
        for key in ("f3", "f12"):
            await pilot.press(key)
            await until(pilot, lambda: "No call is under way. F2 begins one." in told(app))
