"""Commands by their name: chosen from a list (`^P`) or typed at the foot of the screen (`:`)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

from supportterm.domain import query
from supportterm.domain.query_fields import PRIORITIES, nearest
from supportterm.domain.ticket import Status
from supportterm.screens import format as shown_as
from supportterm.screens.asking import Choice, Pick, Prompt
from supportterm.screens.base import DeskScreen, run
from supportterm.screens.commands import Command, Scope
from supportterm.screens.query_line import known
from supportterm.screens.theme import THEMES
from supportterm.screens.widgets.views_bar import DIGITS

_REFERENCE = re.compile(r"(#|ST-)[0-9A-Za-z]{1,10}", re.IGNORECASE)
_OTHER_NAMES = {"open": "go", "q": "quit", "help": "keys", "sync": "sync-now"}
"""Names people try."""
_LENGTHS = ("30m", "2h", "4h", "1d", "3d", "1w", "tomorrow")

Extra = tuple[str, Callable[[str], Awaitable[None]]]


def offered(screen: DeskScreen[Any]) -> list[Command]:
    """Return the commands a list of names is for: what can be done here, but not moving in lists, nor each digit."""
    left_out = {f"queue.view-{digit}" for digit in range(10)} | {"desk.palette", "desk.command-line"}
    return [
        command
        for command in screen.commands()
        if command.id not in left_out
        and (command.scope is not Scope.LIST or command.id == "list.back")
        and hasattr(screen.app if command.scope is Scope.EVERYWHERE else screen, f"action_{command.action}")
    ]


async def choose(screen: DeskScreen[Any]) -> None:
    """Let the agent find a command and carry it out; those used last stand first."""
    choices = []
    for command in sorted(offered(screen), key=lambda one: _rank(screen, one.id)):
        remark = command.help
        choices.append(Choice(_title(command), command.id, remark, screen.key_of(command.id), screen.why_not(command)))
    choices += _views(screen)
    extra = _extra(screen)
    choices += [Choice(name.capitalize(), f":{name}", told) for name, (told, _) in extra.items()]
    chosen = await screen.ask_for(Pick("Commands", choices))
    if chosen is None:
        return
    _remember(screen, chosen)
    if chosen.startswith(":"):
        await extra[chosen[1:]][1]("")
    elif " " in chosen:
        await run(screen, *chosen.split(" ", 1))
    else:
        await run(screen, chosen)


async def type_command(screen: DeskScreen[Any], typed: str = "") -> None:
    """Let the agent type a command's name and what it takes, and carry it out."""
    known = {command.name: command for command in reversed(offered(screen))}
    known = dict(reversed(list(known.items())))
    extra = _extra(screen)
    helps = {name: c.help + (f"  Takes {c.argument}." if c.argument else "") for name, c in known.items()} | {
        name: told for name, (told, _) in extra.items()
    }

    named = True
    """The word being typed is the command's name, so that what is suggested can be explained."""

    def remark(suggestion: str) -> str:
        return helps.get(suggestion, "") if named else ""

    def complete(text: str, cursor: int) -> list[str]:
        nonlocal named
        name, blank, argument = text[:cursor].lstrip().partition(" ")
        named = not blank
        if blank:
            return _argument_for(screen, known.get(_name(name, known, argument)), argument)
        return [one for one in helps if one.startswith(name)] or [one for one in helps if name and name in one]

    def check(text: str) -> str:
        name, _, argument = text.strip().partition(" ")
        if not name or _REFERENCE.fullmatch(name) or name in extra:
            return ""
        command = known.get(_name(name, known, argument))
        if command is None:
            return f"There is no command `{name}` here. {_nearest(name, [*helps])}"
        if argument.strip() and not command.argument:
            return f"`{command.name}` takes nothing. Leave out `{argument.strip()}`."
        return screen.why_not(command)

    line = await screen.ask_for(Prompt(":", typed, complete=complete, check=check, remark=remark))
    name, _, argument = (line or "").strip().partition(" ")
    argument = argument.strip()
    if not name:
        return
    if _REFERENCE.fullmatch(name):
        await run(screen, "desk.go", name)
    elif name in extra:
        await extra[name][1](argument)
    else:
        command = known[_name(name, known, argument)]
        _remember(screen, command.id)
        await run(screen, command.id, argument)


def _name(typed: str, known: dict[str, Command], argument: str) -> str:
    """Return the name meant: another one where there is none such here, or where it takes nothing and is given some."""
    other = _OTHER_NAMES.get(typed, "")
    if other in known and (typed not in known or (argument.strip() and not known[typed].argument)):
        return other
    return typed


def _nearest(name: str, known: Sequence[str]) -> str:
    told = nearest(name, known)
    return told if told.startswith("Did") else "Tab shows them."


def _title(command: Command) -> str:
    return command.title[:1].upper() + command.title[1:]


def _views(screen: DeskScreen[Any]) -> list[Choice[str]]:
    """Return the views to go to, where this screen shows them."""
    if not hasattr(screen, "command_view"):
        return []
    shelf = screen.console.shelf
    keys = dict(zip(shelf.views, (screen.key_of(f"queue.view-{digit}") for digit in DIGITS), strict=False))
    return [
        Choice(
            f"View: {shown_as.line(view.title)}",
            f"queue.view {view.name}",
            shown_as.line(view.query, 200),
            keys.get(view, ""),
        )
        for view in shelf
    ]


def _extra(screen: DeskScreen[Any]) -> dict[str, Extra]:
    """Return the commands that somebody gave the app besides the registry's."""
    return dict(cast("Any", screen.app).extra_commands)


def _rank(screen: DeskScreen[Any], command_id: str) -> int:
    recent = screen.console.recent
    return recent.index(command_id) if command_id in recent else len(recent)


def _remember(screen: DeskScreen[Any], command_id: str) -> None:
    recent = screen.console.recent
    recent[:] = [command_id, *(one for one in recent if one != command_id)][:8]


def _argument_for(screen: DeskScreen[Any], command: Command | None, typed: str) -> list[str]:
    """Suggest what a command could take, for the word being typed."""
    kind = command.argument if command is not None else ""
    if kind in ("QUERY", "WORDS"):
        return query.complete(typed, len(typed), known(screen.console.views))
    word = typed.rpartition(" ")[2]
    sign = "-" if kind == "TAGS" and word.startswith("-") else ""
    return [f"{sign}{one}" for one in _known(screen, kind) if one.startswith(word.removeprefix(sign)) and one != word]


def _known(screen: DeskScreen[Any], kind: str) -> list[str]:
    views = screen.console.views
    match kind:
        case "STATUS":
            return [status.value for status in Status]
        case "PRIORITY":
            return [*(word for word in PRIORITIES if len(word) > 2), "computed"]
        case "VIEW":
            return [view.name for view in screen.console.shelf]
        case "THEME":
            return list(THEMES)
        case "TIME":
            return list(_LENGTHS)
        case "WHO":
            return ["me", "none", *views.agents()]
        case "TAGS":
            return views.tags()
    return []
