"""Kernels for the tests of the chapters, forked from one process that has imported torch and SymPy already.

A kernel spends more seconds on importing libraries than most chapters on their cells, and every chapter gets
a new one. `forked(code)` lets the kernels that are started within it be children of a process which did the
imports of `code` once. They see nothing of each other and import the course's own modules themselves. Linux
only: elsewhere a fork is not safe, or there is none, and kernels start in the usual way.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache, partial

KERNEL = ("ipykernel.kernelapp", "IPython.core.completer")
LIBRARIES = {  # what takes long to import: the words in a chapter's code by which it is recognised
    "sympy": r"sympy|helpers\.(proof|course|notation)|import .*\bnotation\b",
    "numpy": r"numpy|torch|helpers\.plots",
    "torch": r"torch",
    "torch.nn.functional": r"torch",
    "matplotlib.pyplot": r"matplotlib|helpers\.plots",
    "sklearn.linear_model": r"sklearn\.linear_model",
}
INLINE = "module://matplotlib_inline.backend_inline"  # what ipykernel would set before pyplot is imported


# ---------------------------------------------------------------- in the process that forks
def serve() -> None:
    """Fork a kernel for each line of JSON on stdin, after importing what it names, and answer its number."""
    del sys.path[0]  # this folder, which is on no kernel's path
    os.environ["MPLBACKEND"] = INLINE
    for name in KERNEL:
        __import__(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a kernel that has ended
    for line in sys.stdin:
        asked, server = json.loads(line), os.getpid()
        for name in asked["libraries"]:
            with suppress(ImportError):  # the chapter itself will say so, in the cell that needs it
                __import__(name)
        pid = os.fork()
        if pid == 0:
            _be_kernel(asked, server)
        os.setpgid(pid, pid)  # before anybody knows the number: kernels are ended by group
        print(pid, flush=True)


def _be_kernel(asked: dict, server: int) -> None:
    """Run a kernel in this fork until it is shut down, or until the process that it comes from has ended."""
    from ipykernel.kernelapp import IPKernelApp

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.chdir(asked["cwd"] or ".")
    os.environ.clear()
    os.environ.update(asked["env"])
    try:
        arguments = ["-f", asked["connection"], f"--IPKernelApp.parent_handle={server}"]
        IPKernelApp.launch_instance(arguments)
    finally:
        os._exit(0)


# ---------------------------------------------------------------- in the process that tests
class Fork:
    """A kernel's process, with what a kernel manager asks of a subprocess.Popen."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid, self.returncode = pid, None

    def poll(self) -> int | None:
        if self.returncode is None:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                self.returncode = 0
        return self.returncode

    def wait(self, timeout: float = 60) -> int:
        end = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired("kernel", timeout)
            time.sleep(0.01)
        return 0

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


@cache
def _server() -> subprocess.Popen:
    """The process that forks, one for each process that tests; it ends with the pipe to it."""
    return subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def launch(
    command: list[str],
    env: dict[str, str] | None = None,
    cwd: str | None = None,
    libraries: tuple[str, ...] = (),
    **_: object,
) -> Fork:
    """Start the kernel that `command` (… -f FILE) would start; stands in for jupyter_client's own."""
    server = _server()
    connection, environment = command[command.index("-f") + 1], dict(os.environ if env is None else env)
    asked = {"connection": connection, "cwd": cwd, "env": environment, "libraries": libraries}
    print(json.dumps(asked), file=server.stdin, flush=True)
    return Fork(int(server.stdout.readline()))


def needed(code: str) -> tuple[str, ...]:
    """The libraries that a chapter with this code imports, itself or through the course's modules."""
    return tuple(name for name, pattern in LIBRARIES.items() if re.search(pattern, code))


def close() -> None:
    """End the process that forks, and with it the kernels that are left."""
    if _server.cache_info().currsize:
        server = _server()
        server.stdin.close()
        server.wait(timeout=60)
        server.stdout.close()
        _server.cache_clear()


@contextmanager
def forked(code: str) -> Iterator[None]:
    """Kernels of this Python that are started within the block, to run `code`, are forks."""
    from jupyter_client.provisioning import local_provisioner

    before = local_provisioner.launch_kernel
    if sys.platform == "linux":
        local_provisioner.launch_kernel = partial(launch, libraries=needed(code))
    try:
        yield
    finally:
        local_provisioner.launch_kernel = before


if __name__ == "__main__":
    serve()
