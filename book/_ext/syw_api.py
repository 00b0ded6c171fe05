"""`{api} proof`: the public names of helpers.proof with their signatures and docstrings; `{api}`: a list.

The sources are read as text, so a build needs none of the libraries that they import.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from inspect import cleandoc
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

WIDE = 88  # columns; a longer signature has one argument a line
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
LISTED = re.compile(r"[-*] ")
DEFAULT = re.compile(r"^(\w+: [^=]*)=")  # of an argument with a type, as formatters space it
ALIGNED = re.compile(r"\S {2,}\S|^[=-]{3,}|^ {4}", re.MULTILINE)  # a table, or code


@dataclass(frozen=True)
class Name:
    """A public name: what is written to use it, what is said of it, and a class's own names."""

    name: str
    signature: str
    doc: str
    members: tuple[Name, ...] = ()


# ---------------------------------------------------------------- reading the sources
def packages(helpers: Path) -> list[str]:
    """The packages and modules of helpers that say what is public, in the order of their names."""
    files = [*helpers.glob("*/__init__.py"), *helpers.glob("*.py")]
    named = [path.parent.name if path.stem == "__init__" else path.stem for path in files if public(path)]
    return sorted(named)


def source(helpers: Path, module: str) -> Path:
    """The file of a dotted name below helpers: `proof`, `proof.judge`."""
    path = helpers.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def public(path: Path) -> list[str]:
    """What `__all__` lists; nothing where there is none."""
    for node in parsed(path).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return ast.literal_eval(node.value)
    return []


def find(helpers: Path, module: str, name: str) -> Name:
    """A name of a module, followed through the imports that bring it there. Raises LookupError."""
    path = source(helpers, module)
    tree = parsed(path)
    for node in tree.body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and node.name == name:
            return described(node)
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and name in targets(node):
            return constant(name, node, path)
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                there = origin(module, path, node), alias.name
                if name == (alias.asname or alias.name) and there != (module, name):
                    return replace(find(helpers, *there), name=name)
    if (own := source(helpers, f"{module}.{name}".lstrip("."))).exists():
        return Name(name, f"module helpers.{module}.{name}", ast.get_docstring(parsed(own)) or "")
    raise LookupError(f"helpers.{module} has no {name}.")


def targets(node: ast.Assign | ast.AnnAssign) -> list[str]:
    """The names that a statement gives a value, one or several."""
    first = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return [ast.unparse(one) for one in (first.elts if isinstance(first, ast.Tuple) else [first])]


def origin(module: str, path: Path, node: ast.ImportFrom) -> str:
    """The dotted name below helpers of the module that an import reads."""
    if not node.level:
        return (node.module or "").removeprefix("helpers").removeprefix(".")
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    return ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])


def described(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Name:
    doc = ast.get_docstring(node) or ""
    if isinstance(node, FUNCTIONS):
        return Name(node.name, call(node), doc)
    bases = ", ".join(ast.unparse(base) for base in node.bases)
    fields = [ast.unparse(part) for part in node.body if isinstance(part, ast.AnnAssign) and shown(part)]
    head = f"class {node.name}({bases})" if bases else f"class {node.name}"
    members = [described(part) for part in node.body if isinstance(part, FUNCTIONS) and shown(part)]
    return Name(node.name, "\n    ".join([head, *fields]), doc, tuple(m for m in members if m.doc))


def shown(node: ast.AnnAssign | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    name = node.name if isinstance(node, FUNCTIONS) else ast.unparse(node.target)
    return not name.startswith("_")


def call(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """How a function is called, and what it gives; a property is no call."""
    gives = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    if any(ast.unparse(one).endswith("property") for one in node.decorator_list):
        return f"{node.name}{gives}"
    written = [DEFAULT.sub(r"\1 = ", one) for one in split(ast.unparse(node.args))]
    one_line = f"{node.name}({', '.join(written)}){gives}"
    if len(one_line) <= WIDE:
        return one_line
    return "\n".join([f"{node.name}(", *(f"    {one}," for one in written), f"){gives}"])


def split(arguments: str) -> Iterator[str]:
    """The arguments apart, at the commas that stand in no bracket and in no string."""
    depth, begun = 0, 0
    for found in re.finditer(r"""'[^']*'|"[^"]*"|[][(){},]""", arguments):
        depth += (found[0] in "[({") - (found[0] in "])}")
        if found[0] == "," and depth == 0:
            yield arguments[begun : found.start()].strip()
            begun = found.end()
    yield arguments[begun:].strip()


def constant(name: str, node: ast.Assign | ast.AnnAssign, path: Path) -> Name:
    """A constant; the comment at its line's end says what it is."""
    line = path.read_text(encoding="utf-8").splitlines()[node.lineno - 1]
    written = ast.unparse(node)
    comment = line.partition("  # ")[2]
    return Name(name, written if len(written) <= WIDE else name, f"{comment[:1].upper()}{comment[1:]}")


# ---------------------------------------------------------------- the page
def paragraphs(doc: str) -> list[nodes.Node]:
    """A docstring as nodes: sentences with their code, lists, and examples as they stand."""
    made: list[nodes.Node] = []
    for block in re.split(r"\n\s*\n", cleandoc(doc)) if doc else []:
        if block.lstrip().startswith(">>>"):
            made.append(code(cleandoc(block), "pycon"))
        elif ALIGNED.search(block):
            made.append(code(block, "text"))
        elif all(LISTED.match(line) or line.startswith("  ") for line in block.splitlines()):
            items = [nodes.list_item("", sentence(one)) for one in re.split(r"^[-*] ", block, flags=re.M)[1:]]
            made.append(nodes.bullet_list("", *items))
        else:
            made.append(sentence(block))
    return made


def sentence(text: str) -> nodes.paragraph:
    made = nodes.paragraph()
    for place, part in enumerate(re.split(r"``?([^`]+)``?", " ".join(text.split()))):
        made += nodes.literal(part, part) if place % 2 else nodes.Text(part)
    return made


def code(text: str, language: str) -> nodes.literal_block:
    return nodes.literal_block(text, text, language=language)


def entry(package: str, one: Name) -> nodes.section:
    """A name under a heading of its own."""
    made = nodes.section(ids=[f"{package}.{one.name}"], names=[])
    made += nodes.title("", "", nodes.literal(one.name, one.name))
    inside = [code(one.signature, "python"), *paragraphs(one.doc)]
    for member in one.members:
        inside += [code(member.signature, "python"), *paragraphs(member.doc)]
    made += unsearched(inside)
    return made


def unsearched(inside: list[nodes.Node]) -> nodes.container:
    """What the search leaves out: an idea is looked for in a chapter, and a name is found by its heading."""
    return nodes.container("", *inside, classes=["syw-api"])


class Api(SphinxDirective):
    """`{api} proof`: a package; without a name: all packages, each with what it is for."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        helpers = Path(self.env.srcdir) / "helpers"
        if not self.arguments:
            return [nodes.bullet_list("", *(self.line(helpers, one) for one in packages(helpers)))]
        package = self.arguments[0]
        if package not in packages(helpers):
            raise self.error(f"helpers has no public package {package!r}: {', '.join(packages(helpers))}.")
        path = source(helpers, package)
        for file in path.parent.rglob("*.py") if path.name == "__init__.py" else [path]:
            self.env.note_dependency(str(file))
        try:
            found = [find(helpers, package, name) for name in public(path)]
        except LookupError as reason:
            raise self.error(str(reason)) from None
        first, *rest = paragraphs(ast.get_docstring(parsed(path)) or "")
        return [first, unsearched(rest), *(entry(package, one) for one in found)]

    def line(self, helpers: Path, package: str) -> nodes.list_item:
        path = source(helpers, package)
        self.env.note_dependency(str(path))
        link = addnodes.pending_xref(
            "", nodes.literal("", f"helpers.{package}"), refdomain="std", reftype="doc", refexplicit=True,
            reftarget=f"/book/api/{package}", refdoc=self.env.docname, refwarn=True,
        )  # fmt: skip
        said = sentence((ast.get_docstring(parsed(path)) or "").partition("\n")[0])
        return nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(": "), *said.children))


def setup(app: Sphinx) -> None:
    app.add_directive("api", Api)
