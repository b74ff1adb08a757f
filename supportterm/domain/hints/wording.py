"""What a wording rule needs to know besides the reply's words."""

from __future__ import annotations

from supportterm.domain.hints.subject import Subject

RULES, SHIELD = "rules", "shield"
"""Concepts of the wording packs: names of rules; whole phrases that hide behind one."""


def rules_were_not_asked_for(subject: Subject) -> bool:
    """Tell whether naming a rule is more than an answer to a customer who asks what the rules are."""
    reading, pack = subject.wording, subject.packs.wording.get(subject.reply.lang)
    if reading is None or pack is None or reading.concepts.isdisjoint((RULES, SHIELD)):
        return True
    theirs = pack.read(subject.customer)
    return not (RULES in theirs.concepts and theirs.asks)
