"""The page *Mutation tests*, written from the report in book/mutation.json that `make mutants` stores."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from syw_pages import parse

TRUTHS = {  # the report's word: what the reader sees
    "wrong": "false: the two sides differ at a point",
    "ill": "false: ill-formed, an index without a range or outside an array",
    "equal": "true all the same",
    "argument": "a true inequality with a gap that is none",
    "open": "an inequality that may still hold: proved or not, both are right",
    "undecided": "not decided by the reference",
}
SETTLED = ("wrong", "ill", "equal")  # what the checker must decide
VERDICTS = ("proved", "checked", "unknown", "refuted", "refused")


def total(rows: list[dict], truth: str) -> Counter:
    """verdict -> number of mutants, over all derivations."""
    return sum((Counter(row["counts"].get(truth, {})) for row in rows), Counter())


def truths(rows: list[dict]) -> dict[str, str]:
    """The words for each class of mutants that the report has, in order; a class without words shows too."""
    found = dict.fromkeys(truth for row in rows for truth in row["counts"])
    return {truth: TRUTHS.get(truth, truth) for truth in [*TRUTHS, *found] if truth in found}


def table(heads: list[str], rows: list[list[str]]) -> list[str]:
    lines = [f"| {' | '.join(heads)} |", "|:--|" + "--:|" * (len(heads) - 1)]
    return [*lines, *(f"| {' | '.join(row)} |" for row in rows), ""]


def share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,}" if whole else "none"


def conditions(report: dict) -> list[str]:
    """When and how the run was made."""
    made, rows = report["provenance"], report["derivations"]
    judged = sum(sum(total(rows, truth).values()) for truth in truths(rows))
    possible = sum(row["possible"] for row in rows)
    parts = [f"{key} {made[key]}" for key in ("python", "sympy", "commit") if made.get(key)]
    steps = share(sum(row["proved"] for row in rows), sum(row["steps"] for row in rows))
    return [f"[{' · '.join(parts)}]{{.syw-conditions}}", "",
            f"{len(rows)} derivations, {judged:,} mutants out of {possible:,} possible ones: at most "
            f"{report['cap']} for each derivation, drawn at random with a fixed seed, kind by kind. "
            f"{steps} true steps proved. {report['processor_seconds']:,} s of processor time; "
            f"{report['seconds']:,} s on the clock with {report['jobs']} processes.", ""]  # fmt: skip


def verdicts(report: dict) -> list[str]:
    """Truth against verdict."""
    lines = []
    for truth, words in truths(report["derivations"]).items():
        counts = total(report["derivations"], truth)
        cells = [f"{counts[verdict]:,}" for verdict in VERDICTS]
        lines.append([words, f"{sum(counts.values()):,}", *cells])
    return table(["the mutant is", "mutants", *VERDICTS], lines)


def by_kind(report: dict) -> list[str]:
    lines = []
    for kind, counts in report["kinds"].items():
        false = Counter(counts.get("wrong", {})) + Counter(counts.get("ill", {}))
        equal = Counter(counts.get("equal", {}))
        rest = sum(sum(found.values()) for truth, found in counts.items() if truth not in SETTLED)
        edit = kind.replace(" - ", " − ")
        lines.append([edit, share(false["refuted"] + false["refused"], sum(false.values())),
                      share(equal["proved"], sum(equal.values())), f"{rest:,}"])  # fmt: skip
    return table(["edit", "false: refuted", "true: proved", "others"], lines)


def alone(report: dict) -> list[str]:
    """What one judge alone would have let through."""
    lines = []
    for truth, counts in report["alone"].items():
        through = [share(counts[judge], counts["tried"]) for judge in ("symbolic", "numeric")]
        lines.append([TRUTHS[truth], *through])
    return table(["the mutant is", "symbolic judge says yes", "numerical judge says no difference"], lines)


def topics(report: dict) -> list[str]:
    """A table for each topic, a line for each derivation."""
    lines: list[str] = []
    for topic in dict.fromkeys(row["id"].partition(".")[0] for row in report["derivations"]):
        members = [row for row in report["derivations"] if row["id"].partition(".")[0] == topic]
        cells = [derivation(row) for row in members]
        heads = ["derivation", "steps proved", "false: refuted", "true: proved", "possible", "seconds"]
        lines += [f"### {topic.replace('_', ' ').capitalize()}", "", *table(heads, cells)]
    return lines


def derivation(row: dict) -> list[str]:
    false = total([row], "wrong") + total([row], "ill")
    equal = total([row], "equal")
    title = f"{row['title']}: not proved" if row["failed"] else row["title"]
    refuted = share(false["refuted"] + false["refused"], sum(false.values()))
    proved = share(equal["proved"], sum(equal.values()))
    steps = share(row["proved"], row["steps"])
    return [title, steps, refuted, proved, f"{row['possible']:,}", f"{row['seconds']:g}"]


def listed(report: dict) -> list[str]:
    """Every mutant whose verdict is not what it should be."""
    if not report["listed"]:
        return ["Nothing is left: every verdict was as it should be.", ""]
    lines = []
    for entry in report["listed"]:
        said = f"{entry['trouble']} ({entry['verdict']})"
        claim = entry["claim"].replace("|", "\\|").replace("`", "'")
        lines.append([entry["id"], entry["kind"], f"`{claim}`", said])
    return table(["derivation", "edit", "mutant", "what happened"], lines)


def page(report: dict) -> list[str]:
    # A heading comes first: what stands before one would not reach the page.
    return ["## The last run", "", *conditions(report), *verdicts(report),
            "## By kind of edit", "", *by_kind(report),
            "## Each judge alone", "",
            f"Tried on a sample: up to {report['each_alone']} mutants of either sort for each derivation. "
            "What is counted is what would have been let through.", "", *alone(report),
            "## What is left", "", *listed(report), "## By derivation", "", *topics(report)]  # fmt: skip


class Mutation(SphinxDirective):
    """`{mutation}`: the stored report."""

    def run(self) -> list[nodes.Node]:
        path = Path(self.env.srcdir) / "book" / "mutation.json"
        self.env.note_dependency(str(path))
        try:
            report = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, json.JSONDecodeError) as error:
            raise self.error(f"{path.name} cannot be read ({error}): run `make mutants`.") from None
        return parse(self, page(report))


def attacked(report: dict) -> list[str]:
    """Truth against verdict for the statements that were aimed at the rules, and what went wrong."""
    counts: dict[str, Counter] = {}
    for found in report["counts"].values():
        for truth, verdicts in found.items():
            counts.setdefault(truth, Counter()).update(verdicts)
    verdicts = VERDICTS[:-1]
    rows = [
        [ATTACKED[truth], f"{sum(counts[truth].values()):,}", *(f"{counts[truth][v]:,}" for v in verdicts)]
        for truth in ATTACKED
        if truth in counts
    ]
    total = sum(sum(found.values()) for found in counts.values())
    wrong = len(report["false_proved"]), len(report["false_refuted"]), len(report["symbolic_yes"])
    without = counts.get("true", Counter())["refuted"] - wrong[1]
    return [f"{total:,} statements of {len(report['counts'])} kinds: {wrong[0]} false ones were proved, and "
            f"{wrong[1]} true ones refuted by two values that differ; to {wrong[2]} false ones the symbolic "
            f"judge alone said yes. In {without} that are called true here one side has no value at some "
            "point, such as an entry outside its array: the checker refutes these, too.", "",
            *table(["the statement is", "statements", *verdicts], rows)]  # fmt: skip


ATTACKED = {
    "true": "true at every point",
    "false": "false at a point",
    "open": "not decided by the reference",
}


class Attack(SphinxDirective):
    """`{attack}`: the stored report of the statements that were aimed at the rules."""

    def run(self) -> list[nodes.Node]:
        path = Path(self.env.srcdir) / "book" / "attack.json"
        self.env.note_dependency(str(path))
        try:
            report = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, json.JSONDecodeError) as error:
            raise self.error(f"{path.name} cannot be read ({error}): run `make attack`.") from None
        return parse(self, attacked(report))


def setup(app: Sphinx) -> None:
    app.add_directive("mutation", Mutation)
    app.add_directive("attack", Attack)
