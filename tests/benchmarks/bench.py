"""How long the same notebooks take us and our neighbours, side by side in one run: `make bench`.

Every contestant prints n small notebooks, each with four plotly charts, as HTML, from the command a user would type,
start-up included. Contestants take turns, so that a busy machine is busy for all of them; what counts are the ratios.
Those that start anew for every notebook cost the same for each: they run at most `--sample` of them, and the time for n is
in proportion; so it is beyond 64 for one that takes them all at once. The floor is the cells alone, in a warm process.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
WHOLE = 64  # notebooks, beyond which a neighbour's time is in proportion
CHARTS = ("bar", "line", "scatter", "area")


def small_notebook(number: int) -> dict:
    """A notebook with a parameter, four frames and four charts."""
    cells = [
        new_code_cell(f"seed = {number}  # what the charts are drawn from", metadata={"tags": ["parameters"]}),
        new_markdown_cell(f"# Report {number}\n\nNumbers of report {{eval}}`seed`."),
        new_code_cell("import pandas as pd\nimport plotly.express as px"),
    ]
    for step, chart in enumerate(CHARTS, 1):
        rows = f"frame = pd.DataFrame({{'x': range(12), 'y': [(seed + k * {step}) % 7 for k in range(12)]}})"
        draw = f"px.{chart}(frame, x='x', y='y', title='{chart} {number}')"
        cells += [new_markdown_cell(f"## {chart}"), new_code_cell(rows), new_code_cell(draw)]
    for at, cell in enumerate(cells):
        cell["id"] = f"c{at}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def make_suite(folder: Path, count: int) -> list[Path]:
    """A suite of `count` notebooks, each different."""
    notebooks = folder / "notebooks"
    notebooks.mkdir(parents=True)
    files = [notebooks / f"r{number:04}.ipynb" for number in range(count)]
    for number, file in enumerate(files):
        file.write_text(json.dumps(small_notebook(number)))
    reports = "".join(f'[[report]]\nname = "{file.stem}"\n' for file in files)
    (notebooks / "suite.toml").write_text(f'title = "Bench"\npress.draw = false\n{reports}')
    return files


def command(*words: object, cwd: Path, **environment: str) -> None:
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, words))}\n{done.stdout}{done.stderr}")


def press(workers: int) -> Callable[[Path, list[Path]], None]:
    return lambda folder, _: command(BIN / "press", "build", "--force", "--workers", workers, cwd=folder)


def idle(folder: Path, _files: list[Path]) -> None:
    command(BIN / "press", "build", cwd=folder)


def papermill(folder: Path, files: list[Path]) -> None:
    for file in files:
        out = folder / "papermill" / file.name
        out.parent.mkdir(exist_ok=True)
        command(BIN / "papermill", file, out, "-p", "seed", "7", cwd=folder)
        command(BIN / "jupyter", "nbconvert", "--to", "html", out, cwd=folder)


def nbconvert(folder: Path, files: list[Path]) -> None:
    for file in files:
        command(
            BIN / "jupyter", "nbconvert", "--to", "html", "--execute", "--output-dir", folder / "html", file, cwd=folder
        )


def ploomber(folder: Path, files: list[Path]) -> None:
    for file in files:
        out = folder / "ploomber" / file.name
        out.parent.mkdir(exist_ok=True)
        command(BIN / "ploomber-engine", file, out, cwd=folder)
        command(BIN / "jupyter", "nbconvert", "--to", "html", out, cwd=folder)


def sphinx(folder: Path, files: list[Path]) -> None:
    book = folder / "sphinx"
    book.mkdir()
    for file in files:
        shutil.copy(file, book)
    (book / "conf.py").write_text("extensions = ['myst_nb']\nnb_execution_mode = 'force'\n")
    (book / "index.md").write_text("# All\n\n```{toctree}\n" + "\n".join(file.stem for file in files) + "\n```\n")
    command(BIN / "sphinx-build", "-q", "-j", "2", book, book / "html", cwd=folder)


def cells_alone(files: list[Path]) -> float:
    """Seconds for the cells of all the notebooks, in a process that has imported everything and drawn every chart once."""
    code = (HERE / "floor.py").read_text()
    done = subprocess.run([sys.executable, "-c", code, *map(str, files)], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


@dataclass
class Contestant:
    name: str
    run: Callable[[Path, list[Path]], None]
    needs: str = "press"
    anew: bool = False  # starts anew for every notebook

    @property
    def missing(self) -> bool:
        return importlib.util.find_spec(self.needs) is None


OURS = (Contestant("press, one worker", press(1)), Contestant("press, two workers", press(2)))
CONTESTANTS = (
    *OURS,
    Contestant("papermill + jupyter nbconvert", papermill, "papermill", anew=True),
    Contestant("jupyter nbconvert --execute", nbconvert, "nbconvert", anew=True),
    Contestant("ploomber-engine + jupyter nbconvert", ploomber, "ploomber_engine", anew=True),
    Contestant("sphinx + myst-nb, both cores", sphinx, "myst_nb"),
)


def seconds(contestant: Contestant, files: list[Path], sample: int) -> float:
    """Seconds for all the files, from as many of them as tell."""
    some = files if contestant in OURS else files[: sample if contestant.anew else WHOLE]
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = Path(scratch)
        shutil.copytree(files[0].parent, folder / "notebooks")
        own = [folder / "notebooks" / file.name for file in some]
        start = time.perf_counter()
        contestant.run(folder, own)
        return (time.perf_counter() - start) / len(some) * len(files)


def measure(count: int, rounds: int, sample: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        files = make_suite(Path(scratch), count)
        for number in range(rounds):
            for contestant in CONTESTANTS:
                if not contestant.missing:
                    taken.setdefault(contestant.name, []).append(seconds(contestant, files, sample))
                    print(
                        f"  round {number + 1}, n = {count}: {contestant.name} {taken[contestant.name][-1]:.1f} s",
                        file=sys.stderr,
                    )
            taken.setdefault("the cells alone, warm", []).append(cells_alone(files[:WHOLE]) / min(count, WHOLE) * count)
        build = Path(scratch)
        command(BIN / "press", "build", cwd=build)
        for _ in range(rounds):
            start = time.perf_counter()
            idle(build, files)
            taken.setdefault("press, nothing to do", []).append(time.perf_counter() - start)
    return taken


def many_sets(count: int) -> tuple[float, list[int]]:
    """Reports a second for one notebook with `count` parameter sets on two workers, and the press's memory on the way (MB)."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = Path(scratch)
        make_suite(folder, 1)
        with (folder / "notebooks" / "suite.toml").open("a") as suite:
            suite.write(f"[report.matrix]\nseed = {list(range(count))}\n")
        start = time.perf_counter()
        words = [BIN / "press", "build", "--force", "--workers", "2"]
        build = subprocess.Popen(words, cwd=folder, stderr=subprocess.PIPE, text=True)
        assert build.stderr
        memory = []
        for line in build.stderr:
            if line.startswith("["):
                status = Path("/proc", str(build.pid), "status").read_text()
                memory.append(int(status.partition("VmRSS:")[2].split()[0]) // 1000)
        if build.wait():
            raise SystemExit("the parameter sets could not be built")
        return count / (time.perf_counter() - start), memory


def show(counts: list[int], results: dict[int, dict[str, list[float]]]) -> None:
    print(
        f"\n{date.today()}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; median seconds\n"
    )
    print("| |" + "".join(f" n = {count} |" for count in counts))
    print("|---|" + "---:|" * len(counts))
    for name in next(iter(results.values())):
        print(f"| {name} |" + "".join(f" {statistics.median(results[n][name]):.1f} |" for n in counts))
    for ours in OURS:
        print(f"\nHow many times faster: {ours.name}\n")
        for contestant in CONTESTANTS[len(OURS) :]:
            if contestant.missing:
                print(f"- {contestant.name}: {contestant.needs} is not installed, skipped")
                continue
            ratios = {
                n: statistics.median(
                    b / a for a, b in zip(results[n][ours.name], results[n][contestant.name], strict=True)
                )
                for n in counts
            }
            print(f"- {contestant.name}: " + ", ".join(f"{ratio:.1f}x (n = {n})" for n, ratio in ratios.items()))
        for n in counts:
            above = statistics.median(results[n][ours.name]) - statistics.median(results[n]["the cells alone, warm"])
            print(f"- above the cells alone: {above / n:.2f} s a report (n = {n})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, nargs="+", default=[1, 8, 64], help="how many notebooks [default: 1 8 64]")
    parser.add_argument("--rounds", type=int, default=3, help="how often each contestant runs [default: 3]")
    parser.add_argument("--sample", type=int, default=4, help="notebooks for those that start anew [default: 4]")
    parser.add_argument("--sets", type=int, default=100, help="parameter sets of one report [default: 100]")
    choice = parser.parse_args()
    show(choice.n, {count: measure(count, choice.rounds, choice.sample) for count in choice.n})
    rate, memory = many_sets(choice.sets)
    print(f"\nOne report, {choice.sets} parameter sets, two workers: {rate:.1f} reports a second;", end=" ")
    print(f"memory of the press {memory[len(memory) // 10]} MB after a tenth, {memory[-1]} MB at the end")


if __name__ == "__main__":
    main()
