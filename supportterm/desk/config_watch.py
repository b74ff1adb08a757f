"""Notices that the configuration's file was changed, so that new policies count without a restart."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from supportterm.config import Config, kept, reread
from supportterm.domain.errors import ConfigError

if TYPE_CHECKING:
    from supportterm.desk.context import Desk


class ConfigWatch:
    """The configuration in force; a file that cannot be used leaves the one before in force, and says why."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.problem = ""
        """Why the file as it stands is not in force; empty while it is."""
        self._seen = self._stamp()

    def is_written(self) -> bool:
        """Tell whether the file was written to since the last look."""
        return self._stamp() != self._seen

    def look(self) -> bool:
        """Read the file where it was written to, and return whether other policies are in force now.

        It may take some milliseconds: not for a thread that answers keys.
        """
        stamp = self._stamp()
        if stamp == self._seen or self.config.path is None:
            return False
        from supportterm.desk import policybook

        self._seen = stamp
        before = self.config
        found, self.problem = reread(self.config.path, before)
        if not self.problem:
            try:
                policybook.build(found)
            except ConfigError as error:
                found, self.problem = before, kept(error)
        self.config = found
        return (found.policy, found.policies) != (before.policy, before.policies)

    def followed(self, desk: Desk) -> Desk:
        """Return a desk whose receipts are as the file says now: whoever switches them off means at once.

        What belongs to connections that are open stays as it was.
        """
        now = self.config
        config = dataclasses.replace(
            desk.config,
            receipt=now.receipt,
            policy=now.policy,
            policies=now.policies,
            triggers=now.triggers,
            trigger_commands=now.trigger_commands,
            macros=now.macros,
        )
        return dataclasses.replace(desk, config=config)

    def _stamp(self) -> tuple[int, int, int] | None:
        """Return what changes when the file is written to; None where there is none, as between two saves."""
        try:
            stat = self.config.path.stat() if self.config.path else None
        except OSError:
            return None
        return (stat.st_mtime_ns, stat.st_size, stat.st_ino) if stat else None
