"""What a program wrote to its terminal, read strictly: which sequences it holds, and which of them are foreign."""

from __future__ import annotations

import base64
import re
from collections import Counter

_TOKEN = re.compile(
    r"(?P<csi>\x1b\[(?P<parameters>[0-?]*)(?P<between>[ -/]*)(?P<final>[@-~]))"
    r"|(?P<string>\x1b[\]P_^X](?:[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?))"
    r"|(?P<escape>\x1b.?)"
    r"|(?P<control>[\x00-\x1f\x7f-\x9f\u2028\u2029])"
    r"|(?P<pile>[\u0300-\u036f]{9,})"
    r"|(?P<acts>[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0001])",
    re.S,
)
_COLOUR = re.compile(r"(?:[345]8;5;\d{1,3}|[345]8;2(?:;\d{1,3}){3}|0?\d|2[1-9]|[34][0-79]|53|55|9[0-7]|10[0-7]|);")
_POINTER = re.compile(r"\x1b\]22;[a-z-]+\x07")
_COPIED = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")
_MODES = frozenset({"7", "25", "1000", "1003", "1004", "1006", "1015", "1016", "1049", "2004", "2026", "2048"})
_OFF_ONLY_AT_THE_END = frozenset({"1049"})


def foreign(raw: bytes, size: tuple[int, int], canary: str) -> Counter[str]:
    """Return the sequences and characters that the console never writes by itself, with how often they came.

    `raw` ends before the program leaves the screen. Every canary within a
    control sequence counts, whatever the sequence.
    """
    found: Counter[str] = Counter()
    text = raw.decode("utf-8", "backslashreplace")
    for token in _TOKEN.finditer(text):
        if canary in token[0] or not _known(token, size):
            found[repr(token[0][:40])] += 1
    return found


def _known(token: re.Match[str], size: tuple[int, int]) -> bool:
    if token["control"]:
        return token[0] in "\r\n"
    if token["string"]:
        return _POINTER.fullmatch(token[0]) is not None or _is_copy(token[0])
    if token["csi"] is None or token["between"] not in ("", "$"):
        return False
    parameters, final = token["parameters"], token["final"]
    if final == "m" and not token["between"]:
        return _is_colour(parameters)
    if final == "H" and not token["between"]:
        numbers = [int(number or 1) for number in parameters.split(";")] if parameters else [1, 1]
        return len(numbers) == 2 and numbers[0] <= size[1] and numbers[1] <= size[0]
    if final in "hl" and parameters.startswith("?"):
        return parameters[1:] in _MODES - (_OFF_ONLY_AT_THE_END if final == "l" else frozenset())
    return token[0] in _ASKED_AT_THE_START


_ASKED_AT_THE_START = frozenset({"\x1b[>1u", "\x1b[>25u", "\x1b[<u", "\x1b[?2026$p", "\x1b[?2048$p"})
"""What Textual asks of a terminal once, at its start: the keyboard's protocol, and two modes it may have."""


def _is_copy(sequence: str) -> bool:
    """Tell the agent's own copying: to the clipboard, and nothing in it that acts where it is pasted."""
    found = _COPIED.fullmatch(sequence)
    return found is not None and not _TOKEN.search(base64.b64decode(found[1]).decode())


def _is_colour(parameters: str) -> bool:
    rest = f"{parameters};"
    while rest and (one := _COLOUR.match(rest)):
        rest = rest[one.end() :]
    return not rest
