"""A customer's file brought to disk: under a safe name, readable by its owner only, never over or through another."""

from __future__ import annotations

import errno
import os
import re
import sys
from pathlib import Path

from supportterm.domain.errors import RefusedError
from supportterm.domain.mail import Attachment
from supportterm.mail import attachments

_TRIES = 1_000
_PROGRAMS = re.compile(
    r"\.(?:apk|app|appimage|bat|cmd|com|command|cpl|desktop|dll|dmg|docm|exe|gadget|hta|htm|html|inf|iso|jar|js"
    r"|jse|lnk|msi|msp|pif|pkg|pl|pptm|ps1|py|rb|reg|run|scf|scr|sh|svg|terminal|url|vb|vbs|webloc|wsf"
    r"|xhtml|xlam|xlsm"
    r")$",
    re.IGNORECASE,
)


def download_folder() -> Path:
    """Return where files are saved unless another place is named: the user's downloads, else their home."""
    from platformdirs import user_downloads_path

    folder = user_downloads_path()
    return folder if folder.is_dir() else Path.home()


def content_of(raw: bytes, attachment: Attachment) -> bytes:
    """Decode an attachment out of its mail.

    Raises:
        RefusedError: the mail has no such part.
    """
    try:
        return attachments.attachment(raw, attachment.part)[2]
    except LookupError:
        raise RefusedError(f"The mail's source does not hold {attachment.filename}; nothing was saved.") from None


def save(content: bytes, name: str, folder: Path) -> Path:
    """Write a file that was not there before, mode 0600, and return its path; a name in use gets a number.

    The name is made safe again here. A link that lies in its place is never followed.

    Raises:
        RefusedError: the folder is none, or cannot be written.
    """
    if not folder.is_dir():
        raise RefusedError(f"{folder} is no folder. Name one that is there; nothing was saved.")
    base = attachments.safe_name(name)
    stem, dot, ending = base.rpartition(".")
    stem, ending = (stem, dot + ending) if stem else (base, "")
    for number in range(_TRIES):
        path = folder / (base if number == 0 else f"{stem} ({number}){ending}")
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            continue
        except OSError as error:
            raise _refused(path, error) from None
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise _refused(path, error) from None
        return path
    raise RefusedError(f"{folder} holds too many files named {base}. Save it somewhere else.")


def runs_programs(name: str) -> bool:
    """Tell a file whose kind can run programs when it is opened."""
    return _PROGRAMS.search(name) is not None


def _refused(path: Path, error: OSError) -> RefusedError:
    reason = "the disk is full" if error.errno == errno.ENOSPC else (error.strerror or str(error)).lower()
    return RefusedError(f"{path} cannot be written: {reason}. Save it somewhere else.")


def opener() -> list[str]:
    """Return the program that opens files and links here, with its fixed arguments; empty where there is none."""
    from shutil import which

    names = [["open"]] if sys.platform == "darwin" else [["xdg-open"], ["wslview"], ["gio", "open"]]
    return next(([found, *rest] for name, *rest in names if (found := which(name))), [])


def open_with(program: list[str], what: str) -> None:
    """Hand a file or link to another program, as one argument and without a shell; it is not waited for.

    Raises:
        RefusedError: the program cannot be started, or the argument could be taken for an option.
    """
    import subprocess

    if not program:
        raise RefusedError("There is no program here that opens files and links (xdg-open). Copy it instead.")
    if what.startswith("-"):
        raise RefusedError(f"{what!r} could be taken for an option; it was not opened.")
    try:
        subprocess.Popen(  # noqa: S603 a list of arguments, no shell, after the agent said yes
            [*program, what],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise RefusedError(f"{program[0]} cannot be started: {error.strerror}. Copy it instead.") from None
