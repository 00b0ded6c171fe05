"""Write requirements.lock and requirements-torch.lock from pyproject.toml (`make lock`).

Two files, so that a reader who picks another build of torch (UV_TORCH_BACKEND) is not stopped by the
hashes of the default one: everything that only torch needs is kept apart. No registry address is written.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Exact versions with hashes, written by `make lock` from pyproject.toml.\n"
TORCH_ONLY = re.compile(r"^(torch|torchvision|triton|nvidia-.*|cuda-.*)==")


def compile_lock() -> str:
    """All packages of pyproject.toml, without the extra `bench`, for Python 3.11 and later on any system."""
    extras = [flag for extra in ("lab", "book", "test") for flag in ("--extra", extra)]
    command = [
        "uv",
        "pip",
        "compile",
        "pyproject.toml",
        *extras,
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
        "--no-header",
        "--no-annotate",
        "--quiet",
    ]
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"uv could not resolve pyproject.toml:\n{done.stderr}")
    return done.stdout


def entries(text: str) -> list[str]:
    """One string per package: its line and the lines of its hashes."""
    return [entry for entry in re.split(r"\n(?=\S)", text.strip()) if "==" in entry]


def main() -> None:
    found = entries(compile_lock())
    torch = [entry for entry in found if TORCH_ONLY.match(entry)]
    rest = [entry for entry in found if entry not in torch]
    for name, chosen in (("requirements.lock", rest), ("requirements-torch.lock", torch)):
        (ROOT / name).write_text(HEADER + "\n".join(chosen) + "\n")
        print(f"{name}: {len(chosen)} packages")


if __name__ == "__main__":
    main()
