"""`python -m helpers.proof FILE`: run a script or a notebook and say what became of each derivation in it.

Exit status 0: all as declared; 1: something is not; 2: the file cannot be read.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .derivation import Derivation
from .render import headline
from .verdicts import Verdict


class Unreadable(Exception):
    """The file cannot be read, or is not what its name says."""


def main(arguments: list[str]) -> int:
    """Run the check for the command line `arguments`; returns the exit status."""
    if len(arguments) != 1:
        print("usage: python -m helpers.proof FILE (a .py or .ipynb file)", file=sys.stderr)
        return 2
    try:
        cells = list(read(Path(arguments[0])))
    except Unreadable as reason:
        print(reason, file=sys.stderr)
        return 2
    Derivation.made = []
    try:
        stopped = run(Path(arguments[0]), cells)
        lines = [report(d) for d in Derivation.made]
    finally:
        Derivation.made = None
    for _, line in lines:
        print(line)
    if not lines:
        print(f"{arguments[0]} makes no derivation.")
    if stopped:
        print(f"{arguments[0]} stopped: {stopped}", file=sys.stderr)
    return 1 if stopped or not all(good for good, _ in lines) else 0


def read(path: Path) -> Iterator[tuple[str, bool]]:
    """The pieces of code of a file, each with whether it is meant to raise. Raises Unreadable."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as reason:
        raise Unreadable(f"{path} cannot be read: {getattr(reason, 'strerror', None) or reason}.") from None
    if path.suffix == ".py":
        yield text, False
        return
    if path.suffix != ".ipynb":
        raise Unreadable(f"{path} is neither a .py nor an .ipynb file.")
    try:
        for cell in json.loads(text)["cells"]:
            if cell["cell_type"] == "code":
                tags = cell.get("metadata", {}).get("tags", [])
                yield _python(cell["source"]), "raises-exception" in tags
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unreadable(f"{path} is not a notebook.") from None


def _python(source: str | list[str]) -> str:
    """A cell without the lines that only IPython understands; they cannot make a derivation."""
    lines = source.splitlines() if isinstance(source, str) else "".join(source).splitlines()
    return "\n".join("pass" if line.startswith(("%", "!")) else line for line in lines)


def run(path: Path, cells: list[tuple[str, bool]]) -> str:
    """Execute the pieces in one namespace, what they print set aside; returns why it stopped, or ""."""
    os.environ.setdefault("MPLBACKEND", "Agg")
    where = path.resolve().parent
    sys.path.insert(0, str(where))
    names: dict[str, Any] = {"__name__": "__main__", "__file__": str(path.resolve())}
    names["display"] = lambda *_, **__: None  # Jupyter's own
    home = Path.cwd()
    if path.suffix == ".ipynb":
        os.chdir(where)  # Jupyter runs a notebook in its own folder
        sys.path.append(str(home))
    try:
        for place, (code, may_raise) in enumerate(cells, 1):
            stopped = _execute(code, f"{path}, cell {place}" if len(cells) > 1 else str(path), names)
            if stopped and not may_raise:
                return stopped
    finally:
        os.chdir(home)
    return ""


def _execute(code: str, label: str, names: dict[str, Any]) -> str:
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(code, label, "exec"), names)
    except SystemExit as reason:
        return f"exit status {reason.code}" if reason.code else ""
    except KeyboardInterrupt:
        raise
    except BaseException as reason:
        return f"{type(reason).__name__}: {reason}"
    return ""


def report(d: Derivation) -> tuple[bool, str]:
    """Whether a derivation is as declared, and one line about it."""
    allowed = (Verdict.PROVED, Verdict.CHECKED) if d.numeric else (Verdict.PROVED,)
    weak = [k for k, v in enumerate(d.verdicts, 1) if v not in allowed]
    good = not weak and bool(d.steps or d.refused)
    said = headline(d)
    if d.refused:
        said += f", {d.refused} false step{'s' * (d.refused != 1)} refused"
    if weak:
        said += f"; step {weak[0]} is only {d.verdicts[weak[0] - 1]}"
    elif not d.steps and not d.refused:
        said = "no step"
    return good, f"{'ok ' if good else 'NOT'}  {d.name}: {said} ({d.seconds:.1f} s)"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
