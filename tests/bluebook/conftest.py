import shutil
from pathlib import Path

import pytest

from bluebook import open_edition

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["zh", "en"])
def book(request):
    """The real edition, in each language."""
    return open_edition("shenzhen-2021", lang=request.param, root=ROOT)


@pytest.fixture
def edition_copy(tmp_path):
    """A copy of the real edition's folder that a test may break; its root is two folders up."""
    return Path(shutil.copytree(ROOT / "data" / "shenzhen-2021", tmp_path / "data" / "shenzhen-2021"))
