"""The device bench: what an accelerator is worth. `tools/on_gpu.sh` runs it after the tests marked `gpu`.

Images a second of `fit` on the processor and on the accelerator, beside the usual recipe, a CUDA graph and
`torch.compile`; a sweep against the loop; the seconds to 99 % of MNIST's test images with the compact network
and the recipe of the chapter on convolutional networks, over a hundred starts; claims measured anew.
Everything goes into one JSON file, which is written after each measurement: whoever cuts the run off keeps
what was done. Its `rows` are what the page *Beyond one machine* shows.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import gpu_races
import numpy as np
import torch
from torch import nn

from helpers import models
from helpers.data import Dataset, Split, mnist, shift
from helpers.runtime import _processor, generator, provenance
from helpers.training import TrainConfig, fit

TARGET = 0.99
STARTS, TARGETS_TAKE, CLAIMS_TAKE = 120, 150.0, 130.0  # starts; seconds at most
MINUTES = 6.5  # after that nothing is begun
THREADS = torch.get_num_threads()
RECIPE = TrainConfig(
    lr=0.1,
    momentum=0.9,
    weight_decay=5e-4,
    batch_size=128,
    schedule="one-cycle",
    epochs=8,
    checks_per_epoch=5,
)
SHORT = replace(RECIPE, epochs=2)  # the same in a quarter of the time


@dataclass
class Report:
    """What is written to `path`, and how long there is still time to measure."""

    path: Path
    until: float  # of time.perf_counter
    content: dict[str, object] = field(default_factory=dict)

    def add(self, name: str, value: object) -> None:
        self.content[name] = value
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_name(f"{self.path.name}.part")
        part.write_text(json.dumps(self.content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        part.replace(self.path)
        print(f"{name}: {json.dumps(value, ensure_ascii=False)}", flush=True)

    @property
    def left(self) -> float:
        """Seconds."""
        return self.until - time.perf_counter()

    @property
    def late(self) -> bool:
        return self.left < 0


@dataclass(frozen=True)
class Net:
    """A network whose images a second are measured."""

    make: Callable[[int], nn.Module]
    batch_size: int
    flat: bool
    images: int  # in an epoch on the accelerator; the processor gets `share` of them
    share: float = 1.0


NETS = {
    "784-200-10, batches of 20": Net(
        lambda seed: models.mlp((784, 200, 10), generator=generator(seed)), 20, True, 20_000, 0.5
    ),
    "784-200-10, batches of 1,000": Net(
        lambda seed: models.mlp((784, 200, 10), generator=generator(seed)), 1_000, True, 50_000
    ),
    "784-3136-1568-10, batches of 32": Net(
        lambda seed: models.mlp((784, 3136, 1568, 10), generator=generator(seed)), 32, True, 20_000, 0.1
    ),
    "compact convolutional network, batches of 128": Net(
        lambda seed: models.compact_cnn(generator=generator(seed)), 128, False, 50_000, 0.2
    ),
}


def images_a_second(net: Net, data: Dataset, images: int, seeds: range) -> dict[str, object]:
    """Of a second epoch; the first one warms up."""
    config = TrainConfig(lr=0.01, batch_size=net.batch_size, epochs=2)
    train = data.train.take(min(images, len(data.train)))
    if net.flat:
        train = Split(train.x.flatten(1), train.y)
    few = train.take(min(100, len(train)))
    found = []
    for seed in seeds:
        history = fit(net.make(seed), replace(data, train=train, valid=few), replace(config, seed=seed))
        found.append(len(train) / (history.elapsed[1] - history.elapsed[0]))
    return spread(found, 0)


def spread(values: list[float], digits: int) -> dict[str, object]:
    shown = [round(v, digits) for v in values]
    return {"median": round(statistics.median(values), digits), "by seed": shown}


def to_target(data: Dataset, config: TrainConfig, seeds: range, until: float) -> dict[str, object]:
    """Seconds of training until a check finds the target, by seed; null where none does.

    No seed is begun after `until`, a time of `time.perf_counter`, but the first.
    """
    seconds: list[float | None] = []
    last: list[float] = []
    for seed in seeds:
        if time.perf_counter() > until and seconds:
            break
        model = models.compact_cnn(generator=generator(seed))
        history = fit(model, data, replace(config, seed=seed), augment=shift(2))
        reached = np.array(history.valid_accuracy) >= TARGET
        seconds.append(round(history.elapsed[int(reached.argmax())], 3) if reached.any() else None)
        last.append(round(history.valid_accuracy[-1], 4))
    there = [s for s in seconds if s is not None]
    return {
        "median": round(statistics.median(there), 3) if there else None,
        "starts": len(seconds),
        "reached": len(there),
        "by seed": seconds,
        "accuracy at the end": last,
        "epochs": config.epochs,
    }


def same_bits(data: Dataset) -> dict[str, bool]:
    """Is a run twice the same, bit for bit?"""
    found = {}
    for name, flat, make in (
        ("784-200-10", True, NETS["784-200-10, batches of 20"].make),
        ("compact convolutional network", False, NETS["compact convolutional network, batches of 128"].make),
    ):
        train = data.train.take(min(2_000, len(data.train)))
        train = Split(train.x.flatten(1), train.y) if flat else train
        ends = []
        for _ in range(2):
            model = make(0)
            few = replace(data, train=train, valid=train.take(50))
            fit(model, few, TrainConfig(lr=0.05, batch_size=100, epochs=1))
            ends.append(torch.cat([w.detach().flatten() for w in model.parameters()]))
        found[name] = torch.equal(*ends)
    return found


def tests_told(path: Path | None) -> dict[str, object]:
    """What pytest's junit file says, and the names of what failed."""
    if path is None or not path.is_file():
        return {"run": False}
    if not path.stat().st_size:  # pytest opens the file first and writes it last
        return {"run": False, "why": "ended before their last test"}
    suite = ElementTree.parse(path).getroot().find("testsuite")
    counts = {name: int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped")}
    failed = [c.get("name") for c in suite.iter("testcase") if c.find("failure") is not None]
    return {"run": True, **counts, "failed": failed, "seconds": round(float(suite.get("time")), 1)}


def everything(device: str) -> Dataset:
    """All training images; the test images stand where `fit` looks, since their accuracy is the finish."""
    data = mnist(n_train=59_000, n_valid=1_000, device=device)
    both = [torch.cat(pair) for pair in ((data.train.x, data.valid.x), (data.train.y, data.valid.y))]
    return replace(data, train=Split(*both), valid=data.test)


def reduced(data: Dataset) -> Dataset:
    """A few images, to see that all of this runs."""
    return replace(data, train=data.train.take(300), valid=data.valid.take(100))


def machine(device: torch.device) -> dict[str, object]:
    facts = provenance()
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else "none: the processor instead"
    return {
        "accelerator": name,
        "processor": {"name": _processor(), "threads": THREADS},
        "python": facts["python"],
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "numpy": np.__version__,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--tests", type=Path, help="pytest's junit file")
    parser.add_argument("--commit", default="")
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--dry", action="store_true")
    args = parser.parse_args()
    start = time.perf_counter()
    report = Report(args.out, start + 60 * args.minutes)
    gpu = torch.device("cuda" if torch.cuda.is_available() and not args.dry else "cpu")
    report.add("dry", args.dry)
    report.add("commit", args.commit or provenance()["commit"])
    report.add("machine", machine(gpu))
    report.add("tests", tests_told(args.tests))
    measure(report, gpu, args.dry)
    report.add("seconds in all", round(time.perf_counter() - start, 1))


def measure(report: Report, gpu: torch.device, dry: bool) -> None:
    """The accelerator first: its numbers are what the run is for."""
    data = {name: everything(name) for name in dict.fromkeys((gpu.type, "cpu"))}
    if dry:
        data = {name: reduced(d) for name, d in data.items()}
    report.add("data", data[gpu.type].describe())
    for kind in dict.fromkeys((gpu.type, "cpu")):
        if not report.late:
            speeds(report, data[kind], kind, range(1 if dry else 5))
            races(report, data[kind], kind)
        if kind == gpu.type:
            report.add("the same bits twice", same_bits(data[kind]))
            targets(report, data[kind], kind, range(1 if dry else STARTS))
            report.add("claims", gpu_races.claims(dry, max(30.0, min(CLAIMS_TAKE, report.left))))
        report.add("rows", rows(report.content, gpu.type))
    if gpu.type != "cpu" and not report.late:
        targets(report, data["cpu"], "cpu", range(1))
        report.add("rows", rows(report.content, gpu.type))


def speeds(report: Report, data: Dataset, kind: str, seeds: range) -> None:
    found = report.content.get("images a second", {})
    for name, net in NETS.items():
        if (report.content["dry"] and "3136" in name) or report.late:
            continue
        images = net.images if kind != "cpu" else round(net.images * net.share)
        part = images_a_second(net, data, images, seeds if kind != "cpu" else seeds[:3])
        found.setdefault(name, {})[kind] = part
        report.add("images a second", found)


def races(report: Report, data: Dataset, kind: str) -> None:
    """Few images on a processor: there the loops take long."""
    few = 2_000 if kind == "cpu" else 10_000
    for name, what in (("fit and others", gpu_races.race), ("forty networks", gpu_races.sweeps)):
        report.add(name, dict(report.content.get(name, {})) | {kind: what(data, few)})


def targets(report: Report, data: Dataset, kind: str, seeds: range) -> None:
    """The short recipe everywhere, from many starts; the long one on an accelerator only, from five."""
    # torch.optim takes seconds to load
    short = replace(SHORT, momentum=0.0) if report.content["dry"] else SHORT
    found = dict(report.content.get("seconds to 99 %", {}))
    soon = time.perf_counter() + min(TARGETS_TAKE, report.left)
    found.setdefault("two epochs", {})[kind] = to_target(data, short, seeds, soon)
    if kind != "cpu":
        found.setdefault("eight epochs", {})[kind] = to_target(data, RECIPE, seeds[:5], soon + 30)
    report.add("seconds to 99 %", found)


def rows(content: dict, kind: str) -> list[dict[str, object]]:
    """What was measured on the processor ("cpu") and on the accelerator ("gpu"), null where it was not."""

    def row(what: str, unit: str, found: dict, *way: str, goal: float | None = None) -> dict[str, object]:
        values = {}
        for name, of in (("cpu", "cpu"), ("gpu", kind)):
            value = found.get(of)
            for step in way:
                value = None if value is None else value.get(step)
            values[name] = value
        return {"what": what, "unit": unit, **values, "goal": goal}

    others, forty = content.get("fit and others", {}), content.get("forty networks", {})
    usual, loop = gpu_races.GOALS["usual recipe"], gpu_races.GOALS["a loop of torch.optim"]
    times = "times as fast"
    found = [
        row(f"`fit`, {name}", "images/s", part, "median")
        for name, part in content.get("images a second", {}).items()
    ]
    for name in ("usual recipe", "TensorDataset + DataLoader", "the step as a CUDA graph", "torch.compile"):
        what = f"`fit` beside {name}, 784-200-10, batches of 20"
        goal = usual if name == "usual recipe" else None
        found.append(row(what, times, others, "fit is faster by", name, goal=goal))
    found.append(
        row("a sweep of 40 networks beside the loop", times, forty, "the sweep is faster by", goal=loop)
    )
    two = content.get("seconds to 99 %", {}).get("two epochs", {})
    found.append(row("to 99 % of MNIST's test images, median", "s", two, "median"))
    found.append(row("starts that came there in two epochs", "starts", two, "reached"))
    found.append(row("of so many", "starts", two, "starts"))
    return [one for one in found if one["cpu"] is not None or one["gpu"] is not None]


if __name__ == "__main__":
    os.environ["COURSE_QUIET"] = "1"
    main()
