"""What a student handed in, read as text: a notebook is JSON, a cell is parsed, and nothing in it is run.

An answer counts only if it stands there as a text between quotes. What is computed, looked up or put
together by code is not read, because to know its value one would have to run it.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LARGEST = 20_000_000  # bytes of a notebook
MAGIC = "%%derivation"
COMPUTED = "This answer is computed by code, which is not run: write the formula itself between quotes."


class Unreadable(Exception):
    """The file is no notebook; one sentence that says why."""


@dataclass
class Submission:
    """The answers of a notebook.

    texts     {answer name, or id of an exercise: text}
    troubles  {name: why there is no text}, for an answer that was given in another way
    broken    places of cells that are no Python
    """

    texts: dict[str, str] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)
    broken: list[int] = field(default_factory=list)


def read(path: str | Path) -> Submission:
    """The answers in a notebook file. Raises Unreadable."""
    path = Path(path)
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise Unreadable(f"{path.name} is not a file.")
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"{path.name} is larger than {LARGEST // 1_000_000} MB.")
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources = [_text(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, UnicodeDecodeError) as reason:
        raise Unreadable(
            f"{path.name} cannot be read: {getattr(reason, 'strerror', None) or reason}."
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unreadable(f"{path.name} is not a notebook.") from None
    return of_sources(sources)


def _text(source: Any) -> str:
    return source if isinstance(source, str) else "".join(source)


def of_sources(sources: list[str]) -> Submission:
    """The answers in code cells, one after another; a later text for a name replaces an earlier one."""
    found = Submission()
    for place, source in enumerate(sources, 1):
        first, _, rest = source.lstrip().partition("\n")
        if first.startswith(MAGIC):
            if id := first.removeprefix(MAGIC).strip():
                _enter(found, id, rest)
            continue
        try:
            statements = ast.parse(_python(source)).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            found.broken.append(place)
            continue
        for statement in statements:
            for name, value in _assigned(statement):
                text = _literal(value)
                if text is None:
                    found.texts.pop(name, None)
                    if not _is_stub(value):
                        found.troubles[name] = COMPUTED
                else:
                    _enter(found, name, text)
            if (asked := _asked(statement)) and "answer" in found.texts:
                _enter(found, asked, found.texts["answer"])
    return found


def _enter(found: Submission, name: str, text: str) -> None:
    found.texts[name] = text
    found.troubles.pop(name, None)


def _python(source: str) -> str:
    """A cell without the lines that only IPython understands."""
    lines = source.splitlines()
    return "\n".join("pass" if line.startswith(("%", "!")) else line for line in lines)


def _assigned(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """The names that a statement gives a value, each with the expression."""
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            if isinstance(target, ast.Name):
                yield target.id, statement.value
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
        yield statement.target.id, statement.value


def _literal(value: ast.expr) -> str | None:
    """The text between quotes, or a bare number as it is printed; None for everything else."""
    if isinstance(value, ast.Constant) and isinstance(value.value, (str, int, float)):
        return None if isinstance(value.value, bool) else str(value.value)
    return None


def _is_stub(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value in (..., None)


def _asked(statement: ast.stmt) -> str:
    """The id in `feedback(answer, "id")`, as the chapters ask; empty for any other statement."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "feedback"):
        return ""
    if len(call.args) != 2 or not isinstance(call.args[0], ast.Name) or call.args[0].id != "answer":
        return ""
    return _literal(call.args[1]) or ""
