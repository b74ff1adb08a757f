"""What a template leaves behind when nobody fills it in."""

from __future__ import annotations

from collections.abc import Iterator

from supportterm.domain.hints.subject import Finding, Subject
from supportterm.domain.needed import may_match


def unfilled(subject: Subject) -> Iterator[Finding]:
    """Find placeholders, outside code; a name's is filled from the ticket."""
    shapes = subject.packs.shapes
    if not may_match(shapes["placeholder"], subject.text):
        return
    first = (subject.reply.customer_name or "").split(" ")[0]
    for found in shapes["placeholder"].finditer(subject.text):
        for_a_name = first and shapes["placeholder-of-a-name"].search(found.group())
        yield Finding(found.start(), found.end(), None, first if for_a_name else None)
