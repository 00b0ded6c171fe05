"""Make the virtual environment and install the locks into it, before every command of tools/make.py.

The site needs the packages of requirements-book.lock ("book"), everything else also those of
requirements.lock and requirements-torch.lock ("all"). UV_TORCH_BACKEND=cpu|auto|cu128|… picks another
build of torch than the default one of the package index. Standard library only, and
nothing that Windows lacks.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {
    "book": ("requirements-book.lock",),
    "all": ("requirements-book.lock", "requirements.lock", "requirements-torch.lock"),
}
PARTS_OF_A_VENV = {"bin", "lib", "lib64", "include", "share", "etc", "scripts", "pyvenv.cfg", ".gitignore",
                   ".installed", ".lock", "cachedir.tag"}  # fmt: skip
NO_PIP = (
    "This Python cannot make a virtual environment with pip in it: install its venv package "
    "(on Debian and Ubuntu: apt install python3-venv), then give the command again."
)


class InstallError(Exception):
    """The environment cannot be had; the message says in one sentence why and what to do."""


def python_of(venv: Path) -> Path:
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def lock_sum(what: str) -> str:
    """SHA-256 of all that decides what is installed."""
    found = hashlib.sha256(str(ROOT).encode("utf-8", "surrogateescape"))
    for name in (*LOCKS[what], "pyproject.toml"):
        found.update((ROOT / name).read_bytes())
    return found.hexdigest()


def stamps(venv: Path) -> dict[str, str]:
    """What was installed completely: {"book": sum, "all": sum}."""
    try:
        found = json.loads((venv / ".installed").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def is_current(venv: Path, what: str) -> bool:
    return python_of(venv).exists() and stamps(venv).get(what) == lock_sum(what)


def owner(venv: Path) -> Path | None:
    """The clone whose `helpers` this environment imports, if it is there and is not ours."""
    records = [*venv.glob("lib/python*/site-packages/show_your_work-*.dist-info/direct_url.json"),
               *venv.glob("Lib/site-packages/show_your_work-*.dist-info/direct_url.json")]  # fmt: skip
    for record in records:
        url = json.loads(record.read_text(encoding="utf-8")).get("url", "")
        place = Path(url2pathname(urlparse(url).path))
        if (place / "pyproject.toml").is_file() and not place.samefile(ROOT):
            return place
    return None


# -- making it


def environment() -> dict[str, str]:
    """Ours without what would lead pip elsewhere: a reader's `user = true`, another target."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT")}
    return {**kept, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def works(*command: str | Path) -> bool:
    """Does the command run and end well? Its output is not shown."""
    try:
        done = subprocess.run(
            [str(word) for word in command],
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return False
    return done.returncode == 0


def demand(*command: str | Path) -> None:
    """Run the command; InstallError if it fails, after its own words."""
    words = [str(word) for word in command]
    if subprocess.run(words, env=environment(), cwd=ROOT).returncode:
        raise InstallError("The packages could not be installed, see above: mend that, then try again.")


def clear(venv: Path) -> None:
    """Remove a half-made environment, but no folder that is something else."""
    if not venv.exists():
        return
    strange = sorted(p.name for p in venv.iterdir() if p.name.lower() not in PARTS_OF_A_VENV)
    if strange:
        raise InstallError(
            f"{venv} is no virtual environment, there is {strange[0]!r} in it: choose another VENV."
        )
    if Path(sys.prefix).resolve() == venv.resolve():
        raise InstallError(f"{venv} is broken and runs this command: call it with another Python.")
    shutil.rmtree(venv)


def create(venv: Path) -> None:
    """A working environment at `venv` with uv in it; a half-made one is made anew."""
    python = python_of(venv)
    if not works(python, "-c", "import encodings"):
        clear(venv)
        if not works(sys.executable, "-m", "venv", venv):
            clear(venv)
            if not works(sys.executable, "-m", "venv", "--without-pip", venv):
                raise InstallError(NO_PIP)
    pin = re.search(r"^uv==[^\s;]+", (ROOT / LOCKS["book"][0]).read_text(encoding="utf-8"), re.MULTILINE)[0]
    if works(python, "-m", "uv", "--version"):
        return
    if works(python, "-m", "pip", "--version"):
        demand(python, "-m", "pip", "install", "--quiet", pin)
    elif works(sys.executable, "-m", "pip", "--python", python, "--version"):  # Debian without ensurepip
        demand(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", pin)
    else:
        clear(venv)
        raise InstallError(NO_PIP)


def fill(venv: Path, what: str) -> None:
    """Install the locks, by hash, and this checkout itself."""
    python = python_of(venv)
    pip = (python, "-m", "uv", "pip", "install", "--python", python)
    backend = os.environ.pop("UV_TORCH_BACKEND", "")  # uv would apply it to the hashed locks too
    locks = [word for name in LOCKS[what] for word in ("-r", name)]
    if backend and what == "all":
        # The hashes in requirements-torch.lock are those of the default build, so only its versions are kept.
        demand(*pip, "--require-hashes", *locks[:-2])
        text = (ROOT / LOCKS["all"][-1]).read_text(encoding="utf-8")
        torch = re.findall(r"^(?:torch|torchvision)==[^\s;]+", text, re.MULTILINE)
        demand(*pip, "--torch-backend", backend, *torch)
    else:
        demand(*pip, "--require-hashes", *locks)
    demand(*pip, "--no-deps", "--quiet", "--editable", ".")


def ensure(venv: Path, what: str) -> None:
    """See to it that `venv` holds what `what` ("book" or "all") needs. Raises InstallError."""
    if is_current(venv, what):
        return
    if other := owner(venv):
        raise InstallError(f"{venv} belongs to the copy in {other}: use that one, or choose another VENV.")
    try:
        create(venv)
        fill(venv, what)
        done = {**stamps(venv), "book": lock_sum("book"), what: lock_sum(what)}
        (venv / ".installed").write_text(json.dumps(done), encoding="utf-8")
    except OSError as error:
        raise InstallError(f"{venv} cannot be written ({error.strerror}): make room or rights.") from error
