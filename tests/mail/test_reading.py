"""The reading child: limits hold, good mails survive bad neighbours, and the loop goes on."""

from __future__ import annotations

import asyncio
import os
import signal
import time

import pytest

from supportterm.domain.mail import ParsedMail
from supportterm.mail import reading
from supportterm.mail.parse import UNREADABLE, parse
from supportterm.mail.reading import Reader, read_all
from tests.mail.hostile import HOSTILE


def mail(subject: str) -> bytes:
    return f"From: Kim <kim@home.example>\nMessage-ID: <{subject}@home.example>\nSubject: {subject}\n\nHello\n".encode()


def work(raws: list[bytes], own: frozenset[str]) -> list[ParsedMail]:
    """Read like the child does, but let some subjects do what a mistake in a parser could do."""
    for raw in raws:
        if b"Subject: stuck" in raw:
            time.sleep(60)
        if b"Subject: greedy" in raw:
            bytearray(2_000_000_000)
        if b"Subject: deadly" in raw:
            os.kill(os.getpid(), signal.SIGKILL)
    return read_all(raws, own)


async def read(*subjects: str, seconds: float = 2.0) -> list[ParsedMail]:
    async with Reader(seconds=seconds, work=work) as reader:
        return await reader.read([mail(subject) for subject in subjects])


async def test_the_child_reads_as_the_parser_does() -> None:
    raws = [raw for name, raw in HOSTILE.items() if len(raw) < 20_000]
    async with Reader() as reader:
        assert await reader.read(raws) == [parse(raw) for raw in raws]
        assert await reader.read([]) == []


async def test_a_stuck_mail_hides_no_other() -> None:
    one, stuck, two = await read("one", "stuck", "two", seconds=0.5)
    assert (one.subject, two.subject) == ("one", "two")
    assert (one.text, two.text) == ("Hello", "Hello")
    assert (stuck.subject, stuck.message_id, stuck.text) == ("stuck", "stuck@home.example", UNREADABLE)
    assert stuck.defects == ("reading took longer than 0.5 seconds",)


async def test_a_mail_that_ends_the_child_hides_no_other() -> None:
    one, deadly, two = await read("one", "deadly", "two")
    assert (one.text, two.text) == ("Hello", "Hello")
    assert deadly.text == UNREADABLE
    assert deadly.defects[0].startswith("the reading process ended")
    assert deadly.may_acknowledge is False


async def test_a_greedy_mail_meets_the_memory_limit() -> None:
    one, greedy = await read("one", "greedy")
    assert one.text == "Hello"
    assert greedy.defects == ("reading took too much memory",)


async def test_the_loop_runs_on_while_the_child_works() -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.01)

    ticking = asyncio.create_task(tick())
    await read("stuck", seconds=0.5)
    ticking.cancel()
    assert ticks > 20


async def test_a_child_that_cannot_start_is_said_and_no_mail_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_limit", _dies)
    monkeypatch.setattr(reading, "START_SECONDS", 3.0)
    reader = Reader()
    with pytest.raises(reading.ReadingError, match="stays on the server"):
        await reader.read([b"Subject: x\n\nHello"])
    reader.close()


def _dies(_memory: int) -> None:
    os._exit(3)
