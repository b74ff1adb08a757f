"""The one family of errors a person is told about."""

from __future__ import annotations


class SupporttermError(Exception):
    """Something a person can act on: its text is one clear sentence that says what to do."""

    exit_status = 2

    def pointed(self, room: int = 76) -> str:
        """Return lines of at most so many columns that show the place it is about; empty where there is none."""
        return ""


class ConfigError(SupporttermError):
    """The configuration cannot be used."""


class StoreError(SupporttermError):
    """The store cannot be opened or written."""

    exit_status = 4


class MailError(SupporttermError):
    """A mail server refused or could not be reached."""

    exit_status = 3


class NotFoundError(SupporttermError):
    """A ticket, snippet or operation of that name does not exist."""


class RefusedError(SupporttermError):
    """The desk will not do this, and says why."""

    exit_status = 1


class LeftError(RefusedError):
    """A reply cannot be taken back, because it has left; `text` is what it said, `key` its ticket's."""

    def __init__(self, ref: str, key: str, text: str) -> None:
        super().__init__(f"The reply on {ref} has left already and cannot be taken back: write another.")
        self.key, self.text = key, text
