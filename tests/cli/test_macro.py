"""`macro` on the command line: apply, import, what is rewritten, and all that a snippet's actions bring."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import Run, ref_of, run

__all__ = ["run"]


def write(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / "macros" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_all_that_a_snippet_does_follows_the_reply(run: Run, tmp_path: Path) -> None:
    (tmp_path / "macros").mkdir()
    (tmp_path / "macros" / "prices.txt").write_text("ten", encoding="utf-8")
    write(
        tmp_path,
        "pay.md",
        '+++\ntrigger = ";pay"\n[actions]\nstatus = "on-hold"\ntags_add = ["card"]\ntags_remove = ["cash"]\n'
        'assignee = "grace"\npriority = "high"\nsnooze = "2d"\npolicy = "default"\n'
        'note = "Asked {{ticket.requester.name}}."\n'
        'attach = ["prices.txt"]\narticle = "Paying <https://example.org/pay>"\n+++\nYes, by card.',
    )
    kim = ref_of(run, "from:kim")
    assert run("set", kim, "--tag", "cash")[0] == 0
    assert run("reply", kim, "--snippet", ";pay")[0] == 0
    (shown,) = (json.loads(line) for line in run("show", kim, "--json")[1].splitlines())
    assert (shown["status"], shown["assignee"]) == ("on-hold", "grace")
    assert sorted(shown["tags"]) == ["card", "policy:default"]
    last = shown["conversation"]
    sent = next(one for one in last if "by card." in one["text"] and one["kind"] == "reply")
    assert "Paying: https://example.org/pay" in sent["text"]
    assert "prices.txt" in json.dumps(sent["attachments"])
    assert any(one["kind"] == "note" and one["text"] == "Asked Kim." for one in last)
    assert run("undo")[0] == 0
    (back,) = (json.loads(line) for line in run("show", kim, "--json")[1].splitlines())
    assert (back["status"], back["tags"]) == ("new", ["cash"])


def test_a_macro_is_applied_to_several_and_taken_back_at_once(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "park.md", '+++\n[actions]\nstatus = "on-hold"\ntags_add = ["parked"]\n+++\n')
    mara, kim = ref_of(run, "from:mara"), ref_of(run, "from:kim")
    status, told, _ = run("macro", "apply", "park", mara, kim, "--json")
    assert (status, json.loads(told)["ref"]) == (0, "2 tickets")
    assert len(run("queue", "tag:parked status:on-hold", "--json")[1].splitlines()) == 2
    assert run("undo")[0] == 0
    assert run("queue", "tag:parked", "--json")[1] == ""
    assert run("macro", "apply", "prak", kim)[0] == 2
    assert "nothing but its text" in run("macro", "apply", ";timing", kim)[2]


def test_what_is_rewritten_is_listed_most_first(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "long.md", "+++\n+++\nWe have looked at your order and it leaves on Monday morning.")
    kim = ref_of(run, "from:kim")
    assert "No snippet has gone out rewritten" in run("macro", "list", "--rewritten")[2]
    assert run("reply", kim, "--snippet", "long")[0] == 0
    (record,) = [r for line in run("macro", "list", "--json")[1].splitlines() if (r := json.loads(line))["uses"]]
    assert (record["id"], record["uses"], record["rewritten"]) == ("long", 1, 0.0)


def test_a_policy_that_is_not_there_is_found(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "vip.md", '+++\n[actions]\npolicy = "vip"\n+++\nx')
    status, told, _ = run("macro", "check")
    assert status == 2
    assert "there is no policy `vip`" in told


def test_importing_writes_among_ones_own_macros_and_nothing_twice(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "base.yml"
    source.write_text('matches:\n  - {trigger: ";timing", replace: "Soon {{x}}"}\n  - {trigger: ":b", replace: B}\n')
    status, told, said = run("macro", "import", str(source), "--dry-run", "--json")
    assert status == 0
    assert "dry run" in said
    first = json.loads(told.splitlines()[0])
    assert (first["state"], first["trigger"]) == ("new", "")
    assert "another macro has it" in first["lost"][1]
    assert not (tmp_path / "macros").exists()
    assert run("macro", "import", str(source))[0] == 0
    assert (tmp_path / "macros" / "espanso" / "b.md").exists()
    assert ":b" in run("macro", "list")[1]
    assert run("macro", "check")[0] == 0
    assert run("macro", "import", str(source))[0] == 0
    source.write_text('matches:\n  - {trigger: ":b", replace: other}\n')
    status, told, said = run("macro", "import", str(source))
    assert (status, told.startswith("kept")) == (1, True)
    assert "--force" in said
    assert run("macro", "import", str(source), "--force")[0] == 0
    assert run("macro", "import", str(tmp_path / "nobody.yml"))[0] == 1


def test_a_snippet_that_loops_is_refused_with_its_line(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "a.md", '+++\ntrigger = ";a"\n+++\nx\n{{> b}}')
    write(tmp_path, "b.md", "+++\n+++\n{{> a}}")
    status, told, _ = run("macro", "check")
    assert status == 2
    assert told.count("stands within itself") == 2
    status, _, said = run("reply", ref_of(run, "from:kim"), "--snippet", ";a")
    assert status != 0
    assert "line 3: the snippet `a` stands within itself (a → b → a)" in said


def test_a_customer_called_like_a_blank_stays_a_name(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "hi.md", "+++\n+++\nDear {{ticket.requester.name}}, {{ticket.subject}}.")
    kim = ref_of(run, "from:kim")
    assert run("reply", kim, "--snippet", "hi")[0] == 0
    assert "Dear Kim, Paying." in run("show", kim)[1]


def test_a_shipped_macro_is_changed_as_a_copy_and_a_mistake_is_told_with_its_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i \'s/^title = .*/title = "Mine"/\' "$1"\n', encoding="utf-8")
    editor.chmod(0o755)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(editor))
    status, told, _ = run("macro", "edit", ";upset")
    copy = tmp_path / "macros" / "en" / "upset.md"
    assert status == 0
    assert str(copy) in told
    assert 'title = "Mine"' in copy.read_text(encoding="utf-8")
    editor.write_text('#!/bin/sh\nsed -i \'s/^title = .*/titel = "Mine"/\' "$1"\n', encoding="utf-8")
    status, told, _ = run("macro", "edit", ";upset")
    assert status == 2
    assert f"{copy}, line 2: unknown key `titel`" in told
    editor.write_text('#!/bin/sh\nsed -i \'s/^titel = .*/title = "Again"/\' "$1"\n', encoding="utf-8")
    assert run("macro", "edit", "upset")[0] == 0


def test_a_shipped_macro_that_was_only_looked_at_is_not_copied(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "true")
    assert run("macro", "edit", ";upset")[0] == 0
    assert not (tmp_path / "macros" / "en" / "upset.md").exists()
    monkeypatch.setenv("EDITOR", "no-such-editor")
    assert run("macro", "edit", ";upset")[0] != 0
    assert not (tmp_path / "macros" / "en" / "upset.md").exists()


def test_a_new_macro_can_be_used_at_once_and_none_is_written_over(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "true")
    assert run("macro", "new", 'Parcel "came" back')[0] == 0
    assert (tmp_path / "macros" / "en" / "parcel-came-back.md").exists()
    assert "parcel-came-back" in run("macro", "list", "--json")[1]
    status, _, complaint = run("macro", "new", "Parcel came back")
    assert status != 0
    assert "is there already" in complaint
