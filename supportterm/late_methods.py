"""Dataclasses whose methods are compiled when they are first called: a start defines many and calls few of them.

CPython up to 3.12 compiles each generated method by itself, six for a frozen
value, which was a tenth of the console's start. Later versions compile them
together and are left as they are.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from typing import Any

_MAKER = "_create_fn"


def use() -> None:
    """Have dataclasses that are defined from now on in this process compile their methods late."""
    make = vars(dataclasses).get(_MAKER)
    if make is not None and sys.version_info < (3, 13):
        setattr(dataclasses, _MAKER, _late(make))


def _late(make: Callable[..., Any]) -> Callable[..., Any]:
    def stand_in(name: str, *source: Any, **around: Any) -> Callable[..., Any]:
        made: Callable[..., Any] | None = None

        def method(*args: Any, **named: Any) -> Any:
            nonlocal made
            if made is None:
                made = make(name, *source, **around)
                made.__qualname__ = method.__qualname__
                for owner in type(args[0]).__mro__ if args else ():
                    if owner.__dict__.get(name) is method:
                        setattr(owner, name, made)
            return made(*args, **named)

        method.__name__ = name
        return method

    return stand_in
