"""How long a line takes to scan, by its length: prose and crafted lines. `python -m tests.benchmarks.scanning`

What counts is the last column: time for four times the length, 4 where it grows with the length, 16 where with its square.
"""

from __future__ import annotations

import time

from desk.scan import findings

LENGTHS = (25_000, 100_000)  # characters
PIECES = {
    "prose": "全市208万名志愿者占常住人口的15.5%,比上年增长3.2个百分点,",
    "English": "in 2019, over 900,000 people, ",
    "digits": "1",
    "numerals": "一",
    "ranges": "1-",
    "hedges": "约",
    "brackets": "(1",
    "lists": "1,",
    "wide commas": "120，",
    "quotes": "“1",
    "years": "2001、",
    "words": "一个",
    "names": "A1",
}


def seconds(piece: str, length: int) -> float:
    """The processor's time to scan one line of that length."""
    line = piece * (length // len(piece))
    start = time.process_time()
    findings(line)
    return time.process_time() - start


def main() -> None:
    findings("1个")  # patterns are compiled once
    print(f"{'':12} {'':8} " + " ".join(f"{length:>9,}" for length in LENGTHS) + "    times")
    for name, piece in PIECES.items():
        times = [seconds(piece, length) for length in LENGTHS]
        shown = " ".join(f"{taken:8.2f}s" for taken in times)
        print(f"{name:12} {piece[:6]:8} {shown} {times[1] / max(times[0], 1e-3):8.1f}")


if __name__ == "__main__":
    main()
