"""What a page cannot show is told in a sentence; what it can is not; and no HTML is too odd to be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_output

from press.page import unshown
from press.records import Reference

KINDS = ("application/json", "application/javascript", "application/pdf", "video/mp4", "text/x-odd", unshown.WIDGET)


def told(**bundle):
    return list(unshown.of_output(new_output("display_data", data=bundle)))


@given(st.sets(st.sampled_from(unshown.SHOWN)), st.sets(st.sampled_from(KINDS)))
def test_an_output_is_told_of_where_nothing_or_only_its_text_is_shown(shown, others):
    found = told(**dict.fromkeys(shown | others, "x"))
    blank = bool(others) and not shown
    text = bool(others) and shown == {"text/plain"}
    is_html = unshown.shown_type(dict.fromkeys(shown)) == "text/html"
    dead = is_html and bool(others & {unshown.SCRIPT, unshown.WIDGET})
    assert len(found) == (blank or text or dead)


def test_an_output_of_an_unknown_kind_is_told_of():
    assert list(unshown.of_output(OddOutput())) == [OddOutput.words]


class OddOutput(dict):
    """An output of a kind that is not in the format."""

    output_type = "pyout"
    words = 'an output of the unknown kind "pyout" is not shown'


QUIET = [
    "<p>a < b</p>",
    "<a href='https://example.org//x'>x</a>",
    "<a name=x>x</a> <a>y</a>",
    "<img src='data:image/png;base64,AA=='>",
    "<img alt=x>",
    "<script type='application/ld+json'>{\"a\": \"<img src='no.png'>\"}</script>",
    "<!-- <script>x</script> <img src=no.png> -->",
    "<style>a::after { content: '<img src=no.png>' }</style>",
    "&lt;script&gt;x&lt;/script&gt;",
    "<iframe srcdoc='<p>x</p>'></iframe>",
    "<link rel=preconnect href='https://example.org'>",
    "<article><section>x</section></article>",
    "<a class='figure' href='figures.html#a'>1</a>",
]
LOUD = [
    ("<script>x</script>", "a script in HTML"),
    ("<SCRIPT src=x.js></SCRIPT>", "a script in HTML"),
    ("<script type=module>x</script>", "a script in HTML"),
    ("<iframe src=https://example.org></iframe>", 'the frame "https://example.org" is not fetched'),
    ("<iframe src=//example.org></iframe>", 'the frame "//example.org" is not fetched'),
    ("<iframe srcdoc='&lt;script&gt;'></iframe>", "a script in a frame"),
    ("<img\n  src = 'http://example.org/a.png'>", 'the image "http://example.org/a.png" is not fetched'),
    ("<img title='a > b' src=http://example.org/a.png>", "the image"),
    ("<link rel='stylesheet' href='https://example.org/a.css'>", "the stylesheet"),
    ("<video><source src='data:video/mp4;base64,AA=='></video>", "the source inside HTML is not played"),
    ("<audio src='https://example.org/a.mp3'>", "the audio"),
    ("<embed src=x>", "the element <embed>"),
    ("<a href='file:///etc/passwd'>x</a>", 'the link "file:///etc/passwd" leads nowhere'),
    ("<a href='JavaScript:x()'>x</a>", 'the link "JavaScript:x()" leads nowhere'),
]


@pytest.mark.parametrize("html", QUIET)
def test_html_that_a_page_shows_is_not_told_of(html):
    assert list(unshown.of_html(html)) == []
    assert list(unshown.references(html, 1, "en/a")) == []


@pytest.mark.parametrize(("html", "words"), LOUD)
def test_html_that_a_page_cannot_show_is_told_of(html, words):
    (found,) = unshown.of_html(html)
    assert found.startswith(words)


@pytest.mark.parametrize(
    ("href", "path", "place"),
    [
        ("b.html", "en/b.html", ""),
        ("b.html#x%20y", "en/b.html", "x y"),
        ("#x", "en/a.html", "x"),
        ("../zh/a.html?q=1#x", "zh/a.html", "x"),
        ("a%20b.csv", "en/a b.csv", ""),
        ("./", "en", ""),
        ("../../x", "../x", ""),
        ("/x", "/x", ""),
    ],
)
def test_a_reference_leads_to_a_file_of_the_site(href, path, place):
    (found,) = unshown.references(f'<a href="{href}">x</a>', 3, "en/a")
    assert found == Reference(3, "link", href, path, place)


def test_what_is_not_in_the_site_is_dead(tmp_path):
    site = tmp_path / "site"
    (site / "en").mkdir(parents=True)
    (site / "en" / "a.html").write_text("<h2 id='here'>x</h2><a name=\"there\"></a>")
    (site / "en" / "index.html").write_text("")
    (tmp_path / "outside.html").write_text("")
    (tmp_path / "secret").write_text("")
    alive = ["a.html", "a.html#here", "#there", "a.html#top", "a.html#:~:text=x", "./", "planned.html#x"]
    dead = ["b.html", "a.html#nowhere", "../../outside.html", f"{tmp_path}/secret", "x" * 5000, "a%00b", "../..", "."]
    dead[-1] = "a.html/x"
    for hrefs, count in ((alive, 0), (dead, len(dead))):
        html = "".join(f'<a href="{href}">x</a>' for href in hrefs)
        found = list(unshown.dead(unshown.references(html, 1, "en/a"), site, ["en/planned"]))
        assert len(found) == count, found
        assert all(len(line) < 300 for line in found)


PIECES = [
    "<a ",
    "<img ",
    "href=",
    "src='",
    '"',
    "'",
    ">",
    "<",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "http://[x",
    "\0",
    "#",
    "\ud800",
    "x",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_no_html_is_too_odd(tmp_path_factory, html):
    list(unshown.of_html(html))
    list(unshown.dead(unshown.references(html, 1, "en/a"), tmp_path_factory.getbasetemp(), ()))


@pytest.mark.parametrize("piece", ["<a ", "<img src=", "<script>", "<!--", "<a href='", '<td class="x">'])
def test_long_html_is_read_in_linear_time(piece):
    list(unshown.of_html(piece * 50_000))
