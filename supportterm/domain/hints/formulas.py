"""Where a formula of apology is all that a reply has to say to somebody's anger."""

from __future__ import annotations

from supportterm.domain.hints.subject import Subject

FELT_MORE = "felt-more"
"""Concept of a wording pack whose language's formula is courtesy: what shows more than the formula."""


def formula_is_all(subject: Subject) -> bool:
    """Tell whether nothing beside the formula shows that the reply's author felt something."""
    return subject.wording is None or FELT_MORE not in subject.wording.concepts
