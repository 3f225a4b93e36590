"""The record of a build, `build.json` beside the site: what became of each run, from which inputs, with which files."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec

from press.records import Task
from press.run.inputs import Inputs
from press.run.record import Record

RECORD = "build.json"
FAILED = "failed"  # beside the site: what runs that failed had executed
Status = Literal["ran", "printed", "reused", "failed"]  # "printed": the page alone was made anew
SECRET = "environment "  # the beginning of the inputs whose fingerprints are not published


class Entry(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What became of one run.

    `inputs` are its inputs with their fingerprints, `outputs` the files that were made, `failed` what is kept of a run
    that failed; paths are relative to the folder of the record. `error` is why it failed, in which `cell`; `warning`
    is why it is not printed as it was asked to be, `warnings` are what its page cannot show.
    """

    report: str
    params: dict[str, Any]
    lang: str
    status: Status
    seconds: float
    inputs: Inputs
    outputs: list[str]
    volatile: list[str] = []
    error: str = ""
    cell: int = 0
    failed: list[str] = []
    warning: str = ""
    warnings: list[str] = []
    stderr: list[str] = []


class BuildReport(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What became of a build's runs; `started` is a time in UTC.

    `untranslated` is what pages say in one language and not in another, `unfetched` what the theme's stylesheet asks
    of other sites.
    """

    started: str
    seconds: float
    runs: list[Entry]
    untranslated: list[str]
    unfetched: list[str] = []

    def to_json(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=1)


def read_report(out: Path) -> BuildReport:
    """The record of the last build. Raises an OSError where there is none, msgspec.MsgspecError where it cannot be."""
    return msgspec.json.decode((out / RECORD).read_bytes(), type=BuildReport)


def entry(task: Task, status: Status, seconds: float, record: Record | None) -> Entry:
    """What the record of a build says of a run; without a `record` it has made nothing."""
    inputs: Inputs = {}
    outputs: list[str] = []
    if record:
        inputs = {name: _public(name, found) for name, found in record.inputs.items()}
        outputs = [f"site/{name}" for name in sorted(record.files)]
    return Entry(
        report=task.page.name,
        params=dict(task.params),
        lang=task.lang,
        status=status,
        seconds=seconds,
        inputs=inputs,
        outputs=outputs,
        volatile=list(record.volatile) if record else [],
    )


def _public(name: str, fingerprint: str | None) -> str | None:
    """A fingerprint as it may be published: that of a secret could be guessed from."""
    return "set" if name.startswith(SECRET) and fingerprint else fingerprint
