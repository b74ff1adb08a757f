"""Whom a reply goes to."""

from __future__ import annotations

import pytest

from supportterm.desk.replying import reply
from supportterm.domain.errors import RefusedError
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import ADDRESS, World, letter


async def recipients(world: World, raw: bytes, *, everyone: bool = False) -> tuple[str, ...]:
    await world.sync()
    world.clock.advance(60)
    world.server.put(raw, at=world.clock.now())
    await world.sync()
    with reading(world.desk.database.path) as views:
        ticket = views.queue(Where("1"), 1)[0]
    return reply(world.desk, ticket.ref, "On Friday.", everyone=everyone).recipients


async def test_the_reply_to_comes_before_the_sender_and_a_difference_is_told(world: World) -> None:
    raw = letter("Hello?", Reply_To="Office <office@lind.example>")
    assert await recipients(world, raw) == ("office@lind.example",)


async def test_a_reply_to_that_is_ourselves_is_passed_over(world: World) -> None:
    assert await recipients(world, letter("Hello?", Reply_To=ADDRESS)) == ("mara@lind.example",)


async def test_our_own_address_is_never_among_all(world: World) -> None:
    raw = letter("Hello?", to=f"Support <{ADDRESS.upper()}>, jo@lind.example", Cc=f"{ADDRESS}, kim@lind.example")
    found = await recipients(world, raw, everyone=True)
    assert sorted(found) == ["jo@lind.example", "kim@lind.example", "mara@lind.example"]


async def test_a_contact_forms_answer_goes_to_the_customer_not_the_form(world: World) -> None:
    raw = letter(
        "Name: Mara Lind\nEmail: mara@lind.example\nMessage: When will it ship?\n",
        sender="Web form <noreply@acme-forms.example>",
        subject="Contact form",
    )
    assert await recipients(world, raw) == ("mara@lind.example",)


async def test_an_empty_reply_is_refused(world: World) -> None:
    await recipients(world, letter("Hello?"))
    with reading(world.desk.database.path) as views:
        ticket = views.queue(Where("1"), 1)[0]
    with pytest.raises(RefusedError, match="empty"):
        reply(world.desk, ticket.ref, " \n\t ")
