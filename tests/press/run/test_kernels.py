"""Kernels are isolated from each other; one that dies, hangs or eats memory is reported as that and hurts nobody else."""

import asyncio
import json
import re
import socket
import subprocess
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path
from queue import Empty

import papermill
import pytest
import zmq.asyncio
from jupyter_client import AsyncKernelClient
from jupyter_client.session import Session

from press.records import Page, Task
from press.run import client, engine, kernels, provisioner
from press.run import execute as run
from press.run.collected import collect_inputs

from ..conftest import notebook

pytestmark = pytest.mark.slow

with_bash = pytest.mark.skipif(find_spec("bash_kernel") is None, reason="bash_kernel is not installed here")


@pytest.fixture(scope="module")
def server():
    # multiprocessing remembers the folder in which it was imported
    with kernels.KernelServer(["numpy", "multiprocessing.pool", "concurrent.futures.process"], standby=1) as running:
        yield running


@pytest.fixture
def execute(tmp_path, server):
    import nbformat

    def execute(*cells, lang="en", **settings):
        file = tmp_path / "one.ipynb"
        nbformat.write(notebook(("lang = 'en'", "parameters"), *cells), file)
        address = settings.pop("server", server.address)
        task = Task(
            str(file), str(tmp_path), str(tmp_path), {"lang": lang}, lang, Page("one", lang, "One", "one"), **settings
        )
        made, account = run.execute(task, address)
        return [
            [o.get("text") or o["data"]["text/plain"] for o in c.outputs] for c in made.cells if c.get("outputs")
        ], account

    return execute


def failure(execute, *cells, **settings):
    with pytest.raises(run.RunError) as caught:
        execute(*cells, **settings)
    return caught.value.error, caught.value.cell


def test_a_killed_kernel_is_reported_with_its_signal_and_cell(execute):
    error = "the kernel was killed by signal 9 (SIGKILL)"
    assert failure(execute, "1", "import os; os.kill(os.getpid(), 9)") == (error, 3)
    assert failure(execute, "import ctypes; ctypes.string_at(0)")[0] == "the kernel was killed by signal 11 (SIGSEGV)"
    assert failure(execute, "import os; os._exit(7)")[0] == "the kernel ended by itself with exit code 7"
    assert execute("'still here'")[0] == [["'still here'"]]


def test_a_kernel_that_overlooks_who_comes_is_spoken_to(execute, monkeypatch):
    plain, asked = AsyncKernelClient.get_iopub_msg, []

    async def get(self, **options):
        asked.append(options)
        if len(asked) == 1:
            raise Empty  # as if it had not seen us
        message = await plain(self, **options)
        return message if message["msg_type"] != "iopub_welcome" else await get(self, **options)

    monkeypatch.setattr(AsyncKernelClient, "get_iopub_msg", get)
    assert execute("print('heard')", "2 + 2")[0] == [["heard\n"], ["4"]]
    assert len(asked) > 1


@pytest.mark.parametrize("timeout", [None, 30])
def test_an_answer_that_arrives_while_something_is_sent_past_its_stream_is_heard(tmp_path, timeout):
    async def heard():
        session, address = Session(), f"ipc://{tmp_path}/shell"
        with (
            zmq.Context() as theirs,
            zmq.asyncio.Context() as mine,
            theirs.socket(zmq.ROUTER) as kernel,
            mine.socket(zmq.DEALER) as ours,
        ):
            kernel.bind(address)
            ours.connect(address)
            session.send(ours, "execute_request", {})
            who, *_ = kernel.recv_multipart()
            waiting = asyncio.create_task(client.Channel(ours, session).get_msg(timeout))
            await asyncio.sleep(0.2)
            session.send(kernel, "execute_reply", {"status": "ok"}, ident=who)
            time.sleep(0.2)  # the answer arrives while we are busy,
            session.send(ours, "comm_msg", {})  # and what jupyter_client sends then takes the sign of it away
            return await asyncio.wait_for(waiting, 10)

    assert asyncio.run(heard())["msg_type"] == "execute_reply"


def test_a_silent_channel_is_empty_in_time(tmp_path, monkeypatch):
    monkeypatch.setattr(client, "AGAIN", 0.1)

    async def silent():
        with zmq.asyncio.Context() as context, context.socket(zmq.PAIR) as ours:
            ours.bind(f"ipc://{tmp_path}/shell")
            with pytest.raises(Empty):
                await asyncio.wait_for(client.Channel(ours, Session()).get_msg(0.35), 10)

    asyncio.run(silent())


def test_a_kernel_that_never_answers_is_told(execute, monkeypatch):
    async def nothing(_, timeout):
        await asyncio.sleep(timeout)
        raise Empty

    monkeypatch.setattr(AsyncKernelClient, "get_iopub_msg", nothing)
    monkeypatch.setattr(client, "WELCOME", 0.1)
    plain = client.Client
    monkeypatch.setattr(engine, "Client", lambda *given, **options: plain(*given, **options | {"startup_timeout": 1}))
    assert failure(execute, "1") == ("the kernel did not answer within 1 s of its start", None)


def test_a_kernel_over_a_time_limit_is_reported(execute):
    limit = "over its time limit of 0.3 s for a cell"
    assert failure(execute, "1", "import time; time.sleep(60)", cell_timeout=0.3) == (limit, 3)
    whole = "over its time limit of 0.8 s for the whole notebook"
    assert failure(execute, *["import time; time.sleep(0.3)"] * 9, timeout=0.8)[0] == whole
    assert failure(execute, "while True: pass", timeout=0.5)[1] == 2
    assert failure(execute, "# {eval}`[x for x in iter(int, 1)]`", cell_timeout=0.3) == (limit, 2)
    assert execute("'still here'", timeout=30, cell_timeout=20)[0] == [["'still here'"]]


def test_a_kernel_over_its_memory_limit_is_reported(execute):
    eat = "import time\nfood = []\nwhile True:\n    food.append(bytearray(10**7)); time.sleep(0.005)"
    assert failure(execute, "1", eat, memory=300_000_000) == ("over its memory limit of 300 MB", 3)
    child = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'x = bytearray(10**9); import time; time.sleep(60)'])"
    assert failure(execute, child, memory=300_000_000)[0] == "over its memory limit of 300 MB"
    assert execute("len(bytearray(10**8))", memory=300_000_000)[0] == [["100000000"]]


def test_an_expression_that_fails_is_reported_with_its_text(execute):
    assert failure(execute, "1", "# a {eval}`nothing`") == (
        "{eval}`nothing`: NameError: name 'nothing' is not defined",
        3,
    )
    assert failure(execute, "# a {eval}`1 +`")[0].startswith("{eval}`1 +`: SyntaxError")


def test_runs_share_no_state(execute):
    mark = "import builtins, os, sys, numpy\nbuiltins.left = numpy.left = 1; os.environ['LEFT'] = '1'; os.chdir('/')"
    execute(mark)
    look = "import builtins, os, numpy\nhasattr(builtins, 'left'), hasattr(numpy, 'left'), 'LEFT' in os.environ, os.getcwd() == '/'"
    assert execute(look)[0] == [["(False, False, False, False)"]]


def test_every_run_is_random_anew(execute):
    draw = "import random, numpy, os, uuid\nrandom.random(), float(numpy.random.rand()), uuid.uuid4().hex"
    drawn = {str(execute(draw)[0]) for _ in range(3)}
    assert len({number for one in drawn for number in re.findall(r"[\w.-]+", one)}) == 9


def test_a_kernel_has_its_own_group_and_folder_and_the_environment_of_the_press(execute, tmp_path, monkeypatch):
    monkeypatch.setenv("FROM_THE_PRESS", "set after the server had started")
    cell = "import os; os.getpgid(0) == os.getpid(), os.getcwd(), os.environ['FROM_THE_PRESS']"
    assert execute(cell)[0] == [[f"(True,\n '{tmp_path}',\n 'set after the server had started')"]]


def test_what_is_written_past_python_is_shown_by_the_cell_that_wrote_it(execute, monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # which makes ipykernel leave such output alone
    rounds = 12
    cells = ["import os, subprocess"]
    for number in range(rounds):
        cells.append(f"done = os.write(1, b'written {number}\\n')")
        cells.append(f"done = subprocess.run(['echo', 'said {number}'])")
    cells.append("done = os.write(1, ('蓝皮书' * 400).encode())")
    shown = [output for number in range(rounds) for output in ([f"written {number}\n"], [f"said {number}\n"])]
    with kernels.KernelServer(["json"]) as server:
        made = execute(*cells, server=server.address)[0]
    assert made[:-1] == shown
    assert "".join(made[-1]) == "蓝皮书" * 400


def test_a_program_that_writes_without_end_is_not_waited_for(execute, monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    start = "import subprocess; busy = subprocess.Popen(['yes'])"
    with kernels.KernelServer(["json"]) as server:
        made = execute(start, "busy.kill(); busy.wait()", "'done'", server=server.address, timeout=60)[0]
    assert made[-1][-1] == "'done'"


def test_output_of_processes_and_threads_of_a_cell_is_shown(execute):
    forked = "import multiprocessing as m\nm.get_context('fork').Process(target=print, args=('forked',)).start()\n"
    forked += "[p.join() for p in m.active_children()]\nNone"
    threaded = "import threading\nt = threading.Thread(target=print, args=('threaded',)); t.start(); t.join()"
    printed = "print('printed'); 1 + 1"
    assert execute(forked, threaded, printed)[0] == [["forked\n"], ["threaded\n"], ["printed\n", "2"]]


def test_a_module_that_replaces_one_imported_before_is_an_input(execute, tmp_path):
    (tmp_path / "bisect.py").write_text("mine = 'mine'")
    shown, account = execute("import sys; gone = sys.modules.pop('bisect')", "import bisect; bisect.mine")
    assert shown == [["'mine'"]]
    assert str(tmp_path / "bisect.py") in account["modules"]


def test_a_mistake_in_the_users_profile_of_ipython_fails_the_run(tmp_path, execute, monkeypatch):
    profile = tmp_path / "ipython" / "profile_default"
    profile.mkdir(parents=True)
    (profile / "ipython_kernel_config.py").write_text("c.InteractiveShell.cache_size = 'many'")
    monkeypatch.setenv("IPYTHONDIR", str(profile.parent))
    with kernels.KernelServer(["json"]) as mistaken:
        assert failure(execute, "1", server=mistaken.address)[0] == "the kernel was lost with the server that forked it"


def test_no_process_of_a_run_is_left(execute):
    cell = "import subprocess, os\np = subprocess.Popen(['sleep', '600'])\nprint(os.getpid(), p.pid)"
    pids = execute(cell)[0][0][0].split()
    deadline = time.monotonic() + 5
    while any(Path("/proc", pid).exists() for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(Path("/proc", pid).exists() for pid in pids)


def test_exit_functions_are_run(execute, tmp_path):
    execute("import atexit, pathlib\natexit.register(lambda: pathlib.Path('left.txt').write_text('x'));")
    assert (tmp_path / "left.txt").read_text() == "x"


def test_the_server_ends_with_the_press_and_takes_all_with_it():
    code = (
        "import sys, time, asyncio\nfrom press.run.kernels import KernelServer\nfrom press.run.provisioner import connect\nimport json, os\n"
        "server = KernelServer([], standby=1)\nline = connect(server.address)\n"
        "line.sendall(json.dumps({'cwd': '/', 'env': dict(os.environ)}).encode() + b'\\n')\n"
        "print(json.loads(line.recv(9999))['pid'], server.process.pid, server.folder, flush=True)\ntime.sleep(600)\n"
    )
    press = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    kernel, server, folder = press.stdout.readline().split()
    assert Path("/proc", kernel).exists()
    press.kill()
    press.communicate()
    deadline = time.monotonic() + 10
    while (Path("/proc", kernel).exists() or Path("/proc", server).exists()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not Path("/proc", kernel).exists()
    assert not Path("/proc", server).exists()
    assert not Path(folder).exists()


def test_the_loss_of_the_server_is_reported(execute):
    with kernels.KernelServer([]) as other:
        kill = f"import os, time; os.kill({other.process.pid}, 9); time.sleep(60)"
        assert failure(execute, kill, server=other.address)[0] == "the kernel was lost with the server that forked it"


def test_a_server_that_ends_before_it_has_forked_a_kernel_is_reported(execute, tmp_path):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "server"))
        listener.listen()
        leaving = threading.Thread(target=lambda: listener.accept()[0].close())
        leaving.start()
        error, _ = failure(execute, "1", server=str(tmp_path / "server"))
        leaving.join()
    assert error == "the kernel was lost with the server that forked it"


def test_what_a_killed_server_left_is_removed_by_the_next():
    with kernels.KernelServer([]) as alive:
        killed = kernels.KernelServer([])
        provisioner.connect(killed.address).close()
        killed.process.kill()
        killed.process.communicate()
        assert killed.folder.exists()
        with kernels.KernelServer([]):
            assert not killed.folder.exists()
        assert alive.folder.exists()


def test_without_forks_results_are_the_same(execute, tmp_path):
    (tmp_path / "figures.csv").write_text("id\n1\n")
    cells = ["print('a', 1); [1]", "open('figures.csv').read()", "# {eval}`1 + 1`", "import os; os.getcwd() + '/x'"]
    forked, ordinary = execute(*cells), execute(*cells, server=None)
    assert forked[0] == ordinary[0]
    assert collect_inputs(forked[1], *settled(tmp_path)) == collect_inputs(ordinary[1], *settled(tmp_path))
    assert failure(execute, "1 / 0", server=None) == ("ZeroDivisionError: division by zero", 2)
    assert failure(execute, "import os; os._exit(7)", server=None)[0] == "the kernel ended by itself with exit code 7"
    late = failure(execute, "import time; time.sleep(60)", server=None, cell_timeout=0.3)
    assert late[0] == "over its time limit of 0.3 s for a cell"


BESIDE = """
import os, sys, multiprocessing
def look(x):
    main = sys.modules["__main__"]
    return x + 1, os.getcwd(), getattr(main, "__file__", None), multiprocessing.current_process().exitcode
"""
SCRIPT = """
import beside, multiprocessing
def twice(x):
    return 2 * x, __name__, beside.look(x)
if __name__ == "__main__":
    for method in ("spawn", "forkserver", "fork"):
        with multiprocessing.get_context(method).Pool(1) as pool:
            print(pool.map(twice, [1]))
"""
WAYS = {
    "a pool": "with context.Pool(2) as pool: print(pool.map(beside.look, [1, 2], chunksize=1))",
    "a pool of concurrent.futures": "import concurrent.futures as f\nwith f.ProcessPoolExecutor(2, context) as pool: print(list(pool.map(beside.look, [1, 2])))",
    "a process": "queue = context.Queue()\np = context.Process(target=queue.put, args=(3,))\np.start()\nprint(queue.get(timeout=20), p.join(20), p.exitcode)",
    "a manager": "with context.Manager() as manager: print(manager.list([1]))",
    "shared memory": "from multiprocessing.shared_memory import SharedMemory\nm = SharedMemory(create=True, size=9)\nwith context.Pool(1) as pool: print(pool.map(len, ['ab']), m.size)\nm.close(); m.unlink()",
    "another folder": "import os\nos.chdir('/')\nwith context.Pool(1) as pool: print(pool.map(beside.look, [1]))",
    "only in the main process": "if __name__ == '__main__':\n    with context.Pool(1) as pool: print(pool.map(len, ['ab']))",
}


@pytest.mark.parametrize("method", ["spawn", "forkserver", "fork"])
def test_processes_that_a_notebook_starts_are_as_those_of_an_ordinary_kernel(execute, tmp_path, method):
    (tmp_path / "beside.py").write_text(BESIDE)
    start = f"import multiprocessing, beside\ncontext = multiprocessing.get_context('{method}')"
    cells = [f"{start}\n{code}" for code in WAYS.values()]
    forked, ordinary = execute(*cells, cell_timeout=60)[0], execute(*cells, cell_timeout=60, server=None)[0]
    assert dict(zip(WAYS, forked, strict=True)) == dict(zip(WAYS, ordinary, strict=True))


def test_scripts_that_a_notebook_runs_are_as_those_of_an_ordinary_kernel(execute, tmp_path):
    (tmp_path / "beside.py").write_text(BESIDE)
    (tmp_path / "script.py").write_text(SCRIPT)
    run = "import subprocess, sys\nprint(subprocess.run([sys.executable, *{}], capture_output=True, text=True, check=True).stdout)"
    cells = ["%run script.py", run.format(["script.py"]), run.format(["-m", "script"])]
    forked, ordinary = execute(*cells, cell_timeout=60)[0], execute(*cells, cell_timeout=60, server=None)[0]
    assert forked == ordinary
    assert len(forked) == 3


def test_a_notebook_finds_modules_and_arguments_as_in_an_ordinary_kernel(execute):
    cell = "import sys, argparse\nparser = argparse.ArgumentParser()\n_ = parser.add_argument('-f')\nprint(sys.path, parser.parse_args().f is None, sys.modules['__main__'].__spec__)"
    assert execute(cell)[0] == execute(cell, server=None)[0]


def settled(root):
    import nbformat

    return Task(
        str(root / "one.ipynb"), str(root), str(root), {}, "en", Page("one", "en", "One", "one")
    ), nbformat.v4.new_notebook()


def test_kernels_of_other_languages_are_started_as_they_ask():
    from press.run.client import Settings, _manager

    manager = _manager("julia-1.9", Settings(server="/nowhere"))
    assert (manager.kernel_name, manager.forked, manager.recording) == ("julia-1.9", False, False)


ECHO = """
from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel

class Echo(Kernel):
    implementation = language = "echo"
    implementation_version = banner = "1"
    language_info = {"name": "echo", "mimetype": "text/plain", "file_extension": ".txt"}

    def do_execute(self, code, silent, *_, **__):
        if code.startswith("run "):
            exec(code[4:])
        if not silent:
            self.send_response(self.iopub_socket, "stream", {"name": "stdout", "text": code})
        return {"status": "ok", "execution_count": self.execution_count, "payload": [], "user_expressions": {}}

IPKernelApp.launch_instance(kernel_class=Echo)
"""


@pytest.fixture
def others(tmp_path, monkeypatch):
    """Kernels that are not the press's own: an ordinary ipykernel, and one of another language."""
    (tmp_path / "echo.py").write_text(ECHO)
    commands = {
        "ordinary": ["-m", "ipykernel_launcher"],
        "echo": [str(tmp_path / "echo.py")],
        "bash": ["-m", "bash_kernel"],
    }
    for name, command in commands.items():
        folder = tmp_path / "jupyter" / "kernels" / name
        folder.mkdir(parents=True)
        argv = [sys.executable, *command, "-f", "{connection_file}"]
        spec = {"argv": argv, "display_name": name, "language": "python" if name == "ordinary" else name}
        (folder / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    return tmp_path / "jupyter" / "kernels"


def asking_for(project, kernel, name, *cells, **settings):
    project.add(name, *cells, **settings)
    file = project.root / "notebooks" / f"{name}.ipynb"
    content = json.loads(file.read_text())
    if kernel != "python":
        language = "bash" if kernel == "bash" else "python"
        content["metadata"]["kernelspec"] = {"name": kernel, "language": language, "display_name": kernel}
    file.write_text(json.dumps(content))


@pytest.mark.usefixtures("others")
def test_an_ordinary_ipykernel_records_too(project):
    read = "open('vals.csv').read()"
    asking_for(project, "ordinary", "reads", read)
    asking_for(project, "ordinary", "clock", "import time; time.time()")
    asking_for(project, "ordinary", "looks", "import os\nos.path.exists('later.csv')")
    (project.root / "notebooks" / "vals.csv").write_text("1")
    project.build()
    found = {run["report"]: run for run in project.report()["runs"]}
    assert "notebooks/vals.csv" in found["reads"]["inputs"]
    assert found["clock"]["volatile"] == ["clock: time.time"]
    assert project.build() == {"en/reads": "reused", "en/clock": "ran", "en/looks": "reused"}
    (project.root / "notebooks" / "vals.csv").write_text("2")
    (project.root / "notebooks" / "later.csv").write_text("")
    assert project.build() == {"en/reads": "ran", "en/clock": "ran", "en/looks": "ran"}
    assert project.outputs("en/reads")[0]["data"]["text/plain"] == "'2'"


def test_a_kernelspec_that_changes_is_seen(project, others):
    asking_for(project, "ordinary", "a", "1")
    project.build()
    assert project.build() == {"en/a": "reused"}
    (others / "ordinary" / "helper.txt").write_text("")
    assert project.build() == {"en/a": "ran"}
    file = others / "ordinary" / "kernel.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"env": {"A": "1"}}))
    assert "  changed   kernel ordinary\n" in project.press("explain", "a")[1]
    assert project.build() == {"en/a": "ran"}


@pytest.mark.usefixtures("others")
def test_a_kernel_that_cannot_say_what_it_reads_runs_in_every_build(project):
    asking_for(project, "echo", "a", ('lang = "en"', "parameters"), "hello")
    code, _, err = project.press("build")
    assert code == 0, err
    assert "volatile: a (en) runs in a kernel that does not say what it reads (echo): it runs in every build" in err
    assert "volatile  runs in a kernel that does not say what it reads (echo)" in project.press("explain", "a")[1]
    assert project.build() == {"en/a": "ran"}


EATS = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'x = bytearray(10**9); import time; time.sleep(60)'], start_new_session={})"
SLEEPS = "import subprocess; child = subprocess.Popen(['sleep', '60'], start_new_session={}); open({!r}, 'w').write(str(child.pid)); child.wait()"


@pytest.mark.parametrize("own_group", [False, True])
@pytest.mark.parametrize(("kernel", "start"), [("python", ""), ("ordinary", ""), ("echo", "run ")])
@pytest.mark.usefixtures("others")
def test_limits_hold_for_any_kernel_and_whatever_it_starts(project, kernel, start, own_group):
    asking_for(project, kernel, "eats", start + EATS.format(own_group), memory="300 MB")
    asking_for(project, kernel, "sleeps", start + SLEEPS.format(own_group, str(project.root / "pid")), timeout=3)
    limits_hold(project)


def limits_hold(project):
    code, _, err = project.press("build", "--workers", 2)
    assert code == 1
    assert re.search("failed en/eats, cell [23]: over its memory limit of 300 MB", err)
    assert re.search("failed en/sleeps, cell [23]: over its time limit of 3 s for the whole notebook", err)
    pid = (project.root / "pid").read_text().strip()
    deadline = time.monotonic() + 10
    while Path("/proc", pid).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path("/proc", pid).exists()


@with_bash
@pytest.mark.usefixtures("others")
def test_limits_hold_for_bash_whose_shell_has_a_group_of_its_own(project):
    eats = f"{sys.executable} -c 'x = bytearray(10**9); import time; time.sleep(60)'"
    lang = ("lang=en", "parameters")
    asking_for(project, "bash", "eats", lang, eats, memory="300 MB")
    asking_for(project, "bash", "sleeps", lang, f"sleep 60 & echo $! > '{project.root}/pid'; wait", timeout=3)
    limits_hold(project)


@with_bash
@pytest.mark.usefixtures("others")
def test_a_notebook_of_bash_runs_in_every_build_and_says_why(project):
    (project.root / "notebooks" / "vals.csv").write_text("1")
    asking_for(project, "bash", "a", ("lang=xx\nn=0", "parameters"), "cat vals.csv; echo $lang $n", parameters={"n": 5})
    project.build()
    assert project.outputs("en/a")[0]["text"] == "1en 5\n"
    said = "a (en) runs in a kernel that does not say what it reads (bash): it runs in every build"
    assert f"volatile: {said}" in project.err
    assert "unknown parameter" not in project.err
    (project.root / "notebooks" / "vals.csv").write_text("2")
    assert project.build() == {"en/a": "ran"}
    assert project.outputs("en/a")[0]["text"] == "2en 5\n"


def test_a_process_with_a_group_of_its_own_ends_with_its_notebook(execute):
    cell = "import subprocess\nprint(subprocess.Popen(['sleep', '600'], start_new_session=True).pid)"
    for server in ({}, {"server": None}):
        pid = execute(cell, **server)[0][0][0].strip()
        deadline = time.monotonic() + 5
        while Path("/proc", pid).exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not Path("/proc", pid).exists()


def test_papermills_own_command_knows_the_engine(tmp_path):
    import nbformat

    file = tmp_path / "a.ipynb"
    cells = [("lang = 'en'", "parameters"), ("# {eval}`lang`", "en"), ("# {eval}`nothing`", "zh")]
    nbformat.write(notebook(*cells), file)
    made = papermill.execute_notebook(file, None, {"lang": "en"}, engine_name="press", progress_bar=False)
    assert made.cells[2].metadata["user_expressions"][0]["result"]["data"] == {"text/plain": "'en'"}
