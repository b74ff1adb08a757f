"""The house is in order: names, lengths, docstrings, reasons, versions, and nothing of one machine in the tree."""

import ast
import importlib
import re
import subprocess
import tomllib
import zipfile
from pathlib import Path

import pytest

import supportterm

ROOT = Path(supportterm.__file__).resolve().parent.parent
HERE = Path(__file__).resolve().relative_to(ROOT)
LONGEST_MODULE = 320
NAMELESS = re.compile(r"(?:^|_)(?:helper|util|utilitie|misc|manager|common)s?(?:_|$)")
ONE_MACHINE = re.compile(r"(?<![\w.~-])/(?:work|root)/|/opt/(?!homebrew)\w|/Users/\w")
REGISTRY = re.compile(
    r"pypi\.(?:org|python\.org)|pythonhosted\.org|(?:extra-)?index[-_]url|registry\s*=|find-links", re.I
)
EXCUSE = re.compile(r"#\s*(?:type:\s*ignore|noqa)(?P<codes>\[[\w, -]+\]|:\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*)?")
REASON = re.compile(r"[^\W\d_]{2,}.*[^\W\d_]{2,}")


def tracked() -> list[Path]:
    """Return the files the repository holds, as paths relative to its root, without this one."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = (Path(name) for name in listed.stdout.split("\0") if name)
    return sorted(path for path in paths if (ROOT / path).is_file() and path != HERE)


def text_of(path: Path) -> str:
    """Return a file's text; a file that is not UTF-8 (a picture, a raw mail) is read byte by byte."""
    return (ROOT / path).read_bytes().decode("utf-8", "backslashreplace")


SOURCES = [path for path in tracked() if path.suffix == ".py"]
MODULES = [path for path in SOURCES if path.parts[0] == "supportterm"]


def test_no_module_outgrows_its_noun() -> None:
    lengths = {str(path): len(text_of(path).splitlines()) for path in MODULES}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_every_file_is_named_for_what_it_holds() -> None:
    parts = {(str(path), Path(part).stem.lower()) for path in SOURCES for part in path.parts}
    assert sorted(name for name, part in parts if NAMELESS.search(part)) == []


def test_every_module_says_what_it_is() -> None:
    assert [str(path) for path in MODULES if not ast.get_docstring(ast.parse(text_of(path)))] == []


def test_every_folder_with_modules_is_an_importable_package() -> None:
    for folder in sorted({path.parent for path in MODULES}):
        assert (ROOT / folder / "__init__.py").is_file(), f"{folder} has no __init__.py"
        importlib.import_module(".".join(folder.parts))


def test_every_silenced_check_says_which_and_why() -> None:
    bare = [
        f"{path}:{number}: {line.strip()}"
        for path in SOURCES
        for number, line in enumerate(text_of(path).splitlines(), 1)
        for excuse in EXCUSE.finditer(line)
        if not (excuse["codes"] and REASON.search(line[excuse.end() :]))
    ]
    assert bare == []


@pytest.mark.parametrize("pattern", [ONE_MACHINE, REGISTRY], ids=["machine path", "registry host"])
def test_nothing_of_one_machine_is_in_the_tree(pattern: re.Pattern[str]) -> None:
    found = [
        f"{path}:{number}: {line.strip()[:120]}"
        for path in tracked()
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_the_changelog_has_a_place_for_what_comes_and_knows_this_version() -> None:
    """Released versions stand newest first; the newest is this one, or none is released yet."""
    headings = re.findall(r"^## \[([^\]]+)\]", text_of(Path("CHANGELOG.md")), re.M)
    assert headings[0] == "Unreleased"
    assert headings[1:2] in ([], [supportterm.__version__])


def test_the_version_is_written_once() -> None:
    project = tomllib.loads(text_of(Path("pyproject.toml")))
    assert "version" not in project["project"]
    assert project["tool"]["hatch"]["version"]["path"] == "supportterm/__init__.py"
    assert re.fullmatch(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+|\.dev\d+)?", supportterm.__version__)


def test_the_lock_pins_every_dependency_by_hash() -> None:
    entries = re.split(r"\n(?=\w)", re.sub(r"^\s*#.*\n", "", text_of(Path("requirements.lock")), flags=re.M))
    pinned = {re.split(r"[=\[ ]", entry)[0].lower().replace(".", "-"): entry for entry in entries}
    assert [name for name, entry in pinned.items() if "==" not in entry or "--hash=sha256:" not in entry] == []
    project = tomllib.loads(text_of(Path("pyproject.toml")))["project"]
    asked = [project["dependencies"], *project["optional-dependencies"].values()]
    names = {
        re.split(r"[^\w.-]", line)[0].lower().replace(".", "-").replace("_", "-") for lines in asked for line in lines
    }
    assert names - {"supportterm"} - set(pinned) == set()


def test_the_wheel_carries_the_packs_and_the_macros(tmp_path: Path) -> None:
    """Built as an installer would, without a network: what is data in the tree is data in the wheel."""
    from hatchling.builders.wheel import WheelBuilder

    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    expected = {str(path) for path in tracked() if path.parts[0] == "supportterm"}
    expected |= {f"supportterm/{path}" for path in tracked() if path.parts[0] == "macros"}
    assert sorted(expected - held) == []
    assert sorted(name for name in held if name.startswith(("tests", "bench"))) == []
