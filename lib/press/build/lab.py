"""JupyterLab's "Create notebook job", done by the press: typed parameters, the suite's limits, HTML and PDF.

`make lab` tells jupyter-scheduler of these two classes. A job runs the suite's notebook of that name as it is then.
"""

from __future__ import annotations

import base64
import mimetypes
import os
import re
import signal
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from jupyter_scheduler.environments import EnvironmentManager
from jupyter_scheduler.exceptions import SchedulerError
from jupyter_scheduler.executors import ExecutionManager
from jupyter_scheduler.models import JobFeature, RuntimeEnvironment

from press.run.processes import end_with_parent
from press.suite import Report, Suite, SuiteError, find_suite, read_suite

FORMATS = {"html": "HTML", "pdf": "PDF", "ipynb": "Notebook"}
FEATURES = {"job_name", "parameters", "output_formats", "job_definition", "stop_job", "delete_job"}
SHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)">')
SCRIPT = re.compile(r"<script[^>]* src=[^>]*></script>|<link rel=\"icon\"[^>]*>")
POLICY = re.compile(r"style-src [^;\"]*")
PICTURE = re.compile(r'(?P<key> (?:src|srcset)=")(?P<file>[^"#:]+\.(?:svg|png|jpe?g|gif|webp))(?=")')


class Formats(EnvironmentManager):
    """What a job can be given back as."""

    def list_environments(self) -> list[RuntimeEnvironment]:
        told: dict[str, Any] = {"name": "press", "label": "press", "description": "The press of this suite"}
        return [RuntimeEnvironment(**told, file_extensions=["ipynb"], output_formats=list(FORMATS), metadata={})]

    def manage_environments_command(self) -> str:
        return ""

    def output_formats_mapping(self) -> dict[str, str]:
        return FORMATS


class Press(ExecutionManager):
    """Runs a job with `press build`, in a folder of its own."""

    def execute(self) -> None:
        job = self.model
        suite, report = _report(Path(self.root_dir), job.input_filename)
        given = dict(job.parameters or {})
        lang = given.pop("lang", report.languages[0])
        with tempfile.TemporaryDirectory(prefix="press-job-") as out:
            words = ["--suite", suite.file, "--only", report.name, "--lang", lang, "--format", "html,pdf", "--out", out]
            words += [word for key, value in given.items() for word in ("-p", f"{key}={value}")]
            build([str(word) for word in words], suite.root)
            site = Path(out) / "site"
            for kind in job.output_formats or ():
                made = next(file for file in sorted(site.rglob(f"*.{kind}")) if _is_page(file))
                content = whole(made).encode() if kind == "html" else made.read_bytes()
                Path(self.staging_paths[kind]).write_bytes(content)

    # jupyter-scheduler calls these two with the class as an argument of its own.

    @staticmethod
    def supported_features(_class: type) -> dict[JobFeature, bool]:
        return {feature: feature.value in FEATURES for feature in JobFeature}

    @staticmethod
    def validate(_class: type, input_path: str) -> bool:
        path = Path(input_path)
        try:
            _report(path.parent, path.name)
        except SuiteError as error:
            raise SchedulerError(str(error)) from None
        return True


def build(words: list[str], folder: Path) -> None:
    """`press build` with these words, in a folder. Raises RuntimeError with what it failed of.

    A job that is stopped is killed by jupyter-scheduler: its build is told to stop by the system, with all it started.
    """
    done = subprocess.run(
        [sys.executable, "-m", "press.cli", "build", *words],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=partial(end_with_parent, os.getpid(), signal.SIGINT) if sys.platform.startswith("linux") else None,
    )
    if done.returncode:
        failures = [line for line in done.stderr.splitlines() if line.startswith(("failed ", "press: "))]
        raise RuntimeError("; ".join(failures) or done.stderr[-2000:])


def _report(folder: Path, notebook: str) -> tuple[Suite, Report]:
    suite = read_suite(find_suite(folder))
    for report in suite.reports:
        if report.notebook.name == notebook:
            return suite, report
    raise SuiteError(f"{notebook} is no report of {suite.file}: add a [[report]] for it, and create the job again")


def _is_page(file: Path) -> bool:
    return file.with_suffix(".ipynb").is_file()


def whole(page: Path) -> str:
    """A page with its style and pictures inside it, and without its script, so that it can be opened anywhere."""

    def sheet(found: re.Match[str]) -> str:
        return f"<style>\n{(page.parent / found[1]).read_text(encoding='utf-8')}</style>"

    def picture(found: re.Match[str]) -> str:
        file = page.parent / found["file"]
        kind, _ = mimetypes.guess_type(file)
        content = base64.b64encode(file.read_bytes()).decode()
        return f"{found['key']}data:{kind};base64,{content}"

    text = page.read_text(encoding="utf-8")
    text = SCRIPT.sub("", text)
    text = POLICY.sub("style-src 'unsafe-inline'", text, count=1)
    text = SHEET.sub(sheet, text)
    return PICTURE.sub(picture, text)
