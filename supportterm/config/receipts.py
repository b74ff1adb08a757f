"""The acknowledgement of new mail, as `[receipt]` switches it on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from supportterm.config.toml import Source


@dataclass(frozen=True, slots=True)
class Receipt:
    """The acknowledgement of new mail: off without `enabled_since`, and never for mail older than that day."""

    enabled_since: date | None = None
    per_sender_per_day: int = 3
    per_hour: int = 60
    macro: str = "receipt-automatic"


def check(receipt: Receipt, source: Source) -> None:
    """Refuse what cannot be meant.

    Raises:
        ConfigError: a number or a name is out of bounds; with the line.
    """
    from supportterm.domain.receipts import PER_SENDER_PER_DAY

    if not 1 <= receipt.per_sender_per_day <= PER_SENDER_PER_DAY:
        raise source.error(
            "receipt.per_sender_per_day",
            f"`per_sender_per_day` must be between 1 and {PER_SENDER_PER_DAY}: more could become a loop.",
        )
    if receipt.per_hour <= 0:
        raise source.error("receipt.per_hour", "`per_hour` must be greater than nothing.")
    if not re.fullmatch(r"[\w-]{1,64}", receipt.macro):
        raise source.error("receipt.macro", '`macro` must be the id of a macro, like "receipt-automatic".')
