"""`supportterm doctor`: what is well, what needs a look, and one sentence on what to do about it."""

from __future__ import annotations

import argparse
import locale
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal

from supportterm.cli.context import config_of
from supportterm.cli.output import Output
from supportterm.config import Config
from supportterm.domain.errors import ConfigError, SupporttermError

_ROOM = 100 << 20
"""Bytes of free disk below which mail may soon find no room."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `ok`, or `look` with what to do, or `none` for what there is none of."""

    what: str
    state: Literal["ok", "look", "none"]
    words: str


def doctor(args: argparse.Namespace, output: Output) -> int:
    """Look at everything this program stands on; the status is 1 where something needs a look."""
    needs_a_look = False
    for finding in _findings(args):
        needs_a_look |= finding.state == "look"
        sign = {"ok": "ok", "look": "look", "none": "-"}[finding.state]
        output.record(asdict(finding), f"{sign:5} {finding.what:19} {finding.words}")
    output.say("Something needs a look." if needs_a_look else "All is well.")
    return int(needs_a_look)


def _findings(args: argparse.Namespace) -> Iterator[Finding]:
    config: Config | None = None
    try:
        config = config_of(args)
        yield Finding("configuration", "ok", f"{config.path} can be used.")
    except ConfigError as error:
        yield Finding("configuration", "look", str(error))
    yield _store(config)
    yield _disk(config)
    if config is not None:
        yield from _passwords(config)
        yield from _packs(config)
    yield from _dictionaries(config)
    yield from _terminal()
    if args.online and config is not None:
        yield from _servers(config)
    elif args.online:
        yield Finding("servers", "look", "They cannot be asked before the configuration is mended.")


def _store(config: Config | None) -> Finding:
    from supportterm.bootstrap import store_path
    from supportterm.store import database, migrations

    path = store_path(config)
    if not path.exists():
        return Finding("store", "ok", f"{path} is not there yet; the first `supportterm sync --once` makes it.")
    try:
        connection = database.connect(path, readonly=True)
    except SupporttermError as error:
        return Finding("store", "look", str(error))
    try:
        version = migrations.version(connection)
        problems = [row[0] for row in connection.execute("PRAGMA quick_check(1)") if row[0] != "ok"]
    except sqlite3.Error as error:
        return Finding("store", "look", str(database.explain(error, path)))
    finally:
        connection.close()
    if problems:
        return Finding("store", "look", f"{path} is damaged: copy the newest of its backups in its place.")
    if version < migrations.VERSION:
        words = f"{path} is of version {version}; the next start backs it up and brings it to {migrations.VERSION}."
        return Finding("store", "ok", words)
    return Finding("store", "ok", f"{path}, version {version}, is sound.")


def _disk(config: Config | None) -> Finding:
    from supportterm.bootstrap import store_path

    folder = store_path(config).parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if not os.access(folder, os.W_OK):
        return Finding("disk", "look", f"{folder} cannot be written to. Change its owner, or name another `store`.")
    if free < _ROOM:
        return Finding("disk", "look", f"{free >> 20} MB are free at {folder}. Make room before mail comes.")
    return Finding("disk", "ok", f"{free >> 20:,} MB are free at {folder}.")


def _passwords(config: Config) -> Iterator[Finding]:
    """Ask for each password as a start would, and show none."""
    from supportterm import credentials

    for name, server in (("IMAP", config.mailbox.imap), ("SMTP", config.mailbox.smtp)):
        where = "password_command" if server.password_command else "the keyring"
        try:
            if server.password_command or not credentials.unknown(server, config.mailbox.address):
                credentials.password(server, config.mailbox.address)
                yield Finding(f"{name} password", "ok", f"{where} gives one.")
                continue
        except ConfigError as error:
            yield Finding(f"{name} password", "look", str(error))
            continue
        account = credentials.account(server, config.mailbox.address)
        yield Finding(
            f"{name} password",
            "look",
            f"None for {account}: set `password_command`, or run `keyring set {credentials.SERVICE} {account}`.",
        )


def _packs(config: Config) -> Iterator[Finding]:
    from supportterm.bootstrap import build_macros, build_packs, check_policies
    from supportterm.desk import house_hints

    try:
        check_policies(config)
        problems = [*build_packs(config).problems, *house_hints.of(config).problems]
        problems += build_macros(config).check()
    except SupporttermError as error:
        problems = [str(error)]
    if not problems:
        yield Finding("packs and macros", "ok", "all of them can be used.")
    for problem in problems[:5]:
        yield Finding("packs and macros", "look", problem)


def _dictionaries(config: Config | None) -> Iterator[Finding]:
    from supportterm import paths
    from supportterm.desk import dictionaries
    from supportterm.desk.speller import Speller

    if config is not None and not config.spelling.enabled:
        yield Finding("spelling", "none", "off: `enabled` under [spelling] switches it on.")
        return
    configured = config.spelling.dictionaries if config else ()
    for folder in configured:
        if not folder.is_dir():
            yield Finding("spelling", "look", f"{folder}, named in `dictionaries` under [spelling], is no folder.")
    speller = Speller(dictionaries.folders(configured))
    for lang, package in dictionaries.PACKAGES.items():
        what, names = f"spelling {lang}", f"{dictionaries.NAMES[lang][0]}.aff and .dic"
        pending = speller.ask(lang, ("supportterm",))
        if pending is None:
            how = f"no dictionary: `sudo apt install {package}`, or copy {names} to {paths.user_dictionaries()}."
            yield Finding(what, "look" if lang == "en" else "none", how)
            continue
        pending.result()
        words = speller.trouble or str(dictionaries.find(lang, dictionaries.folders(configured)))
        yield Finding(what, "ok" if speller.serves(lang) and speller.meant(lang) else "look", words)
    speller.close()
    yield Finding("spelling ja", "none", "there is no spelling for Japanese; the hints know its common slips.")


def _terminal() -> Iterator[Finding]:
    encoding = (locale.getencoding() if sys.flags.utf8_mode == 0 else "utf-8").lower().replace("-", "")
    if encoding == "utf8":
        yield Finding("encoding", "ok", "UTF-8.")
    else:
        yield Finding("encoding", "look", f"{encoding} shows few of your customers' letters: set LANG=C.UTF-8.")
    if not (sys.stdout.isatty() or sys.stderr.isatty()):
        yield Finding("terminal", "none", "not looked at: this runs in a pipe.")
        return
    term, colours = os.environ.get("TERM", ""), os.environ.get("COLORTERM", "")
    if term in ("", "dumb"):
        yield Finding("terminal", "look", "TERM says that it can do nothing: set TERM=xterm-256color.")
    elif os.environ.get("NO_COLOR"):
        yield Finding("terminal", "ok", f"{term}, without colours as NO_COLOR asks.")
    elif colours in ("truecolor", "24bit") or "256" in term or "direct" in term:
        yield Finding("terminal", "ok", f"{term}, {colours or '256 colours'}.")
    else:
        yield Finding("terminal", "ok", f'{term}, 16 colours: `theme = "terminal"` under [console] fits it best.')


def _servers(config: Config) -> Iterator[Finding]:
    """Sign in to both servers, change nothing, and leave again."""
    import asyncio

    from supportterm import credentials

    address = config.mailbox.address
    for name, server, ask in (("IMAP", config.mailbox.imap, _imap), ("SMTP", config.mailbox.smtp, _smtp)):
        if not server.password_command and credentials.unknown(server, address):
            yield Finding(f"{name} server", "look", "It cannot be asked without a password; see above.")
            continue
        try:
            asyncio.run(ask(config, server.user or address, credentials.password(server, address)))
            yield Finding(f"{name} server", "ok", f"{server.host} takes the sign-in.")
        except SupporttermError as error:
            yield Finding(f"{name} server", "look", str(error))


async def _imap(config: Config, user: str, password: str) -> None:
    from supportterm.mail.imap import ImapMailbox

    mailbox = ImapMailbox(config.mailbox.imap, user, password)
    try:
        await mailbox.connect()
        await mailbox.open(config.sync.inbox)
    finally:
        await mailbox.close()


async def _smtp(config: Config, user: str, password: str) -> None:
    from supportterm.mail.smtp import SmtpTransport

    transport = SmtpTransport(config.mailbox.smtp, user, password)
    try:
        await transport.sign_in()
    finally:
        await transport.close()
