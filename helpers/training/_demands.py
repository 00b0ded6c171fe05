"""What a model, data and settings must be before a training begins; each refusal is one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from helpers.data import Dataset, Split
from helpers.runtime import CourseError


def demand_ready(model: nn.Module, data: Dataset, batch_size: int) -> None:
    """CourseError unless `model` can be trained on `data` in such batches; it is left in training mode.

    Parts whose weights are all frozen are left in evaluation mode.
    """
    _demand_gradients()
    demand_splits(data)
    model.eval()
    with _single_values(model) as lonely:
        outputs = _outputs(model, data.train.x[:1])
    if outputs.ndim != 2:
        raise CourseError(
            f"The model must return (N, K) logits, but one example gave the shape {tuple(outputs.shape)}."
        )
    demand_labels(data, outputs.shape[1])
    _demand_weights(model)
    _train_mode(model)
    _demand_batches(model, lonely, len(data.train), batch_size)


def demand_splits(data: Dataset) -> None:
    """CourseError unless training and validation examples are on one device, with whole numbers as labels."""
    devices = {str(tensor.device) for s in (data.train, data.valid) for tensor in (s.x, s.y)}
    if len(devices) > 1:
        raise CourseError(
            f"The data are on {' and '.join(sorted(devices))}: move all splits to one device, "
            "such as Split(x.to(device), y.to(device))."
        )
    for name, split in (("training", data.train), ("validation", data.valid)):
        _demand_split(name, split)


def _demand_split(name: str, split: Split) -> None:
    if len(split) == 0:
        raise CourseError(f"There are no {name} examples: give at least one.")
    if split.y.dtype != torch.int64:
        raise CourseError(
            f"The {name} labels are {_type(split.y)}, but must be int64: make them so with y.long()."
        )
    if split.x.is_inference():
        raise CourseError(
            f"The {name} examples were made inside torch.inference_mode(): make them outside of it."
        )


def demand_labels(data: Dataset, n_out: int) -> None:
    """CourseError unless all labels are among 0 … K − 1 for K outputs, 0 and 1 for a single one."""
    allowed = max(n_out, 2) - 1
    lowest = min(int(s.y.min()) for s in (data.train, data.valid))
    highest = max(int(s.y.max()) for s in (data.train, data.valid))
    if lowest < 0:
        raise CourseError(
            f"The labels go down to {lowest}, but classes are counted from 0: leave such examples out, "
            "or give them a class of their own."
        )
    if highest > allowed:
        raise CourseError(
            f"The labels go up to {highest}, but with {n_out} output(s) the model knows only 0 to "
            f"{allowed}: give it more outputs, or select fewer classes with digits= or .only()."
        )


def _demand_gradients() -> None:
    if torch.is_inference_mode_enabled() or not torch.is_grad_enabled():
        raise CourseError(
            "This was called where gradients are switched off (torch.no_grad or torch.inference_mode): "
            "call it outside of that."
        )


def _demand_weights(model: nn.Module) -> None:
    weights = [w for w in model.parameters() if w.requires_grad]
    if not weights:
        raise CourseError("The model has no weights to train: all are frozen (requires_grad is False).")
    if any(w.is_inference() for w in weights):
        raise CourseError(
            "The model was made inside torch.inference_mode(), where weights get no gradients: "
            "make it outside."
        )


def _demand_batches(model: nn.Module, lonely: list[str], n: int, batch_size: int) -> None:
    """CourseError if a batch of one example would meet a batch normalisation of `lonely` in training."""
    norms = [name for name in lonely if model.get_submodule(name).training]
    size = min(batch_size, n)
    if norms and 1 in (size, n % size):
        which = "every batch" if size == 1 else "the last batch of an epoch"
        raise CourseError(
            f"With {n:,} examples and batch_size={batch_size:,} {which} has one example, which the batch "
            f"normalisation {norms[0]!r} cannot normalise: take another batch_size, or one example less."
        )


def _train_mode(model: nn.Module) -> None:
    """Training mode, save for parts whose weights are all frozen: their statistics and dropout rest too."""
    model.train()
    for part in model.modules():
        weights = list(part.parameters())
        if weights and not any(w.requires_grad for w in weights):
            part.eval()


def _outputs(model: nn.Module, x: Tensor) -> Tensor:
    try:
        with torch.no_grad():
            return model(x)
    except (RuntimeError, ValueError, IndexError) as error:
        found = next((w.dtype for w in model.parameters() if w.is_floating_point()), x.dtype)
        if "type" in str(error):  # torch's words: "must have the same dtype", "expected scalar type"
            demand_type(x, found)
        shape = tuple(x.shape[1:])
        advice = f"use flat=True or another first layer ({error})"
        raise CourseError(f"The model cannot take examples of shape {shape}: {advice}.") from error


def demand_type(x: Tensor, weights: torch.dtype) -> None:
    """CourseError unless the examples have the type of the weights that are to multiply them."""
    if x.dtype == torch.uint8 and weights != x.dtype:
        raise CourseError(
            "The model cannot take bytes: put a helpers.data.Pipeline before it, or divide them: "
            "x.float() / 255."
        )
    if x.dtype != weights:
        kind = str(weights).removeprefix("torch.")
        raise CourseError(
            f"The model cannot take examples that are {_type(x)}, its weights being {kind}: make them alike, "
            "as with model.to(x.dtype)."
        )


@contextmanager
def _single_values(model: nn.Module) -> Iterator[list[str]]:
    """Within it, for one example: the names of batch normalisations that see one value of each channel."""
    found: list[str] = []
    handles = []
    for name, part in model.named_modules():
        if isinstance(part, _BatchNorm):

            def look(_part: nn.Module, inputs: tuple[Tensor, ...], name: str = name) -> None:
                if inputs[0].numel() == inputs[0].shape[1]:
                    found.append(name)

            handles.append(part.register_forward_pre_hook(look))
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


def _type(tensor: Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")
