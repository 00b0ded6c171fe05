"""Train the small backbone that the book ships: python tools/train_backbone.py [--minutes 8] [--head].

Needs CIFAR-10 in one of the tiers of `helpers.data.cifar10`. Writes `small.pt` (float16 weights, nothing
else) and `small.json` (its SHA-256, its accuracy and how it came about) into helpers/models/weights. The
learning rate follows the clock: it is zero when the minutes are over, so any machine ends with a finished
network, and no two machines with the same. With `--head` the shipped convolutions stay as they are, and only
the last layer is fitted anew, to the features that the backbone makes of them now.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from helpers import models
from helpers.data import Dataset, Pipeline, Split, cifar10
from helpers.models._backbone import MEAN, N_FEATURES, SHIPPED, STD, small_backbone
from helpers.runtime import generator, provenance
from helpers.training import TrainConfig, all_features, fit

BATCH, PEAK_RATE, DECAY, WARM_UP = 128, 0.1, 5e-4, 0.15
HEAD = TrainConfig(lr=0.02, batch_size=500, epochs=40, optimiser="adam", schedule="one-cycle")
GREY = 0.25  # share of the training pictures shown without colour, so that the features do not rest on it


def normalised(x: Tensor) -> Tensor:
    """uint8 → float32 as `pretrained("small").pipeline` does it."""
    mean, std = (torch.tensor(v, device=x.device).view(3, 1, 1) for v in (MEAN, STD))
    return (x.float() / 255 - mean) / std


def augmented(x: Tensor, random: torch.Generator) -> Tensor:
    """Each picture mirrored or not, shifted by up to 4 pixels, and some grey; (N, 3, 32, 32) uint8."""
    n = len(x)
    x = torch.where(torch.rand(n, 1, 1, 1, generator=random) < 0.5, x.flip(3), x)
    down, right = torch.randint(0, 9, (2, n, 1, 1), generator=random)
    rows, columns = down + torch.arange(32).view(1, 32, 1), right + torch.arange(32).view(1, 1, 32)
    padded = F.pad(x.float(), (4, 4, 4, 4), mode="reflect").permute(0, 2, 3, 1)
    x = padded[torch.arange(n).view(n, 1, 1), rows, columns].permute(0, 3, 1, 2)
    grey = x.mean(1, keepdim=True).expand_as(x)
    return torch.where(torch.rand(n, 1, 1, 1, generator=random) < GREY, grey, x)


def rate(share: float) -> float:
    """The learning rate when this share of the time is over: up in a line, then down in a line."""
    return PEAK_RATE * max(min(share / WARM_UP, (1 - share) / (1 - WARM_UP)), 1e-4)


def clock(seconds: float) -> Callable[[int], float]:
    """The share of the time that is over, from now on."""
    start = time.perf_counter()
    return lambda steps: (time.perf_counter() - start) / seconds


def train(net: nn.Module, split: Split, done: Callable[[int], float]) -> int:
    """Train `net` until `done(updates)`, the share of the run that is over, is 1; the number of updates."""
    random, steps = generator(0), 0
    optimiser = torch.optim.SGD(net.parameters(), PEAK_RATE, momentum=0.9, weight_decay=DECAY, nesterov=True)
    net.train()
    while True:
        for x, y in split.batches(BATCH, random):
            share = done(steps)
            if share >= 1:
                return steps
            optimiser.param_groups[0]["lr"] = rate(share)
            loss = F.cross_entropy(net(normalised(augmented(x, random))), y, label_smoothing=0.1)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            steps += 1
            if steps % 200 == 0:
                print(f"{share:4.0%} of the time, {steps:,} updates, loss {loss.item():.3f}", flush=True)


def folded(backbone: nn.Module) -> nn.Module:
    """The same function without batch normalisation (its running statistics go into the convolutions)."""
    plain = small_backbone()
    ours = [m for m in backbone.eval().modules() if isinstance(m, (nn.Conv2d, nn.BatchNorm2d))]
    theirs = [m for m in plain.modules() if isinstance(m, nn.Conv2d)]
    for k, target in enumerate(theirs):
        target.load_state_dict(fuse_conv_bn_eval(ours[2 * k], ours[2 * k + 1]).state_dict())
    return plain.eval()


@torch.no_grad()
def accuracy(net: nn.Module, split: Split) -> float:
    net.eval()
    hits = sum((net(normalised(x)).argmax(1) == y).sum().item() for x, y in split.batches(500))
    return hits / len(split)


def store(net: nn.Sequential, data: Dataset, facts: dict[str, object]) -> dict[str, object]:
    """Write weights and facts; the accuracies are those of what is stored, read back from float16."""
    SHIPPED.mkdir(parents=True, exist_ok=True)
    path = SHIPPED / "small.pt"
    torch.save({name: value.half() for name, value in net.state_dict().items()}, path)
    stored = copy.deepcopy(net)
    stored.load_state_dict({k: v.float() for k, v in torch.load(path, weights_only=True).items()})
    facts = {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "parameters": sum(w.numel() for w in net.parameters()),
        "classes": list(data.classes),
        "valid_accuracy": accuracy(stored, data.valid),
        "test_accuracy": accuracy(stored, data.test),
        "data": data.describe(),
        **facts,
    }
    text = json.dumps(facts, indent=2, ensure_ascii=False) + "\n"
    (SHIPPED / "small.json").write_text(text, encoding="utf-8")
    return facts


def trained(data: Dataset, minutes: float) -> tuple[nn.Sequential, dict[str, object]]:
    """A network from random weights, ready to be stored, and how it came about."""
    torch.manual_seed(0)
    net = nn.Sequential(small_backbone(norm=True), nn.Linear(N_FEATURES, len(data.classes)))
    steps = train(net, data.train, clock(60 * minutes))
    shipped = nn.Sequential(folded(net[0]), net[1]).eval()
    return shipped, {"minutes": minutes, "updates": steps, "batch_size": BATCH, **machine()}


def with_new_head(data: Dataset) -> tuple[nn.Sequential, dict[str, object]]:
    """The convolutions in `small.pt` with a last layer fitted to their features, and how both came about."""
    state = torch.load(SHIPPED / "small.pt", weights_only=True)
    facts = json.loads((SHIPPED / "small.json").read_text(encoding="utf-8"))
    backbone = small_backbone().eval()
    backbone.load_state_dict({k[2:]: v.float() for k, v in state.items() if k.startswith("0.")})
    found = all_features(backbone, data, Pipeline(32, 32, MEAN, STD), cache=False)
    head = models.linear(N_FEATURES, len(data.classes), generator=generator(0))
    fit(head, found, HEAD)
    origin = {k: facts[k] for k in ("minutes", "updates", "batch_size", "python", "torch", "device")}
    last = {"epochs": HEAD.epochs, "batch_size": HEAD.batch_size, "optimiser": HEAD.optimiser, "lr": HEAD.lr}
    return nn.Sequential(backbone, head), {**origin, "last_layer_fitted_anew": {**last, **machine()}}


def machine() -> dict[str, str]:
    return {name: provenance()[name] for name in ("python", "torch", "device")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=8.0)
    parser.add_argument("--head", action="store_true", help="keep the convolutions, fit the last layer only")
    args = parser.parse_args()
    data = cifar10(device="cpu")
    print(data.describe())
    net, facts = with_new_head(data) if args.head else trained(data, args.minutes)
    print(json.dumps(store(net, data, facts), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
