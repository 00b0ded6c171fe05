"""A step of many members at once: two matrix products for all of them.

Letters: S orders of the examples, m members to each, K outputs, d' coordinates. A batch is cut into `blocks`;
each block has L = S · `parts` lanes of `rows` examples, one product for each lane. On a processor there are
as many lanes as threads at least, so that each thread works by itself on rows which stay in its cache for
both products. Members are rows and examples are columns of the logits: measured to be the fast layout for few
members, since the examples, the longer side, then fill the registers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import torch
from torch import Tensor

# Examples of a lane on a processor. From 512 to 1,024 the measured times differ by a few per cent: with fewer
# the threads wait for each other more often, with more a block has left the cache before its second product.
LANE_ROWS = 512
LOGITS_AT_ONCE = 2**26  # on an accelerator: 256 MB of float32


@dataclass(frozen=True)
class Layout:
    """How the examples of a step lie in memory."""

    batch: int  # examples of a step
    orders: int  # S
    parts: int  # lanes that share the examples of one order
    blocks: int
    rows: int

    @property
    def room(self) -> int:
        """Examples of one order that fit; what exceeds `batch` is filled with zeros."""
        return self.blocks * self.parts * self.rows


def layout(batch: int, orders: int, outputs: int, device: torch.device) -> Layout:
    """The layout for S `orders` with `outputs` = m · K logits for each example."""
    on_cpu = device.type == "cpu"
    parts = max(1, torch.get_num_threads() // orders) if on_cpu else 1
    most = LANE_ROWS if on_cpu else max(1, LOGITS_AT_ONCE // (orders * outputs))
    each = math.ceil(batch / parts)
    blocks = math.ceil(each / most)
    rows = math.ceil(each / blocks / 8) * 8
    return Layout(batch, orders, parts, blocks, rows)


@dataclass
class Stack:
    """The members that are still training. The first two axes of each tensor are S and m."""

    ids: Tensor  # (S, m) which member it is, on the CPU
    weights: Tensor  # (S, m, K, d')
    across: Tensor  # (S, m, K, d − v), see `_rotation`
    velocity: Tensor  # (S, m, K, d'), or with a last axis of 0 if nobody has momentum
    lr: Tensor  # (S, m, 1, 1)
    decay: Tensor  # (S, m, 1, d'), 0 for the bias unless weight_decay is set
    momentum: Tensor  # (S, m, 1, 1)

    def keep(self, alive: Tensor) -> bool:
        """Drop the orders and the rows in which nobody is `alive` (S, m) any more; True if there were any."""
        orders, rows = (alive.any(axis).nonzero()[:, 0] for axis in (1, 0))
        if alive.shape == (len(orders), len(rows)):
            return False
        kept = {}
        for field in fields(self):
            value = getattr(self, field.name)
            s, m = orders.to(value.device), rows.to(value.device)
            kept[field.name] = value.index_select(0, s).index_select(1, m)
        vars(self).update(kept)
        return True


@dataclass(frozen=True)
class Buffers:
    """Room for the results of the products, taken once and not in every step."""

    logits: Tensor  # (L, m · K, rows)
    residuals: Tensor  # (L, m · K, rows); the same memory with one output
    gradient: Tensor  # (L, m · K, d')


def buffers(stack: Stack, plan: Layout) -> Buffers:
    orders, m, k, d = stack.weights.shape
    lanes, new = orders * plan.parts, stack.weights.new_empty
    logits = new(lanes, m * k, plan.rows)
    return Buffers(logits, logits if k == 1 else torch.empty_like(logits), new(lanes, m * k, d))


def step(stack: Stack, x: Tensor, target: Tensor | None, count: int, room: Buffers) -> None:
    """One update of all members: g = (1/count) Σₙ rₙ xₙ + decay · w;  v ← momentum · v + g;  w ← w − lr · v.

    x (blocks, L, rows, d') holds `count` examples of each order and zeros; `target` as in `_residuals`.
    """
    g = _gradient(stack.weights, x, target, room)
    g.div_(count).addcmul_(stack.decay, stack.weights)
    if stack.velocity.numel():
        g = stack.velocity.mul_(stack.momentum).add_(g)
    stack.weights.addcmul_(stack.lr, g, value=-1)


def _gradient(weights: Tensor, x: Tensor, target: Tensor | None, room: Buffers) -> Tensor:
    """Σₙ rₙ xₙ over the examples of a step, (S, m, K, d')."""
    orders, m, k, d = weights.shape
    parts = x.shape[1] // orders
    w = weights.reshape(orders, 1, m * k, d).expand(-1, parts, -1, -1).reshape(orders * parts, m * k, d)
    for b, block in enumerate(x):
        torch.bmm(w, block.mT, out=room.logits)
        r = _residuals(room, None if target is None else target[b], k)
        if b == 0:
            torch.bmm(r, block, out=room.gradient)
        else:
            room.gradient.baddbmm_(r, block)  # while the block is still in the cache
    g = room.gradient.view(orders, parts, m, k, d)
    return g[:, 0] if parts == 1 else g.sum(1)


def _residuals(room: Buffers, target: Tensor | None, k: int) -> Tensor:
    """r = ∂loss/∂z for the logits z, both (L, m · K, rows).

    With one output, the examples with the label 1 are stored with their sign turned, x' = −x: there
    (σ(w·x) − 1) x = σ(w·x') x', so that r = σ(z) and no label is needed. With K outputs r = softmax(z) − y,
    y the one-hot `target` (L, 1, K, rows).
    """
    if k == 1:
        return room.logits.sigmoid_()
    z, r = (part.unflatten(1, (-1, k)) for part in (room.logits, room.residuals))  # (L, m, K, rows)
    torch.softmax(z, 2, out=r).sub_(target)
    return room.residuals
