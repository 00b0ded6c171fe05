"""What *Beyond one machine* shows: the stored runs agree with themselves, the pages with the stored runs.

Oracles: seconds made from a law that is known here, runs made by hand.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import syw_machines

sys.path.insert(0, str(Path(__file__).parent.parent / "bench"))

import cost
import on_gpu

ROOT = Path(__file__).parent.parent
BY = {"device": "cpu (a processor, 1 thread)", "torch": "2.11.0", "commit": "abc1234"}
RUN = {"seconds": 100.0, "processor_seconds": [90.0], "arrived": [12_000_000]}
CLUSTER = {
    "made_with": BY, "others_on_the_machine": 3.5, "members": 40, "network": "784-200-10", "images": 1_000,
    "epochs": 1, "batch_size": 20, "data_bytes": 10_000_000, "ratios": [2.0], "same_bits": True,
    "runs": [RUN | {"workers": 1}, RUN | {"workers": 2, "seconds": 50.0, "processor_seconds": [45.0, 46.0]}],
}  # fmt: skip


def stored(name: str) -> dict:
    return json.loads((ROOT / "book" / name).read_text(encoding="utf-8"))


def test_a_law_is_found_in_what_it_made():
    law = np.array([7e-4, 4e-5, 2e-6, 1e-3])
    seconds = [float(law @ cost.terms(setting, 1_000)) for setting in cost.SETTINGS]
    np.testing.assert_allclose(cost.fitted(cost.SETTINGS, seconds, 1_000), law, rtol=1e-9)
    seconds[3] *= 2  # one setting that does not fit is seen in the law
    assert abs(cost.fitted(cost.SETTINGS, seconds, 1_000)[1] / law[1] - 1) > 0.05


def test_the_stored_law_is_that_of_the_stored_seconds():
    found = stored("cost.json")
    rows = found["rows"]
    settings = [(row["members"], row["epochs"], row["width"]) for row in rows]
    assert settings == cost.SETTINGS
    assert all(row["measured"] == min(row["rounds"]) > 0 for row in rows)
    law = cost.fitted(settings, [row["measured"] for row in rows], found["images"])
    np.testing.assert_allclose(law, [found["law"][name] for name in "abcd"], rtol=0.01)
    for setting, row in zip(settings, rows, strict=True):
        assert row["stacks"] == cost.stacks(row["members"], row["width"])
        assert row["law"] == pytest.approx(law @ cost.terms(setting, found["images"]), rel=0.01, abs=1e-4)
    for name, images in (("thousand", found["images"]), ("homework", found["homework"]["images"])):
        asked = found[name]
        terms = cost.terms((asked["members"], asked["epochs"], asked["width"]), images)
        assert asked["computed"] == pytest.approx(law @ terms, rel=0.01)


def test_the_stored_cluster_sent_the_data_once():
    found = stored("cluster.json")
    assert found["same_bits"]
    for run in found["runs"]:
        assert len(run["arrived"]) == len(run["processor_seconds"]) == run["workers"]
        weights = found["members"] * 4 * (784 * 200 + 200 + 200 * 10 + 10)
        for count in run["arrived"]:  # first weights go with each stack, the data once
            assert found["data_bytes"] < count < found["data_bytes"] + 1.5 * weights
    pairs = zip(found["runs"][::2], found["runs"][1::2], strict=True)
    assert found["ratios"] == [round(one["seconds"] / two["seconds"], 3) for one, two in pairs]


def test_two_workers_are_compared_with_one_beside_them():
    text = "\n".join(syw_machines.workers(CLUSTER))
    assert "| 2 | 50 | 45 s + 46 s | 12.0 MB |" in text
    assert "By the clock two workers are 2.00 times as fast as one" in text
    assert "the busier of two has to do 51% of what one does alone" in text
    assert "a member takes 2.2 s of work" in text
    assert "sent with every member they would be 400.0 MB" in text
    assert "equal in every bit" in text
    busy = "\n".join(syw_machines.workers(CLUSTER | {"others_on_the_machine": 24.0}))
    assert "the seconds say nothing" in busy
    assert "times as fast" not in busy
    other = "\n".join(syw_machines.workers(CLUSTER | {"same_bits": False, "ratios": [1.5, 1.9]}))
    assert "**not equal**" in other
    assert "are 1.50 to 1.90 times as fast" in other


def test_the_law_and_its_differences_are_shown():
    rows = [{"members": 4, "epochs": 1, "width": 8, "stacks": 1, "measured": 2.0, "law": 1.5}]
    found = {
        "made_with": BY, "others_on_the_machine": 1, "rounds": 3, "images": 100, "batch_size": 20,
        "rows": rows, "law": {"a": 7e-4, "b": 4e-5, "c": 2e-6, "d": 3e-3}, "median_off": 0.25,
        "thousand": {"members": 1_000, "epochs": 1, "width": 16, "computed": 5.0, "trained": 4.0},
        "homework": {"members": 1_000, "epochs": 2, "width": 64, "images": 500, "computed": 72_000},
    }  # fmt: skip
    text = "\n".join(syw_machines.cost(found))
    assert "| 4 | 1 | 8 | 1 | 2.000 s | 1.500 s | −25% |" in text
    assert "a = 700 µs, b = 40 µs, c = 2.00 µs" in text
    assert "d = 3,000 µs once" in text
    said = " ".join(syw_machines.thousand(found))
    assert "it says 5.0 s; they were trained then and took 4.0 s (+25%)" in said
    assert "20.0 hours of one processor: 60 minutes on 20 workers" in said


CONTENT = {
    "dry": False,
    "commit": "abc1234",
    "machine": {"accelerator": "A card", "processor": {"name": "A chip", "threads": 16}, "torch": "2.11.0"},
    "images a second": {
        "784-200-10, batches of 20": {"cuda": {"median": 90_000.0}, "cpu": {"median": 80_000.0}}
    },
    "fit and others": {"cuda": {"fit is faster by": {"usual recipe": 25.0, "torch.compile": 0.5}}},
    "forty networks": {"cuda": {"the sweep is faster by": 20.0}, "cpu": {"the sweep is faster by": 3.0}},
    "seconds to 99 %": {"two epochs": {"cuda": {"median": None, "reached": 0, "starts": 120}}},
}


def test_rows_stand_beside_those_of_the_processor():
    rows = on_gpu.rows(CONTENT, "cuda")
    told = {row["what"]: (row["cpu"], row["gpu"], row["goal"]) for row in rows}
    assert told["`fit`, 784-200-10, batches of 20"] == (80_000.0, 90_000.0, None)
    assert told["`fit` beside usual recipe, 784-200-10, batches of 20"] == (None, 25.0, 30.0)
    assert told["a sweep of 40 networks beside the loop"] == (3.0, 20.0, 15.0)
    assert told["starts that came there in two epochs"] == (None, 0, None)
    assert not any("TensorDataset" in what or "median" in what for what in told)  # not measured: not shown
    text = "\n".join(syw_machines.gpu(CONTENT | {"rows": rows}))
    assert "| a sweep of 40 networks beside the loop | 3 | 20 | 15 | times as fast |" in text
    assert "A card, beside A chip with 16 threads" in text


@pytest.mark.parametrize("found", [None, CONTENT | {"dry": True}])
def test_without_a_run_the_page_says_so(found):
    assert syw_machines.gpu(found) == [
        "No run of `tools/on_gpu.sh` is stored yet: no number of this book comes from a GPU."
    ]
