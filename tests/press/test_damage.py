"""Whatever is damaged in a target, readers have a whole site whose every file is as approved, or are left what they had
and the damage is named.

`PRESS_DAMAGE=all pytest tests/press/test_damage.py` tries each damage with each file and each command, not a tenth.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import urllib.request
from pathlib import Path

import fsspec
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends

from press.release import ledger
from press.release.ledger import Release, Versions
from press.release.portable import portable

pytestmark = pytest.mark.slow

ALL = os.environ.get("PRESS_DAMAGE") == "all"


class FolderTarget:
    """A published folder, to be damaged and put back."""

    kind = "folder"

    def __init__(self, folder):
        self.where, self.folder, self.whole = str(folder), folder, folder.with_name("whole")

    def remember(self):
        subprocess.run(["cp", "-a", self.folder, self.whole], check=True)  # links and hard links stay what they are

    def restore(self):
        shutil.rmtree(self.folder)
        subprocess.run(["cp", "-a", self.whole, self.folder], check=True)

    def read(self, address):
        return (self.folder / address).read_bytes()

    def everything(self):
        """Each file that readers can ask for, by its address."""
        found = {}
        for path in self.folder.rglob("*"):
            if path.is_file() and path.relative_to(self.folder).parts[0] != ".press":
                found[path.relative_to(self.folder).as_posix()] = path.read_bytes()
        for name in (path.name for path in self.folder.iterdir() if path.is_dir() and path.name != ".press"):
            for path in (self.folder / name).rglob("*"):
                if path.is_file():
                    found[path.relative_to(self.folder).as_posix()] = path.read_bytes()
        return found

    def damage(self, address, kind):
        path = self.folder / address
        content = path.read_bytes() if path.is_file() else b""
        if kind in CONTENTS:
            path.unlink()
            path.write_bytes(CONTENTS[kind](content))
        elif kind == "in place":  # through every hard link
            path.write_bytes(CONTENTS["one bit"](content))
        elif kind == "mode":
            path.chmod(0o200)
        elif kind == "owner":
            os.chown(path, 12345, 12345)
        else:
            path.unlink()
        if kind == "folder":
            (path / "in it").mkdir(parents=True)
        if kind == "link":
            path.symlink_to("nowhere")


class StoreTarget:
    """A published bucket, to be damaged and put back."""

    kind = "s3"

    def __init__(self, where):
        self.where = where
        self.fs, self.root = fsspec.url_to_fs(where)
        self.fs.dircache.use_listings_cache = False
        self.whole = {}

    def remember(self):
        self.whole = self.everything()

    def restore(self):
        now = self.everything()
        for address in now.keys() - self.whole.keys():
            self.fs.rm_file(f"{self.root}/{address}")
        for address, content in self.whole.items():
            if now.get(address) != content:
                self.fs.pipe_file(f"{self.root}/{address}", content)

    def read(self, address):
        return self.fs.cat_file(f"{self.root}/{address}")

    def everything(self):
        """What the server holds, without asking it for each object."""
        bucket = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[self.root]
        return {name: key.value for name, key in bucket.keys.items()}

    def damage(self, address, kind):
        if kind == "missing":
            self.fs.rm_file(f"{self.root}/{address}")
        else:
            self.fs.pipe_file(f"{self.root}/{address}", CONTENTS[kind](self.read(address)))


def flipped(content):
    changed = bytearray(content)
    changed[len(changed) // 2] ^= 1
    return bytes(changed)


CONTENTS = {
    "empty": lambda _: b"",
    "truncated": lambda content: content[: len(content) // 2],
    "one bit": flipped,
    "same size": lambda content: b"x" * len(content),
    "binary": lambda _: bytes(range(256)) + b"\xff\xfe",
    "other json": lambda _: b'{"files": {}, "pages": {}, "kept": {}, "frozen": [], "published": ""}',
}
DAMAGE = {"s3": ("missing", *CONTENTS), "folder": ("missing", *CONTENTS, "in place", "folder", "link", "mode", "owner")}
ACTIONS = ("same", "new", "rollback", "releases")


def addresses(target):
    """A file of each kind in a target with two releases, by a name for it."""
    versions = json.loads(target.read("versions.json"))
    old, new = (one["name"] for one in versions["releases"])
    places = {path: entry["at"] for path, entry in manifest_of(target, new)["files"].items()}
    own = next(path for path in places if path.startswith("assets/page."))
    frozen = next(path for path in places if path.startswith("assets/embeds/"))
    found = {
        "page": places["en/a.html"],
        "front page": places["index.html"],
        "script": own,
        "plotly": next(path for path in places if path.startswith("assets/plotly.")),
        "search": places["en/search.js"],
        "embed": places["en/c/growth.html"],
        "frozen embed": frozen,
        "data": places["en/c/growth.csv"],
        "notebook of both": places["en/b.ipynb"],
        "manifest": f"releases/{new}/manifest.json",
        "contents": f"releases/{new}/contents.json",
        "changes": f"releases/{new}/changes.json",
        "page of changes": f"releases/{new}/changes.en.html",
        "manifest before": f"releases/{old}/manifest.json",
        "page before": f"releases/{old}/en/a.html",
        "front page before": f"releases/{old}/index.html",
        "contents before": f"releases/{old}/contents.json",
        "copy": "releases/versions.json",
    }
    if target.kind == "folder":
        state = (target.folder / "current").readlink()
        found |= {name: f"{state}/{name}" for name in ("versions.json", "archive/en.html", "archive/zh.xml")}
        found |= {"page at the root": "en", "current": "current", "assets": f"releases/{new}/assets"}
    else:
        found |= {name: name for name in ("versions.json", "archive/en.html", "archive/zh.xml")}
        found |= {"page at the root": "en/a.html", "current": "index.html", "follow": "follow.js", "lost": "404.html"}
    return found


FILES = ["page", "front page", "script", "plotly", "search", "embed", "frozen embed", "data", "notebook of both"]
FILES += ["manifest", "contents", "changes", "page of changes", "manifest before", "page before", "front page before"]
FILES += ["contents before", "copy", "versions.json", "archive/en.html", "archive/zh.xml", "page at the root"]
ONLY = {"folder": ["current", "assets"], "s3": ["current", "follow", "lost"]}
OFTEN = ("manifest", "versions.json")
LINKS = {"folder": {"page at the root", "current", "assets"}, "s3": set()}


def manifest_of(target, release):
    return json.loads(target.read(f"releases/{release}/manifest.json"))


def approved(target, release):
    return {path: entry["sha256"] for path, entry in manifest_of(target, release)["files"].items()}


@pytest.fixture(scope="module")
def prepared(editions, tmp_path_factory, s3):
    """A folder and a bucket with two releases each; what is approved of all three states; and each state, built."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESS_CHROMIUM", "none")
        urllib.request.urlopen(urllib.request.Request(f"{s3}/damage", b"", method="PUT")).close()
        folder = tmp_path_factory.mktemp("targets") / "www"
        targets = {"folder": FolderTarget(folder), "s3": StoreTarget("s3://damage")}
        for target in targets.values():
            for number in (0, 1):
                publish_to(target.where, editions[number])
            target.remember()
            publish_to(target.where, editions[2])
            target.last = approved(target, json.loads(target.read("versions.json"))["current"])
            target.restore()
        yield targets


def publish_to(where, root):
    done, told = command(root, "publish", where)
    assert done == 0, told


def command(root, *words):
    """The exit code of `press …` in a folder, and all that it says."""
    from click.testing import CliRunner

    from press import cli

    here = Path.cwd()
    os.chdir(root)
    try:
        result = CliRunner().invoke(cli.press, [str(word) for word in words])
    finally:
        os.chdir(here)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def cases():
    number = 0
    for kind in ("folder", "s3"):
        for file in [*FILES, *ONLY[kind]]:
            damages = ("missing",) if file in LINKS[kind] else DAMAGE[kind]
            for damage in damages:
                for action in ACTIONS:
                    number += 1
                    if ALL or number % (9 if kind == "folder" else 24) == 0 or (file in OFTEN and number % 3 == 0):
                        yield pytest.param(kind, file, damage, action, id=f"{kind}-{file}-{damage}-{action}")


def check_whole(target, release, files):
    """Readers have this release whole: each file has the approved content, below the release and at the root."""
    manifest = manifest_of(target, release)
    assert approved(target, release) == files
    everything = target.everything()
    for path, entry in manifest["files"].items():
        assert hashlib.sha256(everything[entry["at"]]).hexdigest() == entry["sha256"], entry["at"]
        if target.kind == "folder":
            assert hashlib.sha256((target.folder / path).read_bytes()).hexdigest() == entry["sha256"], path
            assert (target.folder / path).stat().st_mode & 0o444 == 0o444
        elif path.endswith(".html") and not path.startswith("assets/"):
            assert b"</html>" in everything[path], path
    assert release.encode() in (b"" if target.kind == "folder" else everything["index.html"]) or target.kind == "folder"
    for lang in ("en", "zh"):
        assert f"../releases/{release}/index.html".encode() in everything[f"archive/{lang}.html"]
        assert b"</feed>" in everything[f"archive/{lang}.xml"]
    assert ledger.parse_versions("versions.json", target.read("versions.json")).current == release


@pytest.mark.parametrize(("kind", "file", "damage", "action"), list(cases()))
def test_whatever_is_damaged_readers_have_a_whole_site(prepared, editions, kind, file, damage, action):
    target = prepared[kind]
    old, new = (one["name"] for one in json.loads(target.read("versions.json"))["releases"])
    files = {"same": approved(target, new), "new": target.last, "rollback": approved(target, old)}
    address = addresses(target)[file]
    before = target.everything()
    try:
        target.damage(address, damage)
        damaged = target.everything()
        told, done = None, None
        if action in ("same", "new"):
            done, told = command(editions[1 if action == "same" else 2], "publish", target.where)
        else:
            done, told = command(editions[1], action, target.where)
        assert done in (0, 1), told
        shown = "versions.json" if file == "versions.json" else Path(address).name
        harmless = damage == "owner" or (file == "copy" and action != "releases")
        if action == "releases":
            assert target.everything() == damaged
            of_old = file.endswith("before") and file != "manifest before"
            assert done == (0 if harmless or of_old or file == "copy" else 1), told
        elif done == 1:
            after = target.everything()
            lost = {name for name in before if after.get(name) != damaged.get(name)}
            assert lost == set(), told
        else:
            current = json.loads(target.read("versions.json"))["current"]
            assert (current == new) == (action == "same")
            assert (current == old) == (action == "rollback")
            check_whole(target, current, files[action])
        told_of = {"same": not file.endswith("before"), "new": not file.endswith("before"), "rollback": True}
        if done == 1 or (told_of.get(action) and not harmless and done == 0 and must_tell(kind, file, damage, action)):
            assert shown in told, told
    finally:
        target.restore()


def must_tell(kind, file, damage, action):
    """Whether a command that succeeds has met the damaged file."""
    if file == "versions.json" and damage == "mode":
        return False  # it is written anew each time
    shared = file == "notebook of both" and (kind == "s3" or damage == "in place")
    if action == "rollback":
        of_both = file in ("script", "plotly", "versions.json", "archive/en.html", "archive/zh.xml")
        return file.endswith("before") or shared or of_both
    return file not in ("current", "assets", "page at the root")


# What a target says of itself


def versions_of(*names, current=None, **more):
    releases = [Release(name, "2026-01-01T00:00:00+00:00", "0", "me", None, {}, [], retired=False) for name in names]
    return Versions(current or names[-1], releases, **more)


def test_a_list_of_releases_is_read_back_as_it_was_written():
    versions = versions_of("a", "b", history=["a", "b"], serial=3, front={"index.html": "0"})
    assert ledger.parse_versions("versions.json", versions.to_json()) == versions


@pytest.mark.parametrize("at", range(0, 900, 7))
def test_a_list_of_releases_with_any_byte_changed_is_not_believed(at):
    content = bytearray(versions_of("a", "b", history=["a", "b"]).to_json())
    at %= len(content)
    content[at] ^= 1
    versions = None
    with contextlib.suppress(ledger.DamageError):
        versions = ledger.parse_versions("versions.json", bytes(content))
    assert versions in (None, versions_of("a", "b", history=["a", "b"]))  # white space between two values may change


NO_LISTS = [None, b"", b" \n", b"null", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"current": null}']
NO_LISTS += [b'{"current": "a", "releases": []}', b'{"current": "a", "releases": [{"name": "a"}]}']
NO_LISTS += [b'{"current": 1, "releases": 2}', b'{"current": null, "releases": [null]}']


@pytest.mark.parametrize("content", NO_LISTS)
def test_what_is_no_list_of_releases_is_not_believed(content):
    with pytest.raises(ledger.DamageError, match=r"^versions\.json: "):
        ledger.parse_versions("versions.json", content)


ENTRY = {"at": "releases/a/index.html", "sha256": "0" * 64}
MANIFEST = {"release": "a", "files": {"index.html": ENTRY}, "pages": {}, "kept": {}, "frozen": [], "published": ""}


def test_a_manifest_is_read_as_it_is():
    release = versions_of("a").releases[0]
    assert ledger.parse_manifest(release, json.dumps(MANIFEST).encode()).hashes() == {ENTRY["at"]: "0" * 64}


@pytest.mark.parametrize(
    "changes",
    [
        {"files": {}},
        {"files": []},
        {"files": {"index.html": {"at": "releases/a/index.html"}}},
        {"files": {"index.html": {**ENTRY, "at": "../../etc/passwd"}}},
        {"files": {"index.html": {**ENTRY, "at": "/etc/passwd"}}},
        {"files": {"index.html": {**ENTRY, "sha256": "x"}}},
        {"files": {"en/a.html": ENTRY}},
        {"pages": {"en/a": ["en/a.html"]}},
        {"pages": None},
        {"frozen": ["elsewhere.html"]},
        {"release": "b"},
    ],
)
def test_what_is_no_manifest_of_the_release_is_not_believed(changes):
    release = versions_of("a").releases[0]
    with pytest.raises(ledger.DamageError, match=r"^releases/a/manifest\.json: not the manifest of a release"):
        ledger.parse_manifest(release, json.dumps(MANIFEST | changes).encode())


def test_going_back_leads_to_what_readers_last_had():
    versions = versions_of("a", "b", "c")
    for name in ("a", "b"):
        versions.make_current(name)
    versions.go_back(versions.before())
    assert versions.current == "a"
    versions.make_current("c")
    assert versions.before() == "a"
    versions.go_back("a")
    assert (versions.current, versions.before()) == ("a", None)
    versions.make_current("c")
    versions.make_current("c")
    assert versions.before() == "a"
    versions.find("a").retired = True
    assert versions.before() is None


def test_a_list_of_an_older_press_is_read():
    old = {"current": "b", "releases": []}
    for name in "abc":
        entry = {"name": name, "published": "2026-01-01T00:00:00+00:00", "hash": "0", "by": "me", "previous": None}
        old["releases"].append(entry | {"changed": {}, "kept": [], "retired": False})
    versions = ledger.parse_versions("versions.json", json.dumps(old).encode())
    assert (versions.current, versions.before(), versions.serial) == ("b", "a", 0)


# Places of this machine


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/home/me/my data/a.csv", "…/a.csv"),
        ("cells of /home/me/a.ipynb", "cells of …/a.ipynb"),
        ("No such file: '/srv/x/b.csv'", "No such file: '…/b.csv'"),
        (r"C:\Users\me\b.csv", r"…\b.csv"),
        ("data/a.csv#id=1", "data/a.csv#id=1"),
        ("https://example.org/a/b", "https://example.org/a/b"),
        ("1/2 and/or <br/>", "1/2 and/or <br/>"),
    ],
)
def test_a_record_names_no_folder_of_this_machine(text, shown):
    assert portable({"x": [text], text: 1}) == {"x": [shown], shown: 1}


def test_no_input_is_dropped_when_two_have_the_same_name():
    assert portable({"/a/x.csv": 1, "/b/x.csv": 2}) == {"…/x.csv": 1, "…/x.csv (2)": 2}
