"""The layers of a stack: each does for M members at once what its module does for one.

A layer is a function of the stack and a signal. Gradients come from autograd, but for the weights of matrix
products: their gradient δᵀx is left as its two factors, so that the optimiser can add the product to the
weights in one pass and never has to store it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from helpers.sweeps._network import Network
from helpers.sweeps._signal import Signal

Layer = Callable[[Network, Signal], Signal]


class Affine(torch.autograd.Function):
    """z = x Wᵀ + b for x (M, B, d), W (M, h, d), b (M, h) or None; leaves (δ, x) in `factors[name]`."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, w: Tensor, b: Tensor | None, factors: dict, name: str) -> Tensor:
        ctx.save_for_backward(x, w)
        ctx.factors, ctx.name, ctx.has_bias = factors, name, b is not None
        return torch.bmm(x, w.mT) if b is None else torch.baddbmm(b.unsqueeze(1), x, w.mT)

    @staticmethod
    def backward(ctx: Any, delta: Tensor) -> tuple[Tensor | None, ...]:
        x, w = ctx.saved_tensors
        ctx.factors[ctx.name] = delta, x
        back = torch.bmm(delta, w) if ctx.needs_input_grad[0] else None
        return back, None, delta.sum(1) if ctx.has_bias else None, None, None


def linear(name: str, module: nn.Linear) -> Layer:
    def layer(net: Network, signal: Signal) -> Signal:
        weight, bias = net.tensors[f"{name}weight"], net.tensors.get(f"{name}bias")
        return signal.now(Affine.apply(signal.rows(), weight, bias, net.factors, f"{name}weight"), "rows")

    return layer


def convolution(name: str, module: nn.Conv2d) -> Layer:
    settings = {"stride": module.stride, "padding": module.padding, "dilation": module.dilation}

    def layer(net: Network, signal: Signal) -> Signal:
        weight, bias = net.tensors[f"{name}weight"].flatten(0, 1), net.tensors.get(f"{name}bias")
        bias = None if bias is None else bias.flatten()
        if signal.kind == "shared" and module.groups == 1:  # one convolution with the kernels of all members
            return signal.now(F.conv2d(signal.x, weight, bias, **settings), "maps")
        groups = signal.members * module.groups
        return signal.now(F.conv2d(signal.maps(), weight, bias, groups=groups, **settings), "maps")

    return layer


def batch_norm(name: str, module: nn.BatchNorm1d | nn.BatchNorm2d) -> Layer:
    """The members' features side by side are the features of one wide batch normalisation."""

    def layer(net: Network, signal: Signal) -> Signal:
        def wide(part: str) -> Tensor | None:
            value = net.tensors.get(f"{name}{part}")
            return None if value is None else value.view(-1)

        flat = isinstance(module, nn.BatchNorm1d)
        x = signal.rows().transpose(0, 1).flatten(1) if flat else signal.maps()
        mean, var, count = wide("running_mean"), wide("running_var"), wide("num_batches_tracked")
        factor = module.momentum
        if net.training and count is not None:
            count += 1
            factor = 1 / count[0].item() if factor is None else factor
        own = net.training or mean is None  # the statistics of the batch itself
        z = F.batch_norm(x, mean, var, wide("weight"), wide("bias"), own, factor or 0.0, module.eps)
        if not flat:
            return signal.now(z, "maps")
        return signal.now(z.unflatten(1, (signal.members, -1)).transpose(0, 1), "rows")

    return layer


def dropout(name: str, module: nn.Dropout | nn.Dropout2d) -> Layer:
    def layer(net: Network, signal: Signal) -> Signal:
        if not net.training or module.p == 0:
            return signal
        x = signal.rows()
        if module.p == 1:
            return signal.now(x * 0, "rows")
        size = x.shape[1:] if isinstance(module, nn.Dropout) else (*x.shape[1:3], *(1 for _ in x.shape[3:]))
        mask = net.dice.masks(size, 1 - module.p, x).div_(1 - module.p)
        if signal.kind == "maps":
            return signal.now(signal.x * Signal(mask, "rows", signal.members).maps().expand_as(signal.x))
        return signal.now(x * mask, "rows")

    layer.random = True
    return layer


def flatten(name: str, module: nn.Flatten) -> Layer:
    if (module.start_dim, module.end_dim) != (1, -1):
        return anything(name, module)

    def layer(net: Network, signal: Signal) -> Signal:
        if signal.kind == "shared":
            return signal.now(signal.x.flatten(1))
        return signal.now(signal.rows().flatten(2), "rows")

    return layer


def pointwise(name: str, module: nn.Module) -> Layer:
    """Each number by itself: any layout will do."""
    return lambda net, signal: signal.now(module(signal.x))


def by_map(name: str, module: nn.Module) -> Layer:
    """Each channel by itself, such as pooling."""

    def layer(net: Network, signal: Signal) -> Signal:
        if signal.kind == "shared":
            return signal.now(module(signal.x))
        return signal.now(module(signal.maps()), "maps")

    return layer


def anything(name: str, module: nn.Module) -> Layer:
    """A module without weights that the stack does not know: torch.func.vmap calls it for each member."""
    each = torch.func.vmap(module)  # refuses a module that draws random numbers

    def layer(net: Network, signal: Signal) -> Signal:
        module.train(net.training)
        return signal.now(each(signal.rows()), "rows")

    return layer
