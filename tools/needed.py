"""What a claim needs of its notebook: the statements that its values are made of, and no others.

One claim of a chapter is measured anew in a fraction of the chapter's time if nothing else of it runs. The
statements are followed backwards from the one that judges: whatever binds a name that is needed is needed,
too, and so is what changes such a name in place or draws from such a generator. A function needs the names
that it reads when it is called. What only draws, prints or asserts is left out.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterable, Iterator

CHANGES = {"append", "extend", "insert", "add", "update", "setdefault", "pop", "remove", "clear", "sort",
           "shuffle"}  # fmt: skip
STATEFUL = {"default_rng", "generator", "Generator", "RandomState", "iter"}  # every use moves them on
SEEDS = {"seed", "manual_seed"}  # of a state that all share


def statements_for(sources: Iterable[str], ids: Iterable[str]) -> list[str] | None:
    """The statements that the claims `ids` need, in order; None if one of them is judged by no plain id."""
    pairs = [(node, source) for source in sources for node in ast.parse(source).body]
    nodes, ids = [node for node, _ in pairs], set(ids)
    judged = {k: found for k, node in enumerate(nodes) if (found := judges(node) & ids)}
    if set().union(*judged.values()) != ids:
        return None
    chosen = _followed(nodes, set(judged))
    return [_text(source, node) for k, (node, source) in enumerate(pairs) if k in chosen]


def _text(source: str, node: ast.stmt) -> str:
    above = "".join(f"@{ast.unparse(each)}\n" for each in getattr(node, "decorator_list", ()))
    return above + ast.get_source_segment(source, node)


def judges(node: ast.stmt) -> set[str]:
    """The ids of claims that a statement judges by name."""
    return {
        call.args[0].value
        for call in _calls(node)
        if _called(call) == "judge" and call.args and isinstance(call.args[0], ast.Constant)
    }


def _followed(nodes: list[ast.stmt], last: set[int]) -> set[int]:
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    bodies = {node.name: loads(node) for node in functions}
    bodies |= {name: loads(node) for node in nodes for name in binds(node) if _has_lambda(node)}
    stateful = {name for node in nodes for name in binds(node) if _makes_state(node)}
    modules = {
        name for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for name in binds(node)
    }
    inside = {node.name: changed for node in functions if (changed := changes(node) - modules)}
    needed: set[str] = set()
    chosen = set()
    for k in reversed(range(len(nodes))):
        node = nodes[k]
        touched = set() if node in functions else _touched(node, bodies, inside) | (loads(node) & stateful)
        if k not in last and not (binds(node) | touched - modules) & needed and not _seeds(node):
            continue
        chosen.add(k)
        if rebinds(node):
            needed -= binds(node)
        needed = _closed(needed | _reads(node), bodies)
    return chosen


def _touched(node: ast.stmt, bodies: dict[str, set[str]], inside: dict[str, set[str]]) -> set[str]:
    """What a statement changes in place, itself or by a function that changes what it is given."""
    found = changes(node)
    for name in _closed(loads(node), bodies) & set(inside):
        found |= inside[name] | loads(node)
    return found


def _closed(names: set[str], bodies: dict[str, set[str]]) -> set[str]:
    """With all that the functions among them read when they are called."""
    todo, found = list(names), set()
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += bodies.get(name, ())
    return found


def loads(node: ast.AST) -> set[str]:
    """Names of the module that are read anywhere in a statement, in functions, too."""
    table = symtable.symtable(ast.unparse(node), "", "exec")
    return {
        symbol.get_name()
        for each in _tables(table)
        for symbol in each.get_symbols()
        if symbol.is_referenced() and (each is table or symbol.is_global())
    }


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def reads(nodes: Iterable[ast.stmt]) -> set[str]:
    """Names that statements in a row read as they were before the first of them."""
    needed: set[str] = set()
    for node in reversed(list(nodes)):
        if rebinds(node):
            needed -= binds(node)
        needed |= _reads(node)
    return needed


def _reads(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.For):
        return loads(node.iter) | (reads([*node.body, *node.orelse]) - _stored(node.target))
    if isinstance(node, ast.If):
        return loads(node.test) | reads(node.body) | reads(node.orelse)
    own = {node.target.id} if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) else set()
    return loads(node) | own


def _stored(node: ast.AST) -> set[str]:
    return {
        each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }


def binds(node: ast.stmt) -> set[str]:
    """Names of the module that a statement may bind."""
    symbols = symtable.symtable(ast.unparse(node), "", "exec").get_symbols()
    return {each.get_name() for each in symbols if each.is_assigned() or each.is_imported()}


def rebinds(node: ast.stmt) -> bool:
    """Does it bind its names whatever they were before? Not so under a condition, or in part of an object."""
    if isinstance(node, ast.Assign):
        return all(isinstance(e, ast.Name | ast.Tuple | ast.Starred) for t in node.targets for e in _parts(t))
    return isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom)


def _parts(target: ast.expr) -> Iterator[ast.expr]:
    yield target
    for each in getattr(target, "elts", ()):
        yield from _parts(each)


def changes(node: ast.AST) -> set[str]:
    """Names of objects that a statement changes in place; of a function's own only what it was given."""
    parts = (e for e in ast.walk(node) if isinstance(e, ast.Subscript | ast.Attribute))
    found = {_root(each) for each in parts if isinstance(each.ctx, ast.Store | ast.Del)}
    for call in _calls(node):
        name = _called(call)
        if name in CHANGES or name.endswith("_"):
            found |= {_root(call.func)} if isinstance(call.func, ast.Attribute) else set()
            found |= set(map(_root, call.args)) if name == "shuffle" or name.endswith("_") else set()
    return found - {""} - (_stored(node) if isinstance(node, ast.FunctionDef) else set())


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (each for each in ast.walk(node) if isinstance(each, ast.Call))


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _makes_state(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(_called(call) in STATEFUL for call in _calls(node.value))


def _has_lambda(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(isinstance(each, ast.Lambda) for each in ast.walk(node))


def _seeds(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and any(_called(call) in SEEDS for call in _calls(node))
