"""Publishing: a built site becomes a release of a target, a folder or any address fsspec knows, whole or not at all.

A release never changes and has its own address, `releases/NAME/`; pictures, scripts and frozen embeds lie beside all
releases in `assets/`, each named by its content. Files go first, then the target switches. What a publish that was
killed has left behind, the next one sweeps away.
"""

from __future__ import annotations

import getpass
import json
import os
import platform
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from posixpath import dirname, normpath
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from press import changes, fresh, redact, site
from press.build import RECORD, SHARED, alone, make_tasks
from press.downloads import UNPRINTABLE
from press.suite import Run, Suite
from press.targets import OWNED, QUOTED, VERSIONS, Target, TargetError, moved_page, open_target

ARTICLE = "<article>\n"
NOTE = re.compile(r'<p class="kept" role="note">.*?</p>\n')
EMBEDDED = b' class="embed">'
SHOWN = (".css", ".js", ".svg", ".png")
EXTRAS = ("manifest.json", "contents.json", "changes.json")  # beside the pages of a release, as its `changes.LANG.html`
TOOLS = ("papermill", "nbconvert", "plotly")
IN_FEED = 20  # releases
AT_ONCE = 32  # manifests
NO_MANIFEST: dict[str, Any] = {"files": {}, "pages": {}, "kept": {}, "frozen": []}
BARE = "printed without its "


class PublishError(Exception):
    """What kept a release from becoming public; what was current before is current still."""


@dataclass
class Book:
    """What is published: every file by its path in the site, the files of each run, the runs kept as they were when."""

    files: dict[str, Path]
    pages: dict[str, list[str]] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def publish(
    suite: Suite, planned: Sequence[Run], out: Path, where: str, *, partial: bool = False, by: str = ""
) -> tuple[str, bool, Book]:
    """Make the built site the current release of a target: its name, whether it is a new one, and what it holds.

    Raises PublishError for a build that is not whole (unless `partial`), for a page that contains a secret, and for a
    target that fails; nothing is switched then.
    """
    with alone(out), _at(where) as target:
        versions = _known(target)
        last = _manifest(target, versions["current"])
        book = _gather(suite, planned, out, target, last, partial)
        content = fresh.digest(fresh.canonical({name: _digest(file) for name, file in book.files.items()}))
        same = [one["name"] for one in versions["releases"] if one["hash"] == content and not one["retired"]]
        now = datetime.now(UTC)
        name = same[0] if same else f"{now:%Y%m%d-%H%M%S}-{content[:8]}"
        if not same:
            record = {"release": name, "published": now.isoformat(timespec="seconds"), "hash": content}
            record |= {"by": by or _user(), "previous": versions["current"]}
            versions["releases"].append(_add(suite, planned, book, record, target, last, out))
        was, versions["current"] = versions["current"], name
        _retire(versions, was, suite.keep, suite.days, now)
        _switch(target, suite, versions)
        return name, not same, book


def rollback(suite: Suite, where: str, release: str | None = None) -> str:
    """Make an earlier release current again: the one named, or the one before the current one; returns its name."""
    with _at(where) as target:
        versions = _known(target)
        names = [one["name"] for one in versions["releases"] if not one["retired"]]
        if release is None:
            before = names[: names.index(versions["current"])] if versions["current"] in names else []
            if not before:
                raise PublishError(f"{where}: no release before the current one: expected one of {', '.join(names)}")
            release = before[-1]
        if release not in names:
            raise PublishError(f"{where}: no release {release}: expected one of {', '.join(names)}")
        versions["current"] = release
        _switch(target, suite, versions)
        return release


def _user() -> str:
    """The name of who publishes; its number where the system has no name for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def releases(where: str) -> dict[str, Any]:
    """What a target's `versions.json` says: `current`, and `releases`, oldest first."""
    with _failing(where):
        return _versions(open_target(where))


@contextmanager
def _at(where: str) -> Iterator[Target]:
    """The target, alone; the leavings of a failure removed."""
    with _failing(where), (target := open_target(where)).alone():
        try:
            yield target
        except Exception:
            with suppress(Exception):
                _sweep(target, _known(target))
            raise


@contextmanager
def _failing(where: str) -> Iterator[None]:
    """Any failure of a target in a sentence."""
    try:
        yield
    except (PublishError, redact.SuiteError):
        raise
    except Exception as error:
        if not isinstance(error, OSError | TargetError) and type(error).__module__.startswith(("press", "builtins")):
            raise
        told = str(error) if isinstance(error, TargetError) else f"{where}: {error or type(error).__name__}"
        raise PublishError(
            f"{told}; readers have one whole release, as before: publish again when that is mended"
        ) from error


def _versions(target: Target) -> dict[str, Any]:
    return json.loads(target.read(VERSIONS) or b'{"current": null, "releases": []}')


def _known(target: Target) -> dict[str, Any]:
    """The releases there are. One that `versions.json` does not know was never public, but it cannot be so with two."""
    versions = _versions(target)
    found = sorted({name.split("/")[1] for name in target.there if name.startswith("releases/")})
    if len(found) > 1 and not versions["releases"]:
        raise TargetError(f"found releases {', '.join(found)}, but no {VERSIONS}: put it back, or take them away")
    if not versions["releases"]:
        _sweep(target, versions)
    return versions


def _manifest(target: Target, release: str | None) -> dict[str, Any]:
    return _extra(target, release, EXTRAS[0]) or dict(NO_MANIFEST)


def _manifests(target: Target, releases: Sequence[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each release with its manifest, asked for some at once: there may be years of them."""
    for start in range(0, len(releases), AT_ONCE):
        some = releases[start : start + AT_ONCE]
        found = target.read_all([f"releases/{one['name']}/{EXTRAS[0]}" for one in some])
        for one, content in zip(some, found, strict=True):
            yield one, json.loads(content) if content else dict(NO_MANIFEST)


def _extra(target: Target, release: str | None, name: str) -> Any:
    return json.loads(target.read(f"releases/{release}/{name}") or b"null") if release else None


def _digest(file: Path) -> str:
    return fresh.digest(file.read_bytes())


# What is published


def _gather(
    suite: Suite, planned: Sequence[Run], out: Path, target: Target, last: Mapping[str, Any], partial: bool
) -> Book:
    """The files on record; for a run that the last build did not make, those of its last good page, which says so."""
    built = out / "site"
    late = _late(suite, planned, out)
    if late and not partial:
        why = "".join(f"\n  {path}: {reason}" for path, reason in late.items())
        raise PublishError(f"the last build is not whole (--partial publishes it with the last good pages):{why}")
    shared = fresh.read_record(out / ".cache", ".site")
    if not _intact(shared, built):
        raise PublishError(f"{built}: its indexes are not as they were built: run `press build` first")
    book = Book({name: built / name for name in shared.files})  # type: ignore[union-attr]
    for run in planned:
        record = fresh.read_record(out / ".cache", run.path)
        mine = {name: built / name for name in record.files} if record and _intact(record, built) else {}
        if mine and not (_lacks(run, record) and run.path in last["pages"]):
            files = mine
            made = f"{datetime.fromtimestamp((built / f'{run.path}.html').stat().st_mtime, UTC):%Y-%m-%d}"
        else:
            files = dict(_fetched(target, last, run.path))
            made = last["kept"].get(run.path) or last.get("published", "")[:10]
        if not files:
            book.left_out.append(run.path)
            continue
        book.pages[run.path] = sorted(files)
        if run.path in late and not (files is mine and late[run.path].startswith(BARE)):
            book.kept[run.path] = made
            _edit(files, f"{run.path}.html", target.desk, lambda text, run=run, made=made: _noted(text, run.lang, made))
        book.files |= files
    if late:
        _write_indexes(suite, planned, book, target.desk)
    for name in [name for name in book.files if name.split("/")[-1] == "index.html"]:
        _edit(book.files, name, target.desk, lambda text: _with_archive(text, suite.url))
    return book


def _late(suite: Suite, planned: Sequence[Run], out: Path) -> dict[str, str]:
    """The pages that failed in the last build, or that it left aside and that are not up to date, with the reason."""
    try:
        entries = json.loads((out / RECORD).read_bytes())["runs"]
    except FileNotFoundError:
        raise PublishError(f"{out}: found no {RECORD}: the last build has not ended, run `press build` first") from None
    done = {fresh.canonical([entry["report"], entry["lang"], entry["params"]]): entry for entry in entries}
    late = {}
    fresh.forget()
    for run, task in zip(planned, make_tasks(suite, planned, planned), strict=True):
        entry = done.get(fresh.canonical([run.report.name, run.lang, dict(run.params)]))
        record = fresh.read_record(out / ".cache", run.path)
        if entry and entry["status"] == "failed":
            late[run.path] = entry["error"]
        elif record is None or not _intact(record, out / "site"):
            late[run.path] = "its files are not as they were built" if entry else "not built"
        elif lacking := _lacks(run, record):
            late[run.path] = f"{BARE}{lacking}: {(entry or {}).get('warning', 'run `press build` again')}"
        elif not entry and not _up_to_date(record, task, out / "site"):
            late[run.path] = "not in the last build, and not up to date (see `press explain`)"
    return late


def _lacks(run: Run, record: fresh.Record | None) -> str:
    """The formats that the suite asks for and the build could not print."""
    have = record.files if record else ()
    return ", ".join(one.upper() for one in run.report.formats if f"{run.path}.{one}" not in have)


def _up_to_date(record: fresh.Record, task: Any, built: Path) -> bool:
    same = all(state == "same" for _, state in fresh.changes(record, task))
    return same and fresh.is_printed(record, task, built)


def _intact(record: fresh.Record | None, built: Path) -> bool:
    return record is not None and all(fresh.fingerprint(name, built) == then for name, then in record.files.items())


def _fetched(target: Target, last: Mapping[str, Any], path: str) -> Iterator[tuple[str, Path]]:
    """The files that a run had in the last release."""
    for name in last["pages"].get(path, ()):
        file = target.desk / "last" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(target.read(last["files"][name]["at"]) or b"")
        yield name, file


def _edit(files: dict[str, Path], name: str, desk: Path, change: Any) -> None:
    edited = desk / "edited" / name
    edited.parent.mkdir(parents=True, exist_ok=True)
    edited.write_text(change(files[name].read_text(encoding="utf-8")), encoding="utf-8")
    files[name] = edited


def _noted(text: str, lang: str, made: str) -> str:
    note = f'<p class="kept" role="note">{site.words(lang)["publish"]["kept"].format(made)}</p>\n'
    return NOTE.sub("", text).replace(ARTICLE, ARTICLE + note, 1)


def _with_archive(text: str, url: str) -> str:
    """An index page with a link to the archive, and to its feed where its address is known."""
    found = re.search(r'<html lang="([a-z]+)', text)
    root = re.search(r'href="((?:\.\./)*)assets/', text)
    lang, up = found[1] if found else "en", root[1] if root else ""
    said = site.words(lang)["publish"]
    feed = f'<link rel="alternate" type="application/atom+xml" href="{url.rstrip("/")}/archive/{lang}.xml">\n'
    words = f'<p class="archive"><a href="{up}archive/{lang}.html">{said["archive"]}</a></p>\n'
    return text.replace("</head>", f"{feed if url else ''}</head>", 1).replace("</main>", f"{words}</main>", 1)


def _write_indexes(suite: Suite, planned: Sequence[Run], book: Book, desk: Path) -> None:
    """The indexes of exactly the pages there are."""
    stage = desk / "site"
    for name, file in book.files.items():
        if not name.startswith(SHARED):
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, stage / name)
    for file in site.write_index(stage, suite, planned, suite.url):
        book.files[file.relative_to(stage).as_posix()] = file


# A release


def _add(
    suite: Suite,
    planned: Sequence[Run],
    book: Book,
    record: dict[str, Any],
    target: Target,
    last: Mapping[str, Any],
    out: Path,
) -> dict[str, Any]:
    """Put a release's files in their places; returns what `versions.json` says of it."""
    name, previous = record["release"], record["previous"]
    places = target.addresses(book.files, name, suite.url.rstrip("/"))
    files = {path: {"at": at, "sha256": _digest(file)} for path, (at, file) in places.items()}
    langs = {run.path: run.lang for run in planned}
    contents = {path: changes.contents_of(path, langs[path], book.files) for path in book.pages}
    changed = changes.compare(_extra(target, previous, EXTRAS[1]) or {}, contents) if previous else []
    build = json.loads((out / RECORD).read_bytes())
    tools = {"python": platform.python_version()} | {tool: version(tool) for tool in TOOLS}
    manifest = record | {"versions": tools, "build": build | {"runs": [_portable(run) for run in build["runs"]]}}
    manifest |= {"kept": book.kept, "pages": book.pages, "files": files, "frozen": _frozen(book, files)}
    extras = {EXTRAS[0]: manifest, EXTRAS[1]: contents, EXTRAS[2]: changed}
    texts = {name: json.dumps(value, ensure_ascii=False, indent=1) for name, value in extras.items()}
    texts |= {f"changes.{lang}.html": _changes_page(suite, record, changed, book, lang) for lang in suite.languages}
    new = dict(places.values())
    for extra, text in texts.items():
        file = new[f"releases/{name}/{extra}"] = target.desk / "extras" / extra
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    _refuse_secrets(new, redact.read(suite.secrets))
    there = {entry["sha256"]: entry["at"] for entry in last["files"].values()}
    target.add(new, {entry["at"]: there[entry["sha256"]] for entry in files.values() if entry["sha256"] in there})
    counts = {lang: changes.counted(changed, lang) for lang in suite.languages}
    return (
        {"name": name}
        | {key: record[key] for key in ("published", "hash", "by", "previous")}
        | {"changed": counts, "kept": sorted(book.kept), "retired": False}
    )


def _portable(run: Mapping[str, Any]) -> dict[str, Any]:
    """A run's record without places of this machine."""
    inputs = {f"…/{Path(name).name}" if name.startswith("/") else name: found for name, found in run["inputs"].items()}
    return {**run, "inputs": inputs}


def _frozen(book: Book, files: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The addresses of the charts that can be embedded, and of all that they show."""
    found = set()
    for path, file in book.files.items():
        if path.endswith(".html") and EMBEDDED in (content := file.read_bytes())[:200]:
            shown = (normpath(f"{dirname(path)}/{link[0]}") for link in QUOTED.findall(content.decode()))
            found |= {files[name]["at"] for name in (path, *shown) if name.endswith((path, *SHOWN)) and name in files}
    return sorted(found)


def _refuse_secrets(files: Mapping[str, Path], masks: redact.Secrets) -> None:
    for address, file in files.items():
        if masks and (names := redact.found(file.read_bytes(), masks)):
            told = ", ".join(sorted(names))
            raise PublishError(f"{address}: contains the value of {told}: remove it there, or `press build --force`")


# Which releases there are


def _retire(versions: dict[str, Any], was: str | None, keep: int | None, days: int | None, now: datetime) -> None:
    """Mark the releases that are beyond the count and past the age.

    Never the current one, the one before it, or the one that `was` current: after a rollback that is an older one.
    """
    entries = versions["releases"]
    names = [one["name"] for one in entries]
    safe = {was, *names[-(keep or 1) :]} | set(names[max(0, names.index(versions["current"]) - 1) :])
    for one in entries if keep or days else ():
        old = not days or datetime.fromisoformat(one["published"]) < now - timedelta(days=days)
        one["retired"] = one["retired"] or (old and one["name"] not in safe)


def _switch(target: Target, suite: Suite, versions: dict[str, Any]) -> None:
    """Make the current release of `versions` the target's, with the archive that tells of all; then tidy up."""
    furniture = {f"{SHARED}{name}": site.asset_sources()[plain] for plain, name in site.asset_names().items()}
    target.add(furniture, {})
    shown = versions["releases"][::-1]
    told = [one | {"changes": _extra(target, one["name"], EXTRAS[2])} for one in shown[:IN_FEED]]
    state = {VERSIONS: json.dumps(versions, ensure_ascii=False, indent=1)}
    for lang in suite.languages:
        state[f"archive/{lang}.html"] = _archive_page(suite, shown, versions["current"], lang)
        state[f"archive/{lang}.xml"] = _feed(suite, told, versions["releases"], lang)
    places = {path: entry["at"] for path, entry in _manifest(target, versions["current"])["files"].items()}
    target.switch(versions["current"], places, {name: text.encode() for name, text in state.items()})
    _sweep(target, versions)


def _sweep(target: Target, versions: Mapping[str, Any]) -> None:
    """Remove what no release needs; of a retired one its embeds and records stay, and notes for pages."""
    wanted = {f"{SHARED}{name}" for name in site.asset_names().values()}
    notes: dict[str, bytes] = {}
    for one, manifest in _manifests(target, versions["releases"]):
        home = f"releases/{one['name']}/"
        wanted |= {name for name in target.there if name.startswith(home) and "/" not in name[len(home) :]} & {
            f"{home}{name}" for name in (*EXTRAS, *(f"changes.{lang}.html" for lang in one["changed"]))
        }
        everything = {entry["at"]: path for path, entry in manifest["files"].items()}
        wanted |= set(manifest["frozen"] if one["retired"] else everything)
        if one["retired"]:
            pages = {at: path for at, path in everything.items() if at.endswith(".html") and at not in wanted}
            notes |= {at: moved_page(path, root="../" * at.count("/")) for at, path in pages.items()}
    for at, note in notes.items():
        if target.there.get(at) != len(note):
            file = target.desk / "note.html"
            file.write_bytes(note)
            target.add({at: file}, {})
    target.remove([at for at in target.there if at.startswith(OWNED) and at not in wanted | notes.keys()])


# What is told of them


def _page(suite: Suite, lang: str, template: str, **context: Any) -> str:
    title = suite.title.get(lang) or next(iter(suite.title.values()))
    return str(site.templates().get_template(template).render(lang=lang, title=title, **context))


def _changes_page(
    suite: Suite, record: Mapping[str, Any], changed: Sequence[Mapping[str, Any]], book: Book, lang: str
) -> str:
    mine = [change for change in changed if change["lang"] == lang]
    context = {"press": site.page_context(lang, "../../assets"), "record": record, "changes": mine, "kept": book.kept}
    context["alternates"] = [(other, f"changes.{other}.html") for other in suite.languages]
    return _page(suite, lang, "changes.html.j2", **context)


def _archive_page(suite: Suite, shown: Sequence[Mapping[str, Any]], current: str, lang: str) -> str:
    context = {"press": site.page_context(lang, "../assets"), "releases": shown, "current": current}
    context["alternates"] = [(other, f"{other}.html") for other in suite.languages]
    return _page(suite, lang, "archive.html.j2", **context)


def _feed(suite: Suite, shown: Sequence[Mapping[str, Any]], every: Sequence[Mapping[str, Any]], lang: str) -> str:
    def urn(*words: str) -> str:
        return f"urn:uuid:{uuid5(NAMESPACE_URL, ' '.join((every[0]['name'], lang, *words)))}"

    base = f"{suite.url.rstrip('/')}/" if suite.url else "../"
    words, html_lang = site.words(lang), site.HTML_LANG.get(lang, lang)
    context = {"releases": shown, "urn": urn, "base": base, "words": words, "html_lang": html_lang}
    author = suite.author.get(lang) or suite.title.get(lang) or "press"
    return UNPRINTABLE.sub("\ufffd", _page(suite, lang, "feed.xml.j2", url=suite.url, author=author, **context))
