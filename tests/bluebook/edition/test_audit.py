"""The audit: what an expression may say, how verdicts fall, and what is refused."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from bluebook import audit, open_edition
from bluebook.edition import reads
from bluebook.edition.audit import CAN, OPPOSITE, VERDICTS, Verdict
from bluebook.edition.edition import EditionError
from bluebook.numbers.quantity import published
from desk.cli import main

HEADER = "id left relation right statement_zh statement_en note".split()


@pytest.fixture
def audited(edition_copy):
    """A function that audits the edition with these checks instead of its own."""

    def audited(*checks, lang="en"):
        with (edition_copy / "checks.csv").open("w", encoding="utf-8", newline="") as file:
            rows = [[f"c{n}", *check, "论断", "Claim", "甲 / A"] for n, check in enumerate(checks, 1)]
            csv.writer(file).writerows([HEADER, *rows])
        return audit(open_edition("shenzhen-2021", lang, root=edition_copy.parents[1]))

    return audited


def number(printed, lang="en"):
    return published(printed, figure="a.b", lang=lang)


def verdict(left, relation, right, lang="en"):
    return Verdict("c", "Claim", "", relation, number(left, lang), number(right, lang), lang=lang)


# verdicts, worked by hand

# 38亿元 is [37.5亿, 38.5亿), 39亿元 [38.5亿, 39.5亿), 近七成 [65%, 70%), 30多项 [30, 40)
CASES = [
    ("605个", "=", "605个", "agrees", True, None),  # exact and exact
    ("605个", "=", "606个", "disagrees", False, 1),
    ("30多项", "=", "30项", "agrees", False, None),  # a closed end and an exact number on it
    ("30多项", "=", "40项", "disagrees", False, 0),  # an open end and an exact number on it: they only touch
    ("30多项", "=", "41项", "disagrees", False, 1),
    ("30项以上", "=", "40项以上", "disagrees", False, 0),  # open and closed
    ("30项以上", "=", "30项以下", "agrees", False, None),  # closed and closed
    ("38亿元", "=", "39亿元", "disagrees", False, 0),  # half-open and half-open
    ("38亿元", "=", "38.4亿元", "agrees", False, None),
    ("38亿元", "=", "40亿元", "disagrees", False, 10**8),
    ("近七成", "=", "70%", "agrees", False, None),  # [65, 70) and [69.5, 70.5)
    ("近七成", "=", "70.5%", "disagrees", False, 0.0045),  # percentage points, to 70.45
    ("3个", "<=", "3个", "agrees", True, None),
    ("4个", "<=", "3个", "disagrees", False, 1),
    ("3个", "<", "3个", "disagrees", False, 0),
    ("3个", ">=", "3个", "agrees", True, None),
    ("3个", ">", "3个", "disagrees", False, 0),
    ("30多项", "<=", "39项", "agrees", False, None),  # some are, some are not
    ("30多项", "<=", "40项", "agrees", True, None),
    ("30多项", "<", "40项", "agrees", True, None),  # the open end never reaches 40
    ("40项", "<=", "30多项", "disagrees", False, 0),
    ("30多项", ">=", "40项", "disagrees", False, 0),
    ("30多项", "<=", "30项", "agrees", False, None),  # only by its closed end
    ("30多项", "<", "30项", "disagrees", False, 0),
    ("30多项", ">", "30项", "agrees", False, None),
    ("38亿元", "<", "39亿元", "agrees", True, None),
    ("39亿元", "<", "38亿元", "disagrees", False, 0),
    ("39亿元", "<=", "38亿元", "disagrees", False, 0),
    ("78家", "=", "78个", "agrees", True, None),  # things that are counted are alike
]


@pytest.mark.parametrize(("left", "relation", "right", "word", "always", "gap"), CASES)
def test_verdicts_fall_as_worked_by_hand(left, relation, right, word, always, gap):
    found = verdict(left, relation, right)
    assert (found.verdict, found.always) == (word, always)
    assert (None if found.gap is None else float(found.gap)) == gap


@pytest.mark.parametrize(("left", "relation", "right"), [case[:3] for case in CASES])
def test_what_holds_for_all_holds_for_some_and_its_opposite_for_none(left, relation, right):
    found = verdict(left, relation, right)
    assert not found.always or found.verdict == "agrees"
    if relation in OPPOSITE:
        assert found.always == (verdict(left, OPPOSITE[relation], right).verdict == "disagrees")
        turned = verdict(right, relation.translate(str.maketrans("<>", "><")), left)
        assert (turned.verdict, turned.always) == (found.verdict, found.always)
    else:
        assert verdict(right, relation, left).verdict == found.verdict


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("left", "relation", "right", "word", "gap"), [(*case[:4], case[5]) for case in CASES])
def test_a_sentence_tells_both_ranges_and_the_gap_in_its_language(lang, left, relation, right, word, gap):
    found = verdict(left, relation, right, lang)
    for side in found.sides:
        assert (side.text if side.exact else side.bounds_text) in found.sentence or found.sentence.startswith(
            ("Both", "两边")
        )
    assert bool(re.search("[一-鿿]", found.sentence)) == (lang == "zh")
    assert not gap or found.gap.text in found.sentence
    assert found.word in {"agrees", "disagrees", "一致", "不一致"}
    assert (found.verdict == "disagrees") == (found.gap is not None), word


def test_a_gap_is_rounded_down_so_that_at_least_stays_true():
    found = verdict("38亿元", "=", "40.12345亿元")
    apart = 4012345000 - 5000 - 3850000000  # half a unit of the last digit below, to the upper end of the other
    assert found.gap.value <= apart < found.gap.value + 10**5 * 10
    assert "at least" in found.sentence
    assert "at least" not in verdict("605个", "=", "606个").sentence


# expressions


def test_an_expression_reckons_with_bounds_as_quantities_do(audited, book):
    [found] = audited(("micro.allocation * structure.communities * micro.years", "=", "micro.funds"), lang=book.lang)
    by_hand = book.micro.allocation * book.structure.communities * book.micro.years
    assert (found.left.low, found.left.high, found.left.unit) == (by_hand.low, by_hand.high, by_hand.unit)
    assert float(found.left.low) == 1_995_000 * 707 * 3
    assert float(found.gap) == 381_000_000  # 4.231395 billion, written 4.231, − 3.85 billion
    assert found.inputs == ("micro.allocation", "structure.communities", "micro.years", "micro.funds")
    assert (found.verdict, found.chapter) == ("disagrees", "safeguards")


@pytest.mark.parametrize(
    ("left", "value"),
    [
        ("liaison.points - liaison.increase", 316),
        ("liaison.points-liaison.increase", 316),
        ("(liaison.points - 5) / 3", 200),
        ("1 - 0.5 * (liaison.points / liaison.points)", 0.5),
        ("2 * 3 * structure.districts - 6 / 3", 64),
        ("structure.districts * (1 / 3)", 11 / 3),
        ("100 / 8 * structure.districts", 137.5),
    ],
)
def test_arithmetic_has_its_usual_order_and_is_exact(audited, left, value):
    [found] = audited((left, "=", "1"))
    assert float(found.left) == value


def test_a_plain_number_is_read_in_the_other_sides_unit(audited):
    money, ratio, left = audited(
        ("micro.funds", ">=", "3750000000"), ("volunteers.share", "<=", "0.16"), ("9", "=", "rectification.streets")
    )
    assert [v.verdict for v in (money, ratio, left)] == ["agrees"] * 3
    assert (money.right.unit, ratio.right.text, left.left.unit) == ("元", "16%", "个")


REFUSED = [
    "9" * 290,
    "liaison.points + " + "9" * 290,
    "liaison.points / 0." + "0" * 280 + "1",
    "liaison.points" + " * 999999999999999999999999" * 8,
    "liaison.points / (" + " / ".join(["0.000000000000000000000001"] * 9) + ")",
    "__import__('os')",
    "().__class__",
    "liaison.points.__class__",
    "(liaison.points).value",
    "liaison.points()",
    "open(liaison.points)",
    "liaison.points ** 9",
    "9 ** 9 ** 9 * liaison.points",
    "9**9**9 + liaison.points",
    "liaison.points // 2",
    "liaison.points % 2",
    "liaison.points if 1 else 2",
    "liaison.points == 1",
    "liaison.points and 1",
    "not liaison.points",
    "liaison.points[0]",
    "[liaison.points]",
    "{liaison.points}",
    "lambda: liaison.points",
    "'a' * 999999999",
    '"a"',
    "f'{liaison.points}'",
    "liaison.points; import os",
    "liaison.points\nliaison.increase",
    "x := liaison.points",
    "liaison.points, 1",
    "-liaison.points",
    "+liaison.points",
    "~liaison.points",
    "liaison.points liaison.increase",
    "liaison.points +",
    "(liaison.points",
    "1e999 * liaison.points",
    "0x10 * liaison.points",
    "1_000 * liaison.points",
    "１ * liaison.points",
    "liaison.points # a comment",
    "()",
    "eval",
    "@",
    "1.2.3 * liaison.points",
    "(" * 160 + "liaison.points" + ")" * 160,
    " + ".join(["liaison.points"] * 50),
    "9" * 5000 + " * liaison.points",
]


@pytest.mark.parametrize("expression", REFUSED)
@pytest.mark.parametrize("side", ["left", "right"])
def test_nothing_but_arithmetic_is_evaluated(audited, expression, side):
    check = (expression, "=", "liaison.points") if side == "left" else ("liaison.points", "=", expression)
    [found] = audited(check)
    assert re.search(rf"(?s)checks.csv, row 2 \(c1\), column {side}: found .*(expected|but) ", found.error)
    assert len(found.error) < 700
    assert found.verdict == "cannot tell"


def test_a_refused_expression_is_refused_although_a_number_is_missing(audited):
    [found] = audited(("context.liaison.points.2019 (liaison.points)", "=", "liaison.points"))
    assert re.search(r"row 2 \(c1\), column left", found.error)


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (("liaison.point", "=", "1"), r"row 2 \(c1\), column left: found \"liaison.point\", but shenzhen-2021 has no figure liaison.point; close ids: liaison.points"),
        (("liaison.points", "=", "context.population.resident.1066"), r"column right: .* has no figure context.population.resident.1066; close ids: context.population"),
        (("1 / (liaison.points - liaison.points)", "=", "2"), r"row 2 \(c1\), column left: found .*cannot divide by liaison.points - liaison.points: it is zero"),
        (("liaison.points / (micro.funds - 3800000000)", "=", "2"), "column left: .*cannot divide by .* hold zero"),
        (("liaison.points * (1 / (2 - 2))", "=", "2"), "column left: found .*: .*division by zero|Fraction"),
        (("micro.funds + volunteers.total", "=", "1"), r"row 2 \(c1\), column left: found .*units do not match: micro.funds in 元 and volunteers.total in 名"),
        (("micro.funds", "=", "volunteers.total"), r"row 2 \(c1\): units do not match: found .*元.*名, expected one unit"),
        (("micro.funds", "=", "volunteers.share"), r"row 2 \(c1\): units do not match: found .*元.*no unit"),
        (("micro.years", "=", "structure.districts"), r"units do not match"),
        (("safety.items / organisations.social", "=", "medical.inspections / medical.cases"), "units do not match: found .*条/家"),
        (("1", "=", "2"), r"row 2 \(c1\): found 1 and 2, expected a figure on one side at least"),
        (("liaison.points", "~", "1"), r"row 2 \(c1\), column relation: found \"~\", expected one of = < > <= >="),
        (("", "=", "liaison.points"), r"row 2 \(c1\), column left: found \"\", expected an expression"),
    ],
)  # fmt: skip
def test_a_check_that_makes_no_sense_says_which_where_and_why(audited, check, said):
    [found] = audited(check)
    assert re.search(f"checks.csv, .*{said}", found.error)
    assert found.error in found.sentence
    assert (found.verdict, found.gap, found.always) == ("cannot tell", None, False)


def test_the_row_at_fault_is_named(audited):
    right, wrong = audited(("liaison.points", "=", "605"), ("liaison.points", "=", "nothing.here"))
    assert (right.error, right.verdict) == ("", "agrees")
    assert "row 3 (c2)" in wrong.error


# what is missing


def test_a_number_that_was_looked_for_and_not_found_leaves_it_open(audited, book):
    [found] = audited(("liaison.points - liaison.increase", "=", "context.liaison.points.2019"), lang=book.lang)
    assert (found.verdict, found.right, found.gap, found.always) == ("cannot tell", None, None, False)
    assert float(found.left) == 316
    [lacking] = found.missing
    assert (lacking.figure, lacking.period) == ("context.liaison.points.2019", "2019")
    assert lacking.label in found.sentence
    assert found.left.text in found.sentence
    assert lacking.note
    assert lacking.url.startswith("http")


def test_what_was_not_found_is_no_figure(book):
    with pytest.raises(KeyError, match=r"context.liaison.points.2019 was looked for and not found"):
        book["context.liaison.points.2019"]
    assert "liaison" not in dir(book.context)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (",17560061人,", ",,", r'context.csv, row \d+ \(population.census.2020\), column confidence: found "official", expected nothing'),
        (",近11%,,share,", ",111%,,share,", r"\(volunteers.share.2016_12\), column printed: found \"111%\", expected a share between nothing and the whole"),
        (",近11%,,share,", ",近11%,,portion,", r"\(volunteers.share.2016_12\), column measure: found \"portion\", expected one of count, level"),
        (",近11%,,share,", ",近11%,,duration,", r"column measure: found \"duration\", expected a measure that 近11% can have: share"),
        (",press,", ",,", r'column confidence: found "", expected official, press or secondary'),
        (",press,", ",hearsay,", r'column confidence: found "hearsay", expected official'),
        (",17560061人,", ",many,", r'column printed: found "many", expected a number with its unit'),
    ],
)  # fmt: skip
def test_a_number_and_its_confidence_are_there_or_missing_together(edition_copy, old, new, said):
    path = edition_copy / "context.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(EditionError, match=said):
        audit(open_edition("shenzhen-2021", root=edition_copy.parents[1]))


def test_an_edition_without_checks_has_none(edition_copy):
    (edition_copy / "checks.csv").unlink()
    assert audit(open_edition("shenzhen-2021", root=edition_copy.parents[1])) == []


# the edition's own checks


def test_the_book_is_audited_and_known_verdicts_fall_so(book):
    found = {v.id: v.verdict for v in audit(book)}
    assert len(found) >= 25
    assert {found[id] for id in ("residents-before-census", "streets", "pairing-towns", "kindergarten-inclusive")} == {
        "agrees"
    }
    disagree = ("residents-census", "micro-total", "views-residents-2019", "beds-2020", "beds-mid-2020")
    assert {found[id] for id in disagree} == {"disagrees"}
    changed = ("livelihood-fall", "livelihood-rest", "expenditure-2019", "kindergarten-mid-year", "micro-cost-2021")
    assert {found[id] for id in changed} == {"changed"}
    assert {found[id] for id in ("liaison-before", "expenditure-2020", "physicians", "communities")} == {"cannot tell"}
    assert set(found.values()) == set(VERDICTS)


def test_every_disagreement_comes_with_an_explanation_and_every_gap_in_the_data_with_a_place(book):
    for v in audit(book):
        assert v.note or v.verdict == "agrees", v.id
        assert (v.verdict == "cannot tell") == bool(v.missing), v.id
        assert all(one.place and one.note for one in v.missing), v.id


# what it reads


def test_an_audit_reads_the_figures_it_names_and_no_others(audited, monkeypatch):
    monkeypatch.setattr(reads, "_noted", {})
    audited(("volunteers.total / volunteers.share", "=", "context.liaison.points.2019"))
    noted = {(Path(e["file"]).name, e.get("key"), e.get("value")) for e in reads._noted.values()}
    figures = {("figures.csv", "id", f"volunteers.{name}") for name in ("total", "share")}
    assert noted == figures | {("context.csv", "id", "liaison.points.2019")}


def test_context_is_opened_only_when_it_is_asked_for(edition_copy):
    (edition_copy / "context.csv").write_text("id\nbroken\n", encoding="utf-8")
    book = open_edition("shenzhen-2021", root=edition_copy.parents[1])
    assert book.volunteers.total.figure == "volunteers.total"
    assert "context" in dir(book)
    with pytest.raises(EditionError, match=r"context.csv"):
        book["context.population.census.2020"]


# the command


def run(*arguments, root):
    return CliRunner().invoke(main, [*arguments, "--root", str(root)])


def test_disagreements_are_findings_and_the_command_succeeds(root):
    result = run("audit", "shenzhen-2021", root=root)
    assert result.exit_code == 0
    assert "micro-total: disagrees\n" in result.output
    assert "cannot tell" in result.output.splitlines()[-1]


def test_a_machine_gets_every_verdict_with_intervals_gap_and_both_languages(root, book):
    report = json.loads(run("audit", "shenzhen-2021", "--json", root=root).output)
    verdicts = audit(book)
    assert sum(report["verdicts"].values()) == len(report["checks"]) == len(verdicts)
    for check, v in zip(report["checks"], verdicts, strict=True):
        assert (check["id"], check["verdict"]) == (v.id, v.verdict)
        assert check["sentence"][book.lang] == v.sentence
        assert (check["gap"] is None) == (v.holds is not False)
        assert (check["story"], check["holds"]) == (v.story, v.holds)
        for name in ("left", "right"):
            side = getattr(v, name)
            assert (check[name] or {}).get("low") == (None if side is None else float(side.low))


@pytest.mark.parametrize("command", ["audit", "check"])
def test_broken_checks_and_unknown_editions_have_their_exit_codes(edition_copy, command):
    root = edition_copy.parents[1]
    assert run(command, "nope", root=root).exit_code == 2
    assert run(command, "shenzhen-2021", "--verbose", root=root).exit_code == 2
    path = edition_copy / "checks.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("mediation.cases,", "mediation.case,", 1), encoding="utf-8"
    )
    result = run(command, "shenzhen-2021", root=root)
    assert result.exit_code == 1
    assert re.search(r"checks.csv, row \d+ \(mediation-successes\), column right", result.output)
    assert "Traceback" not in result.output


def test_help_has_an_example():
    result = CliRunner().invoke(main, ["audit", "--help"])
    assert "bluebook audit shenzhen-2021 --json" in result.output


def test_each_relation_has_a_meaning_and_a_word():
    assert set(CAN) == {*OPPOSITE, "="}


# a run


@pytest.mark.slow
def test_a_changed_row_reruns_only_what_read_it(edition_copy):
    """Two notebooks, one that audits and one that reads another figure, printed by the command a user types."""
    root = edition_copy.parents[1]
    (root / "notebooks").mkdir()
    suite = (
        '[parameters.edition]\ndefault = "shenzhen-2021"\n[[report]]\nname = "audit"\n[[report]]\nname = "vehicles"\n'
    )
    (root / "notebooks" / "suite.toml").write_text('languages = ["en"]\nformats = ["html"]\n' + suite, encoding="utf-8")
    opened = "from bluebook import audit, open_edition\nbook = open_edition(edition, lang)"
    for name, code in (("audit", "len(audit(book))"), ("vehicles", "book.vehicles.monitored")):
        parameters = nbformat.v4.new_code_cell('edition = ""\nlang = ""', metadata={"tags": ["parameters"]})
        cells = [parameters, nbformat.v4.new_code_cell(f"{opened}\n{code}")]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}, "language_info": {"name": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), root / "notebooks" / f"{name}.ipynb")

    def ran():
        press = Path(sys.executable).with_name("press")
        done = subprocess.run([press, "build"], cwd=root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        runs = json.loads((root / "reports" / "build.json").read_text(encoding="utf-8"))["runs"]
        return {run["report"] for run in runs if run["status"] == "ran"}

    def change(file, old, new):
        text = (edition_copy / file).read_text(encoding="utf-8")
        assert old in text
        (edition_copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    assert ran() == {"audit", "vehicles"}
    change("figures.csv", "208万名", "209万名")  # a figure that checks name
    assert ran() == {"audit"}
    change("figures.csv", "7.2万余辆", "7.3万余辆")  # one that none names
    assert ran() == {"vehicles"}
    change("context.csv", "1046.74万人", "1046.75万人")  # cited, but not by a check
    assert ran() == set()
    change("context.csv", "2019年社区人大代表联系点", "2019年底社区人大代表联系点")  # looked for and not found
    assert ran() == {"audit"}
    change("checks.csv", "mediation.successes,<=", "mediation.successes,<")
    assert ran() == {"audit"}
