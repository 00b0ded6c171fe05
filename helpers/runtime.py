"""Where and how a notebook runs: device, profile, seeded generators, timer, provenance, progress bars.

Importing this module loads only the standard library; torch is imported inside the functions that need it, so
that a notebook which only derives stays light.

=================  ==========================================================================================
`COURSE_DEVICE`    `cpu`, `cuda`, `cuda:1` or `mps`; unset: the fastest one present
`COURSE_PROFILE`   `quick` (default: a subset and few epochs) or `full` (the task's real setting)
`COURSE_QUIET`     `1` switches progress bars off
`COURSE_COMMIT`    the commit, where git cannot say it: in a copy without its repository
=================  ==========================================================================================
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import torch

T = TypeVar("T")
PROFILES = ("quick", "full")
DEVICES = ("cuda", "mps", "cpu")  # in order of preference
ROOT = Path(__file__).resolve().parent.parent


class CourseError(Exception):
    """Something the reader can put right; the message says in one sentence what was wrong and what to do."""


def plain_console() -> None:
    """On a console that lacks a letter (cp1252, ASCII), print its number instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def display(shown: object, **how: object) -> None:
    """Show something below the cell that runs, in a loop, too; nothing outside Jupyter."""
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        from IPython.display import display as below

        below(shown, **how)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one move: a reader sees the old one or the new one, never half. Raises OSError."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        with suppress(OSError):  # the first error is the one to be told
            part.unlink(missing_ok=True)


@dataclass
class Elapsed:
    """What `timer` yields: `seconds` is the elapsed wall time, 0.0 until the block is left."""

    seconds: float = 0.0


def device(name: str | torch.device | None = None) -> torch.device:
    """The device called `name`; without a name `$COURSE_DEVICE`, else the first present of cuda, mps, cpu.

    Raises CourseError if the name is unknown or the device is not there.
    """
    import torch

    asked = str(name or os.environ.get("COURSE_DEVICE") or "").strip()
    present = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if not asked:
        return torch.device(next(kind for kind in DEVICES if present[kind]))
    kind, _, index = asked.partition(":")
    if kind not in DEVICES or (index and not index.isdigit()):
        raise CourseError(f"Unknown device {asked!r}: use one of cuda, mps, cpu, or unset COURSE_DEVICE.")
    # Devices are counted by cuda alone; cpu and mps have the single index 0.
    count = torch.cuda.device_count() if kind == "cuda" else 1
    if not present[kind] or int(index or 0) >= count:
        there = ", ".join(kind for kind in DEVICES if present[kind])
        raise CourseError(
            f"Device {asked!r} is not available here (found: {there}): choose another or unset COURSE_DEVICE."
        )
    return torch.device(asked)


def profile() -> str:
    """`"quick"` or `"full"`, from `$COURSE_PROFILE` (default quick); CourseError on anything else."""
    name = os.environ.get("COURSE_PROFILE") or "quick"
    if name not in PROFILES:
        raise CourseError(f"Unknown profile {name!r} in COURSE_PROFILE: use quick or full, or unset it.")
    return name


def publishing() -> bool:
    """Is this run the publisher's, so that what it finds may replace the book's record?

    `make run` in the full profile says so to the kernels that it starts; nothing else does. A notebook that
    is opened and run, in whatever profile and folder, changes no record.
    """
    return os.environ.get("COURSE_PUBLISH", "") not in ("", "0")


def pick(*, quick: T, full: T) -> T:
    """The value for the current profile: `epochs = pick(quick=5, full=50)`."""
    return quick if profile() == "quick" else full


def generator(seed: int, device: str | torch.device = "cpu") -> torch.Generator:
    """A fresh random generator seeded with `seed`; torch's global generator is left alone."""
    import torch

    return torch.Generator(device=device).manual_seed(seed)


def synchronise(device: str | torch.device | None = None) -> None:
    """Wait until the accelerator (without an argument: each) has done what it was given; free on a CPU."""
    torch = sys.modules.get("torch")  # never imported: nothing can be pending
    kind = None if device is None else str(device).partition(":")[0]
    if torch is None or kind == "cpu":
        return
    if kind in (None, "cuda") and torch.cuda.is_available():
        torch.cuda.synchronize(device)
    if kind in (None, "mps") and torch.backends.mps.is_available():
        torch.mps.synchronize()


@contextmanager
def timer(device: str | torch.device | None = None) -> Iterator[Elapsed]:
    """`with timer() as t: …` and then `t.seconds`: wall time, with the device's pending work waited for."""
    elapsed = Elapsed()
    synchronise(device)
    start = time.perf_counter()
    try:
        yield elapsed
    finally:
        synchronise(device)
        elapsed.seconds = time.perf_counter() - start


def provenance() -> dict[str, str]:
    """What a number was measured with: versions, device, commit, profile. Stored with every result.

    The device is the one that `device()` picks if torch is loaded, else the processor. A `+` after the commit
    says that something was changed since which is no output, ledger or measurement.
    """
    torch = sys.modules.get("torch")
    return {
        "python": platform.python_version(),
        "torch": _version("torch"),
        "sympy": _version("sympy"),
        "device": _device_name(device()) if torch else _processor(),
        "commit": _commit(),
        "profile": profile(),
    }


def progress(iterable: Iterable[T], label: str, total: int | None = None) -> Iterable[T]:
    """`iterable` with a progress bar after 2 s; as it is where nobody watches (tests, CI, `COURSE_QUIET`)."""
    if not _somebody_watches():
        return iterable
    from tqdm import tqdm

    return tqdm(iterable, desc=label, total=total, delay=2, leave=False)


def _somebody_watches() -> bool:
    # pytest sets PYTEST_VERSION for itself and so for the kernels that nbval starts.
    if any(os.environ.get(name) for name in ("COURSE_QUIET", "CI", "PYTEST_VERSION")):
        return False
    return sys.stderr.isatty() or _shell() == "ZMQInteractiveShell"


def _shell() -> str:
    """The class name of the IPython shell we run in (ZMQInteractiveShell in a notebook), or ""."""
    ipython = sys.modules.get("IPython")
    return type(ipython.get_ipython()).__name__ if ipython else ""


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _device_name(device: torch.device) -> str:
    import torch

    if device.type == "cuda":
        return f"cuda ({torch.cuda.get_device_name(device)})"
    count = torch.get_num_threads()
    threads = f", {count} thread{'s' * (count != 1)}" if device.type == "cpu" else ""
    return f"{device.type} ({_processor()}{threads})"


def _processor() -> str:
    """The processor's name: from /proc/cpuinfo on Linux, where `platform` knows only the architecture."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _git(*words: str) -> str:
    command = ("git", "-C", str(ROOT), *words)
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=True, timeout=10
    ).stdout


def _commit() -> str:
    """The commit, with a `+` if anything was changed since but outputs, ledgers and measurements."""
    if not (ROOT / ".git").exists():  # a downloaded copy: git would find a repository around it
        return os.environ.get("COURSE_COMMIT") or "unknown"
    try:
        changed = [
            line[3:]
            for line in _git(
                "-c", "core.quotePath=off", "status", "--porcelain", "--untracked-files=all"
            ).splitlines()
        ]
        head = _git("rev-parse", "--short", "HEAD").strip()
        return head + ("+" if any(map(_is_source, changed)) else "")
    except (OSError, ValueError, KeyError, subprocess.SubprocessError):
        return "unknown"


def _is_source(path: str) -> bool:
    """Does the change of `path`, relative to the repository, change what a run gives?"""
    path = path.strip('"')
    if path.startswith(("book/ledger/", "book/measured/", "book/verified.json")):
        return False
    if not (path.startswith("notebooks/") and path.endswith(".ipynb")):
        return True
    try:
        before = _git("show", f"HEAD:{path}")
    except subprocess.CalledProcessError:  # a new one
        return True
    return _code(before) != _code((ROOT / path).read_text(encoding="utf-8"))


def _code(notebook: str) -> list[str]:
    """The sources of the code cells, without their outputs."""
    cells = json.loads(notebook)["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
