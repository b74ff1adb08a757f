"""The words and options of `problem`."""

from __future__ import annotations

import argparse

from supportterm.cli.command_parser import Maker, made


def problem(command: Maker, common: argparse.ArgumentParser) -> None:
    """Add what is done with problems."""
    where = "supportterm.cli.problem:"
    problem = command("problem", f"{where}list_problems", "list the causes behind many tickets, say which tickets")
    problem.set_defaults(all=False)
    steps = problem.add_subparsers(metavar="STEP")
    listing = made(steps, common, "list", f"{where}list_problems", "list open problems, how many customers wait")
    listing.add_argument("--all", action="store_true", help="also those fixed")
    opening = made(steps, common, "open", f"{where}open_problem", "open a problem, with the tickets it is behind")
    opening.add_argument("title", help="what fails, in one line; quote it")
    opening.add_argument("ref", nargs="*", help="tickets")
    opening.add_argument("--cause", default="", metavar="TEXT", help="what is known of it, for the team")
    link = made(steps, common, "link", f"{where}link", "put tickets behind an open problem")
    unlink = made(steps, common, "unlink", f"{where}unlink", "take tickets out of their problem")
    rename = made(steps, common, "rename", f"{where}rename", "give one another title")
    cause = made(steps, common, "cause", f"{where}cause", "write down what is known of its cause, for the team")
    fixed = made(steps, common, "fixed", f"{where}fixed", "say that it is fixed; each customer is told by you")
    reopen = made(steps, common, "reopen", f"{where}reopen", "open a fixed one again")
    for step in (link, rename, cause, fixed, reopen):
        step.add_argument("problem", help="the problem, like P-3")
    for step in (link, unlink):
        step.add_argument("ref", nargs="+", help="tickets")
    rename.add_argument("title", nargs="+", help="the new title")
    cause.add_argument("text", nargs="*", help="what is known; nothing takes it away")
