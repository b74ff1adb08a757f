"""How large a mail the SMTP server takes (RFC 1870), as it said when we last signed in; kept with the server's name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from supportterm.store import meta

if TYPE_CHECKING:
    from sqlmodel import Session

NAME = "smtp_size"
_MOST = 1 << 40


def learn(session: Session, server: str, limit: int) -> None:
    """Remember what a server said; 0 where it names no limit."""
    said = json.dumps([server, min(max(limit, 0), _MOST)])
    if meta.get(session, NAME) != said:
        meta.put(session, NAME, said)


def known(session: Session, server: str) -> int | None:
    """Return the largest mail in bytes; 0: no limit, None: this server was not asked yet."""
    return read(meta.get(session, NAME), server)


def read(said: str | None, server: str) -> int | None:
    """Read what was remembered, as far as it is about this server."""
    try:
        name, limit = json.loads(said or "[]")
    except (ValueError, TypeError):
        return None
    return limit if name == server and isinstance(limit, int) else None
