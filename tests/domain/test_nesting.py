"""Snippets within snippets."""

import pytest

from supportterm.domain import nesting
from supportterm.domain.blanks import MacroError
from supportterm.domain.snippets import Macro, expand, parse_macro


def library(**bodies: str) -> dict[str, Macro]:
    return {name: parse_macro(f"+++\n+++\n{body}", f"x/{name}.md") for name, body in bodies.items()}


def text_of(bodies: dict[str, Macro], name: str) -> str:
    return expand(nesting.whole(bodies[name], bodies.get).body, lambda source: source).text


def test_a_snippet_takes_its_place_and_its_blanks_come_after() -> None:
    found = library(
        outer="${1:a} {{> inner}} $2 {{>inner}} ${1}$0",
        inner="[${1:b} ${2|x,y|} {{agent.name}} ${3:${1}!}]$0 {{>last}}",
        last="${1:z}",
    )
    whole = nesting.whole(found["outer"], found.get)
    assert whole.body == (
        "${1:a} [${3:b} ${4|x,y|} {{agent.name}} ${5:${3}!}] ${6:z} $2"
        " [${7:b} ${8|x,y|} {{agent.name}} ${9:${7}!}] ${10:z} ${1}$0"
    )
    assert [blank.number for blank in whole.blanks] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0]


def test_its_own_end_goes_with_what_stood_in_it_kept() -> None:
    found = library(outer="{{>inner}}", inner="a ${0:b} c${0}")
    assert nesting.whole(found["outer"], found.get).body == "a b c"


def test_without_any_it_is_the_same_one() -> None:
    plain = library(plain="Hello {{agent.name}}")["plain"]
    assert nesting.whole(plain, {}.get) is plain


@pytest.mark.parametrize(
    ("bodies", "says"),
    [
        ({"outer": "a\n{{>outer}}"}, r"x/outer.md, line 4: the snippet `outer` stands within itself \(outer → outer\)"),
        ({"outer": "{{>b}}", "b": "{{>c}}", "c": "x\n\n{{>b}}"}, r"x/c.md, line 5: .*\(b → c → b\)"),
        ({"outer": "{{> nobody}}"}, "there is no snippet `nobody`"),
        ({"outer": "\n\nx ${1:{{>b}}}", "b": "b"}, "line 5: a snippet stands beside blanks, not inside"),
        ({"outer": "${99:x} {{>b}}", "b": "$1"}, "more than 99 blanks"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(bodies: dict[str, str], says: str) -> None:
    found = library(**bodies)
    with pytest.raises(MacroError, match=says):
        nesting.whole(found["outer"], found.get)


def test_doubling_again_and_again_ends() -> None:
    bodies = {f"m{n}": f"{{{{>m{n + 1}}}}}{{{{>m{n + 1}}}}}" for n in range(40)}
    found = library(**bodies, m40="x" * 100)
    with pytest.raises(MacroError, match="longer than"):
        nesting.whole(found["m0"], found.get)
