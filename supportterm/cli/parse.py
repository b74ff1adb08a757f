"""`parse` and `thread`: what a mail says, and which mails belong together, as JSON Lines."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from supportterm.domain.mail import Address, ParsedMail
from supportterm.domain.threads import partition
from supportterm.mail.reading import Reader

BATCH_MAILS = 50
BATCH_BYTES = 4_000_000


def parse_files(paths: Sequence[Path], out: TextIO) -> int:
    """Print one object a file, in no promised order; a file that cannot be opened is reported as `error`.

    Returns:
        The exit status: 0, or 2 where no file could be opened.
    """
    return asyncio.run(_parse(paths, out))


def parse_folder(folder: Path, out: TextIO) -> int:
    """Print one object for every file of a folder; see `parse_files`."""
    return parse_files(_files(folder), out)


def thread_folder(folder: Path, out: TextIO) -> int:
    """Print `{"file", "thread"}` for every file of a folder: equal values, same conversation."""
    return asyncio.run(_thread(_files(folder), out))


def as_json(mail: ParsedMail) -> dict[str, Any]:
    """Return a mail as the object that `parse` prints."""
    return {
        "message_id": mail.message_id,
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
        "from": _address(mail.sender),
        "to": [_address(one) for one in mail.to],
        "cc": [_address(one) for one in mail.cc],
        "reply_to": [_address(one) for one in mail.reply_to],
        "subject": mail.subject,
        "date": mail.date.isoformat() if mail.date else None,
        "text": mail.text,
        "reply_text": mail.reply_text,
        "attachments": [
            {"filename": one.filename, "content_type": one.content_type, "size": one.size, "inline": one.inline}
            for one in mail.attachments
        ],
        "is_auto": mail.is_auto,
        "is_bounce": mail.is_bounce,
        "bounce": {
            "recipients": list(mail.bounce.recipients),
            "status": mail.bounce.status,
            "permanent": mail.bounce.permanent,
        }
        if mail.bounce
        else None,
        "lang": mail.lang,
        "channel": mail.channel,
        "defects": list(mail.defects),
    }


def _address(one: Address) -> dict[str, str]:
    return {"name": one.name, "address": one.address}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file())


def _print(out: TextIO, record: dict[str, Any]) -> None:
    out.write(json.dumps(record, ensure_ascii=False) + "\n")


async def _parse(paths: Sequence[Path], out: TextIO) -> int:
    opened = 0
    async for path, mail in _read(paths):
        name = _shown(path)
        if isinstance(mail, str):
            _print(out, {"file": name, "error": mail})
        else:
            opened += 1
            _print(out, {"file": name, **as_json(mail)})
    out.flush()
    return 0 if opened or not paths else 2


async def _thread(paths: Sequence[Path], out: TextIO) -> int:
    read: list[tuple[str, ParsedMail]] = []
    async for path, mail in _read(paths):
        if isinstance(mail, str):
            _print(out, {"file": _shown(path), "error": mail})
        else:
            read.append((_shown(path), mail))
    for (name, _), thread in zip(read, partition([mail for _, mail in read]), strict=True):
        _print(out, {"file": name, "thread": thread})
    out.flush()
    return 0 if read or not paths else 2


async def _read(paths: Sequence[Path]) -> AsyncIterator[tuple[Path, ParsedMail | str]]:
    """Yield each file with its mail, or with the reason why it could not be opened."""
    async with Reader() as reader:
        batch: list[tuple[Path, bytes]] = []
        size = 0
        for path in paths:
            try:
                raw = path.read_bytes()
            except OSError as error:
                yield path, f"cannot be read: {error.strerror or error}"
                continue
            batch.append((path, raw))
            size += len(raw)
            if len(batch) >= BATCH_MAILS or size >= BATCH_BYTES:
                async for result in _batch(reader, batch):
                    yield result
                batch, size = [], 0
        async for result in _batch(reader, batch):
            yield result


async def _batch(reader: Reader, batch: list[tuple[Path, bytes]]) -> AsyncIterator[tuple[Path, ParsedMail]]:
    mails = await reader.read([raw for _, raw in batch])
    for (path, _), mail in zip(batch, mails, strict=True):
        yield path, mail


def _shown(path: Path) -> str:
    return path.name.encode("utf-8", "replace").decode("utf-8")
