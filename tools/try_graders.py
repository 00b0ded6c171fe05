"""Try the assignments with the tools that courses have: nbgrader, otter, our own grader, Gradescope's zip.

    python tools/try_graders.py [NAME …] [--write FILE]

The tools are installed into an environment of their own, _build/graders. Notebooks are handed in that are
right, wrong, empty, wrong in each catalogued way, or attack the tool; the points that each tool gives are
printed as JSON. Nothing here is asked of the tools that their own command lines do not offer.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import assignment  # noqa: E402 (beside this file, and helpers above it)
import install  # noqa: E402
from hostile import READS, REPLACED, REWRITES, SAYS_YES  # noqa: E402

from helpers.grade.sheet import Sheet, read  # noqa: E402
from helpers.places import chapters  # noqa: E402

HOME = ROOT / "_build" / "graders"
PACKAGES = ("nbgrader==0.9.6", "otter-grader==7.0.0", "sympy>=1.14", "mpmath>=1.3")
MEMORY = 6 << 30  # bytes; what asks for more gets an error instead of the machine
LIMIT = 3600  # seconds for one command
CELL = 120  # seconds for one cell in nbgrader
HOSTILE, FEW = "08", 2  # attacks are the tool's affair: they are tried on two questions of one chapter
GRADES = """
import json, sys
from nbgrader.api import Gradebook
found = {}
with Gradebook("sqlite:///gradebook.db") as book:
    for s in book.assignment_submissions(sys.argv[1]):
        named = [(g.name.split("-")[-3:], g.score) for n in s.notebooks for g in n.grades]
        found[s.student.id] = {f"{kind}_{number}": round(score, 2) for (kind, number, _), score in named}
print(json.dumps(found))
"""


@dataclass
class Attempt:
    """One notebook that is handed in.

    cells    {name of an answer: source of its cell}; where it says nothing, the right answer stands
    first    source of a cell before all others
    attacks  the answers that should get no points
    """

    cells: dict[str, str] = field(default_factory=dict)
    first: str = ""
    attacks: tuple[str, ...] = ()


# ---------------------------------------------------------------- what is handed in
def attempts(key: Mapping[str, dict], sheet: Sheet, hostile: bool, marker: Path) -> dict[str, Attempt]:
    """Right, wrong, empty, every catalogued mistake, and the attacks."""
    names = tuple(key)

    def texts(choose: Callable[[dict], str]) -> dict[str, str]:
        return {name: f"{name} = {assignment.literal(choose(answer))}" for name, answer in key.items()}

    made = {"right": Attempt(), "wrong": Attempt(texts(lambda a: a["wrong"][-1]), attacks=names)}
    made["stub"] = Attempt({name: f"{name} = ..." for name in names}, attacks=names)
    slips = {name: answer["slip"] for name, answer in key.items() if answer["slip"]}
    made |= (
        {"one slip": Attempt({n: f"{n} = {assignment.literal(s)}" for n, s in slips.items()})}
        if slips
        else {}
    )
    for k in range(max(len(answer["wrong"]) for answer in key.values())):
        have = tuple(name for name, answer in key.items() if k < len(answer["wrong"]))
        wrong = texts(lambda a, k=k: a["wrong"][k] if k < len(a["wrong"]) else "")
        made[f"mistake {k + 1}"] = Attempt(wrong, attacks=have)
    return made | (_attacks(names, texts(lambda a: a["wrong"][-1]), sheet, marker) if hostile else {})


def _attacks(names: tuple[str, ...], wrong: dict[str, str], sheet: Sheet, marker: Path) -> dict[str, Attempt]:
    one, of = names[0], {q.name: q.id for q in sheet.questions}
    touch = f"import os\nos.system({'touch ' + str(marker)!r})\n"
    published = {n: _published(n, of[n]) for n in names if n.startswith("answer")}
    looked = {
        n: f'from helpers.course import EXERCISES\n{n} = EXERCISES["{of[n]}"].answer' for n in published
    }
    return {
        "while True": Attempt({one: "while True:\n    pass"}, attacks=(one,)),
        "10¹⁰ bytes": Attempt({one: f"hoard = bytearray(10**10)\n{wrong[one]}"}, attacks=(one,)),
        "os.system": Attempt({one: touch + wrong[one]}, attacks=(one,)),
        "replaced feedback": Attempt(wrong, REPLACED, names),
        "replaced subprocess": Attempt(wrong, SAYS_YES, names),
        "rewritten report": Attempt(wrong, REWRITES, names),
        "looked-up answer": Attempt({**wrong, **looked}, attacks=names),
        "copied answer": Attempt({**wrong, **published}, attacks=names),
        "reads the tests": Attempt({**wrong, **{n: READS.format(name=n) for n in published}}, attacks=names),
    }


def _published(name: str, id: str) -> str:
    """The answer as the book gives it to everybody."""
    from helpers.course import EXERCISES

    return f"{name} = {EXERCISES[id].answer!r}"


def handed_in(release: Path, attempt: Attempt, key: Mapping[str, dict]) -> nbformat.NotebookNode:
    """The released notebook, filled in."""
    nb = nbformat.read(release, as_version=4)
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        for name, answer in key.items():
            if cell.source.startswith(f"{name} = "):
                cell.source = attempt.cells.get(name, f"{name} = {assignment.literal(answer['right'])}")
                break
    if attempt.first:
        place = 2 if nb.cells[1].cell_type == "code" else 1
        nb.cells.insert(place, nbformat.v4.new_code_cell(attempt.first.strip(), id="first"))
    return nb


# ---------------------------------------------------------------- the tools
def environment() -> Path:
    """The Python of the tools' environment, made when it is first needed."""
    python = install.python_of(HOME / ".venv")
    uv = [sys.executable, "-m", "uv"]
    if not (HOME / ".complete").is_file():
        run([*uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(HOME / ".venv")], ROOT)
        run([*uv, "pip", "install", "--quiet", "--python", str(python), *PACKAGES], ROOT)
        (HOME / ".complete").touch()
    package = assignment.wheel.checker(HOME)
    run(
        [*uv, "pip", "install", "--quiet", "--python", str(python), "--reinstall", "--no-deps", str(package)],
        ROOT,
    )
    return python


def run(command: list[str], folder: Path, **settings: str) -> str:
    """What a command prints. Raises RuntimeError with its last lines where it fails."""
    foreign = ("PYTHON", "JUPYTER", "VIRTUAL_ENV")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(foreign)}
    path = os.pathsep.join((str(HOME / ".venv" / "bin"), kept.get("PATH", "")))
    place = {"PATH": path, "OMP_NUM_THREADS": "1"}
    limits = {"timeout": LIMIT, "preexec_fn": _little_memory if os.name != "nt" else None}
    done = subprocess.run(
        command, cwd=folder, env={**kept, **place, **settings}, capture_output=True, text=True, **limits
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} failed:\n{(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


def _little_memory() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


Points = dict[str, dict[str, float]]  # attempt -> answer -> points


def nbgrader(python: Path, out: Path, name: str, made: Mapping[str, nbformat.NotebookNode]) -> Points:
    course = out / "nbgrader"
    words = [str(python.parent / "nbgrader")]
    run([*words, "generate_assignment", name, "--force"], course)
    for student, nb in enumerate(made.values()):
        folder = course / "submitted" / f"s{student}" / name
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(nb, folder / f"{name}.ipynb")
    timeout = f"--ExecutePreprocessor.timeout={CELL}"
    try:
        run([*words, "autograde", name, "--force", timeout], course)
    except RuntimeError:  # a submission that could not be graded; the others were
        print(f"nbgrader reported a failure on {name}", file=sys.stderr)
    found = json.loads(run([str(python), "-c", GRADES, name], course))
    return {attempt: found.get(f"s{k}", {}) for k, attempt in enumerate(made)}


def otter(
    python: Path, out: Path, name: str, make: Callable[[Path], Mapping[str, nbformat.NotebookNode]]
) -> Points:
    folder = out / "otter" / name
    words = [str(python.parent / "otter")]
    run([*words, "assign", f"{name}.ipynb", "dist", "--no-pdfs"], folder)
    zipped = next((folder / "dist" / "autograder").glob("*.zip"))
    found: Points = {}
    for attempt, nb in make(folder / "dist" / "student" / f"{name}.ipynb").items():
        work = folder / "run" / attempt.replace(" ", "-")
        work.mkdir(parents=True, exist_ok=True)
        nbformat.write(nb, work / f"{name}.ipynb")
        try:
            run(["timeout", "300", *words, "run", "-a", str(zipped), f"{name}.ipynb", "-o", "."], work)
            tests = json.loads((work / "results.json").read_text(encoding="utf-8"))["tests"]
            named = {t["name"].split(" ")[0]: t.get("score", 0) or 0 for t in tests}
            found[attempt] = {
                n: round(score, 2) for n, score in named.items() if n.startswith(("answer", "derivation"))
            }
        except (RuntimeError, OSError) as reason:
            print(f"otter gave no marks for {attempt!r}: {str(reason)[-300:]}", file=sys.stderr)
            found[attempt] = {}
    return found


def own(out: Path, name: str, made: Mapping[str, nbformat.NotebookNode]) -> Points:
    """Our grader, as its command line is used; one results.json by Gradescope's zip as well."""
    folder = out / "submitted" / name
    for attempt, nb in made.items():
        (folder / attempt).mkdir(parents=True, exist_ok=True)
        nbformat.write(nb, folder / attempt / f"{name}.ipynb")
    table = out / f"{name}.csv"
    sheet = out / "sheets" / f"{name}.json"
    command = [sys.executable, "-m", "helpers.grade", str(folder), "--sheet", str(sheet), "--csv", str(table)]
    run(command, ROOT, PYTHONPATH=str(ROOT))
    import csv

    with table.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [q.name for q in read(sheet).questions]
    return {row["student"]: {n: float(row[n]) for n in names} for row in rows}


def gradescope(python: Path, out: Path, name: str, made: Mapping[str, nbformat.NotebookNode]) -> Points:
    """Unpack the zip as Gradescope does, and run it on each notebook."""
    found: Points = {}
    for attempt in made:
        root = out / "autograder" / name / attempt
        shutil.rmtree(root, ignore_errors=True)
        (root / "submission").mkdir(parents=True)
        with zipfile.ZipFile(out / "gradescope" / f"{name}.zip") as archive:
            archive.extractall(root / "source")
        shutil.copy(root / "source" / "run_autograder", root)
        nbformat.write(made[attempt], root / "submission" / "anything.ipynb")
        run(["bash", "run_autograder"], root, AUTOGRADER=str(root), PYTHON=str(python))
        tests = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))["tests"]
        found[attempt] = {t["name"].split(":")[0]: t["score"] for t in tests}
    return found


# ---------------------------------------------------------------- the table
TOOLS = ("helpers.grade", "Gradescope", "nbgrader", "otter")


def try_chapter(python: Path, chapter: Path, out: Path, hostile: bool, mistakes: bool,
                tools: tuple[str, ...] = TOOLS, only: tuple[str, ...] = ()) -> dict:  # fmt: skip
    """{tool: {attempt: points}}, and what could be had; if `hostile` with the attacks."""
    shutil.rmtree(out, ignore_errors=True)
    sheet = assignment.make(chapter, "trial", out, FEW if hostile else None)
    assignment.handouts.nbgrader(out / "nbgrader", "the wheel")
    name = sheet.name
    key = json.loads((out / "sheets" / f"{name}-answers.json").read_text(encoding="utf-8"))
    marker = out / "ran"
    tried = attempts(key, sheet, hostile, marker)
    tried = {k: v for k, v in tried.items() if not only or k in only}
    few = {k: v for k, v in tried.items() if mistakes or not k.startswith("mistake")}

    def filled(release: Path, which: Mapping[str, Attempt] = few) -> dict[str, nbformat.NotebookNode]:
        return {attempt: handed_in(release, a, key) for attempt, a in which.items()}

    released = out / "nbgrader" / "release" / name / f"{name}.ipynb"
    ran, points = {}, {}
    graders: dict[str, Callable[[], Points]] = {
        "helpers.grade": lambda: own(out, name, filled(released, tried)),
        "Gradescope": lambda: gradescope(python, out, name, filled(released)),
        "nbgrader": lambda: nbgrader(python, out, name, filled(released)),
        "otter": lambda: otter(python, out, name, filled),
    }
    for tool in tools:
        marker.unlink(missing_ok=True)
        points[tool] = graders[tool]()
        ran[tool] = marker.exists()
    full = {q.name: q.points for q in sheet.questions}
    attacked = {attempt: list(a.attacks) for attempt, a in tried.items()}
    sum_ = hashlib.sha256((out / "sheets" / f"{name}.json").read_bytes()).hexdigest()[:16]
    return {"sheet": sum_, "full": full, "attacks": attacked, "points": points, "commands were run": ran}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", help="chapters; default all")
    parser.add_argument(
        "--mistakes", action="store_true", help="each mistake with each tool, not only with ours"
    )
    parser.add_argument("--tools", nargs="+", choices=TOOLS, default=TOOLS)
    parser.add_argument("--attacks", action="store_true", help="the attacks and no chapter")
    parser.add_argument("--only", nargs="+", default=(), help="names of what is handed in; default all")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--out", type=Path, default=HOME / "out", help="where the notebooks are made")
    arguments = parser.parse_args(argv)
    python = environment()
    wanted = [assignment.find_chapter(n) for n in arguments.names] or chapters(ROOT / "notebooks")
    found: dict[str, dict] = {}
    jobs = [(chapter.stem, chapter, False) for chapter in wanted if not arguments.attacks]
    jobs += [("attacks", assignment.find_chapter(HOSTILE), True)] * (arguments.attacks or not arguments.names)
    for title, chapter, hostile in jobs:
        out, tools, only = arguments.out.resolve() / title, tuple(arguments.tools), tuple(arguments.only)
        found[title] = try_chapter(python, chapter, out, hostile, arguments.mistakes, tools, only)
        print(title, summary(found[title]), flush=True)
        if arguments.write:
            store(title, found[title], arguments.write)
    wrong = [f"{title}, {fault}" for title in found for fault in faults(found[title])]
    print("\n".join(wrong), file=sys.stderr, end="\n" * bool(wrong))
    return int(bool(wrong))


def faults(found: Mapping) -> list[str]:
    """Where a tool gave other marks than all for what is right, none for what is wrong or empty, and for a
    derivation with one slip what our own grader gives."""
    full, own = found["full"], found["points"].get("helpers.grade", {})
    due = {"right": full, "wrong": dict.fromkeys(full, 0), "stub": dict.fromkeys(full, 0)}
    due |= {"one slip": own["one slip"]} if "one slip" in own else {}
    return [
        f"{tool}: {attempt} got {given.get(name, 0):g} of {full[name]:g} for {name}"
        for tool, by_attempt in found["points"].items()
        for attempt, given in by_attempt.items()
        for name, points in due.get(attempt, {}).items()
        if given.get(name, 0) != points
    ]


def store(title: str, found: dict, path: Path) -> None:
    """Enter what was found of a chapter, beside what other tools gave for the same questions."""
    stored = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    before = stored.get(title, {})
    if before.get("sheet") == found["sheet"]:
        for tool, points in before["points"].items():
            found["points"][tool] = points | found["points"].get(tool, {})
        for part in ("attacks", "commands were run"):
            found[part] = before[part] | found[part]
        found["points"] = {tool: found["points"][tool] for tool in TOOLS if tool in found["points"]}
    stored[title] = found
    stored = dict(sorted(stored.items()))
    text = json.dumps(stored, ensure_ascii=False, indent=1)
    flat = re.sub(r"\{[^{}]*\}|\[[^\[\]]*\]", lambda part: " ".join(part[0].split()), text)
    path.write_text(flat + "\n", encoding="utf-8")


def summary(found: Mapping) -> dict[str, dict[str, str]]:
    """{tool: {attempt: "points of the attacked answers / points of the others"}}"""
    said: dict[str, dict[str, str]] = {}
    for tool, by_attempt in found["points"].items():
        for attempt, points in by_attempt.items():
            bad = sum(points.get(n, 0) for n in found["attacks"][attempt])
            good = sum(p for n, p in points.items() if n not in found["attacks"][attempt])
            said.setdefault(tool, {})[attempt] = f"{bad:g} / {good:g}"
    return said


if __name__ == "__main__":
    sys.exit(main())
