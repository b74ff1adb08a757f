"""A screen as an SVG picture: cells, colours and text, the same bytes for the same screen.

It names no address and no font of somebody else's server; whoever looks at it
sees it in a monospaced font of their own. Every run of text is stretched to
the cells it fills, so that wide characters keep the columns straight.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.cells import get_character_cell_size
from rich.color import Color, blend_rgb
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme

if TYPE_CHECKING:
    from textual.app import App

WIDTH, HEIGHT, BASELINE, FONT_SIZE = 8.4, 18, 13.5, 14
"""A cell's width and height, where its text stands, and how large, in pixels."""
MARGIN = 12
DIM = 0.4
_FONTS = "ui-monospace,'Cascadia Mono','DejaVu Sans Mono',Menlo,Consolas,monospace"


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks: colours as `#rrggbb`, and the ways of its letters."""

    color: str
    ground: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look, from a column on, over so many cells."""

    look: Look
    text: str
    start: int
    cells: int


def rows(app: App[Any]) -> list[list[Segment]]:
    """Return the lines of what an app shows, with what stands behind a question."""
    update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    return [[segment for strip in line for segment in strip] for line in getattr(update, "strips", ())]


def text(app: App[Any]) -> str:
    """Return what an app shows as lines of text, blanks at their ends taken off."""
    lines = ("".join(segment.text for segment in row if not segment.control).rstrip() for row in rows(app))
    return "\n".join(lines) + "\n"


def svg(app: App[Any]) -> str:
    """Draw what an app shows."""
    theme, drawn = app.ansi_theme, rows(app)
    width, height = app.size.width * WIDTH + 2 * MARGIN, app.size.height * HEIGHT + 2 * MARGIN
    page = theme.background_color.hex if app.current_theme.ansi else app.theme_variables["background"].lower()
    body = "\n".join(_row(list(_runs(row, theme)), number, page) for number, row in enumerate(drawn))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" font-size="{FONT_SIZE}"'
        f' font-family="{_FONTS}">\n'
        f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{page}"/>\n'
        f'<g transform="translate({MARGIN} {MARGIN})" xml:space="preserve">\n{body}\n</g>\n</svg>\n'
    )


def _row(runs: Sequence[Run], number: int, page: str) -> str:
    grounds = (
        f'<rect x="{first.start * WIDTH:.6g}" y="{number * HEIGHT}" width="{cells * WIDTH:.6g}" height="{HEIGHT}"'
        f' fill="{first.look.ground}"/>'
        for first, cells in _grounds(runs)
        if first.look.ground != page
    )
    texts = (_text(run, number) for run in runs if run.text.strip())
    return "".join((*grounds, *texts))


def _grounds(runs: Sequence[Run]) -> Iterator[tuple[Run, int]]:
    """Yield the first run of each ground, and how many cells it goes on."""
    for _, same in groupby(runs, lambda run: run.look.ground):
        found = list(same)
        yield found[0], sum(run.cells for run in found)


def _text(run: Run, number: int) -> str:
    look = run.look
    begin = len(run.text) - len(run.text.lstrip(" "))
    shown = run.text.strip(" ")
    start, cells = run.start + begin, run.cells - (len(run.text) - len(shown))
    lines = " ".join(["underline"] * look.underline + ["line-through"] * look.strike)
    ways = (
        (' font-weight="bold"' if look.bold else "")
        + (' font-style="italic"' if look.italic else "")
        + (f' text-decoration="{lines}"' if lines else "")
    )
    return (
        f'<text x="{start * WIDTH:.6g}" y="{number * HEIGHT + BASELINE:g}" textLength="{cells * WIDTH:.6g}"'
        f' lengthAdjust="spacingAndGlyphs" fill="{look.color}"{ways}>{escape(shown, quote=False)}</text>'
    )


def _runs(row: Iterable[Segment], theme: TerminalTheme) -> Iterator[Run]:
    """Yield the runs of a line; wide characters stand in runs of their own."""
    cells = (
        (_look(segment.style or Style.null(), theme), character)
        for segment in row
        if not segment.control
        for character in segment.text
    )
    column, wide = 0, False

    def kind(cell: tuple[Look, str]) -> tuple[Look, bool]:
        nonlocal wide
        size = get_character_cell_size(cell[1])
        wide = wide if size == 0 else size == 2
        return cell[0], wide

    for (look, _), same in groupby(cells, kind):
        shown = "".join(character for _, character in same)
        size = sum(map(get_character_cell_size, shown))
        yield Run(look, shown, column, size)
        column += size


def _look(style: Style, theme: TerminalTheme) -> Look:
    color = _triplet(style.color, theme, ground=False)
    ground = _triplet(style.bgcolor, theme, ground=True)
    if style.reverse:
        color, ground = ground, color
    if style.dim:
        color = blend_rgb(color, ground, DIM)
    return Look(color.hex, ground.hex, bool(style.bold), bool(style.italic), bool(style.underline), bool(style.strike))


def _triplet(color: Color | None, theme: TerminalTheme, *, ground: bool) -> Any:
    if color is None or color.is_default:
        return theme.background_color if ground else theme.foreground_color
    return color.get_truecolor(theme)
