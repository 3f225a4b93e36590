"""Search without a server: what an edition says in a language, as one script that a page can read from any folder.

Words are found anywhere in the text, so a Chinese word of two characters, a number or half an English word is found as
a reader types it; so is the id of a row, which its address ends in. There is an entry for each section, each chart and
each row that has an anchor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from press.records import PageRecord
from press.site.assets import script_json

Entry = tuple[str, str, str, str, str]  # kind, href, title, text, title of its page


def entries(name: str, record: PageRecord, has_pdf: bool) -> list[Entry]:
    """An entry for each passage of a page, whose file has this name without its suffix; its PDF, if there is one, last.

    >>> from press.records import Passage
    >>> entries("roads", PageRecord(passages=(Passage("section", "a", "Roads", "They are long.", 1),)), True)[1]
    ('pdf', 'roads.pdf', 'Roads', '', 'Roads')
    """
    if not record.passages:
        return []
    title = record.passages[0].title
    found = [(one.kind, f"{name}.html#{one.anchor}", one.title, one.text, title) for one in record.passages]
    if has_pdf:
        found.append(("pdf", f"{name}.pdf", title, "", title))
    return found


def script(listed: Iterable[Entry], synonyms: Mapping[str, Sequence[str]]) -> str:
    """The script that hands a search page all that it needs: entries, and synonyms."""
    content = {"entries": list(listed), "synonyms": dict(synonyms)}
    return f"window.pressIndex = {script_json(content)};\n"
