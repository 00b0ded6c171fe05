"""`make assignment`: what a course hands out and grades with, from the one source of the exercises.

    python tools/assignment.py [NAME …] [--seed WORDS] [--out FOLDER]

For each chapter one notebook with nothing but exercises, which needs no PyTorch, as nbgrader's source and
release, as otter's master, as a zip for Gradescope, and as a folder to hand out without any of these. Each
question is a variant of the book's: other letters, another factor, decided by the seed. The sheets hold the
answers: they stay with the instructor. Questions of your own stand in assessment.yaml, in the form of
book/derive.yaml; that file is not kept by git and not published.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
import yaml
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import handouts  # noqa: E402 (beside this file, and helpers above it)
import wheel  # noqa: E402

from helpers.grade import variant  # noqa: E402
from helpers.grade.lines import Task  # noqa: E402
from helpers.grade.look import QUESTIONS  # noqa: E402
from helpers.grade.sheet import Question, Sheet, exercises_of, find_chapter, of_chapter  # noqa: E402
from helpers.notation import of_texts  # noqa: E402
from helpers.places import chapters  # noqa: E402
from helpers.proof.read.text import read  # noqa: E402
from helpers.runtime import CourseError  # noqa: E402

DERIVATIONS = ROOT / "book" / "derive.yaml"
OWN = ROOT / "assessment.yaml"
OUT = ROOT / "_build" / "assignment"
STUB = "# Write your formula between the quotes of this cell."
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
HIDDEN = ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")
SECONDS = 120  # for one hidden test


@dataclass(frozen=True)
class Item:
    """A question with all that only the instructor has: the answer, and what tries the checker.

    wrong    answers that earn nothing; slip: one that earns a part
    trials   (question, answer, whether it is right): the same question under other letters and with another
             number, answered rightly and wrongly. A checker that was replaced by a student says ok to both.
    """

    question: Question
    solution: str
    wrong: tuple[str, ...]
    trials: tuple[tuple[Question, str, bool], ...]
    slip: str = ""


# ---------------------------------------------------------------- the questions
def tasks(chapter: str, *files: Path) -> Iterator[dict]:
    """The entries of the YAML files that belong to a chapter ("01"). Raises CourseError for a bad entry."""
    for path in files:
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or [] if path.is_file() else []:
            needed = {"chapter", "id", "prompt", "given", "start", "end", "solution", "wrong"}
            if missing := needed - set(entry):
                raise CourseError(f"{path.name}: {entry.get('id', entry)} has no {sorted(missing)[0]!r}.")
            if str(entry["chapter"]) == chapter:
                yield entry


def task_of(entry: dict) -> Task:
    """The task of an entry; its points go into as many shares as the solution has lines."""
    known = {name: entry[name] for name in Task.__dataclass_fields__ if name in entry}
    solved = read(f"{entry['given']}\n{entry['solution']}", of_texts(), entry["id"]).chain.parts[-1]
    made = {name: value.strip() if isinstance(value, str) else value for name, value in known.items()}
    return Task(**{"shares": len(solved.lines), **made})


def items(chapter: Path, seed: str, *files: Path) -> tuple[Sheet, list[Item]]:
    """The sheet of a chapter under `seed`, and its questions with their answers."""
    entries, trial = list(tasks(chapter.stem[:2], *files)), f"{seed} trial"
    sheet, other = (
        of_chapter(chapter, s, [variant.variant_task(task_of(e), e.get("letters", ""), s) for e in entries])
        for s in (seed, trial)
    )
    made = []
    rows = dict(zip((q.name for q in sheet.questions if q.kind == "derivation"), entries, strict=True))
    for question, tried in zip(sheet.questions, other.questions, strict=True):
        if question.kind == "answer":
            slip = ""
            solution, wrong = _formulas(question)
            right, false = _formulas(tried)
        else:
            solution, *wrong, slip = _rows(rows[question.name], seed)
            right, *false, _ = _rows(rows[question.name], trial)
        trials = ((tried, right, True), (tried, false[-1], False))
        made.append(Item(question, solution, tuple(wrong), trials, slip))
    return sheet, made


def _formulas(question: Question) -> tuple[str, tuple[str, ...]]:
    """The right answer of a formula question and all catalogued wrong ones, as they would be typed."""
    exercise = question.exercise()
    return str(exercise.answer), tuple(str(mistake.expr) for mistake in exercise.mistakes)


def _rows(entry: dict, seed: str) -> list[str]:
    """A derivation that earns all points, one that earns none, and one that earns a part (or nothing)."""
    names = variant.renaming_task(task_of(entry), entry.get("letters", ""), seed)
    return [variant.in_rows(entry.get(kind, ""), names) for kind in ("solution", "wrong", "slip")]


# ---------------------------------------------------------------- the cells of a question
def literal(text: str) -> str:
    """The text as a Python literal that a person would type."""
    return f'r"""\n{text}"""' if "\n" in text else f'"{text}"' if '"' not in text else repr(text)


def empty(question: Question, quotes: str = '"""') -> str:
    """What stands in the cell before a student writes: a formula or rows between quotes."""
    return (
        f'{question.name} = ""' if question.kind == "answer" else f"{question.name} = r{quotes}\n\n{quotes}"
    )


def looking(question: Question) -> str:
    return f'look("{question.name}", {question.name})'


def hidden(item: Item, seed: str) -> str:
    """The statements of a hidden test. They use nothing that was imported before: that may be replaced."""
    jobs: list[tuple[dict, bool | None]] = [(_job(item.question, ""), None)]
    jobs += [(_job(question, answer, known=False), right) for question, answer, right in item.trials]
    random.Random(f"order {seed} {item.question.id}").shuffle(jobs)
    place = next(k for k, (_, right) in enumerate(jobs) if right is None)
    expected = [int(right) for _, right in jobs if right is not None]
    name = item.question.name
    return f"""import json, subprocess, sys
jobs = json.loads(r'''{json.dumps([job for job, _ in jobs], ensure_ascii=True)}''')
assert isinstance({name}, str) and {name}.strip(), "{name} is empty: write it between quotes."
jobs[{place}]["answer"] = {name}
judge = [sys.executable, "-I", "-m", "helpers.grade.worker", "384"]
lines = "".join(json.dumps(job) + "\\n" for job in jobs)
done = subprocess.run(judge, input=lines, capture_output=True, text=True, timeout={SECONDS})
said = [json.loads(line) for line in done.stdout.splitlines()]
assert len(said) == len(jobs), "The judge broke down: " + done.stderr[-300:]
own = said.pop({place})
assert [one.get("earned") for one in said] == {expected}, "The judge of this notebook was replaced."
told = own.get("message") or own.get("failed")"""


def in_parts(item: Item) -> list[tuple[float, str]]:
    """(points, the statement that earns them) for each share of a question: otter adds up tests."""
    question = item.question
    if question.kind == "answer":
        return [(question.points, 'assert own.get("ok"), told')]
    count = question.task().worth
    share = round(question.points / count, 2)
    last = round(question.points - share * (count - 1), 2)
    needed = [f'assert own.get("earned", 0) > {k}.5 / {count}, told' for k in range(count)]
    return list(zip([share] * (count - 1) + [last], needed, strict=True))


def as_number(item: Item) -> str:
    """The end of nbgrader's test: the points, for a derivation as the number that the cell shows last."""
    question = item.question
    if question.kind == "answer":
        return 'assert own.get("ok"), told'
    return f'assert own.get("earned"), told\nprint(told)\n{question.points:g} * own["earned"]'


def _job(question: Question, answer: str, known: bool = True) -> dict:
    """A job for the worker: no prompt, which judging does not need, and the named mistakes if they are to be
    `known`."""
    if question.kind == "answer":
        entry = {**question.asked["entry"], "prompt": ""} | ({} if known else {"mistakes": []})
        asked = {**question.asked, "entry": entry}
    else:
        asked = {**question.asked, "prompt": ""} | ({} if known else {"mistakes": {}})
    return {"do": "mark", "question": {**vars(question), "asked": asked}, "answer": answer}


def prompt(question: Question, number: int) -> str:
    """The question in Markdown, with what may be typed."""
    head = f"## {number}. {question.name} ({question.points:g} point{'s' if question.points != 1 else ''})"
    if question.kind == "answer":
        exercise = question.exercise()
        return f"{head}\n\n{exercise.prompt}\n\nYou may use: `{exercise.vocabulary_text()}`"
    task = question.task()
    rules = (
        f"Write rows of LaTeX between the quotes: the first begins with `{task.start}`, each next one with "
        f"`=`. At least {task.least} lines. What you define stands in a sentence that begins with *Let*.\n\n"
        f"The points go into {task.worth} equal shares. A line earns one if it is proved, follows from a "
        f"line that holds and is a step: neither the left side nor another line, rearranged. The result "
        f"earns the last one, if it is reached by such lines. A false line takes a share with it. If all "
        f"lines hold and the result is reached, you have all the points, however many lines you take."
    )
    return f"{head}\n\n{task.prompt}\n\n{task.given}\n\n{rules}"


# ---------------------------------------------------------------- notebooks
def notebook(cells: list[NotebookNode]) -> NotebookNode:
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def markdown(text: str) -> NotebookNode:
    return nbformat.v4.new_markdown_cell(text)


def code(text: str, **metadata: object) -> NotebookNode:
    return nbformat.v4.new_code_cell(text, metadata=metadata)


def intro(sheet: Sheet) -> list[NotebookNode]:
    return [markdown(handouts.intro(sheet)), code("from helpers.grade import look")]


def graded(id: str, points: float | None, *, solution: bool = False) -> dict:
    """nbgrader's metadata of a cell."""
    made = {"schema_version": 3, "grade_id": id, "grade": points is not None, "solution": solution,
            "locked": not solution, "task": False}  # fmt: skip
    return made if points is None else {**made, "points": points}


def nbgrader(sheet: Sheet, made: list[Item], seed: str, *, release: bool) -> NotebookNode:
    """nbgrader's notebook: its source, or what is released: regions cleared as nbgrader clears them."""
    cells = intro(sheet)
    for number, item in enumerate(made, 1):
        question = item.question
        key = f"{sheet.name}-{question.name}".replace("_", "-")
        region = STUB if release else "\n".join([BEGIN, f"{question.name} = {literal(item.solution)}", END])
        test = "" if release else "\n".join(["", HIDDEN[0], hidden(item, seed), as_number(item), HIDDEN[1]])
        cells.append(markdown(prompt(question, number)))
        cells[-1].metadata["nbgrader"] = graded(f"{key}-asked", None)
        cells.append(code(f"{empty(question)}\n{region}", nbgrader=graded(key, None, solution=True)))
        cells.append(code(looking(question), nbgrader=graded(f"{key}-look", None)))
        points = graded(f"{key}-test", question.points)
        cells.append(code(f"# {question.points:g} points: tested when it is graded.{test}", nbgrader=points))
    return notebook(cells)


def otter(sheet: Sheet, made: list[Item], seed: str, files: list[str]) -> NotebookNode:
    """otter's master notebook: questions, solutions, and tests that raise."""
    config = {"name": sheet.name, "init_cell": True, "export_cell": False, "requirements": "requirements.txt",
              "overwrite_requirements": True, "files": files, "tests": {"ok_format": False}}  # fmt: skip
    cells = [raw("ASSIGNMENT CONFIG", config), *intro(sheet)]
    for number, item in enumerate(made, 1):
        question = item.question
        name = question.name
        cells.append(raw("BEGIN QUESTION", {"name": name, "points": question.points}))
        cells.append(markdown(prompt(question, number)))
        cells.append(raw("BEGIN SOLUTION"))
        stub = '""" # BEGIN PROMPT\n' + empty(question, "'''") + '\n"""; # END PROMPT'
        answer = f"# BEGIN SOLUTION NO PROMPT\n{name} = {literal(item.solution)}\n# END SOLUTION"
        cells.append(code(f"{stub}\n{answer}"))
        cells.append(raw("END SOLUTION"))
        cells.append(raw("BEGIN TESTS"))
        shown = f"def test_look(look, {name}):\n    {looking(question)}"
        cells.append(code(_test(0, hidden=False) + shown))
        for k, (points, needed) in enumerate(in_parts(item), 1):
            body = "\n".join(f"    {line}" for line in [*hidden(item, seed).splitlines(), needed])
            cells.append(code(_test(points, hidden=True) + f"def test_hidden_{k}({name}):\n{body}"))
        cells.append(raw("END TESTS"))
        cells.append(raw("END QUESTION"))
    return notebook(cells)


def _test(points: float, *, hidden: bool) -> str:
    said = f"points: {points:g}\nhidden: {str(hidden).lower()}"
    return f'""" # BEGIN TEST CONFIG\n{said}\n""" # END TEST CONFIG\n'


def raw(head: str, settings: dict | None = None) -> NotebookNode:
    body = yaml.safe_dump(settings, sort_keys=False) if settings else ""
    return nbformat.v4.new_raw_cell(f"# {head}\n{body}".strip())


# ---------------------------------------------------------------- files
def write(path: Path, content: NotebookNode | str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else nbformat.writes(content) + "\n"
    path.write_text(text, encoding="utf-8")


def make(chapter: Path, seed: str, out: Path, most: int | None = None) -> Sheet:
    """Everything for one chapter, below `out`; `most`: its first questions only."""
    sheet, made = items(chapter, seed, DERIVATIONS, OWN)
    sheet, made = replace(sheet, questions=sheet.questions[:most]), made[:most]
    name, open_sheet = sheet.name, sheet.without_answers().to_json()
    write(out / "sheets" / f"{name}.json", sheet.to_json())
    key = {i.question.name: {"right": i.solution, "wrong": list(i.wrong), "slip": i.slip} for i in made}
    write(out / "sheets" / f"{name}-answers.json", json.dumps(key, ensure_ascii=False, indent=1) + "\n")
    released = nbgrader(sheet, made, seed, release=True)
    for folder, content in (("source", nbgrader(sheet, made, seed, release=False)), ("release", released)):
        write(out / "nbgrader" / folder / name / f"{name}.ipynb", content)
        write(out / "nbgrader" / folder / name / QUESTIONS, open_sheet)
    package = wheel.checker(out / "students" / name)
    write(out / "students" / name / f"{name}.ipynb", released)
    write(out / "students" / name / QUESTIONS, open_sheet)
    handouts.students(out / "students" / name, sheet, package.name)
    folder = out / "otter" / name
    write(folder / f"{name}.ipynb", otter(sheet, made, seed, [QUESTIONS, package.name]))
    write(folder / QUESTIONS, open_sheet)
    shutil.copy(package, folder)
    handouts.otter(folder, package.name)
    handouts.gradescope(out / "gradescope" / f"{name}.zip", sheet, package)
    return sheet


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make assignment", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", help="numbers or names of chapters, such as 01; default all")
    parser.add_argument("--seed", default="1", help="a word of your own decides letters and factors")
    parser.add_argument("--out", type=Path, default=OUT, help="default: _build/assignment")
    arguments = parser.parse_args(argv)
    try:
        wanted = [find_chapter(name) for name in arguments.names] or chapters(ROOT / "notebooks")
        for chapter in wanted:
            if exercises_of(chapter):
                sheet = make(chapter, arguments.seed, arguments.out)
                print(f"{sheet.name}: {len(sheet.questions)} questions, {sheet.points:g} points")
        handouts.instructors(arguments.out, arguments.seed)
        package = wheel.checker(arguments.out / "nbgrader")
        handouts.nbgrader(arguments.out / "nbgrader", package.name)
    except CourseError as reason:
        print(reason, file=sys.stderr)
        return 2
    print(f"Written to {arguments.out}; begin with its README.md.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
