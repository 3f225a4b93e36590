"""A run that did not come to its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pass


class RunError(Exception):
    """A run that did not come to its end: `cell` is its number in the notebook (from 1), if it was a cell's fault.

    `detail` is the traceback, `notebook` what was executed until then, `account` what its kernel had read until then,
    where it could still tell.
    """

    def __init__(
        self,
        error: str,
        cell: int | None = None,
        detail: str = "",
        notebook: Any = None,
        account: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(error, cell, detail)
        self.error, self.cell, self.detail = error, cell, detail
        self.notebook, self.account = notebook, account or {}
