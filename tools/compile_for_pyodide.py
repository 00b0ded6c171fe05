"""Compile the Python in each archive of /folder, in its place; runs inside Pyodide, whose bytecode it writes.

Docstrings and line numbers are left out: nobody reads them in a page, and the download is halved.
Assertions stay. Where bytecode has a hash of its source, which nothing here compares, it has the first bytes
of its SHA-256: so a test can tell from which source it was made.
"""

import ast
import hashlib
import importlib._bootstrap_external as bootstrap
import io
import pathlib
import types
import warnings
import zipfile

NO_LINE = 0x80 | 15 << 3  # "no line" in CPython's table of locations; the low bits hold the length - 1
DATE = (1980, 1, 1, 0, 0, 0)
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def without_docstrings(source: bytes) -> ast.Module:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False):
            node.body[0].value.value = ""
    return tree


def without_lines(code: types.CodeType) -> types.CodeType:
    """The same code with a valid location table that places all of it nowhere."""
    eights, rest = divmod(len(code.co_code) // 2, 8)
    table = bytes([NO_LINE | 7]) * eights + (bytes([NO_LINE | rest - 1]) if rest else b"")
    constants = tuple(without_lines(c) if isinstance(c, types.CodeType) else c for c in code.co_consts)
    return code.replace(co_linetable=table, co_consts=constants)


def compiled(name: str, source: bytes) -> tuple[str, bytes]:
    """Name and contents as the page gets them: bytecode for Python, all else as it is."""
    if not name.endswith(".py"):
        return name, source
    code = without_lines(compile(without_docstrings(source), name, "exec", dont_inherit=True))
    return f"{name}c", bootstrap._code_to_hash_pyc(code, hashlib.sha256(source).digest()[:8], False)


warnings.simplefilter("ignore", SyntaxWarning)
for path in pathlib.Path("/folder").glob("*.zip"):
    sources, buffer = zipfile.ZipFile(path), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sources.namelist():
            if not name.endswith("/"):
                made, content = compiled(name, sources.read(name))
                archive.writestr(zipfile.ZipInfo(made, DATE), content)
    path.write_bytes(buffer.getvalue())
