"""A secret is found and masked in each form that its value takes on its way into a file."""

import base64
import gzip
import html
import io
import json
import string
import urllib.parse
import zipfile

import pikepdf
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from press.page.downloads import to_xlsx
from press.run import redact
from press.suite import SuiteError

NAME = "BOOK_TOKEN"
VALUE = 'pa"ss<w>örd/9+x'


def secrets(value):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(NAME, value)
        return redact.read([NAME])


def entities(text, form):
    return "".join(form.format(ord(char)) for char in text)


def json_escaped(text):
    return json.dumps(text)[1:-1]


def standard(content):
    return base64.b64encode(content).decode()


def safe(content):
    return base64.urlsafe_b64encode(content).decode()


def after(prefix, encode=standard):
    return lambda text: encode(prefix + text.encode())


FORMS = {
    "raw": str,
    "html": html.escape,
    "html, quotes as they are": lambda text: html.escape(text, quote=False),
    "html, twice": lambda text: html.escape(html.escape(text)),
    "html, decimal": lambda text: entities(text, "&#{};"),
    "html, decimal with zeros": lambda text: entities(text, "&#{:06};"),
    "html, hex": lambda text: entities(text, "&#x{:x};"),
    "html, HEX": lambda text: entities(text, "&#X{:X};"),
    "xml": lambda text: text.encode("ascii", "xmlcharrefreplace").decode(),
    "named": lambda text: "".join(
        {"ö": "&ouml;", "/": "&sol;", "<": "&lt;", "+": "&plus;"}.get(char, char) for char in text
    ),
    "json": json_escaped,
    "json, Unicode": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "json, slashes": lambda text: json_escaped(text).replace("/", "\\/"),
    "json, in a script": lambda text: json_escaped(text).replace("<", "\\u003c").replace(">", "\\u003E"),
    "json, all": lambda text: "".join(f"\\u{ord(char):04X}" if ord(char) < 0x10000 else char for char in text),
    "json in json": lambda text: json_escaped(json_escaped(text)),
    "html in json": lambda text: json_escaped(html.escape(text)),
    "json in html": lambda text: html.escape(json_escaped(text)),
    "address": lambda text: urllib.parse.quote(text, safe=""),
    "address, slashes": urllib.parse.quote,
    "form": urllib.parse.quote_plus,
    "address, lower": lambda text: "".join(
        char.lower() if at and "%" in quoted[max(0, at - 2) : at] else char
        for quoted in [urllib.parse.quote(text, safe="")]
        for at, char in enumerate(quoted)
    ),
    "address, all": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "address, twice": lambda text: urllib.parse.quote(urllib.parse.quote(text, safe=""), safe=""),
    "repr": lambda text: repr(text)[1:-1],
    "ascii": lambda text: ascii(text)[1:-1],
    "bytes": lambda text: repr(text.encode())[2:-1],
    "repr in json": lambda text: json_escaped(repr(text.encode())[2:-1]),
    "base64": lambda text: standard(text.encode()),
    "base64, for addresses": lambda text: safe(text.encode()),
    "base64, unpadded": lambda text: safe(text.encode()).rstrip("="),
    "base64, user": after(b"user:"),
    "base64, one before": after(b"\xff"),
    "base64, two before": after(b"\xffz", safe),
    "base64, something after": lambda text: standard(text.encode() + b"@example.org"),
    "base64, in the middle": lambda text: safe(b"https://me:" + text.encode() + b"@example.org"),
    "base64, UTF-16": lambda text: standard(text.encode("utf-16-le")),
    "base64 in an address": lambda text: urllib.parse.quote(standard(text.encode()), safe=""),
    "base64 in json": lambda text: standard(b"u:" + text.encode()).replace("/", "\\/"),
    "hex": lambda text: text.encode().hex(),
    "HEX": lambda text: text.encode().hex().upper(),
    "hex, by bytes": lambda text: text.encode().hex(" "),
    "hex, by colons": lambda text: text.encode().hex(":"),
}
LINES = {"newline": "\n", "carriage return": "\r\n", "indented": "\n        "}
BREAKS = {
    **LINES,
    "in json": "\\n",
    "in json in json": "\\\\r\\\\n",
    "in a list": '\\n",\n   "',
    "br": "<br/>",
    "wbr": "<wbr>",
    "soft hyphen": "&shy;",
    "coloured": '</span><span class="ansi-red">',
    "terminal": "\x1b[0;31m",
}
characters = string.ascii_letters + string.digits + string.punctuation + "éöß中文数😀"
values = st.text(characters, min_size=8, max_size=24).filter(lambda text: redact._unfit(text) == "")


@pytest.mark.parametrize("form", FORMS)
@given(value=values)
@example(value=VALUE)
@example(value="a\\b\\\\c d'e")
@example(value="two words & 3 <signs>")
def test_each_form_is_found_and_masked(form, value):
    shown = FORMS[form](value)
    content = f"before ({shown}) after".encode()
    asked = secrets(value)
    assert redact.secrets_in(content, asked) == {NAME}
    masked = redact.mask(content, asked)
    assert f"[{NAME}]".encode() in masked
    assert masked.startswith(b"before (")
    assert masked.endswith(b") after")
    assert redact.secrets_in(masked, asked) == set()


@pytest.mark.parametrize("form", ["raw", "html", "json", "address", "base64", "base64, user", "hex"])
@pytest.mark.parametrize("name", BREAKS)
@given(data=st.data())
def test_a_value_is_found_across_line_breaks_at_any_column(form, name, data):
    value = data.draw(st.sampled_from([VALUE, "s3cr3t-value-of-a-test", "Tr0ub4dor&3 of/course"]))
    if form in ("raw", "json") and "<" in BREAKS[name]:
        value = value.replace("<", "(")  # where there are tags, it would be one
    parts = [FORMS[form](value)] if name in LINES or "base64" in form else [FORMS[form](char) for char in value]
    shown = (
        list(parts[0]) if len(parts) == 1 else parts
    )  # a line may end within what stands for a character, no tag does
    width = data.draw(st.integers(3, max(3, len(shown) - 1)))
    wrapped = BREAKS[name].join("".join(shown[at : at + width]) for at in range(0, len(shown), width))
    content = f"before ({wrapped}) after".encode()
    asked = secrets(value)
    assert redact.secrets_in(content, asked) == {NAME}
    masked = redact.mask(content, asked)
    assert redact.secrets_in(masked, asked) == set()
    assert masked.startswith(b"before (")
    assert masked.endswith(b") after")


def test_base64_of_a_letter_is_found_in_its_lines_of_76():
    letter = f"Dear reader,\nthe token is {VALUE}.\n{'Yours, the press. ' * 20}"
    for before in range(80):
        content = base64.encodebytes(b"x" * before + letter.encode())
        assert redact.secrets_in(content, secrets(VALUE)) == {NAME}, before
        assert redact.secrets_in(redact.mask(content, secrets(VALUE)), secrets(VALUE)) == set()


@given(value=values, parts=st.lists(st.sampled_from(list(FORMS)), min_size=1, max_size=3))
def test_json_stays_json_and_keeps_what_is_no_secret(value, parts):
    record = {"a": ["kept “as it is” \\n", 1.5], "b": {"x": [FORMS[form](value) for form in parts]}}
    content = json.dumps(record, ensure_ascii=False, indent=1).encode()
    masked = json.loads(redact.mask(content, secrets(value)))
    assert masked["a"] == record["a"]
    assert all(f"[{NAME}]" in text for text in masked["b"]["x"])


def test_a_notebook_whose_lines_are_a_list_stays_json():
    content = json.dumps({"source": ["x = 's3cr3t-val\n", "ue-of-a-test'"]}, indent=1).encode()
    masked = redact.mask(content, secrets("s3cr3t-value-of-a-test"))
    assert json.loads(masked) == {"source": [f"x = '[{NAME}]'"]}


def test_tags_that_split_a_value_stay():
    masked = redact.mask(b"<p>s3cr<b>3t-val</b>ue!</p>", secrets("s3cr3t-value!"))
    assert masked == f"<p>[{NAME}]<b></b></p>".encode()


def test_a_key_of_many_lines_is_masked_whole_and_line_by_line():
    lines = [standard(bytes(range(at, at + 48))) for at in range(0, 192, 48)]
    key = "\n".join(["-----BEGIN KEY-----", *lines, "-----END KEY-----"])
    asked = secrets(f"{key}\n")
    masked = redact.mask(f"it is {key}, she said".encode(), asked)
    assert masked.startswith(b"it is [")
    assert masked.endswith(b"], she said")
    assert not [line for line in lines if line.encode() in masked]
    assert redact.secrets_in(repr(key).encode(), asked) == {NAME}


def test_other_texts_stay_as_they_are():
    content = json.dumps({"text": "a report of 2021 <b>&amp;</b> " * 50, "data": standard(bytes(range(256)))}).encode()
    for value in (VALUE, "s3cr3t-value-of-a-test", "correct horse battery staple", "0f9e8d7c6b5a"):
        assert redact.mask(content, secrets(value)) == content
        assert redact.secrets_in(content, secrets(value)) == set()
    binary = bytes(range(256)) * 4
    assert redact.mask(binary, secrets(VALUE)) == binary


def test_the_longest_of_several_values_and_each_name_is_told():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("A", "s3cr3t-value")
        patch.setenv("B", "another-t0ken")
        asked = redact.read(["A", "NOT_SET", "B"])
    assert redact.secrets_in(b"another-t0ken and s3cr3t-value", asked) == {"A", "B"}
    assert redact.mask(b"another-t0ken and s3cr3t-value", asked) == b"[B] and [A]"


# What a value is in


def zipped(**files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def pdf(where):
    made = pikepdf.new()
    made.add_blank_page()
    if where == "title":
        made.docinfo["/Title"] = pikepdf.String(f"the token {VALUE}")
    elif where == "link":
        action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(f"https://x/?{VALUE}"))
        made.pages[0].obj.Annots = pikepdf.Array([pikepdf.Dictionary(A=action)])
    elif where == "stream":
        made.Root.More = made.make_stream(VALUE.encode())
    packed = io.BytesIO()
    made.save(packed, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return packed.getvalue()


CONTAINERS = {
    "zip": lambda: zipped(**{"a.txt": f"the token {VALUE}"}),
    "a name in a zip": lambda: zipped(**{f"{html.escape(VALUE)}.txt": "x"}),
    "a zip in a zip": lambda: zipped(**{"a.zip": zipped(b=VALUE)}),
    "excel": lambda: to_xlsx(["a"], [[f"the token {VALUE}"]], "a"),
    "gzip": lambda: gzip.compress(VALUE.encode()),
    "utf-16": lambda: VALUE.encode("utf-16"),
    "pdf, title": lambda: pdf("title"),
    "pdf, link": lambda: pdf("link"),
    "pdf, stream": lambda: pdf("stream"),
}


@pytest.mark.parametrize("kind", CONTAINERS)
def test_files_that_pack_texts_are_looked_into(kind):
    assert redact.secrets_in(CONTAINERS[kind](), secrets(VALUE)) == {NAME}
    assert redact.secrets_in(CONTAINERS[kind](), secrets("an0ther-v@lue")) == set()


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 broken", b"%PDF-1.7 broken", b"\x1f\x8b broken", b"\xff\xfe\x00", b""]
)
def test_damaged_files_are_looked_at_as_they_are(content):
    assert redact.secrets_in(content + VALUE.encode(), secrets(VALUE)) == {NAME}
    assert redact.secrets_in(content, secrets(VALUE)) == set()


def test_the_text_that_a_pdf_draws_is_read(chromium):
    page = chromium.new_page()
    page.set_content(f"<p style='width: 5em; overflow-wrap: anywhere'>The token is {html.escape(VALUE)}</p>")
    content = page.pdf()
    page.close()
    assert redact.secrets_in(content, secrets(VALUE)) == {NAME}


# What is refused

REFUSED = {
    "x1": "has 2 characters, expected at least 8",
    "hunter2": "has 7 characters, expected at least 8",
    "        hunter2        ": "has 7 characters",
    "--------": "has 1 different characters",
    "abababababab": "has 2 different characters",
    "20211231": "is a number or a date",
    "2021-12-31": "is a number or a date",
    "1,234,567.8": "is a number or a date",
    "password": "is a common word or name",
    "Shenzhen": "is a common word or name",
    "GOVERNMENT": "is a common word or name",
    "social governance": "is a common word or name",
    "shenzhen-2021": "is a common word or name",
    "city_of_shenzhen": "is a common word or name",
    "社会治理与发展报告": "is a common word or name",
}


@pytest.mark.parametrize("value", REFUSED)
def test_a_value_that_cannot_be_told_from_other_text_is_refused(value):
    with pytest.raises(SuiteError, match=REFUSED[value]) as refusal:
        secrets(value)
    assert NAME in str(refusal.value)
    assert value.strip() not in str(refusal.value)


@pytest.mark.parametrize(
    "value", ["hunter22", "s3cr3t-value", "correct horse battery staple", "AbCdEfGh", "swordfish-9"]
)
def test_a_value_that_no_text_has_is_taken(value):
    assert [secret.name for secret in secrets(value)] == [NAME]


def test_a_value_that_is_not_set_or_empty_is_none(monkeypatch):
    monkeypatch.setenv(NAME, "")
    monkeypatch.delenv("NOT_SET", raising=False)
    assert redact.read([NAME, "NOT_SET"]) == ()
    assert redact.mask(b"x", ()) == b"x"
    assert redact.secrets_in(b"x", ()) == set()
