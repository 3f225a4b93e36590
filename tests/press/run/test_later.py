"""Modules that are imported when they are first called."""

import subprocess
import sys

import pytest

from press.run.later import imported_later


def test_a_module_is_imported_when_it_is_called(tmp_path, monkeypatch):
    (tmp_path / "slow_words.py").write_text("def joined(one, *, other):\n    return f'{one} {other}'\n")
    monkeypatch.syspath_prepend(tmp_path)
    with imported_later("slow_words"):
        from slow_words import joined
    assert "slow_words" not in sys.modules
    assert joined("a", other="b") == "a b"
    assert sys.modules["slow_words"].__file__ == str(tmp_path / "slow_words.py")
    del sys.modules["slow_words"]


def test_a_module_that_is_not_installed_is_missed_at_once():
    with imported_later("no_such_module"), pytest.raises(ModuleNotFoundError, match="no_such_module"):
        import no_such_module  # noqa: F401


def test_a_module_that_is_imported_is_left_alone():
    with imported_later("json"):
        import json

        assert json is sys.modules["json"]
    assert sys.modules["json"] is json


def test_jsonschema_knows_its_formats_all_the_same():
    code = """
from press.run.later import imported_later
with imported_later():
    import jsonschema
import sys
assert "rfc3987_syntax" not in sys.modules
check = jsonschema.FormatChecker()
for text, is_good in (("https://例子.测试/路", True), ("no iri", False)):
    assert check.conforms(text, "iri") is is_good, text
assert "rfc3987_syntax" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
