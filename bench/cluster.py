"""Forty members on one Dask worker and on two: seconds, and the bytes that reach each worker.

    python bench/cluster.py [--rounds 3] [--out book/cluster.json]

The workers are processes of this machine with one thread each. One and two of them take turns, since a
machine's speed drifts; a round's ratio is that of the two runs beside each other. The data are sent within
the time that is measured. Whoever else is on the machine shows in the processor seconds, which count the
work of the workers and not their waiting.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

from torch import nn

from helpers import models
from helpers.data import Dataset, mnist
from helpers.runtime import generator, provenance
from helpers.sweeps import SweepResult, grid, sweep
from helpers.training import TrainConfig

SIZES = (784, 200, 10)
MEMBERS = grid(
    TrainConfig(batch_size=20, epochs=1), lr=(0.01, 0.02, 0.05, 0.1), lam=(0.0, 1e-4), seed=range(5)
)


def make(seed: int) -> nn.Sequential:
    return models.mlp(SIZES, generator=generator(seed))


def count_what_arrives() -> None:
    """Runs in a worker: from here on it counts the bytes that it reads from the network."""
    from distributed.comm import tcp

    real = getattr(tcp, "uncounted", tcp.read_bytes_rw)

    def counting(stream, n):
        tcp.arrived += n
        return real(stream, n)

    tcp.arrived, tcp.uncounted, tcp.read_bytes_rw = 0, real, counting


def arrived() -> int:
    from distributed.comm import tcp

    return tcp.arrived


def size(data: Dataset) -> int:
    """Bytes of what a worker needs of the data."""
    return sum(part.x.nbytes + part.y.nbytes for part in (data.train, data.valid))


def on_workers(count: int, data: Dataset) -> tuple[SweepResult, dict[str, object]]:
    """The sweep on a new cluster, and what it took."""
    from distributed import Client, LocalCluster

    place = {"processes": True, "threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": None}
    with LocalCluster(n_workers=count, **place) as cluster, Client(cluster) as client:
        client.wait_for_workers(count)
        client.run(count_what_arrives)
        before, start = client.run(time.process_time), time.perf_counter()
        result = sweep(make, data, MEMBERS, executor=client, keep=False)
        seconds = time.perf_counter() - start
        work = [after - before[w] for w, after in client.run(time.process_time).items()]
        return result, {
            "workers": count,
            "seconds": round(seconds, 2),
            "processor_seconds": [round(part, 2) for part in work],
            "arrived": list(client.run(arrived).values()),
        }


def bits(result: SweepResult) -> list:
    return [result.table(), [[w.tolist() for w in result.model(i).parameters()] for i in range(len(result))]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--images", type=int, default=50_000)
    parser.add_argument("--out", type=Path, default=Path("book/cluster.json"))
    args = parser.parse_args()
    data = mnist(flat=True, n_train=args.images, n_valid=1_000, device="cpu")
    runs, ratios, same = [], [], True
    for _ in range(args.rounds):
        (one, first), (two, second) = (on_workers(count, data) for count in (1, 2))
        runs += [first, second]
        ratios.append(round(first["seconds"] / second["seconds"], 3))
        same = same and bits(one) == bits(two)
        found = told(data) | {"runs": runs, "ratios": ratios, "same_bits": same}
        args.out.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(first, second, ratios[-1], same, flush=True)


def told(data: Dataset) -> dict[str, object]:
    """What was trained, and with what."""
    return {
        "made_with": provenance(),
        "others_on_the_machine": round(os.getloadavg()[1], 1),
        "members": len(MEMBERS),
        "network": "-".join(map(str, SIZES)),
        "images": len(data.train),
        "epochs": MEMBERS[0].config.epochs,
        "batch_size": MEMBERS[0].config.batch_size,
        "data_bytes": size(data),
    }


if __name__ == "__main__":
    os.environ["COURSE_QUIET"] = "1"
    main()
