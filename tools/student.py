"""`make student`: the student edition of the notebooks, made from the solutions into student/.

    python tools/student.py [NAME …] [--check] [--out FOLDER]

A code cell tagged `solution` becomes a stub that keeps the names and drops the answers; a text cell tagged
`solution` goes; all outputs go, and so does what tools/given_away.py finds. A README, the environment, the
licences and a wheel of the course's code go with the notebooks. `--check` writes nothing: it runs the
exercises (a solution cell and the cell tagged `exercise` after it) and fails unless each solution passes its
check and each stub fails it.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import given_away
import handouts
import nbformat
from nbformat import NotebookNode
from run_notebooks import FOLDER, ROOT, code_cells, find, tidy, write

STUB = "# Write your answer here."
ELSEWHERE = re.compile(r"\[([^\]]*)\]\(\.\./[^)\s]*\)")  # a link to a page that the edition does not have


def has_tag(cell: NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])


def stub(source: str) -> str:
    """The solution without its answers: `name = ...` for each name, heads of functions, imports."""
    lines = [STUB]
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            documented = node.body[:1] if ast.get_docstring(node) else []
            node.body = [*documented, ast.Expr(ast.Constant(...))]
            lines.append(ast.unparse(node))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            lines.append(ast.unparse(node))
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            lines += [f"{name} = ..." for name in _assigned(node)]
    return "\n".join(lines)


def _assigned(node: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]


def student_edition(nb: NotebookNode) -> NotebookNode:
    """A copy with stubs for solutions and without outputs."""
    nb = nbformat.from_dict(nb)
    tidy(nb)
    nb.cells = [cell for cell in nb.cells if cell.cell_type == "code" or not has_tag(cell, "solution")]
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            cell.source = ELSEWHERE.sub(r"\1", cell.source)
    for cell in code_cells(nb):
        cell.outputs, cell.execution_count = [], None
        if has_tag(cell, "solution"):
            cell.source = stub(cell.source)
            cell.metadata["tags"] = [tag for tag in cell.metadata.tags if tag != "solution"]
    return nb


# -- checking


def exercises(nb: NotebookNode) -> Iterator[tuple[str, str]]:
    """(source of the solution, source of the check) for each solution; ValueError for one without a check."""
    cells = code_cells(nb)
    for k, cell in enumerate(cells):
        if has_tag(cell, "solution"):
            if k + 1 == len(cells) or not has_tag(cells[k + 1], "exercise"):
                raise ValueError(
                    f"The solution {cell.source[:40]!r} is not followed by a cell tagged exercise."
                )
            yield cell.source, cells[k + 1].source


def imports(nb: NotebookNode, *sources: str) -> str:
    """The import statements of the notebook that bind a name used in `sources`."""
    used = {n.id for source in sources for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name)}
    found = []
    for cell in code_cells(nb):
        for node in ast.parse(_python(cell.source)).body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                wanted = [a for a in node.names if (a.asname or a.name.split(".")[0]) in used]
                if wanted:
                    node.names = wanted
                    found.append(ast.unparse(node))
    return "\n".join(found)


def _python(source: str) -> str:
    if source.startswith("%%"):  # the whole cell is of another language
        return ""
    return "\n".join(line for line in source.splitlines() if not line.lstrip().startswith(("%", "!")))


def passes(answer: str, check: str, setup: str = "") -> bool:
    """Does `check` accept `answer`: nothing raises, and the last value has no `.ok` that is False?"""
    names: dict = {}
    exec(compile(setup, "<imports>", "exec"), names)
    *body, last = ast.parse(check).body
    try:
        exec(compile(answer, "<answer>", "exec"), names)
        exec(compile(ast.Module(body, []), "<check>", "exec"), names)
        if not isinstance(last, ast.Expr):
            exec(compile(ast.Module([last], []), "<check>", "exec"), names)
            return True
        value = eval(compile(ast.Expression(last.value), "<check>", "eval"), names)
    except Exception:  # whatever a check raises on a wrong answer, it has not accepted it
        return False
    return bool(getattr(value, "ok", True))


def problems(nb: NotebookNode) -> list[str]:
    """One sentence for each exercise whose solution fails its check or whose stub passes it."""
    found = []
    for k, (solution, check) in enumerate(exercises(nb), start=1):
        setup = imports(nb, solution, check)
        if not passes(solution, check, setup):
            found.append(f"Exercise {k}: the solution fails its own check.")
        if passes(stub(solution), check, setup):
            found.append(f"Exercise {k}: the empty stub passes the check, which therefore checks nothing.")
    return found


# -- the command


def _shown(path: Path) -> str:
    """The path from the repository if it lies there, else the whole."""
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make student", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", help="numbers or names of notebooks, such as 01; default all")
    parser.add_argument("--check", action="store_true", help="run the exercises, write nothing")
    parser.add_argument("--out", type=Path, default=ROOT / "student", help="default: student/")
    parser.add_argument("--folder", type=Path, default=FOLDER, help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    failed = 0
    for path in find(arguments.names, arguments.folder):
        nb = nbformat.read(path, as_version=4)
        if arguments.check:
            found = problems(nb)
            for line in found or ["every solution passes, every stub fails"]:
                print(f"{path.stem}: {line}")
            failed += bool(found)
        else:
            target = arguments.out / path.name
            try:
                arguments.out.mkdir(parents=True, exist_ok=True)
                found = list(given_away.places(nb, given_away.asked_in(path)))
                write(student_edition(given_away.without(nb, found)), target)
            except OSError as error:
                sys.exit(
                    f"{target} cannot be written ({error.strerror}): make room, or choose another --out."
                )
            print(_shown(target))
    if not arguments.check:
        handouts.edition(arguments.out)
        print(f"Begin with {_shown(arguments.out / 'README.md')}.")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
