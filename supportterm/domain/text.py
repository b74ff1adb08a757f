r"""Foreign strings made safe where they enter: nothing left in them acts on a terminal.

What is taken away is shown: controls become their pictures (`␛`), bidi and
zero-width characters become escapes (`\u202e`), lone surrogates U+FFFD.
"""

from __future__ import annotations

import re
from collections.abc import Callable

LINE_LIMIT = 4_000
"""Code points after which a body's line is broken."""

_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_BIDI = "\u202a-\u202e\u2066-\u2069"
_ZERO_WIDTH = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\u3164\ufeff"
_JOINERS = "\u200c\u200d"
_BROKEN = "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff"
_TAGS = "\U000e0000-\U000e007f"

_STRANGE = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029{_BIDI}{_ZERO_WIDTH}{_JOINERS}{_BROKEN}{_TAGS}{_MARKS}]")
_STRANGE_IN_BODY = re.compile(
    f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029{_BIDI}{_ZERO_WIDTH}{_JOINERS}{_BROKEN}{_TAGS}{_MARKS}]"
)
_MARK_PILE = re.compile(f"([{_MARKS}]{{8}})[{_MARKS}]+")
_BLANKS = re.compile(r"\s+")
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_FLAG = "\U0001f3f4[\U000e0020-\U000e007e]{2,6}\U000e007f"
_RUN = re.compile(f"{_FLAG}|[\x00-\x08\x0e-\x1f\x7f-\x9f{_BIDI}{_ZERO_WIDTH}{_JOINERS}{_BROKEN}{_TAGS}]+")
_INVISIBLE = re.compile(f"[{_ZERO_WIDTH}{_JOINERS}\u202a-\u202c\u2066-\u2069]")
_JOINING = re.compile("[\u0600-\u08ff\u0900-\u0dff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]")


def clean(text: str, limit: int = 2_000) -> str:
    """Return one line of at most `limit` code points without anything that acts, hides or turns its neighbours."""
    if len(text) > 4 * limit:
        text = text[: 4 * limit]
    if _STRANGE.search(text):
        text = _BLANKS.sub(" ", _BREAKS.sub(" ", text))
        text = _replace(text, _escape)
    text = text.strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


def clean_body(text: str, limit: int = 1_000_000) -> str:
    """Return text of many lines, newlines as LF, lines of at most `LINE_LIMIT` code points; tabs stay.

    Invisible fillers of newsletters and the embedding marks of right-to-left
    mailers are dropped here; overrides, which turn what follows, are shown.
    """
    if len(text) > limit:
        text = text[:limit]
    if _STRANGE_IN_BODY.search(text):
        text = _replace(_BREAKS.sub("\n", text), _drop_or_escape)
    if len(text) > LINE_LIMIT:
        text = "\n".join(_broken(line) if len(line) > LINE_LIMIT else line for line in text.split("\n"))
    return text


def _broken(line: str) -> str:
    return "\n".join(line[start : start + LINE_LIMIT] for start in range(0, len(line), LINE_LIMIT))


def _replace(text: str, shown: Callable[[str], str]) -> str:
    def run(match: re.Match[str]) -> str:
        if match[0][0] == "\U0001f3f4":
            return match[0]
        return "".join(
            character if character in _JOINERS and _joins(text, place) else shown(character)
            for place, character in enumerate(match[0], match.start())
        )

    return _MARK_PILE.sub(r"\1", _RUN.sub(run, text))


def _joins(text: str, place: int) -> bool:
    """A joiner is at home between emoji and in the scripts that need it."""
    return (
        0 < place < len(text) - 1
        and _JOINING.match(text[place - 1]) is not None
        and _JOINING.match(text[place + 1]) is not None
    )


def _escape(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if code < 0xA0 or 0xD800 <= code <= 0xDFFF or code >= 0xFFF9:
        return "\ufffd"
    return f"\\u{code:04x}"


def _drop_or_escape(character: str) -> str:
    return "" if _INVISIBLE.match(character) else _escape(character)
