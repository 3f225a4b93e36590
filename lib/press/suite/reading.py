"""`suite.toml` found, read and checked, before anything runs."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from press.errors import SuiteError, listed, shown
from press.suite.checks import check_texts, files_matching, in_each, path_at, read_formats, read_languages
from press.suite.keys import check_table, with_defaults
from press.suite.report_table import Context, check_bibliographies, read_reports
from press.suite.site_table import read_look, read_sections, with_site
from press.suite.types import Parameter, Suite
from press.suite.values import check_fit, dates_as_text

ABOUT_KINDS = {"based_on": list, "synonyms": dict, "series": str}  # of what a folder says; texts otherwise


def find_suite(start: Path) -> Path:
    """`notebooks/suite.toml` (or `suite.toml`) in `start` or the nearest folder above it."""
    for folder in (start, *start.parents):
        for name in ("notebooks/suite.toml", "suite.toml"):
            if (folder / name).is_file():
                return folder / name
    raise SuiteError(
        f"no suite.toml in {start} or a folder above it: `press init` writes one, `press build FOLDER` does without, "
        "--suite names one elsewhere"
    )


def read_suite(file: Path) -> Suite:
    """Read and check a suite. Raises SuiteError for anything it does not understand."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise SuiteError(f"{file}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise SuiteError(f"{file}: not TOML: {error}") from None
    return parse_suite(text, file)


def parse_suite(text: str, file: Path) -> Suite:
    """The suite that a text says; `file` is where it stands, or would. Raises SuiteError."""
    where = str(file)
    given = _parse(text, where)
    check_texts(given, where)
    _check_tables(given, where)
    content = with_defaults(given, "suite")
    suite = _with_unattended(_bare_suite(given, content, file), content)
    suite = with_site(suite, content["site"], f"{where}, [site]")
    check_bibliographies(suite.reports, suite.root, where)
    theme = read_look(content["theme"], file.parent, suite.root, f"{where}, [theme]")
    return replace(suite, theme=theme)


def _bare_suite(given: Mapping[str, Any], content: Mapping[str, Any], file: Path) -> Suite:
    """What the head of the file, `[press]`, the parameters and the reports say."""
    where = str(file)
    press = with_defaults(content["press"], "press")
    languages = read_languages(content["languages"], where)
    formats = read_formats(content["formats"], where)
    sections = read_sections(content["section"], languages, where)
    parameters = {name: _parameter(name, table, file) for name, table in content["parameters"].items()}
    context = Context(file.parent, languages, formats, content["press"], sections)
    reports = read_reports(given, context, where)
    root = _root(press["root"], file, where)
    data = _data(press["data"], root, file, where)
    title = in_each(content["title"], languages, f"{where}, title")
    return Suite(
        file=file,
        root=root,
        data=data,
        title=title,
        languages=languages,
        formats=formats,
        path=content["path"],
        parameters=parameters,
        reports=tuple(reports),
        sections=sections,
        preload=None if press["preload"] is None else tuple(press["preload"]),
        draw=press["draw"],
        strict=press["strict"],
    )


def _with_unattended(suite: Suite, content: Mapping[str, Any]) -> Suite:
    """A suite with what it says of unattended runs, secrets and releases."""
    alerts = with_defaults(content["alerts"], "alerts")
    secrets = with_defaults(content["secrets"], "secrets")
    publish = with_defaults(content["publish"], "publish")
    return replace(
        suite,
        schedules=tuple(content["schedule"]),
        alerts=tuple(alerts["to"]),
        secrets=tuple(secrets["env"]),
        keep=publish["keep"],
        days=publish["days"],
    )


def _parse(text: str, where: str) -> dict[str, Any]:
    try:
        content: dict[str, Any] = dates_as_text(tomllib.loads(text))
    except ValueError as error:
        raise SuiteError(f"{where}: not TOML: {error}") from None
    except RecursionError:
        raise SuiteError(f"{where}: not TOML: lists in lists without end") from None
    return content


def _check_tables(content: dict[str, Any], where: str) -> None:
    """Refuse keys that no table has and values of another kind, in all tables that are not read one by one."""
    check_table(content, "suite", where)
    for name in ("site", "press", "alerts", "publish", "secrets"):
        check_table(content.get(name, {}), name, f"{where}, [{name}]")
    for number, table in enumerate(content.get("schedule", []), 1):
        place = f"{where}, schedule {number}"
        check_table(table, "schedule", place)
        check_fit(table.get("parameters"), f"{place}, parameters")
    for key, value in content.get("publish", {}).items():
        if value < 1:
            raise SuiteError(f"{where}, [publish] {key}: found {value}, expected at least 1")


def _root(path: str | None, file: Path, where: str) -> Path:
    """The folder that inputs are named from."""
    beside = ".." if file.absolute().parent.name == "notebooks" else "."
    return path_at(file.parent, beside if path is None else path, f"{where}, [press] root")


def _data(path: str | None, root: Path, file: Path, where: str) -> Path:
    """The folder that a native reader may have read."""
    return root / "data" if path is None else path_at(file.parent, path, f"{where}, [press] data")


def _parameter(name: str, table: Any, file: Path) -> Parameter:
    where = f"{file}, [parameters.{name}]"
    check_table(table, "parameters", where)
    for key in ("default", "choices"):
        check_fit(table.get(key), f"{where}, {key}")
    if "folders" in table and "choices" in table:
        raise SuiteError(f"{where}: both folders and choices: expected one of them")
    keys = table.get("about", {})
    check_table(keys, "about", f"{where}, about")
    files = _files_of_values(table, file.parent, f"{where}, folders")
    allowed = _allowed(table, files, where)
    about = {value: _about(path, keys) for value, path in files.items()}
    folders = {value: path.parent for value, path in files.items()}
    return Parameter(name, table.get("default"), allowed, about, folders)


def _files_of_values(table: Mapping[str, Any], folder: Path, where: str) -> dict[str, Path]:
    """The files that `folders` names, by the names of their folders, which are the values allowed."""
    if "folders" not in table:
        return {}
    found = files_matching(folder, table["folders"], where)
    if not found:
        raise SuiteError(f'{where}: nothing is found at "{table["folders"]}"')
    return {path.parent.name: path for path in found}


def _allowed(table: Mapping[str, Any], files: Mapping[str, Path], where: str) -> tuple[Any, ...] | None:
    """The values that a parameter may have; None for any."""
    if "folders" not in table and "choices" not in table:
        return None
    allowed = tuple(table.get("choices", files))
    if "default" in table and table["default"] not in (*allowed, "*"):
        raise SuiteError(f"{where}, default: found {shown(table['default'])}, allowed: {listed(allowed)}")
    return allowed


def _about(file: Path, keys: Mapping[str, str]) -> dict[str, Any]:
    """What a folder's JSON file says under the keys; nothing where it is broken: then its runs fail, and say so."""
    if not keys:
        return {}
    try:
        content = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(content, dict):
        return {}
    words = {name: content.get(key) for name, key in keys.items()}
    return {name: said for name, said in words.items() if isinstance(said, ABOUT_KINDS.get(name, str | dict))}
