"""`python -m helpers.proof check FILE…` judges homework and runs nothing; see helpers.checking.

`python -m helpers.proof FILE…` is for authors, on their own scripts and notebooks: these are executed, and
every derivation in them is judged once more from its lines, so that nothing a file does to its own results
counts. Exit status 0: all proved, or as declared; 1: something is not; 2: a file cannot be read or holds no
derivation.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .derivation import Derivation, RefutedStep, noticing
from .proofs import prove
from .show.derivation import headline

LARGEST = 20_000_000  # bytes of a file
TEXTS = (".tex", ".md", ".txt")  # homework, not programs
USAGE = """usage: python -m helpers.proof check FILE… (homework: .tex, .md, .txt or .ipynb; nothing is run)
       python -m helpers.proof FILE… (your own .py or .ipynb files; they are run)"""


class Unreadable(Exception):
    """The file cannot be read, or is not what its name says."""


def main(arguments: list[str]) -> int:
    """Run the check for the command line `arguments`; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console that lacks a letter gets its number
            stream.reconfigure(errors="backslashreplace")
    if arguments[:1] == ["check"]:
        from helpers.checking.command import (
            main as check,
        )  # the course's names and tasks, unknown to this package

        return check(arguments[1:])
    if not arguments:
        print(USAGE, file=sys.stderr)
        return 2
    return max(check_file(Path(argument), several=len(arguments) > 1) for argument in arguments)


def check_file(path: Path, several: bool = False) -> int:
    """Print one line for each derivation of a file; returns its exit status."""
    try:
        if path.suffix in TEXTS:
            raise Unreadable(f"{path} is a text: python -m helpers.proof check {path} judges it.")
        pieces = list(read(path))
    except Unreadable as reason:
        print(reason, file=sys.stderr)
        return 2
    if several:
        print(f"{path}:")
    run = Run(path)
    with noticing() as made:
        run.all(pieces, made)
    lines = [run.report(d) for d in made]
    for _, line in lines:
        print(line)
    for reason in run.stopped:
        print(f"{path} stopped: {reason}", file=sys.stderr)
    if not made and not run.stopped:
        print(f"{path} makes no derivation.", file=sys.stderr)
    return 1 if run.stopped or not all(good for good, _ in lines) else 0 if made else 2


def read(path: Path) -> Iterator[tuple[str, bool]]:
    """The pieces of code of a file, each with whether it is meant to raise. Raises Unreadable."""
    text = _text(path)
    if path.suffix == ".py":
        yield text, False
        return
    if path.suffix != ".ipynb":
        raise Unreadable(f"{path} is neither a text ({', '.join(TEXTS)}) nor a .py or .ipynb file.")
    try:
        for cell in json.loads(text)["cells"]:
            if cell["cell_type"] == "code":
                tags = cell.get("metadata", {}).get("tags", [])
                yield _python(cell["source"]), "raises-exception" in tags
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unreadable(f"{path} is not a notebook.") from None


def _text(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():  # a pipe or a device would never end
            raise Unreadable(f"{path} is not a file.")
        if path.exists() and path.stat().st_size > LARGEST:
            raise Unreadable(f"{path} is larger than {LARGEST // 1_000_000} MB.")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as reason:
        raise Unreadable(f"{path} cannot be read: {getattr(reason, 'strerror', None) or reason}.") from None


def _python(source: str | list[str]) -> str:
    """A cell without the lines that only IPython understands; they cannot make a derivation."""
    lines = source.splitlines() if isinstance(source, str) else "".join(source).splitlines()
    return "\n".join("pass" if line.startswith(("%", "!")) else line for line in lines)


class Run:
    """One file while it is executed: which derivations were refuted, and which were meant to be."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.refuted: dict[int, str] = {}  # id of a derivation -> what was said about it
        self.meant: set[int] = set()  # derivations of cells that are tagged as raising
        self.stopped: list[str] = []

    def all(self, pieces: list[tuple[str, bool]], made: list[Derivation]) -> None:
        """Execute the pieces in one namespace, what they print set aside."""
        os.environ.setdefault("MPLBACKEND", "Agg")
        where, home = self.path.resolve().parent, Path.cwd()
        sys.path.insert(0, str(where))
        names: dict[str, Any] = {"__name__": "__main__", "__file__": str(self.path.resolve())}
        names["display"] = lambda *_, **__: None  # Jupyter's own
        if self.path.suffix == ".ipynb":
            os.chdir(where)  # Jupyter runs a notebook in its own folder
            sys.path.append(str(home))
        try:
            for place, (code, may_raise) in enumerate(pieces, 1):
                label, known = f"{self.path}, cell {place}" if len(pieces) > 1 else str(self.path), len(made)
                reason = self.piece(code, label, names)
                if may_raise:
                    self.meant |= {id(d) for d in made[known:]}
                elif reason:
                    self.stopped.append(reason)
                    break
        finally:
            os.chdir(home)

    def piece(self, code: str, label: str, names: dict[str, Any]) -> str:
        """Execute statement by statement; a false step ends its own only. Returns why it stopped."""
        try:
            statements = ast.parse(code, label).body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as reason:
            return f"{type(reason).__name__}: {reason}"
        for statement in statements:
            reason = self.statement(ast.Module([statement], []), label, names)
            if reason:
                return reason
        return ""

    def statement(self, tree: ast.Module, label: str, names: dict[str, Any]) -> str:
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(tree, label, "exec"), names)
        except RefutedStep as reason:
            self.refuted[id(reason.derivation)] = str(reason)
        except SystemExit as reason:
            return f"exit status {reason.code}" if reason.code else ""
        except KeyboardInterrupt:
            raise
        except BaseException as reason:
            return f"{type(reason).__name__}: {reason}"
        return ""

    def report(self, d: Derivation) -> tuple[bool, str]:
        """Whether a derivation is as declared, and one line about it, from a proof made now."""
        proof = prove(d.chain)
        good, said = True, headline(proof)
        if id(d) in self.meant:
            said += ", in a cell that is meant to fail"
        elif id(d) in self.refuted:
            good, said = False, f"refuted. {self.refuted[id(d)]}"
        elif d.refused:
            good, said = False, f"{said}; open: the error of its false step was swallowed"
        elif not proof.results:
            good, said = False, "open: no step"
        elif proof.verdict not in d.allowed:
            weak = [(k, r.verdict) for k, r in enumerate(proof.results, 1) if r.verdict not in d.allowed]
            said += f"; step {weak[0][0]} is only {weak[0][1]}" if weak else "; the induction has no end"
            good = False
        elif not d.closed:
            good, said = False, f"{said}; open: it has no qed()"
        return good, f"{'ok ' if good else 'NOT'}  {d.name}: {said} ({d.seconds:.1f} s)"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
