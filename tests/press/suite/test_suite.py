"""What a suite allows runs; everything else is a sentence that says where, what was found and what was wanted."""

import json
import re
from pathlib import PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from press.credits import Work
from press.page.render import Page
from press.suite import SuiteError, plan, read_suite, select
from press.tags import CellRules

DEFAULTS = (
    'edition = "a"  # edition\nlang = "en"  # language\ncount = 3  # how many\nrate = 0.5\ncode = "07"\nfull = True'
)


@pytest.fixture
def suite(project):
    for name in ("a", "b"):
        folder = project.root / "data" / name
        folder.mkdir(parents=True)
        (folder / "datapackage.json").write_text("{}")
    (project.root / "data" / "draft").mkdir()
    project.head = (
        'title = { zh = "书", en = "Book" }\nlanguages = ["zh", "en"]\npath = "{edition}/{lang}/{name}"\n'
        '[parameters.edition]\ndefault = "a"\nfolders = "../data/*/datapackage.json"\n'
        "[parameters.count]\nchoices = [3, 4]\n"
    )
    project.add("one", (DEFAULTS, "parameters"))
    project.add("two", (DEFAULTS, "parameters"), matrix={"count": [3, 4]}, languages=["en"])
    return project


def runs(project, given=None, **options):
    return plan(read_suite(project.root / "notebooks" / "suite.toml"), given, **options)


def test_runs_are_reports_times_matrix_times_languages(suite):
    assert [run.path for run in runs(suite)] == ["a/zh/one", "a/en/one", "a/en/two-3", "a/en/two-4"]


def test_a_run_has_every_parameter_of_its_notebook(suite):
    first, *_, last = runs(suite)
    assert first.params == {"edition": "a", "lang": "zh", "count": 3, "rate": 0.5, "code": "07", "full": True}
    assert last.params["count"] == 4


def test_allowed_folders_are_those_with_the_file(suite):
    assert {run.params["edition"] for run in runs(suite, {"edition": "b"})} == {"b"}
    with pytest.raises(SuiteError, match=r'one\.ipynb.*found "draft", allowed: a, b'):
        runs(suite, {"edition": "draft"})


@pytest.mark.parametrize(
    ("given", "value"),
    [({"code": "0755"}, "0755"), ({"count": "4"}, 4), ({"rate": "2"}, 2.0), ({"full": "FALSE"}, False)],
)
def test_words_are_read_by_the_type_of_the_default(suite, given, value):
    found = runs(suite, given)[0].params[next(iter(given))]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"cuont": "3"}, 'no notebook has a parameter "cuont".*code, count, edition'),
        ({"count": "４"}, 'one.ipynb.*found "４", expected a whole number'),
        ({"count": "04"}, 'found "04", expected a whole number'),
        ({"count": "5"}, "one.ipynb.*found 5, allowed: 3, 4"),
        ({"rate": "nan"}, 'found "nan", expected a number'),
        ({"full": "yes"}, "expected true or false"),
        ({"edition": "../../etc"}, "allowed: a, b"),
        ({"code": "x"}, None),
    ],
)
def test_wrong_words_are_told(suite, given, words):
    if words is None:
        assert runs(suite, given)
    else:
        with pytest.raises(SuiteError, match=words):
            runs(suite, given)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"paramters": {}}, 'report 3: unknown key "paramters": expected one of name, notebook'),
        ({"parameters": {"cuont": 3}}, 'report "bad", parameters.cuont: bad.ipynb has no parameter "cuont"'),
        ({"parameters": {"count": "3"}}, 'parameter "count": found "3", expected a whole number'),
        ({"parameters": {"count": True}}, "found true, expected a whole number"),
        ({"parameters": {"count": 9}}, "found 9, allowed: 3, 4"),
        ({"matrix": {"count": []}}, "expected a list of values"),
        ({"matrix": {"rate": "*"}}, "neither folders nor choices"),
        ({"matrix": {"code": ["../x"]}}, r"cannot name a page.*or a slug for the value: { value = …, slug = "),
        ({"matrix": {"code": ["x", "x"]}}, "would both be written"),
        ({"languages": ["fr"]}, "found fr, the suite has zh, en"),
        ({"formats": ["doc"]}, 'found "doc", expected one of html, pdf'),
        ({"timeout": 0}, "expected seconds above 0"),
        ({"memory": "2 gigs"}, 'found "2 gigs", expected a size like "2 GB"'),
        ({"notebook": "absent.ipynb"}, "no notebook at"),
        ({"title": 3}, "found 3, expected text or a table"),
    ],
)
def test_a_wrong_report_is_told(suite, settings, words):
    suite.add("bad", (DEFAULTS, "parameters"), **settings)
    with pytest.raises(SuiteError, match=words):
        runs(suite)


LONG = "x" * 121
ODD_NAMES = ["../x", "/x", ".x", "x/y", "x\\y", "x.", "x\0y", "C:", "x y", "x\u202ey", "x\uff0fy", "\u2025", LONG]
ODD_NAMES += ["con", "NUL.x", "Com1", "index", "search", "assets", "Releases"]


@pytest.mark.parametrize("name", [*ODD_NAMES, ""])
def test_a_report_stays_in_the_site(suite, name):
    suite.add("good", (DEFAULTS, "parameters"))
    text = (suite.root / "notebooks" / "suite.toml").read_text()
    changed = text.replace('name = "good"', f"name = '{name}'\nnotebook = 'good.ipynb'")
    (suite.root / "notebooks" / "suite.toml").write_text(changed)
    if name:
        with pytest.raises(SuiteError, match=r"cannot name a page|not TOML"):
            runs(suite)


@pytest.mark.parametrize("name", [name for name in ODD_NAMES if "/" not in name and "\0" not in name])
def test_an_edition_stays_in_the_site(suite, name):
    folder = suite.root / "data" / name
    folder.mkdir()
    (folder / "datapackage.json").write_text("{}")
    suite.head = suite.head.replace('default = "a"', 'default = "*"')
    suite.write()
    with pytest.raises(SuiteError, match="cannot name a page"):
        runs(suite)


@given(st.one_of(st.sampled_from(ODD_NAMES), st.text()))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_parameter_stays_in_the_site_or_is_refused(suite, name):
    suite.reports["one"] = {"matrix": {"code": [name]}}
    suite.write()
    try:
        paths = [run.path for run in runs(suite) if run.report.name == "one"]
    except SuiteError:
        return
    assert {PurePosixPath(path).parent.as_posix() for path in paths} == {"a/zh", "a/en"}
    assert not any(re.search(r"[^\w./-]|[.]$", path) or len(path.encode()) > 140 for path in paths)


@pytest.mark.parametrize(("one", "other"), [("Café", "cafe\u0301"), ("a", "A"), ("ﬁne", "fine"), ("x1", "x１")])
def test_names_that_a_file_system_may_take_for_one_are_refused(suite, one, other):
    suite.add("one", (DEFAULTS, "parameters"), matrix={"code": [one, other]})
    with pytest.raises(SuiteError, match=r"would both be written to|cannot name"):
        runs(suite)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("titel = 1\n", 'unknown key "titel"'),
        ("title = 1\n", "found 1, expected text or a table"),
        ("languages = [1]\n", 'expected a language code like "en"'),
        ("[site]\nurl = 'javascript:alert(1)'\n", 'url: found "javascript:alert.1.", expected the http.s. address'),
        ("[site]\nauthor = { zh = 1 }\n", r"author: found zh = 1, expected a language and its text"),
        ("[site]\nfigures = 'none'\n", 'no report is named "none": expected one of one, two'),
        ("[site.figures]\nnone = '*'\n", 'no report is named "none": expected one of one, two'),
        ("[site.figures]\none = '*a'\n", r'figures.one: found "\*a", expected the beginning of an id and'),
        ("[site.figures]\none = [1]\n", "figures.one: found 1, expected the beginning of an id and"),
        ("[site.figures]\none = 'a*'\ntwo = ['a*']\n", r'"one" and "two" both have the rows of "a\*"'),
        ("[press]\nprelaod = []\n", r'\[press\]: unknown key "prelaod"'),
        ("[parameters.cuont]\ndefault = 3\n", 'no notebook has a parameter "cuont"'),
        ("[parameters.count]\ndefault = 9\nchoices = [3]\n", "found 9, allowed: 3"),
        ("[parameters.count]\nfolders = 'none/*'\n", 'nothing is found at "none/\\*"'),
        ("path = '{edtion}/{name}'\n", "has no 'edtion', only name, "),
        ("path = '../{name}'\n", "cannot name a page"),
        ("title =\n", "not TOML"),
    ],
)
def test_a_wrong_suite_is_told(suite, head, words):
    suite.head = head
    suite.reports = {"one": {}, "two": {}}
    suite.write()
    with pytest.raises(SuiteError, match=words):
        runs(suite)


@pytest.mark.parametrize(
    "default",
    "1 + len('x')|10**6|date(2024, 1, 1)|{1, 2}|(1, 2)|{1: 'a'}|1e999|b'x'|1j|...|[(1,)]|{[]: 1}".split("|"),
)
def test_a_default_that_is_no_plain_literal_is_left_to_the_notebook(suite, default):
    suite.add("odd", (f"{DEFAULTS}\nodd = {default}", "parameters"))
    made = [run for run in runs(suite) if run.report.name == "odd"]
    assert made
    assert all("odd" not in run.params and run.params["count"] == 3 for run in made)
    with pytest.raises(SuiteError, match=r'-p odd=5 .odd.ipynb.: found "5", but its default is computed.*literal'):
        runs(suite, {"odd": "5"})
    suite.add("odd", (f"{DEFAULTS}\nodd = {default}", "parameters"), parameters={"odd": [1, "x"]})
    assert [run.params["odd"] for run in runs(suite) if run.report.name == "odd"] == [[1, "x"]] * 2


def test_a_computed_default_has_the_type_of_the_suites(suite):
    suite.head += "[parameters.odd]\ndefault = 3\n"
    suite.add("odd", (f"{DEFAULTS}\nodd = 10**6", "parameters"))
    assert {run.params["odd"] for run in runs(suite) if run.report.name == "odd"} == {3}
    assert {run.params["odd"] for run in runs(suite, {"odd": "5"}) if run.report.name == "odd"} == {5}
    with pytest.raises(SuiteError, match='found "five", expected a whole number'):
        runs(suite, {"odd": "five"})


@pytest.mark.parametrize("line", ["%matplotlib inline", "!ls", "files = !ls", "len?"])
def test_magics_stand_beside_parameters(suite, line):
    suite.add("odd", (f"{line}\n{DEFAULTS}", "parameters"))
    assert all("count" in run.params for run in runs(suite))


BROKEN = ["x = = 3", "x = (", 'x = "', "  x = 3", "def f(:", "x = 1 +", "if x", "\0", "x = " + "(" * 999]


@pytest.mark.parametrize("line", BROKEN, ids=range(len(BROKEN)))
def test_a_parameters_cell_that_is_not_python_is_planned_by_the_lines_that_are(suite, line):
    before = {run.path: run.params for run in runs(suite)}
    suite.add("odd", (f"{DEFAULTS}\n{line}", "parameters"))
    after = {run.path: run.params for run in runs(suite)}
    assert before.items() <= after.items()
    assert {run.params["count"] for run in runs(suite, {"count": "4"}) if run.report.name == "odd"} == {4}


@pytest.mark.parametrize(
    ("language", "cell"),
    [("R", 'edition <- "a"\nn <- 3'), ("bash", "edition=a\nn=3"), ("julia", 'edition = "a"; n = 3')],
)
def test_parameters_of_other_languages_are_known_by_name(suite, language, cell):
    suite.head = 'title = "Book"\nlanguages = ["en"]\n'
    suite.reports = {}
    suite.add("other", (cell, "parameters"), parameters={"edition": "b"})
    file = suite.root / "notebooks" / "other.ipynb"
    file.write_text(file.read_text().replace('"python"', f'"{language}"'))
    (run,) = runs(suite)
    assert run.params == {"edition": "b"}
    (run,) = runs(suite, {"edition": "2"})
    assert run.params == {"edition": 2}


def test_what_is_given_is_for_the_reports_that_are_asked_for(suite):
    suite.add("computed", (f"{DEFAULTS}\ncount = len('x')", "parameters"))
    suite.add("plain", (f"{DEFAULTS}\ncount = 1", "parameters"))
    book = read_suite(suite.root / "notebooks" / "suite.toml")
    with pytest.raises(SuiteError, match="its default is computed"):
        plan(book, {"count": "4"})
    counts = {
        run.params.get("count") for run in plan(book, {"count": "4"}, only=["plain"]) if run.report.name == "plain"
    }
    assert counts == {4}


ODD_NAMES_OF_PARAMETERS = "name path report params self title print items page pm match type 年份 _".split()


@pytest.mark.parametrize("name", ODD_NAMES_OF_PARAMETERS)
def test_a_parameter_may_be_called_anything(suite, name):
    suite.add("odd", (f'{DEFAULTS}\n{name} = "x"', "parameters"), languages=["en"])
    suite.add("many", (f'{DEFAULTS}\n{name} = "x"', "parameters"), languages=["en"])
    suite.reports["odd"]["parameters"] = {f'"{name}"': "given"}
    suite.reports["many"]["matrix"] = {f'"{name}"': ["u", "v"]}
    suite.write()
    made = {run.path: run.params[name] for run in runs(suite) if name in run.params}
    assert made == {"a/en/odd": "given", "a/en/many-u": "u", "a/en/many-v": "v"}


@pytest.mark.parametrize("name", ["class", "None", "a b", "a-b", ""])
def test_what_no_notebook_can_declare_is_told(suite, name):
    suite.add("odd", (DEFAULTS, "parameters"), parameters={f'"{name}"': "given"})
    with pytest.raises(SuiteError, match=f'odd.ipynb has no parameter "{name}"'):
        runs(suite)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("nan", "found nan, expected a finite number"),
        ("[-inf]", "found -inf, expected a finite number"),
    ],
)
@pytest.mark.parametrize("place", ["parameters", "matrix", "default", "choices", "schedule"])
def test_a_value_that_no_notebook_can_be_given_is_told(suite, value, words, place):
    suite.add("odd", (f"{DEFAULTS}\nx = None", "parameters"))
    file = suite.root / "notebooks" / "suite.toml"
    tables = {
        "parameters": f"parameters = {{ x = {value} }}",
        "matrix": f"matrix = {{ x = [{value}] }}",
        "default": f"[parameters.x]\ndefault = {value}",
        "choices": f"[parameters.x]\nchoices = [{value}]",
        "schedule": f'[[schedule]]\nname = "s"\ncron = "0 0 * * *"\nparameters = {{ x = {value} }}',
    }
    file.write_text(f"{file.read_text()}\n{tables[place]}\n")
    with pytest.raises(SuiteError, match=words):
        runs(suite)


@pytest.mark.parametrize(
    ("written", "given"),
    [
        ("2024-05-01", "2024-05-01"),
        ("2024-05-01T12:00:00Z", "2024-05-01T12:00:00+00:00"),
        ("12:00:00", "12:00:00"),
        ("[1, [2024-05-01]]", [1, ["2024-05-01"]]),
        ("{ a = { b = 2024-05-01 } }", {"a": {"b": "2024-05-01"}}),
    ],
)
def test_a_date_is_given_to_a_notebook_as_its_text(suite, written, given):
    suite.add("odd", (f"{DEFAULTS}\nx = None", "parameters"))
    file = suite.root / "notebooks" / "suite.toml"
    file.write_text(f'{file.read_text()}\nmatrix.x = [{{ value = {written}, slug = "first" }}, 1]\n')
    english = [run for run in runs(suite) if run.lang == "en" and "x" in run.params]
    assert [run.params["x"] for run in english] == [given, 1]


VALUES = [-3, 10**40, "two\nlines", 'a "quoted" \\ word', "", [1, [2, ["x"]]], {"a": {"b": [None]}}, True, -0.5, 1e22]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_notebooks_own_value_is_its_default(suite, value):
    suite.add("odd", (f"{DEFAULTS}\nx = {value!r}\ny = None", "parameters"))
    assert [run.params["x"] for run in runs(suite) if "x" in run.params] == [value] * 2
    assert runs(suite)[-1].params["y"] is None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"count": "9" * 5000}, "expected a whole number"),
        ({"rate": "1e999"}, "found inf, expected a finite number"),
        ({"some": "[NaN]"}, "found nan, expected a finite number"),
        ({"some": "[" * 100_000}, "expected a list as JSON"),
        ({"code": "\udc80"}, "not UTF-8"),
    ],
    ids=["long", "large", "no number", "deep", "bytes"],
)
def test_words_that_are_no_value_are_told(suite, given, words):
    suite.add("one", (f"{DEFAULTS}\nsome = []", "parameters"))
    with pytest.raises(SuiteError, match=words):
        runs(suite, given)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"outputs": "fold"}, 'outputs: found "fold", expected one of show, hide, remove'),
        ({"outputs": True}, "outputs: found true, expected text"),
        ({"silent": [3]}, "silent: found 3, expected the tag of a cell"),
        ({"silent": "setup"}, 'silent: found "setup", expected a list'),
        ({"stderr": "yes"}, 'stderr: found "yes", expected true or false'),
        ({"errors": 1}, "errors: found 1, expected true or false"),
    ],
)
def test_a_wrong_word_about_cells_is_told(suite, settings, words):
    suite.add("bad", (DEFAULTS, "parameters"), **settings)
    with pytest.raises(SuiteError, match=words):
        runs(suite)


def test_what_a_report_says_of_its_cells_beats_what_the_suite_says(suite):
    suite.head += '[press]\nsilent = ["setup"]\noutputs = "hide"\nstderr = true\n'
    suite.add("own", (DEFAULTS, "parameters"), outputs="show", silent=[], errors=True)
    told = {run.report.name: run.report.cells for run in runs(suite)}
    assert told["one"] == CellRules(("zh", "en"), ("setup",), "hide", stderr=True)
    assert told["own"] == CellRules(("zh", "en"), (), "show", stderr=True, errors=True)


def test_a_file_that_is_no_notebook_is_planned_like_the_others(suite):
    suite.add("bad", "1")
    (suite.root / "notebooks" / "bad.ipynb").write_text("{}")
    assert "bad" in {run.path.rpartition("/")[2] for run in runs(suite)}


def test_only_what_there_is_can_be_chosen(suite):
    book = read_suite(suite.root / "notebooks" / "suite.toml")
    planned = plan(book)
    assert [run.path for run in select(book, planned, ["one"], ["en"])] == ["a/en/one"]
    with pytest.raises(SuiteError, match='no report "three": expected one of one, two'):
        select(book, planned, ["three"])
    with pytest.raises(SuiteError, match="no such language: expected one of zh, en"):
        select(book, planned, [], ["fr"])


def test_a_thousand_parameter_sets_are_planned(suite):
    suite.head = "title = 'Book'\nlanguages = ['en']\n"
    suite.add("many", ("i = 0", "parameters"), matrix={"i": list(range(1000))})
    suite.reports = {"many": suite.reports["many"]}
    suite.write()
    assert len({run.path for run in runs(suite)}) == 1000


EACH = '[parameters.edition]\ndefault = "*"\nfolders = "../data/*/datapackage.json"\n'


@pytest.fixture
def editions(suite):
    """The suite, printing each edition there is."""
    suite.head = 'title = "Book"\npath = "{edition}/{lang}/{name}"\n' + EACH
    suite.reports = {}
    suite.add("any", (DEFAULTS, "parameters"))
    return suite


def test_a_default_of_all_is_a_run_for_each_value(editions):
    assert [run.path for run in runs(editions)] == ["a/en/any", "b/en/any"]
    assert [run.path for run in runs(editions, {"edition": "b"})] == ["b/en/any"]


def test_a_default_of_all_needs_to_know_what_all_is(editions):
    editions.head = editions.head.replace('folders = "../data/*/datapackage.json"\n', "")
    editions.write()
    with pytest.raises(SuiteError, match=r'"\*/en/any" cannot name a page|cannot name a page'):
        runs(editions)


def test_a_report_is_printed_for_the_values_it_is_for(editions):
    editions.add("chapter", (DEFAULTS, "parameters"), **{"for": {"edition": ["a"]}})
    assert [run.path for run in runs(editions)] == ["a/en/any", "b/en/any", "a/en/chapter"]
    assert [run.path for run in runs(editions, {"edition": "b"})] == ["b/en/any"]


@pytest.mark.parametrize(
    ("meant", "there"), [(["!a"], {"b"}), (["!a", "!b"], set()), (["a", "b", "!b"], {"a"}), (["!c"], {"a", "b"})]
)
def test_a_report_is_printed_for_all_values_but_those_it_is_not_for(editions, meant, there):
    editions.add("rest", (DEFAULTS, "parameters"), **{"for": {"edition": meant}})
    assert {run.params["edition"] for run in runs(editions) if run.report.name == "rest"} == there


def test_a_report_can_ask_for_a_number_of_values(editions):
    editions.add("compare", (DEFAULTS, "parameters"), **{"for": {"edition": 2}})
    assert [run.path for run in runs(editions, {"edition": "b"})] == ["b/en/any", "b/en/compare"]
    (editions.root / "data" / "b" / "datapackage.json").unlink()
    assert [run.path for run in runs(editions)] == ["a/en/any"]


def test_a_report_can_ask_for_a_file_in_the_folder_of_a_value(editions):
    editions.add("cited", (DEFAULTS, "parameters"), **{"for": {"edition": "context.csv"}})
    assert [run.path for run in runs(editions)] == ["a/en/any", "b/en/any"]
    (editions.root / "data" / "b" / "context.csv").write_text("id\n\n")
    assert [run.path for run in runs(editions)] == ["a/en/any", "b/en/any"]  # a page of nothing is none
    (editions.root / "data" / "b" / "context.csv").write_text("id\npeople.2020\n")
    assert [run.path for run in runs(editions)] == ["a/en/any", "b/en/any", "b/en/cited"]


@pytest.mark.parametrize(
    ("rows", "is_there"),
    [
        (["people.*"], True),
        (["budget.*"], False),
        (["*", "!people.*"], False),
        (["!budget.*"], True),
        (["people"], False),
    ],
)
def test_a_report_can_ask_for_rows_of_a_file(editions, rows, is_there):
    editions.add("cited", (DEFAULTS, "parameters"), **{"for": {"edition": {"file": "context.csv", "rows": rows}}})
    (editions.root / "data" / "b" / "context.csv").write_text("\ufeffid,period\npeople.2020,2020\n", encoding="utf-8")
    assert ("b/en/cited" in [run.path for run in runs(editions)]) == is_there


@pytest.mark.parametrize(
    ("series", "there"), [(("x", "x"), {"a", "b"}), (("x", "y"), set()), (("x", ""), set()), (("", ""), set())]
)
def test_a_report_can_ask_for_values_of_one_series(editions, series, there):
    editions.head += 'about = { series = "place" }\n'
    editions.add("compare", (DEFAULTS, "parameters"), **{"for": {"edition": {"least": 2, "alike": True}}})
    for name, told in zip("ab", series, strict=True):
        path = editions.root / "data" / name / "datapackage.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), "place": told}))
    assert {run.params["edition"] for run in runs(editions) if run.report.name == "compare"} == there


def test_a_file_needs_a_folder_to_be_in(editions):
    editions.add("cited", (DEFAULTS, "parameters"), **{"for": {"edition": "context.csv"}})
    editions.head = editions.head.replace('folders = "../data/*/datapackage.json"', 'choices = ["a", "b"]')
    editions.write()
    with pytest.raises(SuiteError, match=r'found "context\.csv", but .parameters.edition. names no folders'):
        runs(editions)


def test_a_figure_has_its_row_where_the_longest_beginning_of_its_id_says(suite):
    suite.head += "[site.figures]\ntwo = ['context.*']\none = '*'\n"
    suite.write()
    figures = read_suite(suite.root / "notebooks" / "suite.toml").figures
    assert figures == {"": "one", "context.": "two"}
    page = Page("three", "en", "Three", "en/three", figures=figures)
    assert (page.table_of("spending"), page.table_of("context.spending")) == ("one", "two")


def test_a_notebook_that_asks_is_told_which_figures_have_their_rows_in_its_report(suite):
    suite.add("one", (DEFAULTS + '\nfigure_rows = {"of": [""], "but": []}', "parameters"))
    suite.head += "[site.figures]\none = ['context.*', 'other.*']\ntwo = ['*', 'context.people.*']\n"
    suite.write()
    told = {run.report.name: run.params for run in runs(suite)}
    assert told["one"]["figure_rows"] == {"of": ["context.", "other."], "but": ["context.people."]}
    assert "figure_rows" not in told["two"]


def test_asking_for_a_report_where_it_is_not_for_is_told(editions):
    editions.add("chapter", (DEFAULTS, "parameters"), **{"for": {"edition": ["a"]}})
    editions.add("compare", (DEFAULTS, "parameters"), **{"for": {"edition": 3}})
    book = read_suite(editions.root / "notebooks" / "suite.toml")
    with pytest.raises(SuiteError, match="report chapter: nothing to print: it is for edition = a"):
        select(book, plan(book, {"edition": "b"}), ["chapter"])
    with pytest.raises(SuiteError, match="it is for 3 or more values of edition"):
        select(book, plan(book), ["compare"])
    editions.add("cited", (DEFAULTS, "parameters"), **{"for": {"edition": "context.csv"}})
    book = read_suite(editions.root / "notebooks" / "suite.toml")
    with pytest.raises(SuiteError, match=r"it is for each edition that has context\.csv"):
        select(book, plan(book), ["cited"])


@pytest.mark.parametrize(
    ("meant", "words"),
    [
        ({"editon": ["a"]}, 'for.editon: any.ipynb has no parameter "editon"'),
        ({"edition": 1.5}, "for.edition: found 1.5, expected a list of values, the least number of them, or a file"),
        ({"lang": "a.csv"}, 'for.lang: any.ipynb has no parameter "lang"'),
        ({"edition": []}, "expected a list of values"),
        ({"edition": 0}, "expected a list of values"),
        ({"edition": {}}, "expected a list of values"),
        ({"edition": {"file": 3}}, "expected a list of values"),
        ({"edition": {"fil": "a.csv"}}, "expected a list of values"),
        ({"edition": {"file": "a.csv", "rows": [1]}}, "expected rows as a list of patterns"),
        ({"edition": True}, "found true"),
    ],
)
def test_a_wrong_for_is_told(editions, meant, words):
    editions.reports["any"] = {"for": meant}
    editions.write()
    with pytest.raises(SuiteError, match=words):
        runs(editions)


ABOUT = 'about = { title = "titles", author = "by", date = "issued" }\n'


def about(project, told, after=""):
    (project.root / "data" / "b" / "datapackage.json").write_text(told)
    project.head += ABOUT + after
    project.write()
    book = read_suite(project.root / "notebooks" / "suite.toml")
    return [book.about(run) for run in plan(book)]


def test_the_folder_of_a_value_tells_title_author_and_date(editions):
    first, second = about(editions, '{"titles": {"en": "B", "zh": "乙"}, "by": "Them", "issued": "2024"}')
    assert first == {"title": "Book", "author": "", "date": ""}
    assert second == {"title": "B", "author": "Them", "date": "2024"}


def test_what_a_folder_does_not_tell_the_suite_does_and_a_moment_is_a_day(editions):
    first, second = about(
        editions, '{"titles": {"en": "B"}, "issued": "2024-02-03T10:00:00Z"}', '[site]\nauthor = "Us"\ndate = "2025"\n'
    )
    assert first == {"title": "Book", "author": "Us", "date": "2025"}
    assert second == {"title": "B", "author": "Us", "date": "2024-02-03"}


BASED_ON = '[[site.based_on]]\ntitle = { en = "A report", zh = "报道" }\nauthor = "Somebody"\nreports_on = { title = "A book" }\n'


def based_on(project, told, after=BASED_ON):
    (project.root / "data" / "b" / "datapackage.json").write_text(told)
    project.head += 'about = { title = "titles", based_on = "sources" }\n' + after
    project.write()
    book = read_suite(project.root / "notebooks" / "suite.toml")
    return [book.based_on_of(run) for run in plan(book)]


def test_pages_are_based_on_what_their_folder_tells_else_on_what_the_suite_says(editions):
    [first], [second] = based_on(
        editions, '{"sources": [{"title": "Eine", "title_en": "One", "publisher": "P"}, {}, 3]}'
    )
    assert (first.title, first.author, first.reports_on.title) == ("A report", "Somebody", "A book")
    assert second == Work("One", publisher="P")


@pytest.mark.parametrize("told", ["{", "[]", '{"sources": "x"}', '{"sources": []}', '{"sources": [{"title": 3}]}'])
def test_a_suite_that_names_no_works_says_nothing_of_any(editions, told):
    assert based_on(editions, told, after="") == [(), ()]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('author = "x"', r"\[site\] based_on 1: no title"),
        ('title = ""', r"\[site\] based_on 1: no title"),
        ("title = 3", r"based_on 1, title: found 3, expected text or a table"),
        ('title = "x"\nauthor = { en = 1 }', r"based_on 1, author: found en = 1, expected a language and its text"),
        (
            'title = "x"\nauthors = "y"',
            r'based_on 1: unknown key "authors": expected one of title, author, publisher, date, url',
        ),
        ('title = "x"\nreports_on = { publisher = "y" }', r"reports_on.* based_on 1: no title"),
    ],
)
def test_a_wrong_work_is_told(editions, table, words):
    with pytest.raises(SuiteError, match=words):
        based_on(editions, "{}", after=f"[[site.based_on]]\n{table}\n")


@pytest.mark.parametrize("told", ["{", "[]", "3", '{"titles": 3}', '{"titles": {"fr": "B"}}', '{"titles": null}'])
def test_a_folder_that_tells_nothing_sensible_stops_no_other(editions, told):
    assert [words["title"] for words in about(editions, told)] == ["Book", "Book"]


def test_a_wrong_about_is_told(editions):
    editions.head += 'about = { titel = "titles" }\n'
    editions.write()
    with pytest.raises(SuiteError, match=r'about: unknown key "titel": expected one of title, author, date'):
        runs(editions)


def test_the_folder_of_a_value_says_what_its_pages_are_about(editions):
    editions.head = editions.head.replace('.json"\n', '.json"\nabout = { description = "descriptions" }\n')
    (editions.root / "data/a/datapackage.json").write_text('{"descriptions": {"en": "Numbers of A."}}')
    editions.write()
    suite = read_suite(editions.root / "notebooks/suite.toml")
    assert [suite.description_of(run) for run in plan(suite)] == ["Numbers of A.", ""]


# values with names


STATES = [
    {"value": "NY", "slug": "new-york", "title": {"en": "New York", "zh": "纽约"}},
    {"value": "LA", "title": "Louisiana"},
    "TX",
]


def test_a_value_of_a_matrix_has_a_title_and_an_address_of_its_own(suite):
    suite.add(
        "state", (DEFAULTS, "parameters"), matrix={"code": STATES}, title="State of {code}, {else}", languages=["en"]
    )
    found = [run for run in runs(suite) if run.report.name == "state"]
    assert [(run.params["code"], run.path, run.title) for run in found] == [
        ("NY", "a/en/state-new-york", "State of New York, {else}"),
        ("LA", "a/en/state-LA", "State of Louisiana, {else}"),
        ("TX", "a/en/state-TX", "State of TX, {else}"),
    ]


def test_a_value_that_no_title_names_is_refused_and_says_which_there_are(suite):
    suite.add("state", (DEFAULTS, "parameters"), matrix={"code": STATES}, languages=["en"])
    assert [run.path for run in runs(suite, {"code": "NY"}) if run.report.name == "state"] == ["a/en/state-new-york"]
    with pytest.raises(SuiteError, match=r'-p code=nowhere .*found "nowhere", allowed: NY, LA, TX'):
        runs(suite, {"code": "nowhere"})


def test_values_can_be_the_rows_of_a_file(suite):
    (suite.root / "states.csv").write_text("id,en,zh\nNY,New York,纽约\nLA,Louisiana,路易斯安那\n", encoding="utf-8")
    rows = {"rows": "../states.csv", "value": "id", "title": {"en": "en", "zh": "zh"}}
    suite.add("state", (DEFAULTS, "parameters"), matrix={"code": rows}, title="{code}", languages=["en"])
    found = [run for run in runs(suite) if run.report.name == "state"]
    assert [(run.path, run.title) for run in found] == [("a/en/state-NY", "New York"), ("a/en/state-LA", "Louisiana")]


@pytest.mark.parametrize(
    ("values", "content", "said"),
    [
        ({"rows": "../none.csv", "value": "id"}, "", r"none.csv: cannot be read: No such file"),
        (
            {"rows": "../states.csv", "value": "code"},
            "id\nNY\n",
            r'states.csv, row 2: no column "code": expected one of id',
        ),
        ({"rows": "../states.csv", "value": "id"}, "id,en\nNY,a\n,b\n", r'row 3, column "id": found nothing'),
        ({"rows": "../states.csv", "value": "id"}, "id\n", r"states.csv: found no rows"),
        ({"rows": "../states.csv", "value": "id"}, "id\n\x80", r"states.csv: cannot be read as CSV in UTF-8"),
        ({"rows": "../states.csv"}, "id\nNY\n", r'no "value": expected the file \(rows\) and its column of values'),
        (
            {"rows": "../states.csv", "value": "id", "name": "x"},
            "id\nNY\n",
            r'unknown key "name": expected one of rows',
        ),
        ({"rows": "../states.csv", "value": "id"}, "id\n../x\n", r"cannot name a page"),
        ({"rows": "../states.csv", "value": "id"}, "id\nNY\nNY\n", r"would both be written"),
        ([{"value": "NY", "slug": 3}], "", r"slug: found 3, expected text"),
        ([{"value": "NY", "title": ["x"]}], "", r"title: found \['x'\], expected a text, or a table of a language"),
        ([{"value": "NY", "named": "x"}], "", r'unknown key "named": expected one of value, slug, title'),
    ],
)
def test_what_is_wrong_with_the_values_of_a_matrix_is_said(suite, values, content, said):
    (suite.root / "states.csv").write_bytes(content.encode("latin-1"))
    suite.add("state", (DEFAULTS, "parameters"), matrix={"code": values})
    with pytest.raises(SuiteError, match=said):
        runs(suite)


def test_the_rows_of_figures_can_lie_on_a_page_for_each_value(suite):
    cell = 'edition = "a"\ncode = "NY"\nlang = "en"\nfigure_rows = {"of": [""], "but": []}'
    suite.add("state", (cell, "parameters"), matrix={"code": STATES})
    suite.add("rest", (cell, "parameters"))
    suite.head += '[site.figures]\nrest = "*"\nstate = ["state.{code}.*", "people.{code}.*"]\n'
    suite.write()
    read = read_suite(suite.root / "notebooks" / "suite.toml")
    assert read.figures["state.new-york."] == "state-new-york"
    assert read.figures["people.TX."] == "state-TX"
    rows = {run.path: run.params["figure_rows"] for run in plan(read) if "figure_rows" in run.params}
    assert rows["a/en/state-new-york"]["of"] == ["people.new-york.", "state.new-york."]
    assert len(rows["a/en/rest"]["but"]) == 2 * len(STATES)
