"""What all rule packs share: one a language, each a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from supportterm.config.toml import broken
from supportterm.domain.errors import ConfigError

FORMAT = 1
LANGUAGES = ("en", "ru", "ja", "tr")
P = TypeVar("P")


class ByLanguage(Mapping[str, P]):
    """Packs by language; a subclass returns one, and raises KeyError where there is none."""

    def __iter__(self) -> Iterator[str]:
        return iter(LANGUAGES)

    def __len__(self) -> int:
        return len(LANGUAGES)


def table(file: Traversable) -> dict[str, Any]:
    """Read a TOML file.

    Raises:
        ConfigError: it cannot be read, or is not TOML.
    """
    try:
        read = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {error}. Check that it is UTF-8 text you may read.") from None
    except tomllib.TOMLDecodeError as error:
        raise broken(file, error) from None
    return read
