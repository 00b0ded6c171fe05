"""How the cost of a sweep grows with members, epochs and width; a thousand members, computed, then trained.

    python bench/cost.py [--rounds 3] [--out book/cost.json]

Networks 784-h-10 in batches of 20, on one thread. With E epochs of S steps, M members in L stacks, a sweep is
supposed to take

    E S (a L + b M + c M h) + d M

seconds: a for a step of a stack whatever is in it, b for a member, c for each of its hidden units; and d to
draw a member's weights and to note what came of it, once. The four are fitted to what was measured, by least
squares of the relative differences. Measured are seconds of the processor, not of the clock, so that whoever
else is on the machine counts little; the lowest of some rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from helpers import models
from helpers.data import Dataset, mnist
from helpers.runtime import generator, provenance
from helpers.sweeps import Member, _plan, grid, sweep
from helpers.training import TrainConfig

BATCH, IMAGES = 20, 1_000
SETTINGS = [  # members, epochs, hidden units
    *((members, 1, 32) for members in (1, 4, 16, 64)),
    *((16, epochs, 32) for epochs in (2, 4, 8)),
    *((16, 1, width) for width in (8, 16, 64, 128)),
    (1, 8, 128),
    (4, 2, 256),
    (64, 2, 8),
    (8, 4, 64),
]
THOUSAND = (1_000, 1, 16)
HOMEWORK = (1_000, 10, 128)  # on all images; this one is computed only


def members_of(count: int, epochs: int) -> list[Member]:
    """Half as many rates as starts, as sweeps have them."""
    base = TrainConfig(batch_size=BATCH, epochs=epochs)
    both = grid(base, seed=range(-(-count // 2)), lr=(0.05, 0.1))
    return both[:count]


def stacks(count: int, width: int) -> int:
    """L, as `sweep` cuts them on one thread of a processor."""
    size = 4 * (784 * width + width + width * 10 + 10)
    return -(-count // max(1, min(_plan.MOST, _plan.CACHE // size)))


def seconds(data: Dataset, setting: tuple[int, int, int]) -> float:
    """Of the processor, for a sweep of this setting."""
    count, epochs, width = setting

    def make(seed: int) -> nn.Sequential:
        return models.mlp((784, width, 10), generator=generator(seed))

    made = members_of(count, epochs)
    start = time.process_time()
    result = sweep(make, data, made)
    found = time.process_time() - start
    assert f"stacked, {stacks(count, width)} stack" in result.how[0] or count == 1, result.how
    return found


def terms(setting: tuple[int, int, int], images: int) -> list[float]:
    """What a, b, c and d are multiplied with."""
    count, epochs, width = setting
    steps = epochs * -(-images // BATCH)
    return [steps * stacks(count, width), steps * count, steps * count * width, count]


def fitted(settings: list[tuple[int, int, int]], measured: list[float], images: int) -> np.ndarray:
    """(a, b, c, d) in seconds, none below 0, with the least sum of squared relative differences."""
    from scipy.optimize import nnls

    rows = np.array([terms(setting, images) for setting in settings]) / np.array(measured)[:, None]
    return nnls(rows, np.ones(len(measured)))[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("book/cost.json"))
    args = parser.parse_args()
    torch.set_num_threads(1)
    whole = mnist(flat=True, n_train=IMAGES, n_valid=200, device="cpu")
    data = replace(whole, test=whole.valid)
    seconds(data, (2, 1, 8))  # the first call pays for imports
    rounds = [[seconds(data, setting) for setting in SETTINGS] for _ in range(args.rounds)]
    law = fitted(SETTINGS, [min(column) for column in zip(*rounds, strict=True)], IMAGES)
    trained = min(seconds(data, THOUSAND) for _ in range(min(2, args.rounds)))
    table = rows(law, rounds)
    off = [row["law"] / row["measured"] - 1 for row in table]
    found = {
        "made_with": provenance(),
        "others_on_the_machine": round(os.getloadavg()[1], 1),
        "rounds": args.rounds,
        "images": IMAGES,
        "batch_size": BATCH,
        "law": {name: float(f"{value:.4g}") for name, value in zip("abcd", law, strict=True)},
        "rows": table,
        "median_off": round(statistics.median(map(abs, off)), 4),
        "thousand": computed(law, THOUSAND, IMAGES) | {"trained": round(trained, 2)},
        "homework": computed(law, HOMEWORK, 60_000),
    }
    args.out.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(found["law"]), [round(x, 3) for x in off], found["thousand"], found["homework"])


def rows(law: np.ndarray, rounds: list[list[float]]) -> list[dict[str, object]]:
    """Each setting with what was measured, in all rounds and the least, and what the law says."""
    found = []
    for k, setting in enumerate(SETTINGS):
        members, epochs, width = setting
        measured = [round(one[k], 4) for one in rounds]
        said = float(np.dot(law, terms(setting, IMAGES)))
        row = {"members": members, "epochs": epochs, "width": width, "stacks": stacks(members, width)}
        found.append(row | {"measured": min(measured), "law": round(said, 4), "rounds": measured})
    return found


def computed(law: np.ndarray, setting: tuple[int, int, int], images: int) -> dict[str, object]:
    """What the law says of a sweep that it was not fitted to, in seconds."""
    said = float(np.dot(law, terms(setting, images)))
    names = dict(zip(("members", "epochs", "width"), setting, strict=True))
    return names | {"images": images, "computed": round(said, 2)}


if __name__ == "__main__":
    os.environ["COURSE_QUIET"] = "1"
    main()
