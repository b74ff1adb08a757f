"""Folders as LIST names them: decoded, checked and with their roles."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from imapclient import imap_utf7

from supportterm.mail.errors import ProtocolError
from supportterm.mail.faults import no_controls
from supportterm.mail.gateway import Folder, FolderRole
from supportterm.mail.imap.responses import Value, parse_list, quoted

MAX_FOLDERS = 20_000

SENT_NAMES = (
    "Sent", "Sent Items", "Sent Messages", "Sent Mail", "Sent-Mail", "Outbox Sent",
    "Отправленные", "Исходящие", "Надіслані", "Изпратени", "Послато",
    "送信済み", "送信済みアイテム", "送信済みメール", "送信済みトレイ",
    "Gönderilmiş", "Gönderilmiş Öğeler", "Gönderilenler", "Gönderilmiş Postalar", "Gönderilen",
    "Gesendet", "Gesendete Elemente", "Gesendete Objekte", "Gesendete Nachrichten",
    "Envoyés", "Éléments envoyés", "Messages envoyés", "Courrier envoyé",
    "Enviados", "Elementos enviados", "Enviadas", "Itens enviados", "Mensajes enviados", "Correo enviado",
    "Inviata", "Posta inviata", "Inviati", "Elementi inviati",
    "Verzonden", "Verzonden items", "Verzonden berichten",
    "Skickat", "Skickade", "Sendt", "Sendt post", "Sendte elementer", "Sendte", "Lähetetyt", "Lähetetyt viestit",
    "Wysłane", "Elementy wysłane", "Odeslané", "Odeslaná pošta", "Odoslané", "Elküldött", "Elküldött elemek",
    "Trimise", "Elemente trimise", "Poslano", "Απεσταλμένα", "Saadetud", "Nosūtītie", "Išsiųsti",
    "已发送", "已发送邮件", "寄件備份", "已傳送", "보낸편지함", "보낸 편지함", "보낸 메일함",
    "ส่งแล้ว", "Đã gửi", "المرسلة", "البريد المرسل", "דואר יוצא", "נשלחו", "भेजे गए", "Terkirim",
)  # fmt: skip
"""What mail programs call the folder of sent mail, likeliest first."""


def _folded(name: str) -> str:
    # İ and I both fold to i, so that Turkish names meet however they were typed.
    return unicodedata.normalize("NFKC", name).replace("İ", "i").casefold().strip()


_SENT_RANK = {_folded(name): rank for rank, name in reversed(list(enumerate(SENT_NAMES)))}


def encode_name(name: str) -> bytes:
    """Write a folder's name for a command, quoted (RFC 3501 section 5.1.3).

    Raises:
        UnsafeTextError: the name holds a line break or control character.
    """
    return quoted(imap_utf7.encode(no_controls(name, "folder name")).decode("ascii"))


def read_list(lines: Sequence[tuple[bytes, list[bytes]]]) -> list[Folder]:
    """Read LIST answers (what stands behind `* LIST`); a folder that cannot be named safely is left out.

    The folder of sent mail is the one the server marks (RFC 6154), else the
    likeliest by name; INBOX is always among the folders.
    """
    found: dict[str, tuple[bool, str]] = {}
    for text, literals in lines[:MAX_FOLDERS]:
        entry = _read_line(text, literals)
        if entry is not None:
            name, marked, last = entry
            found[name] = (marked or found.get(name, (False, ""))[0], last)
    found.setdefault("INBOX", (False, "INBOX"))
    sent = next((name for name, (marked, _) in found.items() if marked), None)
    if sent is None:
        ranked = [(_SENT_RANK[_folded(last)], name) for name, (_, last) in found.items() if _folded(last) in _SENT_RANK]
        sent = min(ranked)[1] if ranked else None
    roles = {sent: FolderRole.SENT, "INBOX": FolderRole.INBOX}
    return [Folder(name, roles.get(name, FolderRole.OTHER)) for name in found]


def _read_line(text: bytes, literals: list[bytes]) -> tuple[str, bool, str] | None:
    try:
        parsed: list[Value] = parse_list(text, literals)
    except ProtocolError:
        return None
    if len(parsed) < 3:
        return None
    marks, delimiter, raw = parsed[:3]
    if not isinstance(marks, list) or isinstance(delimiter, list) or not isinstance(raw, bytes):
        return None
    attributes = {mark.lower() for mark in marks if isinstance(mark, bytes)}
    if attributes & {b"\\noselect", b"\\nonexistent"}:
        return None
    name = _decoded(raw)
    if name is None:
        return None
    parts = name.split(delimiter.decode("latin-1")) if delimiter and len(delimiter) == 1 else [name]
    if name.upper() == "INBOX":
        return "INBOX", False, "INBOX"
    return name, b"\\sent" in attributes, parts[-1]


def _decoded(raw: bytes) -> str | None:
    """Return the name if it is safe to show and to hand back, else None."""
    try:
        name: str = imap_utf7.decode(raw)
        same = imap_utf7.encode(name) == raw
    except (ValueError, LookupError, IndexError):
        return None
    unsafe = any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in name)
    climbs = ".." in name.replace("\\", "/").split("/")
    return name if same and name and not unsafe and not climbs and len(name) <= 1000 else None
