import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings
from playwright.sync_api import sync_playwright

from bluebook import open_edition
from press.paper import browser

ROOT = Path(__file__).parents[1]

# No time counts on a busy machine; what decides whether a change may land is the same every time.
# EXAMPLES=1000 looks further than there is time for each time.
settings.register_profile(
    "book",
    max_examples=int(os.environ.get("EXAMPLES", "30")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
)
settings.load_profile("book")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items):
    """A file stays together in one process. Who reads the printed book begins, then the slow: all end at about one time."""
    printed = {item.path for item in items if item.path.parent == ROOT / "tests" and "site" in item.fixturenames}
    for item in items:
        item.add_marker(pytest.mark.xdist_group(item.location[0]))
    items.sort(key=lambda item: (item.path not in printed, item.get_closest_marker("slow") is None))


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return ROOT


@pytest.fixture
def shared() -> Path:
    """Texts and cases that lie beside the repository and are not part of it; there may be none."""
    return ROOT.parent / "shared"


@pytest.fixture(params=["zh", "en"])
def book(request):
    """The real edition, in each language."""
    return open_edition("shenzhen-2021", lang=request.param, root=ROOT)


@pytest.fixture
def edition_copy(tmp_path) -> Path:
    """A copy of the real edition's folder that a test may break; its root is two folders up."""
    return Path(shutil.copytree(ROOT / "data" / "shenzhen-2021", tmp_path / "data" / "shenzhen-2021"))


@pytest.fixture(scope="session")
def source_text(root) -> Path | None:
    """The text the Shenzhen 2021 edition was taken from, where it lies on this machine; it is not ours to publish."""
    beside = root.parent / "shared" / "source" / "shenzhen-2021.txt"
    path = Path(os.environ.get("BLUEBOOK_SOURCE", beside))
    return path if path.is_file() else None


@pytest.fixture(scope="session")
def site(root, tmp_path_factory, worker_id) -> Path:
    """The whole book, printed once by the command a user types, for all processes: nobody writes into it."""
    base = tmp_path_factory.getbasetemp()
    reports = (base if worker_id == "master" else base.parent) / "the-book"
    printed = reports.with_suffix(".printed")
    with FileLock(reports.with_suffix(".lock")):
        if not printed.exists():
            press = Path(sys.executable).with_name("press")
            command = [press, "build", "--out", reports]
            done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
            printed.touch()
    return reports / "site"


@pytest.fixture(scope="module")
def chromium():
    """A real Chromium."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=browser.find(), args=[*sandbox, *quiet])
        yield window
        window.close()
