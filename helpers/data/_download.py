"""torchvision's download of MNIST, into the user's cache: quick to give up, and whole or not there at all."""

from __future__ import annotations

import functools
import os
import socket
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

from helpers import places

HOST = "https://ossci-datasets.s3.amazonaws.com/mnist/"  # torchvision's first mirror
WAIT = 4.0  # seconds that a server has to answer


def ensure(cache: Path) -> str:
    """See to it that `cache` holds MNIST/raw; an empty string if it does, else the reason why not."""
    if (cache / "MNIST" / "raw").is_dir():
        return ""
    if places.offline():
        return "COURSE_OFFLINE is set"
    return _attempt(cache)


@functools.cache  # so that a machine without a network waits once, not at every call
def _attempt(cache: Path) -> str:
    """Download to a folder beside the final one, then rename: nobody ever sees half of it."""
    reason = unreachable(HOST + "t10k-labels-idx1-ubyte.gz")
    if reason:
        return reason
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as part, socket_timeout(WAIT):
            from torchvision.datasets import MNIST

            MNIST(part, download=True)
            if not (cache / "MNIST").exists():  # another notebook may have been faster
                os.rename(Path(part) / "MNIST", cache / "MNIST")
    except (OSError, RuntimeError, ImportError, HTTPException) as error:
        return " ".join(str(error).split())
    return ""


def unreachable(url: str) -> str:
    """Why nobody answers at `url` within WAIT seconds; an empty string if somebody does."""
    result = [f"no answer within {WAIT:g} s"]

    def ask() -> None:
        try:
            urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=WAIT).close()
            result[0] = ""
        except (OSError, ValueError, HTTPException) as error:  # the last for a proxy that is no address
            reason = getattr(error, "reason", error)
            result[0] = f"no connection: {getattr(reason, 'strerror', None) or reason}"

    # In a thread, because the look-up of a host name cannot be given a time limit.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(WAIT)
    return result[0]


@contextmanager
def socket_timeout(seconds: float) -> Iterator[None]:
    """torchvision sets no time limit; a server that falls silent would hold the notebook for ever."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
