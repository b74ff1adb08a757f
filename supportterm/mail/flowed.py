"""A text as `format=flowed` (RFC 3676): broken for programs that cannot, and whole again for those that can.

Only what goes out beside an HTML alternative is written so: programs that do
not know the format (webmail, phones, Outlook) show the HTML, and those that
show the text (terminals) know it. Alone, long lines stand as they are.
"""

from __future__ import annotations

WIDTH = 72
"""Letters of a line, its quote marks among them, before it is broken at a blank."""


def flowed(text: str) -> str:
    """Return a text's lines broken softly: a line that goes on ends in a blank; none other does."""
    return "\n".join(piece for line in text.split("\n") for piece in _broken(line))


def _broken(line: str) -> list[str]:
    if line == "-- ":
        return [line]
    content = line.lstrip(">")
    depth = len(line) - len(content)
    content = content.removeprefix(" ").rstrip(" ") if depth else content.rstrip(" ")
    mark = ">" * depth + (" " if depth else "")
    pieces = []
    while len(mark) + len(content) > WIDTH:
        cut = _gap(content, max(WIDTH - len(mark), 20))
        if cut < 0:
            break
        pieces.append(content[: cut + 1])
        content = content[cut + 1 :]
    pieces.append(content)
    return [mark + piece if mark else _stuffed(piece) for piece in pieces]


def _gap(content: str, room: int) -> int:
    """Return where to break: the last blank within the room, else the first behind it; -1 where there is none."""
    cut = content.rfind(" ", 1, room)
    return cut if cut > 0 else content.find(" ", max(room, 1), len(content) - 1)


def _stuffed(piece: str) -> str:
    """Keep a line's own beginning from being read as a mark (RFC 3676 4.4)."""
    return f" {piece}" if piece.startswith((" ", ">", "From ")) else piece
