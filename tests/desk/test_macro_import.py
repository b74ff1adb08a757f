"""Snippets of other programs: mapped, listed where they cannot be, and never run, never written over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.desk import macro_import, rendering
from supportterm.desk.macro_import import Imported, Written
from supportterm.desk.macro_import.drafted import Drafted, Numbers, literal
from supportterm.desk.macros import MacroLibrary
from supportterm.domain.errors import RefusedError
from supportterm.domain.snippets import Macro, expand, parse_macro
from supportterm.domain.ticket import Status


def taken(tmp_path: Path, name: str, text: object, source: str | None = None) -> tuple[Imported, dict[str, Macro]]:
    """Import a file's text and return what was read, and the macros by id."""
    path = tmp_path / name
    path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
    imported = macro_import.read(path, source)
    folder = tmp_path / "out"
    assert [one.state for one in macro_import.write(imported, folder)] == ["new"] * len(imported.snippets)
    library = MacroLibrary([folder])
    assert library.check() == []
    return imported, {macro.id: macro for macro in library.macros}


ESPANSO = """
global_vars:
  - {name: firm, type: echo, params: {echo: "Acme ${9|x|}"}}
matches:
  - trigger: ":hi"
    replace: "Hello {{who}}, $|$ from {{firm}}, that costs $5 and {{{{"
    vars: [{name: who, type: choice, params: {values: [{label: A, id: 'Ann, "x" | y'}, Bob]}}]
  - triggers: [";x", ";y"]
    label: Today
    replace: "{{out}} {{today}} {{clip}} {{out}}"
    vars:
      - {name: out, type: shell, params: {cmd: "touch PLACE"}}
      - {name: today, type: date, params: {format: "%d.%m.%Y"}}
      - {name: clip, type: clipboard}
  - trigger: visit
    form: "Dear [[name]],\\n[[text]] [[pick]] [[name]]"
    form_fields:
      text: {multiline: true, default: "many } thanks"}
      pick: {type: choice, values: [yes, no]}
  - trigger: ":nest"
    replace: "a {{inner}} b"
    vars: [{name: inner, type: match, params: {trigger: ":hi"}}]
  - {trigger: ":pic", image_path: /x.png}
  - {regex: ":greet(?P<n>.*)", replace: "Hi {{n}}"}
"""


def test_espanso(tmp_path: Path) -> None:
    imported, macros = taken(tmp_path, "base.yml", ESPANSO.replace("PLACE", str(tmp_path / "ran")))
    assert imported.source == "espanso"
    assert not (tmp_path / "ran").exists()
    hello = macros["hi"]
    assert hello.trigger == ":hi"
    shown = expand(hello.body, lambda source: source)
    assert shown.text == 'Hello Ann, "x" | y,  from Acme ${9|x|}, that costs $5 and {{{{'
    assert [(blank.number, blank.choices) for blank in shown.blanks] == [(1, ('Ann, "x" | y', "Bob")), (0, ())]
    assert macros["today"].body == "${1:[out]} {{sla.today}} ${2:[clip]} ${1}"
    assert macros["visit"].body == "Dear ${1:[name]},\n${2:many \\} thanks} ${3|yes,no|} ${1}"
    assert macros["visit"].trigger == ";visit"
    assert macros["nest"].body == f"a {hello.body.replace('$0', '')} b"
    assert "picture" in imported.left_out[0]
    lost = "\n".join(line for one in imported.snippets for line in one.lost)
    for words in ("1 more trigger", "runs a program", "copied last", "a pattern", "{{n}}"):
        assert words in lost


@pytest.mark.parametrize(
    "text",
    ["matches: !!python/name:os.system x", "- a", "matches: {}", "matches: [", "x: " + "[" * 5000, "",
     "a: &a [x]\nb: *a"],
)  # fmt: skip
def test_what_is_no_match_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.yml").write_text(text, encoding="utf-8")
    with pytest.raises(RefusedError):
        macro_import.read(tmp_path / "bad.yml")


def test_aliases_upon_aliases_do_not_swell(tmp_path: Path) -> None:
    laughs = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    imported, _ = taken(tmp_path, "laughs.yml", f"a0: &a0 ha\n{laughs}matches: [{{trigger: ':x', replace: *a0}}, *a29]")
    assert len(imported.snippets) == 1


VSCODE = """{
  // comes with comments
  "Greet, \\"all\\"": {
    "prefix": ["greet", "hey"], /* and more */
    "body": ["Hello ${3:${TM_FILENAME}} // not a comment",
             "$1 ${2|a,b|} ${1/(.*)/${1:/upcase}/} {{x}} \\\\$9 $CLIPBOARD",
             "$0"],
    "description": "Say hello",
  },
  "none": {"prefix": "x"},
}
"""


def test_vscode(tmp_path: Path) -> None:
    imported, macros = taken(tmp_path, "support.json", VSCODE)
    assert imported.source == "vscode"
    (macro,) = macros.values()
    assert (macro.title, macro.trigger) == ("Say hello", ";greet")
    shown = expand(macro.body, lambda source: source)
    assert shown.text == "Hello [TM_FILENAME] // not a comment\n[…] a […] {{x}} $9 [CLIPBOARD]\n"
    assert [blank.number for blank in shown.blanks] == [1, 2, 3, 4, 5, 0]
    assert imported.left_out == ["none: it has no `body`"]
    assert len(imported.snippets[0].lost) == 4


ZENDESK = {
    "macros": [
        {
            "title": "Billing::Refund sent",
            "active": True,
            "actions": [
                {"field": "comment_value_html", "value": "<p>Hi {{ticket.requester.first_name | default: 'there'}},</p>"
                 "<p>{{dc.refund}} #{{ticket.id}}<br>{% if x %}{{current_user.name}}{% endif %} "
                 "{{ticket.ticket_field_1}}</p>"},
                {"field": "status", "value": "hold"},
                {"field": "current_tags", "value": "refund Bad,Tag"},
                {"field": "remove_tags", "value": "waiting"},
                {"field": "priority", "value": "high"},
                {"field": "assignee_id", "value": "current_user"},
                {"field": "group_id", "value": "42"},
            ],
        },
        {
            "title": "Tell the team",
            "actions": [
                {"field": "comment_value", "value": ["channel:all", "Look at {{ticket.title}}"]},
                {"field": "comment_mode_is_public", "value": "false"},
            ],
        },
        {"title": "Old", "active": False, "actions": []},
    ]
}  # fmt: skip


def test_zendesk(tmp_path: Path) -> None:
    imported, macros = taken(tmp_path, "export.json", ZENDESK)
    assert imported.source == "zendesk"
    refund = macros["billing-refund-sent"]
    assert refund.topic == "Billing"
    assert refund.body.startswith(
        "Hi {{ticket.requester.first_name | default: 'there'}},\n\n${1:[dc.refund]} #{{ticket.ref}}"
    )
    assert "{{agent.name}}" in refund.body
    does = refund.actions
    assert (does.status, does.tags_add, does.tags_remove) == (Status.ON_HOLD, ("refund",), ("waiting",))
    assert (does.priority, does.assignee) == ("high", "me")
    team = macros["tell-the-team"]
    assert (team.body, team.actions.note) == ("", "Look at {{ticket.subject}}")
    lost = "\n".join(imported.snippets[0].lost)
    for words in ("dynamic content", "{% if x %}", "bad tag", "group id 42", "ticket.ticket_field_1"):
        assert words.replace(" ", "") in lost.replace(",", "").replace("_", "").replace(" ", "") or words in lost
    assert imported.left_out == ["Old: it is switched off there"]


def test_zammad(tmp_path: Path) -> None:
    modules = [
        {"name": "Welcome", "keywords": "wel, hi", "content": "<div>Dear #{ticket.customer.firstname} "
         "#{ticket.customer.lastname},<br>ticket #{ticket.number}</div>", "active": True},
        {"name": "Close", "perform": {"ticket.state_id": {"value": "4"},
         "ticket.tags": {"operator": "add", "value": "a, b"},
         "article.note": {"body": "Done by #{user.fullname}", "internal": "true"}, "ux": {"value": 1}}, "active": True},
    ]  # fmt: skip
    imported, macros = taken(tmp_path, "modules.json", modules)
    assert imported.source == "zammad"
    assert macros["welcome"].trigger == ";wel"
    assert macros["welcome"].body == (
        "Dear {{ticket.requester.first_name}} ${1:[ticket.customer.lastname]},\nticket {{ticket.ref}}"
    )
    close = macros["close"].actions
    assert (close.status, close.tags_add, close.note) == (Status.SOLVED, ("a", "b"), "Done by {{agent.name}}")
    more, named = imported.snippets[0].lost
    assert "1 more keyword" in more
    assert "last name" in named


def test_freescout_and_its_fallbacks(tmp_path: Path) -> None:
    text = 'Hi {%customer.firstName,fallback=there "you"%}, it is {%conversation.number%} {%customer.company%} ${1:x}'
    imported, macros = taken(tmp_path, "saved reply.txt", text)
    assert imported.source == "freescout"
    assert macros["saved-reply"].body == (
        'Hi {{ticket.requester.first_name | default: "there you"}}, it is {{ticket.ref}}'
        " ${1:[customer.company]} \\${1:x}"
    )


def test_chatwoot(tmp_path: Path) -> None:
    canned = [
        {"short_code": "hi", "content": "Hello {{contact.first_name}} {{contact.custom_attribute.plan}}"},
        {"name": "End", "actions": [{"action_name": "resolve_conversation"}, {"action_name": "add_label",
         "action_params": ["done"]}, {"action_name": "send_message", "action_params": ["Bye {{ contact.name }}"]}]},
    ]  # fmt: skip
    imported, macros = taken(tmp_path, "canned.json", {"payload": canned})
    assert imported.source == "chatwoot"
    assert (macros["hi"].trigger, macros["end"].body) == (";hi", "Bye {{ticket.requester.name}}")
    assert (macros["end"].actions.status, macros["end"].actions.tags_add) == (Status.SOLVED, ("done",))


def test_espansos_variables_within_variables(tmp_path: Path) -> None:
    matches = {
        "global_vars": [{"name": "firm", "type": "echo", "params": {"echo": "Acme"}}],
        "matches": [
            {"trigger": ":a", "replace": "{{two}} \\{\\{two\\}\\}", "vars": [
                {"name": "two", "type": "echo", "params": {"echo": "we at {{firm}}, {{ask}}"}},
                {"name": "ask", "type": "clipboard"},
            ]},
            {"trigger": ":b", "replace": "{{one}}", "vars": [
                {"name": "one", "type": "echo", "params": {"echo": "x {{one}}"}},
            ]},
            {"trigger": ":c", "replace": "{{pick}}", "propagate_case": True, "vars": [
                {"name": "pick", "type": "random", "params": {"choices": ["{{firm}}", "we"]}},
            ]},
            {"trigger": ":f", "form": "[[name]] of {{firm}}: [[name]] $|$ [[pick]]", "form_fields": {
                "pick": {"type": "list", "values": ["x", "y"]}}},
            {"regex": ":greet\\((?P<person>.*)\\)", "replace": "Hi {{person}}!"},
        ],
    }  # fmt: skip
    imported, macros = taken(tmp_path, "base.yml", matches, "espanso")
    shown = expand(macros["a"].body, lambda source: source)
    assert shown.text == "we at Acme, [ask] {{two}}"
    assert len(macros["b"].body) < 40
    assert [blank.number for blank in macros["b"].blanks] == [1]
    assert macros["c"].body == "${1:[pick]}"
    assert macros["f"].body == "${1:[name]} of Acme: ${1} $0 ${2|x,y|}"
    assert macros["hi-person"].body == "Hi ${1:[person]}!"
    lost = "\n".join(line for one in imported.snippets for line in one.lost)
    for words in ("what was typed", "hold variables", "follow the trigger's case"):
        assert words in lost


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("${TM_FILENAME/(.*)\\..+$/${1:/upcase}/}!", "${1:[TM_FILENAME]}!"),
        ("$1 ${1/(.*)/${1:/capitalize}-$1/g}.", "${1} ${1}."),
        ("${TM_SELECTED_TEXT:dear ${1:name}} x", "${2:dear ${1:name}} x"),
        ("${CLIPBOARD:} ${CLIPBOARD}", "${1:[CLIPBOARD]} ${1}"),
        ("${1/${/${/}", None),
    ],
)
def test_vs_codes_changed_and_nested_blanks(tmp_path: Path, written: str, kept: str | None) -> None:
    path = tmp_path / "a.code-snippets"
    path.write_text(json.dumps({"one": {"prefix": "one", "body": written}}), encoding="utf-8")
    (drafted,) = macro_import.read(path, "vscode").snippets
    if kept is not None:
        assert drafted.body == kept


def test_of_a_condition_never_both_branches_go_out_unasked(tmp_path: Path) -> None:
    text = "{% if ticket.priority == 'urgent' %}Now.{% elsif x %}Soon.{% else %}Later.{% endif %}"
    text += "{% for a in b %}x{% endfor %}"
    _, macros = taken(tmp_path, "m.json", {"macros": [{"title": "One", "actions": [
        {"field": "comment_value", "value": text}]}]}, "zendesk")  # fmt: skip
    asked = rendering.render(macros["one"], {})
    assert asked.text == ("[only if ticket.priority == 'urgent']Now.[only if x]Soon.[only if not x]Later.[for a in b]x")
    assert all(not blank.can_be_accepted for blank in asked.blanks)
    assert len(asked.blanks) == 4


@pytest.mark.parametrize(
    ("source", "written", "shown"),
    [
        ("zammad", "#{t(ticket.state.name)} #{ticket.title}", "{{ticket.status}} {{ticket.subject}}"),
        ("zammad", "#{dt(ticket.created_at, '%d')}", "${1:[dt(ticket.created_at, '%d')]}"),
        ("freescout", "{%customer.customField-5%} {%subject%}", "${1:[customer.customField-5]} {{ticket.subject}}"),
    ],
)  # fmt: skip
def test_no_placeholder_of_theirs_stays_as_text(tmp_path: Path, source: str, written: str, shown: str) -> None:
    _, macros = taken(tmp_path, "m.json", [{"name": "One", "content": written}], source)
    assert macros["one"].body == shown


def test_csv(tmp_path: Path) -> None:
    _, macros = taken(
        tmp_path, "modules.csv", "name,keywords,content\nHello,h,Dear #{ticket.customer.fullname}\n", "zammad"
    )
    assert macros["hello"].body == "Dear {{ticket.requester.name}}"


def test_whose_it_is_has_to_be_clear(tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text("Hello", encoding="utf-8")
    with pytest.raises(RefusedError, match="--from"):
        macro_import.read(tmp_path / "plain.txt")
    with pytest.raises(RefusedError, match="cannot be read"):
        macro_import.read(tmp_path / "nobody.txt")


def imported_as(*titles: str, body: str = "x") -> Imported:
    return Imported("vscode", [Drafted(title, body) for title in titles])


def test_names_are_safe_and_their_own(tmp_path: Path) -> None:
    titles = ("../../etc/passwd", "CON", "README", "", "-rf", "Привет!", "a" * 300, "x", "X", ".bashrc", "a\0b")
    written = list(macro_import.write(imported_as(*titles), tmp_path))
    names = [one.path.name for one in written]
    assert len(set(names)) == len(titles)
    assert all(one.path.parent == tmp_path and one.path.exists() for one in written)
    assert not any(name.startswith((".", "-")) for name in names)
    assert len(MacroLibrary([tmp_path]).macros) == len(titles)
    assert max(map(len, names)) < 64


def test_nothing_is_written_over_unasked(tmp_path: Path) -> None:
    def states(body: str, **options: bool) -> list[str]:
        return [one.state for one in macro_import.write(imported_as("one", body=body), tmp_path, **options)]

    path = tmp_path / "one.md"
    assert states("first", dry_run=True) == ["new"]
    assert not path.exists()
    assert [states("first"), states("first"), states("second")] == [["new"], ["same"], ["kept"]]
    assert "first" in path.read_text(encoding="utf-8")
    assert states("second", force=True) == ["replaced"]
    assert "second" in path.read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_in_its_place_is_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("mine", encoding="utf-8")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "one.md").symlink_to(outside)
    assert [one.state for one in macro_import.write(imported_as("one"), folder)] == ["kept"]
    list(macro_import.write(imported_as("one"), folder, force=True))
    assert outside.read_text(encoding="utf-8") == "mine"
    assert not (folder / "one.md").is_symlink()


def test_a_trigger_that_is_taken_is_left_off(tmp_path: Path) -> None:
    imported = Imported("vscode", [Drafted("a", "x", trigger="hi"), Drafted("b", "x", trigger=";hi")])
    first, second = macro_import.write(imported, tmp_path, taken=[";other"])
    assert (first.trigger, second.trigger) == (";hi", "")
    assert "another macro has it" in second.lost[0]


def test_what_cannot_be_a_macro_is_refused_with_the_reason(tmp_path: Path) -> None:
    broken = Imported("vscode", [Drafted("a", "${1:"), Drafted("b", "{{nope}}")])
    written: list[Written] = list(macro_import.write(broken, tmp_path))
    assert [one.state for one in written] == ["refused", "refused"]
    assert "not closed" in written[0].lost[0]
    assert "unknown placeholder" in written[1].lost[0]
    assert list(tmp_path.iterdir()) == []


@given(st.text())
def test_any_text_says_in_a_macro_what_it_says(text: str) -> None:
    macro = parse_macro(f"+++\n+++\n|{literal(text)}|", "m.md")
    expected = text.replace("\r\n", "\n").replace("\r", "\n")
    assert rendering.render(macro, {}).text == f"|{expected}|"


@given(st.text(), st.lists(st.text(), max_size=4))
def test_any_default_and_choice_can_be_read(default: str, choices: list[str]) -> None:
    numbers = Numbers()
    body = numbers.text("a", default) + numbers.choice("b", choices)
    shown = rendering.render(parse_macro(f"+++\n+++\n|{body}|", "m.md"), {})
    assert [blank.number for blank in shown.blanks] == [1, 2]
