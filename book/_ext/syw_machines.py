"""The tables of *Beyond one machine*: two workers against one, and what a sweep costs.

`{machines} workers`    book/cluster.json, written by bench/cluster.py
`{machines} cost`       book/cost.json, written by bench/cost.py
`{machines} thousand`   what the law of book/cost.json says of a thousand members, and what they took
`{machines} gpu`        book/on-gpu.json, written by tools/on_gpu.sh where there is an accelerator
"""

from __future__ import annotations

import json
import statistics
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from syw_pages import parse

FILES = {"workers": "cluster.json", "cost": "cost.json", "thousand": "cost.json", "gpu": "on-gpu.json"}
QUIET = 4  # processes that want the processor, the two workers and who gives them work among them
WORKERS = 20  # of the larger cluster whose hours are computed


def megabytes(count: float) -> str:
    return f"{count / 1e6:,.1f} MB"


def made(found: dict) -> str:
    """What the numbers below a table come from."""
    by = found["made_with"]
    return (
        f"Measured on {by['device']} with PyTorch {by['torch']} at commit `{by['commit']}`, while on average "
        f"{found['others_on_the_machine']:g} processes of this and other work asked for the processor."
    )


def workers(found: dict) -> list[str]:
    """Each run; how many times as fast two workers are; what would have been sent with every member."""
    head = ["| workers | seconds | of them work, by worker | reached each worker |", "|--:|--:|:--|:--|"]
    rows = [
        f"| {run['workers']} | {run['seconds']:,.0f} | "
        f"{' + '.join(f'{part:,.0f} s' for part in run['processor_seconds'])} | "
        f"{' and '.join(map(megabytes, run['arrived']))} |"
        for run in found["runs"]
    ]
    one = statistics.median(sum(r["processor_seconds"]) for r in found["runs"] if r["workers"] == 1)
    halves = [max(r["processor_seconds"]) for r in found["runs"] if r["workers"] == 2]
    every = found["members"] * found["data_bytes"]
    same = "equal in every bit" if found["same_bits"] else "**not equal**"
    epochs = f"{found['epochs']} epoch{'s' * (found['epochs'] > 1)}"
    said = [
        f"{found['members']} members {found['network']}, {found['images']:,} images, batches of "
        f"{found['batch_size']}, {epochs}; a member takes {one / found['members']:.1f} s of work.",
        _by_the_clock(found),
        f"By work, the busier of two has to do {statistics.median(halves) / one:.0%} of what one does alone.",
        f"The tables of both are {same}. The data are {megabytes(found['data_bytes'])}; sent with every "
        f"member they would be {megabytes(every)}.",
    ]
    return [*head, *rows, "", " ".join(said), "", made(found)]


def _by_the_clock(found: dict) -> str:
    """Seconds tell something only where nobody else has the processor."""
    if found["others_on_the_machine"] > QUIET:
        return (
            "Other work had most of the processor, so the seconds say nothing of what a second worker gains."
        )
    low, high = min(found["ratios"]), max(found["ratios"])
    ratio = f"{low:.2f}" if low == high else f"{low:.2f} to {high:.2f}"
    return f"By the clock two workers are {ratio} times as fast as one beside it."


def cost(found: dict) -> list[str]:
    """The law with its numbers; each setting with what was measured, what the law says, how far off."""
    a, b, c, d = (found["law"][name] * 1e6 for name in "abcd")
    law = (
        "$$\\text{seconds} = E\\,S\\,(a L + b M + c M h) + d M$$\n\n"
        "with E epochs of S steps, M members in L stacks, h hidden units, and "
        f"a = {a:,.0f} µs, b = {b:,.0f} µs, c = {c:,.2f} µs; a member costs d = {d:,.0f} µs once."
    )
    head = ["| members M | epochs E | width h | stacks L | measured | law | difference |", "|--:" * 7 + "|"]
    rows = [
        f"| {row['members']} | {row['epochs']} | {row['width']} | {row['stacks']} | "
        f"{row['measured']:.3f} s | {row['law']:.3f} s | {_off(row['law'] / row['measured'])} |"
        for row in found["rows"]
    ]
    said = (
        f"Networks 784-h-10 on {found['images']:,} images in batches of {found['batch_size']}; seconds of "
        f"the processor, the lowest of {found['rounds']}. Half of the differences are below "
        f"{found['median_off']:.0%}. {made(found)}"
    )
    return [*law.split("\n"), "", *head, *rows, "", said]


def thousand(found: dict) -> list[str]:
    small, large = found["thousand"], found["homework"]
    hours, off = large["computed"] / 3600, _off(small["computed"] / small["trained"])
    return [
        f"The law was fitted to at most {max(row['members'] for row in found['rows'])} members. For "
        f"{small['members']:,} members with {small['width']} hidden units, {small['epochs']} epoch, it says "
        f"{small['computed']:.1f} s; they were trained then and took {small['trained']:.1f} s ({off}).",
        "",
        f"For {large['members']:,} members with {large['width']} hidden units, {large['epochs']} epochs on "
        f"{large['images']:,} images, it says {hours:.1f} hours of one processor: {hours * 60 / WORKERS:.0f} "
        f"minutes on {WORKERS} workers that are as fast and never wait. These were not trained.",
    ]


def gpu(found: dict | None) -> list[str]:
    """A row for each measurement, on both kinds of machine."""
    if found is None or found["dry"]:
        return ["No run of `tools/on_gpu.sh` is stored yet: no number of this book comes from a GPU."]
    head = ["| measured | processor | accelerator | goal | unit |", "|:--|--:|--:|--:|:--|"]
    rows = [
        f"| {row['what']} | {_number(row['cpu'])} | {_number(row['gpu'])} | {_number(row['goal'])} "
        f"| {row['unit']} |"
        for row in found["rows"]
    ]
    machine = found["machine"]
    said = (
        f"{machine['accelerator']}, beside {machine['processor']['name']} with "
        f"{machine['processor']['threads']} threads; PyTorch {machine['torch']}, commit `{found['commit']}`."
    )
    return [*head, *rows, "", said]


def _off(ratio: float) -> str:
    return f"{ratio - 1:+.0%}".replace("-", "−")


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.4g}"


class Machines(SphinxDirective):
    """`{machines} NAME`, a table of this page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        path = Path(self.env.srcdir) / "book" / FILES[name]
        self.env.note_dependency(str(path))
        found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
        return parse(self, {"workers": workers, "cost": cost, "thousand": thousand, "gpu": gpu}[name](found))


def setup(app: Sphinx) -> None:
    app.add_directive("machines", Machines)
