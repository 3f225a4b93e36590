"""The repository keeps its own promises: versions in step, walls standing, notebooks clean."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def pins(lines):
    """Name and version of every `name==version` in some lines."""
    return dict(m.groups() for line in lines if (m := re.match(r"([a-z0-9-]+)==([\d.a-z]+)", line)))


def wanted(project, *extras):
    """What a project asks for, with some of its extras: specifiers by name."""
    asked = [*project["dependencies"], *(one for extra in extras for one in project["optional-dependencies"][extra])]
    return {one.name: one.specifier for one in map(Requirement, asked)}


@pytest.fixture
def projects(root):
    """The two projects: what notebooks and editors use, and the press."""
    return [
        tomllib.loads((root / path).read_text(encoding="utf-8"))["project"]
        for path in ("pyproject.toml", "lib/press/pyproject.toml")
    ]


def test_conda_and_pip_install_the_same_versions(root, projects):
    book, press = projects
    lines = [line.strip(" -") for line in (root / "environment.yml").read_text(encoding="utf-8").splitlines()]
    listed = {one.name: one.specifier for one in map(Requirement, filter(re.compile("[a-z0-9-]+[<>]").match, lines))}
    del listed["python"]
    assert listed == wanted(book, "lab") | wanted(press, "lab", "dask", "schedule")


def test_the_locks_hold_every_dependency_with_hashes_and_no_address(root, projects):
    book, press = projects
    needed = {
        "requirements.lock": wanted(book, *book["optional-dependencies"])
        | wanted(press, *press["optional-dependencies"]),
        "requirements-report.lock": wanted(book) | wanted(press),
    }
    for name, specifiers in needed.items():
        lock = (root / name).read_text(encoding="utf-8")
        locked = {canonicalize_name(found): version for found, version in pins(lock.splitlines()).items()}
        for dependency, specifier in specifiers.items():
            assert specifier.contains(locked[canonicalize_name(re.sub(r"\[.*", "", dependency))]), dependency
        blocks = re.split(r"\n(?=[a-z0-9])", lock.partition("\n\n")[2] or lock)
        assert all("--hash=sha256:" in block for block in blocks if "==" in block)
        assert "://" not in lock


def test_whatever_is_imported_is_asked_for(root, projects):
    """Each distribution names what its own modules import, and does not rely on what others happen to bring."""
    provides = packages_distributions()
    for project, packages in zip(projects, (("bluebook", "desk"), ("press",)), strict=True):
        asked = set(map(canonicalize_name, wanted(project, *project["optional-dependencies"])))
        for path in (path for package in packages for path in (root / "lib" / package).rglob("*.py")):
            for name in imports(path) - {"bluebook", "desk", "press", "ipykernel_launcher"}:
                assert asked & set(map(canonicalize_name, provides[name])), f"{path}: {name}"


def imports(path):
    """The packages from elsewhere that a module imports, at its top or later."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names


def test_nothing_of_the_source_or_of_this_machine_is_committed(root, source_text):
    files = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    assert not [f for f in files if f.endswith(".txt") and "source" in f]
    text = "" if source_text is None else source_text.read_text(encoding="utf-8").partition("\n")[2]  # not its title
    sentences = [sentence for sentence in re.split("[。;\n]", text) if len(sentence) > 24]
    for file in filter(None, files):
        path = root / file
        if (
            path.suffix in {".md", ".py", ".csv", ".ipynb", ".json", ".toml", ".yml", ".html", ".css", ".js"}
            and path.is_file()
        ):
            published = path.read_text(encoding="utf-8")
            assert not [sentence for sentence in sentences if sentence in published], file


def test_the_readmes_test_command_is_the_one_that_guards_the_branch(root):
    assert "make test" in (root / ".ci" / "run").read_text(encoding="utf-8")
    for readme in ("README.md", "README.zh-CN.md"):
        text = (root / readme).read_text(encoding="utf-8")
        assert "make report" in text
        assert "make test" in text
