"""Signatures in the configuration: plain lines with facts in them."""

from __future__ import annotations

import re

from supportterm.config.toml import Source
from supportterm.domain.query_hints import nearest

FACTS = ("agent.name", "agent.first_name", "mailbox.name", "mailbox.address", "ticket.ref")
"""What a signature may name."""
_MOST = 12
_PLACEHOLDER = re.compile(r"\{\{\s*([^|}]*?)\s*(?:\|[^}]*)?\}\}")


def check(signature: str, where: str, source: Source) -> None:
    """Refuse a signature that is too long or names what it cannot say.

    Raises:
        ConfigError: with the line it stands in.
    """
    if signature.strip("\n").count("\n") >= _MOST:
        raise source.error(where, f"`signature` takes {_MOST} lines at most.")
    for found in _PLACEHOLDER.finditer(signature):
        if found[1] not in FACTS:
            raise source.error(where, f"`signature` cannot say `{found[1]}`. {nearest(found[1], FACTS)}")
    if any(re.fullmatch(r"--[ \t]?", line) for line in signature.split("\n")):
        raise source.error(where, "`signature` needs no line `-- `: it is put above it by itself. Take it out.")
