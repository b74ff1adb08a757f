"""The HTML alternative of a plain text: the same words, quotes as quotes, links to be followed, nothing else.

All of the text is escaped: whatever looks like a tag, a script or an entity
stays what was written. Nothing in it is fetched by whoever reads it.
"""

from __future__ import annotations

import re
from html import escape

LONGEST = 200_000
"""Letters up to which a text gets an alternative; a longer one goes out as it is."""
LINES = 10_000
DEPTH = 30
"""Quotes within quotes that are drawn; deeper marks stand as they are."""

_QUOTE = '<blockquote type="cite" style="margin:0 0 0 .5em;padding-left:.8em;border-left:2px solid #999">'
_MARKS = re.compile(r"(?:> ?)+")
_LINK = re.compile(r"https?://[^\s<>\"'\\^`{|}\u00a0\u3000-\u303f\uff00-\uffef]{1,2000}", re.IGNORECASE)
_TRAILING = ".,:;!?)]}'*_…»”"


def html(text: str) -> str:
    """Return a text as a whole HTML page; empty where it is too long to be shown as one.

    Lines that begin with `>` become quotes as deep as their marks.
    """
    lines = text.rstrip("\n").split("\n")
    if len(text) > LONGEST or len(lines) > LINES:
        return ""
    parts, depth = ['<!DOCTYPE html><html><body dir="auto">'], 0
    for line in lines:
        level, content = _level(line)
        parts.append("</blockquote>" * max(depth - level, 0) + _QUOTE * max(level - depth, 0))
        depth = level
        parts.append(f"{_line(content)}<br>\n")
    return "".join([*parts, "</blockquote>" * depth, "</body></html>\n"])


def _level(line: str) -> tuple[int, str]:
    """Return how deep in quotes a line stands, and what it says."""
    match = _MARKS.match(line)
    if match is None:
        return 0, line
    level = min(match[0].count(">"), DEPTH)
    end = [place for place, letter in enumerate(match[0], 1) if letter == ">"][level - 1]
    return level, line[end:].removeprefix(" ")


def _line(content: str) -> str:
    """Return one line, its links marked and its blanks kept."""
    pieces, end = [], 0
    for match in _LINK.finditer(content):
        address = _whole(match[0])
        if len(address) <= len("https://"):
            continue
        shown = escape(address, quote=True)
        pieces += [_words(content[end : match.start()]), f'<a href="{shown}">{shown}</a>']
        end = match.start() + len(address)
    return "".join([*pieces, _words(content[end:])])


def _whole(address: str) -> str:
    """Return a link without the marks of the sentence it stands in; a closing bracket it opens itself is its own."""
    while address[-1] in _TRAILING and not (address[-1] == ")" and address.count("(") >= address.count(")")):
        address = address[:-1]
    return address


def _words(text: str) -> str:
    """Escape words, and keep blanks that a browser would draw as one."""
    wide = text.replace("\t", "    ")
    if wide.startswith(" "):
        wide = "\xa0" + wide[1:]
    return escape(wide.replace("  ", " \xa0"), quote=True)
