"""The check: every rule on one reply, one hint per cause, what matters most first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from supportterm.domain.concepts import Reading
from supportterm.domain.hints import (
    facts,
    form,
    formulas,
    heat,
    names,
    placeholders,
    privacy,
    speech,
    spelling,
    structure,
    terms,
    wording,
)
from supportterm.domain.hints.catalogue import CATALOGUE, REPLY, SENTENCE
from supportterm.domain.hints.hint import Hint
from supportterm.domain.hints.packs import HintPack, PackRule, Packs
from supportterm.domain.hints.reply import Reply
from supportterm.domain.hints.subject import Finding, Subject

Code = Callable[[Subject], Iterable[Finding]]
RULES: Mapping[str, Code] = MappingProxyType(
    {
        "jargon": terms.jargon,
        "humour-when-upset": heat.smiles,
        "all-caps": form.all_caps,
        "exclamation-overload": form.exclamations,
        "emoji-formal": form.emoji,
        "long-sentence": form.long_sentence,
        "long-reply": form.long_reply,
        "spelling": spelling.spelling,
        "promise-made": structure.promises_made,
        "unanswered-question": structure.unanswered,
        "asks-known-info": facts.asks_known,
        "wrong-name": names.wrong_name,
        "unfilled-placeholder": placeholders.unfilled,
        "internal-leak": privacy.internal,
        "language-mismatch": speech.language_mismatch,
        "macro-unchanged": structure.unchanged,
        "macro-repeat": structure.repeated,
        "public-data": privacy.public_data,
    }
)
"""The rules that are code, by id; the others are data, some are both."""
GUARDS: Mapping[str, Callable[[Subject], bool]] = MappingProxyType(
    {
        "empty-apology": formulas.formula_is_all,
        "missing-acknowledgement": structure.not_restated,
        "missing-timing": structure.no_time_given,
        "missing-confirmation": structure.not_confirmed,
        "channel-bounce": privacy.no_ticket_link,
        "policy-shield": wording.rules_were_not_asked_for,
    }
)
"""What must be true besides for a rule that is data."""
_SILENCED_BY: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "missing-empathy": frozenset(("empty-apology", "humour-when-upset")),
        "missing-timing": frozenset(("vague-timing",)),
    }
)
"""Rules that say nothing in a reply in which one of these speaks: both have one cause."""
_COVERED_BY: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "commanding": frozenset(("brush-off", "policy-shield", "secret-request", "blame", "hostile-mirror")),
        "negative-phrasing": frozenset(("brush-off", "policy-shield", "refusal-needs-supervisor", "hostile-mirror")),
        "emoji-formal": frozenset(("humour-when-upset",)),
        "wrong-name": frozenset(("unfilled-placeholder",)),
        "all-caps": frozenset(("unfilled-placeholder",)),
        "spelling": frozenset(("unfilled-placeholder", "register-slip")),
    }
)
"""Rules that say nothing about words that one of these speaks about."""
_COVERED_IN_SENTENCE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "negative-phrasing": frozenset(("brush-off", "policy-shield", "internal-leak")),
        "commanding": frozenset(("internal-leak",)),
    }
)
"""Rules that say nothing in a sentence in which one of these speaks: what is refused or told there is their matter."""
_SENTENCE_END = re.compile(r"[!?。！？\n]|\.(?=\s|$)")


_FULL_STOPS = {"?": ".", "？": "。"}
"""What ends a sentence that was a question and is none any more."""


def check(reply: Reply, packs: Packs) -> tuple[Hint, ...]:
    """Return the hints on a reply: those that matter most first, then by their place.

    A rule may hold at several places and is then there several times; a rule
    about the whole reply comes after those about its words.
    """
    return hints_on(Subject(reply, packs))


def hints_on(subject: Subject) -> tuple[Hint, ...]:
    """Return the hints on a reply that is read already, as `check` does."""
    found = list(_by_data(subject))
    for id_, rule in RULES.items():
        found += (_hint(id_, finding) for finding in rule(subject))
    pack = subject.packs.wording.get(subject.reply.lang)
    wanted = [hint for hint in found if hint.rule not in pack.off] if pack is not None and pack.off else found
    return tuple(sorted(_one_per_cause(_once(wanted), subject.raw), key=_order))


def _order(hint: Hint) -> tuple[int, float, str]:
    return -hint.level, float("inf") if hint.start is None else hint.start, hint.rule


def _by_data(subject: Subject) -> Iterator[Hint]:
    for pack, reading in (
        (subject.packs.wording.get(subject.reply.lang), subject.wording),
        (subject.pack, subject.structure),
    ):
        if pack is not None and reading is not None:
            yield from _of_pack(subject, pack, reading)


def _of_pack(subject: Subject, pack: HintPack, reading: Reading) -> Iterator[Hint]:
    for id_, rules in pack.by_id.items():
        rules = [rule for rule in rules if subject.suits(rule.when)]
        if rules and (guard := GUARDS.get(id_)) is not None and not guard(subject):
            continue
        for rule in rules:
            yield from (_hint(id_, finding) for finding in _findings(subject, rule, reading))


def _findings(subject: Subject, rule: PackRule, reading: Reading) -> Iterator[Finding]:
    lowest, highest = subject.part(rule.where) if rule.where else (0, len(subject.raw))
    found = [(hit, sentence) for hit, sentence in rule.find(reading) if lowest <= reading.place(hit)[0] < highest]
    values = {"channel": subject.reply.channel, "n": len(found), "evidence": subject.evidence if rule.absent else ""}
    scope = CATALOGUE[rule.id].scope
    if rule.absent:
        if not found:
            at = 0 if rule.where in ("first-line", "opening") else len(subject.reply.text)
            at = subject.matter if rule.above else at
            yield Finding(values=values, suggestion=rule.insert, insert_at=None if rule.insert is None else at)
    elif len(found) < rule.least:
        return
    elif scope == REPLY:
        yield Finding(values=values)
    else:
        for hit, sentence in found:
            start, end = reading.place(sentence.span if scope == SENTENCE else hit)
            begins, ends = reading.place(sentence.span)
            times = subject.reply.times
            clause = rule.clause(subject.raw[begins:ends], start - begins, end - begins, times)
            if clause is not None:
                whole = (
                    clause[1] == ends - begins
                    and clause[0] <= start - begins
                    and subject.raw[ends : ends + 1] in _FULL_STOPS
                )
                stop = _FULL_STOPS[subject.raw[ends]] if whole else ""
                yield Finding(begins + clause[0], begins + clause[1] + len(stop), values, clause[2] + stop)
            else:
                yield Finding(start, end, values, rule.rewritten(subject.raw[start:end], times))


def _hint(id_: str, finding: Finding) -> Hint:
    entry = CATALOGUE[id_]
    message = entry.message.format_map(finding.values) if finding.values else entry.message
    return Hint(id_, entry.level, finding.start, finding.end, message, finding.suggestion, finding.insert_at)


def _once(hints: Iterable[Hint]) -> list[Hint]:
    """Drop what another hint of the same rule says about the same words."""
    kept: list[Hint] = []
    for hint in hints:
        same = [other for other in kept if other.rule == hint.rule]
        if not any(hint.start is None or hint.overlaps(other) for other in same):
            kept.append(hint)
    return kept


def _one_per_cause(hints: list[Hint], text: str) -> Iterator[Hint]:
    speaking = {hint.rule for hint in hints}
    for hint in hints:
        if not speaking.isdisjoint(_SILENCED_BY.get(hint.rule, ())):
            continue
        covering, around = _COVERED_BY.get(hint.rule, ()), _COVERED_IN_SENTENCE.get(hint.rule, ())
        if not any(
            (other.rule in covering and hint.overlaps(other))
            or (other.rule in around and _in_one_sentence(hint, other, text))
            for other in hints
        ):
            yield hint


def _in_one_sentence(one: Hint, other: Hint, text: str) -> bool:
    """Tell whether no sentence ends between the words of two hints."""
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return False
    first, second = ((one.end, other.start), (other.end, one.start))[other.start < one.start]
    return not _SENTENCE_END.search(text, min(first - 1, second), second)
