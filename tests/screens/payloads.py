"""What a stranger may write into any field that reaches a screen, and a store in which every field holds it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

CANARY = "kanarie"
"""Stands where a control sequence would carry its parameter or text: never to be seen within one."""

PAYLOADS: dict[str, str] = {
    "clipboard, BEL": f"\x1b]52;c;{CANARY}\x07",
    "clipboard, ST": f"\x1b]52;c;{CANARY}\x1b\\",
    "hyperlink": f"\x1b]8;;http://evil.example/{CANARY}\x1b\\click\x1b]8;;\x1b\\",
    "title": f"\x1b]0;{CANARY}\x07\x1b]2;{CANARY}\x07",
    "notice": f"\x1b]9;{CANARY}\x07\x1b]777;notify;{CANARY};x\x07",
    "palette": f"\x1b]4;1;rgb:ff/00/00\x07\x1b]104\x07{CANARY}",
    "erase and home": f"\x1b[2J\x1b[H{CANARY}",
    "cursor far away": f"\x1b[777;777H\x1b[999B{CANARY}",
    "scroll region": f"\x1b[1;2r\x1b[5L\x1b[4h{CANARY}",
    "other screen": f"\x1b[?1049l\x1b[?25h\x1b[?1000l{CANARY}",
    "reports": f"\x1b[6n\x1b[c\x1b[>c\x1b[?2026$p\x1b[21t{CANARY}",
    "reset": f"\x1bc\x1b[!p{CANARY}",
    "state request": f"\x1bP$q{CANARY}\x1b\\",
    "application command": f"\x1b_G{CANARY}\x1b\\\x1b^{CANARY}\x1b\\\x1bX{CANARY}\x1b\\",
    "unterminated OSC": f"\x1b]0;{CANARY}",
    "unterminated DCS": f"\x1bPq#0;2;{CANARY}",
    "unterminated CSI": f"{CANARY}\x1b[",
    "lone escape, end": f"{CANARY}\x1b",
    "the rest of it, beginning": f"[2J{CANARY}",
    "eight-bit controls": f"\x9b31m\x9b2J\x9d0;{CANARY}\x9c\x90q{CANARY}\x9c",
    "plain controls": f"a\x00b\x0e\x0f\x07\x7f\x08\x08\x08{CANARY}\x05\x1a",
    "line ends": f"one\rtwo\x85three\u2028four\u2029five\x0b\x0c{CANARY}\x1c\x1d\x1e",
    "bidi": f"\u202egpj.exe\u202c\u2066{CANARY}\u2069\u200f\u061c",
    "zero width": f"pay\u200bpal\u2060\ufeff\u200e\u00ad{CANARY}\ufff9x\ufffb",
    "tags": f"{CANARY}\U000e0001\U000e0041\U000e0042\U000e007f",
    "sixty marks": "Z" + "\u0301" * 60 + CANARY,
    "markup, closing": f"[/path] [/] [/red] [a=b] {CANARY}",
    "markup, action": f"[@click=app.quit]{CANARY}[/] [@click=app.theme]x[/][link=http://evil.example]y[/link]",
    "markup, open": f"[bold red on [white\\[ [[[ {CANARY}",
    "64 KB": f"{CANARY} " * 8_192,
    "wide and narrow": f"二重請求👩‍👩‍👧‍👦🏳️‍🌈ﷺ{CANARY}\t\t|",
    "templates": f"{{{{ticket}}}}{{% raw %}}${{1:{CANARY}}}${{2|\x1b[2J,b|}}%s{{}}",
}

_FIELDS = {
    "ticket": ("subject", "requester_name", "words"),
    "message": ("subject", "sender_name", "sender_address", "text", "reply_text", "joined_by"),
}


def infect(store: Path) -> int:
    """Write a payload into every foreign field of a store, past every door that cleans; return how many fields.

    The n-th ticket holds the n-th payload, over and over; so do its messages,
    tags, attachments, notes, operations and journal.
    """
    payloads = list(PAYLOADS.values())
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        keys = [key for (key,) in connection.execute("SELECT key FROM ticket ORDER BY tier, due_at, key")]
        written = 0
        connection.execute("BEGIN IMMEDIATE")
        for number, key in enumerate(keys):
            payload = payloads[number % len(payloads)]
            written += _infect_ticket(connection, key, payload)
        error = " ".join(payloads[:29])
        sync = {"state": "refused", "since": "2026-03-02T12:00:00+00:00", "success": None, "error": error}
        connection.execute(
            "INSERT INTO meta VALUES ('sync', ?) ON CONFLICT DO UPDATE SET value = excluded.value", [json.dumps(sync)]
        )
        connection.executemany(
            "INSERT INTO folder (name, role, uidvalidity, last_uid, complete) VALUES (?, 'other', 1, 0, 0)",
            [(f"{number} {payload}"[:2_000],) for number, payload in enumerate(payloads)],
        )
        connection.execute("COMMIT")
    return written + len(payloads) + 1


def _infect_ticket(connection: sqlite3.Connection, key: str, payload: str) -> int:
    people = json.dumps({field: [[payload, f"{payload}@bad.example"]] for field in ("to", "cc", "reply_to")})
    files = json.dumps([[payload, payload, 7, False, "2"], [f"{payload}.txt", "text/plain", 7, False, "3"]])
    reasons = json.dumps(
        [["words", 20, payload, 0, 4, payload, "text"], ["money", 10, payload, None, None, "", "meta"]]
    )
    for table, key_column in (("ticket", "key"), ("message", "ticket_key")):
        for column in _FIELDS[table]:
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {key_column} = ?", [payload, key])  # noqa: S608 names of ours
    connection.execute("UPDATE ticket SET reasons = ?, assignee = NULL WHERE key = ?", [reasons, key])
    connection.execute(
        "UPDATE message SET people = ?, attachments = ?, attachment_count = 2, defects = ?,"
        " text = text || char(10) || 'http://evil.example/' || text WHERE ticket_key = ?",
        [people, files, json.dumps([payload]), key],
    )
    connection.execute("INSERT OR IGNORE INTO tag VALUES (?, ?)", [key, payload[:200]])
    connection.execute(
        "UPDATE event SET by = ?, payload = json_set(payload, '$.text', ?, '$.why', ?, '$.said', ?)"
        " WHERE ticket_key = ?",
        [payload, payload, payload, payload, key],
    )
    connection.execute("UPDATE operation SET said = ? WHERE ticket_key = ?", [payload, key])
    connection.execute(
        "UPDATE recipient SET said = ?, code = 550 WHERE operation IN (SELECT id FROM operation WHERE ticket_key = ?)",
        [payload, key],
    )
    return sum(len(columns) for columns in _FIELDS.values()) + 10


def macros(folder: Path) -> int:
    """Write a macro for each payload that a file can hold; return how many."""
    target = folder / "macros" / "en"
    target.mkdir(parents=True, exist_ok=True)
    for number, payload in enumerate(PAYLOADS.values()):
        title = json.dumps(payload[:500]).replace("\\/", "/")
        text = f'+++\ntitle = {title}\ntopic = "bad"\ntrigger = ";bad{number}"\n+++\n{payload[:2000]}\n'
        (target / f"bad{number}.md").write_text(text, encoding="utf-8", newline="")
    return len(PAYLOADS)
