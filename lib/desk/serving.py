"""The proof as a page on this machine: a document in, its numbers out. Nothing leaves it, nothing is kept."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Callable
from html import escape
from pathlib import Path, PurePosixPath

from starlette.applications import Starlette
from starlette.datastructures import FormData, UploadFile
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from bluebook.edition.package import EditionError
from desk.documents import LARGEST_BYTES, Document, from_text, read_document
from desk.page import body_of, page_of
from desk.proving import proof

HOSTS = ["127.0.0.1", "localhost"]
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
FORM = """<form method="post" enctype="multipart/form-data">
<p><label for="file">文稿 · Document (.docx, .xlsx, .pdf, .html, .txt …)</label><br>
<input type="file" id="file" name="file"></p>
<p><label for="text">或粘贴文字 · or paste text</label><br><textarea id="text" name="text" rows="8"></textarea></p>
<p><button>核对 · Check</button></p></form>"""
INTRO = (
    "<p>找出一份报告里不可能同时正确的数。文稿不离开这台电脑，也不保存。<br>"
    "Finds numbers of a report that cannot both be right as printed. Nothing leaves this machine, nothing is kept.</p>"
)
TITLE = "勾稽 · Proof"


async def check(request: Request) -> HTMLResponse:
    """The form; and with a document, what was found of it."""
    if request.method == "GET":
        return _answer(page_of(TITLE, INTRO + FORM))
    if refusal := _refusal(request):
        return refusal
    async with request.form(max_files=1, max_part_size=LARGEST_BYTES) as form:
        try:
            document = await _document(form)
        except EditionError as error:
            return _answer(page_of(TITLE, _error(str(error)) + FORM), 400)
    try:
        return _answer(as_answer(document))
    except EditionError as error:
        return _answer(page_of(TITLE, _error(str(error)) + FORM), 400)


def _refusal(request: Request) -> HTMLResponse | None:
    """What a request is told that another site sends, that does not say how large it is, or that is too large."""
    origin = request.headers.get("origin")
    if origin is not None and origin != f"{request.url.scheme}://{request.url.netloc}":
        return _answer(page_of(TITLE, _error("sent by another site")), 403)
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        return _answer(page_of(TITLE, _error("of unknown size") + FORM), 411)
    if int(length) > LARGEST_BYTES:
        return _answer(page_of(TITLE, _error(f"too large: at most {LARGEST_BYTES:,} bytes") + FORM), 413)
    return None


async def _document(form: FormData) -> Document:
    """What was dropped or pasted. Raises `EditionError` where that is nothing that can be read."""
    file, text = form.get("file"), form.get("text")
    if isinstance(file, UploadFile) and file.filename:
        name = PurePosixPath(file.filename.replace("\\", "/")).name or "document"
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"document{PurePosixPath(name).suffix[:8]}")
            path.write_bytes(await file.read())
            try:
                return Document(name, read_document(path).blocks)
            except EditionError as error:
                raise EditionError(str(error).replace(str(path), name)) from None
    if isinstance(text, str) and text.strip():
        return from_text(text, "文字 · text")
    raise EditionError("没有文稿 · nothing to check: choose a file, or paste some text")


def as_answer(document: Document) -> str:
    """The page with what was found of a document, and the form for the next below it."""
    return page_of(document.name, body_of(document, proof(document)) + f"<hr>{FORM}")


def _error(error: str) -> str:
    return f'<p role="alert"><strong>{escape(error)}</strong></p>'


def _answer(page: str, status: int = 200) -> HTMLResponse:
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
    return HTMLResponse(page, status, headers)


def application() -> Starlette:
    """What answers. A request for another host is refused: no page of the web may reach it by a name of its own."""
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS, www_redirect=False)
    return Starlette(routes=[Route("/", check, methods=["GET", "POST"])], middleware=[hosts])


def serve(port: int, say: Callable[[str], None]) -> None:
    """Serve the page on this machine's loopback address until interrupted; port 0 is any that is free."""
    import uvicorn

    with socket.create_server(("127.0.0.1", port)) as listening:
        say(f"http://127.0.0.1:{listening.getsockname()[1]}/")
        server = uvicorn.Server(uvicorn.Config(application(), log_level="warning", lifespan="off"))
        server.run(sockets=[listening])
