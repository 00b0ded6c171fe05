"""Compile the Python in each archive of /folder, in its place; runs inside Pyodide, whose bytecode it writes.

Long docstrings and line numbers are left out: nobody reads them in a page, and the download is halved. They
are taken out of the bytecode, since to build a tree of every file would double the time. Assertions stay.
Where bytecode has a hash of its source, which nothing here compares, it has the first bytes of its SHA-256:
so a test can tell from which source it was made.
"""

import dis
import hashlib
import importlib._bootstrap_external as bootstrap
import inspect
import io
import itertools
import pathlib
import types
import warnings
import zipfile

NO_LINE = 0x80 | 15 << 3  # "no line" in CPython's table of locations; the low bits hold the length - 1
DATE = (1980, 1, 1, 0, 0, 0)
LONG = 60  # characters; a shorter docstring may be the same constant as a string that the code uses
SOON = 16  # instructions in which a class or a module has stored its docstring


def docstring(code: types.CodeType) -> int | None:
    """Where the docstring stands among the constants of a function, a class or a module."""
    if code.co_flags & inspect.CO_HAS_DOCSTRING:
        return 0
    if code.co_flags & inspect.CO_OPTIMIZED:  # a function without one
        return None
    soon = itertools.islice(dis.get_instructions(code), SOON)
    for value, place in itertools.pairwise(soon):
        if place.opname == "STORE_NAME" and place.argval == "__doc__":
            return value.arg if value.opname == "LOAD_CONST" else None
    return None


def lighter(code: types.CodeType) -> types.CodeType:
    """The same code without docstrings, and with a valid location table that places all of it nowhere."""
    eights, rest = divmod(len(code.co_code) // 2, 8)
    table = bytes([NO_LINE | 7]) * eights + (bytes([NO_LINE | rest - 1]) if rest else b"")
    constants = [lighter(c) if isinstance(c, types.CodeType) else c for c in code.co_consts]
    where = docstring(code)
    if where is not None and len(constants[where]) > LONG:
        constants[where] = ""
    return code.replace(co_linetable=table, co_consts=tuple(constants))


def compiled(name: str, source: bytes) -> tuple[str, bytes]:
    """Name and contents as the page gets them: bytecode for Python, all else as it is."""
    if not name.endswith(".py"):
        return name, source
    code = lighter(compile(source, name, "exec", dont_inherit=True))
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
