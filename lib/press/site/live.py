"""The process of `press preview` that serves the site: `python -m press.site.live SITE PORT`."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

from press.site import server
from press.suite import SuiteError


def _end_with_who_started_us() -> None:
    while os.read(0, 1):  # no lock is held on stdin where this process ends first
        pass
    os._exit(0)


def main() -> None:
    """Serve until told to stop, or until who started this process is gone."""
    threading.Thread(target=_end_with_who_started_us, daemon=True).start()
    site, port = Path(sys.argv[1]), int(sys.argv[2])
    with suppress(KeyboardInterrupt):
        try:
            server.serve(site, port, lambda address: print(f"{address}   (Ctrl+C stops)", flush=True), live=True)
        except SuiteError as error:
            sys.exit(f"press: {error}")


if __name__ == "__main__":
    main()
