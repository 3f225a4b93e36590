"""Notebooks as people have them: many by one pattern, of any kernel, in any folder, with values from a file."""

import json

import pytest
from tests.press.conftest import notebook

pytestmark = pytest.mark.slow


def runs(project):
    return {f"{run['report']}": run["params"] for run in project.report()["runs"]}


def patterned(project, *lines, notebooks=("10-b", "2-a", ".hidden", "x-checkpoint")):
    for name in notebooks:
        project.add(name, f"# The *{name}*", "n = 1", "print('here', n)")
    project.reports.clear()
    suite = project.root / "notebooks" / "suite.toml"
    suite.write_text("\n".join([project.head, "[[report]]", 'notebook = "*.ipynb"', *lines]))


def test_a_pattern_is_a_report_for_each_notebook_in_natural_order(project):
    patterned(project, "hidden = false", 'code = "show"')
    project.build()
    assert list(runs(project)) == ["2-a", "10-b", "x-checkpoint"]
    html = project.site()["en/2-a.html"].decode()
    assert "The 2-a" in html
    assert html.index("The 2-a") < html.index("The 10-b")
    assert 'class="code"' in html


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (['title = "A"'], "its notebook is a pattern"),
        (['name = "a"'], "its notebook is a pattern"),
        (['kernel = "none"'], 'no kernel is named "none"'),
        (['cwd = "nowhere"'], "expected a folder"),
    ],
)
def test_what_a_pattern_or_a_kernel_cannot_be_is_told(project, lines, told):
    patterned(project, *lines)
    _, out, error = project.press("build")
    assert told in out + error


def test_a_report_without_a_title_is_called_by_its_first_heading(project):
    project.add("a", "# What it *says*", "# Second", title={})
    project.reports["a"] = {}
    project.write()
    suite = project.root / "notebooks" / "suite.toml"
    suite.write_text("\n".join(line for line in suite.read_text().splitlines() if not line.startswith('title = "A')))
    project.build()
    assert "<title>What it says" in project.site()["en/a.html"].decode()


def test_a_hidden_report_has_its_page_and_no_link_to_it(project):
    project.add("a", "# A")
    project.add("b", "# B", hidden=True)
    project.build()
    site = project.site()
    assert "en/b.html" in site
    assert b'href="b.html"' not in site["en/a.html"] + site["en/index.html"]
    assert b'href="a.html"' in site["en/b.html"]


def test_a_notebook_runs_in_the_folder_that_the_suite_names(project):
    (project.root / "data").mkdir(exist_ok=True)
    (project.root / "data" / "x.txt").write_text("before")
    project.add("a", "# A", "print(open('x.txt').read())", cwd="../data")
    project.build()
    assert project.outputs("en/a")[0]["text"] == "before\n"
    (project.root / "data" / "x.txt").write_text("after")
    project.build()
    assert project.outputs("en/a")[0]["text"] == "after\n"
    project.reports["a"]["cwd"] = ".."
    project.write()
    project.build(code=1)
    assert "No such file" in project.report()["runs"][0]["error"]


def test_a_kernel_by_name_takes_the_place_of_the_notebooks_own(project):
    project.add("a", "# A", "print('ran')")
    file = project.root / "notebooks" / "a.ipynb"
    notebook = json.loads(file.read_text())
    notebook["metadata"]["kernelspec"] = {"name": "conda-env-theirs", "display_name": "theirs", "language": "python"}
    file.write_text(json.dumps(notebook))
    project.build(code=1)
    assert "-k python3" in project.report()["runs"][0]["error"]
    project.build("-k", "python3")
    assert project.outputs("en/a")[0]["text"] == "ran\n"
    project.reports["a"]["kernel"] = "python3"
    project.write()
    project.build("--force")
    assert project.outputs("en/a")[0]["text"] == "ran\n"


@pytest.mark.parametrize(
    ("name", "content"), [("v.yaml", "n: 7\nwords: [a, b]\n"), ("v.json", '{"n": 7, "words": ["a", "b"]}')]
)
def test_values_come_from_a_file_and_those_typed_count_before_them(project, name, content):
    project.add("a", ('lang = "en"\nn = 0\nwords = []', "parameters"), "# A", "print(n, words)")
    file = project.root / name
    file.write_text(content)
    project.build("-f", str(file))
    assert project.outputs("en/a")[0]["text"] == "7 ['a', 'b']\n"
    project.build("-f", str(file), "-p", "n=8")
    assert project.outputs("en/a")[0]["text"] == "8 ['a', 'b']\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("- 1\n", "expected names and values"),
        ("n: [\n", "cannot be read as YAML"),
        ("n: 2024-05-01\n", 'found "2024-05-01"'),
        ("n: words\n", "expected a whole number"),
        ("other: 1\n", 'no notebook has a parameter "other"'),
    ],
)
def test_a_file_of_values_that_cannot_be_is_told(project, content, told):
    project.add("a", ('lang = "en"\nn = 0', "parameters"), "# A")
    file = project.root / "v.yaml"
    file.write_text(content)
    _, _, error = project.press("build", "-f", str(file))
    assert told in error
    assert str(file) in error


def test_where_a_suite_is_not_strict_notebooks_get_what_they_do_not_declare(project):
    project.head = project.head.replace("[press]\n", "[press]\nstrict = false\n")
    project.add("a", "# A", "print(word, more)", parameters={"word": "said"})
    project.build("-p", "more=typed")
    assert project.outputs("en/a")[0]["text"] == "said typed\n"


def test_a_folder_without_a_suite_is_printed_as_pages_and_as_one_pdf(project):
    (project.root / "notes").mkdir()
    for name in ("one", "two"):
        (project.root / "notes" / f"{name}.ipynb").write_text(json.dumps(notebook(f"# {name}", "print(1)")))
    code, out, error = project.press("build", "notes", "--workers", 1, "--format", "html,pdf")
    assert code == 0, out + error
    site = project.root / "notes" / "reports" / "site"
    assert {"one.html", "two.pdf", "book.pdf"} <= {path.name for path in site.iterdir()}
    assert "Traceback" not in error


def test_of_a_folder_without_a_suite_one_report_may_be_asked_for(project):
    (project.root / "notes").mkdir()
    for name in ("one", "two"):
        (project.root / "notes" / f"{name}.ipynb").write_text(json.dumps(notebook(f"# {name}")))
    assert project.press("build", "notes", "--workers", 1, "--only", "two")[0] == 0
    site = project.root / "notes" / "reports" / "site"
    assert (site / "two.html").is_file()
    assert not (site / "one.html").exists()
    assert "expected none" in project.press("build", "notes", "-p", "x=1")[2]


def test_what_is_not_to_be_run_is_printed_with_the_outputs_that_it_comes_with(project):
    project.add("a", "# A", "raise SystemError('it ran')", "never()", execute=False)
    file = project.root / "notebooks" / "a.ipynb"
    made = json.loads(file.read_text())
    made["cells"][2] |= {"execution_count": 1, "outputs": [{"output_type": "stream", "name": "stdout", "text": "kept"}]}
    file.write_text(json.dumps(made))
    assert project.build() == {"en/a": "ran"}
    assert "kept" in project.site()["en/a.html"].decode()
    assert "2 of 3 cells of code have not been run" in project.report()["runs"][0]["warnings"][0]
    assert project.build() == {"en/a": "reused"}
    file.write_text(file.read_text().replace("kept", "other"))
    assert project.build() == {"en/a": "ran"}
    assert "other" in project.site()["en/a.html"].decode()
    project.reports["a"] = {}
    project.write()
    project.build(code=1)
    assert "it ran" in project.report()["runs"][0]["error"]
    assert project.build("--no-execute") == {"en/a": "reused"}  # as it was printed before
