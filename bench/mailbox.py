"""A mailbox of support conversations, the same on every machine: a Maildir made from a seed."""

from __future__ import annotations

import os
import random
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any

ADDRESS = "support@lantern.example"
LANGUAGES = ("en", "en", "en", "ru", "tr", "ja")
LAST_DAY = datetime(2026, 11, 20, 18, tzinfo=UTC)
DAYS = 180
CELL_STYLE = "font-family:Helvetica,Arial,sans-serif;font-size:14px;line-height:21px;color:#2b2b2b;padding:12px 24px"
_PHRASES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "phrases.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as bytes with CRLF lines, and when it arrived."""

    arrived: datetime
    raw: bytes


def maildir(folder: Path, messages: int = 10_000, seed: str = "support") -> Path:
    """Return a Maildir of that many messages under `folder`, made once and kept.

    About 12 KB a message, threads of 1 to 8, a third with HTML, one in nine
    with an attachment, in English, Russian, Turkish and Japanese.
    """
    done = folder / f"maildir-{seed}-{messages}"
    if done.is_dir():
        return done
    making = done.with_suffix(".making")
    shutil.rmtree(making, ignore_errors=True)
    for part in ("cur", "new", "tmp"):
        (making / part).mkdir(parents=True)
    for number, letter in enumerate(letters(messages, seed)):
        arrived = letter.arrived.timestamp()
        path = making / "cur" / f"{int(arrived)}.M{number:06d}P1.bench:2,S"
        path.write_bytes(letter.raw)
        os.utime(path, (arrived, arrived))
    making.rename(done)
    return done


def letters(messages: int, seed: str = "support") -> Iterator[Letter]:
    """Yield so many mails, conversation after conversation; times within the 180 days before `LAST_DAY`."""
    left, thread = messages, 0
    while left:
        conversation = list(_conversation(f"{seed}-{thread}"))[:left]
        yield from conversation
        left -= len(conversation)
        thread += 1


def _conversation(name: str) -> Iterator[Letter]:
    rng = random.Random(name)
    language = rng.choice(LANGUAGES)
    words = _PHRASES[language]
    slots = {
        "product": rng.choice(_PHRASES["products"]),
        "order": str(rng.randrange(10_000, 999_999)),
        "amount": f"{rng.randrange(5, 900)}.{rng.randrange(100):02d}",
        "day": rng.choice(_PHRASES["days"]),
        "name": rng.choice(words["names"]),
    }
    subject = rng.choice(words["subjects"]).format(**slots)
    charset = rng.choice(words["charsets"])
    customer = Address(slots["name"], f"customer{rng.randrange(4000)}", "mail.example")
    desk = Address("Lantern Support", addr_spec=ADDRESS)
    writes_html = rng.random() < 0.35
    length = rng.choice((1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 8))
    when = LAST_DAY - timedelta(days=DAYS * rng.random() ** 1.3, seconds=rng.randrange(86_400))
    ids: list[str] = []
    quoted = ""
    for turn in range(length):
        ours = turn % 2 == 1
        phrases = words["agent" if ours else "customer"]
        said = rng.sample(phrases, rng.randrange(3, len(phrases) + 1))
        body = [rng.choice(words["greetings"]), *said, rng.choice(words["closings"])]
        paragraphs = [line.format(**{**slots, "name": "Robin" if ours else slots["name"]}) for line in body]
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"] = (desk, customer) if ours else (customer, desk)
        mail["Subject"] = subject if turn == 0 else f"Re: {subject}"
        mail["Date"] = format_datetime(when)
        identity = f"<{name}.{turn}@{'lantern' if ours else 'mail'}.example>"
        mail["Message-ID"] = identity
        if ids:
            mail["In-Reply-To"], mail["References"] = ids[-1], " ".join(ids)
        if not ours and rng.random() < 0.25:
            paragraphs.append("\n".join(_log_line(rng, when) for _ in range(rng.randrange(5, 70))))
        text = "\n\n".join(paragraphs) + (f"\n\n{quoted}" if quoted else "") + "\n"
        mail.set_content(text, charset=_charset(text, charset))
        if writes_html:
            mail.add_alternative(_html(paragraphs, quoted), subtype="html", charset="utf-8")
        if not ours and rng.random() < 0.2:
            picture = rng.randbytes(int(rng.triangular(4_000, 90_000, 20_000)))
            mail.add_attachment(picture, maintype="image", subtype="png", filename=f"screen-{turn}.png")
        for place, part in enumerate(part for part in mail.walk() if part.is_multipart()):
            part.set_boundary(f"=_{name}.{turn}.{place}")
        yield Letter(when, mail.as_bytes())
        ids.append(identity)
        quoted = f"{when:%Y-%m-%d %H:%M} <{ADDRESS if ours else customer.addr_spec}>:\n" + "\n".join(
            f"> {line}".rstrip() for line in text.splitlines()
        )
        when += timedelta(hours=rng.expovariate(1 / 9))


def _log_line(rng: random.Random, when: datetime) -> str:
    word = "".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiou") for _ in range(rng.randrange(2, 5)))
    level = rng.choice(("DEBUG", "INFO", "WARNING", "ERROR"))
    return (
        f"{when:%Y-%m-%d %H:%M} {level} {word}.service: job {rng.randrange(16**6):06x} left with {rng.randrange(256)}"
    )


def _charset(text: str, wanted: str) -> str:
    try:
        text.encode(wanted)
    except UnicodeEncodeError:
        return "utf-8"
    return wanted


def _html(paragraphs: list[str], quoted: str) -> str:
    rows = "\n".join(
        f'<tr><td align="left" valign="top" style="{CELL_STYLE}"><span>{escape(line)}</span></td></tr>'
        for line in paragraphs
    )
    history = f"<blockquote>{'<br>'.join(map(escape, quoted.splitlines()))}</blockquote>" if quoted else ""
    return (
        "<html><head><style>td { border: 0 } p { margin: 0 0 12px }</style></head><body>"
        f'<table role="presentation" width="600" cellpadding="0" cellspacing="0">\n{rows}\n</table>'
        f"{history}</body></html>"
    )
