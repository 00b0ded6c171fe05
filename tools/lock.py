"""Write the three lock files from pyproject.toml (`make lock`).

requirements-book.lock is what building the site needs, requirements-torch.lock what only torch needs, and
requirements.lock the rest. Torch is kept apart so that a reader who picks another build of it
(UV_TORCH_BACKEND) is not stopped by the hashes of the default one. No registry address is written.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Exact versions with hashes, written by `make lock` from pyproject.toml.\n"
TORCH_ONLY = re.compile(r"^(torch|torchvision|triton|nvidia-.*|cuda-.*)==")

# With 4.25 jsonschema's formats came to need a package that builds a grammar whenever it is imported: two
# seconds for each of the many processes that read a notebook.
HELD = "jsonschema<4.25\n"


def compile_lock(source: str, *options: str, given: str | None = None) -> str:
    """What uv resolves `source` to, for Python 3.11 and later on any system; `given` is its input."""
    command = [sys.executable, "-m", "uv", "pip", "compile", source, *options, "--universal"]
    command += ["--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"]
    done = subprocess.run(command, cwd=ROOT, input=given, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"uv could not resolve pyproject.toml:\n{done.stderr}")
    return done.stdout


def everything() -> list[str]:
    """All packages of pyproject.toml, without the extra `bench`."""
    extras = [flag for extra in ("lab", "book", "test") for flag in ("--extra", extra)]
    with tempfile.TemporaryDirectory() as folder:
        held = Path(folder) / "held.txt"
        held.write_text(HELD, encoding="utf-8")
        return entries(compile_lock("pyproject.toml", *extras, "--constraint", str(held)))


def names_for_the_book(found: list[str]) -> set[str]:
    """The names of the packages that the extra `book` brings by itself, in the versions of `found`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = "\n".join(project["optional-dependencies"]["book"])
    with tempfile.TemporaryDirectory() as folder:
        pins = Path(folder) / "pins.txt"
        pins.write_text("\n".join(entry.split(" \\")[0] for entry in found), encoding="utf-8")
        book = compile_lock("-", "--constraint", str(pins), given=asked)
    return {name_of(entry) for entry in entries(book)}


def name_of(entry: str) -> str:
    return entry.partition("==")[0]


def entries(text: str) -> list[str]:
    """One string per package: its line and the lines of its hashes."""
    return [entry for entry in re.split(r"\n(?=\S)", text.strip()) if "==" in entry]


def split(found: list[str], book: set[str]) -> dict[str, list[str]]:
    """{lock file: its entries}; each entry goes into exactly one."""
    names = ("requirements-book.lock", "requirements.lock", "requirements-torch.lock")
    parts: dict[str, list[str]] = {name: [] for name in names}
    for entry in found:
        place = 2 if TORCH_ONLY.match(entry) else 0 if name_of(entry) in book else 1
        parts[names[place]].append(entry)
    return parts


def main() -> None:
    found = everything()
    for name, chosen in split(found, names_for_the_book(found)).items():
        (ROOT / name).write_text(HEADER + "\n".join(chosen) + "\n", encoding="utf-8")
        print(f"{name}: {len(chosen)} packages")


if __name__ == "__main__":
    main()
