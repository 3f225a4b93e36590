"""The built site served: types, compression, caching, and nothing from outside its folder."""

import asyncio
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from press.site.server import start


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


def exchange(site, request):
    """The status line of the answer to a request, byte by byte."""

    async def once():
        server, address = start(site)
        reader, writer = await asyncio.open_connection("127.0.0.1", int(address.split(":")[2].strip("/")))
        try:
            writer.write(request)
            return (await asyncio.wait_for(reader.readline(), 20)).decode("latin-1")
        finally:
            writer.close()
            server.stop()
            await server.close_all_connections()

    return asyncio.run(once())


def get(site, path, host=b"localhost"):
    return exchange(site, b"GET /" + path + b" HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")


JUNK = [
    b"%00",
    b"zh/%00.html",
    b"%00/../index.html",
    b"a" * 300,
    b"zh/" + b"a" * 300 + b"/b",
    b"a/" * 3000,
    b"%e4" * 200,
]
JUNK += [b"%ff", b"zh/%c0%ae", b"%e4%b9", b"%", b"%zz", b"?%ff", b"%2500", b"zh/a.csv/%00", b"zh/" + b"%20" * 400]


@pytest.mark.parametrize("path", JUNK)
def test_a_path_that_is_none_is_refused_without_a_traceback(site, path, caplog):
    status = get(site, path).split()[1]
    assert status in ("200", "400", "404")
    if b"%00" in path or b"a" * 300 in path or path == b"a/" * 3000:
        assert status == "400"
    assert "Traceback" not in caplog.text
    assert all(record.exc_info is None for record in caplog.records)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(
            [
                "%00",
                "%2f",
                "%2e",
                "%5c",
                "..",
                "/",
                "zh",
                "a.csv",
                "\\",
                "%ff",
                "%",
                "?",
                "a" * 256,
                "%0d%0a",
                "~",
                ";",
                ":",
            ]
        )
        | st.binary(max_size=3).map(lambda raw: quote(raw)),
        max_size=8,
    ).map("".join)
)
def test_no_path_is_too_much(site, path):
    assert get(site, path.encode()).split()[1] in ("200", "301", "400", "403", "404")


@pytest.mark.parametrize("host", [b"localhost", b"LocalHost:80", b"127.0.0.1", b"127.0.0.1:9", b"[::1]", b"[::1]:8000"])
def test_this_machine_is_answered_by_its_names(site, host):
    assert get(site, b"zh/", host).split()[1] == "200"


@pytest.mark.parametrize("path", [b"", b"zh/a.json", b"no.html"])
@pytest.mark.parametrize(
    "host",
    [
        b"evil.example",
        b"evil.example:8000",
        b"localhost.evil.example",
        b"127.0.0.1.evil.example",
        b"evil.localhost",
        b"192.168.0.1",
        b"[::2]",
        b"localhost@evil.example",
        b"localhost:x",
        b"",
    ],
)
def test_a_name_that_was_made_to_lead_here_reads_nothing(site, host, path):
    assert get(site, path, host).split()[1] in ("400", "403")


def test_a_name_of_elsewhere_in_the_request_itself_reads_nothing(site):
    request = b"GET http://evil.example/zh/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert exchange(site, request).split()[1] in ("400", "403")


def test_without_a_site_the_command_says_what_to_do(tmp_path):
    press = [Path(sys.executable).with_name("press"), "serve", "--out", tmp_path]
    done = subprocess.run(press, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "found no built site, expected an index.html: run `press build` first" in done.stderr
