"""How long a report takes to prove, and how much memory. `python -m tests.benchmarks.proving FILE…`

The texts are put together until they are as long as a report of 200 pages.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from desk.proving import proof

PAGES = 200
CHARACTERS = 1000  # of a page


def main() -> None:
    text = "".join(Path(name).read_text(encoding="utf-8") for name in sys.argv[1:])
    if not text:
        sys.exit("name the texts to prove")
    report = (text * (PAGES * CHARACTERS // len(text) + 1))[: PAGES * CHARACTERS]
    start = time.process_time()
    found = proof(report)
    seconds = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{len(report):,} characters, {found.numerals:,} numerals, {found.checked:,} in a check")
    print(f"{seconds:.1f} s of processor time, {memory} MB at most")


if __name__ == "__main__":
    main()
