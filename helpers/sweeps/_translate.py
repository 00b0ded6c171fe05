"""From a module to layers that treat many members at once, or the reason why that is not possible."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from torch import nn

from helpers.sweeps import _layers
from helpers.sweeps._layers import Layer

HOOKS = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
POINTWISE = (
    nn.Identity, nn.ReLU, nn.Tanh, nn.Sigmoid, nn.LeakyReLU, nn.ELU, nn.SELU, nn.CELU, nn.GELU, nn.SiLU,
    nn.Mish, nn.Softplus, nn.Softsign, nn.Hardtanh, nn.ReLU6, nn.Hardsigmoid, nn.Hardswish, nn.LogSigmoid,
    nn.Tanhshrink, nn.Softshrink, nn.Hardshrink, nn.Threshold,
)  # fmt: skip
BY_MAP = (nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d, nn.ZeroPad2d)  # each channel by itself
BUILDERS: dict[type, Callable[[str, Any], Layer]] = {
    nn.Linear: _layers.linear,
    nn.Conv2d: _layers.convolution,
    nn.BatchNorm1d: _layers.batch_norm,
    nn.BatchNorm2d: _layers.batch_norm,
    nn.Dropout: _layers.dropout,
    nn.Dropout2d: _layers.dropout,
    nn.Flatten: _layers.flatten,
    **dict.fromkeys(POINTWISE, _layers.pointwise),
    **dict.fromkeys(BY_MAP, _layers.by_map),
}


@dataclass(frozen=True)
class Shape:
    """What two models must have in common to be members of one stack: a tree of hyperparameters."""

    kind: type
    settings: tuple[tuple[str, str], ...]
    tensors: tuple[tuple[object, ...], ...]
    children: tuple[tuple[str, Shape], ...]


def shape(module: nn.Module) -> Shape:
    """The types, hyperparameters and sizes of `module` and its parts; equal for models that differ in
    nothing but the values of weights and buffers."""
    settings = tuple(
        (name, repr(value))
        for name, value in sorted(vars(module).items())
        if name[0] != "_" and name != "training"
    )
    own = [*module.named_parameters(recurse=False), *module.named_buffers(recurse=False)]
    tensors = tuple((name, tuple(t.shape), t.dtype, t.requires_grad) for name, t in own)
    children = tuple((name, shape(child)) for name, child in module.named_children())
    return Shape(type(module), settings, tensors, children)


def layers(model: nn.Module) -> list[Layer] | str:
    """The layers of a stack of such models, or the reason why there are none."""
    reason = _obstacle(model)
    if reason:
        return reason
    found = []
    for name, leaf in _leaves("", model):
        # A stack may not overwrite its input: the batch is shared.
        module = copy.copy(leaf)
        if getattr(module, "inplace", False):
            module.inplace = False
        found.append(BUILDERS.get(type(leaf), _layers.anything)(name, module))
    return found


def _obstacle(model: nn.Module) -> str:
    if not all(w.requires_grad for w in model.parameters()):
        return "frozen weights are not stacked"
    names = [name for name, _ in model.named_parameters(remove_duplicate=False)]
    if len(names) > len(list(model.parameters())):
        return "layers that share weights are not stacked"
    for name, leaf in _leaves("", model):
        kind = type(leaf).__name__
        if any(getattr(leaf, hooks, None) for hooks in HOOKS):
            return f"{kind} has hooks, which a stack would not call"
        if type(leaf) not in BUILDERS and (list(leaf.parameters()) or list(leaf.buffers())):
            return f"{kind} has weights or buffers of its own and is no layer that is stacked"
        if isinstance(leaf, nn.Conv2d) and (leaf.padding_mode != "zeros" or isinstance(leaf.padding, str)):
            return f"padding by {leaf.padding_mode!r}, {leaf.padding!r} is not stacked"
        if isinstance(leaf, nn.MaxPool2d) and leaf.return_indices:
            return "MaxPool2d with return_indices is not stacked"
        if not name and list(leaf.children()):
            return f"{kind} is no nn.Sequential of layers"
    return ""


def _leaves(name: str, module: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """The layers in order, each with the prefix of the names of its weights."""
    if type(module) is not nn.Sequential or any(getattr(module, hooks, None) for hooks in HOOKS):
        yield name, module
        return
    for part, child in module.named_children():
        yield from _leaves(f"{name}{part}.", child)
