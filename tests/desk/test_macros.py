import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supportterm.config import Config, Mailbox, Receipt, Server
from supportterm.desk import macro_files
from supportterm.desk.macros import MacroLibrary, MacroWatch, folders
from supportterm.desk.rendering import facts, render
from supportterm.domain.errors import NotFoundError
from supportterm.domain.offering import suits
from supportterm.domain.query_matching import Facts
from supportterm.domain.snippets import Macro, MacroError, unfilled
from supportterm.domain.ticket import Status, Ticket
from supportterm.paths import shipped_macros


def write(path: Path, text: str = "Hello", front: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"+++\n{front}\n+++\n{text}\n", encoding="utf-8")


AT = datetime(2026, 11, 22, tzinfo=UTC)
TICKET = Ticket("7KQ2F00000", "ST-7KQ2F", "x", Status.OPEN, "email", "Mara Lind", "mara@example.org", AT, AT, AT)


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    folder = tmp_path / "shipped"
    write(folder / "en" / "late.md", "It comes later.", 'trigger = ";late"')
    write(folder / "ja" / "late.md", "遅れます。", 'trigger = ";late"')
    write(folder / "sign.md", "…", 'trigger = ";sign"')
    return folder


def test_the_language_picks_the_variant(shipped: Path) -> None:
    library = MacroLibrary([shipped])
    assert library.find(";late", "ja").lang == "ja"
    assert library.find("late", "JA-jp").lang == "ja"
    assert library.find(";late", "tr").lang == "en"
    assert library.find(";sign", "tr").lang == ""
    assert library.check() == []


def test_later_folders_overlay_by_id(shipped: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    write(own / "mine.md", "My words.", 'id = "late"\nlang = "en"\ntrigger = ";l"')
    library = MacroLibrary([shipped, own, tmp_path / "missing"])
    assert library.find("late", "en").body == "My words."
    assert library.find("late", "ja").body == "遅れます。"
    assert [(macro.id, macro.lang) for macro in library.macros] == [("late", "en"), ("late", "ja"), ("sign", "")]


def test_an_unknown_snippet_names_the_nearest(shipped: Path) -> None:
    with pytest.raises(NotFoundError, match=";late"):
        MacroLibrary([shipped]).find(";lat")
    with pytest.raises(NotFoundError):
        MacroLibrary([]).find("x")


def test_a_broken_file_is_told_and_hides_no_other(shipped: Path) -> None:
    write(shipped / "en" / "broken.md", "${1:")
    (shipped / "en" / "bytes.md").write_bytes(b"+++\n+++\n\xff\xfe")
    (shipped / "en" / "bare.md").write_text("no settings", encoding="utf-8")
    (shipped / "README.md").write_text("not a macro", encoding="utf-8")
    library = MacroLibrary([shipped])
    assert library.find("late").body == "It comes later."
    assert [problem.partition(",")[0] for problem in library.check()] == [
        str(shipped / "en" / name) for name in ("bare.md", "broken.md", "bytes.md")
    ]


def test_check_finds_what_only_shows_side_by_side(shipped: Path) -> None:
    write(shipped / "en" / "other.md", "x", 'trigger = ";late"')
    write(shipped / "en" / "again.md", "x", 'id = "late"')
    write(shipped / "en" / "money.md", "It costs $20, {{ticket.reff}}.")
    problems = "\n".join(MacroLibrary([shipped]).check())
    assert "the id `late` too" in problems
    assert "\\$20" in problems
    assert "`ticket.ref`" in problems
    write(shipped / "en" / "again.md", "x", 'id = "third"\ntrigger = ";late"')
    assert "the trigger `;late` too" in "\n".join(MacroLibrary([shipped]).check())


def test_the_shipped_library_is_whole() -> None:
    library = MacroLibrary([shipped_macros()])
    assert library.check() == []
    languages = {macro.lang for macro in library.macros}
    assert languages == {"en", "ja", "ru", "tr"}
    for macro in library.macros:
        english = library.find(macro.id, "en")
        assert macro.trigger == english.trigger
        assert macro.actions.status == english.actions.status


SENT_BY_A_KEY = (Receipt().macro, "later")
"""What is meant to go out as it stands."""
WRITTEN_BY_PEOPLE = [m for m in MacroLibrary([shipped_macros()]).macros if m.id not in SENT_BY_A_KEY]


@pytest.mark.parametrize("macro", WRITTEN_BY_PEOPLE, ids=lambda macro: f"{macro.lang}-{macro.id}")
def test_no_shipped_macro_can_go_out_unread(macro: Macro) -> None:
    for values in ({}, facts(TICKET, agent_name="Oleg Pan", mailbox_name="Help", mailbox_address="help@example.com")):
        expansion = render(macro, values)
        own_words = [blank for blank in unfilled(expansion) if not blank.can_be_accepted and not blank.label]
        assert own_words
        assert all(expansion.text[a:b] == blank.shown for blank in own_words for a, b in blank.spans)


def test_the_agents_own_come_last_of_all(tmp_path: Path) -> None:
    server = Server("mail.example.org", 993)
    config = Config(Mailbox("a@b.c", server, server), macros=(tmp_path / "team",), path=tmp_path / "config.toml")
    assert folders(config) == [shipped_macros(), tmp_path / "team", tmp_path / "macros"]


def test_one_that_loops_is_refused_and_says_why_when_asked_for(shipped: Path) -> None:
    write(shipped / "en" / "greet.md", "Hello {{ticket.requester.first_name}},")
    write(shipped / "en" / "twice.md", "{{>greet}}\n{{> twice}}", 'trigger = ";twice"')
    write(shipped / "en" / "good.md", "{{>greet}} good.")
    library = MacroLibrary([shipped])
    assert library.find("good").body == "Hello {{ticket.requester.first_name}}, good."
    problems = library.check()
    assert len(problems) == 1
    assert problems[0].startswith(f"{shipped / 'en' / 'twice.md'}, line 5: the snippet `twice` stands within itself")
    for name in ("twice", ";twice"):
        with pytest.raises(MacroError, match="within itself"):
            library.find(name)


def test_a_snippet_within_comes_in_the_language_of_the_one_around_it(shipped: Path) -> None:
    write(shipped / "en" / "greet.md", "Hello,")
    write(shipped / "ja" / "greet.md", "様")
    for lang in ("en", "ja", "tr"):
        write(shipped / lang / "outer.md", "{{>greet}}")
    library = MacroLibrary([shipped])
    assert [library.find("outer", lang).body for lang in ("en", "ja", "tr")] == ["Hello,", "様", "Hello,"]


@pytest.mark.parametrize(
    ("front", "line", "says"),
    [
        ('[actions]\nstatu = "open"', 3, "unknown action `statu`. Did you mean `status`?"),
        ('[actions]\nattach = ["../secret"]', 3, "a list of files beside the macro"),
        ('[actions]\nattach = ["/etc/passwd"]', 3, "a list of files beside the macro"),
        ('[actions]\narticle = "javascript:x"', 3, "an address"),
        ('[actions]\npolicy = ""', 3, "the name of a policy"),
        ('titel = "x"', 2, "unknown key `titel`. Did you mean `title`?"),
        ('when = "chanel:chat"', 2, "no query"),
    ],
)
def test_check_names_what_stands_wrongly_in_the_settings(tmp_path: Path, front: str, line: int, says: str) -> None:
    write(tmp_path / "m.md", "x", front)
    problems = MacroLibrary([tmp_path]).check()
    assert len(problems) == 1
    assert problems[0].startswith(f"{tmp_path / 'm.md'}, line {line}: ")
    assert says in problems[0]


def test_check_finds_policies_and_files_that_are_not_there(tmp_path: Path) -> None:
    write(tmp_path / "m.md", "x", '[actions]\npolicy = "vipp"\nattach = ["prices.txt", "out.txt"]')
    (tmp_path / "out.txt").symlink_to("/etc/hostname")
    problems = "\n".join(MacroLibrary([tmp_path]).check(["default", "vip"]))
    assert "there is no policy `vipp`. Did you mean `vip`?" in problems
    assert "prices.txt" in problems
    assert "out.txt lies outside" in problems


def test_of_two_with_one_trigger_the_ticket_decides(shipped: Path) -> None:
    write(shipped / "en" / "late-chat.md", "Two minutes.", 'trigger = ";late"\nwhen = "channel:chat"')
    library = MacroLibrary([shipped])
    assert library.check() == []
    mail = suits(TICKET, lambda asked: Facts(), me="ada", now=AT)
    chat = suits(dataclasses.replace(TICKET, channel="chat"), lambda asked: Facts(), me="ada", now=AT)
    assert library.find(";late", "en", mail).id == "late"
    assert library.find(";late", "en", chat).id == "late-chat"


def test_a_checkouts_other_pages_are_no_macros(tmp_path: Path) -> None:
    for name in ("README.md", "CONTRIBUTING.md", ".git/x.md", "docs/.hidden.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text("no settings", encoding="utf-8")
    library = MacroLibrary([tmp_path])
    assert (library.macros, library.check()) == ((), [])


def test_what_changes_is_read_again_and_only_that(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    original = macro_files.parse_macro
    monkeypatch.setattr(macro_files, "parse_macro", lambda text, path: read.append(path.name) or original(text, path))
    watch = MacroWatch(lambda: [shipped])
    assert watch.library.find("late").body == "It comes later."
    assert len(read) == 3
    assert not watch.look()
    assert watch.news() == []
    write(shipped / "en" / "late.md", "It comes much later.", 'trigger = ";late"')
    write(shipped / "en" / "bad.md", "${1:")
    assert watch.look()
    assert sorted(read[3:]) == ["bad.md", "late.md"]
    assert watch.library.find("late").body == "It comes much later."
    assert ["bad.md, line 4: " in problem for problem in watch.news()] == [True]
    assert watch.news() == []
    (shipped / "en" / "late.md").unlink()
    assert watch.look()
    assert watch.library.find("late").lang == "ja"


def test_several_threads_read_it_once(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    original = macro_files.parse_macro
    monkeypatch.setattr(macro_files, "parse_macro", lambda text, path: read.append(path.name) or original(text, path))
    watch = MacroWatch(lambda: [shipped])
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: watch.library, range(32)))
    assert len(read) == 3
    assert len(set(map(id, found))) == 1
