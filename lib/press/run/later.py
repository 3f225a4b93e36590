"""Modules that take long to import and are seldom used: they are imported when they are first called.

jsonschema imports `rfc3987_syntax`, where that is installed, which compiles its grammars then (1 s): for two formats of
texts, of which the schema of notebooks has none. plotly imports nbformat, and that jsonschema, in every kernel.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

GRAMMARS = "rfc3987_syntax"


@contextmanager
def imported_later(name: str = GRAMMARS) -> Iterator[None]:
    """Whoever imports from a module meanwhile gets functions that import it when they are called.

    Afterwards it is imported as ever. Nothing is done where it is imported already, or is not installed.
    """
    if name in sys.modules or importlib.util.find_spec(name) is None:
        yield
        return
    sys.modules[name] = _StandIn(name)
    try:
        yield
    finally:
        if isinstance(sys.modules.get(name), _StandIn):
            del sys.modules[name]


class _StandIn(ModuleType):
    """A module whose every public name is a function that calls the real one."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        module = self.__name__

        def call(*values: Any, **named: Any) -> Any:
            return getattr(importlib.import_module(module), name)(*values, **named)

        return call
