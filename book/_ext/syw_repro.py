"""*Reproducibility*: versions, devices, commits, seconds, data and agreement, from the records of the runs.

`{record} chapters`    each chapter's last run: when it ran, on what, and how long measuring took
`{record} versions`    what the records were made with, and what the locks install today
`{record} data`        the data that each chapter read, with the checksums that its files must have
`{record} agreement`   how far a second machine came to the same numbers (tools/agreement.py)
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import syw_notebooks
import syw_pages
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

PACKAGES = (
    "torch",
    "torchvision",
    "numpy",
    "sympy",
    "mpmath",
    "matplotlib",
    "scikit-learn",
    "mlxtend",
    "jupyter-book",
)
LOCKS = ("requirements-book.lock", "requirements.lock", "requirements-torch.lock")
CHECKSUMS = {"MNIST": ("_tiers.py", "FILES"), "CIFAR-10": ("_cifar_tiers.py", "ARCHIVE_SHA256")}


def measured(folder: Path) -> dict[str, dict]:
    """The records of measurements by chapter."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


def members(record: dict) -> list[dict]:
    """Every kept value of a chapter, one for each seed: {"value", "seconds", "made_with"}."""
    return [m for entry in record["measurements"].values() for m in entry["members"].values()]


def duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f}\u00a0s"
    return f"{seconds / 60:.0f}\u00a0min" if seconds < 7200 else f"{seconds / 3600:.1f}\u00a0h"


def listed(items: list[str]) -> str:
    """Each once, in the order of the first."""
    return ", ".join(dict.fromkeys(items))


def chapters_table(notebooks: dict[str, dict], records: dict[str, dict]) -> list[str]:
    rows, devices = [], {}
    for name, notebook in notebooks.items():
        record = records.get(name, {"measurements": {}, "made_with": []})
        last = notebook["metadata"].get("show_your_work", {})
        devices[name] = listed([one["device"] for one in record["made_with"]] or [last.get("device", "")])
        title = f"[{syw_notebooks.numbered(name, notebook)}](/notebooks/{name}.ipynb)"
        last_took = duration(last["seconds"]) if "seconds" in last else ""
        commits = listed([f"`{one['commit']}`" for one in record["made_with"]])
        rows.append([title, f"{len(members(record)):,}", duration(spent(record)), last_took, commits])
    heads = ["Chapter", "Kept values", "Measuring took", "The last run took", "Commits"]
    if len(set(devices.values())) == 1:
        where = f" on {devices.popitem()[1]}"
    else:  # a column of its own, where it says something
        where = ""
        heads.insert(4, "Device")
        rows = [[*row[:4], devices[name], row[4]] for name, row in zip(notebooks, rows, strict=True)]
    count = sum(len(members(record)) for record in records.values())
    all_in_all = duration(sum(spent(record) for record in records.values()))
    lines = [f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows)]
    said = f"In all {count:,} values, which took {all_in_all}{where} to measure one after the other."
    return [*lines, "", said]


def spent(record: dict) -> float:
    """Seconds of measuring."""
    return sum(member["seconds"] for member in members(record))


def locked(root: Path) -> dict[str, str]:
    text = "\n".join((root / name).read_text(encoding="utf-8") for name in LOCKS if (root / name).is_file())
    return dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE))


def versions_table(records: dict[str, dict], locks: dict[str, str]) -> list[str]:
    made = [one for record in records.values() for one in record["made_with"]]
    lines = ["| | Measured with | Installed by the locks |", "|---|---|---|"]
    lines.append(f"| Python | {listed([one['python'] for one in made])} | |")
    for name in PACKAGES:
        if name in locks:
            with_it = listed([one[name] for one in made if one.get(name)])
            lines.append(f"| {name} | {with_it} | {locks[name]} |")
    return lines


def data_lines(ledgers: list[dict], titles: dict[str, str], sums: dict[str, object]) -> list[str]:
    lines = ["| Chapter | Read |", "|---|---|"]
    for ledger in ledgers:
        read = ledger["data"]["summary"] if ledger["data"] else "no data: proofs only"
        lines.append(f"| [{titles[ledger['chapter']]}](/notebooks/{ledger['chapter']}.ipynb) | {read} |")
    lines += ["", "SHA-256 of what is read, checked each time:", ""]
    for data, found in sums.items():
        files = found if isinstance(found, dict) else {"archive": found}
        lines += [f"- {data}, {file}: `{value}`" for file, value in files.items()]
    return lines


def checksums(folder: Path) -> dict[str, object]:
    """The checksums that helpers/data compares with, read from its source: importing it would need torch."""
    found = {}
    for data, (file, name) in CHECKSUMS.items():
        tree = ast.parse((folder / file).read_text(encoding="utf-8"))
        values = [
            n.value for n in tree.body if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == name
        ]
        found[data] = ast.literal_eval(values[0])
    return found


def agreement_lines(path: Path, titles: dict[str, str]) -> list[str]:
    if not path.is_file():
        return ["No second run has been compared yet."]
    found = json.loads(path.read_text(encoding="utf-8"))
    made = found["made_with"]
    device, torch, commit = (listed([one[key] for one in made]) for key in ("device", "torch", "commit"))
    lines = [
        f"Measured anew on {device}, torch {torch}, at commit {commit}, and compared with the records "
        "number by number. A run that stopped at another step counts with all its numbers as different.",
        "",
        "| Chapter | Numbers | Equal in all digits kept | Median relative difference | Largest |",
        "|---|---|---|---|---|",
    ]
    for chapter, one in found["chapters"].items():
        share = f"{one['equal']:,} ({one['equal'] / one['numbers']:.1%})"
        differences = " | ".join(f"{float(one[key]):.1e}" for key in ("median", "largest"))
        lines.append(f"| {titles.get(chapter, chapter)} | {one['numbers']:,} | {share} | {differences} |")
    return lines


class Record(SphinxDirective):
    """`{record} chapters`: one part of the page, from the records as they are when the site is built."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        root = Path(self.env.srcdir)
        notebooks, records = syw_notebooks.chapters(root / "notebooks"), measured(root / "book" / "measured")
        titles = syw_pages.titles_for(self)
        self.depend(root)
        parts = {
            "chapters": lambda: chapters_table(notebooks, records),
            "versions": lambda: versions_table(records, locked(root)),
            "data": lambda: data_lines(syw_pages.ledgers(self), titles, checksums(root / "helpers" / "data")),
            "agreement": lambda: agreement_lines(root / "book" / "agreement.json", titles),
        }
        if self.arguments[0] not in parts:
            raise self.error(f"There is no record of {self.arguments[0]!r}; there are {', '.join(parts)}.")
        return syw_pages.parse(self, parts[self.arguments[0]]())

    def depend(self, root: Path) -> None:
        """The page is built anew when a record changes."""
        files = [
            *(root / "book" / "measured").glob("*.json"),
            *(root / "notebooks").glob("*.ipynb"),
            root / "book" / "agreement.json",
        ]
        for path in files:
            self.env.note_dependency(str(path))


def setup(app: Sphinx) -> None:
    app.add_directive("record", Record)
