"""A first screen loads nothing that it does not show: what costs a start is loaded after it."""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    "sqlmodel",
    "sqlalchemy",
    "pydantic",
    "liquid",
    "imapclient",
    "aiosmtplib",
    "selectolax",
    "keyring",
    "pebble",
    "rapidfuzz",
    "charset_normalizer",
    "textual_fspicker",
    "supportterm.mail.parse",
    "supportterm.desk.rendering",
)
FIRST_SCREEN = ", ".join(
    f"supportterm.{name}"
    for name in ("__main__", "cli.parser", "cli.console", "bootstrap", "app", "screens.console", "screens.queue")
)


def test_the_first_screen_loads_no_orm_no_mail_and_no_template_engine() -> None:
    asked = f"import sys, {FIRST_SCREEN}; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []


def test_every_heavy_module_is_one_that_exists() -> None:
    from importlib.util import find_spec

    assert [name for name in HEAVY if find_spec(name) is None] == []
