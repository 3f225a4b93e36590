"""Publishing to a folder and to an S3-compatible server: whole or not at all, whatever happens meanwhile.

`PRESS_KILLS=300 pytest tests/press/release/test_publish.py -k kill` kills 300 publishes of each kind.
"""

import contextlib
import hashlib
import html
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ET
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from fsspec import get_filesystem_class

from press.release import changes, opening, publish, releases, targets
from press.release.portable import portable
from press.release.store import LEASED, Store
from press.run import redact

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("PRESS_KILLS", "2"))
PRESS = Path(sys.executable).with_name("press")


def versions(target):
    return json.loads((target / "versions.json").read_text())


def published(book, target, *words, code=0):
    done, out, err = book.press("publish", target, *words)
    assert done == code, out + err
    return out + err


# A target, as its readers see it


@contextlib.contextmanager
def served(folder):
    """The address of a folder on a plain static server."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def fetch(address):
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read()


def current(address):
    return json.loads(fetch(f"{address}versions.json"))["current"]


def check_release(address, name, known=()):
    """Every file of a release is there, and is what its manifest says; of a known one it is enough that it is there."""
    manifest = json.loads(fetch(f"{address}releases/{name}/manifest.json"))
    for at, digest in {(entry["at"], entry["sha256"]) for entry in manifest["files"].values()}:
        if (at, digest) in known:
            urllib.request.urlopen(urllib.request.Request(address + at, method="HEAD"), timeout=30).close()
        else:
            assert hashlib.sha256(fetch(address + at)).hexdigest() == digest, at
    return manifest


class Reader(threading.Thread):
    """Reads the current release again and again; `faults` has what it found missing, mixed or truncated."""

    def __init__(self, address, root_pages):
        super().__init__()
        self.address, self.root_pages = address, root_pages
        self.faults, self.rounds, self.known, self.over = [], 0, set(), threading.Event()

    def run(self):
        while not self.over.is_set():
            try:
                self._look()
            except (urllib.error.URLError, AssertionError, ValueError, OSError) as fault:
                self.faults.append(repr(fault))
            self.rounds += 1

    def _look(self):
        name = current(self.address)
        manifest = check_release(self.address, name, self.known)
        self.known |= {(entry["at"], entry["sha256"]) for entry in manifest["files"].values()}
        front = fetch(f"{self.address}index.html").decode()
        assert front.rstrip().endswith("</html>"), "truncated"
        if self.root_pages:  # the pages at the root are those of one release, before or after
            after = json.loads(fetch(f"{self.address}versions.json"))
            shown = fetch(f"{self.address}en/a.html")
            if after["current"] == name == current(self.address):
                assert hashlib.sha256(shown).hexdigest() == manifest["files"]["en/a.html"]["sha256"], "mixed"
        else:
            goal = re.search(r'url=(releases/[^"]+)"', front)[1]
            assert fetch(self.address + goal)
            assert b"follow.js" in fetch(f"{self.address}en/a.html")


@contextlib.contextmanager
def reading(address, root_pages):
    reader = Reader(address, root_pages)
    reader.start()
    try:
        yield reader
    finally:
        reader.over.set()
        reader.join()
    assert reader.rounds
    assert reader.faults == []


def unneeded(listing, versions, manifests):
    """The addresses of a listing that belong to no release."""
    wanted = set()
    for one in versions["releases"]:
        manifest = manifests[one["name"]]
        places = {entry["at"] for entry in manifest["files"].values()}
        wanted |= {*manifest["frozen"], *(at for at in places if at.endswith(".html"))} if one["retired"] else places
    wanted |= {
        f"releases/{one['name']}/{extra}"
        for one in versions["releases"]
        for extra in ("manifest.json", "contents.json", "changes.json", "changes.zh.html", "changes.en.html")
    }
    wanted.add("releases/versions.json")
    return {name for name in listing if name.startswith(targets.OWNED) and name not in wanted}


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_a_publish_killed_at_any_moment_shows_readers_nothing_and_the_next_one_completes(book, tmp_path, request, kind):
    if kind == "folder":
        target, address = tmp_path / "www", None
        target.mkdir()
    else:
        target, address = request.getfixturevalue("bucket")
    with served(target) if kind == "folder" else contextlib.nullcontext(address) as address:

        def publish():
            return subprocess.Popen([PRESS, "publish", str(target)], cwd=book.root, stdout=subprocess.DEVNULL)

        start = time.monotonic()
        assert publish().wait() == 0
        whole = time.monotonic() - start
        with reading(address, kind == "folder") as reader:
            for number in range(KILLS):
                book.turn(number + 1)
                before = current(address)
                press = publish()
                time.sleep(random.Random(number).uniform(whole / 3, whole * 1.1))
                press.send_signal(signal.SIGKILL)
                press.wait()
                check_release(address, before)
                assert reader.faults == [], number
                after = publish()
                assert after.wait(timeout=120) == 0, number
                assert ("49 tasks", "50 tasks", "51 tasks")[(number + 1) % 3] in fetch(
                    f"{address}releases/{current(address)}/en/a.html"
                ).decode()
        said = json.loads(fetch(f"{address}versions.json"))
        assert len(said["releases"]) == KILLS + 1
        manifests = {
            one["name"]: json.loads(fetch(f"{address}releases/{one['name']}/manifest.json")) for one in said["releases"]
        }
        for one in said["releases"]:
            if not one["retired"]:
                check_release(address, one["name"])
        store = opening.open_target(str(target))
        assert not store.desk.exists()
        with store.hold_lock():
            assert unneeded(store.there, said, manifests) == set()
        if kind == "folder":
            assert sorted(path.name for path in (target / ".press").iterdir())[0] == ".lock"
            assert (
                len(list((target / ".press").iterdir())) <= 4
            )  # its lock, the ways to the archive, this state and the last


# A release


def links(html):
    """The relative links of a page: what a reader's browser may ask for."""
    found = re.findall(r'(?:href|src|srcset|data-url|data-source|data-plotly)="([^"#?][^"#?]*)', html)
    return {link for link in found if "://" not in link and not link.startswith(("/", "data:", "mailto:"))}


def crawl(address, start):
    """Every page that can be reached from one by relative links; fails for a link that leads nowhere."""
    seen, due = set(), {urllib.parse.urljoin(address, start)}
    while due:
        page = due.pop()
        seen.add(page)
        content = fetch(page)
        if page.endswith(".html"):
            due |= {urllib.parse.urljoin(page, link) for link in links(content.decode())} - seen
    return {page.removeprefix(address) for page in seen}


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_a_release_keeps_its_address_and_shares_what_has_not_changed(book, tmp_path, request, kind):
    target, address = (tmp_path / "www", None) if kind == "folder" else request.getfixturevalue("bucket")
    assert "is public" in published(book, target)
    with served(target) if kind == "folder" else contextlib.nullcontext(address) as address:
        first = current(address)
        assert "has just this content already" in published(book, target)
        pages = crawl(address, "index.html")
        assert {f"archive/{lang}.html" for lang in ("zh", "en")} < pages
        before = {name: fetch(address + name) for name in pages if name.startswith(("releases/", "assets/", "files/"))}
        book.turn(1)
        published(book, target, "--by", "the night shift")
        second = current(address)
        assert first != second
        assert {name: fetch(address + name) for name in before} == before
        assert crawl(address, "index.html") >= {f"releases/{first}/index.html", f"releases/{second}/en/a.html"} - (
            {f"releases/{second}/en/a.html"} if kind == "folder" else set()
        )
        one, two = check_release(address, first), check_release(address, second)
        same = {path for path in one["files"] if one["files"][path] == two["files"].get(path)}
        if kind == "folder":
            assert b"50 tasks" in fetch(f"{address}en/a.html")
            for path in one["files"].keys() & two["files"].keys():
                a, b = (target / release["files"][path]["at"] for release in (one, two))
                assert a.samefile(b) == (one["files"][path]["sha256"] == two["files"][path]["sha256"]), path
        else:
            assert {"en/b.ipynb", "en/c/growth.html"} & same == {"en/b.ipynb"}
            assert not [path for path in same if path.endswith(".html") and not path.startswith("assets/")]
        text = json.dumps([one, two], ensure_ascii=False)
        assert str(book.root) not in text
        assert '": "/' not in text
        assert '"/' not in text
        assert (two["by"], two["previous"]) == ("the night shift", first)
        assert {run["report"] for run in two["build"]["runs"]} == {"a", "b", "c"}


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_where_nothing_is_damaged_nothing_is_told_and_no_file_is_written_again(book, tmp_path, request, kind):
    target = tmp_path / "www" if kind == "folder" else request.getfixturevalue("bucket")[0]
    for number in (0, 1, 1, 2):
        book.turn(number)
        assert "press:" not in published(book, target)
    assert releases.list_releases(str(target), every=True)[1] == []
    store = opening.open_target(str(target))
    with store.hold_lock():
        manifest = json.loads(store.read(f"releases/{versions_at(store)['current']}/manifest.json"))
        wanted = {entry["at"]: entry["sha256"] for entry in manifest["files"].values()}
        assert store.hashes(list(wanted)) == wanted


def versions_at(store):
    return json.loads(store.read("versions.json"))


def frozen(html):
    return re.search(r"assets/embeds/growth\.\w+\.html", html)[0]


def test_a_frozen_embed_stays_as_it_was_the_other_is_always_current(book, tmp_path):
    target = tmp_path / "www"
    published(book, target)
    first = versions(target)["current"]
    embed = frozen((target / "en" / "c.html").read_text())
    then = (target / embed).read_bytes()
    always = (target / "en" / "c" / "growth.html").read_bytes()
    for number in (1, 2):
        book.turn(number)
        published(book, target)
    assert versions(target)["releases"][0] == {**versions(target)["releases"][0], "name": first, "retired": True}
    assert (target / embed).read_bytes() == then
    assert (target / f"releases/{first}/en/c/growth.html").read_bytes() == always
    assert (target / "en" / "c" / "growth.html").read_bytes() != always
    assert frozen((target / "en" / "c.html").read_text()) != embed
    with served(target) as address:
        for page in (embed, f"releases/{first}/en/c/growth.html", f"releases/{first}/changes.zh.html"):
            for link in links(fetch(address + page).decode()):
                assert fetch(urllib.parse.urljoin(address + page, link))
        gone = fetch(f"{address}releases/{first}/en/c.html").decode()
        assert 'href="../../../en/c.html"' in gone
        with pytest.raises(urllib.error.HTTPError):
            fetch(f"{address}releases/{first}/en/c/growth.csv")
    done, _, err = book.press("rollback", target, first)
    assert (done, "expected one of" in err) == (1, True)


# What changed


ATOM = "{http://www.w3.org/2005/Atom}"


def check_feed(content):
    """What RFC 4287 asks of a feed; returns it."""
    feed = ET.fromstring(content)
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(ATOM + name)) == 1, name
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", element.find(f"{ATOM}id").text)
        assert re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", element.find(f"{ATOM}updated").text
        )
        kinds = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in element.findall(f"{ATOM}link")]
        assert len(set(kinds)) == len(kinds)
        assert element.findall(f"{ATOM}content") or ("alternate", "text/html", None) in kinds
    assert feed.findall(f"{ATOM}author/{ATOM}name")[0].text
    ids = [element.text for element in feed.iter(f"{ATOM}id")]
    assert len(set(ids)) == len(ids)
    return feed


def test_what_changed_is_told_on_a_page_and_in_a_feed_in_each_language(book, tmp_path):
    target = tmp_path / "www"
    published(book, target)
    check_feed((target / "archive/en.xml").read_bytes())
    book.turn(1)
    published(book, target)
    release = versions(target)["current"]
    page = (target / f"releases/{release}/changes.en.html").read_text()
    assert "<del>49</del><ins>50</ins>" in page
    assert "roads | <del>8.5</del><ins>7.25</ins>" in page
    assert "schools" not in page
    assert "<b>" not in page
    assert versions(target)["releases"][1]["changed"]["zh"] == {"row": 1, "chart": 1, "section": 1}
    feeds = {lang: check_feed((target / f"archive/{lang}.xml").read_bytes()) for lang in ("zh", "en")}
    assert len(feeds["en"].findall(f"{ATOM}entry")) == 3  # two releases and a changed figure
    links = {link.get("href") for link in feeds["en"].iter(f"{ATOM}link")}
    assert f"../releases/{release}/en/a.html#tasks" in links
    assert all(link.startswith("../") for link in links)
    book.head += '[site]\nurl = "https://example.org/book/"\n'
    book.write()
    published(book, target)
    feed = check_feed((target / "archive/zh.xml").read_bytes())
    assert all(link.get("href").startswith("https://example.org/book/") for link in feed.iter(f"{ATOM}link"))
    assert "self" in {link.get("rel") for link in feed.findall(f"{ATOM}link")}
    old = {element.text for element in feeds["zh"].iter(f"{ATOM}id")}
    assert old <= {element.text for element in feed.iter(f"{ATOM}id")}


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_what_can_no_longer_be_compared_is_said_to_be_unknown(book, tmp_path, request, kind):
    target, _ = (tmp_path / "www", "") if kind == "folder" else request.getfixturevalue("bucket")
    store = get_filesystem_class("s3")(anon=False) if kind == "s3" else get_filesystem_class("file")()
    published(book, target)
    first = json.loads(store.cat_file(f"{target}/versions.json"))["current"]
    for name in ("contents.json", "en/a.html"):
        store.rm_file(f"{target}/releases/{first}/{name}")
        store.pipe_file(f"{target}/releases/{first}/{name}", b"damaged")
    book.turn(1)
    told = published(book, target)
    assert f"contents.json: not as it was published: what changed since release {first} is not known" in told
    versions = json.loads(store.cat_file(f"{target}/versions.json"))
    assert versions["releases"][1]["changed"] == {"zh": {"unknown": 1}, "en": {"unknown": 1}}
    release = f"releases/{versions['current']}"
    assert json.loads(store.cat_file(f"{target}/{release}/changes.json")) is None
    for page in (f"{release}/changes.en.html", "archive/en.html", "archive/en.xml"):
        text = store.cat_file(f"{target}/{page}").decode()
        assert "What changed is unknown: the record of the previous release is damaged." in text
        assert "No text, chart or number has changed." not in text
    book.turn(2)
    assert "is public" in published(book, target)
    assert "<del>50</del><ins>51</ins>" in html.unescape(store.cat_file(f"{target}/archive/en.xml").decode())


def test_pages_and_parts_that_come_and_go_are_changes_too():
    part = changes.Part("chart", "C", ["a | 1"])
    page = changes.PageContents("en", "P", {"c": part})
    other = changes.PageContents("en", "P", {"d": part})
    told = changes.compare({"p": page, "q": page}, {"p": other, "r": page})
    assert [(one.page, one.anchor, one.state) for one in told] == [
        ("p", "d", "new"),
        ("p", "c", "gone"),
        ("r", "", "new"),
        ("q", "", "gone"),
    ]
    assert changes.compare({"p": page}, {"p": page}) == []


# Releases, back and forth


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_a_rollback_makes_an_earlier_release_current(book, tmp_path, request, kind):
    target, address = (tmp_path / "www", None) if kind == "folder" else request.getfixturevalue("bucket")
    published(book, target)
    book.turn(1)
    published(book, target)
    with served(target) if kind == "folder" else contextlib.nullcontext(address) as address:
        second = current(address)
        done, out, _ = book.press("releases", target)
        marked, other = out.splitlines()
        first = other.split()[0]
        assert (done, marked.split()[:2]) == (0, ["*", second])
        assert book.press("rollback", target)[:2] == (0, f"{first} is current\n")
        assert current(address) == first
        if kind == "folder":
            assert b"49 tasks" in fetch(f"{address}en/a.html")
        else:
            assert f"releases/{first}/index.html" in fetch(f"{address}index.html").decode()
        done, _, err = book.press("rollback", target)
        assert (done, "no release before" in err) == (1, True)
        assert book.press("rollback", target, second)[0] == 0
        assert current(address) == second
        done, _, err = book.press("rollback", target, "20200101-000000-00000000")
        assert (done, f"expected one of {first}, {second}" in err) == (1, True)


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_a_rollback_leads_to_what_readers_last_had(book, tmp_path, request, kind):
    target = tmp_path / "www" if kind == "folder" else request.getfixturevalue("bucket")[0]
    names = []

    def now():
        versions, damage = releases.list_releases(str(target))
        assert damage == []
        return versions.current

    for number in (0, 1):
        book.turn(number)
        published(book, target)
        names.append(now())
    first, second = names
    assert book.press("rollback", target)[0] == 0
    assert now() == first
    book.turn(2)
    published(book, target)
    third = now()
    assert book.press("rollback", target)[0] == 0
    assert now() == first  # not the second, which readers had before that
    published(book, target)
    assert now() == third
    assert book.press("rollback", target, second)[0] == 0
    assert book.press("rollback", target)[0] == 0
    assert now() == third
    published(book, target)  # it is current already: nothing to go back from
    assert book.press("rollback", target)[0] == 0
    assert now() == first
    done, _, err = book.press("rollback", target)
    assert (done, "no release before the current one" in err) == (1, True)


def test_retention_goes_by_count_and_age_and_spares_what_readers_are_in():
    from datetime import UTC, datetime

    from press.release.ledger import Release, Versions
    from press.release.publish import _retire

    def after(keep, days, current="d", was=None):
        entries = [
            Release(name, f"2026-0{month}-01T00:00:00+00:00", "", "me", None, {}, [], retired=False)
            for month, name in enumerate("abcd", 1)
        ]
        _retire(Versions(current, entries), was, keep, days, datetime(2026, 4, 10, tzinfo=UTC))
        return "".join(one.name for one in entries if one.retired)

    assert after(None, None) == ""
    assert after(3, None) == "a"
    assert after(1, None) == "ab"  # never the one before the current one
    assert after(None, 60) == "ab"
    assert after(3, 60) == "a"
    assert after(1, None, current="b") == ""
    assert after(1, None, was="a") == "b"  # readers were in it a moment ago


def test_what_was_rolled_back_to_is_there_while_the_next_release_takes_over(book, tmp_path):
    target = tmp_path / "www"
    for number in (0, 1):
        book.turn(number)
        published(book, target)
    book.press("rollback", target)
    before = versions(target)["current"]
    book.turn(2)
    published(book, target)
    with served(target) as address:
        assert current(address) != before
        check_release(address, before)


# What is not published


def test_a_build_that_failed_or_did_not_end_is_published_only_when_told_so(book, tmp_path):
    target = tmp_path / "www"
    published(book, target)
    first = (target / "versions.json").read_bytes()
    book.add("b", "# Two", "1 / 0")
    book.add("d", "# Never", "1 / 0")
    (book.root / "notebooks" / "tasks.txt").write_text("51 tasks")
    book.build(code=1)
    told = published(book, target, code=1)
    assert "en/b: ZeroDivisionError" in told
    assert (target / "versions.json").read_bytes() == first
    shutil.rmtree(book.root / "reports")  # a machine that never built the good one
    book.build(code=1)
    told = published(book, target, "--partial")
    assert "kept as it was on" in told
    assert "left out, never built: en/d" in told
    assert "51 tasks" in (target / "en/a.html").read_text()
    for lang, words in (("en", "could not be updated"), ("zh", "未能随本次发布更新")):
        page = (target / lang / "b.html").read_text()
        assert page.count('<p class="kept" role="note">') == 1
        assert words in page
        assert 'href="b.html"' in (target / lang / "index.html").read_text()
        assert "d.html" not in (target / lang / "index.html").read_text()
    assert versions(target)["releases"][-1]["kept"] == ["en/b", "zh/b"]
    assert "has just this content already" in published(book, target, "--partial")
    (book.root / "reports" / "build.json").unlink()
    assert "the last build has not ended" in published(book, target, code=1)


def test_a_build_of_some_reports_or_pages_touched_by_hand_are_not_whole(book, tmp_path):
    book.build("--only", "b")
    published(book, tmp_path / "www")  # the others are up to date
    (book.root / "notebooks" / "tasks.txt").write_text("52 tasks")
    book.build("--only", "b")
    assert "en/a: not in the last build, and not up to date" in published(book, tmp_path / "www", code=1)
    book.build()
    page = book.root / "reports" / "site" / "en" / "b.html"
    page.write_text(page.read_text().replace("Two", "Too"))
    assert "en/b: its files are not as they were built" in published(book, tmp_path / "www", code=1)


def test_a_page_without_its_pdf_is_not_published(book, tmp_path, monkeypatch):
    target = tmp_path / "www"
    book.reports["b"] = {"formats": ["html", "pdf"]}
    book.write()
    book.build()  # there is no Chromium
    assert "en/b: printed without its PDF: no Chromium found" in published(book, target, code=1)
    assert "kept" not in published(book, target, "--partial")
    assert "Two" in (target / "en/b.html").read_text()
    monkeypatch.delenv("PRESS_CHROMIUM")
    book.build()
    published(book, target)
    pdf = (target / "en/b.pdf").read_bytes()
    monkeypatch.setenv("PRESS_CHROMIUM", "none")
    book.add("b", "# Too", formats=["html", "pdf"])
    book.build()
    assert "kept as it was on" in published(book, target, "--partial")
    assert "Two" in (target / "en/b.html").read_text()
    assert (target / "en/b.pdf").read_bytes() == pdf


def test_a_killed_build_is_not_published(book, tmp_path):
    book.add("slow", "# Slow", "import time; time.sleep(600)")
    book.press("build", "--only", "a")
    press = subprocess.Popen([PRESS, "build"], cwd=book.root, stderr=subprocess.DEVNULL)
    while (book.root / "reports" / "build.json").exists():
        time.sleep(0.01)
    press.send_signal(signal.SIGKILL)
    press.wait()
    assert "the last build has not ended" in published(book, tmp_path / "www", code=1)


SECRET = 'pa"ss<w>örd/9'


def test_a_secret_is_masked_wherever_a_run_lets_it_out(book, monkeypatch):
    monkeypatch.setenv("BOOK_TOKEN", SECRET)
    book.head += '[secrets]\nenv = ["BOOK_TOKEN", "NOT_SET"]\n'
    leak = "import os\nfrom IPython.display import HTML, JSON\nt = os.environ['BOOK_TOKEN']\nprint(t, repr(t))\ndisplay(HTML('<p>' + t), JSON({'t': t}))"
    book.add("b", "# Two {eval}`t`".replace("`t`", "`__import__('os').environ['BOOK_TOKEN']`"), leak)
    book.add("bad", "# Bad", "import os\nraise ValueError(os.environ['BOOK_TOKEN'])")
    book.build(code=1)
    asked = redact.read(["BOOK_TOKEN"])
    for file in (book.root / "reports").rglob("*"):
        assert not file.is_file() or redact.secrets_in(file.read_bytes(), asked) == set(), file
    assert SECRET not in book.err
    assert "[BOOK_TOKEN]" in book.err
    assert "[BOOK_TOKEN]" in (book.root / "reports" / "site" / "en" / "b.html").read_text()


def test_a_page_with_a_secret_is_not_published(book, tmp_path, monkeypatch):
    monkeypatch.setenv("BOOK_TOKEN", "50 tasks & <b>")
    book.turn(1)
    book.head += '[secrets]\nenv = ["BOOK_TOKEN"]\n'
    book.write()
    target = tmp_path / "www"
    told = published(book, target, code=1)
    assert "contains the value of BOOK_TOKEN" in told
    assert "50 tasks" not in told
    assert not (target / "versions.json").exists()
    assert list((target / "releases").rglob("*.html") if (target / "releases").exists() else ()) == []
    monkeypatch.setenv("BOOK_TOKEN", "x1")
    done, _, err = book.press("build")
    assert (done, "BOOK_TOKEN has 2 characters, expected at least 8" in err) == (2, True)
    monkeypatch.setenv("BOOK_TOKEN", "schools-2021")
    for command in (("build",), ("publish", target)):
        done, _, err = book.press(*command)
        assert (done, "BOOK_TOKEN is a common word or name" in err) == (2, True), command


def test_a_kept_page_that_is_damaged_is_not_published_again(book, tmp_path):
    target = tmp_path / "www"
    published(book, target)
    book.add("b", "# Two", "1 / 0")
    shutil.rmtree(book.root / "reports")
    book.build(code=1)
    (page,) = (target / "releases").glob("*/en/b.html")
    page.write_bytes(page.read_bytes().replace(b"Two", b"Too"))
    first = versions(target)["current"]
    told = published(book, target, "--partial", code=1)
    assert f"releases/{first}/en/b.html is not as it was published" in told
    assert versions(target)["current"] == first


@pytest.mark.parametrize("content", ["", "{", "[]", '{"runs": 1}', '{"runs": [{"report": 1}]}'])
def test_a_damaged_record_of_the_build_is_named(book, tmp_path, content):
    (book.root / "reports" / "build.json").write_text(content)
    assert "build.json: not the record of a build" in published(book, tmp_path / "www", code=1)


def test_a_secret_in_what_is_told_of_releases_is_not_published(book, tmp_path, monkeypatch):
    target = tmp_path / "www"
    published(book, target)
    first = (target / "versions.json").read_bytes()
    book.head = book.head.replace("Book", "Book of s3cr3t-value") + '[secrets]\nenv = ["BOOK_TOKEN"]\n'
    book.write()
    monkeypatch.setenv("BOOK_TOKEN", "s3cr3t-value")
    assert "contains the value of BOOK_TOKEN" in published(book, target, code=1)
    assert "contains the value of BOOK_TOKEN" in "".join(
        book.press("rollback", target, json.loads(first)["current"])[1:]
    )
    assert (target / "versions.json").read_bytes() == first


# Where a store is published from


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """A shared folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir(mode=0o777)
    folder.chmod(0o1777)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_store_is_published_to_from_a_folder_of_ones_own_that_goes_afterwards(book, bucket, scratch, monkeypatch):
    seen, switch = [], Store.switch

    def look(self, *words):
        seen.extend((path.name, path.stat().st_mode & 0o777, path.stat().st_uid) for path in scratch.iterdir())
        switch(self, *words)

    monkeypatch.setattr(Store, "switch", look)
    target, _ = bucket
    desk = opening.open_target(target).desk
    desk.mkdir()  # what a killed publish has left, open to others
    desk.chmod(0o777)
    (desk / "left").write_text("x")
    published(book, target)
    folder, lock = sorted(seen)
    assert folder == (desk.name, 0o700, os.getuid())
    assert lock == (f"{desk.name}.lock", 0o600, os.getuid())
    assert list(scratch.iterdir()) == []
    monkeypatch.setattr(Store, "switch", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        book.press("publish", target)
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("part", ["", ".lock"])
@pytest.mark.parametrize("kind", ["link", "owner"])
@pytest.mark.usefixtures("scratch")
def test_a_place_of_somebody_else_is_not_worked_in(book, bucket, tmp_path, kind, part):
    target, address = bucket
    place = opening.open_target(target).desk
    place = place.with_name(place.name + part)
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "file").write_text("theirs")
    if kind == "link":
        place.symlink_to(theirs)
    else:
        if os.getuid():
            pytest.skip("only root can give a file away")
        place.touch() if part else place.mkdir()
        os.chown(place, 12345, 12345)
    assert f"{place.name}: a link, or somebody else's" in published(book, target, code=1)
    assert (theirs / "file").read_text() == "theirs"
    with pytest.raises(urllib.error.HTTPError):
        fetch(f"{address}versions.json")


def test_a_damaged_lease_is_waited_for_like_any_other(book, bucket, monkeypatch):
    target, _ = bucket
    store = Store(target)
    monkeypatch.setattr("press.release.store.LEASE", 1)
    for content in (b"", b"\xff", b"[]"):
        store.fs.pipe_file(store._at(LEASED), content)
        published(book, target)


# Targets that fail


def test_a_full_disk_or_one_that_only_reads_leaves_the_old_book_and_the_next_publish_completes(book, small_disk):
    disk, mount = small_disk
    target = disk / "www"
    published(book, target)
    before = {path: path.read_bytes() for path in target.rglob("*") if path.is_file()}
    book.turn(1)
    hog = disk / "hog"
    free = shutil.disk_usage(disk).free
    hog.write_bytes(bytes(free - 8192))
    told = published(book, target, code=1)
    assert "No space left" in told
    assert "readers have one whole release" in told
    assert {path: path.read_bytes() for path in target.rglob("*") if path.is_file()} == before
    mount("-o", "remount,ro")
    assert "Read-only" in published(book, target, code=1)
    mount("-o", "remount,rw")
    hog.unlink()
    published(book, target)
    assert "50 tasks" in (target / "en/a.html").read_text()


def test_a_target_that_vanishes_is_told_and_published_to_again_when_it_is_back(book, bucket, monkeypatch):
    target, address = bucket
    published(book, target)
    with monkeypatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        patch.setenv("AWS_MAX_ATTEMPTS", "1")
        get_filesystem_class("s3").clear_instance_cache()
        assert "Could not connect" in published(book, target, code=1)
    get_filesystem_class("s3").clear_instance_cache()
    first = current(address)
    store = Store
    with monkeypatch.context() as patch:  # gone between the files and the switch
        patch.setattr(store, "switch", lambda self, *_: self.fs.cat_file("no-such-bucket/x"))
        book.turn(1)
        assert "readers have one whole release" in published(book, target, code=1)
    assert current(address) == first
    published(book, target)
    assert current(address) != first


def test_what_is_no_target_is_refused(book, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "index.html").write_text("mine")
    assert "found index.html: expected an empty folder" in published(book, tmp_path / "full", code=1)
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["index.html"]
    (tmp_path / "file").write_text("")
    assert "Not a directory" in published(book, tmp_path / "file", code=1)
    assert "Protocol not known: nowhere" in published(book, "nowhere://x", code=1)
    assert book.press("releases", "nowhere://x")[0] == 1


def test_a_file_system_of_some_server_is_published_to(book, tmp_path):
    target, root = f"file://{tmp_path}/there/www", tmp_path / "there" / "www"
    published(book, target)
    first = json.loads((root / "versions.json").read_text())["current"]
    book.turn(1)
    published(book, target)
    assert "50 tasks" in (root / "releases" / versions(root)["current"] / "en/a.html").read_text()
    assert book.press("rollback", target)[0] == 0
    assert versions(root)["current"] == first
    with served(root) as address:
        for release in versions(root)["releases"]:
            check_release(address, release["name"])
    assert not list(root.rglob("*.half"))


def test_only_a_store_of_its_own_is_published_to(book, bucket):
    target, address = bucket
    urllib.request.urlopen(
        urllib.request.Request(f"{address}mine.html", b"mine", {"Content-Type": "text/html"}, method="PUT")
    ).close()
    assert "found mine.html: expected an empty place" in published(book, target, code=1)
    assert fetch(f"{address}mine.html") == b"mine"


# One at a time


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_two_publishes_at_once_take_turns(book, tmp_path, request, kind):
    target, address = (tmp_path / "www", None) if kind == "folder" else request.getfixturevalue("bucket")
    runs = []
    for number in range(2):
        book.turn(number)
        shutil.copytree(book.root / "reports", book.root / f"reports-{number}")
        runs.append(subprocess.Popen([PRESS, "publish", str(target), "--out", f"reports-{number}"], cwd=book.root))
    assert [run.wait(timeout=120) for run in runs] == [0, 0]
    with served(target) if kind == "folder" else contextlib.nullcontext(address) as address:
        said = json.loads(fetch(f"{address}versions.json"))
        assert len(said["releases"]) == 2
        assert {one["name"] for one in said["releases"]} == {
            check_release(address, one["name"])["release"] for one in said["releases"]
        }


@pytest.mark.parametrize("fault", [OSError, None])
def test_a_publish_that_is_under_way_is_no_damage(book, tmp_path, monkeypatch, fault):
    target = tmp_path / "www"
    published(book, target)
    page = target / "releases" / versions(target)["current"] / "en/a.html"
    plain, seen = releases._looked_through, threading.Event()

    def look(*given):
        first = not seen.is_set()
        try:
            if fault and first:
                raise fault
            return plain(*given)
        finally:
            seen.set()

    monkeypatch.setattr(releases, "_looked_through", look)
    found = []
    thread = threading.Thread(target=lambda: found.append(releases.list_releases(str(target))[1]))
    with publish.lock_output(target / ".press"):
        page.rename(tmp_path / "away")
        thread.start()
        assert seen.wait(60)
        (tmp_path / "away").rename(page)
    thread.join(60)
    assert found == [[]]
    page.unlink()
    assert "a.html: missing" in "".join(releases.list_releases(str(target))[1])


def test_a_lease_of_another_machine_is_waited_for_until_it_shows_no_life(book, bucket, monkeypatch):
    target, address = bucket
    store = Store(target)
    monkeypatch.setattr("press.release.store.LEASE", 2)
    store.fs.pipe_file(store._at(LEASED), json.dumps({"machine": "another", "publish": "x"}).encode())
    beats, slept = iter(range(3)), time.sleep

    def sleep(seconds):
        if (beat := next(beats, None)) is not None:  # it lives
            store.fs.pipe_file(store._at(LEASED), json.dumps({"machine": "another", "beat": beat}).encode())
        slept(seconds)

    monkeypatch.setattr("press.release.store.time.sleep", sleep)
    published(book, target)
    assert next(beats, None) is None
    with pytest.raises(urllib.error.HTTPError):
        fetch(address + LEASED)


def test_a_publish_that_lost_its_lease_does_not_switch(book, bucket, monkeypatch):
    target, address = bucket
    published(book, target)
    first = current(address)
    book.turn(1)
    monkeypatch.setattr(Store, "_leaseholder", lambda _: "another")
    assert "another publish has taken over" in published(book, target, code=1)
    assert current(address) == first


def test_releases_without_their_list_are_not_taken_for_leavings(book, tmp_path):
    target = tmp_path / "www"
    for number in (0, 1):
        book.turn(number)
        published(book, target)
    (target / "current").unlink()
    (target / "releases" / "versions.json").unlink()
    assert "versions.json: missing, and no copy of it" in published(book, target, code=1)
    assert len(list((target / "releases").iterdir())) == 2


def test_in_a_browser_an_address_at_the_root_of_a_store_leads_to_the_current_release(book, bucket, chromium):
    target, address = bucket
    published(book, target)
    book.turn(1)
    published(book, target)
    page = chromium.new_page()
    page.goto(f"{address}en/c/growth.html?a#b")
    page.wait_for_url(f"{address}releases/{current(address)}/en/c/growth.html?a#b")
    assert page.locator(".chart h1").inner_text() == "Growth"
    page.goto(f"{address}en/a.html")
    page.wait_for_url(f"{address}releases/{current(address)}/en/a.html")
    assert "50 tasks" in page.locator("h1").inner_text()
    page.close()
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(f"{address}index.html")
    page.wait_for_url(f"{address}releases/{current(address)}/index.html")
    page.goto(f"{address}en/a.html")
    assert page.locator("p:lang(en) a").get_attribute("href") == "../index.html"
    page.context.close()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("/srv/data/a b.csv", "…/a b.csv"),
        ("size of /srv/data/a.csv", "size of …/a.csv"),
        ("import a.b from lib/a:/srv/lib/a", "import a.b from lib/a:…/a"),
        ("data/a.csv#id=x/y", "data/a.csv#id=x/y"),
    ],
)
def test_no_input_names_a_place_of_this_machine(name, shown):
    assert portable({"inputs": {name: "1"}})["inputs"] == {shown: "1"}
