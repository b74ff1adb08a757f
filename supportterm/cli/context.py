"""What commands share: the configuration and the store they were pointed at."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from supportterm import paths
from supportterm.config import Config, load
from supportterm.domain.errors import ConfigError
from supportterm.domain.ticket import Ticket

if TYPE_CHECKING:
    from supportterm.desk.context import Desk
    from supportterm.store.views import Views


def config_of(args: argparse.Namespace) -> Config:
    """Read the configuration named by `--config`, else at its usual place.

    Raises:
        ConfigError: it is missing or holds a mistake.
    """
    return load(Path(args.config) if args.config else paths.config_file())


def config_or_none(args: argparse.Namespace) -> Config | None:
    """Read the configuration where there is one that can be used; None for work that needs none."""
    try:
        return config_of(args)
    except ConfigError:
        if args.config:
            raise
        return None


@contextmanager
def reading(args: argparse.Namespace) -> Iterator[tuple[Views, Config]]:
    """Open the store for reading; one that an earlier release left is brought up to date first."""
    from supportterm.store import database, views

    config = config_of(args)
    store = config.store or paths.store_file()
    if store.exists() and not database.is_current(store):
        from supportterm.bootstrap import build_desk

        build_desk(config).database.close()
    with views.reading(store) as opened:
        yield opened, config


@contextmanager
def at_desk(args: argparse.Namespace) -> Iterator[Desk]:
    """Open the desk: the store for writing, with the rules."""
    from supportterm.bootstrap import build_desk

    desk = build_desk(config_of(args))
    try:
        yield desk
    finally:
        desk.database.close()


def ticket_named(views: Views, named: str) -> Ticket:
    """Return the ticket a person names.

    Raises:
        NotFoundError: none or several are meant.
    """
    found = views.find(named)
    if len(found) != 1:
        from supportterm.store import naming

        raise naming.not_one(named, (ticket.ref for ticket in found))
    return found[0]
