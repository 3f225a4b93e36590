"""The built site on loopback: right types, compressed, cached as its names allow, and its own page for lost readers."""

from __future__ import annotations

import asyncio
import mimetypes
import re
from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, StaticFileHandler

# A file of the assets whose name says its content never changes under that name.
NAMED_BY_CONTENT = re.compile(r"/?assets/.*\.[0-9a-f]{8,}[-.]")
YEAR = 365 * 24 * 3600
TYPES = {".ipynb": "application/x-ipynb+json", ".js": "text/javascript", ".svg": "image/svg+xml", ".csv": "text/csv"}
TYPES[".xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
            self.finish(lost.read_bytes())
        else:
            super().write_error(status_code, **kwargs)

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        if Path(absolute_path).is_dir() and not (Path(absolute_path) / "index.html").is_file():
            raise HTTPError(404)
        return super().validate_absolute_path(root, absolute_path)


def start(site: Path, port: int = 0) -> tuple[HTTPServer, str]:
    """Serve a folder on 127.0.0.1 from the running event loop; the server and its address. Port 0 is any free one."""
    for suffix, kind in TYPES.items():
        mimetypes.add_type(kind, suffix)
    handler = [(r"/(.*)", Files, {"path": str(site), "default_filename": "index.html"})]
    server = HTTPServer(Application(handler, compress_response=True))
    sockets = bind_sockets(port, "127.0.0.1")
    server.add_sockets(sockets)
    return server, f"http://127.0.0.1:{sockets[0].getsockname()[1]}/"


def serve(site: Path, port: int, say: Any) -> None:
    """Serve until interrupted; `say` is told the address."""

    async def forever() -> None:
        _, address = start(site, port)
        say(address)
        await asyncio.Event().wait()

    asyncio.run(forever())
