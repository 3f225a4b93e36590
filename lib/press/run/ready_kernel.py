"""ipykernel's application, made in two steps, so that forked kernels share the first.

What needs neither sockets nor threads, which is most of it, is made once, before the fork; the rest in each kernel.
"""

from __future__ import annotations

import codecs
import os
import select
import sys
import threading
from typing import Any, cast

from ipykernel.iostream import OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from IPython.core.application import BaseIPythonApplication
from jupyter_client.connect import KernelConnectionInfo
from traitlets import DottedObjectName, Type

# No history on disk, and no pause after each cell for output that is on its way: there is none after a flush.
OPTIONS = ["--HistoryManager.hist_file=:memory:", "--Kernel._execute_sleep=0"]

PIPE_SIZE = 65536  # bytes that a pipe holds


class Stream(OutStream):
    """A cell's stdout or stderr.

    What programs and compiled libraries write to the file itself comes through a pipe, which ipykernel has a thread
    read; what had not been read when its cell ended was shown nowhere. Here a flush reads what is left.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self._reading = threading.Lock()
        self._decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        super().__init__(*args, **options)

    def flush(self) -> None:
        """Have what was written sent; ipykernel asks a thread, and waits for it, also where nothing was."""
        if self._is_master_process():
            self._read_pipe()
        with self._buffer_lock:
            is_empty = not self._buffers
        if not is_empty:
            super().flush()

    def _watch_pipe_fd(self) -> None:
        while self._should_watch:
            select.select([self._fid], [], [])
            self._read_pipe()

    def _read_pipe(self) -> None:
        """Take over what is in the pipe. Another thread that is about to do so has done it when this returns.

        It is read once: a program that writes without end is not waited for.
        """
        with self._reading:
            if self._should_watch and select.select([self._fid], [], [], 0)[0]:
                content = os.read(self._fid, PIPE_SIZE)
                self.write(self._decoder.decode(content))
                os.write(self._original_stdstream_copy, content)


class ReadyKernel(IPythonKernel):
    """A kernel that is made before its sockets are."""

    @classmethod
    def instance(cls, *args: Any, **traits: Any) -> ReadyKernel:
        """The kernel; once it is made, it is given its sockets by this."""
        if not cls.initialized():
            return super().instance(*args, **traits)
        kernel = super().instance()
        kernel.connect(traits)
        return kernel

    def connect(self, traits: dict[str, Any]) -> None:
        """Take the sockets and threads, and hand them on to who was made without them."""
        for name, value in traits.items():
            setattr(self, name, value)
        self._stdout, self._stderr = sys.stdout, sys.stderr
        shell: Any = self.shell
        for publisher in (shell.displayhook, shell.display_pub):
            publisher.session, publisher.pub_socket = self.session, self.iopub_socket
        debugger: Any = getattr(self, "debugger", None)
        if debugger is not None:
            debugger.session, debugger.shell_socket = self.session, self.debug_shell_socket
            debugger.debugpy_client.debugpy_stream = self.debugpy_stream


class ReadyApp(IPKernelApp):
    """The application: `prepare` it before the fork, `connect` it in the kernel, then `start` it."""

    kernel_class: Any = Type(ReadyKernel, klass="ipykernel.kernelbase.Kernel").tag(config=True)
    outstream_class = DottedObjectName(f"{__name__}.{Stream.__qualname__}").tag(config=True)

    def prepare(self) -> None:
        """Read the configuration, and make the kernel with its shell."""
        BaseIPythonApplication.initialize(self, OPTIONS)
        self.init_pdb()
        self.kernel_class.instance(parent=self, log=self.log, profile_dir=self.profile_dir, user_ns=self.user_ns)

    def connect(self, connection: dict[str, Any]) -> None:
        """Do what is left of `initialize`: open the sockets, start the threads, run the files of the user's profile."""
        self.load_connection_info(cast(KernelConnectionInfo, connection))
        self.init_sockets()
        self.init_heartbeat()
        self.log_connection_info()
        self.init_io()
        self.init_signal()
        self.init_kernel()
        self.init_path()
        self.init_shell()
        self.init_gui_pylab()
        self.init_extensions()
        self.init_code()
        sys.stdout.flush()
        sys.stderr.flush()
