"""Letters that keys bring and words that are quoted: what the editor takes in besides plain typing."""

from __future__ import annotations

import re
import textwrap
from datetime import datetime

from rich.cells import cell_len

from supportterm.mail import answering

UNPRINTABLE_LETTERS = frozenset("\u00a0\u202f\u2009\u3000\u200c\u200d")
"""What Python calls unprintable and people type: blanks of other widths, and the joiners of emoji and scripts."""

_WIDTH = 76
_DEPTH = re.compile(r"(?:> ?)*")


def quoted(text: str, who: str, when: datetime, lang: str = "en") -> str:
    """Return words as a reply quotes them; a line too long for mail goes on in a next one as deep (RFC 3676, 4.5)."""
    lines = answering.quote(text, who, when, lang).split("\n")
    return "\n".join([lines[0], *(part for line in lines[1:] for part in _parts(line))])


def _parts(line: str) -> list[str]:
    if cell_len(line) <= _WIDTH:
        return [line]
    match = _DEPTH.match(line)
    depth = ">" * (match[0].count(">") if match else 0) + " "
    words = line[match.end() if match else 0 :]
    return [
        depth + part
        for part in textwrap.wrap(words, _WIDTH - len(depth), break_long_words=False, break_on_hyphens=False)
    ]
