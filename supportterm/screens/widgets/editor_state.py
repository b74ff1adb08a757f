"""What stands in the editor, as one value: for drafts, for going on where one was, for sending."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from supportterm.domain.blanks import Blank, Span
from supportterm.domain.text import clean_body


@dataclass(frozen=True, slots=True)
class EditorState:
    """The text, where the cursor and the selection's ends are in it, and its blanks; places in code points.

    `selection` is where selecting began and the cursor; both the same where
    nothing is selected.
    """

    text: str = ""
    cursor: int = 0
    selection: Span = (0, 0)
    blanks: tuple[Blank, ...] = ()

    def as_json(self) -> str:
        """Return it as one line of JSON."""
        blanks = [asdict(blank) | {"inside": sorted(blank.inside)} for blank in self.blanks]
        kept = {"text": self.text, "cursor": self.cursor, "selection": self.selection, "blanks": blanks}
        return json.dumps(kept, ensure_ascii=False)

    @staticmethod
    def from_json(kept: str) -> EditorState:
        """Read it back; what cannot be read of a damaged draft is left out, its text last of all."""
        try:
            data = json.loads(kept)
        except ValueError:
            return EditorState(clean_body(kept))
        if not isinstance(data, dict) or not isinstance(data.get("text"), str):
            return EditorState(clean_body(kept))
        text: str = data["text"]
        cursor, (anchor, head) = _place(data.get("cursor"), text), _span(data.get("selection"), text) or (0, 0)
        found = data.get("blanks")
        blanks = [blank for each in (found if isinstance(found, list) else []) if (blank := _blank(each, text))]
        return EditorState(text, cursor, (anchor, head) if head == cursor else (cursor, cursor), tuple(blanks))


def _place(value: Any, text: str) -> int:
    return max(0, min(value, len(text))) if isinstance(value, int) else 0


def _span(value: Any, text: str) -> Span | None:
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(each, int) for each in value):
        return None
    return _place(value[0], text), _place(value[1], text)


def _blank(value: Any, text: str) -> Blank | None:
    if not isinstance(value, Mapping) or not isinstance(value.get("number"), int):
        return None
    spans = value.get("spans")
    found = [span for each in (spans if isinstance(spans, list) else []) if (span := _span(each, text))]
    if not found or any(a > b for a, b in found):
        return None
    words = {key: value[key] for key in ("default", "label") if isinstance(value.get(key), str)}
    choices, inside = value.get("choices"), value.get("inside")
    blank = Blank(
        value["number"],
        tuple(found),
        choices=tuple(each for each in (choices if isinstance(choices, list) else []) if isinstance(each, str)),
        inside=frozenset(each for each in (inside if isinstance(inside, list) else []) if isinstance(each, int)),
        filled=value.get("filled") is True,
        **words,
    )
    untouched = all(text[a:b] == blank.shown for a, b in found)
    return blank if blank.filled or untouched or not blank.number else None
