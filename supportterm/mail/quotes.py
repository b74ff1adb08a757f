"""The new text of a mail: quoted mail and signature block folded away, the sign-off kept.

Lines are first named (`_Kind`), then the shape of the whole decides what is
quote, what is an answer below it, and what is the tail. Rules ask for
structure (a date, an address, a colon, a block of labels); the phrases of the
languages only tip the balance.
"""

from __future__ import annotations

import re
from enum import Enum

from supportterm.mail.markers import lowered, markers

LINES_LIMIT = 5_000
INTRODUCTION_LINES = 7
LOOK = 400
"""Code points of a line that are looked at."""


class _Kind(Enum):
    EMPTY = "e"
    TEXT = "t"
    QUOTE = "q"
    INTRO = "b"
    """A line that introduces a quote: "On <date>, <name> wrote:"."""
    HEADER = "h"
    """A separator or header block above a quoted mail."""
    TAIL = "s"
    """A signature's delimiter."""
    DEVICE = "d"


_QUOTE = re.compile(r"\s{0,8}(?:[>＞»]|&gt;)")
_PREFIXED = re.compile(r"\s{0,3}(?:[A-Za-z]{1,12}>(?=\s|$)|\|(?=\s|$))")
_RULE = re.compile(r"\s*([-_=~*+#—–─━＝＿ー―/])\1{4,}[\s-]*$")
_CONTACT = re.compile(
    r"https?://|www\.|[\w.-]+@[\w-]+\.|\+?\d[\d ()./-]{6,}\d|(?:tel|phone|fax|mobile|mobil|тел|電話|電話番号|〒)\b",
    re.I,
)
_SIGNATURE = re.compile(r"\s{0,3}(?:--|—|–|__|ᐧ)\s*$")
_FRAMED = re.compile(r"[\s>*|]*[-_=~*]{2,}\s*\S.{1,80}?\s*[-_=~*]{2,}[\s*]*$|[\s*]*\S[^:]{3,60}[:：][\s*]*$")
_DASHES = re.compile(r"[-_=~*\s:：<>]+")
_LABEL = re.compile(r"[\s|]*[*_]{0,2}([^\W\d_][\w'’. \-/]{0,24}?)[*_]{0,2}\s?[:：][*_]{0,2}\s*(.*)", re.S)
_DIGIT = re.compile(r"\d")
_TIME = re.compile(r"\d{1,2}[:.h]\d{2}(?!\d)|\d{1,2}\s?[ap]\.?m\b|\d{1,2}[时時시]", re.I)
_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d{2}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}"
    r"|\d{1,2}[-/. ]{1,2}\d{1,2}[-/. ]{1,2}(?:19|20)?\d{2}(?!\d)"
    r"|(?:19|20)\d{2}년?)(?!\d)"
    r"|(?<!\d)\d{1,2}\.?\s(?:de\s)?[^\W\d]{3,10}\.?,?\s(?:de\s)?(?:19|20)\d{2}"
    r"|[^\W\d]{3,10}\.?\s\d{1,2}(?:st|nd|rd|th)?,\s"
)
_ADDRESS = re.compile(r"[\w.+\-]{1,64}@[\w.\-]{2,100}")
_ZONED = re.compile(r"\b(?:GMT|UTC)[+-]\d{1,2}(?::?\d{2})?\b")
_ORNAMENTS = " \t*_()[]<>.\"“”'|-—"
_URL = re.compile(r"[<(\[]?(?:https?://|www\.|mailto:)\S+")


def reply_text(text: str) -> str:
    """Return the new text of a body.

    Answers written between or below quotes stay, with the quotes they answer;
    where nothing new is left, the whole text is returned.
    """
    lines = _without_armour(text).split("\n")
    rest: list[str] = []
    if len(lines) > LINES_LIMIT:
        lines, rest = lines[:LINES_LIMIT], lines[LINES_LIMIT:]
    kinds = _name_lines(lines)
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


def _name_lines(lines: list[str]) -> list[_Kind]:
    looks = [line[:LOOK] for line in lines]
    kinds = [_simple_kind(line) for line in looks]
    _name_introductions(looks, kinds)
    _name_header_blocks(looks, kinds)
    if _Kind.INTRO in kinds:
        first = kinds.index(_Kind.INTRO)
        for number in range(first + 1, len(lines)):
            if kinds[number] is _Kind.TEXT and _PREFIXED.match(looks[number]):
                kinds[number] = _Kind.QUOTE
    return kinds


def _simple_kind(line: str) -> _Kind:
    bare = line.strip()
    if not bare:
        return _Kind.EMPTY
    if bare[0] in ">＞»&" and _QUOTE.match(line):
        return _Kind.QUOTE
    if len(bare) < 4 and _SIGNATURE.match(line):
        return _Kind.TAIL
    return _Kind.DEVICE if len(bare) <= 200 and _is_device(bare) else _Kind.TEXT


def _is_device(line: str) -> bool:
    """Tell a phone's advertisement from a sentence: short, no clause, a known opening or a product's name."""
    known = markers()
    low = lowered(line.strip(_ORNAMENTS))
    sure = low.startswith(known.device_begins)
    if not (sure or low.startswith(known.device_beside) or low.endswith(known.device_beside)):
        return False
    plain = _URL.sub("", low).strip(_ORNAMENTS)
    if not plain or len(plain) > 70 or ", " in plain or len(plain.split()) > 9:
        return False
    return sure or known.products.within(plain)


def _name_introductions(lines: list[str], kinds: list[_Kind]) -> None:
    """Name the lines above quotes; nearly all end in a colon, so that lines far from one need no look."""
    colons = [number for number, line in enumerate(lines) if line.rstrip(" *_\t").endswith((":", "：", ":\u202c"))]
    number = passed = 0
    while number < len(lines):
        while passed < len(colons) and colons[passed] < number:
            passed += 1
        near = passed < len(colons) and colons[passed] - number < INTRODUCTION_LINES
        if kinds[number] is _Kind.TEXT and (near or _begins_dated(lines[number].strip(" *_"))):
            last = _introduction(lines, kinds, number)
            if last is not None:
                if _is_name_above(lines, kinds, number):
                    number -= 1
                for inside in range(number, last + 1):
                    kinds[inside] = _Kind.INTRO
                number = last
        number += 1


def _introduction(lines: list[str], kinds: list[_Kind], start: int) -> int | None:
    """Return the last line of the introduction that begins here."""
    first = lines[start].strip(" *_")
    dated = _begins_dated(first)
    if not dated and "@" not in first and not markers().wrote.within(lowered(first)):
        return None
    joined = ""
    gaps = 0
    for last in range(start, min(start + INTRODUCTION_LINES, len(lines))):
        line = lines[last].strip(" *_\t")
        if kinds[last] is _Kind.EMPTY:
            gaps += 1
            if gaps > 2 or not dated:
                break
            continue
        if kinds[last] is _Kind.QUOTE and not re.match(r"\s*>\s*(?:\w+[:：]|[:：])\s*$", lines[last]):
            break
        if last > start and not gaps and _begins_dated(line) and "@" in line:
            return None
        joined = f"{joined} {line}".strip()
        if len(joined) > LOOK or (gaps and len(line) > 60):
            break
        if _is_introduction(joined, dated, _quote_follows(kinds, last), single=last == start):
            return last
    return None


def _is_name_above(lines: list[str], kinds: list[_Kind], start: int) -> bool:
    """Tell a name that a mailer's wrapping left on a line of its own, above the address in brackets."""
    if start == 0 or kinds[start - 1] is not _Kind.TEXT or not lines[start].lstrip().startswith("<"):
        return False
    return len(lines[start - 1]) <= 78 and (start == 1 or kinds[start - 2] is _Kind.EMPTY)


def _begins_dated(line: str) -> bool:
    head = line[:48]
    return _DIGIT.search(head) is not None and (_DATE.search(head) or _TIME.search(head)) is not None


def _quote_follows(kinds: list[_Kind], last: int) -> bool:
    after = last + 1
    while after < len(kinds) and kinds[after] is _Kind.EMPTY and after - last < 7:
        after += 1
    return after < len(kinds) and kinds[after] is _Kind.QUOTE


def _is_introduction(text: str, dated: bool, quote_follows: bool, *, single: bool) -> bool:
    colon = text.endswith((":", "："))
    verb = markers().wrote.within(lowered(text))
    address = "@" in text and _ADDRESS.search(text) is not None
    moment = _DATE.search(text) is not None or _TIME.search(text) is not None
    if colon and len(text) < 300:
        if moment and (verb or address):
            return True
        if verb and address:
            return True
        if quote_follows:
            return moment or address or (verb and single)
    if verb and moment and quote_follows:
        return True
    if dated and moment:
        if single and _ZONED.search(text) and _TIME.search(text) and not text.endswith((".", "!", "?")):
            return len(text) < 120
        stamp = re.match(r"\d[\d/.\- :年月日]{7,}", text)
        return stamp is not None and address and text.endswith(">") and text.count("<") == 1
    return False


def _name_header_blocks(lines: list[str], kinds: list[_Kind]) -> None:
    number = 0
    while number < len(lines):
        if kinds[number] in (_Kind.TEXT, _Kind.TAIL):
            end = _header_block(lines, kinds, number)
            if end is None and _is_separator(lines, kinds, number):
                end = number + 1
                following = _next_filled(kinds, end)
                end = _header_block(lines, kinds, following, after_rule=True) or end
            if end is not None:
                for inside in range(number, end):
                    kinds[inside] = _Kind.HEADER
                number = end
                continue
        number += 1


def _next_filled(kinds: list[_Kind], number: int) -> int:
    while number < len(kinds) and kinds[number] is _Kind.EMPTY:
        number += 1
    return number


def _is_separator(lines: list[str], kinds: list[_Kind], number: int) -> bool:
    """Tell "----- Original Message -----" in any known language, or a rule above a header block."""
    line = lines[number]
    if len(line) > 160:
        return False
    if _RULE.match(line):
        return _header_block(lines, kinds, _next_filled(kinds, number + 1), after_rule=True) is not None
    if not _FRAMED.match(line):
        return False
    words = lowered(_DASHES.sub(" ", line).strip())
    found = markers().separators.match(words)
    framed = re.search(r"[-_=~*]{2,}\s*\S.*[-_=~*]{2,}", line) is not None
    if found and (framed or found.end() == len(words)):
        return framed or line.rstrip(" *").endswith((":", "："))
    return framed and _header_block(lines, kinds, _next_filled(kinds, number + 1), after_rule=True) is not None


def _header_block(lines: list[str], kinds: list[_Kind], start: int, *, after_rule: bool = False) -> int | None:
    """Return where the header block that begins here ends (From, Sent, To, Subject in any language and order)."""
    if start >= len(lines) or kinds[start] is not _Kind.TEXT or not _LABEL.match(lines[start]):
        return None
    roles: set[str] = set()
    first_roles: frozenset[str] = frozenset()
    labels = strays = 0
    address = moment = False
    end = number = start
    known = markers().roles
    while number < len(lines) and number - start < 40:
        line = lines[number]
        if kinds[number] is _Kind.EMPTY:
            if labels >= 3 or number + 1 >= len(lines) or not _is_known_label(lines[number + 1]):
                break
            number += 1
            continue
        match = _LABEL.match(line) if kinds[number] in (_Kind.TEXT, _Kind.INTRO) else None
        meant = known.get(lowered(match[1].strip()).replace("\xa0", " "), frozenset()) if match else frozenset()
        if match and (meant or after_rule or labels):
            if labels == 0:
                first_roles = meant
            roles |= meant
            labels += 1
            strays = 0
            end = number + 1
            address = address or "@" in match[2]
            moment = moment or _DATE.search(match[2]) is not None or _TIME.search(match[2]) is not None
        elif labels and strays < 3 and kinds[number] is _Kind.TEXT:
            strays += 1
        else:
            break
        number += 1
    main = len(roles & {"sent", "to", "subject"})
    if labels >= 2 and (first_roles or after_rule):
        if "from" in roles and main >= 1 and (labels >= 3 or address or moment):
            return end
        if main >= 2 and address and moment:
            return end
    return end if after_rule and labels >= 3 and (address or moment) else None


def _is_known_label(line: str) -> bool:
    match = _LABEL.match(line)
    return match is not None and lowered(match[1].strip()) in markers().roles


def _fold(lines: list[str], kinds: list[_Kind]) -> list[str]:
    """Decide by shape what is new; see the module's first lines."""
    lines, kinds = _without(lines, kinds, _Kind.DEVICE)
    start = _first(kinds, _Kind.TEXT)
    if start is not None:
        cut = next((n for n in range(start, len(kinds)) if kinds[n] is _Kind.HEADER), None)
        if cut is not None:
            lines, kinds = lines[:cut], kinds[:cut]
    lines, kinds = _without(lines, kinds, _Kind.HEADER)
    lines, kinds = _without_tail(lines, kinds)
    shape = "".join(kind.value for kind in kinds)
    if "t" not in shape:
        return []
    lead = re.match(r"e*b?[bqe]*q[bqe]*(?=t)", shape)
    if lead and "q" not in shape[lead.end() :] and "b" not in shape[lead.end() :]:
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


def _trim(lines: list[str], shape: str) -> list[str]:
    """Drop quotes that nothing follows."""
    return lines[: len(shape.rstrip("qe"))] if "t" in shape else lines


def _answers(lines: list[str], before: str, start: int) -> bool:
    """Tell an answer below a quote from what mailers and lists append there."""
    above = [line.strip() for line, kind in zip(lines, before, strict=False) if kind == "t"]
    below = [line.strip() for line in lines[start:] if line.strip()]
    greeting = len(above) <= 2 and all(len(line) <= 40 and not line.endswith(".") for line in above)
    return greeting or len(below) > 6 or any(line.endswith(("?", "？")) for line in below)


def _without(lines: list[str], kinds: list[_Kind], kind: _Kind) -> tuple[list[str], list[_Kind]]:
    if kind not in kinds:
        return lines, kinds
    kept = [number for number, one in enumerate(kinds) if one is not kind]
    return [lines[number] for number in kept], [kinds[number] for number in kept]


def _without_tail(lines: list[str], kinds: list[_Kind]) -> tuple[list[str], list[_Kind]]:
    """Fold the signature block, and rules with what lists and mailers put below them."""
    first_text = _first(kinds, _Kind.TEXT)
    if first_text is None:
        return lines, kinds
    for number in range(len(lines)):
        if number <= first_text and not (kinds[number] is _Kind.TAIL and _Kind.QUOTE in kinds[:number]):
            continue
        if kinds[number] is _Kind.TAIL or (kinds[number] is _Kind.TEXT and _is_footer_rule(lines, kinds, number)):
            return _fold_from(lines, kinds, number)
    return lines, kinds


def _fold_from(lines: list[str], kinds: list[_Kind], number: int) -> tuple[list[str], list[_Kind]]:
    """Cut at a delimiter; quotes below it stay visible to the shape, so that answers under them are found."""
    below = kinds[number:]
    if _Kind.QUOTE in below and _Kind.TEXT in below[len(below) - below[::-1].index(_Kind.QUOTE) :]:
        end = number + next(n for n, kind in enumerate(below) if kind in (_Kind.QUOTE, _Kind.INTRO))
        return lines[:number] + lines[end:], kinds[:number] + kinds[end:]
    return lines[:number], kinds[:number]


def _is_footer_rule(lines: list[str], kinds: list[_Kind], number: int) -> bool:
    match = _RULE.match(lines[number])
    if match is None:
        return False
    below = [kind for kind in kinds[number + 1 :] if kind in (_Kind.TEXT, _Kind.TAIL)]
    if all(_RULE.match(line) or not line.strip() or _SIGNATURE.match(line) for line in lines[number + 1 :]):
        return True
    if match[1] == "_":
        return len(below) <= 12
    if number == 0 or kinds[number - 1] is _Kind.TEXT or len(below) > 10:
        return False
    return (match[1] in "-—–─" and len(below) <= 5) or any(_CONTACT.search(line[:LOOK]) for line in lines[number + 1 :])


def _first(kinds: list[_Kind], kind: _Kind) -> int | None:
    return kinds.index(kind) if kind in kinds else None
