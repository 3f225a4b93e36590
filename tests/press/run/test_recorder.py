"""What the recorder counts as an input, by who asked: called from code of files that lie where libraries do."""

import sys
from functools import partial
from pathlib import Path

import pytest

from press.run import recorder

LIBRARY = str(Path(sys.prefix, "lib", "library.py"))
IMPORT = "<frozen importlib._bootstrap>"
CELL = "/tmp/ipykernel_1/2.py"
CACHE = f"{recorder.CACHES[0]}library/stamp"


def asked(files, function, *words):
    """What the function gives when code of these files, the outermost first, calls it."""
    call = partial(function, *words)
    for file in reversed(files):
        names = {"inner": call}
        exec(compile("def call(): return inner()", file, "exec"), names)
        call = names["call"]
    return call()


@pytest.mark.parametrize(
    ("files", "counts"),
    [
        ([CELL, LIBRARY], True),
        ([CELL], True),
        ([CELL, IMPORT, LIBRARY], False),
        ([CELL, IMPORT, LIBRARY, LIBRARY], False),
        ([CELL, IMPORT, LIBRARY, CELL], True),
    ],
)
def test_what_a_library_keeps_in_a_cache_is_its_own_when_it_is_imported(files, counts):
    assert (asked(files, recorder._outside, CACHE) == CACHE) is counts
    assert asked(files, recorder._outside, "/data/a.csv") == "/data/a.csv"


def test_compiled_code_that_opens_files_unseen_is_told_by_its_package(monkeypatch):
    for name in ("numpy.x", "PIL._imaging", "PIL._imagingft", "unheard_of.y"):
        module = type(sys)(name)
        module.__file__ = f"/site-packages/{name}.abi3.so"
        monkeypatch.setitem(sys.modules, name, module)
    assert {"PIL", "unheard_of"} <= set(recorder.compiled())
    monkeypatch.delitem(sys.modules, "PIL._imagingft")
    assert "PIL" not in recorder.compiled()
