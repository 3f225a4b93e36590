"""What goes to a worker and what comes back: plain data, so that it can go anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reference:
    """What a cell refers to in the site: the href as it is written, the file's path in the site, the place in it."""

    cell: int
    kind: str
    href: str
    path: str
    place: str


@dataclass(frozen=True)
class Task:
    """Everything a worker needs to know of a run. Limits in seconds and bytes; `page` are the fields of a `pages.Page`.

    `kernel` names the kernel where it is not the notebook's own, `folder` where it runs where that is not beside it.
    One that is not to be `execute`d is printed with the outputs that it comes with. `site` is where pages are
    published: what is drawn there need not be drawn again. `executed` is the executed notebook where only its page is
    to be printed again.
    """

    notebook: str
    root: str
    data: str
    params: Mapping[str, Any]
    lang: str
    page: Mapping[str, Any]
    site: str = ""
    timeout: float | None = None
    cell_timeout: float | None = None
    memory: int | None = None
    retries: int = 0
    kernel: str = ""
    folder: str = ""
    execute: bool = True
    executed: bytes | None = None
    secrets: tuple[str, ...] = ()


@dataclass
class Result:
    """What came of a task: files by their path in the site, the inputs they depend on; or an error and its cell.

    `warning` is why it is not printed as it was asked to be, `warnings` what the page cannot show, `references` what it
    refers to in the site, `stderr` what its cells wrote there, `beside` the files beside the notebook that the page
    takes along, or looked for in vain. Of a run that failed, `detail` is the traceback and `failed` the notebook as far
    as it was executed.
    `outline` is what its page says, for `translations`; `written` are the files it wrote, with their fingerprints, and
    `unseen` says what in it opens files that only a watch sees; `perhaps` are files that were written meanwhile.
    """

    path: str
    seconds: float = 0.0
    files: dict[str, bytes] = field(default_factory=dict)
    inputs: dict[str, str | None] = field(default_factory=dict)
    volatile: list[str] = field(default_factory=list)
    outline: dict[str, list[str]] = field(default_factory=dict)
    beside: dict[str, str | None] = field(default_factory=dict)
    written: dict[str, str | None] = field(default_factory=dict)
    unseen: str = ""
    perhaps: tuple[str, ...] = ()
    error: str | None = None
    cell: int | None = None
    detail: str = ""
    warning: str = ""
    warnings: list[str] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    stderr: list[str] = field(default_factory=list)
    failed: bytes = b""
