"""Merging, splitting, sweeping and blocking from the command line."""

from __future__ import annotations

import json

from tests.cli.test_commands import Run, ref_of, run

__all__ = ["run"]


def records(told: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in told.splitlines()]


def test_tickets_are_joined_and_come_apart(run: Run) -> None:
    mara, kim = ref_of(run, "from:mara"), ref_of(run, "from:kim")
    status, told, _ = run("merge", kim, "--into", mara, "--json")
    assert (status, records(told)) == (0, [{"ref": mara, "done": f"took in {kim}"}])
    assert "Can I pay by card?" in run("show", kim)[1]
    assert run("unmerge", kim)[0] == 0
    assert ref_of(run, "from:kim") == kim
    assert run("undo")[0] == 0
    assert ref_of(run, "from:mara") == mara
    assert "Can I pay by card?" in run("show", mara)[1]
    assert run("merge", mara, "--into", mara)[0] == 1
    assert run("unmerge", "ST-ZZZZZ")[0] == 2


def test_a_message_is_split_off_by_its_id(run: Run) -> None:
    mara = ref_of(run, "from:mara")
    (shown,) = records(run("show", mara, "--json")[1])
    status, told, _ = run("split", mara, str(shown["conversation"][1]["id"]), "--json")  # type: ignore[index] # a list
    assert status == 0
    assert records(told)[0]["ref"] == mara
    assert run("split", mara, "999999")[0] == 2


def test_senders_are_blocked_listed_and_let_in_again(run: Run) -> None:
    kim = ref_of(run, "from:kim")
    assert "Nobody is blocked." in run("blocked")[2]
    assert run("block", kim)[0] == 0
    assert ref_of(run, "status:spam") == kim
    (line,) = records(run("blocked", "--json")[1])
    assert (line["address"], line["by"]) == ("kim@home.example", "ada")
    assert run("unblock", "kim@home.example")[0] == 0
    assert run("block", "support@acme.example")[0] == 1


def test_a_sweep_without_anything_to_sweep_says_so(run: Run) -> None:
    status, told, said = run("sweep", "--dry-run")
    assert (status, told) == (0, "")
    assert "Nothing to sweep" in said
