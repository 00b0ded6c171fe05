"""Functions that return small networks, initialised from the generator they are given.

All return logits: no softmax or sigmoid at the end, the losses in `helpers.training` contain it.

Reading order: `_dense` (one layer, fully connected networks), `_convolutional` (networks for images, the
table of their layers), `_gradients` (how large the gradient is in each layer,
and how the cost curves), `_backbone` (the small network that the book ships), `_pretrained` (networks trained
by others), `_registry` (what it takes from torchvision), `_reuse` (its features scaled, its answers, its
failures).
"""

from helpers.models._backbone import small_backbone
from helpers.models._convolutional import Layer, cnn, compact_cnn, layer_table
from helpers.models._dense import SteepSigmoid, linear, mlp
from helpers.models._gradients import LayerGradients, curvature, layer_gradients
from helpers.models._pretrained import Classifier, Pretrained, pretrained
from helpers.models._reuse import answers, first_failure, scaled

__all__ = [
    "Classifier",
    "Layer",
    "LayerGradients",
    "Pretrained",
    "SteepSigmoid",
    "answers",
    "cnn",
    "compact_cnn",
    "curvature",
    "first_failure",
    "layer_gradients",
    "layer_table",
    "linear",
    "mlp",
    "pretrained",
    "scaled",
    "small_backbone",
]
