"""Figures reached as attributes by the parts of their ids: `book.volunteers.total`."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from bluebook.numbers.quantity import Quantity

if TYPE_CHECKING:
    from bluebook.edition.edition import Edition


class Topic:
    """The figures whose ids begin alike: `book.volunteers`. Complete with Tab; shows itself as a table."""

    def __init__(self, book: Edition, prefix: str) -> None:
        self._book = book
        self._prefix = prefix

    def _ids(self) -> list[str]:
        if not self._prefix.startswith("context."):
            return [id for id in self._book._figures if id.startswith(self._prefix)]
        ids = []
        for id, figure in self._book._cited.items():
            if id.startswith(self._prefix) and isinstance(figure, Quantity):
                ids.append(id)
        return ids

    def _parts(self) -> list[str]:
        parts: dict[str, None] = {}
        for id in self._ids():
            part, _, _ = id.removeprefix(self._prefix).partition(".")
            parts[part] = None
        return list(parts)

    def reach(self, name: str) -> Topic | Quantity:
        """The figure, or the topic within this one, of that name. Raises `AttributeError` for neither."""
        path = self._prefix + name
        if path in self._ids():
            return self._book[path]
        if name in self._parts():
            self._book._note_some(path + ".")
            return Topic(self._book, path + ".")
        self._book._note_ids(self._prefix)
        where = self._prefix.rstrip(".") or self._book.name
        known = ", ".join(self._parts())
        raise AttributeError(f"{where} has no figure {name}: it has {known}")

    def __getattr__(self, name: str) -> Topic | Quantity:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.reach(name)

    def __dir__(self) -> list[str]:
        self._book._note_ids(self._prefix)
        return self._parts()

    def __iter__(self) -> Iterator[Quantity]:
        """The figures of the topic, in the order of the file."""
        self._book._note_ids(self._prefix)
        return (self._book[id] for id in self._ids())

    def _repr_html_(self) -> str:
        rows = "".join(_html_row(q) for q in self)
        return f"<table>{rows}</table>"

    def __repr__(self) -> str:
        lines = []
        for q in self:
            remark = "; ".join([q.label, q.bounds_text, q.where])
            lines.append(f"{q.figure}: {q.text} ({remark})")
        return "\n".join(lines)


def _html_row(q: Quantity) -> str:
    """A figure as a row of the table that a topic shows itself as."""
    id = f"<code>{escape(q.figure or '')}</code>"
    cells = [id, escape(q.label), q._repr_html_(), escape(q.bounds_text), escape(q.where)]
    written = "".join(f"<td>{cell}</td>" for cell in cells)
    return f"<tr>{written}</tr>"
