"""Every command of the course-book, for machines with and without make: `python tools/make.py book`.

The Makefile calls this file, so there is one definition. Options are the same variables: VENV (the
environment's folder, .venv), NB (notebooks to run, all), JOBS (parallel test workers), COURSE_PROFILE and so
on, from the environment or as words after the command (`NB=01`). Standard library only, and nothing that
Windows lacks.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 (the very question)
    sys.exit(
        f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: install a newer Python first."
    )

import install
from doctor import MEMORY, memory_available

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import site_sources  # noqa: E402 (these two need the standard library only)

from helpers.runtime import plain_console  # noqa: E402

HTML = ROOT / "_build" / "html"
STAMP = HTML / ".complete"
PARTS_BEING_MADE = ROOT / "_build" / "pyodide.being-made"
JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"  # its package cannot be run with -m


def venv() -> Path:
    return ROOT / (os.environ.get("VENV") or ".venv")


def python() -> str:
    return str(install.python_of(venv()))


def run(*words: str) -> None:
    """Run a command in the repository; where it fails, end with its status."""
    process = subprocess.Popen(words, cwd=ROOT)
    try:
        status = process.wait()
    except KeyboardInterrupt:  # the command got it too, and says itself what became of its work
        status = process.wait()
    if status:
        sys.exit(status if status > 0 else 128 - status)


def tool(script: str, *words: str) -> None:
    run(python(), str(ROOT / "tools" / script), *words)


def doctor_for(purpose: str) -> None:
    tool("doctor.py", "--for", purpose)


# -- the site


@contextmanager
def python_of_the_pages() -> Iterator[None]:
    """Assemble it beside what runs inside, which waits for it at its end, while PARTS_BEING_MADE is there."""
    PARTS_BEING_MADE.parent.mkdir(parents=True, exist_ok=True)
    PARTS_BEING_MADE.touch()
    try:
        making = subprocess.Popen([python(), str(ROOT / "tools" / "browser_python.py")], cwd=ROOT)
        ended = threading.Thread(target=lambda: (making.wait(), PARTS_BEING_MADE.unlink(missing_ok=True)))
        ended.start()
        yield
        ended.join()
    finally:
        PARTS_BEING_MADE.unlink(missing_ok=True)
    if making.returncode:
        sys.exit(making.returncode)


def book() -> None:
    """build the site into _build/html (COURSE_SOLUTIONS=0: without the solutions)"""
    install.ensure(venv(), "book")
    before, now = site_sources.read(STAMP), site_sources.sums(ROOT)
    if before != now:
        doctor_for("book")
        STAMP.unlink(missing_ok=True)  # a build that is broken off is no beginning for the next
        site_sources.make_room(HTML, keep=site_sources.only_pages(before, now))
        with python_of_the_pages():
            run(python(), "-c", JUPYTER_BOOK, "build", ".", "-n", "-W", "--keep-going")
        if site_sources.sums(ROOT) == now:  # else a file was changed while it was read
            STAMP.write_text(json.dumps(now, indent=0), encoding="utf-8")
    print(f"The book is ready: open {HTML / 'index.html'}")


# -- the other commands


def install_all() -> None:
    """create .venv with the exact packages of the locks, torch included"""
    install.ensure(venv(), "all")


def doctor() -> None:
    """check Python, disk, cores, GPU and data, and say what to do"""
    install.ensure(venv(), "book")
    tool("doctor.py")


def browser() -> None:
    """find or fetch the Chromium that the site tests drive"""
    install_all()
    tool("browser.py")


def pdf() -> None:
    """print the book into _build/pdf, with contents and bookmarks (NB=07: one chapter)"""
    install_all()
    book()
    browser()
    tool("pdf.py", *os.environ.get("NB", "").split())


def test() -> None:
    """run everything: unit tests, every notebook, the site"""
    install_all()
    book()
    browser()
    doctor_for("test")
    run(python(), "-m", "pytest", "-n", jobs(), "--dist", "loadscope", "--nbval", "tests", "notebooks")


def check() -> None:
    """in a minute: lint, docstring examples, the tests nearest to what changed"""
    lint()
    nearest = subprocess.check_output((python(), "tools/nearest.py"), cwd=ROOT, text=True).split()
    run(python(), "-m", "pytest", "-n", jobs(), "--dist", "loadscope", *nearest)


LONG = (
    "attack",
    "course",
    "derivations*",
    "mutants",
    "proof_*",
    "answers*",
    "grade*",
    "trystep",
    "textbook",
    "homework",
    "handed_in",
    "written",
    "latex_*",
    "ledger_shown",
    "training_checkpoint",
    "site*",
    "light",
    "accessible",
    "walk",
)  # have more to do in a trial


def trial() -> None:
    """the long suites: mutants of every derivation, every grader, random cases at length, every page"""
    install_all()
    book()
    browser()
    os.environ |= {"COURSE_TRIAL": "1", "PYTHONHASHSEED": "0"}
    files = sorted({str(path) for name in LONG for path in (ROOT / "tests").glob(f"test_{name}.py")})
    run(python(), "-m", "pytest", "-n", jobs(), "--dist", "loadscope", *files)
    (ROOT / "_build").mkdir(exist_ok=True)
    tool("try_graders.py", "--mistakes", "--write", "_build/graders.json")
    run(python(), "tests/mutation/run.py", "--write", "_build/mutation.json")
    os.environ["REPORT"] = "_build/attack.json"
    attack()


def jobs() -> str:
    """Parallel test workers, at most four: one more than cores where memory has room for all of them.

    A worker waits a quarter of its time, for its kernel or its browser, and each holds a copy of torch.
    """
    cores = os.cpu_count() or 1
    room = (memory_available() or 0) >= MEMORY * (cores + 1)
    return os.environ.get("JOBS") or str(min(4, cores + room))


def lab() -> None:
    """open the notebooks in JupyterLab"""
    install_all()
    doctor_for("lab")
    run(python(), "-m", "jupyterlab", "notebooks")


def run_notebooks() -> None:
    """re-execute notebooks in place (NB=01, COURSE_PROFILE=full, FRESH=1: measure anew)"""
    if os.environ.get("FRESH"):
        os.environ["COURSE_FRESH"] = os.environ["FRESH"]
    install_all()
    doctor_for("run")
    tool("run_notebooks.py", *os.environ.get("NB", "").split())


def verify_claims() -> None:
    """measure claims anew and append to book/verified.json (ID=A1-2d/C, KEPT=1: compare with what is kept)"""
    install_all()
    doctor_for("run")
    kept = ("--kept",) if os.environ.get("KEPT") else ()
    tool("verify_claims.py", *os.environ.get("ID", "").split(), *kept)


def student() -> None:
    """write the student edition, solutions removed, into student/"""
    install_all()
    tool("student.py")


def assignment() -> None:
    """write exercises to hand out and to grade into _build/assignment (NB=01, SEED=a word of your own)"""
    install_all()
    seed = ("--seed", os.environ["SEED"]) if os.environ.get("SEED") else ()
    tool("assignment.py", *os.environ.get("NB", "").split(), *seed)


def bench() -> None:
    """time sweeps and training against plain loops and other libraries (BENCH_FULL=1: nothing scaled)"""
    install_all()
    uv = (python(), "-m", "uv", "pip", "install", "--quiet", "--python", python())
    run(*uv, "--requirements", "pyproject.toml", "--extra", "bench")
    # Threads wait here as PyTorch's users have it, for us and for what we are measured against.
    os.environ.pop("OMP_WAIT_POLICY", None)
    run(python(), "bench/run.py")


def mutants() -> None:
    """falsify every derivation line by line and store the report, book/mutation.json"""
    install_all()
    os.environ["PYTHONHASHSEED"] = "0"
    run(python(), "tests/mutation/run.py")


def attack() -> None:
    """put 20,000 false and true statements to the checker and store the counts, book/attack.json"""
    install_all()
    os.environ |= {"PYTHONHASHSEED": "0", "PYTHONPATH": str(ROOT / "tests")}
    report = os.environ.get("REPORT", "book/attack.json")
    run(python(), "-m", "attack.run", "--count", os.environ.get("COUNT", "20000"), "--report", report)


def lint() -> None:
    """ruff's rules and formatter over the Python files"""
    install_all()
    run(python(), "-m", "ruff", "check", ".")
    run(python(), "-m", "ruff", "format", "--check", ".")


def lock() -> None:
    """resolve pyproject.toml anew into the lock files"""
    install.ensure(venv(), "book")
    tool("lock.py")


def clean() -> None:
    """remove what was built (not .venv, not data)"""
    for name in ("_build", "student"):
        shutil.rmtree(ROOT / name, ignore_errors=True)


COMMANDS: dict[str, Callable[[], None]] = {
    "install": install_all, "doctor": doctor, "book": book, "pdf": pdf, "test": test, "check": check,
    "trial": trial, "lab": lab, "run": run_notebooks,
    "verify-claims": verify_claims, "student": student, "assignment": assignment,
    "bench": bench, "mutants": mutants,
    "attack": attack, "lint": lint,
    "lock": lock, "browser": browser, "clean": clean,
}  # fmt: skip


def usage() -> str:
    lines = [f"  {name:13} {(command.__doc__ or '').strip()}" for name, command in COMMANDS.items()]
    return "\n".join(["make COMMAND, or python tools/make.py COMMAND:", *lines])


def find_a_home() -> None:
    """Programs keep caches at home; where there is none, or none that can be written, below _build."""
    try:
        home = Path.home()
        if home.is_dir() and os.access(home, os.W_OK):
            return
    except RuntimeError:  # HOME is unset and the user id has no entry in the list of users
        pass
    home = ROOT / "_build" / "home"
    home.mkdir(parents=True, exist_ok=True)
    os.environ["HOME"] = str(home)


def keep_bytecode() -> None:
    """Let Python keep what it compiled, below _build where it is asked to leave nothing beside its sources.

    Without that each of the many processes that are started here compiles torch and SymPy anew: seconds each.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(ROOT / "_build" / "bytecode"))


def main(words: list[str]) -> int:
    settings = dict(word.split("=", 1) for word in words if "=" in word)
    names = [word for word in words if "=" not in word] or ["help"]
    plain_console()
    if unknown := [name for name in names if name not in (*COMMANDS, "help")]:
        print(f"There is no command {unknown[0]!r}.\n{usage()}", file=sys.stderr)
        return 2
    os.environ.update(settings)
    # Torch's threads spin while they wait, which on a busy machine costs far more than it saves.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        find_a_home()
        keep_bytecode()
        for name in names:
            if name == "help":
                print(usage())
            else:
                COMMANDS[name]()
    except install.InstallError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename or ROOT} cannot be used: {error.strerror}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
