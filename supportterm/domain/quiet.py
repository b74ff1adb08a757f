"""What asks for no answer, by kind, in words."""

from __future__ import annotations

from collections.abc import Mapping

KEPT = "kept"
"""The tag of a ticket that stays out of the sweep."""

_WORDS: Mapping[str, tuple[str, str]] = {
    "thanks": ("thanks", "thanks"),
    "compliment": ("compliment", "compliments"),
    "auto": ("automatic", "automatic"),
    "newsletter": ("newsletter", "newsletters"),
    "abuse": ("abuse", "abuse"),
}
_REASONS: Mapping[str, str] = {
    "thanks": "thanks, and asks nothing",
    "compliment": "a compliment",
    "auto": "automatic mail",
    "newsletter": "a newsletter",
    "abuse": "abuse without a request",
}
_CAMPAIGN = ("List-", "Precedence: bulk", "Precedence: list", "X-Campaign", "X-Mc-", "X-Mailing", "X-Mailgun", "X-Bulk")


def is_newsletter(reason: str) -> bool:
    """Tell mail to many from a machine's other mail, by what marks it as automatic."""
    return reason.startswith(_CAMPAIGN)


def reason(kind: str) -> str:
    """Say why a ticket of a kind needs no answer."""
    return _REASONS.get(kind, "asks nothing")


def counted(counts: Mapping[str, int]) -> str:
    """Say how many there are of each kind, most first: `7 thanks, 3 automatic, 2 newsletters`."""
    found = [(kind, count) for kind, count in counts.items() if count]
    found.sort(key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{count} {_WORDS.get(kind, ('other', 'other'))[count != 1]}" for kind, count in found)
