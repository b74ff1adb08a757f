from datetime import UTC, datetime
from pathlib import Path

import pytest

from supportterm.config import Receipt
from supportterm.desk.macros import MacroLibrary
from supportterm.desk.rendering import facts, render
from supportterm.domain.errors import NotFoundError
from supportterm.domain.snippets import Macro, unfilled
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
