"""The pages *Reported and measured* and *Errata*, written from the ledgers in book/ledger/, never typed.

Each function turns a part of a ledger into lines of MyST Markdown; syw_pages has them parsed like any page.
The words of a ledger are one line of Markdown each; its numbers are formatted here and nowhere else.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

VERDICTS = {  # the ledger's word: (its class on the site, what the reader sees)
    "reproduced": ("reproduced", "reproduced"),
    "refuted": ("refuted", "refuted"),
    "depends": ("depends", "depends"),
    "not testable here": ("untestable", "not testable here"),
}
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
NEEDED = {"schema", "chapter", "profile", "data", "provenance", "claims", "errata"}


class LedgerError(Exception):
    """A ledger file that cannot be shown; the message says which and why."""


def read(path: Path) -> dict:
    """One ledger, checked as far as the pages rely on it."""
    try:
        ledger = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise LedgerError(f"{path.name} is no JSON ({error}): write it again with Ledger.save().") from None
    missing = NEEDED - set(ledger)
    if missing or ledger["schema"] != 1:
        what = f"lacks {', '.join(sorted(missing))}" if missing else f"has schema {ledger['schema']}, not 1"
        raise LedgerError(f"{path.name} {what}: write it again with Ledger.save().")
    for claim in ledger["claims"]:
        if claim["verdict"] not in VERDICTS:
            raise LedgerError(f"{path.name}: {claim['id']} has the unknown verdict {claim['verdict']!r}.")
    return ledger


def read_all(folder: Path) -> list[dict]:
    """All ledgers in reading order."""
    return [read(path) for path in sorted(folder.glob("*.json"))]


def number(value: float) -> str:
    """Four significant digits with a true minus sign; whole numbers in full: 32.4, 0.9816, −1.2, 20,000."""
    if value == int(value) and abs(value) < 1e15:
        text = f"{int(value):,}"
    else:
        text = f"{value:.4g}"
        if "e" in text:
            mantissa, exponent = text.split("e")
            text = f"{mantissa} × 10{str(int(exponent)).translate(RAISED)}"
    return text.replace("-", "−")


def end(value: float, mean: float) -> str:
    """An end of an interval, never to more decimals than its mean, so that no end is a tiny power of ten."""
    text = f"{mean:.4g}"
    if "e" in text:
        return number(value)
    decimals = len(text.partition(".")[2])
    return f"{value:,.{decimals}f}".replace("-", "−") if decimals else number(value)


def target(claim_id: str) -> str:
    """The anchor of a claim or erratum: A1-2d/C becomes claim-a1-2d-c."""
    return "claim-" + re.sub(r"[^a-z0-9]+", "-", claim_id.lower()).strip("-")


def who(entry: dict) -> str:
    """Task and report as the reader sees them."""
    report = f"report {entry['report']}" if entry["report"] else "our own claim"
    return f"{entry['task']} · {report}"


def badge(verdict: str, kind: str = "verdict") -> str:
    css, words = VERDICTS.get(verdict, (verdict.lower(), verdict.lower()))
    return f"[{words}]{{.syw-{kind} .syw-{css}}}"


def measurement(entry: dict, unit: str) -> str:
    """One measured mean with its interval: **32.4** epochs (29.41 to 35.39, n = 5)."""
    unit = f" {unit}" if unit and unit != "fraction" else ""
    if entry["low"] is None:
        spread = "one run, no interval" if entry["n"] == 1 else f"n = {entry['n']}"
    else:
        level = round(100 * entry.get("level", 0.95))
        low, high = (end(entry[name], entry["mean"]) for name in ("low", "high"))
        spread = f"{level} %: {low} to {high}, n = {entry['n']}"
    setting = f"{entry['setting']}: " if entry["setting"] else ""
    return f"{setting}**{number(entry['mean'])}**{unit} [({spread})]{{.syw-spread}}"


def strip(entry: dict) -> str:
    """Every run as a dot, the interval as a bar, the mean as a tick: a drawing 120 by 14 pixels."""
    values = entry["values"]
    edges = [*values, *(v for v in (entry["low"], entry["high"]) if v is not None)]
    low, high = min(edges), max(edges)
    if len(values) < 2 or low == high:
        return ""

    def x(value: float) -> str:
        return f"{4 + 112 * (value - low) / (high - low):.1f}"

    dots = "".join(f'<circle cx="{x(v)}" cy="7" r="2.2"></circle>' for v in values)
    bar = f'<path d="M{x(entry["low"])} 7H{x(entry["high"])}"></path>' if entry["low"] is not None else ""
    label = f"{len(values)} runs from {number(min(values))} to {number(max(values))}"
    head = f'<svg class="syw-strip" role="img" aria-label="{label}" viewBox="0 0 120 14" width="120">'
    return f'{head}{bar}<path d="M{x(entry["mean"])} 2V12"></path>{dots}</svg>'


def evidence(claim: dict) -> list[str]:
    """The cell "measured": a line for each entry, or the reason why there is none."""
    if not claim["measured"]:
        return [f"Not measured: {claim['why']}"]
    lines: list[str] = []
    for entry in claim["measured"]:
        lines += [f"{measurement(entry, claim['unit'])} {strip(entry)}".rstrip(), ""]
    return lines[:-1]


def verdict_cell(claim: dict) -> list[str]:
    lines = [badge(claim["verdict"])]
    if claim["verdict"] == "depends":
        lines += ["", f"[on {claim['on']}]{{.syw-note}}"]
    return lines


def told(claim: dict) -> str:
    """A claim in one line of a chapter: verdict, who said it, what was said."""
    teller = f"Report {claim['report']}" if claim["report"] else "Our own claim"
    on = f" [depends on {claim['on']}]{{.syw-note}}" if claim["verdict"] == "depends" else ""
    return f"{badge(claim['verdict'])} {teller}: {claim['said']}.{on}"


def row(cells: Iterable[list[str]]) -> list[str]:
    """One row of a list-table; a cell is a list of Markdown lines."""
    lines: list[str] = []
    for k, cell in enumerate(cells):
        first, *rest = cell
        lines += [f"{'* -' if k == 0 else '  -'} {first}", *(f"    {line}".rstrip() for line in rest)]
    return lines


def claim_row(claim: dict) -> list[str]:
    name = f"[{who(claim)}]{{#{target(claim['id'])} .syw-claim-id}}"
    said = [claim["said"], "", f"[{claim['because']}]{{.syw-reading}}"]
    return row([[name], said, evidence(claim), verdict_cell(claim)])


def conditions(ledger: dict) -> str:
    """The line under a chapter's heading: data, tier, device, versions, commit."""
    data, made = ledger["data"], ledger["provenance"]
    parts = [data["summary"] if data else "no data set: proofs only"]
    if data and data["tier"] not in data["summary"]:
        parts.append(f"{data['tier']} tier")
    parts += [f"{ledger['profile']} profile"]
    parts += [f"{key} {made[key]}" for key in ("device", "torch", "sympy", "commit") if made.get(key)]
    return " · ".join(parts)


def tally(claims: list[dict]) -> str:
    """3 reproduced · 2 refuted · 1 depends."""
    counts = Counter(claim["verdict"] for claim in claims)
    return " · ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict])


def claims_page(ledgers: list[dict], titles: dict[str, str]) -> list[str]:
    """All claims, a section for each chapter that made one."""
    lines: list[str] = []
    for ledger in (entry for entry in ledgers if entry["claims"]):
        chapter = ledger["chapter"]
        lines += [f"## {titles.get(chapter, chapter)}", "", f"[{conditions(ledger)}]{{.syw-conditions}}", ""]
        lines += [f"{tally(ledger['claims'])}. Chapter: {{doc}}`/notebooks/{chapter}`.", ""]
        lines += ["::::{list-table}", ":header-rows: 1", ":class: syw-ledger", ":widths: 14 42 30 14", ""]
        lines += row([["Task"], ["What was reported"], ["What we measured"], ["Verdict"]])
        for claim in ledger["claims"]:
            lines += claim_row(claim)
        lines += ["::::", ""]
    return lines or ["No chapter has recorded a claim yet.", ""]


def line(side: dict, reason: str, verdict: str, below: str = "") -> list[str]:
    """One equation with its reason and badge, in the boxes that derivations have."""
    css = "syw-derivation syw-has-refuted" if verdict == "REFUTED" else "syw-derivation"
    body = ["::::::{container} " + css, ":::::{container} syw-step", ""]
    if side["lhs"] is not None:
        formula = f"{side['lhs']} \\;{side['relation']}\\; {side['rhs']}"
        body += ["::::{container} syw-equation", "$$", formula, "$$", "::::", ""]
    body += ["::::{container} syw-reason", f"{reason} {badge(verdict, 'badge')}", "::::", ""]
    if below:
        body += ["::::{container} syw-counterexample", below, "::::", ""]
    return [*body, ":::::", "::::::", ""]


def counterexample(refuted: dict) -> str:
    """At $w_{1}$ = 2, $x_{1}$ = −1: left side −0.5, right side 0.21."""
    point = ", ".join(f"${name}$ = {value}" for name, value in refuted["counterexample"] or [])
    text = re.sub(r"-(?=[\d.])", "−", f"At {point}: {refuted['text']}." if point else f"{refuted['text']}.")
    return text.replace("_{−", "_{-")


def erratum(entry: dict) -> list[str]:
    """One reported line that was refuted, its counterexample, and the line that was proved in its place."""
    where = f", {entry['where']}" if entry["where"] else ""
    name = f"[{who(entry)}{where}]{{#{target(entry['id'])} .syw-claim-id}}"
    return [":::::::{container} syw-erratum", "", name, "", f"Reported: {entry['said']}.", "",
            *([entry["given"], ""] if entry.get("given") else []),
            *line(entry["refuted"], "as reported", "REFUTED", counterexample(entry["refuted"])),
            *line(entry["corrected"], "in its place", "PROVED"), ":::::::", ""]  # fmt: skip


def errata_page(ledgers: list[dict], titles: dict[str, str], others: list[dict] | None = None) -> list[str]:
    """All refuted lines with their corrections: a section for each chapter, then the `others`."""
    lines: list[str] = []
    for ledger in (entry for entry in ledgers if entry["errata"]):
        chapter = ledger["chapter"]
        lines += [f"## {titles.get(chapter, chapter)}", "", f"Chapter: {{doc}}`/notebooks/{chapter}`.", ""]
        lines += [part for entry in ledger["errata"] for part in erratum(entry)]
    if others:
        lines += ["## Not yet in a chapter", "", "These lines were judged when this page was built.", ""]
        lines += [part for entry in others for part in erratum(entry)]
    return lines or ["No chapter has recorded an error yet.", ""]
