"""Plain descent on large fully connected layers: the update happens within the backward pass.

To write the gradient of millions of weights to memory, read it again and add it costs nearly as much as to
compute it. BLAS can do all in one: W ← W − lr δᵀ x. The result is that of `PlainSGD` up to rounding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional as F

from helpers.training._optimisers import PlainSGD

LARGE = 1_000_000  # weights of a layer; smaller gradients stay in the processor's cache


@contextmanager
def updated_in_backward(model: nn.Module, x: Tensor, optimiser: object, penalised: bool) -> Iterator[None]:
    """Within it, large `nn.Linear` layers of `model` on the processor update their weights while going back.

    Only with PlainSGD and without weight decay or penalty, which would need the old weights; for weights that
    nobody watches and that are used once for an example x (1, …): others have their gradients added up.
    """
    suited = isinstance(optimiser, PlainSGD) and not optimiser.weight_decay and not penalised
    layers = [part for part in model.modules() if suited and _large(part)]
    if layers:
        used = _uses(model, x)
        layers = [layer for layer in layers if used[layer.weight] == 1]
    uses: Counter[nn.Linear] = Counter()  # of each layer since it was last updated
    for layer in layers:
        layer.forward = partial(_forward, layer, optimiser, uses)
    try:
        yield
    finally:
        for layer in layers:
            del layer.forward


def _large(part: nn.Module) -> bool:
    if type(part) is not nn.Linear or "forward" in vars(part):
        return False
    w = part.weight
    watched = w._backward_hooks or w._post_accumulate_grad_hooks
    return w.numel() >= LARGE and w.device.type == "cpu" and w.requires_grad and not watched


def _uses(model: nn.Module, x: Tensor) -> Counter[Tensor]:
    """In how many places each weight enters the outputs for x, read off the graph of the derivatives."""
    modes = [(part, part.training) for part in model.modules()]
    model.eval()  # so that no statistics move and no random numbers are drawn
    with torch.enable_grad():
        nodes = [model(x).grad_fn]
    for part, training in modes:
        part.training = training
    found, seen = Counter(), set()
    while nodes:
        node = nodes.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        for following, _ in node.next_functions:
            if hasattr(following, "variable"):
                found[following.variable] += 1
            nodes.append(following)
    return found


def _forward(layer: nn.Linear, optimiser: PlainSGD, uses: Counter[nn.Linear], x: Tensor) -> Tensor:
    uses[layer] += torch.is_grad_enabled()
    if not torch.is_grad_enabled() or x.ndim != 2:
        return F.linear(x, layer.weight, layer.bias)
    return _Product.apply(x, layer.weight, layer.bias, layer, optimiser, uses)


class _Product(torch.autograd.Function):
    """x Wᵀ + b for x (B, n), W (m, n), b (m,) or None; going back with δ (B, m), W is updated."""

    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        w: Tensor,
        b: Tensor | None,
        layer: nn.Linear,
        optimiser: PlainSGD,
        uses: Counter[nn.Linear],
    ) -> Tensor:
        ctx.save_for_backward(x, w)
        ctx.layer, ctx.optimiser, ctx.uses = layer, optimiser, uses
        # Examples as columns: with few of them BLAS is half as fast again as with rows.
        z = torch.mm(w, x.T.contiguous())
        return (z if b is None else z.add_(b[:, None])).T

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, delta: Tensor) -> tuple[Tensor | None, ...]:
        x, w = ctx.saved_tensors
        # With the weights before their update:
        to_x = torch.mm(w.T, delta.T.contiguous()).T if ctx.needs_input_grad[0] else None
        to_b = delta.sum(0) if ctx.needs_input_grad[2] else None
        to_w = None
        if ctx.uses[ctx.layer] == 1:
            w.addmm_(delta.T, x, alpha=-ctx.optimiser.lr)
            ctx.uses[ctx.layer] = 0
        else:
            to_w = delta.T @ x
        return to_x, to_w, to_b, None, None, None
