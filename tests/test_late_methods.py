"""Dataclasses that compile their methods late behave as all others do."""

from __future__ import annotations

import subprocess
import sys

DEFINED = """
import dataclasses, pickle, sys
if {late}:
    from supportterm import late_methods
    late_methods.use()
from dataclasses import dataclass, field

@dataclass(frozen=True, slots=True)
class Place:
    "A place."
    x: int
    y: int = 2
    names: tuple = field(default=(), repr=False)

@dataclass(frozen=True, slots=True)
class Named(Place):
    "One with a name."
    name: str = "n"

@dataclass(order=True)
class Loose:
    "May change."
    a: int
    b: list = field(default_factory=list)

    def __post_init__(self):
        self.b.append(self.a)

def refusal(do):
    try:
        return do()
    except Exception as error:
        return type(error).__name__, str(error)

one, other, named = Place(1), Place(1, y=3), Named(1, name="m")
print(one, other, named, Loose(1), repr(Named(4)))
print(one == Place(1), one == other, one != other, named == one, Loose(1) < Loose(2), Loose(3) == Loose(3))
print(hash(one) == hash(Place(1)), len({{one, Place(1), other}}), refusal(lambda: hash(Loose(1))))
print(refusal(lambda: setattr(one, "x", 2)), refusal(lambda: setattr(one, "z", 2)), refusal(lambda: delattr(one, "x")))
print(refusal(lambda: Place()), refusal(lambda: Place(1, z=2)), refusal(lambda: one.z))
print(dataclasses.replace(named, x=9), dataclasses.asdict(named), dataclasses.fields(Named)[-1].name)
print(pickle.loads(pickle.dumps(named)), Place.__init__.__qualname__, Place.__init__.__name__)
match named:
    case Named(x, y):
        print(x, y)
"""


def test_they_behave_as_all_others_do() -> None:
    said = [
        subprocess.run([sys.executable, "-c", DEFINED.format(late=late)], capture_output=True, text=True, check=False)
        for late in (True, False)
    ]
    assert said[0].stderr == said[1].stderr == ""
    assert said[0].stdout == said[1].stdout
    assert "FrozenInstanceError" in said[0].stdout


def test_a_method_is_compiled_once() -> None:
    asked = """
from supportterm import late_methods
late_methods.use()
from dataclasses import dataclass
@dataclass
class Value:
    a: int
before = Value.__init__
Value(1)
print(before is Value.__init__, Value.__init__ is Value(2).__class__.__init__)
"""
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert said == ("True True\n" if sys.version_info >= (3, 13) else "False True\n")
