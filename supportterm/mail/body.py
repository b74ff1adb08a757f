"""The readable text of a message: which parts it is, and how their bytes become text."""

from __future__ import annotations

from dataclasses import dataclass, field

from supportterm.domain.text import clean_body
from supportterm.mail import attachments, charsets
from supportterm.mail.parts import Part

BODY_LIMIT = 1_000_000
"""Code points of readable text kept; the rest stays in the source."""
PART_LIMIT = 4_000_000
"""Bytes of one text part that are decoded."""
INLINE_LIMIT = 20_000
"""Bytes of a named inline text that are still read as part of the body."""
STUB_WORDS = 25
"""A plain alternative with fewer words may be a mere pointer to the HTML."""


@dataclass(slots=True)
class Body:
    """What was read: the text, the leaves it came from, and what was wrong with them."""

    text: str = ""
    used: set[int] = field(default_factory=set)
    defects: list[str] = field(default_factory=list)
    charsets: tuple[str, ...] = ()


def read(root: Part) -> Body:
    """Read a message's text: of alternatives the plain one, HTML only where there is no other."""
    body = Body(charsets=_named_charsets(root))
    pieces = [piece for piece in _texts(root, body, top=True) if piece.strip()]
    text = "\n\n".join(piece.strip("\n") for piece in pieces)
    if len(text) > BODY_LIMIT:
        body.defects.append("body longer than is shown")
    body.text = clean_body(text, BODY_LIMIT).strip("\n")
    return body


def _texts(part: Part, body: Body, *, top: bool = False) -> list[str]:
    if not part.is_multipart:
        return [_leaf_text(part, body)] if _is_text(part, top) else []
    if part.type == "multipart/alternative":
        return _alternative(part, body)
    if part.type == "multipart/report":
        return _texts(part.children[0], body, top=True)
    found: list[str] = []
    for child in part.children:
        found += _texts(child, body, top=top and child is part.children[0])
    return found


def _is_text(part: Part, top: bool) -> bool:
    if part.type not in ("text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown"):
        return False
    kind, name = attachments.disposition(part)
    if kind == "attachment":
        return False
    return top or not name or (part.type == "text/plain" and len(part.body) <= INLINE_LIMIT)


def _alternative(part: Part, body: Body) -> list[str]:
    plain = next((c for c in part.children if c.type == "text/plain" and _is_text(c, True)), None)
    rich = next((c for c in part.children if c.type == "text/html" and _is_text(c, True)), None)
    others = [c for c in part.children if c is not plain and c is not rich]
    found: list[str] = []
    if plain is not None:
        found = [_leaf_text(plain, body)]
        if rich is not None:
            body.used.add(rich.index)
            words = len(found[0].split())
            if words < STUB_WORDS and len(rich.body) > 400:
                shown = _leaf_text(rich, body)
                if len(shown.split()) > 3 * words + 10:
                    return [shown]
        if any(found):
            return found + [text for c in others if c.type == "multipart/mixed" for text in _texts(c, body)]
    for child in reversed(part.children):
        if child is not plain:
            found = _texts(child, body, top=True)
            if any(piece.strip() for piece in found):
                return found
    return found


def _leaf_text(part: Part, body: Body) -> str:
    if not attachments.disposition(part)[1]:
        body.used.add(part.index)
    content, defect = part.payload()
    if defect:
        body.defects.append(defect)
    if len(content) > PART_LIMIT:
        content = content[:PART_LIMIT]
        body.defects.append("body longer than is read")
    declared = part.parameters.get("charset", "")
    if part.type == "text/html" and not declared and not content.isascii():
        declared = _meta_charset(content)
    text, defect = charsets.decode(content, declared, body.charsets)
    if defect:
        body.defects.append(defect)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if part.type == "text/html" or (part.type != "text/plain" and "<" in text[:200]):
        from supportterm.mail import html

        text, defect = html.to_text(text)
        if defect:
            body.defects.append(defect)
    elif part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, part.parameters.get("delsp", "").lower() == "yes")
    return text


def unflow(text: str, delete_space: bool = False) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676 4.2)."""
    lines: list[str] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        if content.startswith(" "):
            content = content[1:]
        signature = content in ("-- ", "--")
        joins = open_depth == depth and not signature and lines
        if joins:
            lines[-1] += content
        else:
            lines.append(f"{'>' * depth} {content}" if depth else content)
        open_depth = None
        if content.endswith(" ") and not signature:
            open_depth = depth
            if delete_space:
                lines[-1] = lines[-1][:-1]
    return "\n".join(lines)


def _named_charsets(root: Part) -> tuple[str, ...]:
    named: dict[str, None] = {}
    for leaf in root.leaves():
        if leaf.type.startswith("text/") and (charset := leaf.parameters.get("charset")):
            named[charset] = None
        if len(named) > 8:
            break
    return tuple(dict.fromkeys((*named, *root.headers.hints)))


def _meta_charset(content: bytes) -> str:
    import re

    match = re.search(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{2,40})", content[:4096], re.I)
    return match[1].decode("ascii") if match else ""
