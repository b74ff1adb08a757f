"""Problems from the command line."""

from __future__ import annotations

from tests.cli.test_cases import records
from tests.cli.test_commands import Run, ref_of, run

__all__ = ["run"]


def test_a_problem_is_opened_joined_and_fixed(run: Run) -> None:
    assert "No problem is open." in run("problem")[2]
    mara, kim = ref_of(run, "from:mara"), ref_of(run, "from:kim")
    status, told, _ = run("problem", "open", "Checkout fails", mara, "--cause", "A bad cache", "--json")
    assert (status, records(told)) == (0, [{"ref": "P-1", "done": f"opened: Checkout fails, with {mara}"}])
    assert f"stands behind {kim} more" in run("problem", "link", "p1", kim)[1]
    assert ref_of(run, "problem:P-1 from:kim") == kim
    (shown,) = records(run("show", kim, "--json")[1])
    assert shown["problem"] == "P-1"
    assert "Known as P-1 since" in run("why", kim)[1]
    (line,) = records(run("problem", "list", "--json")[1])
    assert (line["ref"], line["title"], line["cause"], line["state"]) == (
        "P-1",
        "Checkout fails",
        "A bad cache",
        "open",
    )
    assert line["tickets"] == 2
    assert run("problem", "unlink", kim)[0] == 0
    assert run("undo")[0] == 0
    assert run("problem", "rename", "P-1", "Paying", "fails")[0] == 0
    assert run("problem", "fixed", "P-1")[0] == 0
    assert records(run("problem", "list", "--json")[1]) == []
    assert "Paying fails  (fixed, by ada)" in run("problem", "list", "--all")[1]
    assert run("problem", "reopen", "P-1")[0] == 0
    assert run("problem", "cause", "P-1", "Mended")[0] == 0


def test_what_cannot_be_done_is_refused_with_the_reason(run: Run) -> None:
    assert run("problem", "fixed", "P-9")[0] == 2
    assert run("problem", "open", "P-9")[0] == 1
    kim = ref_of(run, "from:kim")
    status, _, said = run("problem", "unlink", kim)
    assert (status, "No problem is behind that" in said) == (1, True)
