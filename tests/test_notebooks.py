"""How every notebook of the suite is kept: its cells, its two languages, and no number typed by hand. Nothing runs here."""

from __future__ import annotations

import ast
import builtins
import re
import statistics
import tomllib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LANGUAGES = ["zh", "en"]
TAGS = {"parameters", "setup", "zh", "en", "hide-input", "check"}
IMPORTS = {"bluebook", "fractions", "itertools", "pandas"}
FORBIDDEN = {"open", "exec", "eval", "compile", "input", "print", "get_ipython", "__import__"}
EXPRESSION = re.compile(r"\{eval\}`([^`]+)`")

# What may stand in prose although it looks like a number.
NAMES = ("1336", "4+2+2+2", "9+3", "UTF-8", "SHA-256")
NAMES_ZH = (
    "三个数",
    "十二五",
    "十三五",
    "十四五",
    "四梁八柱",
    "五方面",
    "两级",
    "第二批",
    "第三方",
    "一对一",
    "一件事一次办",
)
NAMES_EN = (
    "five aspects",
    "12th Five-Year Plan",
    "13th Five-Year Plan",
    "14th Five-Year Plan",
    "Four beams and eight pillars",
    "third party",
    "third-party",
    "one-to-one",
    "one to one",
)
DATE = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)(?:-\d\d(?:-\d\d)?)?")
NOT_PROSE = re.compile(r"\{eval\}`[^`]+`|\]\([^)]*\)|^ *\d+\. ", re.M)

# 一 alone is mostly an article; 两者, 三 in 再三 and the like are words: only a numeral with a measure word counts.
MEASURE = "个名家项件宗条场次支辆批级类大所座人户份种倍成年天月元万亿"
TYPED_ZH = re.compile(
    rf"(?<!\d)(?:[二两三四五六七八九十][零一二三四五六七八九十百千万亿]*|一[百千万亿十])[多余]?[{MEASURE}]"
)
TYPED_EN = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|"
    r"eighty|ninety|dozens?|hundreds?|thousands?|millions?|billions?)\b",
    re.I,
)


def typed_numbers(prose: str, lang: str | None = None) -> list[str]:
    """The numbers a person typed into prose: digits always, number words in the given language."""
    prose = DATE.sub("", NOT_PROSE.sub(" ", prose))
    for name in (*NAMES, *NAMES_ZH, *NAMES_EN):
        prose = re.sub(re.escape(name), "", prose, flags=re.I)
    words = {"zh": TYPED_ZH, "en": TYPED_EN}
    return re.findall(r"\d[\d.,]*", prose) + (words[lang].findall(prose) if lang else [])


@pytest.mark.parametrize(
    ("prose", "lang", "found"),
    [
        ("全市208万名志愿者", "zh", ["208"]),
        ("全市{eval}`book.volunteers.total`志愿者", "zh", []),
        ("十一个区,七十八个街道", "zh", ["十一个", "七十八个"]),
        ("近七成来自财政", "zh", ["七成"]),
        ("三十多项文件", "zh", ["三十多项"]),
        ("一个也不少,两者相加,一起看", "zh", []),
        ("2020年与“十二五”期末的2015年", "zh", []),
        ("“1336”与“4+2+2+2”,另有1337", "zh", ["1337"]),
        ("## 见[第二章](02-party-leadership.html)", "zh", []),
        ("## 1. Growth", "en", ["1."]),
        ("Growth of 18.8% in 2020", "en", ["18.8"]),
        ("Eleven districts over three years", "en", ["Eleven", "three"]),
        ("The 14th Five-Year Plan, and a 15th", "en", ["15"]),
        ("One of them; once; none", "en", []),
        ("| 2020 | 12020 |", "en", ["12020"]),
    ],
)
def test_a_typed_number_is_found_and_a_name_is_none(prose, lang, found):
    assert typed_numbers(prose, lang) == found


def strange_marks(prose: str, lang: str | None) -> list[str]:
    """Half-width marks beside Chinese characters; full-width ones in English, and a typewriter's apostrophes."""
    english = r"[\u3000-\u303f\uff00-\uffef]|[A-Za-z]'(?=[a-z])|(?<=s)'(?= [a-z])"
    wrong = {"zh": r"[\u4e00-\u9fff”》][,;:?!()]|[,;:?!(][\u4e00-\u9fff“《]", "en": english}
    return re.findall(wrong[lang], prose) if lang else []


@pytest.mark.parametrize(
    ("prose", "lang", "found"),
    [
        ("比上年,快", "zh", ["年,"]),
        ("比上年\uff0c快\uff08约\uff09", "zh", []),
        ("见 a,b 两列", "zh", []),
        ("faster\uff0c then", "en", ["\uff0c"]),
        ("faster, then", "en", []),
        ("the city's districts' growth", "en", ["y'", "'"]),
        ("the city’s districts’ growth", "en", []),
    ],
)
def test_marks_of_the_other_language_are_found(prose, lang, found):
    assert strange_marks(prose, lang) == found


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def tags(cell) -> set[str]:
    return set(cell.metadata.get("tags", ()))


def language(cell) -> str | None:
    return next((tag for tag in LANGUAGES if tag in tags(cell)), None)


def cells(notebook, kind: str) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def trees(notebook) -> list[ast.Module]:
    return [ast.parse(cell.source) for cell in cells(notebook, "code")]


def calls(notebook) -> Iterator[tuple[str, ast.Call]]:
    """Each call of a cell's code, with the dotted name of what is called."""
    for tree in trees(notebook):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield ast.unparse(node.func), node


def spoken_by_code(notebook) -> Iterator[tuple[str, str]]:
    """What code says in its languages, book.say("…", "…") and .named("…", "…"): each language and its words."""
    for name, call in calls(notebook):
        if name.endswith((".say", ".named")):
            assert len(call.args) == 2, ast.unparse(call)
            for lang, argument in zip(LANGUAGES, call.args, strict=True):
                constants = (node.value for node in ast.walk(argument) if isinstance(node, ast.Constant))
                yield from ((lang, value) for value in constants if isinstance(value, str))


def expressions(source: str) -> list[str]:
    return EXPRESSION.findall(source)


def names(tree: ast.AST, context: type[ast.expr_context]) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, context)}


def bound(tree: ast.AST) -> set[str]:
    """The names that code gives a meaning to."""
    imported = [
        alias for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names
    ]
    return names(tree, ast.Store) | {alias.asname or alias.name for alias in imported}


def test_there_are_notebooks():
    assert NOTEBOOKS


def test_it_is_committed_as_it_was_written(notebook):
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in cells(notebook, "code"):
        assert cell.outputs == []
        assert cell.execution_count is None
    for cell in notebook.cells:
        assert set(cell.metadata) <= {"tags"}, cell.id
        assert cell.source.strip(), cell.id


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_written_as_jupyter_writes_it(path):
    """So that an edit in JupyterLab changes the lines that were edited, and no others."""
    text = path.read_text(encoding="utf-8")
    assert text.strip() == nbformat.writes(nbformat.reads(text, as_version=4)).strip()


def test_its_tags_are_from_the_list(notebook):
    for cell in notebook.cells:
        assert tags(cell) <= TAGS, cell.id
        assert tags(cell) <= ({"zh", "en"} if cell.cell_type == "markdown" else TAGS - {"zh", "en"}), cell.id
        assert len(tags(cell) & set(LANGUAGES)) <= 1, cell.id
    assert sum("setup" in tags(cell) for cell in notebook.cells) == 1


def test_its_parameters_are_plain_literals_each_with_a_comment(notebook):
    tagged = [cell for cell in notebook.cells if "parameters" in tags(cell)]
    assert len(tagged) == 1
    statements, lines = ast.parse(tagged[0].source).body, tagged[0].source.splitlines()
    assert len(statements) == len(lines), "one parameter a line"
    for statement, line in zip(statements, lines, strict=True):
        assert isinstance(statement, ast.Assign)
        ast.literal_eval(statement.value)
        assert re.search(r"  # .*[\u4e00-\u9fff].* · .*[a-z]", line), f"a comment in both languages: {line}"
    assert {"edition", "lang"} <= bound(ast.parse(tagged[0].source))


def test_the_parameters_come_first_and_the_setup_next(notebook):
    code = cells(notebook, "code")
    assert ["parameters" in tags(code[0]), "setup" in tags(code[1])] == [True, True]


def test_it_begins_with_its_title_in_both_languages(notebook):
    titles = [cell for cell in cells(notebook, "markdown") if language(cell)][:2]
    assert [language(cell) for cell in titles] == LANGUAGES
    before = notebook.cells[: notebook.cells.index(titles[0])]
    for cell in titles:
        assert re.fullmatch(r"# \S.*", cell.source.strip()), "the title alone"
        spoken = "{eval}" in cell.source
        assert [*map(tags, before)] == [{"parameters"}, {"setup"}] * spoken, "first, or where it can speak a parameter"


def test_all_prose_stands_in_both_languages_side_by_side(notebook):
    for kind, group in groupby(notebook.cells, lambda cell: cell.cell_type):
        if kind == "markdown":
            spoken = [cell for cell in group if language(cell)]
            assert [language(cell) for cell in spoken] == LANGUAGES * (len(spoken) // 2), [cell.id for cell in spoken]


def test_both_languages_have_the_same_headings_and_the_same_numbers(notebook):
    prose = [cell for cell in cells(notebook, "markdown") if language(cell)]
    for zh, en in zip(prose[::2], prose[1::2], strict=True):
        levels = [re.findall(r"^#+(?= )", cell.source, re.M) for cell in (zh, en)]
        assert levels[0] == levels[1], zh.id
        assert set(expressions(zh.source)) == set(expressions(en.source)), zh.id


def test_each_language_has_its_own_punctuation(notebook):
    for cell in cells(notebook, "markdown"):
        assert strange_marks(NOT_PROSE.sub(" ", cell.source), language(cell)) == [], cell.id
    for lang, words in spoken_by_code(notebook):
        assert strange_marks(words, lang) == [], words


def test_code_is_short_and_mostly_prose(notebook):
    lengths = [len(cell.source.splitlines()) for cell in cells(notebook, "code")]
    assert max(lengths) <= 15
    assert statistics.median(lengths) <= 3
    assert len(cells(notebook, "markdown")) >= 0.45 * len(notebook.cells)
    for kind, group in groupby(notebook.cells, lambda cell: cell.cell_type):
        assert kind == "markdown" or len(list(group)) <= 3, "at most three code cells in a row"


def test_code_defines_installs_and_fetches_nothing(notebook):
    for tree in trees(notebook):  # which, being plain Python, holds no magics
        for node in ast.walk(tree):
            assert not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Try | ast.While)
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or "."] if isinstance(node, ast.ImportFrom) else []
            assert {module.split(".")[0] for module in modules} <= IMPORTS
        assert not names(tree, ast.Load) & FORBIDDEN


def test_every_expression_parses_and_speaks_of_what_is_there_by_then(notebook):
    known = set(dir(builtins)) - FORBIDDEN
    for cell in notebook.cells:
        if cell.cell_type == "code":
            known |= bound(ast.parse(cell.source))
        for expression in expressions(cell.source) if cell.cell_type == "markdown" else []:
            tree = ast.parse(expression.strip(), mode="eval")
            assert names(tree, ast.Load) <= known | names(tree, ast.Store), f"{cell.id}: {expression}"


def test_no_expression_is_left_half_written(notebook):
    for cell in cells(notebook, "markdown"):
        assert cell.source.count("{eval}") == len(expressions(cell.source)), cell.id


def test_no_number_is_typed_into_prose(notebook):
    for cell in cells(notebook, "markdown"):
        assert typed_numbers(cell.source, language(cell)) == [], cell.id


def test_no_number_is_typed_into_the_words_of_code(notebook):
    for lang, words in spoken_by_code(notebook):
        assert typed_numbers(words, lang) == [], words


def test_every_chart_has_an_id_and_a_title_in_both_languages(notebook):
    for name, call in calls(notebook):
        if name.startswith("charts."):
            words = {keyword.arg: keyword.value for keyword in call.keywords}
            assert isinstance(words.get("id"), ast.Constant), ast.unparse(call)
            assert ast.unparse(words["title"]).startswith("book.say("), ast.unparse(call)


def test_ids_are_unique_in_the_suite():
    found = [
        keyword.value.value
        for path in NOTEBOOKS
        for name, call in calls(nbformat.read(path, as_version=4))
        for keyword in call.keywords
        if keyword.arg == "id" and name.startswith(("charts.", "show.")) and isinstance(keyword.value, ast.Constant)
    ]
    assert sorted(found) == sorted(set(found))


def test_links_between_chapters_lead_somewhere(notebook):
    suite = tomllib.loads((NOTEBOOKS[0].parent / "suite.toml").read_text(encoding="utf-8"))
    reports = {report["name"] for report in suite["report"]}
    notebooks = {path.stem for path in NOTEBOOKS}
    for cell in cells(notebook, "markdown"):
        for target in re.findall(r"\]\(([^)\s#]+)", cell.source):
            if target.startswith(("http://", "https://")):
                continue
            name, _, suffix = target.partition(".")
            assert name in reports, f"{cell.id}: {target}"
            # JupyterLab opens a notebook; only pages that share one have nothing there
            assert suffix == ("ipynb" if name in notebooks else "html"), f"{cell.id}: {target}"


def test_the_suite_and_the_folder_hold_the_same_notebooks():
    suite = tomllib.loads((FOLDER / "suite.toml").read_text(encoding="utf-8"))
    named = {report.get("notebook", f"{report.get('name')}.ipynb") for report in suite["report"]}
    assert named == {path.name for path in NOTEBOOKS}
