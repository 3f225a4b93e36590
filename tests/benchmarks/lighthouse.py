"""What Lighthouse says of every report page, as a phone gets it from a plain static server that does not compress.

Run it when nothing else runs, for what else keeps the machine busy counts as the page's blocking time;
a page below 100 is audited twice more, and the middle account counts.

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

from press.paper.browser import ARGUMENTS, find

SITE = Path(__file__).parents[2] / "reports" / "site"
LIGHTHOUSE = "lighthouse@12.8.2"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TIMES = {"FCP": "first-contentful-paint", "LCP": "largest-contentful-paint", "TBT": "total-blocking-time"}


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


def scores_of(told):
    """A page's score in each category, of 100."""
    return [round(100 * told["categories"][name]["score"]) for name in CATEGORIES]


def main(names):
    """Audit the pages, or all of them, and say how they did."""
    reports = (path.relative_to(SITE).with_suffix("") for path in sorted(SITE.glob("**/*.ipynb")))
    pages = names or [report.as_posix() for report in reports]
    if not pages:
        sys.exit(f"no pages in {SITE}: press build prints them")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    short = []
    print("page", *CATEGORIES, *TIMES, "kB", sep="\t", flush=True)
    for page in pages:
        url = f"http://127.0.0.1:{server.server_port}/{page}.html"
        told = audited(url)
        if min(scores_of(told)) < 100:
            told = sorted([told, audited(url), audited(url)], key=scores_of)[1]
        scores = scores_of(told)
        times = [f"{told['audits'][name]['numericValue'] / 1000:.2f} s" for name in TIMES.values()]
        weight = f"{told['audits']['total-byte-weight']['numericValue'] / 1000:.0f}"
        print(page, *scores, *times, weight, sep="\t", flush=True)
        short += [page] * (min(scores) < 100)
    server.shutdown()
    if short:
        sys.exit(f"{len(short)} of {len(pages)} pages below 100: {', '.join(short)}")


if __name__ == "__main__":
    main(sys.argv[1:])
