"""Whole mails in batches of bounded bytes, the next batch asked for while one is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from supportterm.mail.errors import FolderError
from supportterm.mail.gateway import FetchedMail
from supportterm.mail.imap import responses
from supportterm.mail.imap.conversation import Errand
from supportterm.mail.imap.session import Session, portions

WINDOW = 1000
"""Mails whose sizes are asked for at once."""
BATCH_BYTES = 4 << 20
BATCH_MAILS = 100
HEADER_BYTES = 1 << 20
"""Bytes of header kept of a mail that is too large."""
_SIZES = 1 << 53
_OUTLINE = b"(UID FLAGS INTERNALDATE RFC822.SIZE)"


@dataclass(frozen=True, slots=True)
class _Outline:
    uid: int
    flags: frozenset[str]
    received_at: datetime
    size: int


@dataclass
class Batch:
    """Mails fetched by one command: several whole ones, or the header of one that is too large."""

    outlines: list[_Outline]
    header_only: bool = False
    errand: Errand | None = field(default=None, repr=False)

    @property
    def size(self) -> int:
        """Bytes the bodies may bring: servers are known to count a little wrong."""
        if self.header_only:
            return HEADER_BYTES
        return 2 * sum(outline.size for outline in self.outlines) + (1 << 20)


def plan(session: Session, uids: Sequence[int]) -> list[Batch]:
    """Ask for sizes, flags and dates of up to `WINDOW` UIDs and group them, in the order given."""
    if not uids:
        return []
    session.come_home()
    found: dict[int, dict[bytes, responses.Value]] = {}
    for some in portions(uids, WINDOW):
        errand = session.start_fetch(responses.uid_set(some), _OUTLINE, _OUTLINE.strip(b"()").split(), some)
        found |= session.finish(errand)
    batches: list[Batch] = []
    room = 0
    for uid in uids:
        items = found.get(uid)
        if items is None:
            continue
        size = responses.number(items.get(b"RFC822.SIZE"), _SIZES) or 0
        outline = _Outline(
            uid, responses.flags(items.get(b"FLAGS")), responses.internal_date(items.get(b"INTERNALDATE")), size
        )
        if size > session.max_message_bytes:
            batches.append(Batch([outline], header_only=True))
            room = 0
        elif batches and size <= room and len(batches[-1].outlines) < BATCH_MAILS:
            batches[-1].outlines.append(outline)
            room -= size
        else:
            batches.append(Batch([outline]))
            room = BATCH_BYTES - size
    return batches


def collect(session: Session, batches: list[Batch], index: int) -> list[FetchedMail]:
    """Return the mails of one batch, with the next already on its way; mails that are gone are left out."""
    session.come_home()
    for batch in batches[index : index + 2]:
        if batch.errand is None:
            batch.errand = _ask(session, batch, [outline.uid for outline in batch.outlines])
    batch = batches[index]
    if batch.errand is None:
        return []
    try:
        found = session.finish(batch.errand, extra=sum(each.size for each in batches[index : index + 2]))
    except FolderError:
        found = _one_by_one(session, batch, batch.errand)
    batch.errand = None
    section = b"BODY[HEADER]" if batch.header_only else b"BODY[]"
    mails = []
    for outline in batch.outlines:
        raw = found.get(outline.uid, {}).get(section)
        if isinstance(raw, bytes):
            mails.append(
                FetchedMail(
                    outline.uid, raw, outline.flags, outline.received_at, outline.size or len(raw), batch.header_only
                )
            )
    return mails


def _ask(session: Session, batch: Batch, uids: Sequence[int]) -> Errand:
    items, wanted = b"(UID BODY.PEEK[])", b"BODY[]"
    if batch.header_only:
        items, wanted = b"(UID BODY.PEEK[HEADER]<0.%d>)" % HEADER_BYTES, b"BODY[HEADER]"
    return session.start_fetch(responses.uid_set(uids), items, [wanted], uids, extra=batch.size)


def _one_by_one(session: Session, batch: Batch, errand: Errand) -> dict[int, dict[bytes, responses.Value]]:
    """Fetch what a refused command left out, mail by mail: one the server cannot read hides no other."""
    found = dict(errand.found)
    if len(batch.outlines) > 1:
        for outline in batch.outlines:
            if not found.get(outline.uid):
                try:
                    found |= session.finish(_ask(session, batch, [outline.uid]), extra=batch.size)
                except FolderError:
                    continue
    return found
