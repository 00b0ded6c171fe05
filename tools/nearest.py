"""The test files nearest to what was changed, for `make check`: tools/nearest.py [--most N] [FILE …]

Changed is what git finds different from the last commit, or since the branch left `main`; or the FILEs. A
test file is near to a changed file if it is that file (4), imports it or is named after it (3), is named
after its package (2), or imports that (1); among equals, what is near to more files comes first. Only the
standard library is needed. What wants the built site, a browser or minutes is left to `make test`: see SLOW.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ALWAYS = "tests/test_docstrings.py"
SLOW = {
    f"tests/test_{name}.py"
    for name in (
        "site",
        "book",
        "browser_python",
        "tampering",
        "course",
        "derivations",
        "mutants",
        "proof_fuzz",
        "trystep",
        "jupyterlab",
        "attack",
    )
}
MOST = 6  # test files: about half a minute


def changed(root: Path = ROOT) -> list[str]:
    """Files that differ from the last commit or from where the branch left main, and new ones."""
    asked = (["diff", "--name-only", "HEAD"], ["diff", "--name-only", "main...HEAD"],
             ["ls-files", "--others", "--exclude-standard"])  # fmt: skip
    found: list[str] = []
    for words in asked:
        done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False)
        found += done.stdout.splitlines()  # without a branch main git complains, and prints nothing
    return list(dict.fromkeys(found))


def module(path: str) -> str:
    """How a test imports the Python file `path`: tools and the site's extension need no folder's name."""
    parts = Path(path).with_suffix("").parts
    if parts[:2] == ("book", "_ext"):
        parts = parts[2:]
    elif parts[0] in ("tests", "tools"):
        parts = parts[1:]
    return ".".join(parts).removesuffix(".__init__")


def imports(text: str) -> set[str]:
    """Every module that a Python file names in an import; `from a import b` names a and a.b."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name.removeprefix("tools.") for name in found}


def words(name: str) -> str:
    """The last part of a module's name, as in the names of test files: helpers.training._fit gives "fit"."""
    return re.sub(r"\W", "_", name.rpartition(".")[2]).strip("_")


def closeness(test: str, used: set[str], path: str) -> int:
    """How near the test file `test`, which imports `used`, is to the changed file `path`; 0: not at all."""
    if test == path:
        return 4
    title = f"{Path(test).stem.removeprefix('test_')}_"
    if not path.endswith(".py"):
        return 3 if title == {"notebooks": "notebooks_", "book": "pages_"}.get(Path(path).parts[0]) else 0
    name = module(path)
    if name in used or title.endswith(f"{words(name)}_"):
        return 3
    above = [str(parent) for parent in Path(*name.split(".")).parents][:-1]
    packages = [".".join(Path(parent).parts) for parent in above if parent != "helpers"]
    if any(title.startswith(f"{words(package)}_") for package in (name, *packages)):
        return 2
    return int(any(package in used for package in packages))


def nearest(paths: list[str], tests: dict[str, str], most: int = MOST) -> list[str]:
    """At most `most` of the `tests` (file: text) that are near to the changed `paths`, the nearest first."""
    score: Counter[str] = Counter()
    for test, text in tests.items():
        used = imports(text)
        near = [closeness(test, used, path) for path in paths]
        score[test] = 1000 * max(near, default=0) + sum(near)
    ranked = sorted((test for test in tests if score[test]), key=lambda test: (-score[test], test))
    return ranked[:most]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", help="changed files, relative to the course's folder")
    parser.add_argument("--most", type=int, default=MOST, help="how many test files (default: %(default)s)")
    options = parser.parse_args(argv)
    files = sorted((ROOT / "tests").glob("test_*.py"))
    tests = {f"tests/{path.name}": path.read_text(encoding="utf-8") for path in files}
    for name in SLOW | {ALWAYS}:
        tests.pop(name, None)
    print(ALWAYS, *nearest(options.files or changed(), tests, options.most))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
