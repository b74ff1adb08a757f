"""Writing imported snippets as macro files: one each, under a safe name, nothing written over unasked."""

from __future__ import annotations

import dataclasses
import os
import re
import secrets
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from supportterm.desk import rendering
from supportterm.desk.macro_import.drafted import Drafted, Imported
from supportterm.domain.errors import RefusedError
from supportterm.domain.snippets import Actions, MacroError, parse_macro

_REFERENCE = re.compile(r"\0(\d+)\0")
_TRIGGER = re.compile(r"[^\w\s]\S{1,31}")
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d|readme|changelog|contributing|licen[cs]e|code-of-conduct|security")


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one snippet: `state` is new, same, replaced, kept or refused; `lost` are remarks."""

    title: str
    state: str
    path: Path
    trigger: str = ""
    lost: tuple[str, ...] = ()


def write(
    imported: Imported,
    folder: Path,
    *,
    lang: str = "",
    taken: Collection[str] = (),
    force: bool = False,
    dry_run: bool = False,
) -> Iterator[Written]:
    """Write each snippet into a folder and tell what became of it.

    `taken` are triggers that others have; `force` writes over files that are
    there, and a dry run only tells. A file is whole or not there.

    Raises:
        RefusedError: the folder cannot be written to.
    """
    names = _names(imported)
    triggers = set(taken)
    for drafted in imported.snippets:
        name = names[id(drafted)]
        path = folder / f"{name}.md"
        lost = list(drafted.lost)
        body = _REFERENCE.sub(lambda found: _named(found[1], imported, names), drafted.body)
        trigger = _trigger(drafted.trigger, triggers, lost)
        text = _file(dataclasses.replace(drafted, body=body, trigger=trigger), name, lang, imported.source)
        problem = _problem(text, path)
        if problem:
            yield Written(drafted.title, "refused", path, lost=(*lost, problem))
            continue
        triggers |= {trigger} - {""}
        state = _state(path, text, force=force)
        if not dry_run and state in ("new", "replaced"):
            _keep(path, text, new=state == "new")
        yield Written(drafted.title, state, path, trigger, tuple(lost))


def _names(imported: Imported) -> dict[int, str]:
    """Give each snippet a name of its own that any file system takes."""
    used: set[str] = set()
    names = {}
    for number, drafted in enumerate(imported.snippets, 1):
        plain = unicodedata.normalize("NFC", drafted.id or drafted.title).lower()
        stem = re.sub(r"[\W_]+", "-", plain).strip("-")[:48].strip("-") or f"snippet-{number}"
        stem = f"{stem}-text" if _RESERVED.fullmatch(stem) else stem
        name, count = stem, 2
        while name in used:
            name, count = f"{stem}-{count}", count + 1
        used.add(name)
        names[id(drafted)] = name
    return names


def _named(number: str, imported: Imported, names: dict[int, str]) -> str:
    found = next((one for one in imported.snippets if one.number == int(number)), None)
    return names[id(found)] if found is not None else "missing"


def _trigger(wanted: str, taken: Collection[str], lost: list[str]) -> str:
    """Return a trigger that a macro can have: it begins with a sign, and no other has it."""
    word = "".join(wanted.split())
    if not word:
        return ""
    trigger = word if not (word[0].isalnum() or word[0] == "_") else f";{word}"
    if not _TRIGGER.fullmatch(trigger):
        lost.append(f"the trigger {wanted!r}: it is a sign, then 1 to 31 letters")
        return ""
    if trigger in taken:
        lost.append(f"the trigger {trigger}: another macro has it")
        return ""
    return trigger


def _file(drafted: Drafted, name: str, lang: str, source: str) -> str:
    settings = {"title": drafted.title, "lang": lang, "topic": drafted.topic or source, "trigger": drafted.trigger}
    lines = [f"{key} = {_toml(value)}" for key, value in settings.items() if value]
    does = drafted.actions
    actions = [
        f"{field.name} = {_toml(value)}"
        for field in dataclasses.fields(Actions)
        if (value := getattr(does, field.name)) and field.name != "snooze"
    ]
    if actions:
        lines += ["[actions]", *actions]
    return "\n".join(["+++", *lines, "+++", drafted.body.strip("\n"), ""])


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    signs = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": ""}
    written = "".join(signs.get(sign, sign if sign >= " " and sign != "\x7f" else " ") for sign in str(value))
    return f'"{written}"'


def _problem(text: str, path: Path) -> str:
    try:
        problems = rendering.check(parse_macro(text, path))
    except MacroError as error:
        return error.problem
    return problems[0].problem if problems else ""


def _state(path: Path, text: str, *, force: bool) -> str:
    if not os.path.lexists(path):
        return "new"
    try:
        is_same = not path.is_symlink() and path.read_text(encoding="utf-8") == text
    except (OSError, UnicodeDecodeError):
        is_same = False
    return "same" if is_same else "replaced" if force else "kept"


def _keep(path: Path, text: str, *, new: bool) -> None:
    """Write a file whole: beside its place first, then into it; where it is new, over nothing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.stem}-{secrets.token_hex(4)}")
        try:
            with beside.open("x", encoding="utf-8") as file:
                file.write(text)
            if new:
                _take_place(beside, path)
            else:
                beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise RefusedError(f"{path} cannot be written ({error.strerror}). Check the folder, then try again.") from None


def _take_place(beside: Path, path: Path) -> None:
    """Give a file its name, over nothing; where there are no hard links, what was there first stays too."""
    try:
        path.hardlink_to(beside)
    except FileExistsError:
        raise
    except OSError:
        if os.path.lexists(path):
            raise
        beside.replace(path)
