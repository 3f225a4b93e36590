"""The repository keeps its own promises: versions in step, walls standing, notebooks clean."""

import re
import subprocess
import tomllib

import pytest


def pins(lines):
    """Name and version of every `name==version` or `name=version` in some lines."""
    return dict(m.groups() for line in lines if (m := re.match(r"\s*-?\s*([a-z0-9-]+)==?([\d.]+)", line.strip())))


@pytest.fixture
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_conda_and_pip_install_the_same_versions(root, project):
    wanted = pins(project["dependencies"])
    assert len(wanted) == len(project["dependencies"])
    assert pins((root / "environment.yml").read_text(encoding="utf-8").splitlines()) == wanted


def test_the_lock_holds_every_dependency_with_hashes_and_no_address(root, project):
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    assert pins(project["dependencies"]).items() <= pins(lock.splitlines()).items()
    blocks = re.split(r"\n(?=[a-z0-9])", lock.partition("\n\n")[2] or lock)
    assert all("--hash=sha256:" in block for block in blocks if "==" in block)
    assert "://" not in lock


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
