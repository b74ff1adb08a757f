"""The composition root: the only place where parts are joined.

Each function imports what it joins, so that a first screen loads neither ORM nor mail.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from supportterm import paths

if TYPE_CHECKING:
    from supportterm.config import Config
    from supportterm.credentials import Given
    from supportterm.desk.context import Desk
    from supportterm.desk.folder_sync import Progress
    from supportterm.desk.house_packs import HousePacks
    from supportterm.desk.learned import Learned
    from supportterm.desk.macros import MacroLibrary, MacroWatch
    from supportterm.desk.worker import Doors, Worker
    from supportterm.domain.clock import Clock
    from supportterm.domain.policies import PolicyBook
    from supportterm.mail.gateway import Mailbox, Transport
    from supportterm.screens.console import Console


_PATIENCE = 3.0
"""Seconds a start waits for a lock before it says so."""


def store_path(config: Config | None) -> Path:
    """Return where the store lies: as configured, else at the platform's place."""
    return (config.store if config else None) or paths.store_file()


def build_desk(config: Config, clock: Clock | None = None) -> Desk:
    """Open the store and join it with the rules.

    Raises:
        ConfigError: a policy cannot be used.
        StoreError: the store cannot be opened.
    """
    from supportterm.desk.clockwork import Clockwork
    from supportterm.desk.context import Desk
    from supportterm.desk.people import People
    from supportterm.desk.policies import Policies
    from supportterm.desk.ranking import Ranking
    from supportterm.domain.clock import SystemClock
    from supportterm.domain.vips import Vips
    from supportterm.store.database import Database

    check_policies(config)
    database = Database(store_path(config))
    clockwork = Clockwork(Policies(config), timedelta(days=config.sync.history_days))
    vips = Vips.of(config.triage.vip)
    ranking = Ranking(build_packs(config), config.policy, clockwork, vips=vips, learned=build_learned(config))
    return Desk(database, config, ranking, People.of(config.mailbox), clock or SystemClock())


def build_policies(config: Config) -> PolicyBook:
    """Join the SLA policies with their calendars; holidays are looked up when they are first asked for.

    Raises:
        ConfigError: a country, a region or a holiday file cannot be used.
    """
    from supportterm.desk import policybook

    return policybook.build(config)


def check_policies(config: Config) -> None:
    """Look up what the file alone cannot tell: countries, regions, holiday files; nothing where none is named.

    Raises:
        ConfigError: one cannot be used; with the line.
    """
    named = any(rule.country or rule.holiday_file for rule in config.policies)
    if named or config.policy.country or config.policy.holiday_file:
        build_policies(config)


def build_doors(config: Config, given: Given | None = None) -> Doors:
    """Join the configured servers, asking for passwords that are needed and not `given`.

    Raises:
        ConfigError: no password is to be had.
    """
    from supportterm import credentials
    from supportterm.desk.people import People
    from supportterm.desk.worker import Doors
    from supportterm.mail.imap import ImapMailbox
    from supportterm.mail.reading import Reader
    from supportterm.mail.smtp import SmtpTransport

    address = config.mailbox.address
    imap, smtp = config.mailbox.imap, config.mailbox.smtp
    imap_password = credentials.password(imap, address, given)
    same = (imap.user, imap.password_command, imap.host) == (smtp.user, smtp.password_command, smtp.host)
    smtp_password = imap_password if same else credentials.password(smtp, address, given)
    limit = config.sync.max_message_mb << 20

    def mailbox() -> Mailbox:
        return ImapMailbox(imap, imap.user or address, imap_password, max_message_bytes=limit)

    def transport() -> Transport:
        return SmtpTransport(smtp, smtp.user or address, smtp_password)

    return Doors(mailbox, transport, Reader(People.of(config.mailbox).inside))


def _quiet(*_: object) -> None:
    """Tell nobody."""


def build_worker(
    desk: Desk, progress: Progress = _quiet, tell: Callable[[str], None] = _quiet, given: Given | None = None
) -> Worker:
    """Join a worker for a desk; `progress` hears of long reading, `tell` of each change of the sync's state.

    Raises:
        ConfigError: no password is to be had.
    """
    from supportterm.desk.worker import Worker

    return Worker(desk, build_doors(desk.config, given), progress, tell)


def build_console(config: Config, clock: Clock | None = None) -> Console:
    """Join the console with the store, which is made where there is none yet, and with the agent's keys.

    Raises:
        ConfigError: the keys file cannot be used.
        StoreError: the store cannot be used.
    """
    from supportterm.screens import keys
    from supportterm.screens.console import Console
    from supportterm.store import database

    store = store_path(config)
    if not database.is_current(store, _PATIENCE):
        build_desk(config).database.close()
    beside = (config.path or paths.config_file()).with_name("keys.toml")
    return Console(
        config,
        store,
        lambda: build_desk(config, clock),
        lambda: watch_macros(config),
        keys.load(config.console.keys, beside),
        clock,
    )


def build_packs(config: Config | None) -> HousePacks:
    """Join the shipped triage packs with this house's own words; what of them cannot be used, they say themselves."""
    from supportterm.desk.house_packs import HousePacks

    triage = config.triage if config else None
    return HousePacks(triage, paths.user_packs(config.path if config else None))


def build_learned(config: Config | None) -> Learned:
    """Join what `train` learned, which counts where the configuration says so."""
    from supportterm.desk.learned import Learned, beside

    return Learned(beside(store_path(config)), is_on=config.triage.learned) if config else Learned()


def build_macros(config: Config | None) -> MacroLibrary:
    """Load the macro library: shipped, then the team's shared folders, then the user's own; later ones win."""
    from supportterm.desk import macros

    return macros.of(config)


def watch_macros(config: Config | None) -> MacroWatch:
    """Join what reads the macro library, and reads it again once its files change."""
    from supportterm.desk import macros

    return macros.MacroWatch(lambda: macros.folders(config))
