"""The proof as a page: a document in, its numbers out, in a real browser; nobody else's page may ask, nothing is kept."""

import os
import re
import subprocess
import sys
import tempfile

import docx
import pytest
from playwright.sync_api import sync_playwright
from starlette.testclient import TestClient

from desk.serving import application
from press.paper.browser import ARGUMENTS, find

TEXT = "全市社会组织605家，比上年增加280家，上年为316家。"


@pytest.fixture
def client():
    return TestClient(application(), base_url="http://127.0.0.1")


def test_pasted_text_is_proved(client):
    answer = client.post("/", data={"text": TEXT})
    assert answer.status_code == 200
    assert "316家 + 280家 = 596家; printed: 605家" in answer.text
    assert "script" not in answer.headers["content-security-policy"]


def test_a_document_is_proved_and_not_kept(client, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    document = docx.Document()
    document.add_paragraph(TEXT)
    document.save(tmp_path / "a.docx")
    answer = client.post("/", files={"file": ("../x/年报.docx", (tmp_path / "a.docx").read_bytes())})
    assert "<h1>年报.docx</h1>" in answer.text
    assert "596家" in answer.text
    assert [path.name for path in tmp_path.iterdir()] == ["a.docx"]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"data": {"text": " "}}, "nothing to check"),
        ({"files": {"file": ("a.docx", b"PK")}}, "a.docx: not a .docx file"),
        ({"files": {"file": ("<b>.pdf", b"x")}}, "&lt;b&gt;.pdf: no PDF that can be read"),
        ({"data": {"text": "<html><body><p>1</p></body></html>"}}, "the text is HTML"),
    ],
)
def test_what_cannot_be_read_is_told(client, sent, told):
    answer = client.post("/", **sent)
    assert answer.status_code == 400
    assert told in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1"}, 200),
        ({"content-length": "999999999999"}, 413),
        ({"content-length": "x"}, 411),
    ],
)
def test_what_another_site_sends_or_is_too_large_is_refused(client, headers, status):
    assert client.post("/", data={"text": TEXT}, headers=headers).status_code == status


def test_a_body_of_unknown_size_is_refused(client):
    def parts():
        yield b"text=1"

    assert client.post("/", content=parts()).status_code == 411


def test_another_host_is_refused():
    assert TestClient(application(), base_url="http://evil.example").get("/").status_code == 400


def test_a_reader_sees_the_first_finding_without_a_manual():
    """Pasted and sent with the keys, on a phone; nothing is asked of any other address."""
    words = [sys.executable, "-m", "desk.cli", "proof", "--serve", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server, sync_playwright() as playwright:
        try:
            assert server.stdout is not None
            address = re.search(r"http://\S+", server.stdout.readline())[0]
            sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
            own = [word for word in ARGUMENTS if not word.startswith("--host-resolver-rules")]  # which hide loopback
            chromium = playwright.chromium.launch(executable_path=find(), args=[*own, *sandbox])
            page = chromium.new_page(viewport={"width": 390, "height": 800})
            asked = []
            page.on("request", lambda request: asked.append(request.url))
            page.goto(address)
            page.focus("#text")
            page.keyboard.insert_text(TEXT)
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
            page.wait_for_selector("section")
            assert "596家" in page.inner_text("section")
            assert page.locator("mark.bad").count() == 3
            page.focus("summary")
            page.keyboard.press("Enter")
            assert page.locator("details li").first.is_visible()
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            assert all(url.startswith(address) for url in asked)
            chromium.close()
        finally:
            server.terminate()
