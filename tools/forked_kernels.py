"""Kernels for the tests of the chapters, forked from one process that has imported torch and SymPy already.

A kernel spends more seconds on importing libraries than most chapters on their cells, and every chapter gets
a new one. `forked()` lets the kernels that are started within it be children of a process which did the
imports once. They see nothing of each other and import the course's own modules themselves. Linux only:
elsewhere a fork is not safe, or there is none, and kernels start in the usual way.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

LIBRARIES = ("ipykernel.kernelapp", "IPython.core.completer", "numpy", "torch", "torch.nn.functional",
             "matplotlib.pyplot", "sympy", "mpmath")  # fmt: skip
INLINE = "module://matplotlib_inline.backend_inline"  # what ipykernel would set before pyplot is imported


# ---------------------------------------------------------------- in the process that forks
def serve() -> None:
    """Import the libraries, then fork a kernel for each line of JSON on stdin, and answer with its number."""
    del sys.path[0]  # this folder, which is on no kernel's path
    os.environ["MPLBACKEND"] = INLINE
    for name in LIBRARIES:
        __import__(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a kernel that has ended
    for line in sys.stdin:
        asked, server = json.loads(line), os.getpid()
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
    command: list[str], env: dict[str, str] | None = None, cwd: str | None = None, **_: object
) -> Fork:
    """Start the kernel that `command` (… -f FILE) would start; stands in for jupyter_client's own."""
    server = _server()
    environment = dict(os.environ if env is None else env)
    asked = {"connection": command[command.index("-f") + 1], "cwd": cwd, "env": environment}
    print(json.dumps(asked), file=server.stdin, flush=True)
    return Fork(int(server.stdout.readline()))


def close() -> None:
    """End the process that forks, and with it the kernels that are left."""
    if _server.cache_info().currsize:
        server = _server()
        server.stdin.close()
        server.wait(timeout=60)
        server.stdout.close()
        _server.cache_clear()


@contextmanager
def forked() -> Iterator[None]:
    """Kernels of this Python that are started within the block are forks."""
    from jupyter_client.provisioning import local_provisioner

    before = local_provisioner.launch_kernel
    if sys.platform == "linux":
        local_provisioner.launch_kernel = launch
    try:
        yield
    finally:
        local_provisioner.launch_kernel = before


if __name__ == "__main__":
    serve()
