"""Calls and callbacks from the command line."""

from __future__ import annotations

from tests.cli.test_cases import records
from tests.cli.test_commands import Run, ref_of, run

__all__ = ["run"]


def test_a_call_is_written_down(run: Run) -> None:
    mara = ref_of(run, "from:mara")
    note = ("--note", "It leaves on Friday.", "--minutes", "12", "--outcome", "solved", "--read-back")
    status, told, _ = run("call", mara, *note, "--json")
    assert (status, records(told)[0]["ref"]) == (0, mara)
    shown = run("show", mara)[1]
    assert "It leaves on Friday." in shown
    assert "Talked 12:00. The summary was read back to them." in shown
    assert "solved" in shown.splitlines()[1]
    assert run("undo")[0] == 0
    assert "It leaves on Friday." not in run("show", mara)[1]
    assert run("call", mara)[0] == 0, "it was over, so it is forgotten and not under way again"


def test_an_unknown_caller_gets_a_ticket_and_is_known_from_then_on(run: Run) -> None:
    unknown = ("call", "--unknown", "Nil Ak 0049 30 123456", "--note", "An offer for 40 chairs", "--outcome", "open")
    assert run(*unknown)[0] == 0
    ref = ref_of(run, "channel:phone")
    assert "An offer for 40 chairs" in run("show", ref)[1]
    assert run("call", "--customer", "+49 30 123456", "--outcome", "unreached")[0] == 0
    assert "Nobody was reached." in run("show", ref)[1]
    assert [run("undo")[0], run("undo")[0]] == [0, 0]
    assert run("show", ref)[0] == 2, "nothing of it is left"
    assert run(*unknown)[0] == 0
    ref = ref_of(run, "channel:phone")
    status, _, said = run("call", ref, "--note", "x", "--mail", "send")
    assert status != 0
    assert "no customer's address" in said


def test_somebody_must_be_named_once(run: Run) -> None:
    assert run("call", "--note", "x")[0] == 2
    assert run("call", ref_of(run, "from:mara"), "--unknown", "Nil")[0] == 2


def test_a_callback_is_set_and_ended(run: Run) -> None:
    mara = ref_of(run, "from:mara")
    status, told, _ = run("callback", mara, "2h", "the", "invoice", "--json")
    assert (status, records(told)[0]["done"]) == (0, "callback set: the invoice")
    assert mara in run("queue", "has:callback")[1]
    assert run("callback", mara, "--done")[0] == 0
    assert mara not in run("queue", "has:callback")[1]
    assert run("callback", mara, "--drop")[0] == 1
    status, _, said = run("callback", mara, "soon")
    assert status == 1
    assert "no clear time" in said
