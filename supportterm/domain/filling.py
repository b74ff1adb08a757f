"""A text with blanks while it is written: where each blank stands after every edit, and whether it is filled.

Spans follow what is typed before, within and across them. What is written
into a blank is written wherever its number stands. A blank is filled when its
content is no longer what the snippet put there, or was accepted as it stands,
or when somebody typed the very words of its default.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from supportterm.domain.blanks import Blank, Expansion, Span


@dataclass(frozen=True, slots=True)
class Change:
    """`text` takes the place of what stood from `start` to `end`, in code points of the text before."""

    start: int
    end: int
    text: str

    @property
    def growth(self) -> int:
        """By how many code points the text becomes longer."""
        return len(self.text) - (self.end - self.start)


def edit(expansion: Expansion, change: Change, active: int | None = None) -> tuple[Expansion, tuple[Change, ...]]:
    """Carry out a change; return what stands after it, and every change that was made, in order.

    `active` is the blank being filled: what is typed at its edges belongs to
    it. At the edges of any other blank it does not.
    """
    owner = next((blank for blank in expansion.blanks if blank.number == active), None)
    after, inside = _apply(expansion, change, _meant(change, owner))
    changes = [change]
    for number in sorted(inside, key=lambda number: -len(_numbered(expansion, number).inside)):
        after, mirrored = _mirror(after, number, inside[number])
        changes += mirrored
    return _judged(expansion, after), tuple(changes)


def written_into(expansion: Expansion, change: Change, active: int | None = None) -> int | None:
    """Return the innermost blank that a change is written into; None where it is written beside all of them."""
    owner = next((blank for blank in expansion.blanks if blank.number == active), None)
    inside = _meant(change, owner)
    found = [blank for blank in expansion.blanks if blank.number and any(inside(blank, span) for span in blank.spans)]
    return max(found, key=lambda blank: len(blank.inside)).number if found else None


def insert(expansion: Expansion, start: int, end: int, other: Expansion) -> tuple[Expansion, tuple[Change, ...]]:
    """Put another expansion over a part of the text.

    Its blanks are numbered on from those still unfilled; filled ones are
    text from now on, and so is a blank the new text went into.
    """
    change = Change(start, end, other.text)
    kept = tuple(
        replace(blank, spans=tuple((a, b) for a, b in blank.spans if not (a <= start and end <= b and a < b)))
        for blank in expansion.blanks
        if blank.number and not blank.filled
    )
    kept = tuple(blank for blank in kept if blank.spans)
    after, _ = _apply(Expansion(expansion.text, kept), change, lambda _blank, _span: False)
    base = max((blank.number for blank in after.blanks), default=0)
    new = tuple(
        replace(
            blank,
            number=blank.number + base if blank.number else 0,
            spans=tuple((a + start, b + start) for a, b in blank.spans),
            inside=frozenset(number + base for number in blank.inside if number),
        )
        for blank in other.blanks
    )
    return Expansion(after.text, after.blanks + new), (change,)


def forget(expansion: Expansion, number: int) -> Expansion:
    """Let a blank be plain text from now on."""
    return replace(expansion, blanks=tuple(blank for blank in expansion.blanks if blank.number != number))


def choose(expansion: Expansion, number: int, choice: str) -> tuple[Expansion, tuple[Change, ...]]:
    """Put one of a blank's choices into it, wherever its number stands; it is filled then."""
    blank = _numbered(expansion, number)
    after, changes = edit(expansion, Change(*blank.spans[0], choice), number)
    return replace(
        after, blanks=tuple(replace(b, filled=b.filled or b.number == number) for b in after.blanks)
    ), changes


def holding(expansion: Expansion, start: int, end: int | None = None) -> Blank | None:
    """Return the innermost blank around a place or a span, its edges included; an unfilled one before a filled one."""
    end = start if end is None else end
    around = [
        (blank.filled, b - a, -len(blank.inside), blank.number, blank)
        for blank in expansion.blanks
        if blank.number
        for a, b in blank.spans
        if a <= start and end <= b
    ]
    return min(around, key=lambda found: found[:4])[4] if around else None


def found_again(text: str, before: Expansion) -> Expansion:
    """Find unfilled blanks in a text that was changed elsewhere: those whose text still stands stay unfilled.

    What stands before and after a blank tells its place; failing that, its
    text alone does, unless it could be anybody's words.
    """
    taken: list[Span] = []
    found = []
    for blank in before.blanks:
        if not blank.number or blank.filled:
            continue
        spans = []
        for span in blank.spans:
            place = _place(text, before.text, span, blank, taken)
            if place is not None:
                spans.append(place)
                taken.append(place)
        if spans:
            found.append(replace(blank, spans=tuple(sorted(spans))))
    return Expansion(text, tuple(found))


_Inside = Callable[[Blank, Span], bool]
_AROUND = 24


def _meant(change: Change, owner: Blank | None) -> _Inside:
    """Say which blanks an edit is written into, where spans alone leave it open."""
    start, end = change.start, change.end
    at_edge = owner is not None and any(_open_at(owner, span, change) for span in owner.spans)

    def inside(blank: Blank, span: Span) -> bool:
        a, b = span
        if not a <= start <= end <= b:
            return False
        if a < start < b or a < end < b:
            return True
        if owner is not None and at_edge:
            return blank.number == owner.number or blank.number in owner.inside
        return start < end and bool(change.text)

    return inside


def _open_at(owner: Blank, span: Span, change: Change) -> bool:
    """Whether a blank that is being filled takes in what is written at its edges; a question does not."""
    a, b = span
    if change.start < change.end:
        return a <= change.start and change.end <= b
    return a <= change.start <= b and (owner.filled or a == b or owner.can_be_accepted)


def _apply(before: Expansion, change: Change, inside: _Inside) -> tuple[Expansion, dict[int, int]]:
    """Move every span past a change; return also which blanks it was written into, and at which of their places."""
    kept: list[Blank] = []
    written: dict[int, int] = {}
    for blank in before.blanks:
        spans: list[Span] = []
        for span in blank.spans:
            within = blank.number not in written and inside(blank, span)
            if within:
                written[blank.number] = len(spans)
            if (moved := _moved(span, change, within)) is not None:
                spans.append(moved)
        if spans:
            kept.append(replace(blank, spans=tuple(spans)))
    text = before.text[: change.start] + change.text + before.text[change.end :]
    return Expansion(text, tuple(kept)), written


def _moved(span: Span, change: Change, within: bool) -> Span | None:
    a, b = span
    if within:
        return a, b + change.growth
    if change.end <= a:
        return a + change.growth, b + change.growth
    if b <= change.start:
        return span
    return None


def _mirror(expansion: Expansion, number: int, home: int) -> tuple[Expansion, list[Change]]:
    """Write what stands in one place of a blank into its other places."""
    changes: list[Change] = []
    for place in range(len(_numbered(expansion, number).spans)):
        blank = _numbered(expansion, number)
        a, b = blank.spans[home]
        content, span = expansion.text[a:b], blank.spans[place]
        if place != home and expansion.text[span[0] : span[1]] != content:
            change = Change(*span, content)
            expansion, _ = _apply(expansion, change, _mirrored(blank, span))
            changes.append(change)
    return expansion, changes


def _mirrored(owner: Blank, place: Span) -> _Inside:
    def inside(blank: Blank, span: Span) -> bool:
        if blank.number == owner.number:
            return span == place
        return blank.number in owner.inside and span[0] <= place[0] and place[1] <= span[1]

    return inside


def _judged(before: Expansion, after: Expansion) -> Expansion:
    """Say of every blank whose content changed whether it is filled now."""
    old = {blank.number: _content(before, blank) for blank in before.blanks}
    return replace(
        after,
        blanks=tuple(
            blank
            if not blank.number or (content := _content(after, blank)) == old[blank.number]
            else replace(blank, filled=content != blank.shown or blank.can_be_accepted)
            for blank in after.blanks
        ),
    )


def _content(expansion: Expansion, blank: Blank) -> str:
    a, b = blank.spans[0]
    return expansion.text[a:b]


def _numbered(expansion: Expansion, number: int) -> Blank:
    return next(blank for blank in expansion.blanks if blank.number == number)


def _place(text: str, old: str, span: Span, blank: Blank, taken: list[Span]) -> Span | None:
    shown = old[span[0] : span[1]]
    before, after = old[max(span[0] - _AROUND, 0) : span[0]], old[span[1] : span[1] + _AROUND]
    best: tuple[int, int, Span] | None = None
    at = text.find(shown) if shown else -1
    while at >= 0:
        place = (at, at + len(shown))
        if place not in taken:
            likeness = alike(text[max(at - _AROUND, 0) : at][::-1], before[::-1]) + alike(text[place[1] :], after)
            if best is None or likeness > best[0] or (likeness == best[0] and abs(at - span[0]) < best[1]):
                best = (likeness, abs(at - span[0]), place)
        at = text.find(shown, at + 1)
    if best is None:
        return None
    own = bool(blank.label) or not blank.can_be_accepted
    return best[2] if own or best[0] >= min(4, len(before) + len(after)) else None


def alike(one: str, other: str) -> int:
    """Count the code points two texts begin with in common."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
