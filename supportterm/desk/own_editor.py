"""The agent's own editor: `$VISUAL`, `$EDITOR`, else what the machine has."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping

from supportterm.domain.errors import RefusedError

FALLBACKS = ("editor", "nano", "vi")


def command(environment: Mapping[str, str]) -> list[str]:
    """Return the editor's command line.

    Raises:
        RefusedError: there is none, or the one that is set cannot be found.
    """
    for name in ("VISUAL", "EDITOR"):
        if wanted := environment.get(name, "").strip():
            try:
                words = shlex.split(wanted)
            except ValueError:
                raise RefusedError(f"${name} has a quotation mark too many: {wanted}. Set it anew.") from None
            if words and shutil.which(words[0], path=environment.get("PATH")):
                return words
            raise RefusedError(f"${name} names {words[0] if words else wanted}, which is not here. Set it anew.")
    found = next((path for name in FALLBACKS if (path := shutil.which(name, path=environment.get("PATH")))), None)
    if found is None:
        raise RefusedError("No editor was found. Set $EDITOR to one, such as EDITOR=nano.")
    return [found]
