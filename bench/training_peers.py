"""One epoch of the same training by everyone: `fit`, the four equations, the usual recipe, other libraries.

A contender is made by a function of the images, the network and the batch size. Making it is not timed, nor
is what a library does before and after an epoch; nobody validates.
"""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Subset, TensorDataset

from helpers import models
from helpers.data import Dataset
from helpers.data._tiers import Raw
from helpers.runtime import generator, timer
from helpers.training import History, TrainConfig, fit, fit_by_hand


@dataclass(frozen=True)
class Race:
    """What all train: `data.train`, flat (n, 784), with ReLU between layers of these `sizes`, plain steps."""

    data: Dataset
    raw: Raw
    folder: Path  # an empty place for files
    sizes: tuple[int, ...]
    batch_size: int
    lr: float

    @property
    def config(self) -> TrainConfig:
        return TrainConfig(lr=self.lr, batch_size=self.batch_size, epochs=1)

    @property
    def device(self) -> torch.device:
        return self.data.train.x.device

    def model(self) -> nn.Sequential:
        return models.mlp(self.sizes, generator=generator(0), act=nn.ReLU).to(self.device)


@dataclass(frozen=True)
class Contender:
    """`epoch()` trains once through the images, its value is the seconds; `answers(x)` are labels."""

    epoch: Callable[[], float]
    answers: Callable[[Tensor], Tensor]


def our_fit(race: Race) -> Contender:
    return _ours(race, fit)


def four_equations(race: Race) -> Contender:
    return _ours(race, fit_by_hand)


def usual_recipe(race: Race, workers: int = 0) -> Contender:
    """torchvision's data set with transforms, a DataLoader and torch.optim.SGD, as in most tutorials."""
    from torchvision import transforms
    from torchvision.datasets import MNIST

    _write_idx(race.folder / "MNIST" / "raw", race.raw)
    change = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
    images = Subset(MNIST(race.folder, transform=change), range(len(race.data.train)))
    extra = {"num_workers": workers, "persistent_workers": True} if workers else {}
    return _loop(race, DataLoader(images, race.batch_size, shuffle=True, **extra))


def usual_recipe_with_workers(race: Race) -> Contender:
    """The same with two processes that read ahead."""
    return usual_recipe(race, workers=2)


def tensor_dataset(race: Race) -> Contender:
    """The floats in memory, batches put together by a DataLoader."""
    return _loop(race, DataLoader(_tensors(race), race.batch_size, shuffle=True))


def skorch(race: Race) -> Contender:
    from skorch import NeuralNetClassifier

    model = race.model()
    net = NeuralNetClassifier(
        model,
        criterion=nn.CrossEntropyLoss,
        optimizer=torch.optim.SGD,
        lr=race.lr,
        batch_size=race.batch_size,
        iterator_train__shuffle=True,
        train_split=None,
        max_epochs=1,
        callbacks="disable",
        verbose=0,
        device=str(race.device),
    ).initialize()
    x, y = race.data.train.x.cpu().numpy(), race.data.train.y.cpu().numpy()
    return Contender(lambda: _seconds(race, lambda: net.partial_fit(x, y)), _answers(net.module_))


def lightning(race: Race) -> Contender:
    import logging

    from lightning import pytorch as pl

    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)

    class Network(pl.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.model = race.model()

        def training_step(self, batch: tuple[Tensor, Tensor], _: int) -> Tensor:
            return F.cross_entropy(self.model(batch[0]), batch[1])

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return torch.optim.SGD(self.parameters(), lr=race.lr)

    clock = Clock(race)

    class Timed(pl.Callback):
        def on_train_epoch_start(self, *_: object) -> None:
            clock.start()

        def on_train_epoch_end(self, *_: object) -> None:
            clock.stop()

    network, loader = Network(), DataLoader(_tensors(race), race.batch_size, shuffle=True)
    quiet = dict.fromkeys(
        ("logger", "enable_checkpointing", "enable_progress_bar", "enable_model_summary"), False
    )

    def epoch() -> float:
        kind = "gpu" if race.device.type == "cuda" else race.device.type
        trainer = pl.Trainer(max_epochs=1, accelerator=kind, devices=1, callbacks=[Timed()], **quiet)
        trainer.fit(network, loader)
        network.to(race.device)
        return clock.seconds

    return Contender(epoch, _answers(network.model))


def keras(race: Race) -> Contender:
    os.environ["KERAS_BACKEND"] = "torch"
    import keras

    hidden = [keras.layers.Dense(size, activation="relu") for size in race.sizes[1:-1]]
    model = keras.Sequential([keras.Input((race.sizes[0],)), *hidden, keras.layers.Dense(race.sizes[-1])])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.SGD(race.lr), loss=loss)
    clock = Clock(race)

    class Timed(keras.callbacks.Callback):
        def on_epoch_begin(self, *_: object) -> None:
            clock.start()

        def on_epoch_end(self, *_: object) -> None:
            clock.stop()

    x, y = race.data.train.x.cpu().numpy(), race.data.train.y.cpu().numpy()

    def epoch() -> float:
        model.fit(x, y, batch_size=race.batch_size, epochs=1, verbose=0, callbacks=[Timed()])
        return clock.seconds

    return Contender(epoch, lambda x: torch.as_tensor(model.predict(x.cpu().numpy(), verbose=0)).argmax(1))


def fastai(race: Race) -> Contender:
    from fastai.callback.core import Callback
    from fastai.data.core import DataLoaders
    from fastai.learner import Learner
    from fastai.optimizer import SGD

    clock = Clock(race)

    class Timed(Callback):
        def before_train(self) -> None:
            clock.start()

        def after_train(self) -> None:
            clock.stop()

    images, few = _tensors(race), TensorDataset(race.data.valid.x.cpu(), race.data.valid.y.cpu())
    loaders = DataLoaders.from_dsets(images, few, bs=race.batch_size, num_workers=0, device=race.device)
    model = race.model()
    learner = Learner(loaders, model, loss_func=F.cross_entropy, opt_func=SGD, lr=race.lr, cbs=[Timed()])

    def epoch() -> float:
        with learner.no_logging():
            learner.fit(1)
        return clock.seconds

    return Contender(epoch, _answers(model))


def scikit_learn(race: Race) -> Contender:
    """On the processor, whatever the device of the others."""
    from sklearn.neural_network import MLPClassifier

    net = MLPClassifier(
        race.sizes[1:-1],
        solver="sgd",
        alpha=0,
        batch_size=race.batch_size,
        learning_rate_init=race.lr,
        momentum=0,
        nesterovs_momentum=False,
    )
    x, y = race.data.train.x.cpu().numpy(), race.data.train.y.cpu().numpy()
    return Contender(
        lambda: _seconds(race, lambda: net.partial_fit(x, y, classes=range(race.sizes[-1]))),
        lambda x: torch.as_tensor(net.predict(x.cpu().numpy())),
    )


CONTENDERS: dict[str, Callable[[Race], Contender]] = {
    "fit": our_fit,
    "the four equations": four_equations,
    "usual recipe": usual_recipe,
    "usual recipe, 2 workers": usual_recipe_with_workers,
    "TensorDataset + DataLoader": tensor_dataset,
    "skorch": skorch,
    "Lightning": lightning,
    "Keras (torch)": keras,
    "fastai": fastai,
    "scikit-learn": scikit_learn,
}


class Clock:
    """Seconds between `start` and `stop`, for callbacks; the device has done its work at both."""

    def __init__(self, race: Race) -> None:
        self.device, self.seconds, self.begin = race.device, 0.0, 0.0

    def now(self) -> float:
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)
        return time.perf_counter()

    def start(self) -> None:
        self.begin = self.now()

    def stop(self) -> None:
        self.seconds = self.now() - self.begin


def _ours(race: Race, train: Callable[[nn.Module, Dataset, TrainConfig], History]) -> Contender:
    model = race.model()
    few = replace(race.data, valid=race.data.valid.take(10))
    return Contender(lambda: train(model, few, race.config).seconds, _answers(model))


def _loop(race: Race, loader: Iterable[tuple[Tensor, Tensor]]) -> Contender:
    """PyTorch's own few lines."""
    model = race.model()
    optimiser = torch.optim.SGD(model.parameters(), lr=race.lr)

    def epoch() -> None:
        for x, y in loader:
            x, y = x.flatten(1).to(race.device), y.to(race.device)
            optimiser.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimiser.step()

    return Contender(lambda: _seconds(race, epoch), _answers(model))


def _tensors(race: Race) -> TensorDataset:
    return TensorDataset(race.data.train.x.cpu(), race.data.train.y.cpu())


def _seconds(race: Race, what: Callable[[], object]) -> float:
    with timer(race.device) as t:
        what()
    return t.seconds


def _answers(model: nn.Module) -> Callable[[Tensor], Tensor]:
    def answers(x: Tensor) -> Tensor:
        with torch.no_grad():
            return model(x).argmax(1)

    return answers


def _write_idx(folder: Path, raw: Raw) -> None:
    """The images as torchvision reads them; the originals may be packed, in a folder that is read-only."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, x, y in (("train", raw.x, raw.y), ("t10k", raw.x_test, raw.y_test)):
        x_head, y_head = struct.pack(">4I", 0x803, *x.shape), struct.pack(">2I", 0x801, len(y))
        (folder / f"{name}-images-idx3-ubyte").write_bytes(x_head + x.astype("uint8").tobytes())
        (folder / f"{name}-labels-idx1-ubyte").write_bytes(y_head + y.astype("uint8").tobytes())
