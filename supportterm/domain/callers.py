"""Who is on the phone, as an agent types it: a name, a number, an address, in any order."""

from __future__ import annotations

import re
from dataclasses import dataclass

from supportterm.domain.text import clean

_ADDRESS = re.compile(r"<?([^\s<>,;]+@[^\s<>,;]+\.[^\s<>,;]+)>?")
_NUMBER = re.compile(r"(?<![\w@])(?:\+|00)?\(?\d[\d\s()./-]{4,22}\d(?!\w)")
_LONGEST = 200
_FEWEST, _MOST = 6, 15
"""Digits of a phone number (E.164 has fifteen at most)."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody on the phone; what is not known is empty. The number is digits, with a plus where the country leads."""

    name: str = ""
    number: str = ""
    address: str = ""

    @property
    def identity(self) -> str:
        """What tells them from others: the address, else the number."""
        return self.address or self.number


def names_somebody(text: str) -> bool:
    """Tell whether a text may name a caller: not what begins like a command, nor signs alone."""
    return not text.lstrip().startswith(":") and any(sign.isalnum() for sign in text)


def read(text: str) -> Caller:
    """Read `Jo Park +44 20 7946 0018 jo@park.example`; what is neither address nor number is the name."""
    rest = clean(text, _LONGEST)
    address = number = ""
    if found := _ADDRESS.search(rest):
        address = found[1].lower()
        rest = rest.replace(found[0], " ")
    for found in _NUMBER.finditer(rest):
        if digits := normal(found[0]):
            number = digits
            rest = rest.replace(found[0], " ")
            break
    return Caller(" ".join(rest.split()).strip(" ,;-"), number, address)


def normal(number: str) -> str:
    """Return a phone number as digits, `+` before the country's; empty where it is none."""
    digits = re.sub(r"\D", "", number)
    if not _FEWEST <= len(digits) <= _MOST:
        return ""
    plain = number.strip().lstrip("(")
    if plain.startswith("00"):
        return f"+{digits[2:]}"
    return f"+{digits}" if plain.startswith("+") else digits


def is_number(identity: str) -> bool:
    """Tell whether what names a customer is a phone number, to which no mail can go."""
    return bool(identity) and normal(identity) == identity
