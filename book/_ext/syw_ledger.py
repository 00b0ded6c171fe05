"""The pages *Reported and measured* and *Errata*, written from the ledgers in book/ledger/, never typed.

Claims are shown by the same functions as in the chapters (helpers.claims), so that the two cannot differ;
errata become lines of MyST Markdown. syw_pages has both parsed like any page.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path

from helpers.claims import VERDICTS, agreement, conditions, shown

NEEDED = {"schema", "chapter", "profile", "data", "provenance", "claims", "errata"}
SCHEMA = 2


class LedgerError(Exception):
    """A ledger file that cannot be shown; the message says which and why."""


def read(path: Path) -> dict:
    """One ledger, checked as far as the pages rely on it."""
    try:
        ledger = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise LedgerError(f"{path.name} is no JSON ({error}): write it again with Ledger.save().") from None
    missing = NEEDED - set(ledger)
    if missing or ledger["schema"] != SCHEMA:
        has = f"has schema {ledger.get('schema')}, not {SCHEMA}"
        what = f"lacks {', '.join(sorted(missing))}" if missing else has
        raise LedgerError(f"{path.name} {what}: write it again with Ledger.save().")
    for claim in ledger["claims"]:
        if claim["verdict"] not in VERDICTS:
            raise LedgerError(f"{path.name}: {claim['id']} has the unknown verdict {claim['verdict']!r}.")
    return ledger


def read_all(folder: Path) -> list[dict]:
    """All ledgers in reading order."""
    return [read(path) for path in sorted(folder.glob("*.json"))]


def target(claim_id: str) -> str:
    """The anchor of a claim or erratum: A1-2d/C becomes claim-a1-2d-c."""
    return "claim-" + re.sub(r"[^a-z0-9]+", "-", claim_id.lower()).strip("-")


def who(entry: dict) -> str:
    """Task and report of an erratum as the reader sees them."""
    report = f"report {entry['report']}" if entry["report"] else "our own claim"
    return f"{entry['task']} · {report}"


def badge(verdict: str, kind: str = "verdict") -> str:
    return f"[{verdict.lower()}]{{.syw-{kind} .syw-{verdict.lower()}}}"


def tally(claims: list[dict]) -> str:
    """3 consistent · 2 refuted · 1 depends; the expectations of the book are counted apart."""
    reported, ours = ([c for c in claims if bool(c["reports"]) == kind] for kind in (True, False))
    parts = [_counted(reported), f"own expectations: {_counted(ours)}" if ours else ""]
    return "; ".join(part for part in parts if part)


def _counted(claims: list[dict]) -> str:
    counts = Counter(claim["verdict"] for claim in claims)
    return " · ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict])


def claims_page(ledgers: list[dict], titles: dict[str, str], rows: Sequence[dict] = ()) -> list[str]:
    """The claims of the reports in one table, the book's own in a second, and how sure it all is.

    `rows` are those of book/verified.json: what other machines found.
    """
    claims = [(ledger["chapter"], claim) for ledger in ledgers for claim in ledger["claims"]]
    agreed = machines(ledgers, rows)
    if not claims:
        return ["No chapter has recorded a claim yet.", ""]
    reported = [(chapter, claim) for chapter, claim in claims if claim["reports"]]
    ours = [(chapter, claim) for chapter, claim in claims if not claim["reports"]]
    lines = ["## What the reports said", "", f"{_counted([claim for _, claim in reported])}.", ""]
    lines += _html(_filters([claim for _, claim in reported]), _table(reported, titles, agreed))
    if ours:
        lines += ["## What the book itself expected", "", "Sentences of our own, judged by the same rule and "
                  f"counted apart: {_counted([claim for _, claim in ours])}.", ""]  # fmt: skip
        lines += _html(_table(ours, titles, agreed))
    lines += ["## How sure this is", "", *_sure([claim for _, claim in claims]), ""]
    lines += ["## Where it was measured", ""]
    for each in ledgers:
        lines.append(f"- {{doc}}`/notebooks/{each['chapter']}`: {conditions(each)}")
        lines += [f"  - {', '.join(other['ids'])}: {conditions(other)}" for other in each.get("apart", [])]
    return [*lines, ""]


def machines(ledgers: list[dict], rows: Sequence[dict]) -> dict[str, str]:
    """What machines said of each claim that was measured again: 2 of 2 machines agree."""
    told = {}
    for ledger in ledgers:
        for claim in ledger["claims"]:
            if found := agreement(claim, device_of(ledger, claim["id"]), rows):
                agree, all_of = found
                told[claim["id"]] = f"{agree} of {all_of} machine{'s' * (all_of > 1)}"
    return told


def device_of(ledger: dict, id: str) -> str:
    """On what the published record of a claim was measured."""
    apart = [other for other in ledger.get("apart", []) if id in other["ids"]]
    return (apart[-1] if apart else ledger)["provenance"]["device"]


def _sure(claims: list[dict]) -> list[str]:
    """How many wrong verdicts the level lets expect, and which verdicts change at a stricter one."""
    settings = [len([e for e in c["measured"] if e["low"] is not None or "share" in e]) for c in claims]
    judged = [claim for claim, some in zip(claims, settings, strict=True) if some]
    changed = [c for c in judged if c["strict"] != c["verdict"]]
    names = ", ".join(f'<a href="#{target(c["id"])}">{c["id"]}</a> (then {c["strict"]})' for c in changed)
    stricter = (
        f"At 99 % these verdicts would be others: {names}." if changed else "At 99 % none would change."
    )
    return [
        f"{len(judged)} of the {len(claims)} claims are judged at a level of 95 %, the others by "
        f"counting, by proof, or not at all. They were measured in {sum(settings)} settings, and at 95 % one "
        f"of twenty may mislead: at most {math.ceil(sum(settings) / 20)} wrong verdicts are to be expected "
        "by chance alone, and fewer than that, since most intervals lie far from the edge of what was "
        "claimed. "
        f"{stricter}",
        "",
        "The rule was tested on ten thousand simulated samples: normal runs are judged wrongly in five of a "
        "hundred at most, skewed ones in up to one of eight, and runs that fall into two groups in up to one "
        "of five where there are only three of them. The margins of this first version were written down "
        "after the measurements had been made; from now on one that moves is shown with the reason.",
    ]


def _html(*parts: str) -> list[str]:
    return ["```{raw} html", *parts, "```", ""]


def _filters(claims: list[dict]) -> str:
    """Three lists to choose from; without JavaScript they are not shown."""
    reports = sorted({letter for claim in claims for letter in claim["reports"]})
    tasks = sorted({claim["task"] for claim in claims})
    verdicts = [verdict for verdict in VERDICTS if any(c["verdict"] == verdict for c in claims)]
    lists = (("report", reports), ("task", tasks), ("verdict", verdicts))
    fields = "".join(
        f'<label>{name} <select data-filter="{name}"><option value="">all</option>'
        + "".join(f"<option>{escape(each)}</option>" for each in values)
        + "</select></label>"
        for name, values in lists
    )
    return f'<form class="syw-filter" hidden>{fields}<output aria-live="polite"></output></form>'


def _table(claims: list[tuple[str, dict]], titles: dict[str, str], agreed: dict[str, str]) -> str:
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("Task", "Claim", "Measured", "Verdict"))
    body = "".join(
        _row(claim, chapter, titles.get(chapter, chapter), agreed.get(claim["id"], ""))
        for chapter, claim in claims
    )
    return (
        f'<table class="syw-ledger syw-sortable"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'
    )


def _row(claim: dict, chapter: str, title: str, agreed: str) -> str:
    agree = f'<p class="syw-note syw-machines">{agreed}</p>' if agreed else ""
    marks = "".join(f'<span id="{target(id)}"></span>' for id in claim["also"])
    link = f'<a href="../notebooks/{chapter}.html#{target(claim["id"])}">{escape(title)}</a>'
    data = (f'data-report="{claim["reports"]}" data-task="{escape(claim["task"])}" '
            f'data-verdict="{claim["verdict"]}" data-claim="{escape(claim["id"])}"')  # fmt: skip
    who = f'<th scope="row">{marks}{escape(shown.who(claim))}<br>{link}</th>'
    return (f'<tr id="{target(claim["id"])}" {data}>{who}'
            f"<td><p>{shown.inline(claim['said'])}.</p>{shown.reading_html(claim)}</td><td>{shown.evidence_html(claim)}</td>"
            f"<td>{shown.verdict_html(claim)}{agree}</td></tr>")  # fmt: skip


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
