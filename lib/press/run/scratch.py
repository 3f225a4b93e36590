"""A temporary folder that is gone at the end, however the press ends."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from press.run.processes import mentioning


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A temporary folder for the time of a `with` block.

    >>> with scratch_folder() as folder:
    ...     _ = (folder / "draft").write_text("a draft")
    >>> folder.exists()
    False
    """
    folder = Path(tempfile.mkdtemp(prefix="press-"))
    # A process of its own removes it when the press closes its line, or is no more.
    keeper = subprocess.Popen(
        [sys.executable, "-P", "-m", "press.run.scratch", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield folder
    finally:
        assert keeper.stdin
        keeper.stdin.close()
        keeper.wait()


def _keep(folder: str) -> None:
    """Wait for the end of the press, end who still works in its folder, such as a browser, and remove that."""
    sys.stdin.read()
    while left := list(mentioning(folder)) if sys.platform.startswith("linux") else []:
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.005)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    _keep(sys.argv[1])
