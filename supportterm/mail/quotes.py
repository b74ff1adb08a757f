"""The new text of a mail: quoted mail and signature block folded away, the sign-off kept.

Lines are first named (`Kind`), then the shape of the whole decides what is
quote, what is an answer below it, and what is the tail. Rules ask for
structure (a date, an address, a colon, a block of labels); the phrases of the
languages only tip the balance.
"""

from __future__ import annotations

import re

from supportterm.mail.blocks import name_header_blocks
from supportterm.mail.introductions import is_introduction, name_introductions
from supportterm.mail.lines import LOOK, RULE, SIGNATURE, Kind, begins_dated, is_last_word, next_filled, simple_kind

LINES_LIMIT = 5_000

_PREFIXED = re.compile(r"\s{0,3}(?:[A-Za-z]{1,12}>(?=\s|$)|\|(?=\s|$))")
_UNSUBSCRIBE = re.compile(r"\s{0,3}(?:to )?unsubscribe\b.{0,80}(?:https?://|mailto:|@)", re.I)
_CONTACT = re.compile(
    r"https?://|www\.|[\w.-]{1,64}@[\w-]+\.|\+?\d[\d ()./-]{6,}\d|\b(?:tel|phone|fax|mobile?|тел)\b|電話|〒", re.I
)


def reply_text(text: str) -> str:
    """Return the new text of a body.

    Answers written between or below quotes stay, with the quotes they answer;
    where nothing new is left, the whole text is returned.
    """
    lines = _without_armour(text).split("\n")
    rest: list[str] = []
    if len(lines) > LINES_LIMIT:
        lines, rest = lines[:LINES_LIMIT], lines[LINES_LIMIT:]
    kinds = name_lines(lines)
    kept = _fold(lines, kinds)
    new = "\n".join(kept).strip("\n \t")
    if rest and kept and kept[-1] is lines[-1]:
        new = "\n".join([new, *rest])
    return new or text.strip()


def _without_armour(text: str) -> str:
    """Take off the frame of a message signed in the text (RFC 9580 7)."""
    if "-----BEGIN PGP SIG" not in text:
        return text
    text = re.sub(r"-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z]{1,20}: .{0,200}\n){0,5}\n?", "", text)
    start = text.find("-----BEGIN PGP SIGNATURE-----")
    end = text.find("-----END PGP SIGNATURE-----", start)
    if start >= 0:
        text = text[:start] + (text[end + 27 :] if end >= 0 else "")
    return re.sub(r"^- (?=-)", "", text, flags=re.M)


def name_lines(lines: list[str]) -> list[Kind]:
    """Name every line of a body."""
    looks = [line[:LOOK] for line in lines]
    kinds = [simple_kind(line) for line in looks]
    name_introductions(looks, kinds)
    name_header_blocks(looks, kinds)
    for number, line in enumerate(looks):
        if kinds[number] is Kind.TEXT and is_last_word(line) and _stands_last(kinds, number):
            kinds[number] = Kind.DEVICE
    if Kind.INTRO in kinds:
        first = kinds.index(Kind.INTRO)
        for number in range(first + 1, len(lines)):
            if kinds[number] is Kind.TEXT and _PREFIXED.match(looks[number]):
                kinds[number] = Kind.QUOTE
    return kinds


def _stands_last(kinds: list[Kind], number: int) -> bool:
    """Tell a line with a blank line above and no text of the same writer below."""
    after = next_filled(kinds, number + 1)
    apart = number > 0 and kinds[number - 1] is Kind.EMPTY
    return apart and (after == len(kinds) or kinds[after] not in (Kind.TEXT, Kind.DEVICE))


def _fold(lines: list[str], kinds: list[Kind]) -> list[str]:
    """Decide by shape what is new; see the module's first lines."""
    lines, kinds = _without(lines, kinds, Kind.DEVICE)
    start = _first(kinds, Kind.TEXT)
    if start is not None:
        cut = next((n for n in range(start, len(kinds)) if kinds[n] is Kind.HEADER), None)
        if cut is not None:
            lines, kinds = lines[:cut], kinds[:cut]
    lines, kinds = _without(lines, kinds, Kind.HEADER)
    lines, kinds = _without_tail(lines, kinds)
    shape = "".join(kind.value for kind in kinds)
    if "t" not in shape:
        return []
    lead = re.match(r"[bqe]*q[bqe]*(?=t)", shape)
    if lead and _is_attributed(lines, lead[0]) and "q" not in shape[lead.end() :] and "b" not in shape[lead.end() :]:
        return lines[lead.end() :]
    intro = re.search(r"(?<=t)e*b+", shape)
    if intro:
        before, after = shape[: intro.start()], shape[intro.end() :]
        quoted = re.match(r"e*q", after)
        if quoted is None or not re.search("t", after):
            return _trim(lines[: intro.start()], before)
        below = re.fullmatch(r"[qeb]*(t[te]*)", after)
        if below and not _answers(lines, before, len(shape) - len(below[1])):
            return _trim(lines[: intro.start()], before)
    lines = [line for line, kind in zip(lines, shape, strict=True) if kind != "b"]
    return _trim(lines, shape.replace("b", ""))


def _is_attributed(lines: list[str], lead: str) -> bool:
    """Tell a mailer's quote above the answer, which says whose it is, from one made by hand."""
    if "b" in lead:
        return True
    first = lead.index("q")
    for end in (first + 1, first + 2):
        text = " ".join(line.lstrip("> ").strip() for line in lines[first:end])
        if is_introduction(text, begins_dated(text), True, single=end == first + 1):
            return True
    return False


def _trim(lines: list[str], shape: str) -> list[str]:
    """Drop quotes that nothing follows."""
    return lines[: len(shape.rstrip("qe"))] if "t" in shape else lines


def _answers(lines: list[str], before: str, start: int) -> bool:
    """Tell an answer below a quote from what mailers and lists append there."""
    above = [line.strip() for line, kind in zip(lines, before, strict=False) if kind == "t"]
    below = [line.strip() for line in lines[start:] if line.strip()]
    greeting = len(above) <= 2 and all(len(line) <= 40 and not line.endswith(".") for line in above)
    return greeting or len(below) > 6 or any(line.endswith(("?", "？")) for line in below)


def _without(lines: list[str], kinds: list[Kind], kind: Kind) -> tuple[list[str], list[Kind]]:
    if kind not in kinds:
        return lines, kinds
    kept = [number for number, one in enumerate(kinds) if one is not kind]
    return [lines[number] for number in kept], [kinds[number] for number in kept]


def _without_tail(lines: list[str], kinds: list[Kind]) -> tuple[list[str], list[Kind]]:
    """Fold the signature block, and rules with what lists and mailers put below them."""
    first_text = _first(kinds, Kind.TEXT)
    if first_text is None:
        return lines, kinds
    for number, kind in enumerate(kinds):
        if number <= first_text and not (kind is Kind.TAIL and Kind.QUOTE in kinds[:number]):
            continue
        if kind is Kind.TAIL or (kind is Kind.TEXT and _is_footer(lines, kinds, number)):
            return _fold_from(lines, kinds, number)
    return lines, kinds


def _fold_from(lines: list[str], kinds: list[Kind], number: int) -> tuple[list[str], list[Kind]]:
    """Cut at a delimiter; quotes below it stay visible to the shape, so that answers under them are found."""
    below = kinds[number:]
    if Kind.QUOTE in below and Kind.TEXT in below[len(below) - below[::-1].index(Kind.QUOTE) :]:
        end = number + next(n for n, kind in enumerate(below) if kind in (Kind.QUOTE, Kind.INTRO))
        return lines[:number] + lines[end:], kinds[:number] + kinds[end:]
    return lines[:number], kinds[:number]


def _is_unsubscribe(lines: list[str], number: int) -> bool:
    """Tell a list's last lines: "Unsubscribe:" and addresses."""
    if not _UNSUBSCRIBE.match(lines[number]):
        return False
    below = [line for line in lines[number + 1 :] if line.strip()]
    return len(below) <= 3 and all(_CONTACT.search(line[:LOOK]) for line in below)


def _is_footer(lines: list[str], kinds: list[Kind], number: int) -> bool:
    """Tell a rule with a list's or a mailer's lines below it from a rule that a writer drew."""
    if _is_unsubscribe(lines, number):
        return True
    match = RULE.match(lines[number])
    if match is None:
        return False
    below = [kind for kind in kinds[number + 1 :] if kind in (Kind.TEXT, Kind.TAIL)]
    if all(RULE.match(line) or not line.strip() or SIGNATURE.match(line) for line in lines[number + 1 :]):
        return True
    if match[1] == "_":
        return len(below) <= 12
    if number == 0 or kinds[number - 1] is Kind.TEXT or len(below) > 10:
        return False
    return (match[1] in "-—–─" and len(below) <= 5) or any(_CONTACT.search(line[:LOOK]) for line in lines[number + 1 :])


def _first(kinds: list[Kind], kind: Kind) -> int | None:
    return kinds.index(kind) if kind in kinds else None
