"""`supportterm lint`: the hints on a reply in a file, or on each reply of a JSON Lines file."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from supportterm.cli.context import config_or_none
from supportterm.cli.output import Output
from supportterm.desk import house_hints
from supportterm.desk.hinting import with_languages
from supportterm.desk.house_hints import HouseHints
from supportterm.desk.pack_files import LANGUAGES
from supportterm.domain.errors import NotFoundError, SupporttermError
from supportterm.domain.hints.checking import check
from supportterm.domain.hints.hint import Hint, Level
from supportterm.domain.hints.packs import Packs
from supportterm.domain.hints.reply import CHANNELS, STATES, TURNS, Reply

_WRONG = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


def lint(args: argparse.Namespace, output: Output) -> int:
    """Print the hints on a reply; the status is 1 where one is a warning or more."""
    house = house_hints.of(config_or_none(args))
    if args.packs:
        return _own(house, output)
    packs = house.packs()
    for problem in house.problems:
        output.say(problem)
    if args.jsonl:
        return lint_file(Path(args.jsonl), sys.stdout, packs, args.lang)
    if not args.reply:
        raise SupporttermError("Name the reply with --reply FILE (- is standard input), or a batch with --jsonl FILE.")
    record = {
        "reply": _text(args.reply),
        "customer": _text(args.customer) if args.customer else "",
        "state": args.state,
        "channel": args.channel,
        "turn": args.turn,
        "context": _context(args.context),
    }
    try:
        reply = reply_of(record, packs, args.lang)
    except _WRONG as error:
        raise SupporttermError(f"{args.context} cannot be used: {error}.") from None
    hints = check(reply, packs)
    if output.as_json:
        print(json.dumps(row(None, reply, hints), ensure_ascii=False))  # noqa: T201 the contract's one object
    else:
        output.text("\n".join(map(_line, hints)) or "No hints.")
    return _status(hints)


def _own(house: HouseHints, output: Output) -> int:
    """Say which files of this house's own count; status 2 where one cannot be used."""
    problems = house.problems
    for lang in LANGUAGES:
        for file in house.files(lang):
            if not any(str(file.path) in problem for problem in problems):
                record = {"lang": lang, "file": file.path.name, "words": file.words}
                output.record(record, f"{lang}: {file.path.name} counts, words: {file.words}")
    for problem in problems:
        output.record({"problem": problem}, problem)
    if problems:
        output.say("What is refused is left out, and counts in a running console as it last was right.")
    return 2 if problems else 0


def lint_file(path: Path, out: IO[str], packs: Packs, lang: str = "auto") -> int:
    """Check each record of a JSON Lines file and print one object a line; a bad line is answered with an error.

    Returns:
        The exit status: 1 where any reply has a warning or more, else 0.

    Raises:
        NotFoundError: the file cannot be read.
    """
    status = 0
    try:
        with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    answer, hints = _answer(line, number, packs, lang)
                    print(json.dumps(answer, ensure_ascii=False), file=out)
                    status = max(status, _status(hints))
    except OSError as error:
        raise NotFoundError(f"{path} cannot be read: {error.strerror}. Check the path.") from None
    return status


def _answer(line: str, number: int, packs: Packs, lang: str) -> tuple[dict[str, Any], tuple[Hint, ...]]:
    name: Any = f"line {number}"
    try:
        record = json.loads(line)
        name = record.get("id", name)
        reply = reply_of(record, packs, lang)
    except _WRONG as error:
        return {"id": name, "error": f"not a record with id, customer and reply: {error}"}, ()
    try:
        hints = check(reply, packs)
    except SupporttermError as error:
        return {"id": name, "error": str(error)}, ()
    return row(name, reply, hints), hints


def reply_of(record: Mapping[str, Any], packs: Packs, lang: str = "auto") -> Reply:
    """Return a record of the contract as a reply with its languages.

    Raises:
        ValueError, TypeError: a part of it is not what the contract says; the text says which.
    """
    context = record.get("context") or {}
    if not isinstance(context, dict):
        raise TypeError("`context` must be an object")
    if lang not in ("auto", *LANGUAGES):
        raise ValueError(f"`lang` must be auto or one of {', '.join(LANGUAGES)}")
    approved = context.get("supervisor_approved")
    reply = Reply(
        _string(record, "reply", None),
        "en",
        customer=_string(record, "customer", ""),
        state=_one_of(record, "state", STATES, "pending"),
        channel=_one_of(record, "channel", CHANNELS, "email"),
        turn=_one_of(record, "turn", TURNS, "followup"),
        customer_name=_string(context, "customer_name", "") or None,
        attachments=_strings(context, "attachments"),
        macro_text=_string(context, "macro_text", "") or None,
        sent_before=_strings(context, "sent_before") or (),
        supervisor_approved=None if approved is None else bool(approved),
    )
    return with_languages(reply, packs.triage, lang)


def _string(record: Mapping[str, Any], key: str, default: str | None) -> str:
    value = record.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise TypeError(f"`{key}` must be there, and a string")
    return value


def _strings(record: Mapping[str, Any], key: str) -> tuple[str, ...] | None:
    value = record.get(key)
    if value is None:
        return None
    if not isinstance(value, list):
        raise TypeError(f"`{key}` must be a list")
    return tuple(item if isinstance(item, str) else _text_of(item) for item in value)


def _text_of(item: object) -> str:
    """Return the text of a list's item: an object's `text`, `body`, `reply` or name, else the item as it is written."""
    if isinstance(item, dict):
        for key in ("text", "body", "reply", "name", "filename"):
            if isinstance(item.get(key), str):
                return str(item[key])
    return json.dumps(item, ensure_ascii=False)


def _one_of(record: Mapping[str, Any], key: str, known: tuple[str, ...], default: str) -> str:
    value = record.get(key) or default
    if value not in known:
        raise ValueError(f"`{key}` must be one of {', '.join(known)}, not {value!r}")
    return str(value)


def row(id_: Any, reply: Reply, hints: tuple[Hint, ...]) -> dict[str, Any]:
    """Return the contract's object: each rule once, further places of it under `more`."""
    rows: dict[str, dict[str, Any]] = {}
    for hint in hints:
        place = _place(hint, reply.text)
        if hint.rule in rows:
            rows[hint.rule].setdefault("more", []).append(place | {"suggestion": hint.suggestion})
        else:
            rows[hint.rule] = {
                "rule": hint.rule,
                "severity": hint.level.word,
                **place,
                "message": hint.message,
                "suggestion": hint.suggestion,
            }
    return {"id": id_, "lang": reply.lang, "hints": list(rows.values())}


def _place(hint: Hint, text: str) -> dict[str, Any]:
    words = None if hint.start is None else text[hint.start : hint.end]
    return {"start": hint.start, "end": hint.end, "text": words}


def _line(hint: Hint) -> str:
    place = "reply" if hint.start is None else f"{hint.start}-{hint.end}"
    return f"{hint.level.word:<8} {place:>9}  {hint.rule}: {hint.message}"


def _status(hints: tuple[Hint, ...]) -> int:
    return int(any(hint.level >= Level.WARN for hint in hints))


def _context(name: str | None) -> Any:
    if not name:
        return {}
    try:
        return json.loads(_text(name))
    except (ValueError, RecursionError) as error:
        raise SupporttermError(f"{name} is not JSON: {error}. Write one object.") from None


def _text(name: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return raw.decode("utf-8").removeprefix("\ufeff")
    except OSError as error:
        raise NotFoundError(f"{name} cannot be read: {error.strerror}. Check the path.") from None
    except UnicodeDecodeError:
        raise SupporttermError(f"{name} is not UTF-8 text. Save it as UTF-8.") from None
