import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return Path(__file__).parents[1]


@pytest.fixture(scope="session")
def source_text(root) -> Path | None:
    """The text the Shenzhen 2021 edition was taken from, where it lies on this machine; it is not ours to publish."""
    beside = root.parent / "shared" / "source" / "shenzhen-2021.txt"
    path = Path(os.environ.get("BLUEBOOK_SOURCE", beside))
    return path if path.is_file() else None
