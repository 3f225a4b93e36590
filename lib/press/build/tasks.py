"""The runs of a build as tasks for its workers, each with the place of its page in the site."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from press.records import Page, Task
from press.run.hashing import canonical
from press.site import navigation
from press.suite import Run, Suite


@dataclass
class _Folder:
    """The pages that a folder has in a language: `runs` are those that its pages lead to, `names` are those of all."""

    runs: list[Run] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


def make_tasks(suite: Suite, planned: Sequence[Run], chosen: Sequence[Run]) -> list[Task]:
    """A task for each chosen run, with the place of its page among all the planned ones."""
    folders: defaultdict[tuple[str, str], _Folder] = defaultdict(_Folder)
    twins: defaultdict[str, list[Run]] = defaultdict(list)
    for run in planned:
        folder = folders[run.lang, run.folder]
        folder.names |= {run.report.name, run.name}
        if not run.is_spread and run.report.name != suite.front:
            folder.runs.append(run)
        twins[twin_key(run)].append(run)
    around = {}
    figures = {}
    for (lang, path), folder in folders.items():
        around[lang, path] = navigation.neighbours(suite, folder.runs, path, lang)
        figures[lang, path] = _figures(suite, folder.names)
    tasks = []
    for run in chosen:
        place = (run.lang, run.folder)
        page = _page(suite, run, around[place], twins[twin_key(run)], figures[place])
        tasks.append(_task(suite, run, page))
    return tasks


# One call with a value for each field, plainer than its parts apart.
def _task(suite: Suite, run: Run, page: Page) -> Task:
    report = run.report
    return Task(
        notebook=str(report.notebook),
        root=str(suite.root),
        data=str(suite.data),
        params=run.params,
        lang=run.lang,
        page=page,
        timeout=report.timeout,
        cell_timeout=report.cell_timeout,
        memory=report.memory,
        retries=report.retries,
        kernel=report.kernel,
        folder=str(report.folder or ""),
        execute=report.execute,
        secrets=suite.secrets,
    )


def twin_key(run: Run) -> str:
    """What a run has in common with itself in another language."""
    return canonical([run.report.name, {key: value for key, value in run.params.items() if key != "lang"}])


# As above: each field of a page, from where it is known.
def _page(
    suite: Suite, run: Run, around: navigation.Neighbours, twins: Sequence[Run], figures: Mapping[str, str]
) -> Page:
    """The place of a run's page among the pages `around` it; `twins` are it in each language."""
    place = navigation.place(suite, run, around)
    cells = run.report.cells
    return Page(
        name=place.name,
        lang=place.lang,
        title=run.title,
        path=run.path,
        params=dict(run.params),
        role=place.role,
        site_title=place.site_title,
        suite_title=place.suite_title,
        front=place.front,
        home=place.home,
        sections=place.sections,
        alternates=tuple((other.lang, navigation.href(other, run.folder)) for other in twins),
        assets=os.path.relpath("assets", run.folder),
        figures=figures,
        formats=run.report.formats,
        url=suite.url,
        author=place.author,
        based_on=suite.based_on_of(run),
        date=place.date,
        licence=place.licence,
        corrections=place.corrections,
        trusted=suite.trusted,
        undrawn=not suite.draw,
        frames=suite.frames,
        languages=cells.languages,
        silent=cells.silent,
        outputs=cells.outputs,
        code=cells.code,
        stderr=cells.stderr,
        errors=cells.errors,
        theme=suite.theme,
        bibliography=tuple(path.relative_to(suite.root).as_posix() for path in run.report.bibliography),
    )


def _figures(suite: Suite, pages: Collection[str]) -> dict[str, str]:
    """Which of these pages has the rows of figures, by the beginning of their ids."""
    return {start: name for start, name in suite.figures.items() if name in pages}


def preloads(suite: Suite, notebooks: Iterable[Path]) -> list[str]:
    """What the server of kernels imports: what the suite says, else what the notebooks import of installed packages."""
    if suite.preload is not None:
        return list(suite.preload)
    from press.suite import imports

    return sorted({name for notebook in set(notebooks) for name in imports(notebook)})
