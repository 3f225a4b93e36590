"""Editions broken in any way are refused in words: thousands of small mutations, each opened, checked and shown.

`BLUEBOOK_MUTATIONS=400` (how many editions; 40 without it) asks for more; every mutation is named by its seed.
"""

import csv
import io
import json
import os
import random
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from bluebook import EditionError, audit, open_edition
from bluebook.reports import diff, sections
from desk.cli import main

MANY = int(os.environ.get("BLUEBOOK_MUTATIONS", "40"))
ROOT = Path(__file__).parents[2]
NUMBERS = [
    "9" * 290,
    "9" * 5000,
    "1e999",
    "-1",
    "0",
    "１２",
    "٣",
    "0.5",
    "0." + "0" * 50 + "1",
    "9亿亿亿亿亿亿亿亿亿亿亿亿亿亿亿",
]
CELLS = [
    *NUMBERS, "", " ", "\n", "a\n", "\x00", "\ud800", "\u202e", "\ufeff", '"', "a,b", "=1+1", "x" * 200_000, "605个", "15.5%", "三分之零",
    "百分之", "3—5年", "翻番", "近七成", "-5元", "负5%", "零", "半", "万", "2020", "20", "2020-13", "2020/2010", "9999-99-99", "share", "count",
    "growth", "duration", "nope", "../../etc/passwd", "livelihood", "livelihood.spending", "livelihood.spending.x", "context.nope.1",
    "(" * 250, "1/0", "livelihood.spending / (livelihood.share - livelihood.share)", "volunteers.total * volunteers.total", "=", "<", "!=",
    "/", " / ", "中 / English / x", "http://", "official", "yes", "1 2 x", "futian",
]  # fmt: skip
VALUES = [
    None, True, 0, -1, 1.5, 10**400, "", " ", "x", "\x00", "\ud800", [], {}, [[]], [None], ["x"], {"x": 1}, {"zh": 1}, {"zh": None, "en": []},
    "../../etc/passwd", "/etc/passwd", "http://127.0.0.1:9/x.csv", "nope.csv", "*.csv", "figures.csv", "a" * 100_000, {"id": "x"}, "utf-16",
    "string", "integer", "date", "[", "(?P<", [{"name": "x"}], [{"id": []}],
]  # fmt: skip


def places(value, keys=()):
    """Where something stands in a document, as keys from its root."""
    yield keys
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*keys, key))


def mutated_json(package, chance):
    """A document with one place of it replaced, dropped, renamed, doubled or wrapped; likelier near its root."""
    depth = chance.choice([0, 1, 1, 2, 2, 3, 3, 4, 9])
    *keys, last = chance.choice([keys for keys in places(package) if len(keys) <= depth] or [()]) or [None]
    if last is None:
        return chance.choice([package[key] for key in package] + VALUES + [[package]])
    parent = package
    for key in keys:
        parent = parent[key]
    kind = chance.choice(["put", "put", "drop", "wrap", "double", "rename"])
    if kind == "drop":
        del parent[last]
    elif kind == "wrap":
        parent[last] = chance.choice([[parent[last]], {"x": parent[last]}, {last: parent[last]}])
    elif kind == "double" and isinstance(parent, list):
        parent.append(parent[last])
    elif kind == "rename" and isinstance(parent, dict):
        parent[
            chance.choice(["x", "path", "name", "scheme", "type", "format", "encoding", "data", "dialect", "layout"])
        ] = parent.pop(last)
    else:
        parent[last] = chance.choice(VALUES)
    return package


def mutate_package(folder, chance):
    path = folder / "datapackage.json"
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):  # broken already, by a mutation before this one
        return
    package = mutated_json(package, chance)
    path.write_text(json.dumps(package), encoding="utf-8")


def mutate_cells(folder, chance):
    """One to three cells, headers among them, of a table."""
    path = chance.choice(sorted(folder.glob("*.csv")))
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    for _ in range(chance.choice([1, 1, 2, 3])):
        row = rows[chance.choice([0, *range(len(rows))])]
        other = chance.choice(chance.choice(rows))
        row[chance.randrange(len(row))] = chance.choice([*CELLS, other, other])
    _write(path, rows)


def mutate_rows(folder, chance):
    path = chance.choice(sorted(folder.glob("*.csv")))
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    kind = chance.choice(["drop", "double", "shuffle", "none", "header", "short", "long", "blank", "column"])
    at = chance.randrange(len(rows))
    if kind == "drop":
        del rows[at]
    elif kind == "double":
        rows.insert(at, rows[at])
    elif kind == "shuffle":
        chance.shuffle(rows)
    elif kind in ("none", "header"):
        rows = rows[: kind == "header"]
    elif kind == "short":
        rows[at] = rows[at][:-1]
    elif kind == "long":
        rows[at] = [*rows[at], "x"]
    elif kind == "blank":
        rows.insert(at, [])
    else:
        column = chance.randrange(len(rows[0]))
        rows = [[cell for n, cell in enumerate(row) if n != column] for row in rows]
    _write(path, rows)


def mutate_bytes(folder, chance):
    path = chance.choice(sorted(folder.iterdir()))
    content = path.read_bytes()
    at = chance.randrange(len(content))
    path.write_bytes(
        chance.choice(
            [
                content[:at]
                + chance.choice([b"\0", b"\xff", b'"', b"\r", b",", b"\n", b"\xef\xbb\xbf", b"{", b"]"])
                + content[at:],
                content[:at],
                content[at:],
                b"",
                b"\xef\xbb\xbf" + content,
                b"\xff\xfe" + content.decode("utf-8").encode("utf-16-le"),
                content.decode("utf-8").encode("gb18030"),
                content.replace(b"\n", b"\r"),
                content.replace(b'"', b"'"),
                content * 20,
                b"[" * 200_000,
                b'{"a":' * 200_000,
                os.urandom(64) if chance.random() < 0 else bytes(chance.randrange(256) for _ in range(500)),
            ]
        )
    )


def mutate_files(folder, chance):
    path = chance.choice(sorted(folder.iterdir()))
    path.unlink()
    if chance.random() < 0.5:
        path.mkdir()


MUTATIONS = [
    mutate_package,
    mutate_package,
    mutate_package,
    mutate_cells,
    mutate_cells,
    mutate_cells,
    mutate_rows,
    mutate_bytes,
    mutate_files,
]


def _write(path: Path, rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8", errors="surrogatepass")


def shown(root: Path, name: str, lang: str) -> None:
    """All that an edition is opened for."""
    book = open_edition(name, lang=lang, root=root)
    list(book.context)
    assert len(book.figures)
    audit(book)
    parts = [
        *sections.chapters(book), *sections.audited(book), *sections.notes(book), *sections.missing(book),
        *sections.excluded_kinds(book), sections.headlines(book), sections.readings(book),
    ]  # fmt: skip
    assert parts
    assert sections.taken_from(book)
    sections.exceptions(book)
    book._repr_html_()
    for other in diff.editions(book):
        found = diff.compare(other, book)
        list(diff.lines(found))
        list(diff.tables(book, found))
    if len(diff.editions(book)) > 1:
        list(diff.trends(book))


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A root whose editions may be broken, one at a time."""
    return tmp_path_factory.mktemp("desk")


def broken(desk: Path, seed: int) -> str:
    """Write the editions anew, one of them with the mutations of a seed; its name."""
    shutil.rmtree(desk / "data", ignore_errors=True)
    shutil.copytree(ROOT / "data", desk / "data")
    chance = random.Random(seed)
    name = chance.choice(["shenzhen-2021", "shenzhen-2021", "shenzhen-2019"])
    for _ in range(chance.choice([1, 1, 1, 2])):
        try:
            chance.choice(MUTATIONS)(desk / "data" / name, chance)
        except (ValueError, OSError, KeyError, IndexError, TypeError):
            continue  # a second mutation of what the first left no edition
    return name


def said(*words: str) -> str:
    """What a command says; it ends as its help says, without a traceback."""
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), (words, repr(result.exception))
    assert result.exit_code in (0, 1, 2), words
    assert "Traceback" not in result.output
    result.output.encode("utf-8")
    assert result.exit_code == 0 or result.output.strip(), words
    return result.output


TEXTS = sorted((Path(__file__).parent / "texts").glob("*.txt"))
PIECES = [
    "9" * 290, "9" * 5000, "亿" * 70, "比2030年增长5%", "三分之零", "〇" * 40, "1/0", "-" * 50, "%" * 50, "一" * 5000, "\0", "\u202e", "１２３，４５６", "\r", "\x1c", "\u2028", "\n\n", "\t",
    "0.0000000000000000000000000000001%", "翻零番", "万亿亿亿亿亿亿亿亿元", "12,34,56", "<b>605个</b>", "=1+1", '"', ",", "2023/24", "٣٤٥", "二〇二〇年", "至", "（", "）",
]  # fmt: skip


def mutated_text(seed: int) -> bytes:
    chance = random.Random(seed)
    text = chance.choice(TEXTS).read_text(encoding="utf-8")[:3000]
    for _ in range(chance.choice([1, 2, 5])):
        at = chance.randrange(len(text) + 1)
        text = chance.choice(
            [text[:at] + chance.choice(PIECES) + text[at:], text[:at] + text[at + chance.randrange(30) :]]
        )
    encoded = text.encode(chance.choice(["utf-8"] * 6 + ["utf-8-sig", "gb18030", "utf-16"]), errors="replace")
    at = chance.randrange(len(encoded))
    return encoded if chance.random() < 0.8 else encoded[:at] + bytes([chance.randrange(256)]) + encoded[at:]


@pytest.mark.parametrize("seed", range(MANY))
def test_any_text_is_scanned_and_its_draft_opens_or_it_is_refused_in_words(tmp_path, seed):
    path, root = tmp_path / "text.txt", ("--root", str(tmp_path))
    path.write_bytes(mutated_text(seed))
    (tmp_path / "data").mkdir()
    said("scan", str(path), *(["--json"] if seed % 2 else []))
    written = said("new", "town-2022", "--source", str(path), *root)
    if "is drafted" in written:
        book = open_edition("town-2022", lang="zh", root=tmp_path)
        assert len(book.figures)
        assert "Traceback" not in said("check", "town-2022", *root, "--source", str(path))


def refusal(root: Path, name: str, lang: str) -> str:
    """Why an edition cannot be shown; "" where it can."""
    try:
        shown(root, name, lang)
    except EditionError as error:
        return str(error) or "no words"
    return ""


@pytest.mark.parametrize("seed", range(MANY))
def test_a_broken_edition_is_refused_in_words(desk, source_text, seed):
    """Opened, checked, audited, compared and shown: each in a language, and with the source for every other."""
    name, root = broken(desk, seed), ("--root", str(desk))
    source = ("--source", str(source_text)) if source_text and seed % 2 else ()
    found = said("check", name, *root, *source)
    why = refusal(desk, name, "zh" if seed % 4 < 2 else "en")
    assert not why or "no problems" not in found, why
    said("audit", name, *root, *(["--json"] if seed % 2 else []))
    said("diff", "shenzhen-2019", "shenzhen-2021", *root, *([] if seed % 2 else ["--json"]))
