"""What a customer's words say: signals that silence or deepen each other, the intent, the mood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from supportterm.domain import rejections
from supportterm.domain.concepts import LONGEST
from supportterm.domain.languages import language
from supportterm.domain.leaning import LEANING
from supportterm.domain.own_words import own_words
from supportterm.domain.signals import Pack
from supportterm.domain.ticket import Reason

CRITICAL = frozenset(("safety", "security", "money-loss", "outage", "data-loss"))
"""The signals that count in full."""
TROUBLE = CRITICAL | {"blocked", "billing-error", "fault", "legal-threat", "churn-threat", "public-threat", "cancel"}
STRONG = CRITICAL | {"deadline", "legal-threat", "churn-threat", "public-threat"}
"""Signals beside which a hint of high stakes says nothing more."""
_FIXED = ("bug", "complaint")
_PLAIN = STRONG | {
    *("blocked", "billing-error", "how-to", "not-urgent", "feature-request", "compliment", "resolved-thanks", "abuse")
}
"""Signals beside which a calm leaning says nothing more."""
_SHORT_THANKS = 12
_SHOUTED = 3


@dataclass(frozen=True, slots=True)
class Words:
    """What a customer's words say by themselves: their lines, what they want, and the mood."""

    lines: tuple[Reason, ...] = ()
    intent: str = "question"
    upset: bool = False


def read_words(text: str, lang: str | None, packs: Mapping[str, Pack], rejected: frozenset[str] = frozenset()) -> Words:
    """Find the signals in one message.

    Args:
        text: the customer's new text; quotes and signatures left in it are passed over.
        lang: its language, None where unknown: then it is guessed among `packs`.
        packs: the rule packs by language; a language without one is judged by facts and question marks alone.
        rejected: findings that an agent said are not true here, as `rejections.mark` writes them.
    """
    own = own_words(text[:LONGEST])
    lang = lang or language(own, packs)
    found = (
        _found(own, packs[lang])
        if lang is not None and lang in packs
        else _Found({}, asks=any(mark in own for mark in "?？"))
    )
    if rejected:
        _reject(found, text, rejected)
    if auto := _automatic(found):
        return Words((_with_evidence(auto, text),), "auto")
    intent = _settle(found, own)
    lines = [_with_evidence(line, text) for line in found.lines.values() if line.source != "mark"]
    lines = [line for line in lines if rejections.mark(line) not in rejected]
    return Words(tuple(lines), intent, any(line.id == "upset" for line in lines))


_SHOWN_AS = {"thanks": "resolved-thanks", "away": "auto-mail"}
"""Marks that become a line of another name."""


def _reject(found: _Found, text: str, rejected: frozenset[str]) -> None:
    """Drop what an agent said is not true here, so that the others are read without it."""
    for line in [_with_evidence(line, text) for line in found.lines.values()]:
        shown = _SHOWN_AS.get(line.id, line.id)
        if rejections.mark(replace(line, id=shown)) in rejected:
            found.drop(line.id)
            if shown == "resolved-thanks":
                found.drop("thanks")


@dataclass(slots=True)
class _Found:
    lines: dict[str, Reason]
    asks: bool
    words: int = 0

    def any(self, ids: frozenset[str]) -> bool:
        return not ids.isdisjoint(self.lines)

    def drop(self, *ids: str) -> None:
        for id_ in ids:
            self.lines.pop(id_, None)


def _found(own: str, pack: Pack) -> _Found:
    reading = pack.read(own)
    lines: dict[str, Reason] = {}
    for signal in pack.signals:
        known = lines.get(signal.id)
        points = signal.points or 0
        if (known is None or abs(points) > abs(known.points)) and (place := signal.find(reading)):
            source = "mark" if signal.points is None else "text"
            lines[signal.id] = Reason(signal.id, points, signal.words, *place, source=source)
    if leaning := pack.leaning.line(reading):
        lines[LEANING] = leaning
    return _Found(lines, reading.asks, reading.size)


def _automatic(found: _Found) -> Reason | None:
    """Return the gate's line: automatic by its own word, or an absence with nothing to fix."""
    away = found.lines.get("away")
    if away and not found.asks and not found.any(TROUBLE):
        return replace(away, id="auto-mail", points=-40, words="automatic mail", source="text")
    return found.lines.get("auto-mail")


def _with_evidence(line: Reason, text: str) -> Reason:
    return line if line.start is None else replace(line, evidence=text[line.start : line.end])


def _settle(found: _Found, own: str) -> str:
    """Let the findings silence each other, and return the intent."""
    lines = found.lines
    trouble = found.any(TROUBLE)
    if found.any(CRITICAL):
        found.drop("blocked")
    if trouble or "request" in lines or found.asks:
        if abuse := lines.pop("abuse", None):
            lines.setdefault("upset", replace(abuse, id="upset", points=12, words="furious"))
    elif "abuse" in lines:
        return "abuse"
    if "sarcasm" in lines:
        found.drop("compliment", "resolved-thanks")
    _mood(found, own, trouble)
    if trouble:
        found.drop("feature-request", "how-to", "resolved-thanks")
    if found.asks or "request" in lines:
        found.drop("resolved-thanks")
    if found.any(frozenset(("resolved-thanks", "upset", "feature-request", "not-urgent", "repeat-contact"))):
        found.drop("how-to")
    if "compliment" in lines and (trouble or "upset" in lines):
        found.drop("compliment")
    elif "compliment" in lines and (found.asks or "feature-request" in lines):
        lines["compliment"] = replace(lines["compliment"], points=0)
    if not trouble:
        found.drop("many-affected")
        if "compliment" in lines:
            found.drop("repeat-contact")
    if "not-urgent" in lines:
        found.drop("explicit-urgent")
    intent = _intent(found, trouble)
    _settle_leaning(found)
    if intent not in _FIXED or found.any(STRONG):
        found.drop("stakes")
    return intent


def _settle_leaning(found: _Found) -> None:
    """What a mail leans to says nothing against what is plain: calm beside a trouble, or beside what is calm anyway."""
    leaning = found.lines.get(LEANING)
    if leaning and leaning.points < 0 and found.any(_PLAIN):
        found.drop(LEANING)


def _mood(found: _Found, own: str, trouble: bool) -> None:
    lines = found.lines
    threats = [lines[id_] for id_ in ("legal-threat", "public-threat") if id_ in lines]
    sarcasm = lines.get("compliment") if trouble else None
    shouted = [word for word in own.split() if len(word) > _SHOUTED and word.isalpha() and word.isupper()]
    loud = "!!" in own or "！！" in own or len(shouted) >= 2
    calm = found.any(frozenset(("compliment", "resolved-thanks", "thanks")))
    calm = calm or (found.asks and not trouble and "explicit-urgent" in lines)
    because = [*threats, *([sarcasm] if sarcasm else [])]
    if "upset" not in lines and because:
        lines["upset"] = replace(because[0], id="upset", points=8, words="upset")
    elif "upset" not in lines and loud and not calm:
        at = own.find("!!") if "!!" in own else own.find("！！") if "！！" in own else own.find(shouted[0])
        lines["upset"] = Reason("upset", 8, "upset", at, at + 2)


def _intent(found: _Found, trouble: bool) -> str:
    lines = found.lines
    if found.any(CRITICAL - {"safety"}):
        return "bug"
    if "safety" in lines:
        return "complaint"
    if "billing-error" in lines:
        return "billing"
    if "cancel" in lines:
        return "cancel"
    if "feature-request" in lines:
        return "feature"
    if "blocked" in lines:
        return "bug"
    if found.any(frozenset(("legal-threat", "churn-threat", "public-threat", "upset"))):
        return "complaint"
    if "fault" in lines and not ("resolved-thanks" in lines or "compliment" in lines):
        return "bug"
    if "resolved-thanks" in lines:
        return "thanks"
    if "refund-wish" in lines:
        found.drop("how-to")
        return "billing"
    if found.asks:
        return "question"
    if "compliment" in lines:
        return "compliment"
    if "thanks" in lines and found.words <= _SHORT_THANKS and "request" not in lines:
        lines["resolved-thanks"] = replace(
            lines["thanks"], id="resolved-thanks", points=-25, words="thanks", source="text"
        )
        return "thanks"
    if "billing" in lines:
        return "billing"
    return "question" if found.any(frozenset(("not-urgent", "request"))) and not trouble else "bug"
