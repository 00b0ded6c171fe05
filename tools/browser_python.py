"""Assemble the Python that runs inside the book's pages: python tools/browser_python.py, part of `make book`.

_build/pyodide/ then holds the Pyodide runtime (from npm, its archive checked by hash), SymPy and mpmath (from
this environment), and the book's checker and course (from the working tree, so what runs in a page is what
was tested). All Python is bytecode of that runtime, which a page would spend seconds on. Each part is one
script that hands over a compressed file as text: a page can load that from a server and from a folder alike,
where browsers refuse everything else. A part is made anew only when what it is made of has changed. Without
npm or a network the book still builds, and says so.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import io
import json
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from importlib.metadata import distribution, version
from importlib.util import find_spec
from pathlib import Path

import formula_editor
import npm
from npm import Unavailable

from helpers.course import packed
from helpers.runtime import write_whole

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "_build" / "pyodide"
PYODIDE = "314.0.6"
ARCHIVE_SHA512 = (
    "04a0d327222a1710b8044c4ba9e452ddfe71bd76488ceb7c0b7cc62cdfc273bb"
    "45c52c2f29585591c8504360062ceb51e18ad53881716d5f29a320ce3a65b0c5"
)
RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
COMPILED = ("python_stdlib.zip", "library.zip", "checker.zip")  # the rest is no Python: the course is JSON
LIBRARIES = ("sympy", "mpmath")
UNUSED = {"tests", "benchmarks", "sandbox", "testing", "autolev", "__pycache__"}  # over half of SymPy
PHYSICS = {"__init__.py", "units", "matrices.py"}
COURSE = (
    "helpers/__init__.py",
    "helpers/notation.py",
    "helpers/places.py",
    "helpers/runtime.py",
    "helpers/proof",
    "helpers/course",
    "helpers/checking",
)
JUDGE = "book/_ext/trystep/judge.py"
COMPILER = Path(__file__).with_name("compile_for_pyodide.py")
DATE = (1980, 1, 1, 0, 0, 0)  # one date for all entries: equal contents give equal bytes


def in_pyodide(runtime: Path, folder: Path, script: Path) -> str:
    """Run a Python file inside the Pyodide of `runtime`, under node; it sees `folder` as /folder."""
    program = Path(__file__).with_name("in_pyodide.mjs")
    return npm.run([*npm.tool("node"), str(program), str(runtime), str(folder), str(script)], folder)


def fetch_runtime(folder: Path) -> Path:
    """Unpack the pinned Pyodide into `folder`. Raises Unavailable without npm, network or a true copy."""
    with tarfile.open(npm.fetch("pyodide", PYODIDE, ARCHIVE_SHA512, folder)) as tar:
        for name in (*RUNTIME, "pyodide-lock.json"):
            member = tar.extractfile(f"package/{name}")
            if member is None:
                raise Unavailable(f"Pyodide's archive has no {name}.")
            (folder / name).write_bytes(member.read())
    lock = json.loads((folder / "pyodide-lock.json").read_text())
    (folder / "pyodide-lock.json").write_text(json.dumps({"info": lock["info"], "packages": {}}))
    return folder


def made_runtime(out: Path, scripts: dict[str, str], folder: Path) -> Path:
    """Unpack the runtime that `out` has already into `folder`."""
    for name in RUNTIME:
        (folder / name).write_bytes(handed_over(out / scripts[name]))
    shutil.copyfile(out / "lock.json", folder / "pyodide-lock.json")
    return folder


# ---------------------------------------------------------------- what goes into the parts
def wanted(path: Path) -> bool:
    """Whether a file of SymPy or mpmath can matter: no tests, no grammars, and of physics what others use."""
    physics = path.parts[:2] == ("sympy", "physics") and path.parts[2] not in PHYSICS
    grammar = path.parts[:3] == ("sympy", "parsing", "latex")
    return path.suffix == ".py" and not UNUSED & set(path.parts) and not physics and not grammar


def library_files() -> Iterator[tuple[str, bytes]]:
    """Name and contents of every file of SymPy and mpmath that the pages get, from this environment."""
    for name in LIBRARIES:
        folder = Path(find_spec(name).origin).parent
        for path in sorted(folder.rglob("*.py")):
            inside = Path(name) / path.relative_to(folder)
            if wanted(inside):
                yield inside.as_posix(), path.read_bytes()


def checker_files() -> Iterator[tuple[str, bytes]]:
    """Name and contents of the checker's own files, from the working tree."""
    yield "judge.py", (ROOT / JUDGE).read_bytes()
    for part in COURSE:
        top = ROOT / part
        for path in sorted(top.rglob("*.py")) if top.is_dir() else [top]:
            yield path.relative_to(ROOT).as_posix(), path.read_bytes()


def course_files() -> Iterator[tuple[str, bytes]]:
    """The course's content, which changes with every derivation: a part that needs no compiler."""
    yield "helpers/course/course.json", packed().encode()


def zipped(files: Iterator[tuple[str, bytes]]) -> bytes:
    """A zip archive, not compressed: the whole is compressed afterwards, and better."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, DATE), content)
    return buffer.getvalue()


def compiled(runtime: Path, archives: dict[str, bytes]) -> dict[str, bytes]:
    """Archives of Python as bytecode of the runtime: all starts in a third of the time that sources take."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for archive, content in archives.items():
            (folder / archive).write_bytes(content)
        in_pyodide(runtime, folder, COMPILER)
        return {archive: (folder / archive).read_bytes() for archive in archives}


def notices() -> bytes:
    """What is in the folder, from where, under which licence."""
    parts = [
        f"Pyodide {PYODIDE}: Mozilla Public License 2.0, https://github.com/pyodide/pyodide\n"
        "It contains CPython: Python Software Foundation License, https://docs.python.org/3/license.html\n"
    ]
    for name in LIBRARIES:
        files = [file for file in distribution(name).files or [] if file.name.upper().startswith("LICENSE")]
        texts = "\n".join(file.locate().read_text(encoding="utf-8") for file in files)
        parts.append(f"{name} {version(name)}, compiled without its tests and docstrings:\n\n{texts}")
    return ("\n" + "-" * 78 + "\n").join(parts).encode()


# ---------------------------------------------------------------- the folder
def digest(*contents: bytes) -> str:
    joined = hashlib.sha256()
    for content in contents:
        joined.update(hashlib.sha256(content).digest())
    return joined.hexdigest()[:12]


def hand_over(path: Path, name: str, content: bytes) -> None:
    """A script that gives the page's loader one compressed file."""
    text = base64.b64encode(gzip.compress(content, 9, mtime=0)).decode()
    write_whole(path, f'sywTryFile("{name}", "{text}");\n'.encode())


def handed_over(path: Path) -> bytes:
    """The file that a script hands over."""
    return gzip.decompress(
        base64.b64decode(path.read_text("utf-8").rpartition(', "')[2].removesuffix('");\n'))
    )


def part_names() -> dict[str, str]:
    """File handed over -> script that does it; a script's name changes with its contents."""
    made_by = PYODIDE.encode(), COMPILER.read_bytes()
    contents = {
        "python_stdlib.zip": digest(*made_by),
        "library.zip": digest(*made_by, zipped(library_files())),
        "checker.zip": digest(*made_by, zipped(checker_files())),
        "course.zip": digest(zipped(course_files())),
    }
    scripts = {name: f"{name.replace('.', '-')}-{PYODIDE}.js" for name in RUNTIME}
    return scripts | {name: f"{name.removesuffix('.zip')}-{made_of}.js" for name, made_of in contents.items()}


def make_parts(out: Path, scripts: dict[str, str]) -> None:
    """Make the parts that are missing; npm is needed for the runtime's, node for all that is Python."""
    missing = {name for name, script in scripts.items() if not (out / script).exists()}
    no_runtime = missing & set(RUNTIME) or not (out / "lock.json").exists()
    if no_runtime or missing & set(COMPILED):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            runtime = fetch_runtime(folder) if no_runtime else made_runtime(out, scripts, folder)
            parts = {file: (runtime / file).read_bytes() for file in missing & set(RUNTIME)}
            if "library.zip" in missing:
                parts["library.zip"] = zipped(library_files())
            if "checker.zip" in missing:
                parts["checker.zip"] = zipped(checker_files())
            if sources := {file: part for file, part in parts.items() if file in COMPILED}:
                parts |= compiled(runtime, sources)
            for file, part in parts.items():
                hand_over(out / scripts[file], file, part)
            write_whole(out / "lock.json", (runtime / "pyodide-lock.json").read_bytes())
    if "course.zip" in missing:
        hand_over(out / scripts["course.zip"], "course.zip", zipped(course_files()))


def finish(out: Path, scripts: dict[str, str]) -> int:
    """Write the list of parts for the loader, drop parts of earlier builds; returns the bytes in all."""
    sizes = {name: (out / script).stat().st_size for name, script in scripts.items()}
    listed = {
        "files": [{"name": name, "script": scripts[name], "bytes": sizes[name]} for name in scripts],
        "lock": json.loads((out / "lock.json").read_text()),
        "versions": {"pyodide": PYODIDE, **{name: version(name) for name in LIBRARIES}},
    }
    write_whole(out / "files.js", f"sywTryFiles({json.dumps(listed)});\n".encode())
    write_whole(out / "LICENSES.txt", notices())
    for path in out.iterdir():
        if path.name not in {*scripts.values(), "files.js", "LICENSES.txt", "lock.json"}:
            path.unlink()
    return sum(sizes.values())


def assemble(out: Path = OUT) -> int:
    """Bring `out` up to date; returns its size in bytes. Raises Unavailable if the runtime cannot be had."""
    out.mkdir(parents=True, exist_ok=True)
    scripts = part_names()
    try:
        make_parts(out, scripts)
    except Unavailable:
        (out / "files.js").unlink(missing_ok=True)  # an old list would name parts that no longer fit
        raise
    return finish(out, scripts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--require", action="store_true", help="fail where the runtime cannot be had")
    options = parser.parse_args()
    try:
        part = "Python of their own"
        size = assemble()
        part = "formula editor"
        formula_editor.assemble()
    except Unavailable as why:
        print(f"The pages get no {part}: {why} Install npm, or connect, and build again.")
        return 1 if options.require else 0
    print(
        f"Python for the pages: {size / 1e6:.1f} MB in {OUT.relative_to(ROOT)} (Pyodide {PYODIDE}, "
        f"SymPy {version('sympy')}, mpmath {version('mpmath')})"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
