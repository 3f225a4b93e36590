"""The built site served: types, compression, caching, and nothing from outside its folder."""

import asyncio
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

import pytest

from press.serve import start


@pytest.fixture
def site(tmp_path):
    site = tmp_path / "site"
    files = {
        "index.html": "<h1>书</h1>" * 200,
        "404.html": "lost",
        "zh/index.html": "家",
        "zh/a.ipynb": "{}",
        "zh/a.csv": "a,b",
        "zh/a.xlsx": "x",
        "zh/a.zip": "x",
        "zh/a.json": "{}",
        "zh/a.pdf": "x",
        "assets/charts/x.0a1b2c3d4e-card.png": "x",
        "assets/page.0a1b2c3d.js": "x" * 3000,
        "assets/style.0a1b2c3d.css": "a{}",
        "assets/charts/x.0a1b2c3d4e-wide.svg": "<svg/>",
        "bare/file.txt": "x",
    }
    for name, text in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")
    (tmp_path / "secret").write_text("secret")
    return site


def ask(site, path, **headers):
    """Status, headers and body of an answer."""

    def get(address):
        try:
            with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except HTTPError as error:
            with error:
                return error.code, dict(error.headers), error.read()

    async def once():
        server, address = start(site)
        try:
            return await asyncio.to_thread(get, address + path)
        finally:
            server.stop()
            await server.close_all_connections()

    return asyncio.run(once())


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("", "text/html; charset=utf-8"),
        ("zh/", "text/html; charset=utf-8"),
        ("zh/a.ipynb", "application/x-ipynb+json"),
        ("zh/a.csv", "text/csv; charset=utf-8"),
        ("zh/a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("zh/a.zip", "application/zip"),
        ("zh/a.json", "application/json"),
        ("zh/a.pdf", "application/pdf"),
        ("assets/charts/x.0a1b2c3d4e-card.png", "image/png"),
        ("assets/page.0a1b2c3d.js", "text/javascript; charset=utf-8"),
        ("assets/style.0a1b2c3d.css", "text/css; charset=utf-8"),
        ("assets/charts/x.0a1b2c3d4e-wide.svg", "image/svg+xml"),
    ],
)
def test_every_file_has_its_type_and_is_cached_as_its_name_allows(site, path, kind):
    status, headers, _ = ask(site, path)
    assert (status, headers["Content-Type"]) == (200, kind)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == ("public, max-age=31536000, immutable" if "0a1b" in path else "no-cache")


def test_only_this_machine_is_served(site):
    async def once():
        server, address = start(site)
        hosts = {socket.getsockname()[0] for socket in server._sockets.values()}
        server.stop()
        return hosts, address

    hosts, address = asyncio.run(once())
    assert hosts == {"127.0.0.1"}
    assert address.startswith("http://127.0.0.1:")


def test_text_is_compressed_and_a_page_that_has_not_changed_is_not_sent_again(site):
    status, headers, body = ask(site, "", **{"Accept-Encoding": "gzip"})
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert len(body) < 300
    assert ask(site, "assets/page.0a1b2c3d.js", **{"Accept-Encoding": "gzip"})[1]["Content-Encoding"] == "gzip"
    assert ask(site, "zh/", **{"If-None-Match": ask(site, "zh/")[1]["Etag"]})[0] == 304


@pytest.mark.parametrize("path", ["no.html", "../secret", "%2e%2e/secret", "zh/%2e%2e/%2e%2e/secret", "bare/"])
def test_what_is_not_in_the_site_is_lost(site, path):
    status, _, body = ask(site, path)
    assert status in (403, 404)
    assert b"secret" not in body
    assert body == b"lost" or status == 403


def test_without_a_site_the_command_says_what_to_do(tmp_path):
    press = [Path(sys.executable).with_name("press"), "serve", "--out", tmp_path]
    done = subprocess.run(press, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "found no built site, expected an index.html: run `press build` first" in done.stderr
