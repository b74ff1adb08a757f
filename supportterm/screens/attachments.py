"""A ticket's files: picked from a list, saved under a safe name, opened only after a yes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from supportterm.desk import files
from supportterm.domain.errors import RefusedError
from supportterm.domain.mail import Attachment
from supportterm.domain.mail_size import in_words as size
from supportterm.domain.message import Message
from supportterm.screens import format as shown_as
from supportterm.screens.asking import Choice, Confirm, Pick, Prompt
from supportterm.screens.base import DeskScreen

Found = tuple[Message, Attachment]


async def choose(screen: DeskScreen[Any], messages: Sequence[Message]) -> None:
    """Let the agent pick one of the files of some messages, newest first, and save or open it."""
    found = [(m, a) for m in reversed(messages) for a in m.attachments]
    if not found:
        screen.say("Nobody has sent a file on this ticket.")
        return
    if len(found) == 1:
        await ask(screen, *found[0])
        return
    now = screen.console.now()
    choices = [
        Choice(a.filename or "unnamed", (m, a), f"{_kind(a)}  {_who(m)}, {shown_as.when(m.at, now)}") for m, a in found
    ]
    chosen = await screen.ask_for(Pick("Files of this ticket", choices))
    if chosen is not None:
        await ask(screen, *chosen)


async def ask(screen: DeskScreen[Any], message: Message, attachment: Attachment) -> None:
    """Ask what to do with a file, and do it.

    Raises:
        RefusedError: it is not kept here, or cannot be written or opened.
    """
    folder, program = files.download_folder(), files.opener()
    answers = {"s": f"save in {folder}", "a": "save somewhere else"}
    if program:
        answers["o"] = "open with another program"
    name = shown_as.line(attachment.filename) or "unnamed"
    answer = await screen.ask_for(Confirm(name, f"{_kind(attachment)}, from {_who(message)}", answers))
    if answer == "s":
        screen.say(f"Saved {await _save(screen, message, attachment, folder)}")
    elif answer == "a":
        typed = await screen.ask_for(Prompt("save in folder:", f"{folder}/", folders, _no_folder))
        if typed is not None:
            screen.say(f"Saved {await _save(screen, message, attachment, Path(typed.strip()))}")
    elif answer == "o":
        await _open(screen, message, attachment, folder, program)


async def _open(
    screen: DeskScreen[Any], message: Message, attachment: Attachment, folder: Path, program: list[str]
) -> None:
    detail = f"It is saved in {folder} first, then this is run, without a shell:\n\n  {' '.join(program)} {folder}/"
    detail += shown_as.line(attachment.filename)
    if files.runs_programs(attachment.filename):
        detail += "\n\n! A file of this kind can run programs on your machine. Open it only if you expected it."
    question = f"Open {shown_as.line(attachment.filename)}, which {_who(message)} sent?"
    if await screen.ask_for(Confirm(question, detail, {"y": "yes, open it"})) == "y":
        path = await _save(screen, message, attachment, folder)
        await asyncio.to_thread(files.open_with, program, str(path))
        screen.say(f"Opened {path} with {program[0]}")


async def _save(screen: DeskScreen[Any], message: Message, attachment: Attachment, folder: Path) -> Path:
    sha = message.raw
    raw = await screen.console.ask(lambda views: views.source(sha)) if sha else None
    if raw is None:
        raise RefusedError("The source of this mail is not kept here, so its files are not either.")

    def write() -> Path:
        return files.save(files.content_of(raw, attachment), attachment.filename, folder.expanduser())

    return await asyncio.to_thread(write)


def folders(text: str, cursor: int) -> list[str]:
    """Return the folders that what is typed could become."""
    typed = text[:cursor]
    parent, _, begun = typed.rpartition("/")
    try:
        found = sorted(p.name for p in Path(f"{parent}/").expanduser().iterdir() if p.is_dir())
    except (OSError, RuntimeError, ValueError):
        return []
    hidden = begun.startswith(".")
    fitting = [n for n in found if n.startswith(begun) and (hidden or not n.startswith(".")) and " " not in n]
    return [f"{parent}/{name}/" for name in fitting]


def _no_folder(text: str) -> str:
    try:
        there = Path(text.strip()).expanduser().is_dir()
    except (OSError, RuntimeError, ValueError):
        there = False
    return "" if text.strip() and there else "There is no such folder. Tab completes one."


def _kind(attachment: Attachment) -> str:
    return f"{size(attachment.size)}  {shown_as.line(attachment.content_type, 80)}"


def _who(message: Message) -> str:
    return shown_as.line(message.sender.name or message.sender.address, 80) or shown_as.NOBODY
