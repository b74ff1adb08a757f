"""S8, hints: how long a 200-word reply takes to be checked by every rule, and a reply of a batch."""

from __future__ import annotations

import io
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.registry import Row, Session, bench
from supportterm.cli.lint import lint_file
from supportterm.desk import hint_packs
from supportterm.domain.hints.checking import check
from supportterm.domain.hints.packs import Packs
from supportterm.domain.hints.reply import Reply

LIMIT_MS = 5.0
WORDS, CHARACTERS = 200, 500
BATCH_A_SECOND = 200.0
_CHECKS = 30


@bench("S8-hints")
def hints(session: Session) -> Iterator[Row]:
    """Check a long reply of each language, made of the packs' own good examples, again and again."""
    packs = hint_packs.shipped()
    replies = [_reply(lang, packs) for lang in packs.structure]
    for reply in replies:
        check(reply, packs)
        taken = []
        for _ in range(_CHECKS * session.repeat):
            started = time.perf_counter()
            check(reply, packs)
            taken.append((time.perf_counter() - started) * 1000)
        size = f"{CHARACTERS} characters" if reply.lang == "ja" else f"{WORDS} words"
        yield Row("S8-hints", f"hints on a reply, {reply.lang}, {size}", median(taken), limit=LIMIT_MS, unit="ms")
    yield _batch(replies, packs, 50 * session.repeat)


def _batch(replies: list[Reply], packs: Packs, times: int) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "replies.jsonl"
        lines = [json.dumps({"id": n, "reply": r.text, "customer": r.customer}) for n, r in enumerate(replies * times)]
        file.write_text("\n".join(lines), encoding="utf-8")
        started = time.perf_counter()
        lint_file(file, io.StringIO(), packs)
        taken = (time.perf_counter() - started) * 1000 / len(lines)
    return Row("S8-hints", "lint of a batch, a reply", taken, limit=1000 / BATCH_A_SECOND, unit="ms")


def _reply(lang: str, packs: Packs) -> Reply:
    """Return a reply of the wanted length, with a customer's mail of a quarter of it."""
    good = [one.reply for one in packs.structure[lang].examples if not one.fires and not one.circumstances]
    room = CHARACTERS if lang == "ja" else WORDS
    text, customer = "", ""
    for piece in good * 20:
        size = len(text) if lang == "ja" else len(text.split())
        if size >= room:
            break
        text += f"{piece}\n"
        if size < room // 4:
            customer += f"{piece} "
    return Reply(
        text, lang, customer=customer, customer_lang=lang, turn="first", customer_name="Kim Lee", attachments=()
    )
