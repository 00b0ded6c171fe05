"""What people hand in: a .tex, .md, .txt or .ipynb file as the derivations that are written in it.

Nothing is run. A heading begins another derivation; sentences and \newcommands before the first heading count
for all. Of a notebook the Markdown cells are read, and of its code only the texts of derivations: what stands
below %%derivation, and the text in derive(r"...").
"""

from __future__ import annotations

import ast
import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from helpers.proof.read.layout import apart
from helpers.proof.read.prose import sentences

__all__ = ["KINDS", "Unreadable", "Written", "derivations"]

KINDS = (".tex", ".md", ".txt", ".ipynb")
LARGEST = 5_000_000  # bytes of a file; a notebook with pictures has some
LONGEST = 200_000  # characters of what is to be judged
MOST = 200  # derivations of a file
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
         (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
HEADING = re.compile(
    r"^\s*(?:#{1,6}\s+(?P<md>.+?)\s*#*\s*$|\\(?:sub)*(?:section|paragraph)\*?\{(?P<tex>.*)\}\s*(?:\\label\{[^{}]*\})?\s*$)"
)
FENCE = re.compile(r"^\s*(?:```|~~~)\s*\{?\s*(\w*)")
LATEX = {"latex", "tex", "math", "derivation"}
FORMULA = re.compile(r"[=<>≤≥]|≈|∝|\\(?:le|ge|leq|geq|lt|gt|approx|propto|equiv|sim|leftarrow|gets)\b")
SAID = re.compile(r"^\s*(?:let|suppose|assume|given|\\(?:re|provide)?newcommand|\\def)\b", re.IGNORECASE)


class Unreadable(Exception):
    """A file cannot be read; one sentence says why."""


@dataclass(frozen=True)
class Written:
    """One derivation of a file: its title and its text."""

    title: str
    text: str


def derivations(path: Path) -> list[Written]:
    """The derivations of a file, in their order; none if it has no formula. Raises Unreadable."""
    if path.suffix.lower() not in KINDS:
        raise Unreadable(f"{path} is not one of {', '.join(KINDS)}.")
    text = content(path)
    found = list(_of_notebook(path, text)) if path.suffix.lower() == ".ipynb" else list(_sections(text, path))
    if len(found) > MOST:
        raise Unreadable(f"{path} has {len(found)} derivations; hand in at most {MOST} in one file.")
    return found


# ---------------------------------------------------------------- bytes
def content(path: Path) -> str:
    """The text of a file in any encoding. Raises Unreadable for a pipe, a device, what is too large."""
    try:
        if not path.is_file():  # a pipe or a device would never end
            reason = "is not a file" if path.exists() else "is not there"
            raise Unreadable(f"{path} {reason}.")
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"{path} is larger than {LARGEST // 1_000_000} MB.")
        data = path.read_bytes()
    except (OSError, ValueError) as reason:
        raise Unreadable(f"{path} cannot be read: {getattr(reason, 'strerror', None) or reason}.") from None
    text = decoded(data)
    if path.suffix.lower() != ".ipynb" and len(text) > LONGEST:
        raise Unreadable(f"{path} has more than {LONGEST:,} characters; hand it in as several files.")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")


def decoded(data: bytes) -> str:
    """Bytes as text: by their mark, else UTF-8, else UTF-16 if every other byte is 0, else Windows' own."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace").lstrip("\ufeff")
    if data[:200].count(0) > len(data[:200]) // 4:
        little = data[1:200:2].count(0) > data[0:200:2].count(0)
        return data.decode("utf-16-le" if little else "utf-16-be", errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


# ---------------------------------------------------------------- sections of a text
def _sections(text: str, path: Path) -> Iterator[Written]:
    """The parts of a text between its headings, as far as they hold formulas."""
    lines = apart(text).split("\n")
    lines = _without_code(lines) if path.suffix.lower() != ".tex" else lines
    sections: list[tuple[str, list[str]]] = [("", [])]
    for line in lines:
        if found := HEADING.match(line):
            sections.append((found["md"] or found["tex"] or "", []))
        else:
            sections[-1][1].append(line)
    _, first = sections[0]
    shared = [line for line in first if SAID.match(line)] if len(sections) > 1 else []
    for k, (title, body) in enumerate(sections):
        said = (one for line in body for one in (sentences(line) if SAID.match(line) else (line,)))
        if any(FORMULA.search(one) and not SAID.match(one) for one in said):
            yield Written(title.strip(), "\n".join(body if k == 0 else [*shared, *body]))


def _without_code(lines: list[str]) -> list[str]:
    """A Markdown text without blocks of code; blocks of LaTeX stay, without their fences."""
    kept, inside = [], ""
    for line in lines:
        fence = FENCE.match(line)
        if fence and not inside:
            inside = fence[1].lower() or "code"
            kept.append("")
        elif fence:
            inside = ""
            kept.append("")
        elif not inside or inside in LATEX:
            kept.append(line)
    return kept


# ---------------------------------------------------------------- notebooks
def _of_notebook(path: Path, text: str) -> Iterator[Written]:
    """The derivations of a notebook's Markdown, and those that its code holds as text, in their order."""
    try:
        cells = [(str(cell["cell_type"]), _source(cell["source"])) for cell in json.loads(text)["cells"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unreadable(f"{path} is not a notebook.") from None
    if sum(len(source) for _, source in cells) > LONGEST * 5:
        raise Unreadable(f"{path} has more than {LONGEST * 5:,} characters; hand it in as several files.")
    prose: list[str] = []
    for kind, source in cells:
        if kind == "markdown":
            prose.append(source)
        elif kind == "code" and (texts := list(_texts(source))):
            yield from _sections("\n\n".join(prose), path)
            prose = []
            yield from texts
    yield from _sections("\n\n".join(prose), path)


def _source(source: object) -> str:
    return source if isinstance(source, str) else "".join(map(str, source))  # type: ignore[call-overload]


def _texts(source: str) -> Iterator[Written]:
    """The texts of derivations in a cell of code: it is parsed, never run."""
    head, _, body = source.lstrip().partition("\n")
    if head.startswith("%%derivation"):
        yield Written(head.removeprefix("%%derivation").strip(), body)
        return
    if "derive" not in source or head.startswith("%%"):
        return
    try:
        plain = "\n".join("pass" if line.startswith(("%", "!")) else line for line in source.split("\n"))
        tree = ast.parse(plain)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _is_derive(call.func) and call.args:
            texts = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if texts:
                yield Written(texts[1] if len(texts) > 1 else "", texts[0])


def _is_derive(called: ast.expr) -> bool:
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name == "derive"
