"""Commands stand once, and their keys reach them: presets, keys.toml, the page of keys, every screen."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supportterm
from supportterm import screens
from supportterm.app import SupporttermApp
from supportterm.cli.parser import build
from supportterm.domain.errors import ConfigError
from supportterm.screens import key_names, key_table, keys, palette
from supportterm.screens.base import DeskScreen
from supportterm.screens.commands import COMMANDS, Command, Scope, named, of
from tests.desk.fakes import World
from tests.screens.office import office, text_of, until


def every_screen() -> Iterator[type[DeskScreen[Any]]]:
    for module in pkgutil.walk_packages(screens.__path__, "supportterm.screens."):
        importlib.import_module(module.name)
    waiting = [DeskScreen]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.SCOPES:
            yield kind


@pytest.mark.parametrize("preset", keys.PRESETS)
def test_no_preset_gives_one_key_to_two_commands(preset: str) -> None:
    assert keys.clashes(keys.PRESETS[preset]) == []


@pytest.mark.parametrize("preset", keys.PRESETS)
def test_every_command_has_a_key_or_is_in_the_palette(preset: str) -> None:
    for command in COMMANDS:
        reachable = bool(command.name) and command.scope is not Scope.LIST
        assert keys.keys_of(command.id, keys.PRESETS[preset]) or reachable, command.id


@pytest.mark.parametrize("preset", keys.PRESETS)
def test_presets_name_only_commands_and_keys_there_are(preset: str) -> None:
    for command_id, given_keys in keys.PRESETS[preset].items():
        assert named(command_id) is not None, command_id
        for key in given_keys:
            assert key_names.canonical(key) == key


def test_every_command_is_done_by_every_screen_that_has_its_scope() -> None:
    missing = [
        f"{kind.__name__}.action_{command.action}"
        for kind in every_screen()
        for command in of(*kind.SCOPES)
        if not hasattr(kind, f"action_{command.action}")
        and not (command.id == "list.back" and Scope.QUEUE in kind.SCOPES)
    ]
    missing += [c.id for c in of(Scope.EVERYWHERE) if not hasattr(SupporttermApp, f"action_{c.action}")]
    assert missing == []


def test_what_takes_an_argument_is_written_where_its_scope_is() -> None:
    for command in COMMANDS:
        if command.argument:
            holders: list[Any] = [kind for kind in every_screen() if command.scope in kind.SCOPES]
            holders = [SupporttermApp] if command.scope is Scope.EVERYWHERE else holders
            assert holders, command.id
            assert all(hasattr(h, f"command_{command.action}") for h in holders), command.id


def keys_file(folder: Path, text: str) -> Path:
    path = folder / "keys.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "command", "expected"),
    [
        ('[keys]\nticket.claim = "C"', "ticket.claim", ("C",)),
        ('"ticket.claim" = ["^K", "F9"]', "ticket.claim", ("ctrl+k", "f9")),
        ('[ticket]\nsnooze = ","', "ticket.snooze", ("comma",)),
        ('[keys.ticket]\nsnooze = [";", "+", "["]', "ticket.snooze", ("semicolon", "plus", "left_square_bracket")),
        ("[keys]\nqueue.mark-all = []", "queue.mark-all", ()),
        ('ticket.claim = "Ctrl+Shift+F3"', "ticket.claim", ("ctrl+shift+f3",)),
        ('ticket.claim = "й"', "ticket.claim", ("й",)),
        ('list.page-down = "PgDn"', "list.page-down", ("pagedown",)),
    ],
)
def test_keys_are_read_as_people_write_them(tmp_path: Path, text: str, command: str, expected: tuple[str, ...]) -> None:
    assert keys.load("support", keys_file(tmp_path, text))[command] == expected


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('\n[keys]\nticket.clam = "c"', 3, "Did you mean `ticket.claim`?"),
        ('claim = "C"', 1, "Did you mean `ticket.claim`?"),
        ('[keys]\n\nticket.claim = "entr"', 3, "Did you mean `enter`?"),
        ("[keys]\nticket.claim = 7", 2, "text in quotes"),
        ('[keys]\nticket.claim = "R"', 2, "`ticket.reply-all` (built in)"),
        ('[keys]\nticket.claim = "C"\nticket.note = "C"', 3, "(line 2)"),
        ('[keys]\nreply.send = "s"', 2, "for typing the reply"),
        ("[keys\n", 1, "TOML"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(ConfigError) as told:
        keys.load("support", keys_file(tmp_path, text))
    assert f"line {line}" in str(told.value)
    assert words in str(told.value)
    assert str(tmp_path) in str(told.value)


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read"):
        keys.load("support", path)


@given(st.text(min_size=1, max_size=12))
@settings(deadline=None, max_examples=150)
def test_any_text_is_a_key_or_a_sentence(text: str) -> None:
    try:
        said = key_names.shown([key_names.canonical(text)])
    except key_names.UnknownKeyError as problem:
        said = str(problem) if "Write it like" in str(problem) else ""
    assert said


def test_the_page_of_keys_is_not_stale() -> None:
    path = Path(supportterm.__file__).parent.parent / "docs" / "keys.md"
    assert path.read_text(encoding="utf-8") == key_table.page(), "run python -m supportterm.screens.key_table"


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.cli], ids=lambda command: command.id)
def test_the_form_a_command_has_on_the_command_line_is_one_the_program_takes(command: Command) -> None:
    values = {"REF": "ST-7KQ2F", "STATUS": "open", "PRIORITY": "high", "NUMBER": "1", "WHEN": "2h"}
    words = [values.get(word, word.lower()) for word in command.cli.split()]
    assert build().parse_args(words).command == words[0]


def test_the_table_of_keys_in_the_readme_is_the_registrys() -> None:
    readme = (Path(supportterm.__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    assert key_table.summary() in readme, "run python -m supportterm.screens.key_table readme"


async def test_changed_keys_act_and_are_shown_everywhere(world: World) -> None:
    keymap = dict(keys.PRESETS["support"]) | {"desk.outbox": ("comma",), "desk.search": ("semicolon",)}
    async with office(world) as (app, pilot):
        app.support.keymap = keymap
        app.set_keymap(keys.for_textual(keymap))
        await pilot.press("O")
        await pilot.pause()
        assert "Outbox" not in text_of(app).splitlines()[0]
        await pilot.press("comma")
        await until(pilot, lambda: "Nothing waits here" in text_of(app))
        await pilot.press("question_mark", "slash", *"outbox")
        await until(pilot, lambda: " ,   " in text_of(app))
        await pilot.press("semicolon")
        assert "outbox;" in text_of(app), "a key that types goes to the line being typed"


async def test_taking_all_keys_away_leaves_a_command_to_the_palette(world: World) -> None:
    async with office(world) as (app, pilot):
        app.set_keymap(keys.for_textual({"desk.outbox": ()}))
        app.support.keymap = {"desk.outbox": ()}
        await pilot.press("O")
        await pilot.pause()
        assert "Nothing waits here" not in text_of(app)
        assert "desk.outbox" in {command.id for command in palette.offered(app.screen)}  # type: ignore[arg-type] # the queue
        await pilot.press("ctrl+p", *"outb", "enter")
        await until(pilot, lambda: "Nothing waits here" in text_of(app))
