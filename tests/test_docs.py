"""The docs are true: their links lead somewhere, their commands and examples run, and they print without a warning."""

import doctest
import importlib.util
import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from desk.cli import main as bluebook
from press.cli import press
from press.suite import parse_suite
from press.suite.keys import check_table, tables

ROOT = Path(__file__).parents[1]
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.M)
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```", re.M | re.S)
CODE = re.compile(r"(`+).+?\1")
COMMANDS = {"press": press, "bluebook": bluebook}


def loaded(name):
    """A script of docs/ as a module."""
    spec = importlib.util.spec_from_file_location(f"docs_{name}", ROOT / "docs" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


make, api = loaded("make"), loaded("api")
PAGES = make.pages()
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]


def anchors(page):
    """The anchors that GitHub gives to the headings of a page."""
    text = make.FENCE.sub("", page.read_text(encoding="utf-8"))
    return {slug(heading) for heading in HEADING.findall(text)}


def slug(heading):
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


def blocks(page, *languages):
    """The blocks of code of a page that are in one of these languages, without their indents."""
    for indent, language, code in FENCE.findall(page.read_text(encoding="utf-8")):
        if language in languages:
            yield re.sub(f"^{indent}", "", code, flags=re.M)


def commands_of(page):
    """The commands that a page shows, a list of words each."""
    for block in blocks(page, "sh", ""):
        for line in block.splitlines():
            words = shlex.split(line.removeprefix("$ "), comments=True) if re.match(r"(\$ )?[\w./]*\w ", line) else []
            if words and Path(words[0]).name in COMMANDS:
                yield [Path(words[0]).name, *words[1:]]


def test_every_page_of_the_docs_is_printed():
    assert set((ROOT / "docs").glob("*.md")) <= set(PAGES)


def test_every_page_stands_in_the_list_of_pages():
    index = ROOT / "docs" / "README.md"
    listed = {make.target_of(index, link) for link in make.links(index.read_text(encoding="utf-8"))}
    others = {index, *(ROOT / name for name in ("README.md", "README.zh-CN.md", "CHANGELOG.md"))}
    assert set(PAGES) - others <= listed


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_to_files_and_headings_that_are_there(name):
    page = ROOT / name
    text = page.read_text(encoding="utf-8")
    for link in make.links(text):
        target = make.target_of(page, link)
        assert target.is_file(), link[0]
        if link["place"] and target.suffix == ".md":
            assert link["place"][1:] in anchors(target), link[0]
    for place in re.findall(r"\]\(#([^)]+)\)", CODE.sub("", make.FENCE.sub("", text))):
        assert place in anchors(page), place


@pytest.mark.parametrize("name", NAMES)
def test_commands_are_there_with_their_options(name):
    for program, *words in commands_of(ROOT / name):
        group = COMMANDS[program]
        if not words or words[0].startswith("-") or not words[0].islower():
            continue
        command = group.get_command(click.Context(group), words[0])
        assert command is not None, words
        if "--help" not in words:
            command.make_parser(click.Context(command)).parse_args(list(words[1:]))


def test_the_list_of_commands_is_whole():
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for program, group in COMMANDS.items():
        assert set(re.findall(rf"^\| `{program} (\w+)", text, re.M)) == set(group.commands)
    targets = set(re.findall(r"^\| `make ([\w-]+)`", text, re.M))
    made = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert targets <= made


@pytest.mark.parametrize(
    ("program", "name"), [(program, name) for program, group in COMMANDS.items() for name in group.commands]
)
def test_a_commands_help_has_examples_that_it_understands(program, name):
    command = COMMANDS[program].commands[name]
    told = CliRunner().invoke(command, ["--help"]).output
    examples = re.findall(rf"^ *(?:Example: )?{program} {name}\b(.*)$", told, re.M)
    assert examples, told
    for example in examples:
        words = shlex.split(re.sub(r" > .*", "", example))
        command.make_parser(click.Context(command)).parse_args(words)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_shown_of_suite_toml_is_understood(name):
    """Tables and keys are those that there are; what they name need not be."""
    for block in blocks(ROOT / name, "toml"):
        content = tomllib.loads(block)
        if "accepted" in content:
            continue
        check_table(content, "suite", name)
        for key, value in content.items():
            for table in value if isinstance(value, list) else [value]:
                if key in tables() and isinstance(table, dict) and key not in ("parameters", "suite"):
                    check_table(table, key, name)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "docs/explore.md", "docs/manual.zh.md"])
def test_examples_in_python_run(name, monkeypatch):
    """Those of docs/bluebook.md are docstrings, which run where they are written."""
    monkeypatch.chdir(ROOT)
    text = "".join(blocks(ROOT / name, "python"))
    example = doctest.DocTestParser().get_doctest(text, {}, name, name, 0)
    assert example.examples
    assert doctest.DocTestRunner().run(example).failed == 0


# The changelog tells of files that are gone, docs/freshness.md of those of any suite.
NAMING_FILES = sorted(set(NAMES) - {"CHANGELOG.md", "docs/freshness.md"})


@pytest.mark.parametrize("name", NAMING_FILES)
def test_files_of_the_code_that_a_page_names_are_there(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    for path in re.findall(r"`((?:lib|tests|docs|notebooks)/[a-z\d_./-]+)`", text):
        assert (ROOT / path).exists(), path


def test_what_is_looked_for_in_the_code_is_there():
    """The table of docs/how-it-works.md: a file, and the name in it."""
    page = (ROOT / "docs" / "how-it-works.md").read_text(encoding="utf-8")
    named = re.findall(r"`(lib/[\w/]+\.py)`: `(\w+)`", page)
    assert len(named) > 4
    for file, name in named:
        assert re.search(rf"^ *def {name}\b", (ROOT / file).read_text(encoding="utf-8"), re.M), (file, name)


def test_pages_that_the_code_names_are_there():
    for file in (ROOT / "lib").rglob("*.py"):
        for path in re.findall(r"\bdocs/[\w.-]+\.md\b", file.read_text(encoding="utf-8")):
            assert (ROOT / path).is_file(), f"{file}: {path}"


def test_the_page_of_bluebook_is_what_the_docstrings_say():
    written = (ROOT / "docs" / "bluebook.md").read_text(encoding="utf-8")
    assert written == api.api(), "docs/bluebook.md is not up to date: docs/make.py --write"


def test_the_page_of_bluebook_has_all_that_notebooks_call():
    page = (ROOT / "docs" / "bluebook.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^### ([\w.]+)$", page, re.M))
    used = set()
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(notebook.read_bytes())["cells"]
        code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        used |= set(re.findall(r"\b((?:charts|show|blocks|sections|diff)\.\w+)\(", code))
    assert len(used) > 15
    assert used <= told, sorted(used - told)
    import bluebook as package

    modules = {"blocks", "charts", "diff", "sections", "show"}
    assert set(package.__all__) - modules <= told | {"EditionError"}
    from bluebook import charts

    assert {f"charts.{name}" for name in charts.__all__} - {"charts.Chart", "charts.kind"} <= told


def test_a_function_without_words_is_not_on_the_page():
    for line in (ROOT / "docs" / "bluebook.md").read_text(encoding="utf-8").splitlines():
        assert not re.fullmatch(r"\| `[^`]+` \|\s*\|", line), line


@pytest.mark.slow
@pytest.mark.parametrize("name", ["docs/tutorial.md", "docs/tutorial.zh.md"])
def test_the_tutorial_can_be_followed(name, tmp_path):
    """Its text, its commands up to the draft, and what they say."""
    text, asked = list(blocks(ROOT / name, ""))[:2]
    (tmp_path / "qinghe.txt").write_text(text, encoding="utf-8")
    (tmp_path / "data").mkdir()
    command, answer = asked.strip().split("\n", 1)
    assert run(command.removeprefix("$ "), tmp_path) == (0, answer)
    (tmp_path / "qinghe.txt").write_text(text.replace("22家", "32家"), encoding="utf-8")
    code, said = run(".venv/bin/bluebook proof qinghe.txt", tmp_path)
    assert code == 1
    assert "32家" in said
    (tmp_path / "qinghe.txt").write_text(text, encoding="utf-8")
    code, _ = run(".venv/bin/bluebook new qinghe-2022 qinghe.txt --root .", tmp_path)
    assert code == 0
    assert (tmp_path / "data" / "qinghe-2022" / "figures.csv").is_file()
    code, said = run(".venv/bin/bluebook check qinghe-2022 --source qinghe.txt --root .", tmp_path)
    assert "figures.csv, row" in said


def run(command, folder):
    """The exit code and the words of a command of ours in a folder."""
    program, *words = shlex.split(command)
    done = subprocess.run(
        [Path(sys.executable).with_name(Path(program).name), *words],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, (done.stdout + done.stderr).strip()


def test_the_example_of_a_proof_is_what_the_command_says(tmp_path):
    """As README and docs/proof.md show it."""
    block = next(one for one in blocks(ROOT / "docs" / "proof.md", "") if "bluebook proof report.txt" in one)
    sentence = re.search(r"line 1: \S+  (.+)", block)[1]
    (tmp_path / "report.txt").write_text(sentence + "\n", encoding="utf-8")
    code, said = run("bluebook proof report.txt", tmp_path)
    assert code == 1
    assert said == block.split("\n", 1)[1].strip()


def test_the_docs_print_without_a_warning(tmp_path):
    assert make.print_docs(tmp_path) == 0
    report = json.loads((tmp_path / "build.json").read_text(encoding="utf-8"))
    assert {run["report"]: run.get("warnings") for run in report["runs"] if run.get("warnings")} == {}
    assert len(report["runs"]) == len(PAGES)
    site = tmp_path / "site"
    for page in site.glob("*.html"):
        for link in re.findall(r'<a [^>]*href="([^"#:]+\.html)', page.read_text(encoding="utf-8")):
            assert (site / link).is_file(), f"{page.name}: {link}"
    assert 'lang="zh-Hans"' in (site / "tutorial.zh.html").read_text(encoding="utf-8")


def test_a_link_in_a_block_of_code_is_none():
    (link,) = make.links("```\n[Not](b.md)\n```\n\n[Is](b.md#c)")
    assert (link["path"], link["place"]) == ("b.md", "#c")


def test_what_the_drafted_suite_says_of_itself_is_so(tmp_path):
    """`press init` in a folder of two notebooks, then what it says to do next."""
    for name in ("1-rain", "2-wind"):
        cell = {"cell_type": "markdown", "metadata": {}, "source": [f"# {name}"], "id": "a"}
        content = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(content), encoding="utf-8")
    code, said = run("press init", tmp_path)
    assert code == 0
    for command in re.findall(r"`?(press \w+ [^\s,`]+)", said.partition("Next:")[2]):
        words = shlex.split(command)
        assert words[1] in press.commands
    suite = parse_suite((tmp_path / "suite.toml").read_text(encoding="utf-8"), tmp_path / "suite.toml")
    assert [report.name for report in suite.reports] == ["1-rain", "2-wind"]
