"""The look: contrast measured on the themes' own colours, states without colour, ASCII where it was asked for."""

from __future__ import annotations

import re

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.color import Color
from textual.scrollbar import ScrollBarRender
from textual.theme import Theme

from supportterm.screens import picture
from supportterm.screens.theme import DARK, LIGHT, THEMES, fitting
from supportterm.screens.widgets.thin_bar import ThinBar
from tests.desk.fakes import World, letter
from tests.screens.everywhere import PLACES, go
from tests.screens.office import office, seed
from tests.screens.terminal import keep, terminal

GROUNDS = ("background", "surface", "panel", "inside", "note", "selected")
TEXT, QUIET = 7.0, 4.5
OWN = {theme.name: theme for theme in (DARK, LIGHT)}


def colours(theme: Theme) -> dict[str, Color]:
    """Return what a theme calls its colours."""
    variables = theme.to_color_system().generate() | theme.variables
    names = (*GROUNDS, "foreground", "quiet", "accent", "primary", "secondary", "success", "warning", "error")
    return {name: Color.parse(variables[name]) for name in (*names, "input-selection-background", "border")}


def contrast(one: Color, other: Color) -> float:
    """Return the contrast of two colours (WCAG 2.2, relative luminance)."""

    def luminance(color: Color) -> float:
        parts = [part / 255 for part in color.rgb]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", OWN)
def test_text_stands_out_by_seven_and_what_is_quiet_by_four_and_a_half(name: str) -> None:
    found = colours(OWN[name])
    least = {"foreground": TEXT} | dict.fromkeys(("quiet", "accent", "success", "warning", "error"), QUIET)
    measured = {(front, ground): contrast(found[front], found[ground]) for front in least for ground in GROUNDS}
    assert {pair: round(ratio, 2) for pair, ratio in measured.items() if ratio < least[pair[0]]} == {}
    assert contrast(found["foreground"], found["input-selection-background"]) >= TEXT


@pytest.mark.parametrize("name", OWN)
def test_what_is_marked_by_its_ground_differs_from_its_ground_in_256_colours_too(name: str) -> None:
    found = colours(OWN[name])

    def shown(ground: str) -> RichColor:
        return found[ground].rich_color.downgrade(ColorSystem.EIGHT_BIT)

    for ground in ("selected", "inside", "note"):
        assert shown(ground) != shown("background"), f"{ground} cannot be seen in 256 colours"


def test_the_terminals_themes_name_only_its_own_colours() -> None:
    for name in ("terminal", "terminal-light"):
        theme = THEMES[name]
        assert theme.ansi
        given = [theme.primary, theme.secondary, theme.accent, theme.foreground, theme.background, theme.surface]
        given += [theme.panel, theme.success, theme.warning, theme.error, *theme.variables.values()]
        assert all(str(colour).startswith("ansi_") or colour in ("none",) for colour in given)
    assert THEMES["terminal-light"].warning != "ansi_yellow", "yellow is illegible on a light ground"
    assert THEMES["terminal"].accent != "ansi_blue", "blue is illegible on a dark ground"


def test_few_colours_mean_the_terminals_own_and_its_ground_is_asked_for() -> None:
    assert list(fitting("dark", {}, few_colours=False)) == ["dark", "light", "terminal", "terminal-light"]
    assert next(iter(fitting("light", {}, few_colours=False))) == "light"
    assert list(fitting("dark", {}, few_colours=True)) == ["terminal"]
    assert list(fitting("dark", {"COLORFGBG": "0;15"}, few_colours=True)) == ["terminal-light"]
    assert list(fitting("light", {"COLORFGBG": "15;0"}, few_colours=True)) == ["terminal-light"]


async def test_the_theme_goes_round(world: World) -> None:
    async with office(world) as (app, pilot):
        seen = []
        for _ in range(4):
            seen.append(app.theme)
            app.action_theme()
            await pilot.pause()
        assert seen == [theme.name for theme in THEMES.values()]
        assert app.theme == seen[0]


SGR = re.compile(rb"\x1b\[([0-9;]*)m")


def sgr(raw: bytes) -> set[str]:
    """Return every colour that was set, as `30`..., `38;2`, `38;5`, `48;2`, `48;5`; defaults (39, 49) left out."""
    found = set()
    for match in SGR.finditer(raw):
        parts = [part for part in match[1].decode().split(";") if part]
        while parts:
            part = parts.pop(0)
            if part in ("38", "48"):
                found.add(f"{part};{parts[0]}")
                del parts[: 4 if parts[0] == "2" else 2]
            elif part.isdigit() and (30 <= int(part) <= 47 or 90 <= int(part) <= 107) and part not in ("39",):
                found.add(part)
    return found


@pytest.mark.parametrize(
    ("env", "allowed"),
    [
        ({"NO_COLOR": "1"}, r"$^"),
        ({"TERM": "xterm", "COLORTERM": ""}, r"\d\d\d?"),
        ({"TERM": "xterm-256color", "COLORTERM": ""}, r"[34]8;5|\d\d\d?"),
        ({}, r"[34]8;2|\d\d\d?"),
    ],
    ids=["NO_COLOR", "16 colours", "256 colours", "24 bits"],
)
def test_a_terminal_gets_the_colours_it_can_show(
    env: dict[str, str], allowed: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    config = keep(tmp_path_factory.mktemp("keep"))
    with terminal(config, size=(100, 30), env=env) as seen:
        seen.until(lambda shown: "our bank" in shown and "keys" in shown)
        seen.look(0.3)
        used = sgr(seen.raw)
        assert [colour for colour in used if not re.fullmatch(allowed, colour)] == []
        if "38;5" in allowed:
            assert any(colour.startswith("38;5") for colour in used)
        seen.type("ctrl+q")


async def test_scrollbars_are_half_a_cell_and_can_be_taken() -> None:
    thumb = ThinBar.render_bar(10, 100, 30, 40).segments
    whole = ScrollBarRender.render_bar(10, 100, 30, 40).segments
    assert [segment.text.strip() for segment in thumb].count(ThinBar.UPRIGHT) in (3, 4)
    assert {segment.text for segment in thumb} == {" ", ThinBar.UPRIGHT}
    assert sum(bool(s.style and s.style.meta.get("@mouse.down") == "grab") for s in thumb) <= len(whole)
    assert not any(segment.style and segment.style.reverse for segment in thumb)


def plain_mail(world: World) -> None:
    """Fill the mailbox with mail of nothing but ASCII."""
    for number in range(40):
        raw = letter(
            sender=f"Customer {number} <c{number}@shop.example>",
            subject=f"Question {number}: the export is broken and it is urgent",
            text=f"Hello,\n\nplease help, see https://shop.example/{number}\n\n> quoted\n\nBye",
            message_id=f"m{number}@shop.example",
        )
        world.server.put(raw)


async def test_with_ascii_glyphs_no_other_sign_of_ours_shows(world: World) -> None:
    plain_mail(world)
    await world.sync()
    odd = {}
    for place in PLACES:
        async with office(world, glyphs="ascii") as (app, pilot):
            await go(pilot, place)
            odd[place] = [sign for sign in picture.text(app) if not sign.isascii()]
    assert {place: signs for place, signs in odd.items() if signs} == {}


async def test_without_colour_every_place_says_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seed(world)
    await world.sync()
    for place in PLACES:
        monkeypatch.delenv("NO_COLOR", raising=False)
        async with office(world, theme="terminal") as (app, pilot):
            await go(pilot, place)
            coloured = picture.text(app)
        monkeypatch.setenv("NO_COLOR", "1")
        async with office(world) as (app, pilot):
            await go(pilot, place)
            assert picture.text(app) == coloured, place
            used = {style.color.name for row in picture.rows(app) for _, style, _ in row if style and style.color}
            assert used <= {"default"}, place
