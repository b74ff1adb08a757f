"""How blanks are drawn in a text without being part of it: `‹1 cause›`, and which stretches stand out."""

from __future__ import annotations

from dataclasses import dataclass, field

from supportterm.domain.blanks import Blank
from supportterm.screens.widgets.layout import Marks
from supportterm.screens.widgets.written_text import WrittenText


@dataclass(slots=True)
class Places:
    """Signs by line, and by line the stretches of blanks: first and end column, and whether the cursor is in it."""

    marks: dict[int, Marks] = field(default_factory=dict)
    stretches: dict[int, list[tuple[int, int, bool]]] = field(default_factory=dict)


def places(written: WrittenText, *, ascii_signs: bool = False) -> Places:
    """Return what is drawn for the blanks of a text: those still open, and the one whose choices are offered."""
    found = Places()
    opening, closing = ("<", ">") if ascii_signs else ("‹", "›")
    shown = [blank for blank in written.blanks if blank.number and _is_shown(blank, written)]
    for blank in sorted(shown, key=lambda blank: len(blank.inside)):
        for start, end in blank.spans:
            (line, column), (last, until) = written.location(start), written.location(end)
            marks = found.marks.setdefault(line, Marks()).opening
            marks[column] = f"{marks.get(column, '')}{opening}{blank.number} "
            marks = found.marks.setdefault(last, Marks()).closing
            marks[until] = f"{_counted(blank, written)}{closing}{marks.get(until, '')}"
            for each in range(line, last + 1):
                first = column if each == line else 0
                behind = until if each == last else len(written.document.get_line(each))
                found.stretches.setdefault(each, []).append((first, behind, blank.number == written.active))
    return found


def content(blank: Blank, written: WrittenText) -> str:
    """Return what stands in a blank."""
    start, end = blank.spans[0]
    return written.text[start:end]


def _is_shown(blank: Blank, written: WrittenText) -> bool:
    if all(a == b for a, b in blank.spans):
        return False
    offered = blank.number == written.active and content(blank, written) in blank.choices
    return not blank.filled or offered


def _counted(blank: Blank, written: WrittenText) -> str:
    here = content(blank, written)
    return f" {blank.choices.index(here) + 1}/{len(blank.choices)}" if here in blank.choices else ""
