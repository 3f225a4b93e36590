"""What Lighthouse says of every report page, as a phone gets it from a plain static server that does not compress.

Run it when nothing else runs, for what else keeps the machine busy counts as the page's blocking time:
`press build`, then `python -m tests.benchmarks.lighthouse [PAGE…]`, a page being like `shenzhen-2021/zh/04-society`.
It needs Node.js, whose `npx` fetches Lighthouse. Exits with 1 where a page has less than 100 for anything.
"""

import json
import os
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from press.browser import ARGUMENTS, find

SITE = Path(__file__).parents[2] / "reports" / "site"
LIGHTHOUSE = "lighthouse@12.8.2"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TIMES = {"FCP": "first-contentful-paint", "LCP": "largest-contentful-paint", "TBT": "total-blocking-time"}
OTHERS = {"index", "search", "changes", "404"}  # no reports


class Quiet(SimpleHTTPRequestHandler):
    """Python's own server, without a line for each request."""

    def log_message(self, *_):
        """Say nothing."""


def audited(url):
    """Lighthouse's account of a page."""
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    # a host that cannot be found is no matter here, and Lighthouse's own helpers are to be found
    flags = [flag for flag in ARGUMENTS if "resolver" not in flag and "hinting" not in flag]
    words = ["--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}"]
    chrome = f"--chrome-flags={' '.join(['--headless=new', *flags, *root])}"
    command = ["npx", "--yes", LIGHTHOUSE, url, *words, chrome]
    done = subprocess.run(
        command, env=os.environ | {"CHROME_PATH": find()}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{url}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def main(names):
    """Audit the pages, or all of them, and say how they did."""
    pages = names or [
        page.relative_to(SITE).with_suffix("").as_posix()
        for page in sorted(SITE.glob("*/*/*.html"))
        if page.stem not in OTHERS
    ]
    if not pages:
        sys.exit(f"no pages in {SITE}: press build prints them")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    short = []
    print("page", *CATEGORIES, *TIMES, "kB", sep="\t", flush=True)
    for page in pages:
        told = audited(f"http://127.0.0.1:{server.server_port}/{page}.html")
        scores = [round(100 * told["categories"][name]["score"]) for name in CATEGORIES]
        times = [f"{told['audits'][name]['numericValue'] / 1000:.2f} s" for name in TIMES.values()]
        weight = f"{told['audits']['total-byte-weight']['numericValue'] / 1000:.0f}"
        print(page, *scores, *times, weight, sep="\t", flush=True)
        short += [page] * (min(scores) < 100)
    server.shutdown()
    if short:
        sys.exit(f"{len(short)} of {len(pages)} pages below 100: {', '.join(short)}")


if __name__ == "__main__":
    main(sys.argv[1:])
