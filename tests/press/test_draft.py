"""`press init`, and `press build` of notebooks that no suite names: from a folder to a site without a word of TOML."""

import tomllib

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from press.cli import press
from press.draft import draft, notebooks_in
from press.suite import SuiteError, parse_suite
from press.titles import title_of

RAIN = [new_markdown_cell("# Rain in *June*\n\nIt rained."), new_code_cell("open('rain.csv').read()")]


def write(path, *cells):
    path.parent.mkdir(parents=True, exist_ok=True)
    notebook = new_notebook(cells=list(cells))
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "2-rain.ipynb", *RAIN)
    write(tmp_path / "10-wind.ipynb", new_markdown_cell("Wind\n===="), new_code_cell("1 + 1"))
    write(tmp_path / "deep" / "snow.ipynb", new_code_cell("2"))
    write(tmp_path / ".ipynb_checkpoints" / "2-rain-checkpoint.ipynb", *RAIN)
    write(tmp_path / "reports" / "site" / "old.ipynb", *RAIN)
    (tmp_path / "rain.csv").write_text("mm\n3\n")
    return tmp_path


def built(*words):
    return CliRunner().invoke(press, ["build", "--workers", "1", *map(str, words)], standalone_mode=False)


def test_notebooks_of_ones_own_are_found_in_their_natural_order(folder):
    assert [path.name for path in notebooks_in(folder)] == ["2-rain.ipynb", "10-wind.ipynb", "snow.ipynb"]


def test_a_draft_has_titles_sections_and_the_language_of_the_prose(folder):
    suite = parse_suite(draft(folder, notebooks_in(folder)), folder / "suite.toml")
    assert suite.languages == ("en",)
    assert suite.root == folder
    assert [report.title["en"] for report in suite.reports] == ["Rain in June", "Wind", "Snow"]
    assert [report.section for report in suite.reports] == ["", "", "deep"]
    write(
        folder / "3-zh.ipynb", new_markdown_cell("# 降水\n\n六月全市平均降水量为三百二十毫米，比上年同期增加一成。" * 3)
    )
    assert tomllib.loads(draft(folder, [folder / "3-zh.ipynb"]))["languages"] == ["zh"]


def test_names_that_cannot_be_pages_or_are_taken_are_changed(tmp_path):
    for name in ("a b.ipynb", "a-b.ipynb", "index.ipynb", "“x”.ipynb", "sub/a b.ipynb"):
        write(tmp_path / name, new_code_cell("1"))
    suite = parse_suite(draft(tmp_path, notebooks_in(tmp_path)), tmp_path / "suite.toml")
    names = [report.name for report in suite.reports]
    assert len(set(names)) == len(names) == 5
    assert "index" not in names


def test_sections_are_the_folders_where_the_tree_branches(tmp_path):
    for name in ("nb/1/a.ipynb", "nb/1/deeper/b.ipynb", "nb/2/a.ipynb", "nb/c.ipynb", "README.ipynb"):
        write(tmp_path / name, new_code_cell("1"))
    suite = parse_suite(draft(tmp_path, notebooks_in(tmp_path)), tmp_path / "suite.toml")
    assert {report.name: report.section for report in suite.reports} == {
        "1-a": "1", "b": "1", "2-a": "2", "c": "", "README": "",
    }  # fmt: skip
    assert suite.home == "README"


def test_one_folder_of_notebooks_is_no_section(tmp_path):
    for name in ("nb/a.ipynb", "nb/b.ipynb", "nb/index.ipynb"):
        write(tmp_path / name, new_code_cell("1"))
    text = draft(tmp_path, notebooks_in(tmp_path))
    suite = parse_suite(text, tmp_path / "suite.toml")
    assert [report.section for report in suite.reports] == ["", "", ""]
    assert suite.home == "nb-index"


def test_a_notebook_more_leaves_the_addresses_of_others(tmp_path):
    for name in ("1/a.ipynb", "2/a.ipynb", "3/b.ipynb"):
        write(tmp_path / name, new_code_cell("1"))
    before = {report.name for report in parse_suite(draft(tmp_path, notebooks_in(tmp_path)), tmp_path / "s").reports}
    write(tmp_path / "0" / "a.ipynb", new_code_cell("1"))
    after = {report.name for report in parse_suite(draft(tmp_path, notebooks_in(tmp_path)), tmp_path / "s").reports}
    assert before == {"1-a", "2-a", "b"}
    assert after == before | {"0-a"}


def test_the_readme_of_a_folder_is_its_home(folder):
    write(folder / "README.ipynb", new_markdown_cell("# Weather\n\nWhat fell and blew."))
    built(folder)
    home = (folder / "reports" / "site" / "index.html").read_text(encoding="utf-8")
    assert "What fell and blew." in home
    assert "Rain in June" in home


@pytest.mark.parametrize(
    ("prose", "title"),
    [
        ("# One\n\n# Two", "One"),
        ("text\n\n## `Code` and [a link](x.html) ##", "Code and a link"),
        ("Title\n=====\n\n# Later", "Title"),
        ("", ""),
        ("#nohash", ""),
    ],
)
def test_the_title_is_the_first_heading(prose, title):
    assert title_of(prose) == title


def test_a_folder_without_a_suite_is_printed(folder):
    result = built(folder)
    site = folder / "reports" / "site"
    assert f"The pages are in {site}: open index.html" in result.output
    assert "Rain in June" in (site / "index.html").read_text(encoding="utf-8")
    assert (site / "snow.html").is_file()
    assert not (folder / "suite.toml").exists()


def test_one_notebook_is_printed_and_the_pages_of_others_stay(folder):
    built(folder)
    result = built(folder / "10-wind.ipynb")
    assert result.return_value is None
    assert sorted(path.name for path in (folder / "reports" / "site").glob("*.html")) == [
        "10-wind.html", "2-rain.html", "404.html", "index.html", "search.html", "snow.html",
    ]  # fmt: skip


def test_a_notebook_without_a_suite_is_explained(folder):
    built(folder)
    said = CliRunner().invoke(press, ["explain", str(folder / "10-wind.ipynb")], standalone_mode=False)
    assert "10-wind: fresh" in said.output


def test_init_writes_a_suite_once_and_says_what_is_next(folder):
    result = CliRunner().invoke(press, ["init", str(folder)], standalone_mode=False)
    assert "3 notebooks. Next: press preview" in result.output
    before = (folder / "suite.toml").read_bytes()
    again = CliRunner().invoke(press, ["init", str(folder)], standalone_mode=False)
    assert isinstance(again.exception, SuiteError)
    assert "there is one already" in str(again.exception)
    assert (folder / "suite.toml").read_bytes() == before


@pytest.mark.parametrize(("name", "told"), [("none.ipynb", "no such file"), ("rain.csv", "a file that is no notebook")])
def test_what_is_no_notebook_is_told(folder, name, told):
    assert told in str(built(folder / name).exception)


def test_a_folder_without_notebooks_is_told(tmp_path):
    assert "no notebooks here" in str(built(tmp_path).exception)


def test_a_file_that_is_no_notebook_fails_alone(folder):
    (folder / "broken.ipynb").write_text("not json")
    built(folder)
    site = folder / "reports" / "site"
    assert (site / "snow.html").is_file()
    assert "not a notebook of format 4" in (folder / "reports" / "failed" / "broken.txt").read_text(encoding="utf-8")
