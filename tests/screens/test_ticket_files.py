from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from supportterm.desk import files
from supportterm.screens import links
from tests.desk.fakes import NOW, World
from tests.screens.office import office
from tests.screens.tickets import mail, opened, said, text_of, until


def names(folder: Path) -> list[str]:
    """Return what lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


PICTURE = b"\x89PNG not really a picture" * 40


@pytest.fixture
def downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "downloads"
    folder.mkdir()
    monkeypatch.setattr(files, "download_folder", lambda: folder)
    return folder


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[list[str], str]]]:
    """Hear what is handed to other programs, and start none."""
    heard: list[tuple[list[str], str]] = []
    monkeypatch.setattr(files, "opener", lambda: ["/usr/bin/xdg-open"])
    monkeypatch.setattr(files, "open_with", lambda program, what: heard.append((program, what)))
    return iter([heard])


async def test_a_file_is_saved_safely_and_never_over_another(world: World, downloads: Path) -> None:
    mail(world, "See the picture.", files=[("../../kiln.png", "image/png", PICTURE)])
    await world.sync()
    async with office(world) as (app, pilot):
        await opened(app, pilot)
        await until(pilot, lambda: "+ kiln.png 1 KB" in text_of(app))
        for expected in ("kiln.png", "kiln (1).png"):
            await pilot.press("d")
            await until(pilot, lambda: f"save in {downloads}"[:60] in text_of(app))
            await until(pilot, lambda: "image/png" in text_of(app))
            await pilot.press("s")
            await until(pilot, lambda name=expected: (downloads / name).exists() and name in said(app))
            assert (downloads / expected).read_bytes() == PICTURE
            assert stat.S_IMODE((downloads / expected).stat().st_mode) == 0o600
    assert names(downloads) == ["kiln (1).png", "kiln.png"]


async def test_one_of_several_files_is_picked_and_saved_elsewhere(world: World, downloads: Path) -> None:
    elsewhere = downloads / "elsewhere"
    elsewhere.mkdir()
    mail(world, "Both.", files=[("kiln.png", "image/png", PICTURE), ("list.csv", "text/csv", b"a,b\n")])
    await world.sync()
    async with office(world) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("d")
        await until(pilot, lambda: "Files of this ticket" in text_of(app))
        await until(pilot, lambda: "text/csv" in text_of(app))
        await pilot.press(*"list", "enter", "a")
        await until(pilot, lambda: "save in folder:" in text_of(app))
        await pilot.press(*"else", "tab", "enter")
        await until(pilot, lambda: (elsewhere / "list.csv").exists())
        assert (elsewhere / "list.csv").read_bytes() == b"a,b\n"


async def test_a_folder_that_is_not_there_is_refused_before_anything_is_written(world: World, downloads: Path) -> None:
    mail(world, "See.", files=[("kiln.png", "image/png", PICTURE)])
    await world.sync()
    async with office(world) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("d", "a")
        await until(pilot, lambda: "save in folder:" in text_of(app))
        await pilot.press(*"nowhere", "enter")
        await until(pilot, lambda: "There is no such folder" in text_of(app))
        assert names(downloads) == []


async def test_a_clicked_file_is_asked_about(world: World, downloads: Path) -> None:
    mail(world, "See.", files=[("kiln.png", "image/png", PICTURE)])
    await world.sync()
    async with office(world) as (app, pilot):
        await opened(app, pilot)
        y = next(n for n, line in enumerate(text_of(app).splitlines()) if "+ kiln.png" in line)
        await pilot.click(offset=(6, y))
        await until(pilot, lambda: "save somewhere else" in text_of(app))
        await pilot.press("escape")
        assert names(downloads) == []


async def test_opening_asks_with_path_and_program_first(
    world: World, downloads: Path, handed: Iterator[list[tuple[list[str], str]]]
) -> None:
    heard = next(handed)
    mail(world, "Run it.", files=[("-rf kiln.desktop", "application/x-desktop", b"[Desktop Entry]")])
    await world.sync()
    async with office(world, (200, 50)) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("d", "o")
        await until(pilot, lambda: "which Mara Lind sent?" in text_of(app))
        shown = text_of(app)
        assert "/usr/bin/xdg-open" in shown
        assert "can run programs" in shown
        await pilot.press("escape")
        assert heard == []
        assert names(downloads) == []
        await pilot.press("d", "o")
        await until(pilot, lambda: "which Mara Lind sent?" in text_of(app))
        await pilot.press("y")
        await until(pilot, lambda: bool(heard))
        (program, what) = heard[0]
        assert program == ["/usr/bin/xdg-open"]
        assert Path(what).parent == downloads
        assert not Path(what).name.startswith("-")


@pytest.mark.parametrize("name", ["../up", "/etc/passwd", "C:\\x\\y.txt", "a\0b", "-rf", ".bashrc", "", "x" * 900])
def test_a_saved_file_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    path = files.save(b"it", name, tmp_path)
    assert path.parent == tmp_path
    assert not path.name.startswith((".", "-"))
    assert path.read_bytes() == b"it"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_in_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    (tmp_path / "kiln.png").symlink_to(target)
    path = files.save(b"it", "kiln.png", tmp_path)
    assert path.name == "kiln (1).png"
    assert not target.exists()


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(files.RefusedError, match="is no folder"):
        files.save(b"it", "kiln.png", tmp_path / "none")


def test_what_could_be_an_option_is_not_handed_on() -> None:
    with pytest.raises(files.RefusedError, match="option"):
        files.open_with(["/bin/true"], "--help")


async def test_a_link_shows_where_it_leads_before_it_is_opened(
    world: World, handed: Iterator[list[tuple[list[str], str]]]
) -> None:
    heard = next(handed)
    text = "Sign in at www.bank.example <https://login.evil.example/bank?x=1> please, or https://fine.example/a."
    mail(world, text)
    await world.sync()
    async with office(world) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("o")
        await until(pilot, lambda: "Links of this message" in text_of(app))
        await pilot.press(*"evil", "enter")
        await until(pilot, lambda: "This leads to login.evil.example" in text_of(app))
        shown = text_of(app)
        assert "https://login.evil.example/bank?x=1" in shown
        assert "The words name www.bank.example, the link leads to login.evil.example." in shown
        await pilot.press("escape")
        assert heard == []
        await pilot.press("o")
        await until(pilot, lambda: "Links of this message" in text_of(app))
        await pilot.press(*"fine", "enter")
        await until(pilot, lambda: "This leads to fine.example" in text_of(app))
        await pilot.press("o")
        await until(pilot, lambda: bool(heard))
        assert heard == [(["/usr/bin/xdg-open"], "https://fine.example/a")]
        await pilot.press("o", *"fine", "enter")
        await until(pilot, lambda: "This leads to fine.example" in text_of(app))
        await pilot.press("c")
        await until(pilot, lambda: app.clipboard == "https://fine.example/a")


@pytest.mark.parametrize(
    ("text", "address", "opens", "warns"),
    [
        ("see http://a.example/x).", "http://a.example/x", True, False),
        ("(http://a.example/x_(y))", "http://a.example/x_(y)", True, False),
        ("write to mailto:a@b.example", "mailto:a@b.example", True, False),
        ("javascript:alert(1)", "javascript:alert(1)", False, False),
        ("file:///etc/passwd", "file:///etc/passwd", False, False),
        ("https://bank.example@evil.example/", "https://bank.example@evil.example/", True, True),
        ("https://раураl.example/", "https://раураl.example/", True, True),
        ("https://xn--80ak6aa92e.example/", "https://xn--80ak6aa92e.example/", True, True),
        ("bank.example <https://www.bank.example/in>", "https://www.bank.example/in", True, False),
        ("bank.example <https://bank.example.evil.example/>", "https://bank.example.evil.example/", True, True),
        ("your file report.pdf <https://a.example/r>", "https://a.example/r", True, False),
        ("こちら「https://a.example/x」を", "https://a.example/x", True, False),
    ],
)
def test_links_are_found_whole_and_their_disguises_named(text: str, address: str, opens: bool, warns: bool) -> None:
    (link,) = links.found(text)
    assert (link.address, link.may_open, bool(link.warning)) == (address, opens, warns)
    assert link.host.isascii()


def test_a_host_in_other_letters_is_shown_as_the_network_knows_it() -> None:
    (link,) = links.found("https://раураl.example/")
    assert link.host.startswith("xn--")


async def test_a_message_without_links_or_files_says_so(world: World) -> None:
    mail(world, "Nothing here.")
    await world.sync()
    async with office(world) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("o")
        await until(pilot, lambda: "no links" in said(app))
        await pilot.press("d")
        await until(pilot, lambda: "Nobody has sent a file" in said(app))


async def test_the_source_is_the_mail_as_it_came(world: World) -> None:
    mail(world, "First\n" + "needle in line\n" + "x\n" * 400 + "needle again\n", at=NOW)
    await world.sync()
    async with office(world) as (app, pilot):
        screen = await opened(app, pilot)
        await pilot.press("H")
        await until(pilot, lambda: "as it came" in text_of(app) and "Message-ID: <m1@lind.example>" in text_of(app))
        await pilot.press("slash", *"NEEDLE", "enter")
        await until(pilot, lambda: "needle in line" in text_of(app))
        await pilot.press("n")
        await until(pilot, lambda: "needle again" in text_of(app))
        await pilot.press("N")
        await until(pilot, lambda: "needle in line" in text_of(app))
        await pilot.press("G")
        await until(pilot, lambda: "needle again" in text_of(app))
        await pilot.press("g", "j", "k", "ctrl+d", "ctrl+u", "right", "left", "pagedown", "pageup", "q")
        await until(pilot, lambda: app.screen is screen)
