"""Undo by step: what was written, and the blanks and the cursor as they stood before and after."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from supportterm.domain.blanks import Blank
from supportterm.domain.filling import Change

_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Standing:
    """Selection, blanks and the blank being filled, at one moment; places in code points."""

    anchor: int
    cursor: int
    blanks: tuple[Blank, ...]
    active: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """What one undo takes back: each change with the text that stood in its place."""

    done: tuple[tuple[Change, str], ...]
    before: Standing
    after: Standing

    def back(self) -> list[Change]:
        """Return the changes that take it back."""
        return [Change(c.start, c.start + len(c.text), replaced) for c, replaced in reversed(self.done)]

    def again(self) -> list[Change]:
        """Return the changes that do it again."""
        return [change for change, _ in self.done]


class Steps:
    """Steps done and steps undone. Letters of one word are one step, so are deletions in a row."""

    def __init__(self) -> None:
        self._done: deque[Step] = deque(maxlen=_KEPT)
        self._undone: list[Step] = []
        self._open = False

    def record(self, step: Step, *, alone: bool) -> None:
        """Keep a step; it joins the one before where both are of a kind, unless it stands `alone`."""
        self._undone.clear()
        if self._open and not alone and self._done and _of_a_kind(self._done[-1], step):
            last = self._done.pop()
            step = replace(last, done=last.done + step.done, after=step.after)
        self._done.append(step)
        self._open = not alone

    def end(self) -> None:
        """Let what comes next be a step of its own."""
        self._open = False

    def undo(self) -> Step | None:
        """Return the step to take back."""
        self._open = False
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return self._undone[-1]

    def redo(self) -> Step | None:
        """Return the step to do again."""
        self._open = False
        if not self._undone:
            return None
        self._done.append(self._undone.pop())
        return self._done[-1]

    def clear(self) -> None:
        """Forget everything."""
        self._done.clear()
        self._undone.clear()
        self._open = False


def _of_a_kind(last: Step, step: Step) -> bool:
    (before, replaced), (change, cut) = last.done[-1], step.done[0]
    if not change.text and not before.text:
        return "\n" not in cut and "\n" not in replaced
    if not change.text or not before.text or cut:
        return False
    return not (before.text[-1:].isspace() and not change.text[:1].isspace()) and before.text[-1:] != "\n"
