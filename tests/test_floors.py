"""The floors hold: imports go only downward, each library has one door, and what starts often imports nothing heavy."""

import subprocess
import sys

import pytest
from importlinter import cli

from supportterm.paths import shipped_macros

ROOT = shipped_macros().parent
HEAVY = frozenset(
    {"textual", "sqlmodel", "sqlalchemy", "imapclient", "aiosmtplib", "liquid", "holidays", "keyring", "pydantic"}
)
LIGHT_MODULES = ["supportterm", "supportterm.__main__", "supportterm.config", "supportterm.credentials"]


def test_imports_go_only_downward_and_each_library_has_one_door(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    status = cli.lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == cli.EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize("module", LIGHT_MODULES)
def test_what_every_command_imports_is_light(module: str) -> None:
    assert heavy_after(f"import {module}") == set()


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_asking_for_the_version_or_help_loads_nothing_heavy(argument: str) -> None:
    """The status is the command's own; the modules are those loaded when it ends."""
    run = f"""
import contextlib, io, runpy
sys.argv = ["supportterm", {argument!r}]
with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.suppress(SystemExit):
    runpy.run_module("supportterm", run_name="__main__", alter_sys=True)
assert "supportterm" in said.getvalue()
"""
    assert heavy_after(run) == set()


def heavy_after(statements: str) -> set[str]:
    """Return the heavy libraries that a fresh interpreter holds after running some statements."""
    program = f"import sys\n{statements}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return HEAVY & set(run.stdout.split())
