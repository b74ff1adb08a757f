"""A call as a value: what may happen when, what the hold timer says at each second, how it reads once it is over."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from supportterm.domain import callers, calls
from supportterm.domain.callers import Caller
from supportterm.domain.calls import Call, Ending, State, Turn
from supportterm.domain.errors import RefusedError

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def call(*turns: tuple[float, Turn], **fields: object) -> Call:
    """Return a call in which these things happened, so many seconds after it began."""
    found = Call("c", "ada", "K", "Jo Park", "", START, START, target=timedelta(minutes=2), **fields)  # type: ignore[arg-type]  # handed on
    for seconds, turn in turns:
        found = found.turned(turn, at(seconds))
    return found


HELD = ((60.0, Turn.ASKED), (65.0, Turn.AGREED))


@pytest.mark.parametrize(
    ("seconds", "offers", "look", "bells"),
    [
        (0, False, "", 0),
        (44, False, "", 0),
        (45, True, "", 0),
        (89, True, "", 0),
        (90, True, "warn", 0),
        (119, True, "warn", 0),
        (120, True, "late", 1),
        (179, True, "late", 1),
        (180, True, "late", 2),
        (240, True, "late", 3),
        (8 * 3600, True, "late", 479),
    ],
)
def test_the_hold_timer_says(seconds: int, offers: bool, look: str, bells: int) -> None:
    sign = call(*HELD).sign(at(65 + seconds))
    assert (sign.offers, sign.look, sign.bells) == (offers, look, bells)


def test_told_them_begins_the_timer_anew_and_the_hold_goes_on() -> None:
    found = call(*HELD, (165, Turn.TOLD))
    assert found.waits(at(170)) == timedelta(seconds=5)
    assert found.sign(at(170)) == calls.Sign()
    assert found.held(at(170)) == timedelta(seconds=105)


def test_a_shorter_target_warns_sooner_and_none_never() -> None:
    short = dataclasses.replace(call(*HELD), target=timedelta(minutes=1))
    assert short.sign(at(65 + 23)).offers
    assert short.sign(at(65 + 45)).look == "warn"
    assert short.sign(at(65 + 60)).bells == 1
    assert dataclasses.replace(short, target=None).sign(at(9000)) == calls.Sign()


@pytest.mark.parametrize(
    ("before", "allowed"),
    [
        ((), {Turn.ASKED}),
        ((Turn.ASKED,), {Turn.AGREED, Turn.REFUSED}),
        ((Turn.ASKED, Turn.REFUSED), {Turn.ASKED}),
        ((Turn.ASKED, Turn.AGREED), {Turn.TOLD, Turn.BACK}),
        ((Turn.ASKED, Turn.AGREED, Turn.TOLD), {Turn.TOLD, Turn.BACK}),
        ((Turn.ASKED, Turn.AGREED, Turn.BACK), {Turn.ASKED}),
    ],
)
def test_nobody_is_put_on_hold_unasked(before: tuple[Turn, ...], allowed: set[Turn]) -> None:
    found = call(*((float(n), turn) for n, turn in enumerate(before)))
    for turn in Turn:
        if turn in allowed:
            assert found.turned(turn, at(60)).turns[-1] == (at(60), turn)
        else:
            with pytest.raises(RefusedError):
                found.turned(turn, at(60))


def test_talk_and_hold_add_up_to_the_length() -> None:
    found = call(*HELD, (125, Turn.BACK), (200, Turn.ASKED), (201, Turn.AGREED)).over(at(261))
    assert found.state is State.OVER
    assert found.held(at(9999)) == timedelta(seconds=120)
    assert found.talked(at(9999)) + found.held(at(9999)) == found.length(at(9999)) == timedelta(seconds=261)


def test_a_clock_that_runs_backwards_makes_no_negative_length() -> None:
    found = call(*HELD, (30, Turn.BACK))
    assert found.held(at(30)) == timedelta(0)
    assert found.length(at(-5)) == timedelta(0)
    assert found.over(at(-5)).ended_at == at(65)


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (94, "1:34"), (761, "12:41"), (3723, "1:02:03"), (-3, "0:00")]
)
def test_a_length_is_shown_as_on_a_telephone(seconds: int, shown: str) -> None:
    assert calls.spoken(timedelta(seconds=seconds)) == shown


def test_the_record_is_the_notes_and_then_how_it_went() -> None:
    found = dataclasses.replace(call(*HELD, (125, Turn.BACK)), notes="Refund of order 4711 agreed.\nMail when done.")
    said = calls.facts(found.over(at(261)), Ending(read_back=True), "Tue 03 Mar, 15:00 (UTC+9)")
    assert said == (
        "Talked 3:21, on hold 1:00, they agreed. The summary was read back to them."
        " We call back Tue 03 Mar, 15:00 (UTC+9)."
    )
    assert calls.record(found, said) == f"Refund of order 4711 agreed.\nMail when done.\n\n{said}"
    assert calls.title(found) == "Refund of order 4711 agreed."


def test_nobody_reached_says_so_and_no_more() -> None:
    assert calls.facts(call().over(at(20)), Ending(reached=False)) == "Nobody was reached."
    assert calls.title(call()) == "Call with Jo Park"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Jo Park", Caller("Jo Park")),
        ("Jo Park +44 20 7946 0018", Caller("Jo Park", "+442079460018")),
        ("0044 (20) 7946-0018, Jo", Caller("Jo", "+442079460018")),
        ("Jo Park <Jo@Park.example>", Caller("Jo Park", "", "jo@park.example")),
        ("jo@park.example 030 123456", Caller("", "030123456", "jo@park.example")),
        ("03-1234-5678 伊藤 健二", Caller("伊藤 健二", "0312345678")),
        ("order 12", Caller("order 12")),
        ("Мара +7 (495) 123-45-67", Caller("Мара", "+74951234567")),
        ("", Caller()),
    ],
)
def test_a_caller_is_read_from_what_is_typed(typed: str, found: Caller) -> None:
    assert callers.read(typed) == found


@pytest.mark.parametrize(("identity", "is_number"), [("+442079460018", True), ("jo@park.example", False), ("", False)])
def test_no_mail_goes_to_a_number(identity: str, is_number: bool) -> None:
    assert callers.is_number(identity) is is_number
