"""The built site on loopback: right types, compressed, cached as its names allow, and its own page for lost readers.

Only who asks for this machine by name is answered: a page of elsewhere whose name was made to lead here (DNS rebinding)
reads nothing.
"""

from __future__ import annotations

import asyncio
import mimetypes
import os
import re
from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler, StaticFileHandler

from press.suite import SuiteError

# A file of the assets whose name says its content never changes under that name.
NAMED_BY_CONTENT = re.compile(r"/?assets/.*\.[0-9a-f]{8,}[-.]")
LOCAL = r"(localhost|127\.0\.0\.1|\[::1\])"  # the names of this machine, as a `Host` says them
YEAR = 365 * 24 * 3600
TYPES = {".ipynb": "application/x-ipynb+json", ".js": "text/javascript", ".svg": "image/svg+xml", ".csv": "text/csv"}
TYPES[".xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# What a live page has more than the file, and what it does: it asks, four times a second, whether a build is done.
LIVE = b'<script src="/-/live.js"></script>\n'
LIVE_SCRIPT = """"use strict";
{
  let built = "";
  const look = async () => {
    const now = await fetch("/-/built").then((answer) => answer.text()).catch(() => "");
    if (built && now && now !== built) location.reload();
    built ||= now;
  };
  look();
  setInterval(look, 250);
}
"""


class Files(StaticFileHandler):
    """Files below a folder; a folder is its index page, what is not there is `404.html`."""

    def set_extra_headers(self, path: str) -> None:
        lasting = NAMED_BY_CONTENT.match(path)
        self.set_header("Cache-Control", f"public, max-age={YEAR}, immutable" if lasting else "no-cache")
        self.set_header("X-Content-Type-Options", "nosniff")

    def get_content_type(self) -> str:
        kind = super().get_content_type()
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        lost = Path(self.root) / "404.html"
        if status_code == 404 and lost.is_file():
            self.finish(lost.read_bytes().replace(b'href="index.html"', b'href="/"'))
        else:
            super().write_error(status_code, **kwargs)

    def parse_url_path(self, url_path: str) -> str:
        if "\0" in url_path:
            raise HTTPError(400)
        return super().parse_url_path(url_path)

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        try:
            os.stat(absolute_path)  # noqa: PTH116
        except (FileNotFoundError, NotADirectoryError):
            raise HTTPError(404) from None
        except PermissionError:
            raise HTTPError(403) from None
        except OSError:  # such as a name that is too long
            raise HTTPError(400) from None
        if Path(absolute_path).is_dir() and not (Path(absolute_path) / "index.html").is_file():
            raise HTTPError(404)
        return super().validate_absolute_path(root, absolute_path)


class Foreign(RequestHandler):
    """The answer to a `Host` that is not this machine."""

    def prepare(self) -> None:
        raise HTTPError(403, reason="Ask for localhost or 127.0.0.1")


def local_application(handlers: list[Any], **settings: Any) -> Application:
    """An application that answers for the names of this machine only, at any port."""
    application = Application([(r".*", Foreign)], **settings)
    application.add_handlers(LOCAL, handlers)
    return application


def check_port(port: int) -> None:
    """Raise SuiteError where a port is taken or not allowed."""
    for one in _sockets(port):
        one.close()


def _sockets(port: int) -> list[Any]:
    try:
        return bind_sockets(port, "127.0.0.1")
    except OSError as error:
        raise SuiteError(f"--port {port}: {error.strerror}; name another, or 0 for any that is free") from None


def listen(application: Application, port: int = 0) -> tuple[HTTPServer, str]:
    """Serve on 127.0.0.1 from the running event loop; the server and its address. Port 0 is any free one.

    Raises SuiteError where the port is taken or not allowed.
    """
    sockets = _sockets(port)
    server = HTTPServer(application)
    server.add_sockets(sockets)
    return server, f"http://127.0.0.1:{sockets[0].getsockname()[1]}/"


class LiveFiles(Files):
    """Pages that look whether they have been made anew, and show themselves again: for `press preview`."""

    def compute_etag(self) -> None:
        return None  # what is sent is more than the file

    def get_content_size(self) -> int:
        return super().get_content_size() + (len(LIVE) if self._is_page() else 0)

    def should_return_304(self) -> bool:
        return False

    @classmethod
    def get_content(cls, abspath: str, start: int | None = None, end: int | None = None) -> Any:
        yield from super().get_content(abspath, start, end)
        if abspath.endswith(".html"):
            yield LIVE

    def _is_page(self) -> bool:
        return str(self.absolute_path).endswith(".html")


class Live(RequestHandler):
    """The script of a live page, and the number that changes with each build that is done."""

    def initialize(self, record: Path) -> None:
        self.record = record

    def get(self, name: str) -> None:
        self.set_header("Cache-Control", "no-store")
        if name == "live.js":
            self.set_header("Content-Type", "text/javascript")
            self.finish(LIVE_SCRIPT)
            return
        try:
            self.finish(str(self.record.stat().st_mtime_ns))
        except OSError:  # a build is under way
            self.finish("")


def start(site: Path, port: int = 0, *, live: bool = False) -> tuple[HTTPServer, str]:
    """Serve a folder, see `listen`; pages that are `live` are shown again when a build has made them anew."""
    for suffix, kind in TYPES.items():
        mimetypes.add_type(kind, suffix)
    handlers: list[Any] = []
    if live:
        handlers.append((r"/-/(live\.js|built)", Live, {"record": site.parent / "build.json"}))
    served = LiveFiles if live else Files
    handlers.append((r"/(.*)", served, {"path": str(site), "default_filename": "index.html"}))
    return listen(local_application(handlers, compress_response=True), port)


def serve(site: Path, port: int, say: Any, *, live: bool = False) -> None:
    """Serve until interrupted; `say` is told the address."""

    async def forever() -> None:
        _, address = start(site, port, live=live)
        say(address)
        await asyncio.Event().wait()

    asyncio.run(forever())
