"""The console's look at the configuration's file: policies that were changed count for the next verb."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from supportterm.config import Config


class PolicyFollowing:
    """Follows `[policy]` and `[[policies]]`; a file that cannot be used changes nothing, and the worker says why."""

    def __init__(self, path: Path | None) -> None:
        """Take the configuration's file; it may have been written to since it was read, so the first look reads it."""
        self._path = path
        self._seen: tuple[int, ...] | None = None

    def is_written(self) -> bool:
        """Tell whether the file was written to since the last look."""
        return self._path is not None and self._stamp() not in (None, self._seen)

    def look(self, config: Config) -> Config | None:
        """Return the configuration with the policies of now, where the file says others; a stat where it is as it was.

        It may take some milliseconds: not for the thread that answers keys.
        """
        if self._path is None or not self.is_written():
            return None
        self._seen = self._stamp()
        return _read_again(self._path, config)

    def _stamp(self) -> tuple[int, ...] | None:
        try:
            stat = self._path.stat() if self._path else None
        except OSError:
            return None
        return (stat.st_mtime_ns, stat.st_size, stat.st_ino) if stat else None


def _read_again(path: Path, config: Config) -> Config | None:
    from supportterm.config import load
    from supportterm.domain.errors import ConfigError

    try:
        found = load(path)
        if (found.policy, found.policies) == (config.policy, config.policies):
            return None
        from supportterm.desk import policybook

        policybook.build(found)
    except ConfigError:
        return None
    return dataclasses.replace(config, policy=found.policy, policies=found.policies)
