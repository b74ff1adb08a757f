"""Choosing what goes along: a typed path, a walk through folders, or a file of the conversation."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.app import ComposeResult
from textual_fspicker import FileOpen
from textual_fspicker.parts import CurrentDirectory

from supportterm.desk import enclosing, files, forwarding
from supportterm.domain.drafts import DraftFile
from supportterm.domain.errors import RefusedError
from supportterm.domain.mail import Attachment
from supportterm.domain.mail_size import in_words
from supportterm.domain.message import Message
from supportterm.screens import format as shown_as
from supportterm.screens.asking import Choice, Pick, Prompt
from supportterm.screens.base import DeskScreen
from supportterm.screens.leaving_once import LeavesOnce
from supportterm.store.views import Views

_MOST = 8


@dataclass(frozen=True, slots=True)
class _Typed:
    """The agent types a path; what of it is there already."""

    begun: str = ""


@dataclass(frozen=True, slots=True)
class _Browsed:
    """The agent walks through folders."""


@dataclass(frozen=True, slots=True)
class _Original:
    """A file that came or went with the conversation."""

    message: Message
    attachment: Attachment


_Wanted = _Typed | _Browsed | _Original | DraftFile
_Asked = Pick[_Wanted]


class FilePicker(LeavesOnce[Path | None], FileOpen):
    """The folder walk, its path shown as it is."""

    def _header_area(self) -> ComposeResult:
        yield CurrentDirectory(markup=False)


async def choose(
    screen: DeskScreen[Any], key: str, attached: Sequence[DraftFile], folder: Path
) -> tuple[enclosing.Packed | None, DraftFile | None, Path]:
    """Ask what goes along.

    Returns:
        The file to add, or the one to take off, and the folder to begin in next time.

    Raises:
        RefusedError: the file cannot be attached.
    """
    views = screen.console.views
    now = screen.console.now()
    choices: list[Choice[_Wanted]] = [
        Choice("Type a path", _Typed(), "Tab completes"),
        Choice("Look through folders", _Browsed(), shown_as.line(str(folder), 60)),
    ]
    for file in attached:
        choices.append(Choice(f"Take off {shown_as.line(file.name, 80)}", file, in_words(file.size)))
    for message, attachment in forwarding.originals(views.messages(key), views.outbox(key, everything=True)):
        who = message.sender.name or message.sender.address
        remark = f"{in_words(attachment.size)}, {who} {shown_as.when(message.at, now)}"
        choices.append(Choice(attachment.filename, _Original(message, attachment), remark))
    wanted: _Wanted | None = await screen.ask_for(_Asked("Attach a file", choices, other=_path))
    path: Path | None = None
    match wanted:
        case _Typed(begun=begun):
            path = await _typed(screen, folder, begun)
        case _Browsed():
            path = await screen.ask_for(FilePicker(folder, title="Attach a file"))
        case _Original(message=message, attachment=attachment):
            return await packed(screen, message, attachment), None, folder
        case DraftFile():
            return None, wanted, folder
    if path is None:
        return None, None, folder
    return await asyncio.to_thread(enclosing.read, path), None, path.parent


async def packed(screen: DeskScreen[Any], message: Message, attachment: Attachment) -> enclosing.Packed:
    """Return a file of the conversation, ready to go along.

    Raises:
        RefusedError: its mail is not kept, or it is too large.
    """
    raw = await screen.console.ask(lambda views: _source(views, message))
    content = await asyncio.to_thread(files.content_of, raw, attachment)
    return await asyncio.to_thread(enclosing.enclosed, attachment.filename, attachment.content_type, content)


def completions(text: str, cursor: int) -> list[str]:
    """Return what a path could become, as it continues the last word of the line: folders end in a slash."""
    before = text[:cursor]
    path = enclosing.path_of(before) if before.strip() else Path()
    folder, begun = (path, "") if before.endswith("/") or not before.strip() else (path.parent, path.name)
    word = before[max(before.rfind(" "), before.rfind("("), before.rfind(")")) + 1 :]
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.lower().startswith(begun.lower()) and (begun.startswith(".") or entry.name[0] != "."):
                    found.append(entry.name + ("/" if entry.is_dir() else ""))
                    if len(found) > 500:
                        break
    except (OSError, ValueError):
        return []
    stem = word[: len(word) - len(begun)] if word.endswith(begun) else None
    if stem is None:
        start = len(before) - len(begun)
        cut = len(before) - len(word) - start
        return [name[cut:] for name in sorted(found)[:_MOST] if cut < len(name)]
    return [stem + name for name in sorted(found)[:_MOST]]


def _path(text: str) -> Choice[_Wanted] | None:
    """Return the choice of a path that was typed where the list is narrowed."""
    return Choice(text, _Typed(text), "this path") if os.sep in text or text.startswith("~") else None


async def _typed(screen: DeskScreen[Any], folder: Path, given: str = "") -> Path | None:
    """Ask for a path, unless a whole one was given."""
    if given and not enclosing.wrong_with(enclosing.path_of(given)):
        return enclosing.path_of(given)
    home = str(Path.home())
    shown = str(folder).replace(home, "~", 1) if str(folder).startswith(home + os.sep) else str(folder)
    begun = "" if shown == str(Path.cwd()) else shown.rstrip("/") + "/"
    typed = await screen.ask_for(
        Prompt("file:", given or begun, completions, lambda text: enclosing.wrong_with(enclosing.path_of(text)))
    )
    return enclosing.path_of(typed) if typed and typed.strip() else None


def _source(views: Views, message: Message) -> bytes:
    raw = views.source(message.raw) if message.raw else None
    if raw is None:
        raise RefusedError("The mail that file came with is not kept here. Save it from the mail program instead.")
    return raw
