"""What a measured value depends on, as text and as a key: the same key promises the same value.

The key is made from the source of the measuring function and of every notebook function that it calls, the
settings that these read, the data, and `RESULTS`. Code of `helpers` and of libraries is not in it: the
reference trainings in the tests stand for that code, and whoever changes what they give raises `RESULTS`.
"""

from __future__ import annotations

import ast
import dataclasses
import dis
import hashlib
import inspect
import json
import sys
import textwrap
import types
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from helpers.runtime import CourseError

# Raised whenever a change of helpers, or of a library, changes what a reference training gives: then no kept
# measurement is right any more, and the next full run measures all of them anew.
RESULTS = 1


def key(function: Callable, settings: Mapping[str, Any], data: Any = None) -> str:
    """Sixteen hexadecimal digits that change with anything the value depends on.

    Raises CourseError if the function reads something whose value cannot be told, such as an open file.
    """
    described = {
        "results": RESULTS,
        "function": describe(function),
        "settings": describe(dict(settings)),
        "data": describe(data),
    }
    text = json.dumps(described, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def describe(value: Any, seen: tuple[int, ...] = ()) -> Any:
    """`value` as plain JSON that is equal on every machine where the value is."""
    if id(value) in seen:
        return "recursive"
    seen = (*seen, id(value))
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return repr(value)
    for kinds, how in _KINDS:
        if isinstance(value, kinds):
            return how(value, seen)
    if hasattr(value, "describe") and hasattr(
        value, "train"
    ):  # a Dataset, told by its shape: data is not imported
        return _dataset(value, seen)
    if hasattr(value, "__wrapped__"):  # functools.cache
        return describe(value.__wrapped__, seen)
    if hasattr(value, "sha256"):  # pretrained weights; where they came from does not matter
        return [_name(type(value)), value.name, value.sha256]
    if dataclasses.is_dataclass(value):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return [_name(type(value)), describe(fields, seen)]
    return _of_torch_or_numpy(value, seen)


def _pairs(value: Mapping, seen) -> list:
    return [[describe(name, seen), describe(item, seen)] for name, item in value.items()]


def _items(value, seen) -> list:
    return [describe(item, seen) for item in value]


def _set(value, seen) -> list:
    return sorted(_items(value, seen), key=repr)


def _module(value: types.ModuleType, seen) -> str:
    return value.__name__


def _partial(value: partial, seen) -> list:
    return [describe(value.func, seen), _items(value.args, seen), _pairs(value.keywords, seen)]


def _class(value: type, seen) -> Any:
    return _plain(_tree(value)) if value.__module__ == "__main__" else _name(value)


def _function(value: types.FunctionType, seen) -> list:
    """One of the notebook is told by its source and what it reads; one of a library by name and closure."""
    inside = inspect.getclosurevars(value).nonlocals
    if _is_ours(value):
        return [_name(value), describe(inside, seen)]
    names = sorted(_names(value.__code__))
    read = {name: value.__globals__[name] for name in names if name in value.__globals__}
    return [
        _plain(_tree(value)),
        describe(inside, seen),
        describe(read, seen),
        describe([value.__defaults__, value.__kwdefaults__], seen),
    ]


def _is_ours(value) -> bool:
    """Part of helpers, of Python or of a library: guarded by RESULTS, not by its source."""
    module = sys.modules.get(value.__module__ or "")
    return value.__module__ != "__main__" and hasattr(module, "__file__") and value.__module__ not in _OPEN


_OPEN: set[str] = set()  # modules that are treated like a notebook; the tests add themselves


_KINDS: tuple[tuple[Any, Callable], ...] = (
    (Mapping, _pairs),
    ((list, tuple, range), _items),
    ((set, frozenset), _set),
    (types.ModuleType, _module),
    (partial, _partial),
    (type, _class),
    (types.FunctionType, _function),
    ((types.BuiltinFunctionType, types.MethodType), lambda value, seen: _name(value)),
)


def _of_torch_or_numpy(value: Any, seen) -> Any:
    """Arrays by shape, type and a rounded sum: the last bits differ between machines, and must not matter."""
    if type(value).__module__ == "torch" and type(value).__name__ in ("device", "dtype"):
        return "device" if type(value).__name__ == "device" else str(value)
    if hasattr(value, "state_dict"):
        return [repr(value), describe(dict(value.state_dict()), seen)]
    if hasattr(value, "dtype") and hasattr(value, "shape"):
        if not value.shape:
            return describe(value.item(), seen)
        return [str(value.dtype).removeprefix("torch."), list(value.shape), _sum(value)]
    if callable(value) and getattr(value, "__module__", None):
        return _name(value)
    raise CourseError(
        f"A measuring function reads a {type(value).__name__}, and no key can be made of one: "
        "give the function numbers, settings, data or a network instead."
    )


def _sum(array) -> str:
    """The sum of the absolute values to five digits; that of standardised pixels would be rounding noise."""
    import numpy as np

    array = array.detach().cpu().numpy() if hasattr(array, "detach") else array
    return f"{float(np.abs(array).sum(dtype=float)):.4e}"


def _dataset(data, seen) -> list:
    """Name, sizes, labels exactly, pixels by their rounded sum. Not the tier: a download is the same data."""
    known = _TOLD.get(id(data))
    if known is None:
        splits = [getattr(data, name) for name in ("train", "valid", "test")]
        told = [data.name, list(data.classes), [[_labels(s.y), describe(s.x, seen)] for s in splits]]
        known = _TOLD[id(data)] = (data, told)  # the data too, so that no other object gets its id
    return known[1]


_TOLD: dict[int, tuple[Any, list]] = {}  # a chapter names its data in every key, and does not change them


def _labels(y) -> str:
    return hashlib.sha256(y.cpu().numpy().astype("<i8").tobytes()).hexdigest()[:16]


def _name(value) -> str:
    return f"{value.__module__}.{getattr(value, '__qualname__', type(value).__qualname__)}"


def _names(code: types.CodeType) -> set[str]:
    """Every global that a function, or one inside it, reads: not its own variables, nor attributes."""
    found = {
        step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")
    }
    inside = (constant for constant in code.co_consts if isinstance(constant, types.CodeType))
    return found.union(*map(_names, inside))


class _Plain(ast.NodeTransformer):
    """Drop what does not matter in the full profile: docstrings, and the quick half of `pick`."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "pick":
            return next((word.value for word in node.keywords if word.arg == "full"), node)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        return node


def _tree(value) -> ast.AST:
    """The syntax tree of a function or class of the notebook; CourseError if its source is not to be had."""
    try:
        tree = _Plain().visit(ast.parse(textwrap.dedent(inspect.getsource(value))))
    except (OSError, TypeError, SyntaxError) as error:
        raise CourseError(
            f"The source of {value.__qualname__} cannot be read: define it with def, in a cell or in a file."
        ) from error
    if value.__name__ != "<lambda>":
        return tree
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
    if len(found) != 1:  # Python does not say which of them it is
        raise CourseError("Two lambdas stand in one statement: define the measuring function with def.")
    return found[0]


def _plain(node: Any) -> Any:
    """A syntax tree as lists, without what is empty: `ast.dump` differs between versions of Python."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = [(name, value) for name, value in ast.iter_fields(node) if name not in ("ctx", "kind")]
    return [
        type(node).__name__,
        *([name, _plain(value)] for name, value in fields if value not in (None, [], "")),
    ]
