"""`problem`: the causes behind many tickets, which tickets those are, what became of them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from supportterm.cli.context import at_desk, reading
from supportterm.cli.output import Output, local
from supportterm.domain.problem import ProblemState

if TYPE_CHECKING:
    from supportterm.desk.context import Desk
    from supportterm.desk.verbs import Done
    from supportterm.store.problems import Standing


def list_problems(args: argparse.Namespace, output: Output) -> int:
    """List open problems, with those fixed where asked."""
    now = datetime.now(UTC)
    with reading(args) as (views, _config):
        found = views.problems(fixed=args.all)
    for one in found:
        output.record(_record(one), _line(one, now))
    if not found:
        output.say("No problem is open.")
    return 0


def open_problem(args: argparse.Namespace, output: Output) -> int:
    """Open a problem, with the tickets it is behind."""
    from supportterm.desk import problems

    return _do(args, output, lambda desk: problems.open_problem(desk, args.title, args.ref, args.cause))


def link(args: argparse.Namespace, output: Output) -> int:
    """Put tickets behind a problem."""
    from supportterm.desk import problems

    return _do(args, output, lambda desk: problems.link(desk, args.problem, args.ref))


def unlink(args: argparse.Namespace, output: Output) -> int:
    """Take tickets out of their problems."""
    from supportterm.desk import problems

    return _do(args, output, lambda desk: problems.unlink(desk, args.ref))


def rename(args: argparse.Namespace, output: Output) -> int:
    """Give a problem another title."""
    from supportterm.desk import problems

    return _do(args, output, lambda desk: problems.rename(desk, args.problem, " ".join(args.title)))


def cause(args: argparse.Namespace, output: Output) -> int:
    """Write down what is known of a problem's cause."""
    from supportterm.desk import problems

    return _do(args, output, lambda desk: problems.explain(desk, args.problem, " ".join(args.text)))


def fixed(args: argparse.Namespace, output: Output) -> int:
    """Say that a problem is fixed."""
    from supportterm.desk import problems

    return _do(args, output, lambda desk: problems.fixed(desk, args.problem))


def reopen(args: argparse.Namespace, output: Output) -> int:
    """Open a fixed problem again."""
    from supportterm.desk import problems

    return _do(args, output, lambda desk: problems.reopen(desk, args.problem))


def _do(args: argparse.Namespace, output: Output, verb: Callable[[Desk], Done]) -> int:
    with at_desk(args) as desk:
        done = verb(desk)
    output.record({"ref": done.ref, "done": done.words}, f"{done.ref}: {done.words}")
    return 0


def _record(one: Standing) -> dict[str, object]:
    problem = one.problem
    return {
        "ref": problem.ref,
        "title": problem.title,
        "cause": problem.cause,
        "state": problem.state.value,
        "opened": problem.opened_at,
        "opened_by": problem.by,
        "fixed": problem.fixed_at,
        "tickets": one.tickets,
        "waiting": one.untold,
        "waiting_since": one.waiting_since,
    }


def _line(one: Standing, now: datetime) -> str:
    problem = one.problem
    state = "fixed" if problem.state is ProblemState.FIXED else f"known since {local(problem.opened_at, now)}"
    count = f"{one.untold} of {one.tickets} waiting"
    return f"{problem.ref:<6}{count:<18}{problem.title}  ({state}, by {problem.by})"
