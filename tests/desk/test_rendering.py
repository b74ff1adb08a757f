from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.desk import rendering
from supportterm.desk.rendering import FILTERS, PLACEHOLDERS, facts, first_name, render, render_note
from supportterm.domain.snippets import Expansion, Macro, parse_macro, unfilled
from supportterm.domain.ticket import Status, Ticket

AT = datetime(2026, 11, 22, tzinfo=UTC)
TICKET = Ticket(
    key="7KQ2F00000",
    ref="ST-7KQ2F",
    subject="Blender",
    status=Status.OPEN,
    channel="email",
    requester_name="Lind, Mara",
    requester_address="mara@example.org",
    created_at=AT,
    updated_at=AT,
    last_message_at=AT,
)
VALUES = facts(TICKET, agent_name="Oleg Pan", mailbox_name="Help", mailbox_address="help@example.com")


def macro(body: str, note: str = "") -> Macro:
    return parse_macro(f'+++\n[actions]\nnote = "{note}"\n+++\n{body}', "macros/en/m.md")


def shown(body: str, values: dict[str, object] | None = None) -> Expansion:
    return render(macro(body), VALUES if values is None else values)


def test_facts_come_in_by_name() -> None:
    text = shown("{{ticket.requester.first_name}} ({{ ticket.ref }}): {{ticket.subject|upcase}}, {{agent.first_name}}")
    assert text == Expansion("Mara (ST-7KQ2F): BLENDER, Oleg")


def test_defaults_stand_in_for_what_is_unknown() -> None:
    assert shown('Hello {{ticket.requester.first_name | default: "there"}}', {}).text == "Hello there"
    assert shown("{{reply_by | default: agent.name}}").text == "Oleg Pan"
    assert shown('a{{reply_by | default: ""}}b').text == "ab"


@pytest.mark.parametrize(
    "source",
    ["reply_by", "ticket.requester.nme", "ticket", "agent", "nonsense | default: 'x'", "ticket.ref | nonsense",
     "ticket.ref | replace: 'S', 'T'", "(1..9999999999) | join", "|", "", "ticket.ref | truncate: 'x'", "ticket.ref[0]",
     "ticket.__class__", "agent.name | append: nothing", "reply_by | default: reply_by"],
)  # fmt: skip
def test_what_cannot_be_said_is_a_blank(source: str) -> None:
    expansion = shown(f"a {{{{{source}}}}} b")
    assert len(unfilled(expansion)) == 1
    assert len(expansion.text) > len("a  b")


@pytest.mark.parametrize(
    "evil", ["${9|x|}", "{{agent.name}}", "{% raw %}", "{% include 'x' %}", "{{> receipt}}", "$1", "${1:x", "}}", "\\"]
)
def test_a_customers_name_stays_a_name(evil: str) -> None:
    values: dict[str, object] = {"ticket": {"requester": {"name": evil}, "subject": evil}}
    expansion = shown("Dear {{ticket.requester.name}}, ${1:{{ticket.subject}}}", values)
    assert expansion.text == f"Dear {evil}, {evil}"
    assert [blank.number for blank in expansion.blanks] == [1]


@given(st.text())
def test_any_name_goes_in_as_it_is(name: str) -> None:
    values: dict[str, object] = {"ticket": {"requester": {"name": name}}}
    expected = " ".join(name.split()) or "{{ticket.requester.name}}"
    assert shown("<{{ticket.requester.name}}>", values).text == f"<{expected}>"


def test_a_monstrous_value_is_not_poured_out() -> None:
    expansion = shown("{{ticket.subject}}", {"ticket": {"subject": "x" * 10_000_000}})
    assert expansion.text == "{{ticket.subject}}"


def test_a_note_keeps_its_gaps_visible() -> None:
    assert render_note(macro("x", "for {{agent.name}} by {{reply_by}}"), VALUES) == "for Oleg Pan by {{reply_by}}"


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        ("Hi {{ticket.requester.frist_name}}", 5, "`ticket.requester.first_name`"),
        ("Hi\n\n${1:by {{reply_bye}}}", 7, "`reply_by`"),
        ("{{ticket.ref | upcas}}", 5, "`upcase`"),
        ("{{ticket.ref | replace: 'a', 'b'}}", 5, "unknown filter"),
        ("{{ticket.ref | default: tikcet.subject}}", 5, "`ticket.subject`"),
        ("a\n{{ticket. }}", 6, "cannot be read"),
        ("{{}}", 5, "cannot be read"),
        ("{{ticket.requester}}", 5, "unknown placeholder"),
    ],
)
def test_check_names_file_line_and_what_was_meant(body: str, line: int, says: str) -> None:
    problems = [str(problem) for problem in rendering.check(macro(body))]
    assert len(problems) == 1
    assert problems[0].startswith(f"macros/en/m.md, line {line}: ")
    assert says in problems[0]
    assert "\n" not in problems[0]


def test_check_reads_notes_and_passes_what_is_right() -> None:
    assert "note" in str(rendering.check(macro("x", "{{nope}}"))[0])
    assert "note" in str(rendering.check(macro("x", "{{nope"))[0])
    everything = " ".join(f'{{{{{name} | default: "x"}}}}' for name in PLACEHOLDERS)
    assert rendering.check(macro(everything + "{{agent.name | downcase | truncate: 9}}")) == []


def test_every_promised_filter_works() -> None:
    argument = {"default": ": 'x'", "truncate": ": 9", "append": ": 'x'", "prepend": ": 'x'"}
    for name in FILTERS:
        assert unfilled(shown(f"{{{{agent.name | {name}{argument.get(name, '')}}}}}")) == (), name


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Mara Lind", "Mara"),
        ("Lind, Mara", "Mara"),
        ("Dr. Mara Lind", "Mara"),
        ('"Mara Lind"', "Mara"),
        ("Mara (Acme)", "Mara"),
        ("Линд Мара Олеговна", "Мара"),
        ("İrem Şahin", "İrem"),
        ("田中 太郎", "田中 太郎"),
        ("mara@example.org", ""),
        ("M. Lind", ""),
        ("Team 24/7", ""),
        ("", ""),
        ("  ,", ""),
        ("Dr.", ""),
    ],
)
def test_first_names(name: str, first: str) -> None:
    assert first_name(name) == first
