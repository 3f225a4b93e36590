"""Processes and their families: ended together, and how much memory they hold."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path


def end_with_parent(parent: int, by: signal.Signals | None = None) -> None:
    """Have the system send this process a signal, SIGKILL unless said, when `parent` ends, which may be already."""
    _control(1, signal.SIGKILL if by is None else by)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(70)


def _control(option: int, value: int) -> None:
    import ctypes

    ctypes.CDLL(None).prctl(option, value)


def kill_group(pid: int) -> None:
    """Kill the group of processes that a process leads; 0 would be the group of whoever asks."""
    if pid <= 0:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def kill_family(processes: Iterable[int]) -> None:
    """Kill a kernel and what it has started, as `family` found them."""
    for pid in processes:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def all_processes() -> dict[int, tuple[int, int]]:
    """The parent and the process group of each process there is; nothing where the system has no /proc."""
    if not sys.platform.startswith("linux"):
        return {}
    return {int(name): _stat(name) for name in _processes()}


def family(leader: int, stats: Mapping[int, tuple[int, int]] | None = None) -> set[int]:
    """The processes of a kernel: those of its group, and what they have started, in whatever group that is.

    bash_kernel, for one, has its shell in a group of its own. Group 0 is no kernel's: the system's own processes are
    in it, and in a container the one that has started all others. `stats` are `all_processes`, where they are known.

    >>> family(0)
    set()
    """
    if leader <= 0:
        return set()
    if not sys.platform.startswith("linux"):
        return _family_by_psutil(leader)
    stats = stats or all_processes()
    members = {pid for pid, (_, group) in stats.items() if group == leader}
    while True:
        started = {pid for pid, (parent, _) in stats.items() if parent in members}
        if started <= members:
            return members
        members |= started


def _family_by_psutil(leader: int) -> set[int]:
    import psutil

    members = set()
    with contextlib.suppress(psutil.Error):
        members = {leader, *(child.pid for child in psutil.Process(leader).children(recursive=True))}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if os.getpgid(process.pid) == leader:
                members.add(process.pid)
    return members


def _processes() -> list[str]:
    return [path.name for path in Path("/proc").iterdir() if path.name.isdecimal()]


def _stat(pid: str) -> tuple[int, int]:
    """Parent and process group of a process; zeros when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split(maxsplit=3)
    except OSError:
        return 0, 0
    return int(fields[1]), int(fields[2])


def children(pid: int) -> list[int]:
    return [int(name) for name in _processes() if _stat(name)[0] == pid]


def mentioning(folder: str) -> Iterator[int]:
    """Processes, such as the browsers of workers that were killed, that were started with the folder's name."""
    for name in _processes():
        with contextlib.suppress(OSError):
            started = Path("/proc", name, "environ").read_bytes() + Path("/proc", name, "cmdline").read_bytes()
            if folder.encode() in started and int(name) != os.getpid():
                yield int(name)


def is_over(limit: int, processes: Collection[int]) -> bool:
    """Whether processes hold more bytes of memory of their own than `limit`.

    To count those takes the system a millisecond or more a process, as it looks at each page; so that is done only
    where all that they hold, which it always knows, is over the limit.
    """
    if sys.platform.startswith("linux") and _most_memory(processes) <= limit:
        return False
    return memory_of(processes) > limit


def _most_memory(processes: Iterable[int]) -> int:
    """Bytes of memory of processes, shared or not."""
    total = 0
    for pid in processes:
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/status").read_bytes().splitlines():
                if line.startswith((b"VmRSS:", b"VmSwap:")):
                    total += int(line.split()[1]) * 1024
    return total


def memory_of(processes: Iterable[int]) -> int:
    """Bytes of memory of processes' own, not shared with the server since the fork."""
    if not sys.platform.startswith("linux"):
        return _resident_memory(processes)
    total = 0
    for pid in processes:
        with contextlib.suppress(OSError):
            for line in Path("/proc", str(pid), "smaps_rollup").read_text().splitlines():
                if line.startswith(("Private_Dirty:", "Swap:")):
                    total += int(line.split()[1]) * 1024
    return total


def _resident_memory(processes: Iterable[int]) -> int:
    """Bytes of memory of processes where the system does not tell whose it is alone."""
    import psutil

    total = 0
    for pid in processes:
        with contextlib.suppress(psutil.Error):
            total += psutil.Process(pid).memory_info().rss
    return total
