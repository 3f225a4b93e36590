"""What lies beside a notebook goes with its page: pictures, data, attachments, and links to other notebooks."""

import base64
import json
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def links(project, page="en/a", attribute="src"):
    html = project.site()[f"{page}.html"].decode()
    return [one[attribute] for one in BeautifulSoup(html, "html.parser").main.select(f"article [{attribute}]")]


def content(project, href, page="en/a"):
    return project.site().get(f"{page.rpartition('/')[0]}/{unquote(href)}")


@pytest.fixture
def pictures(project):
    folder = project.root / "notebooks" / "my pictures"
    folder.mkdir()
    (folder / "one+1.png").write_bytes(PIXEL)
    (project.root / "data").mkdir(exist_ok=True)
    (project.root / "data" / "x.csv").write_text("a\n1\n")
    return folder


@pytest.mark.usefixtures("pictures")
@pytest.mark.parametrize(
    "source",
    [
        "![one](my%20pictures/one+1.png)",
        "![one](<my pictures/one+1.png>)",
        '<img alt="one" src="my pictures/one+1.png" width="10">',
        "<img alt='one' src='./my%20pictures/one%2B1.png'>",
        "```{figure} my pictures/one+1.png\n:alt: one\nx\n```",
    ],
)
def test_a_picture_goes_with_the_page_however_it_is_written(project, source):
    project.add("a", f"# A\n\n{source}")
    project.build()
    assert [content(project, href) for href in links(project)] == [PIXEL]
    assert "leads nowhere" not in json.dumps(project.report())


@pytest.mark.usefixtures("pictures")
def test_html_of_outputs_takes_its_files_along_and_data_is_linked(project):
    code = "from IPython.display import HTML, Image\nHTML('<a href=\"../data/x.csv#row=1\">data</a>')"
    project.add("a", "# A\n\n[data](../data/x.csv)", (code,), ("Image(url='my pictures/one+1.png', alt='one')",))
    project.build()
    assert [content(project, href) for href in links(project)] == [PIXEL]
    hrefs = [href for href in links(project, attribute="href") if ".csv" in href]
    assert [content(project, href.partition("#")[0]) for href in hrefs] == [b"a\n1\n"] * 2


def test_a_picture_that_changes_or_comes_is_shown_without_a_run(project, pictures):
    project.add("a", "# A\n\n![one](my%20pictures/one+1.png) ![two](my%20pictures/two.png)")
    project.build()
    assert "two.png" in project.report()["runs"][0]["warnings"][0]
    executed = project.site()["en/a.ipynb"]
    (pictures / "one+1.png").write_bytes(b"other")
    (pictures / "two.png").write_bytes(PIXEL)
    project.build()
    assert [content(project, href) for href in links(project)] == [b"other", PIXEL]
    assert project.site()["en/a.ipynb"] == executed
    assert len([name for name in project.site() if name.endswith(".png") and name.startswith("en/a/")]) == 2
    assert not project.report()["runs"][0].get("warnings")
    assert project.build() == {"en/a": "reused"}


def test_an_attachment_of_a_cell_is_shown(project):
    project.add("a", "# A\n\n![one](attachment:my%20one.png)")
    file = project.root / "notebooks" / "a.ipynb"
    notebook = json.loads(file.read_text())
    notebook["cells"][1]["attachments"] = {"my one.png": {"image/png": base64.b64encode(PIXEL).decode()}}
    file.write_text(json.dumps(notebook))
    project.build()
    assert [content(project, href) for href in links(project)] == [PIXEL]


@pytest.mark.usefixtures("pictures")
@pytest.mark.parametrize("place", ["../../outside.png", "/etc/hostname", ".hidden/x.png", "my%20pictures", "a%00b"])
def test_what_lies_outside_is_hidden_or_is_no_file_stays_behind(project, place):
    (project.root.parent / "outside.png").write_bytes(PIXEL)
    (project.root / "notebooks" / ".hidden").mkdir()
    (project.root / "notebooks" / ".hidden" / "x.png").write_bytes(PIXEL)
    project.add("a", f"# A\n\n![one]({place})")
    project.build()
    assert not [name for name in project.site() if name.startswith("en/a/")]
    assert project.report()["runs"][0]["warnings"]


def test_a_link_to_a_notebook_leads_to_its_page_and_its_heading(project):
    project.add(
        "a", "# A\n\n[b](b.ipynb) [c](../notebooks/b.ipynb#Section-Two) [own](#Below) [no](none.ipynb)\n\n## Below"
    )
    project.add("b", "# B\n\n## Section Two")
    project.build()
    hrefs = links(project, attribute="href")
    assert hrefs[:4] == [
        "b.html",
        "b.html#section-two",
        "#below",
        "none.ipynb",
    ]
