"""Oracles: PyTorch's initialisation under the same seed, convolution as loops in NumPy, counts by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from helpers.models import cnn, compact_cnn, layer_table
from helpers.runtime import generator


def convolved(x, kernels, biases):  # (C, H, W), (K, C, k, k), (K,) -> (K, H - k + 1, W - k + 1)
    k = kernels.shape[-1]
    rows, columns = x.shape[1] - k + 1, x.shape[2] - k + 1
    out = np.empty((len(kernels), rows, columns))
    for place in np.ndindex(*out.shape):
        c, r, s = place
        out[place] = (x[:, r : r + k, s : s + k] * kernels[c]).sum() + biases[c]
    return out


def pooled(x):  # (C, H, W) -> (C, H // 2, W // 2)
    c, h, w = x.shape
    return x[:, : h // 2 * 2, : w // 2 * 2].reshape(c, h // 2, 2, w // 2, 2).max((2, 4))


def test_cnn_is_its_formula():
    model = cnn((2, 3), (5, 4), generator=generator(3)).eval()
    k1, c1, k2, c2, *dense = (p.detach().double().numpy() for p in model.parameters())
    x = np.random.default_rng(0).normal(size=(1, 28, 28))
    a = np.maximum(pooled(convolved(x, k1, c1)), 0)
    a = np.maximum(pooled(convolved(a, k2, c2)), 0).reshape(-1)
    for i in range(0, len(dense), 2):
        a = dense[i] @ a + dense[i + 1]
        a = a if i == len(dense) - 2 else np.maximum(a, 0)
    found = model(torch.tensor(x[None]).float())[0].detach().numpy()
    np.testing.assert_allclose(found, a, rtol=0, atol=1e-5)
    wrong = found.copy()
    wrong[0] += 1e-3
    assert not np.allclose(wrong, a, rtol=0, atol=1e-5)


def test_initialisation_is_pytorchs():
    torch.manual_seed(7)
    expected = nn.Sequential(nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5), nn.Linear(256, 120), nn.Linear(120, 84))
    mine = list(cnn(generator=generator(7)).parameters())
    for a, b in zip(mine, expected.parameters(), strict=False):
        torch.testing.assert_close(a, b, rtol=1e-6, atol=0)
    assert len(mine) == 10


def test_shapes_and_counts_of_the_task():
    table = layer_table(cnn(generator=generator(0)))
    counts = {layer.name: layer.parameters for layer in table if layer.parameters}
    by_hand = {
        "conv1": 6 * 26,
        "conv2": 16 * 151,
        "linear1": 257 * 120,
        "linear2": 121 * 84,
        "linear3": 85 * 10,
    }
    assert counts == by_hand
    shapes = {layer.name: layer.shape for layer in table}
    assert (shapes["conv1"], shapes["pool1"], shapes["conv2"]) == ((6, 24, 24), (6, 12, 12), (16, 8, 8))
    assert (shapes["pool2"], shapes["flatten"], shapes["linear3"]) == ((16, 4, 4), (256,), (10,))
    names = [layer.name for layer in table]
    assert names.index("linear1") < names.index("dropout") < names.index("linear2")
    assert table[names.index("dropout")].kind == "Dropout"


def test_batch_norm_before_every_activation():
    model = cnn(generator=generator(0), batch_norm=True)
    names = [name for name, _ in model.named_children()]
    assert [names[names.index(f"act{k}") - 1] for k in (1, 2, 3, 4)] == ["norm1", "norm2", "norm3", "norm4"]
    assert sum(layer.parameters for layer in layer_table(model)) == 44_426 + 2 * (6 + 16 + 120 + 84)
    plain = cnn(generator=generator(0))
    assert torch.equal(model.conv2.weight, plain.conv2.weight)  # the same start, with and without


def test_dropout_acts_in_training_only():
    model, x = cnn(generator=generator(0), dropout=0.4), torch.rand(4, 1, 28, 28)
    torch.manual_seed(0)
    assert not torch.equal(model(x), model(x))
    model.eval()
    assert torch.equal(model(x), model(x))
    never = cnn(generator=generator(0), dropout=0.0)
    assert torch.equal(never(x), never(x))


def test_compact_network():
    model = compact_cnn((3, 4, 5), generator=generator(0))
    table = {layer.name: layer for layer in layer_table(model)}
    assert [table[f"pool{k}"].shape for k in (1, 2, 3)] == [(3, 12, 12), (4, 6, 6), (5, 3, 3)]
    counts = 75 + 6 + 3 * 4 * 25 + 8 + 4 * 5 * 9 + 10 + 46 * 10
    assert sum(layer.parameters for layer in table.values()) == counts
    assert model(torch.rand(2, 1, 28, 28)).shape == (2, 10)


def test_order_in_memory_changes_no_value():
    model, x = compact_cnn((3, 4, 5), generator=generator(1)).eval(), torch.rand(3, 1, 28, 28)
    assert model.conv2.weight.is_contiguous(memory_format=torch.channels_last)
    before = model(x)
    model.to(memory_format=torch.contiguous_format)
    torch.testing.assert_close(model(x), before, rtol=0, atol=1e-5)


def test_layer_table_keeps_the_mode_and_the_statistics():
    model = cnn((2, 2), (3,), generator=generator(0), batch_norm=True)
    mean = model.norm1.running_mean.clone()
    layer_table(model)
    assert model.training
    assert torch.equal(model.norm1.running_mean, mean)


def test_seeds_and_the_global_generator():
    torch.manual_seed(1)
    before = torch.get_rng_state()
    first, same, other = (cnn(generator=generator(seed)).conv1.weight for seed in (1, 1, 2))
    compact_cnn(generator=generator(1))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first, same)
    assert not torch.equal(first, other)


def test_sizes_that_make_no_network():
    with pytest.raises(ValueError, match="no room for 3 convolutions"):
        cnn((2, 2, 2), generator=generator(0))
    with pytest.raises(ValueError, match="needs a hidden linear layer"):
        cnn(hidden=(), generator=generator(0))
    with pytest.raises(ValueError, match="three convolutions, got 2"):
        compact_cnn((2, 2), generator=generator(0))
