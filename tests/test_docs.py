"""The pages a user reads are true: nothing there is missing, misspelt or out of date."""

import argparse
import dataclasses
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

import supportterm
from supportterm.cli.command_parser import EXITS
from supportterm.cli.manual import commands, page
from supportterm.cli.parser import build
from supportterm.config import (
    Agent,
    Colleague,
    Config,
    Console,
    Mailbox,
    Policy,
    PolicyRule,
    Receipt,
    Sending,
    Server,
    Sync,
    Triage,
    Trigger,
    TriggerCommands,
    View,
    load,
)
from supportterm.demo.story import SCENES
from supportterm.desk.rendering import FILTERS, PLACEHOLDERS
from supportterm.domain.errors import ConfigError
from supportterm.domain.hints.catalogue import CATALOGUE
from supportterm.domain.operations import State
from supportterm.domain.query import parse as parse_query
from supportterm.domain.query_fields import CHANNELS, FIELDS, HAS, IS, PRIORITIES, SORTS, TIERS
from supportterm.domain.saved_views import VIEWS
from supportterm.domain.snippets import parse_macro
from supportterm.domain.ticket import Status

ROOT = Path(supportterm.__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))]
SPOKEN = [path for path in PAGES if path.name not in ("CONTRIBUTING.md", "development.md")]
BLOCK = re.compile(r"^(?P<indent> *)```(?P<kind>\w*)\n(?P<body>.*?)^(?P=indent)```$", re.M | re.S)
TABLES = {
    "agent": Agent,
    "agents": Colleague,
    "mailbox": Mailbox,
    "mailbox.imap": Server,
    "mailbox.smtp": Server,
    "sync": Sync,
    "sending": Sending,
    "policy": Policy,
    "policies": PolicyRule,
    "triggers": Trigger,
    "trigger_commands": TriggerCommands,
    "receipt": Receipt,
    "console": Console,
    "triage": Triage,
    "views": View,
}


def read(name: str) -> str:
    """Return a page's text."""
    return (DOCS / name).read_text(encoding="utf-8")


def blocks(kind: str) -> Iterator[tuple[str, str]]:
    """Yield every code block of a kind, with the name of the page it stands on."""
    for path in SPOKEN:
        for block in BLOCK.finditer(path.read_text(encoding="utf-8")):
            if block["kind"] == kind:
                yield path.name, block["body"]


def spoken_commands() -> Iterator[tuple[str, list[str]]]:
    """Yield every command line of the pages as the shell would split it, up to its pipe or its `&`."""
    for name, body in blocks("sh"):
        for line in body.splitlines():
            for part in line.split(" | "):
                words = shlex.split(part, comments=True)
                if words and Path(words[0]).name == "supportterm":
                    yield f"{name}: {line.strip()}", words[1 : words.index("&") if "&" in words else None]


def rows(text: str, heading: str) -> dict[str, list[str]]:
    """Return the rows of the first table behind a heading: the code in the first cell to the other cells."""
    section = re.split(r"^#+ ", text[text.index(f"\n{heading}") + 1 :].partition("\n")[2], maxsplit=1, flags=re.M)[0]
    found: dict[str, list[str]] = {}
    for line in section.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for name in re.findall(r"`([^`]+)`", cells[0]) if cells else ():
            found[name] = cells[1:]
    return found


def parsed(words: list[str]) -> argparse.Namespace:
    """Return what the real parser makes of a command line."""
    try:
        return build().parse_args(words)
    except SystemExit as left:
        pytest.fail(f"`supportterm {shlex.join(words)}` is no command (exit status {left.code})")


def test_every_command_line_on_a_page_is_one_the_program_takes() -> None:
    lines = list(spoken_commands())
    assert len(lines) > 30
    for place, words in lines:
        assert not words or parsed(words).command, place


def test_every_query_on_a_page_can_be_read() -> None:
    queries = [words for place, line in spoken_commands() if (words := getattr(parsed(line), "query", None)) and place]
    assert len(queries) > 5
    for words in queries:
        assert parse_query(" ".join(words)).root is not None or "limit" in words


def test_every_command_and_option_is_explained_on_a_page() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SPOKEN)
    missing = []
    for command in commands(build()):
        name = command.prog.removeprefix("supportterm ")
        parent, _, step = name.rpartition(" ")
        spelt = rf"supportterm {re.escape(name)}\b|`{re.escape(name)}\b"
        listed = rf"`{re.escape(parent)} [^`]*\b{re.escape(step)}\b" if parent else r"(?!)"
        if not re.search(f"{spelt}|{listed}", text):
            missing.append(name)
        options = (option for action in command._actions for option in action.option_strings if option != "-h")
        missing += [
            f"{name} {o}" for o in options if o != "--help" and not re.search(rf"{re.escape(o)}(?![\w-])", text)
        ]
    assert missing == []


def test_the_readme_names_every_command_and_none_that_is_not() -> None:
    table = rows((ROOT / "README.md").read_text(encoding="utf-8"), "## What there is")
    named = {(first.split()[0], word) for first in table for word in [*re.findall(r"(?<= )[a-z]+", first), ""]}
    known = {tuple([*command.prog.split()[1:], ""][:2]) for command in commands(build())}
    tops = {command for command, _ in known}
    assert {command for command, _ in named} <= tops
    assert tops - {command for command, _ in named} == {"demo"}, "`make demo` stands for it at the beginning"
    assert "demo" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_says_every_exit_status() -> None:
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    (sentence,) = re.findall(r"Exit status: (.+?)\.", text)
    assert [int(number) for number in re.findall(r"\b\d\b", sentence)] == list(EXITS)


@pytest.mark.parametrize("table", TABLES)
def test_every_configuration_key_is_explained_with_its_default(table: str) -> None:
    several = {"policies": "### `[[policies]]`", "views": "### `[[views]]`", "triggers": "### `[[triggers]]`"}
    several["agents"] = "### `[agents.NAME]`"
    heading = several.get(table, f"### `[{table}]`")
    heading = "### `[mailbox.imap]`" if table.startswith("mailbox.") else heading
    nested = {"imap", "smtp"} if table == "mailbox" else set()
    assert_explained(TABLES[table], rows(read("configuration.md"), heading), nested)


def test_every_key_outside_the_tables_is_explained() -> None:
    assert_explained(Config, rows(read("configuration.md"), "## Every key"), {*TABLES, "path"})


def assert_explained(kind: type, explained: dict[str, list[str]], elsewhere: set[str]) -> None:
    """Assert that a table of the page holds exactly a dataclass's keys with their defaults."""
    fields = {field.name: field for field in dataclasses.fields(kind) if field.name not in elsewhere}
    assert set(explained) == set(fields)
    for name, field in fields.items():
        default, meaning = explained[name][0], explained[name][1]
        assert len(meaning) > 20, f"{name} is not explained"
        if field.default_factory is not dataclasses.MISSING:
            assert default == f"`{field.default_factory()!r}`", name
        elif field.default is dataclasses.MISSING:
            assert default == "needed", name
        elif field.default is None:
            assert not default.startswith("`"), name
        else:
            assert default == f"`{spelt(field.default)}`", name


def spelt(value: object) -> str:
    """Return a default as one would write it in the file."""
    if isinstance(value, tuple):
        return "[]" if not value else repr(list(value))
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else repr(value)


def test_every_example_of_a_configuration_can_be_loaded(tmp_path: Path) -> None:
    examples = list(blocks("toml"))
    assert len(examples) >= 3
    for number, (name, body) in enumerate(examples):
        path = tmp_path / f"{number}.toml"
        path.write_text(body, encoding="utf-8")
        try:
            assert load(path).mailbox.address, name
        except ConfigError as error:
            pytest.fail(f"{name}: {error}")


def test_the_whole_example_shows_every_key() -> None:
    whole = max((body for name, body in blocks("toml") if name == "configuration.md"), key=len)
    keys = {field.name for kind in TABLES.values() for field in dataclasses.fields(kind)} - {"imap", "smtp"}
    assert keys - set(re.findall(r"^(?:\[\w+\.)?(\w+)(?: =|\]$)", whole, re.M)) == {"password_command"}


def test_every_field_of_the_query_language_is_explained() -> None:
    explained = rows(read("queries.md"), "## Fields")
    assert set(FIELDS) <= set(explained)
    for name, (_, example) in ((name, explained[name]) for name in FIELDS):
        assert parse_query(example.strip("`")).root is not None, name
    words = {
        "status": tuple(Status),
        "channel": CHANNELS,
        "tier": tuple(TIERS),
        "has": HAS,
        "is": IS,
        "priority": [word for word in PRIORITIES if not re.fullmatch(r"p[2-4]", word)],
    }
    for name, known in words.items():
        assert set(re.findall(r"`([^`]+)`", explained[name][0])) == set(known), name
    for name, kind in FIELDS.items():
        assert kind.compares == ("compares" in explained[name][0]), name


def test_every_order_view_state_and_status_is_explained() -> None:
    (sentence,) = re.findall(r"`sort:` takes (.+?);", read("queries.md").replace("\n", " "))
    assert set(re.findall(r"`(\w+)`", sentence)) == set(SORTS)
    assert list(rows(read("queue.md"), "## Views")) == [view.name for view in VIEWS]
    assert set(rows(read("queue.md"), "## Changing a ticket")) == set(Status)
    assert set(rows(read("replying.md"), "## The outbox")) >= set(State)


def test_every_placeholder_and_filter_of_a_macro_is_explained() -> None:
    facts = read("macros.md").partition("## Facts")[2]
    assert set(rows(read("macros.md"), "## Facts")) == set(PLACEHOLDERS)
    assert {re.split(r"\W", code)[0] for code in re.findall(r"`([^`]+)`", facts)} >= set(FILTERS)


def test_the_example_of_a_macro_can_be_used() -> None:
    (example,) = [body for name, body in blocks("") if name == "macros.md"]
    macro = parse_macro(example, "en/reset.md")
    assert macro.trigger == ";reset"
    assert [blank.number for blank in macro.blanks] == [1, 2, 3]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    broken = []
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", path.read_text(encoding="utf-8")):
        name, _, anchor = target.partition("#")
        page_meant = (path.parent / name).resolve() if name else path
        if not page_meant.is_file() or (anchor and anchor not in anchors(page_meant)):
            broken.append(target)
    assert broken == []


def anchors(path: Path) -> set[str]:
    """Return the names under which a page's headings can be linked to."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_the_readme_leads_to_every_page() -> None:
    linked = re.findall(r"\(docs/([\w-]+\.md)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert set(linked) == {path.name for path in DOCS.glob("*.md")}


def test_the_manual_page_is_the_command_tree_s() -> None:
    assert read("supportterm.1") == page(build()), "The command tree has changed: run `make man`."


def test_the_page_on_the_demo_shows_every_step_in_its_order() -> None:
    shown = [match[1].strip() for match in re.finditer(r"^  ✓ (.{11}) ", read("demo.md"), re.MULTILINE)]
    assert shown == [name for _, acts in SCENES for name, _ in acts]


def test_the_page_of_hints_lists_every_rule_as_it_is() -> None:
    shown = rows(read("hints.md"), "## The rules")
    assert list(shown) == list(CATALOGUE)
    for id_, (level, scope, about) in shown.items():
        assert (level, scope, about) == (CATALOGUE[id_].level.word, CATALOGUE[id_].scope, CATALOGUE[id_].about)
