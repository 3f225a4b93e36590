"""The client of a kernel: it runs cells, asks what prose asks, and takes the account of what was read."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client import AsyncKernelManager
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.kernelspec import KernelSpec
from nbclient.exceptions import CellControlSignal, CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient

from press.page.markdown import expressions
from press.run import recorder
from press.run.collected import PLAIN_KERNELS
from press.run.processes import family, is_over, kill_family
from press.run.provisioner import KernelDiedError
from press.run.recorder import INPUTS
from press.run.watch import Watch
from press.tags import CellRules, Treatment, is_in_language, numbers, option_lines, tags_of, treatment

WELCOME = 1.0  # seconds for a kernel that is ready to greet who comes
LOOK_EVERY = 0.2  # seconds between two looks at the memory of a kernel that is not of our server
AGAIN = 1.0  # seconds after which a channel that is silent is looked at again


# What a kernel is asked: to record, where it does not yet, and for its account.
SOURCE = Path(recorder.__file__).read_text(encoding="utf-8")


INJECTED = f"""(lambda name, source, module: (
    module.__dict__.update(__file__=name + '.py'),
    __import__('sys').modules.update({{name: module}}),
    exec(compile(source, name + '.py', 'exec'), module.__dict__),
    module.attach(),
) and None)({recorder.NAME!r}, {SOURCE!r}, __import__('types').ModuleType({recorder.NAME!r}))"""


ACCOUNT = f"__import__('sys').modules[{recorder.NAME!r}].Account()"


@dataclass
class Settings:
    """What our engine is told beyond papermill's own words. `state` brings back what papermill would drop."""

    lang: str | None = None
    server: str | None = None
    cwd: str | None = None
    timeout: float | None = None
    cell_timeout: float | None = None
    memory: int | None = None
    watch: Watch | None = None
    state: dict[str, Any] = field(default_factory=dict)
    rules: CellRules = field(default_factory=CellRules)


class Channel(AsyncZMQSocketChannel):
    """A channel that looks again, every second, whether a message has come.

    jupyter_client sends past the stream that would tell: what arrives at that moment is there, and nobody is told.
    """

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # type: ignore[override]
        """The next message. Raises `queue.Empty` where none comes within `timeout` seconds."""
        deadline = time.monotonic() + (float("inf") if timeout is None else timeout)
        while (left := deadline - time.monotonic()) > AGAIN:
            with suppress(Empty):
                return await super().get_msg(AGAIN)
        return await super().get_msg(max(0.0, left))


class ExpressionError(Exception):
    """An `{eval}` expression of a Markdown cell that has no answer."""


class Client(PapermillNotebookClient):
    """papermill's client with our kernels, our limits, and the expressions of Markdown cells."""

    def __init__(self, nb_man: Any, settings: Settings, stored: dict[int, Any], **options: Any) -> None:
        super().__init__(nb_man, **options)
        self.settings = settings
        self.stored = stored  # by the id() of its cell: the outputs that a cell had
        self.timeout_func = lambda _cell: self._limit()[0]
        self.started = time.monotonic()

    async def run(self) -> None:
        """Execute the notebook in a kernel of its own."""
        self.reset_execution_trackers()
        self.started = time.monotonic()
        self.km = _manager(self.kernel_name, self.settings)
        watch = self.settings.watch
        if watch is not None and watch.inotify is not None:
            asyncio.get_running_loop().add_reader(watch.inotify.fileno(), watch.drain)
        guard = asyncio.create_task(self._limit_memory())
        try:
            await self._start()
            self.started = time.monotonic()
            self.nb.metadata["language_info"] = (await self._language())["language_info"]
            await self._record()
            await self._run_cells()
            self.set_widgets_metadata()
            self.settings.state["account"] = await self._account()
        except DeadKernelError:
            raise KernelDiedError(await self._cause_of_death()) from None
        finally:
            guard.cancel()
            await self._close()

    async def _limit_memory(self) -> None:
        """End a kernel, and what it has started, that takes more memory than it may; a server does so for its own."""
        limit = self.settings.memory
        while limit and self.km and not self.km.forked:
            await asyncio.sleep(LOOK_EVERY)
            leader = getattr(self.km.provisioner, "pid", None)
            processes = family(leader) if leader else set()
            if is_over(limit, processes):
                self.settings.state["ended"] = "memory"
                kill_family(processes)
                return

    async def _record(self) -> None:
        """Have a kernel of another environment record what it reads, too; one that cannot, tells nothing."""
        assert self.km
        if self.km.recording or self.nb.metadata["language_info"].get("name") != "python":
            return
        reply = await self._ask([INJECTED])
        answers = reply["content"].get("user_expressions", {})
        self.km.recording = answers.get("0", {}).get("status") == "ok"

    async def _start(self) -> None:
        assert self.km
        env = {"PYTHONHASHSEED": "0", **os.environ}
        await self.km.start_kernel(extra_arguments=self.extra_arguments, cwd=self.settings.cwd, env=env)
        self.kc = self.km.client(shell_channel_class=Channel, iopub_channel_class=Channel)
        self.kc.start_channels(hb=False, stdin=False, control=False)
        self.kc.allow_stdin = False
        if self.km.forked:
            await self._welcome()
        else:
            await self.kc.wait_for_ready(timeout=self.startup_timeout)

    async def _welcome(self) -> None:
        """Wait until our subscription has arrived: nothing the kernel publishes from then on is missed.

        Its welcome says so. ipykernel may overlook that we came (it sends past the stream that would tell it), so where
        there is no welcome we ask something: whatever it publishes then will do.
        """
        assert self.kc
        deadline = time.monotonic() + self.startup_timeout
        while time.monotonic() < deadline:
            try:
                await self.kc.get_iopub_msg(timeout=WELCOME)
                return
            except Empty:
                await self._async_check_alive()
                self.kc.kernel_info()
        raise CellTimeoutError(f"the kernel did not answer within {self.startup_timeout:g} s of its start")

    async def _run_cells(self) -> None:
        """Every cell in order; like papermill's client, stop at the first error and leave its report to papermill."""
        for index, (number, cell) in enumerate(zip(numbers(self.nb), self.nb.cells, strict=True)):
            self.settings.state["cell"] = number
            self.nb_man.cell_start(cell, index)
            try:
                await self._run_cell(cell, index, treatment(cell, self.settings.rules))
            except CellTimeoutError:
                raise CellTimeoutError(self._limit()[1]) from None
            except CellControlSignal as error:  # a CellExecutionError, once time-outs are dealt with
                self.settings.state["error"] = error
                self.nb_man.cell_exception(cell, cell_index=index, exception=error)
                break
            finally:
                self.nb_man.cell_complete(cell, cell_index=index)

    async def _run_cell(self, cell: Any, index: int, asked: Treatment) -> None:
        """Run a code cell, or answer the expressions of a Markdown cell, if it is to be done at all."""
        if cell.cell_type == "markdown":
            if not asked.is_removed:
                await self._answer(cell)
        elif asked.runs:
            self.allow_errors = asked.may_fail
            await self._execute(cell, index)
            self._take_inputs(cell.get("outputs", []))
            if not asked.may_fail:
                _raise_shown_error(cell)
        elif "skip-execution" in tags_of(cell):
            cell.outputs = self.stored[id(cell)]  # as nbclient leaves it

    async def _execute(self, cell: Any, index: int) -> None:
        """Run a code cell; a magic of its whole must be its first line, so options above it are left out."""
        source = cell.source
        rest = "\n".join(source.splitlines()[len(option_lines(source)) :])
        if rest.startswith("%%"):
            cell.source = rest
        try:
            await self.async_execute_cell(cell, index)
        finally:
            cell.source = source

    def _limit(self) -> tuple[float | None, str]:
        """Seconds until the nearest time limit, and what to say when it passes."""
        whole, one = self.settings.timeout, self.settings.cell_timeout
        left = None if whole is None else max(0.001, self.started + whole - time.monotonic())
        if left is not None and (one is None or left < one):
            return left, f"over its time limit of {whole:g} s for the whole notebook"
        return one, f"over its time limit of {one:g} s for a cell" if one else ""

    async def _answer(self, cell: Any) -> None:
        """Ask the kernel for the cell's expressions and keep the answers with it, as jupyterlab_myst does."""
        asked = list(roles(cell, self.settings.lang, self.settings.rules))
        if not asked:
            return
        reply = await self._ask(asked)
        if reply["content"]["status"] != "ok":
            raise ExpressionError(f"{{eval}}`{asked[0]}`: the kernel did not answer: {reply['content']['status']}")
        results = [reply["content"]["user_expressions"][str(number)] for number in range(len(asked))]
        for expression, result in zip(asked, results, strict=True):
            if result["status"] != "ok":
                raise ExpressionError(f"{{eval}}`{expression}`: {result['ename']}: {result['evalue']}")
            self._take_inputs([result])
        cell.metadata["user_expressions"] = [
            {"expression": expression, "result": result} for expression, result in zip(asked, results, strict=True)
        ]

    async def _ask(self, expressions: list[str]) -> dict[str, Any]:
        """A silent request; what is published meanwhile counts as inputs and is not shown."""
        assert self.kc
        wanted = {str(number): expression for number, expression in enumerate(expressions)}
        request = self.kc.execute("", silent=True, store_history=False, user_expressions=wanted)
        reply = await self._heard(
            self.kc.get_shell_msg, lambda message: message["parent_header"].get("msg_id") == request
        )

        def idle(message: dict[str, Any]) -> bool:
            if message["msg_type"] == "display_data":
                self._take_inputs([message["content"]])
            ours = message["parent_header"].get("msg_id") == request
            return ours and message["content"].get("execution_state") == "idle"

        await self._heard(self.kc.get_iopub_msg, idle)
        return reply

    async def _heard(self, receive: Callable[..., Any], wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next wanted message of a channel. Raises DeadKernelError or CellTimeoutError rather than wait in vain."""
        limit, words = self._limit()
        deadline = time.monotonic() + (limit or float("inf"))
        while True:
            try:
                message: dict[str, Any] = await receive(timeout=min(1.0, max(0.0, deadline - time.monotonic())))
            except Empty:
                await self._async_check_alive()
                if time.monotonic() >= deadline:
                    raise CellTimeoutError(words) from None
            else:
                if wanted(message):
                    return message

    async def _language(self) -> dict[str, Any]:
        assert self.kc
        request = self.kc.kernel_info()
        reply = await self._heard(
            self.kc.get_shell_msg, lambda message: message["parent_header"].get("msg_id") == request
        )
        content: dict[str, Any] = reply["content"]
        return content

    async def _account(self) -> dict[str, Any]:
        """What the kernel has read, in its own words; nothing from a kernel that is not ours."""
        if not self.km or not self.km.recording:
            return {}
        try:
            reply = await self._ask([ACCOUNT])
        except DeadKernelError:
            if await self._exit_code() == 0:  # by `exit()` in its last cell
                return {}
            raise
        answer: dict[str, Any] = reply["content"]["user_expressions"]["0"]["data"]["application/json"]
        return answer

    def _take_inputs(self, outputs: list[Any]) -> None:
        """Take the account of finer inputs out of outputs: it is ours, no reader's."""
        for output in list(outputs):
            bundle = output.get("data", {})
            if INPUTS in bundle:
                self.settings.state.setdefault("finer", []).append(bundle.pop(INPUTS))
                output.get("metadata", {}).pop(INPUTS, None)
                if not bundle:
                    outputs.remove(output)

    async def _cause_of_death(self) -> str:
        code = await self._exit_code()
        end = getattr(self.km and self.km.provisioner, "end", None) or {}
        why = self.settings.state.get("ended") or end.get("why")
        if why == "memory" and self.settings.memory:
            return f"over its memory limit of {self.settings.memory / 1e6:g} MB"
        if end.get("why") == "server":
            return "the kernel was lost with the server that forked it"
        if code is not None and code < 0:
            return f"the kernel was killed by signal {-code} ({signal.Signals(-code).name})"
        return f"the kernel ended by itself with exit code {code}"

    async def _exit_code(self) -> int | None:
        provisioner: Any = self.km and self.km.provisioner
        return await asyncio.wait_for(provisioner.wait(), 5) if provisioner else None

    async def _close(self) -> None:
        """End the kernel as gently as it lets us, then what it has started, and every socket to it."""
        assert self.km
        leader = getattr(self.km.provisioner, "pid", None)
        started = family(leader) if leader else set()
        failed = sys.exc_info()[0] is not None
        try:
            if self.km.has_kernel and self.km.forked:
                await self._end_forked(failed)
            elif self.km.has_kernel:
                await self.km.shutdown_kernel(now=failed)
        finally:
            kill_family(started)
            await self.km.cleanup_resources()
            if self.kc:
                self.kc.stop_channels()

    async def _end_forked(self, failed: bool) -> None:
        assert self.km
        provisioner: Any = self.km.provisioner
        await (provisioner.kill() if failed else self.km.request_shutdown())
        try:
            await asyncio.wait_for(provisioner.wait(), 5)
        except TimeoutError:
            await provisioner.kill()
            await provisioner.wait()


class Manager(AsyncKernelManager):
    """A manager of one kernel; `forked`: it comes from our server; `recording`: it can tell what it has read."""

    forked = False
    recording = False

    def _reconcile_connection_info(self, info: Any) -> None:
        if self.forked:  # and nobody else is to connect: no file
            self.load_connection_info(info)
        else:
            super()._reconcile_connection_info(info)

    def cleanup_ipc_files(self) -> None:
        if not self.forked:
            super().cleanup_ipc_files()


def _manager(kernel_name: str, settings: Settings) -> Manager:
    """The manager for a notebook's kernel: ours for plain Python, the kernelspec's own for any other."""
    if kernel_name not in PLAIN_KERNELS:
        return Manager(kernel_name=kernel_name)
    manager = Manager(transport="ipc" if settings.server else "tcp")
    manager.recording, manager.forked = True, settings.server is not None
    manager._kernel_spec = _kernelspec(settings)
    return manager


def _kernelspec(settings: Settings) -> KernelSpec:
    spec = KernelSpec(
        argv=[sys.executable, "-m", "press.run.recorder", "-f", "{connection_file}"],
        display_name="Python 3 (press)",
        language="python",
        env={"PYTHONHASHSEED": os.environ.get("PYTHONHASHSEED", "0")},
    )
    if settings.server:
        config = {"server": settings.server, "memory": settings.memory}
        spec.metadata["kernel_provisioner"] = {"provisioner_name": "press", "config": config}
    return spec


def roles(cell: Any, lang: str | None, rules: CellRules) -> Iterator[str]:
    """The expressions of a cell's `{eval}` roles, if the cell is shown in `lang`."""
    if is_in_language(cell, rules, lang):
        yield from expressions(cell.source)


def _raise_shown_error(cell: Any) -> None:
    """An error that a cell shows without failing itself (a cell run by a cell) is an error all the same."""
    for output in cell.get("outputs", ()):
        if output.output_type == "error" and not is_exit(output):
            raise CellExecutionError("\n".join(output.traceback), output.ename, output.evalue)


def is_exit(error: Any) -> bool:
    """Whether an error is how a notebook ends itself in peace, as papermill sees it."""
    return bool(error.ename == "SystemExit" and error.evalue in ("", "0"))
