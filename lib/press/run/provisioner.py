"""How jupyter_client gets a kernel from the server of `press.run.kernels`."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import time
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import KernelProvisionerBase

from press.run.processes import (
    family,
    kill_family,
)


class KernelDiedError(Exception):
    """A kernel ended before its notebook did; the message says how."""


class ForkProvisioner(KernelProvisionerBase):
    """A Jupyter kernel provisioner that gets its kernels from a `KernelServer`.

    The kernelspec's configuration gives `server`, its address, and may give `memory`, in bytes.
    """

    def __init__(self, server: str, memory: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.server, self.memory = server, memory
        self.line: socket.socket | None = None
        self.pid = 0
        self.end: dict[str, Any] | None = None

    @property
    def has_process(self) -> bool:
        return self.line is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:  # noqa: ARG002
        order = {"cwd": str(kwargs.get("cwd") or Path.cwd()), "env": kwargs["env"], "memory": self.memory}
        self.line, self.end = connect(self.server), None
        self.line.setblocking(False)
        loop = asyncio.get_running_loop()
        with contextlib.suppress(ConnectionError):  # which the answer tells
            await loop.sock_sendall(self.line, json.dumps(order).encode() + b"\n")
        reply = await self._read()
        if "pid" not in reply:  # the server has ended, or could not fork
            self.end = reply
            raise KernelDiedError("the kernel was lost with the server that forked it")
        self.pid = reply["pid"]
        self.connection_info = {**reply["connection"], "key": reply["connection"]["key"].encode()}
        return self.connection_info

    async def _read(self) -> dict[str, Any]:
        assert self.line
        text = b""
        while not text.endswith(b"\n"):
            try:
                part = await asyncio.get_running_loop().sock_recv(self.line, 65536)
            except ConnectionError:
                part = b""
            if not part:
                return {"code": -signal.SIGKILL, "why": "server"}
            text += part
        return json.loads(text)

    async def poll(self) -> int | None:
        """None while the kernel lives, then its exit code."""
        if self.line and self.end is None:
            with contextlib.suppress(BlockingIOError):
                self.end = json.loads(self.line.recv(65536) or '{"code": -9, "why": "server"}')
        return self.end["code"] if self.end else None if self.line else 0

    async def wait(self) -> int | None:
        if self.line and self.end is None:
            self.end = await self._read()
        if self.line:
            self.line.close()
            self.line = None
        return self.end["code"] if self.end else 0

    async def send_signal(self, signum: int) -> None:
        if self.line and self.pid and self.end is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signum)

    async def kill(self, restart: bool = False) -> None:  # noqa: ARG002
        if self.line and self.end is None:
            kill_family(family(self.pid))

    async def terminate(self, restart: bool = False) -> None:  # noqa: ARG002
        await self.send_signal(signal.SIGTERM)

    async def cleanup(self, restart: bool = False) -> None:  # noqa: ARG002
        if self.line:
            self.line.close()
            self.line = None


def connect(address: str, patience: float = 30.0) -> socket.socket:
    """A connection to the server at `address`, which may be starting still."""
    line = socket.socket(socket.AF_UNIX)
    deadline = time.monotonic() + patience
    while True:
        try:
            line.connect(address)
            return line
        except (FileNotFoundError, ConnectionRefusedError):
            if time.monotonic() > deadline or not Path(address).parent.is_dir():
                raise KernelDiedError("the server of kernels is gone") from None
            time.sleep(0.01)
