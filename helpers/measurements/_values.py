"""Measured values as JSON and arrays, and back.

Every value takes this way in every profile, so that a notebook gets the same types from a run and from the
file. Numbers keep nine significant digits.
"""

from __future__ import annotations

import dataclasses
import importlib
import math
import sys
from typing import Any

from helpers.runtime import CourseError

DIGITS = 9


def encode(value: Any, where: str, arrays: dict[str, Any]) -> Any:
    """`value` as JSON; arrays and tensors go into `arrays` under a name that begins with `where`.

    Plain numbers, texts, lists, dicts, arrays, tensors (on any device), records of helpers such as History.
    Raises CourseError for anything else, such as a trained network: return the numbers that the page needs.
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else {"float": repr(float(value))}
    if isinstance(value, (list, tuple, range)):
        items = [encode(item, f"{where}/{place}", arrays) for place, item in enumerate(value)]
        return items if isinstance(value, list) else {"tuple": items}
    if isinstance(value, dict):
        return {
            "dict": [
                [encode(name, "", arrays), encode(item, f"{where}/{name}", arrays)]
                for name, item in value.items()
            ]
        }
    if dataclasses.is_dataclass(value) and type(value).__module__.startswith("helpers."):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        kind = f"{type(value).__module__}:{type(value).__qualname__}"
        return {"record": kind, "fields": encode(fields, where, arrays)}
    return _encode_array(value, where, arrays)


def _encode_array(value: Any, where: str, arrays: dict[str, Any]) -> Any:
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        if not value.ndim:
            return encode(value.item(), where, arrays)
        arrays[where] = value.detach().cpu().numpy()
        return {"tensor": where}
    if hasattr(value, "dtype") and hasattr(value, "shape"):  # NumPy: its scalars have no length
        if not value.shape:
            return encode(value.item(), where, arrays)
        arrays[where] = value
        return {"array": where}
    raise CourseError(
        f"The measurement {where.split('/')[0]!r} returned a {type(value).__name__}, which cannot be kept: "
        "return the numbers or arrays that the page needs."
    )


def decode(value: Any, arrays: dict[str, Any]) -> Any:
    """The value that `encode` was given; numbers with nine digits, tensors on the CPU."""
    if isinstance(value, list):
        return [decode(item, arrays) for item in value]
    if not isinstance(value, dict):
        return value
    (kind, content), *rest = value.items()
    if kind == "float":
        return float(content)
    if kind == "tuple":
        return tuple(decode(item, arrays) for item in content)
    if kind == "dict":
        return {decode(name, arrays): decode(item, arrays) for name, item in content}
    if kind == "array":
        return arrays[content]
    if kind == "tensor":
        import torch

        return torch.from_numpy(arrays[content].copy())
    module, _, name = content.partition(":")
    if not module.startswith("helpers."):  # the file is data: it must not choose what is imported
        raise CourseError(f"A kept measurement names the class {content}, which is none of helpers.")
    return getattr(importlib.import_module(module), name)(**decode(rest[0][1], arrays))
