"""What flows through a stack of members: the examples of a batch, seen by M members.

Letters: M members, B examples of a batch, C channels. "shared" (B, …) is the same for all members, as a batch
is before the first layer that has weights. "rows" (M, B, …) is what matrix products want. "maps"
(B, M · C, H, W) is what convolutions want: the members' channels side by side.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class Signal:
    """The activations of all members, in one of three layouts."""

    x: Tensor
    kind: str  # "shared", "rows" or "maps"
    members: int  # M

    def rows(self) -> Tensor:
        """(M, B, …)"""
        if self.kind == "shared":
            return self.x.expand(self.members, *self.x.shape)
        if self.kind == "maps":
            return self.x.unflatten(1, (self.members, -1)).transpose(0, 1)
        return self.x

    def maps(self) -> Tensor:
        """(B, M · C, H, W)"""
        if self.kind == "shared":
            return self.x.repeat(1, self.members, 1, 1)
        return self.x.transpose(0, 1).flatten(1, 2) if self.kind == "rows" else self.x

    def now(self, x: Tensor, kind: str | None = None) -> Signal:
        return Signal(x, kind or self.kind, self.members)
