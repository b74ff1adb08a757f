"""Where files live on this platform; nothing is made at import."""

from __future__ import annotations

import os
from pathlib import Path

APP = "supportterm"


def config_file() -> Path:
    """Return the configuration's path: `$SUPPORTTERM_CONFIG`, else the platform's place."""
    named = os.environ.get("SUPPORTTERM_CONFIG")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_config_path

    return user_config_path(APP) / "config.toml"


def store_file() -> Path:
    """Return the default path of the store."""
    from platformdirs import user_data_path

    return user_data_path(APP) / "store.sqlite3"


def user_macros(config: Path | None = None) -> Path:
    """Return the folder of the user's own macros, which overlays the shipped library: beside the configuration."""
    return (config or config_file()).parent / "macros"


def user_packs(config: Path | None = None) -> Path:
    """Return the folder of this house's own triage packs, which add to the shipped ones: beside the configuration."""
    return (config or config_file()).parent / "packs" / "triage"


def user_hints(config: Path | None = None) -> Path:
    """Return the folder of what this house adds to the shipped hints: beside the configuration."""
    return (config or config_file()).parent / "packs" / "hints"


def user_words(config: Path | None = None) -> Path:
    """Return the file of the words an agent added to the dictionaries: beside the configuration."""
    return (config or config_file()).parent / "words.txt"


def user_dictionaries() -> Path:
    """Return the folder of the user's own Hunspell dictionaries: beside the store's usual place."""
    from platformdirs import user_data_path

    return user_data_path(APP) / "dictionaries"


def shipped_macros() -> Path:
    """Return the folder of the macro library: inside the wheel, or beside the package in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "macros"
    return inside if inside.is_dir() else package.parent / "macros"
