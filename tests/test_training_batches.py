"""What happens to a batch on its way. Oracles: the batches the model sees, and torch's own batch norm."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn
from toy_training import dataset, small_net, weights

from helpers import models
from helpers.runtime import generator
from helpers.training import TrainConfig, evaluate, fit

PLAIN = TrainConfig(lr=0.3, batch_size=8, epochs=2)


class Spy(nn.Module):
    """Keeps what it is given in training and in evaluation mode."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = models.linear(4, 3)
        self.seen: dict[bool, list[Tensor]] = {True: [], False: []}

    def forward(self, x: Tensor) -> Tensor:
        self.seen[self.training].append(x.clone())
        return self.layer(x)


def noise(x: Tensor, generator: torch.Generator) -> Tensor:
    return x + torch.randn(x.shape, generator=generator)


def differences(seed: int = 0, epochs: int = 2) -> Tensor:
    """What `noise` added in a run, one row for each example of each epoch."""
    config, plain, noisy = replace(PLAIN, seed=seed, epochs=epochs), Spy(), Spy()
    fit(plain, dataset(3), config)
    fit(noisy, dataset(3), config, augment=noise)
    for mine, theirs in zip(plain.seen[False], noisy.seen[False], strict=True):
        assert torch.equal(mine, theirs)  # evaluation sees the images as they are
    return torch.cat(noisy.seen[True]) - torch.cat(plain.seen[True])


def test_augmentation_draws_anew_at_each_step_and_the_same_in_each_run():
    added = differences()
    assert added.shape == (100, 4)
    assert abs(added.mean()) < 0.25
    assert 0.8 < added.std() < 1.2
    assert len(added.round(decimals=4).unique(dim=0)) == 100
    assert torch.equal(differences(), added)
    assert torch.equal(differences(epochs=3)[:100], added)
    assert not torch.isclose(differences(seed=1), added).any()


def test_augmentation_leaves_the_data_and_dropout_as_they_were():
    data, drawn = dataset(3), []
    before = data.train.x.clone()

    class Watched(nn.Dropout):
        def forward(self, x: Tensor) -> Tensor:
            if self.training:
                drawn.append(super().forward(torch.ones_like(x)))
            return x

    model = small_net(0)
    model[2] = Watched(0.5)
    fit(model, data, PLAIN)
    fit(model, data, PLAIN, augment=noise)
    assert torch.equal(data.train.x, before)
    assert torch.equal(torch.cat(drawn[:14]), torch.cat(drawn[14:]))


def normed(dropout: float = 0.5) -> nn.Sequential:
    """Two blocks of a layer, batch norm and dropout, then a layer."""
    blocks = [
        nn.Sequential(models.linear(4, 4, generator=generator(k)), nn.BatchNorm1d(4), nn.Dropout(dropout))
        for k in (1, 2)
    ]
    return nn.Sequential(*blocks, models.linear(4, 3, generator=generator(3)))


def test_frozen_parts_stay_in_evaluation_mode():
    model, modes = normed(), []
    model[0].requires_grad_(False)
    model[1][0].requires_grad_(False)
    before = {name: value.clone() for name, value in model[0].state_dict().items()}
    model[2].register_forward_hook(lambda *_: modes.append([part.training for part in model.modules()]))
    fit(model, dataset(3), PLAIN)
    for name, value in model[0].state_dict().items():
        assert torch.equal(value, before[name]), name
    assert model[1][1].num_batches_tracked == 14
    #           model, block 0, its three parts,  block 1, layer, norm, dropout, last layer
    expected = [True, False, False, False, False, True, False, True, True, True]
    trained = [mode for mode in modes if any(mode)]
    assert trained == [expected] * 14
    assert not any(part.training for part in model.modules())  # it ends in evaluation mode


def test_frozen_batch_norm_is_a_fixed_linear_map():
    """Training above a frozen part is training on its outputs, taken once."""
    model, data = normed(), dataset(3)
    with torch.no_grad():
        for x, _ in data.train.batches(10):
            model(x)  # so that the statistics are not those of the start
    model[:2].requires_grad_(False)
    model.eval()
    with torch.no_grad():
        train, valid = (replace(split, x=model[:2](split.x)) for split in (data.train, data.valid))
    alone = models.linear(4, 3, generator=generator(3))
    expected = fit(alone, replace(data, train=train, valid=valid), PLAIN)
    found = fit(model, data, PLAIN)
    torch.testing.assert_close(weights(model[2]), weights(alone), rtol=0, atol=1e-6)
    assert found.valid_loss == pytest.approx(expected.valid_loss, abs=1e-6)


def test_evaluate_gives_every_part_its_mode_back():
    model = normed().train()
    model[0].eval()
    modes = [part.training for part in model.modules()]
    seen = []
    model[1].register_forward_hook(lambda part, *_: seen.append(part.training))
    evaluate(model, dataset(3).valid)
    assert seen == [False]
    assert [part.training for part in model.modules()] == modes
