"""Functions that return small networks, initialised from the generator they are given.

All return logits: no softmax or sigmoid at the end, the losses in `helpers.training` contain it.

Reading order: `_dense` (one layer, fully connected networks).
"""

from helpers.models._dense import linear, mlp

__all__ = ["linear", "mlp"]
