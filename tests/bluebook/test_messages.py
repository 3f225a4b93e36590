"""The book's own words: that code and files agree on them, that languages agree with each other, and a third language."""

from __future__ import annotations

import ast
import csv
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from string import Formatter

import pytest
from babel import Locale

from bluebook import messages
from bluebook.messages import FALLBACK, FOLDER, Language, MessageError, language, languages, message, message_parts
from bluebook.numbers.words import PREFIXES, SYMBOLS, UNITS

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "lib" / "bluebook"
FILES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
ENGLISH = FILES[FALLBACK]
OTHERS = [code for code in FILES if code != FALLBACK]
OWN_FIELDS = {
    "district.mentions",
    "editions.moved",
    "editions.moved_or_undecided",
}  # where languages may use different ones of the fields that they are given


def forms(template: str | dict[str, str]) -> list[str]:
    return [template] if isinstance(template, str) else list(template.values())


def fields(template: str | dict[str, str]) -> set[str]:
    return {field for form in forms(template) for _, field, _, _ in Formatter().parse(form) if field is not None}


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    """Each call in the library that asks for a message by a literal key: where, the call, and the key."""
    for path in sorted(LIBRARY.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name not in ("message", "sentence", "message_parts"):
                continue
            for argument in node.args[:2]:
                for key in ast.walk(argument):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str) and "." in key.value:
                        yield f"{path.name}:{node.lineno}", node, key.value


def literals() -> set[str]:
    """The texts that stand in the library's code."""
    return {
        node.value
        for path in LIBRARY.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def lacking(code: str) -> list[str]:
    """What a language says in English because its file does not."""
    return [key for key in ENGLISH["messages"] if key not in FILES[code].get("messages", {})]


def test_there_are_messages_and_calls_to_check():
    assert len(ENGLISH["messages"]) > 200
    assert len(list(calls())) > 100


def test_every_key_that_code_asks_for_has_a_message():
    assert [(where, key) for where, _, key in calls() if key not in ENGLISH["messages"]] == []


def test_every_message_is_asked_for():
    used = literals()
    assert [key for key in ENGLISH["messages"] if key not in used] == []


def test_code_gives_all_fields_of_a_message():
    wrong = []
    for where, call, key in calls():
        given = {keyword.arg for keyword in call.keywords}
        if None in given:  # **fields
            continue
        for code, content in FILES.items():
            wrong += [(where, code, key, name) for name in fields(content["messages"].get(key, "")) - given]
    assert wrong == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_has_no_message_that_english_has_not(code):
    assert set(FILES[code]["messages"]) - set(ENGLISH["messages"]) == set()
    assert set(FILES[code]["numbers"]) == set(ENGLISH["numbers"])


def test_chinese_lacks_nothing():
    assert lacking("zh") == []


@pytest.mark.parametrize("code", OTHERS)
def test_languages_have_the_same_fields(code):
    for key, template in FILES[code]["messages"].items():
        if key not in OWN_FIELDS:
            assert fields(template) == fields(ENGLISH["messages"][key]), key


@pytest.mark.parametrize("code", FILES)
def test_forms_are_those_of_the_language(code):
    locale = Locale.parse(FILES[code]["numbers"]["locale"])
    of_counts = {*locale.plural_form.rules, "other"}
    of_ordinals = {*locale.ordinal_form.rules, "other"}
    for key, template in {**FILES[code]["messages"], **FILES[code]["units"]}.items():
        if not isinstance(template, str):
            assert "other" in template, key
            assert set(template) <= (of_ordinals if key == "number.ordinal" else of_counts), key


@pytest.mark.parametrize("code", FILES)
def test_a_language_names_units_that_there_are(code):
    assert [unit for unit in FILES[code]["units"] if unit not in (*UNITS, "百分点", "千分点")] == []


def test_every_language_says_every_message():
    for code in languages():
        for key in ENGLISH["messages"]:
            given = dict.fromkeys(fields(language(code).template(key)) | fields(ENGLISH["messages"][key]), "«x»")
            given.pop("count", None)
            said = message(code, key, **given, count=3)
            assert "{" not in said, key


def test_a_number_chooses_the_form():
    assert [message("en", "explore.count", count=count) for count in (1, 2)] == ["1 number", "2 numbers"]
    assert [message("zh", "explore.count", count=count) for count in (1, 2)] == ["1个数字", "2个数字"]


def test_parts_keep_the_objects_that_they_are_given():
    given = object()
    assert message_parts("zh", "label.value", label="a", value=given) == ["a", "：", given]


def test_what_there_is_not_is_refused():
    with pytest.raises(MessageError, match='unknown language "xx": expected one of en, zh'):
        message("xx", "quantity.exact")
    with pytest.raises(MessageError, match=r'unknown language "\.\./en"'):
        language("../en")
    with pytest.raises(MessageError, match=r'no message "quantity\.nothing"'):
        message("zh", "quantity.nothing")
    with pytest.raises(KeyError, match="value"):
        message("en", "label.value", label="a")


def test_what_a_language_lacks_is_said_in_english():
    empty = Language("xx", language("en").numbers, {}, {})
    assert empty.template("quantity.exact") == "exact"
    assert empty.template("explore.count", 1) == "{count} number"
    assert empty.unit("吨", 2) == "tonnes"
    assert Language("xx", language("zh").numbers, {}, {}).unit("吨", 2) == ""


# a third language

PSEUDO = "qaa"
GEORGIAN, ETHIOPIC = 0x10D0, 0x1200
LETTERS = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]+")


def pseudo(text: str) -> str:
    """A text in a language that nobody speaks: its fields stay, every letter and character becomes another."""
    said = ""
    for words, field, _, _ in Formatter().parse(text):
        for character in words:
            if "a" <= character.lower() <= "z":
                character = chr(GEORGIAN + ord(character.lower()) - ord("a"))
            elif "\u4e00" <= character <= "\u9fff":
                character = chr(ETHIOPIC + ord(character) % 64)
            said += character
        said += "" if field is None else f"{{{field}}}"
    return said


def pseudo_language() -> dict[str, object]:
    def translated(part: str) -> dict[str, object]:
        return {key: pseudo(forms(template)[-1]) for key, template in ENGLISH[part].items()}

    numbers = {**ENGLISH["numbers"], "locale": "ka"}
    return {"numbers": numbers, "messages": translated("messages"), "units": translated("units")}


PAGES = """
import json, sys
from bluebook import audit, blocks, charts, diff, open_edition, sections, show
from bluebook.reports.districts import Districts
from bluebook.reports.stories import stories

book = open_edition("shenzhen-2021", sys.argv[1], sys.argv[2])
shown = [sections.headlines(book), show.figures_table(book), show.cited_table(book, book.cited().dropna(subset="quantity"))]
for section in (sections.chapters, sections.audited, sections.notes, sections.missing, sections.excluded_kinds):
    shown += section(book)
shown += [sections.readings(book), *diff.trends(book), *diff.tables(book, diff.nearest(book))]
verdicts = audit(book)
shown.append(blocks.squares(verdicts, href="a.html", id="squares", title="1"))
shown.append(charts.forest([one for one in verdicts if one.id.startswith("views-")], id="views", title="1"))
shown.append(blocks.checks_table(book, verdicts, id="checks", title="1"))
shown.append(blocks.stories(book, stories(book, verdicts), href="a.html", id="stories", title="1"))
series = {"": book.cited("volunteers.registered")}
shown.append(charts.trend(series, id="series", title="1", reference={"1": book.volunteers.total}))
districts = Districts(book)
shown.append(districts.overview("overview", "{}.html"))
lines = [sections.exceptions(book), sections.taken_from(book)]
for district in districts:
    shown += [district.cards("cards"), district.table(), district.places("places"), district.menu("menu", "{}.html")]
    shown += [district.mentions("mentions"), district.unfound_table("unfound"), district.conflicts_table("conflicts")]
    lines += map(str, [district.lead, district.growth, district.ten_years, district.mention, district.gaps])
SKIPPED = ("id", "figures", "folder", "narrow", "room")  # of a record: no words

def words(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from () if key in SKIPPED else words(one)
    elif isinstance(value, list):
        for one in value:
            yield from words(one)

for one in shown:
    if one is not None:
        data, metadata = one._repr_mimebundle_()
        lines += [data["text/plain"], data.get("text/html", ""), *words(metadata)]
        layout = data.get("application/vnd.plotly.v1+json", {}).get("layout", {})
        lines += [annotation["text"] for annotation in layout.get("annotations", [])]
print("\\n".join(lines))
"""


def texts_of_the_data() -> list[str]:
    """What the edition says itself."""
    texts: set[str] = set()

    def collect(value: object) -> None:
        if isinstance(value, dict):
            for one in value.values():
                collect(one)
        elif isinstance(value, list):
            for one in value:
                collect(one)
        elif isinstance(value, str):
            texts.update([value, *value.split(" / ")])

    for folder in (ROOT / "data").glob("shenzhen-*"):
        collect(json.loads((folder / "datapackage.json").read_text(encoding="utf-8")))
        for path in folder.glob("*.csv"):
            with path.open(encoding="utf-8-sig", newline="") as file:
                collect(list(csv.reader(file)))
    return sorted(texts)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The words of an edition's pages in a language that is a file more than there are."""
    folder = tmp_path_factory.mktemp("third")
    shutil.copytree(LIBRARY, folder / "bluebook", ignore=shutil.ignore_patterns("__pycache__"))
    content = json.dumps(pseudo_language(), ensure_ascii=False)
    (folder / "bluebook" / FOLDER.name / f"{PSEUDO}.json").write_text(content, encoding="utf-8")
    command = [sys.executable, "-c", PAGES, PSEUDO, str(ROOT)]
    environment = {"PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8", "PATH": ""}
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    return run.stdout


def test_a_third_language_is_a_file(pages):
    assert pseudo(ENGLISH["messages"]["quantity.exact"]) in pages
    assert pseudo("The book names") in pages
    assert messages.languages() == tuple(sorted(FILES))


def test_in_a_third_language_nothing_is_left_of_the_others(pages):
    text = unescape(re.sub(r"</?[a-z][^>]*>", _spoken_attributes, pages))
    data = texts_of_the_data()
    vocabulary = {word for one in data for word in LETTERS.findall(one)}
    symbols = {word for symbol in (*PREFIXES.values(), *SYMBOLS.values()) for word in LETTERS.findall(symbol)}
    assert set(LETTERS.findall(text)) - vocabulary - symbols == set()
    for content in FILES.values():
        for key, template in content["messages"].items():
            pieces = [piece for form in forms(template) for piece, *_ in Formatter().parse(form)]
            for piece in pieces:
                if _is_telling(piece) and not any(piece in one for one in data):
                    assert piece not in text, key


def _is_telling(piece: str) -> bool:
    """Whether words are enough of a message to be known by: two words, or three Chinese characters."""
    return len(re.findall("[A-Za-z]+", piece)) > 1 or len(re.findall("[\u4e00-\u9fff]", piece)) > 2


def _spoken_attributes(tag: re.Match[str]) -> str:
    """What of a tag is read out or shown when one points at it."""
    return " ".join(["", *re.findall(r'(?:title|aria-label|data-label)="([^"]*)"', tag[0]), ""])
